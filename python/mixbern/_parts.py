"""Rows in parts on the workers of a cluster: what workers do with theirs, whoever hands them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any

from . import _core
from ._estimator import BernoulliMixture
from ._rows import checked_weights
from .federated import Pass, Site

_LEARNED = ("codings_", "categorical_", "n_features_in_", "feature_names_in_", "weights_", "probabilities_")


def reader_of(model: BernoulliMixture) -> BernoulliMixture:
    """What reads and describes rows in other processes: the model, without what only this process can do."""
    reader = BernoulliMixture(**{**model.get_params(), "callbacks": (), "n_threads": model.n_threads or 1})
    for name in _LEARNED:
        if hasattr(model, name):
            setattr(reader, name, getattr(model, name))
    return reader


def refuse_what_needs_all_rows(model: BernoulliMixture) -> None:
    """For a model that knows its features."""
    if model._uses_labels():
        raise ValueError("known classes take part in fits of one process only: use mixbern.BernoulliMixture")
    if model.categorical_:
        raise ValueError("items of more than two answers are for one process only: use mixbern.BernoulliMixture")


def require_parts(facts: Any) -> None:
    if facts is None:
        raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")


def weighted(data: _core.Dataset, weights: Any) -> _core.Dataset:
    """Rows of a part with their weights, all of which may be zero there; None for 1 each."""
    return data if weights is None else data.replaced(weights=checked_weights(weights, data.n_rows))


def facts_of(sites: Iterable[Site]) -> Any:
    return merged(site.facts for site in sites)


def sums_of(sites: Iterable[Site], pass_: Pass) -> Any:
    return merged(site.accumulate(pass_) for site in sites)


def known(parts: Iterable[Any]) -> Iterator[Any]:
    """Without those that have no rows, which are None."""
    return (part for part in parts if part is not None)


def merged(parts: Iterable[Any]) -> Any:
    """Facts or sums of all parts together, one part after the other; None if there are none."""
    those = known(parts)
    first = next(those, None)
    return first if first is None else reduce(lambda one, other: one.merge(other), those, first)
