"""The numbers against a reference in NumPy and float64, over random shapes, missing cells and weights."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose
from scipy.optimize import linear_sum_assignment

from mixbern import BernoulliMixture

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def problems(draw):
    """A mixture, rows with missing cells, and row weights."""
    n = draw(st.integers(1, 40))
    d = draw(st.integers(1, 70))
    k = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = rng.dirichlet(np.ones(k))
    probabilities = rng.uniform(0.02, 0.98, (k, d))
    X = (rng.random((n, d)) < probabilities[rng.integers(k, size=n)]).astype(float)
    X[rng.random((n, d)) < draw(st.sampled_from([0, 0, 0.1, 0.9]))] = np.nan
    row_weights = draw(
        st.sampled_from([np.ones(n), rng.integers(1, 5, n).astype(float), rng.uniform(0.1, 3, n)])
    )
    return weights, probabilities, X, row_weights


def model_of(weights, probabilities, **parameters):
    model = BernoulliMixture(len(weights), init=(weights, probabilities), **parameters)
    model.weights_, model.probabilities_ = weights, probabilities
    model.n_features_in_, model.codings_ = probabilities.shape[1], []
    return model


@few
@given(problems())
def test_posteriors_and_likelihoods(problem):
    weights, probabilities, X, row_weights = problem
    model = model_of(weights, probabilities)
    assert_allclose(model.score_samples(X), reference.score_samples(weights, probabilities, X), rtol=1e-9, atol=1e-9)
    expected = reference.responsibilities(weights, probabilities, X)
    assert_allclose(model.predict_proba(X), expected, rtol=1e-9, atol=1e-9)
    clear = np.ptp(expected, axis=1) > 1e-6
    ranked = np.sort(expected, axis=1)
    clear = ranked[:, -1] - (ranked[:, -2] if len(weights) > 1 else 0) > 1e-9
    assert (model.predict(X) == expected.argmax(axis=1))[clear].all()
    mean = np.average(reference.score_samples(weights, probabilities, X), weights=row_weights)
    assert model.score(X, sample_weight=row_weights) == pytest.approx(mean, rel=1e-9, abs=1e-9)


@few
@given(problems(), st.sampled_from([0.0, 1e-6, 0.5]), st.integers(1, 6))
def test_iterations(problem, smoothing, n_iter):
    weights, probabilities, X, row_weights = problem
    # Posteriors are in fixed point: a component that next to no row belongs to is as exact as they are large.
    expected_weights, expected, seen, trace = reference.em(
        weights, probabilities, X, row_weights, smoothing, n_iter, lightest=1e-3
    )
    n_iter = len(trace)
    model = BernoulliMixture(
        len(weights), init=(weights, probabilities), smoothing=smoothing, max_iter=n_iter + 1, n_init=1, tol=1e-300,
        acceleration="none", precision="double", weights_kind="frequency",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, sample_weight=row_weights)
    if model.n_iter_ <= n_iter:
        return  # nothing was left to gain
    # Iteration n evaluates the parameters after n - 1 M-steps.
    assert_allclose(model.lower_bounds_[:n_iter], trace, rtol=1e-9, atol=1e-9)
    # Components come by weight; which of two equal ones is first hangs on rounding, so they are found by likeness.
    assert (np.diff(model.weights_) <= 0).all()
    unlike = np.abs(model.probabilities_[:, None] - expected).sum(axis=2)
    unlike += np.abs(model.weights_[:, None] - expected_weights)
    _, order = linear_sum_assignment(unlike)
    assert_allclose(model.weights_, expected_weights[order], rtol=1e-9, atol=1e-9)
    # And so is a probability: as exact as the rows that it rests on are many.
    rows = np.minimum(seen, 1)[order]
    assert_allclose(rows * model.probabilities_, rows * expected[order], rtol=0, atol=1e-9)


@few
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 200), st.integers(1, 200)), elements=st.integers(0, 1)))
def test_weights_are_repetitions(X):
    weights = np.arange(1, len(X) + 1) % 3 + 1
    options = {"n_components": 2, "random_state": 3, "n_init": 2, "max_iter": 20}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weighted = BernoulliMixture(**options).fit(X, sample_weight=weights)
        repeated = BernoulliMixture(**options).fit(np.repeat(X, weights, axis=0))
    assert_allclose(weighted.log_likelihood_, repeated.log_likelihood_, rtol=1e-6)


def test_bernoulli_of_one_component_is_the_item_means(rng):
    X = (rng.random((500, 12)) < 0.3).astype(np.uint8)
    model = BernoulliMixture(smoothing=0).fit(X)
    assert_allclose(model.probabilities_[0], X.mean(axis=0), rtol=1e-9)
