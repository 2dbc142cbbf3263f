"""What is out of range is refused by its name."""

from __future__ import annotations

import numpy as np
import pytest

from mixbern import BernoulliMixture, select

X = np.array([[0, 1], [1, 0], [1, 1], [0, 0]])
HUGE = 2**70
NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("n_components", "n_init", "max_iter", "n_threads") for value in (0, -1, 1.5, "x", HUGE)),
        ("n_threads", 2**33),
        *(("tol", value) for value in (-1, NAN, "x", [])),
        *(("smoothing", value) for value in (-1, NAN, "x", [])),
        *(("threshold", value) for value in (NAN, INFINITE, "x", [])),
        *((name, value) for name in ("checkpoint", "resume") for value in (1, "", [])),
        *(("checkpoint_every", value) for value in (-1, NAN, "x", [])),
        *(("random_state", value) for value in (-1, HUGE)),
        *((name, value) for name in ("precision", "acceleration", "smoothing_target", "weights_kind") for value in (1, "x", [])),
    ],
)
def test_parameters_of_the_estimator(name, value):
    with pytest.raises(ValueError, match=name):
        BernoulliMixture(**{"n_components": 2, "n_init": 1, name: value}).fit(X)


@pytest.mark.parametrize("value", [0, -1, 1.5, "x", HUGE])
def test_numbers_of_samples(value):
    model = BernoulliMixture(random_state=0).fit(X)
    with pytest.raises(ValueError, match="n_samples"):
        model.sample(value)
    with pytest.raises(ValueError, match="n_samples"):
        model.standard_errors(X, method="bootstrap", n_samples=value)


@pytest.mark.parametrize(
    ("name", "value"), [("blrt", -1), ("blrt", HUGE), ("folds", "x"), ("folds", 1.5), ("n_replications", 0), ("criterion", 1)]
)
def test_options_of_select(name, value):
    with pytest.raises(ValueError, match=name):
        select(X, [1, 2], random_state=0, **{name: value})
