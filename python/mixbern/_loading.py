"""Estimators from model files, and back."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np

from . import _core
from ._errors import in_one_sentence
from ._estimator import BernoulliMixture
from ._grouped import GroupedMixture
from ._groups import grouped_mixture
from ._items import called, column_labels, n_items, names_of_columns


@in_one_sentence
def save(model: BernoulliMixture | GroupedMixture, path: str | os.PathLike[str]) -> None:
    """Write a fitted model to a file: the same as ``model.save(path)``.

    Parameters
    ----------
    model : BernoulliMixture or GroupedMixture
    path : str or path-like
    """
    model.save(path)


@in_one_sentence
def load(path: str | os.PathLike[str]) -> BernoulliMixture | GroupedMixture:
    """Read a model file, of :meth:`BernoulliMixture.save` or of ``mixbern fit --model``.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    BernoulliMixture or GroupedMixture
        Fitted. It lacks ``labels_`` and ``lower_bounds_``, which files do not hold. The second is what
        :meth:`GroupedMixture.save` or ``mixbern fit --groups --model`` wrote.
    """
    name = os.fspath(path)
    if not os.path.exists(name):
        raise FileNotFoundError(f"there is no file {name!r}")
    stored = _core.load_model(name)
    grouped = _core.stored_groups(stored)
    if grouped is None:
        return estimator_of(stored)
    template = estimator_of(grouped.items)
    return grouped_mixture(grouped.model, template, None, template._estimation("frequency", 0.0), grouped.column)


def load_estimator(path: str) -> BernoulliMixture:
    """The estimator of a file of a plain model."""
    return estimator_of(_core.load_model(path))


def estimator_of(stored: _core.Model) -> BernoulliMixture:
    """The estimator that a plain model was fitted by, fitted."""
    record: dict[str, Any] = json.loads(stored.fit_record) if stored.fit_record else {}
    model = BernoulliMixture(**_parameters(stored, record))
    mixture = stored.mixture
    model.weights_ = mixture.weights
    model.probabilities_ = mixture.probabilities
    model.constraints_ = mixture.constraints
    model.n_parameters_ = mixture.n_parameters
    _take_columns(model, stored)
    model._n_features_out = len(model.weights_)
    model.codings_ = stored.codings
    if stored.component_names:
        model.component_names_ = stored.component_names
    model.fit_record_ = record
    if stored.shape is not None:
        model.image_shape_ = stored.shape
    _take_record(model, record)
    return model


def _take_columns(model: BernoulliMixture, stored: _core.Model) -> None:
    n_features = model.probabilities_.shape[1]
    model.n_features_in_ = n_items(n_features, stored.categorical)
    names = names_of_columns(stored, n_features)
    if names:
        model.feature_names_in_ = np.array(names, dtype=object)
    model.categorical_ = called(stored.categorical, n_features, column_labels(model))


def _parameters(stored: _core.Model, record: dict[str, Any]) -> dict[str, Any]:
    """Parameters of the estimator that say what the model is, as far as the record has them."""
    named = {name: name for name in ("smoothing", "smoothing_target", "semi_supervised", "weights_kind")} | {"seed": "random_state"}
    found = {parameter: record[member] for member, parameter in named.items() if record.get(member) is not None}
    return {
        "n_components": len(stored.mixture.weights),
        "threshold": stored.threshold,
        "missing_values": stored.missing_codes or None,
        "categorical": [item[0] for item in stored.categorical] or None,
        **found,
    }


def _take_record(model: BernoulliMixture, record: dict[str, Any]) -> None:
    members = {
        "converged": "converged_",
        "n_iter": "n_iter_",
        "mean_log_likelihood": "lower_bound_",
        "log_likelihood": "log_likelihood_",
        "n_init": "n_init_",
        "n_init_at_best": "n_init_at_best_",
        "optimum_margin": "optimum_margin_",
        "stop_reason": "stop_reason_",
    }
    for member, attribute in members.items():
        if record.get(member) is not None:
            setattr(model, attribute, record[member])
    if record.get("log_likelihoods") is not None:
        model.log_likelihoods_ = np.array(record["log_likelihoods"], dtype=np.float64)
