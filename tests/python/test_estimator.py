"""What the estimator does beyond scikit-learn's checks."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from mixbern import BernoulliMixture, select


def test_the_published_solution(fitted, carcinoma):
    assert fitted.log_likelihood_ == pytest.approx(-293.704979, abs=1e-4)
    assert fitted.weights_ == pytest.approx([0.4447, 0.3736, 0.1817], abs=1e-4)
    assert fitted.aic(carcinoma) == pytest.approx(633.4100, abs=1e-3)
    assert fitted.bic(carcinoma) == pytest.approx(697.1357, abs=1e-3)
    assert fitted.goodness_of_fit(carcinoma).g2.statistic == pytest.approx(15.2617, abs=1e-3)
    assert fitted.converged_ and fitted.stop_reason_ == "tolerance"
    assert fitted.n_init_ / 2 < fitted.n_init_at_best_ <= fitted.n_init_ == len(fitted.log_likelihoods_)
    assert len(fitted.lower_bounds_) == fitted.n_iter_
    assert fitted.lower_bound_ == pytest.approx(fitted.score(carcinoma), rel=1e-12)
    assert np.array_equal(fitted.labels_, fitted.predict(carcinoma))
    assert np.array_equal(fitted.labels_, BernoulliMixture(3, random_state=0).fit_predict(carcinoma))


def test_standard_errors_of_polca(carcinoma):
    model = BernoulliMixture(2, random_state=0, smoothing=0).fit(carcinoma)
    errors = model.standard_errors(carcinoma, method="opg")
    assert errors.weights[0] == pytest.approx(0.046336, abs=2e-4)
    assert errors.probabilities[0, 1] == pytest.approx(0.0171, abs=2e-4)
    assert errors.identified
    lower, upper = errors.interval
    known = np.isfinite(lower)
    assert known.any()
    assert (lower[known] < model.probabilities_[known]).all() and (model.probabilities_[known] < upper[known]).all()
    drawn = model.standard_errors(carcinoma, method="bootstrap", n_samples=20)
    assert drawn.weights == pytest.approx(errors.weights, rel=0.6)
    with pytest.raises(ValueError, match="'observed', 'opg' or 'sandwich'"):
        model.standard_errors(carcinoma, method="magic")


def test_statistics(fitted, carcinoma):
    criteria = fitted.criteria(carcinoma)
    assert criteria.bic == fitted.bic(carcinoma)
    assert criteria.icl_bic > criteria.bic > criteria.aic
    assert fitted.classification(carcinoma).sizes_by_mode.sum() == pytest.approx(1)
    residuals = fitted.bivariate_residuals(carcinoma)
    assert residuals.shape == (7, 7) and np.array_equal(residuals, residuals.T)
    twice = fitted.criteria(carcinoma, sample_weight=np.full(118, 2.0))
    assert twice.classification_log_likelihood == pytest.approx(2 * criteria.classification_log_likelihood)


def test_selection(carcinoma):
    with (
        pytest.warns(UserWarning, match="vlmr_p_value is not for deciding"),
        pytest.warns(UserWarning, match="4 components: .* standard error above 0.5"),
    ):
        found = select(carcinoma, range(1, 5), random_state=0, blrt=30, folds=5, vlmr=True)
    assert len(found.best.weights_) == 3
    assert list(found.table.index) == [1, 2, 3, 4]
    assert found.table.loc[3, "bic"] == pytest.approx(697.1357, abs=1e-3)
    assert np.isnan(found.table["blrt_p_value"].iloc[0]) and found.table["blrt_p_value"].iloc[1] < 0.1
    assert found.columns["blrt_n_samples"][:3] == [0, 30, 30] and found.columns["blrt_ended"][1] == "all_drawn"
    assert {"vlmr_p_value", "cv_log_likelihood"} <= set(found.table.columns)
    assert [len(model.weights_) for model in found] == [1, 2, 3, 4] and len(found) == 4
    assert "bic picks 3" in repr(found) and "<table" in found._repr_html_()
    with pytest.raises(ValueError, match="criterion"):
        select(carcinoma, [1], criterion="best")
    with pytest.raises(ValueError):
        select(carcinoma, [3, 2])


def test_threads_change_nothing(rng):
    X = (rng.random((3000, 40)) < rng.random((5, 40))[rng.integers(5, size=3000)]).astype(np.uint8)
    one, two = (BernoulliMixture(5, random_state=7, n_threads=n, n_init=3).fit(X) for n in (1, 2))
    assert np.array_equal(one.probabilities_, two.probabilities_)
    assert np.array_equal(one.lower_bounds_, two.lower_bounds_)


def test_labels_print_as_numbers(fitted, carcinoma):
    for labels in (fitted.labels_, fitted.predict(carcinoma), fitted.sample(3)[1]):
        assert "dtype" not in repr(labels[:3])


def test_random_state(carcinoma):
    options = {"n_init": 1, "max_iter": 2}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [BernoulliMixture(3, random_state=seed, **options).fit(carcinoma) for seed in (1, 1, 2)]
        drawn = [BernoulliMixture(3, random_state=np.random.RandomState(1), **options).fit(carcinoma) for _ in "ab"]
    assert np.array_equal(fits[0].probabilities_, fits[1].probabilities_)
    assert not np.array_equal(fits[0].probabilities_, fits[2].probabilities_)
    assert np.array_equal(drawn[0].probabilities_, drawn[1].probabilities_)


def test_sampling_and_imputing(fitted, carcinoma):
    X, y = fitted.sample(20_000)
    assert X.dtype == np.uint8 and X.shape == (20_000, 7)
    assert np.bincount(y) / len(y) == pytest.approx(fitted.weights_, abs=0.02)
    assert X[y == 0].mean(axis=0) == pytest.approx(fitted.probabilities_[0], abs=0.03)
    holes = carcinoma.mask(np.random.default_rng(0).random(carcinoma.shape) < 0.2)
    filled = fitted.impute(holes)
    wide = holes.assign(age=1.5)[["age", *holes]]
    assert fitted.impute(wide).drop(columns="age").equals(filled) and (fitted.impute(wide).age == 1.5).all()
    assert isinstance(filled, pd.DataFrame) and filled.isin([1, 2]).all(axis=None)
    assert (filled == holes)[holes.notna()].fillna(True).all(axis=None)
    assert (filled == carcinoma).to_numpy().mean() > 0.95
    array = BernoulliMixture(2, random_state=0).fit(X[:500].astype(float))
    gaps = X[:50].astype(np.float32)
    gaps[::3, 2] = np.nan
    full = array.impute(gaps, method="draw")
    assert full.dtype == np.float32 and np.isin(full, [0, 1]).all() and np.isnan(gaps[0, 2])


def test_rows_that_say_nothing(fitted):
    nothing = pd.DataFrame([[None] * 7], columns=list("ABCDEFG"), dtype=float)
    assert fitted.score_samples(nothing) == 0
    assert np.array_equal(fitted.predict_proba(nothing)[0], fitted.weights_)


def test_known_classes(rng):
    y = np.repeat([0, 1, 2], [20, 200, 80])
    X = (rng.random((300, 8)) < np.array([0.2, 0.5, 0.8])[y][:, None]).astype(np.uint8)
    partial = np.where(rng.random(300) < 0.5, y, -1)
    model = BernoulliMixture(3, semi_supervised=True, init="labels", random_state=0).fit(X, partial)
    known = partial >= 0
    assert np.array_equal(model.labels_[known], partial[known]), "a known class is its component"
    assert model.weights_ == pytest.approx([20 / 300, 200 / 300, 80 / 300], abs=0.08)
    ignored = BernoulliMixture(3, random_state=0).fit(X, partial)
    assert np.array_equal(ignored.weights_, BernoulliMixture(3, random_state=0).fit(X).weights_)
    for bad, match in [(partial[:5], "one label a row"), (partial + 0.5, "whole numbers"), (np.abs(partial) * 4, "components")]:
        with pytest.raises(ValueError, match=match):
            BernoulliMixture(3, semi_supervised=True).fit(X, bad)


def test_starts_from_parameters_and_goes_on(carcinoma, fitted):
    again = BernoulliMixture(3, init=(fitted.weights_, fitted.probabilities_)).fit(carcinoma)
    assert again.n_init_ == 1 and again.n_iter_ <= fitted.n_iter_
    model = BernoulliMixture(3, max_iter=3, n_init=1, random_state=0, warm_start=True)
    with pytest.warns(ConvergenceWarning, match="max_iter|iterations"):
        first = model.fit(carcinoma).lower_bound_
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert model.fit(carcinoma).lower_bound_ > first


@pytest.mark.parametrize(
    "parameters, match",
    [
        ({"n_components": 0}, "n_components must be an integer"),
        ({"n_components": 2.5}, "n_components must be an integer"),
        ({"tol": -1.0}, "tol must be at least 0"),
        ({"max_iter": 0}, "max_iter"),
        ({"smoothing": -1.0}, "smoothing"),
        ({"init": "best"}, "'random', 'rows', 'kmeans'"),
        ({"init": (1, 2, 3)}, "pair"),
        ({"precision": "half"}, "'auto', 'fast' or 'double'"),
        ({"acceleration": "warp"}, "'anderson'"),
        ({"random_state": -1}, "random_state"),
        ({"n_threads": 0}, "n_threads"),
    ],
)
def test_parameters_out_of_range(carcinoma, parameters, match):
    with pytest.raises(ValueError, match=match):
        BernoulliMixture(**parameters).fit(carcinoma)


def test_not_fitted(carcinoma):
    with pytest.raises(NotFittedError):
        BernoulliMixture().predict(carcinoma)


def test_warnings_are_convergence_warnings(carcinoma):
    with pytest.warns(ConvergenceWarning):
        assert not BernoulliMixture(3, max_iter=2, random_state=0).fit(carcinoma).converged_


def test_callbacks_hear_of_iterations_and_stop(mnist):
    seen = []

    def stop_after_five(event):
        seen.append(event)
        return event.iteration == 5

    model = BernoulliMixture(5, random_state=0, n_init=1, n_threads=1, callbacks=stop_after_five)
    with pytest.warns(ConvergenceWarning, match="callback"):
        model.fit(mnist[:2000])
    assert model.stop_reason_ == "cancelled" and not model.converged_
    assert seen[-1].iteration == 5 and seen[-1].n_starts == 1 and seen[-1].mean_log_likelihood < 0
    assert model.predict(mnist[:10]).shape == (10,)


def test_an_exception_in_a_callback_comes_out_and_leaves_a_model(mnist):
    def fail(event):
        if event.iteration >= 3:
            raise KeyError("from the callback")

    model = BernoulliMixture(5, random_state=0, n_init=2, callbacks=[fail])
    with pytest.raises(KeyError, match="from the callback"):
        model.fit(mnist[:2000])
    assert model.probabilities_.shape == (5, 784)


@pytest.fixture
def interruptible():
    """Ctrl-C raises, also where the tests run in the background and would ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def seconds_from_interruption(fit):
    """How long `fit` goes on after Ctrl-C, which comes a second after it began."""
    sent = []

    def interrupt():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(1.0, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fit()
    return time.monotonic() - sent[0]


@pytest.mark.usefixtures("interruptible")
def test_interruption_leaves_the_best_model_so_far(mnist):
    seconds = []
    for _ in range(3):  # a machine that does something else may be late, but not each time
        model = BernoulliMixture(40, random_state=0, n_init=50, tol=1e-12)
        seconds.append(seconds_from_interruption(lambda: model.fit(mnist)))
        assert model.stop_reason_ == "cancelled" and not model.converged_
        assert model.score(mnist[:100]) > -206
        assert np.array_equal(model.labels_, model.predict(mnist))
        if seconds[-1] < 0.5:
            return
    pytest.fail(f"Ctrl-C took {min(seconds):.2f} s to end the fit")


def test_progress(mnist, capfd):
    BernoulliMixture(10, random_state=0, n_init=2, verbose=1).fit(mnist[:5000])
    shown = capfd.readouterr().err
    assert "log-likelihood a row" in shown and "iterations" in shown


def test_verbose_without_tqdm(mnist, capfd, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    monkeypatch.setattr("mixbern._progress._LINE_EVERY", 0.0)
    BernoulliMixture(10, random_state=0, n_init=2, verbose=1).fit(mnist[:5000])
    assert "iterations, log-likelihood" in capfd.readouterr().err


def test_fits_in_threads_beside_each_other(mnist):
    models = [BernoulliMixture(4, random_state=s, n_init=1) for s in range(4)]
    threads = [threading.Thread(target=model.fit, args=(mnist[:1000],)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = BernoulliMixture(4, random_state=2, n_init=1).fit(mnist[:1000])
    assert np.array_equal(alone.probabilities_, models[2].probabilities_)


def test_html(fitted):
    html = fitted._repr_html_()
    assert "log-likelihood -293.7050" in html and "44.5%" in html
    assert "table class='mixbern'" not in BernoulliMixture()._repr_html_()
