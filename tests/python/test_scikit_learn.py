"""scikit-learn's own checks, and its ways of putting estimators together."""

from __future__ import annotations

import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer
from sklearn.utils.estimator_checks import parametrize_with_checks

from mixbern import BernoulliMixture

CLASSIFIER_TAGS = (
    "the check wants everybody who has predict_proba to be a classifier, with a column for each class of y"
)
REAL_VALUES = "the check fits real numbers without a threshold, and cells have to be two-valued"

# With a threshold any numbers will do, and so do all checks but those that no density estimator can pass.
WITH_THRESHOLD = {
    "check_estimator_sparse_array": CLASSIFIER_TAGS,
    "check_estimator_sparse_matrix": CLASSIFIER_TAGS,
}

WITHOUT = WITH_THRESHOLD | dict.fromkeys(
    [
        "check_all_zero_sample_weights_error",
        "check_dict_unchanged",
        "check_dont_overwrite_parameters",
        "check_dtype_object",
        "check_estimator_sparse_tag",
        "check_estimators_dtypes",
        "check_estimators_fit_returns_self",
        "check_estimators_overwrite_params",
        "check_estimators_pickle",
        "check_f_contiguous_array_estimator",
        "check_fit2d_1feature",
        "check_fit2d_1sample",
        "check_fit2d_predict1d",
        "check_fit_check_is_fitted",
        "check_fit_idempotent",
        "check_fit_score_takes_y",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_n_features_in",
        "check_n_features_in_after_fitting",
        "check_pipeline_consistency",
        "check_positive_only_tag_during_fit",
        "check_readonly_memmap_input",
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
        "check_sample_weights_list",
        "check_sample_weights_not_an_array",
        "check_sample_weights_not_overwritten",
        "check_sample_weights_pandas_series",
        "check_sample_weights_shape",
        "check_transformer_data_not_an_array",
        "check_transformer_general",
        "check_transformer_n_iter",
        "check_transformer_preserve_dtypes",
    ],
    REAL_VALUES,
)


@parametrize_with_checks(
    [BernoulliMixture(threshold=0.0, n_init=2), BernoulliMixture(n_components=2, n_init=2)],
    expected_failed_checks=lambda estimator: WITHOUT if estimator.threshold is None else WITH_THRESHOLD,
)
def test_checks(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


@pytest.fixture
def two_groups(rng):
    y = rng.integers(0, 2, 300)
    return (rng.random((300, 10)) < np.where(y, 0.85, 0.15)[:, None]).astype(np.uint8), y


def test_pipeline_and_transform(two_groups):
    X, y = two_groups
    pipeline = make_pipeline(BernoulliMixture(2, random_state=0), LogisticRegression()).fit(X, y)
    assert pipeline.score(X, y) > 0.95
    binned = make_pipeline(
        KBinsDiscretizer(3, encode="onehot", quantile_method="averaged_inverted_cdf"),
        BernoulliMixture(2, random_state=0),
    )
    real = y[:, None] + np.random.default_rng(0).normal(0, 0.2, (300, 4))
    assert binned.fit(real).predict(real).shape == (300,)


def test_grid_search_finds_the_groups(two_groups):
    X, _ = two_groups
    search = GridSearchCV(BernoulliMixture(random_state=0), {"n_components": [1, 2]}, n_jobs=2, cv=3).fit(X)
    assert search.best_params_ == {"n_components": 2}
    assert len(cross_val_score(BernoulliMixture(2, random_state=0), X, cv=4)) == 4


def test_clone_and_pickle(two_groups, tmp_path):
    X, _ = two_groups
    model = BernoulliMixture(2, random_state=1, init="rows", smoothing=0.1).fit(X)
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model), "weights_")
    joblib.dump(model, tmp_path / "model.joblib")
    for copy in (pickle.loads(pickle.dumps(model)), joblib.load(tmp_path / "model.joblib")):
        assert np.array_equal(copy.predict_proba(X), model.predict_proba(X))


def test_set_output(two_groups):
    X, _ = two_groups
    frame = BernoulliMixture(2, random_state=0).set_output(transform="pandas").fit_transform(pd.DataFrame(X))
    assert list(frame.columns) == ["bernoullimixture0", "bernoullimixture1"]
    polars = BernoulliMixture(2, random_state=0).set_output(transform="polars").fit_transform(X)
    assert type(polars).__module__.startswith("polars")


def test_constructor_only_stores():
    odd = object()
    assert BernoulliMixture(n_components=odd, tol="x").get_params()["n_components"] is odd
