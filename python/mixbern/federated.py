"""Fits to rows that stay with those who have them: hospitals, or the workers of a cluster, exchange sums and no rows.

Everybody who has rows makes a :class:`Site` of them. Their :class:`Facts` are merged by who coordinates the fit, and
:func:`fit` then asks for the sums of one :class:`Pass` after the other. Sums are whole numbers: the result has the bits of
a fit to all rows in one place, whatever the number of parts and the order in which they answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sklearn.exceptions import ConvergenceWarning

from . import _core
from ._core import Facts, Pass, Sums
from ._dataset import Dataset
from ._items import called, column_labels, n_items
from ._messages import tell
from ._parameters import MOST_THREADS, count
from ._progress import ProgressBar

if TYPE_CHECKING:
    from ._estimator import BernoulliMixture

__all__ = ["Facts", "Site", "Pass", "Sums", "fit"]


class Site:
    """Some of the rows, where they are.

    Parameters
    ----------
    X : Dataset, or what it is made of
        The 0 and the 1 of a feature have to mean the same everywhere: a part with one value only cannot know. Items of
        more than two answers need the same answers in all parts; :meth:`Facts.merge` refuses others.
    n_threads : int, default=None
        By default all processors.

    Attributes
    ----------
    facts : Facts
        To be merged with those of the other parts.
    """

    def __init__(self, X: Any, *, n_threads: int | None = None) -> None:
        self._rows = X if isinstance(X, Dataset) else Dataset(X)
        self._n_threads = n_threads
        self._site = _core.Site(self._rows._packed, count("n_threads", n_threads, MOST_THREADS))

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Site, n_threads=self._n_threads), (self._rows,)

    @property
    def facts(self) -> Facts:
        return self._site.facts

    def accumulate(self, pass_: Pass) -> Sums:
        """The sums of these rows.

        Parameters
        ----------
        pass_ : Pass
            What the coordinator asks.

        Returns
        -------
        Sums
        """
        return self._site.accumulate(pass_)


def fit(model: BernoulliMixture, facts: Facts, run: Callable[[Pass], Sums]) -> BernoulliMixture:
    """Fit a mixture to rows that are elsewhere.

    Parameters
    ----------
    model : BernoulliMixture
        Its parameters are those of the fit; ``init`` is ``"portfolio"`` (which means ``"random"``), ``"random"``,
        ``"wide"`` or ``(weights, probabilities)``.
    facts : Facts
        Of all parts, merged.
    run : callable
        Is given a :class:`Pass` and returns the merged :class:`Sums` of all parts. What it raises ends the fit.

    Returns
    -------
    model : BernoulliMixture
        Fitted, without ``labels_``.
    """
    model.n_features_in_ = n_items(facts.n_features, facts.categorical)
    model.categorical_ = called(facts.categorical, facts.n_features, column_labels(model))
    model.codings_ = [("0", "1")] * facts.n_features if model.categorical_ else []
    return _fit(model, facts, run)


def _fit(model: BernoulliMixture, facts: Facts, run: Callable[[Pass], Sums]) -> BernoulliMixture:
    """fit() of a model that knows its features."""
    if model._chooses_smoothing():
        raise ValueError("smoothing='auto' holds rows out, which are elsewhere; give a number")
    options = model._fit_options("frequency")
    with ProgressBar(model.verbose) as bar:
        result, error = _core.federated_fit(
            facts, options, run, model._on_iteration(), bar.tick, **model._checkpointing()
        )
    model._take_result(result)
    model.fit_record_ = json.loads(_core.federated_record(result, facts))
    model.fit_record_["missing_share"] = facts.n_missing / (facts.n_rows * facts.n_features)
    if error is not None:
        raise error  # type: ignore[misc]
    for message in model._warnings(result, None):
        tell(message, ConvergenceWarning)
    return model
