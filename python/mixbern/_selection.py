"""How many components? Fits for each number of them, side by side."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from . import _core
from ._callbacks import finished
from ._errors import all_in_one_sentence, in_one_sentence
from ._estimator import BernoulliMixture
from ._messages import tell
from ._parameters import amount, count, word
from ._progress import ProgressBar
from ._rows import Classes, settled, told_as_sampled, with_held
from ._tables import Face, Table

CRITERIA = ("aic", "aic3", "bic", "sabic", "caic", "icl_bic", "awe")
"""Columns of a selection's table of which the smallest is the best."""


Model = TypeVar("Model")


class Candidates(Generic[Model]):
    """Models with several numbers of components, of which a criterion picks one, as a table."""

    _given = ""

    def __init__(self, models: list[Model], found: _core.Selection, criterion: str) -> None:
        self.models = models
        self.best = models[found.best]
        self.criterion = criterion
        self.columns = candidate_columns(found.candidates)
        self._n_best: int = self.columns["n_components"][found.best]

    def _shown(self) -> Table:
        numbers = self.columns["n_components"]
        shown = {name: column for name, column in self.columns.items() if name != "n_components"}
        title = f"{self.criterion} picks {self._n_best} components{self._given}"
        return Table(title, [str(k) for k in numbers], shown, "n_components")

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)


@all_in_one_sentence
class Selection(Candidates[BernoulliMixture], Face):
    """What :func:`select` found: a model for each number of components.

    Attributes
    ----------
    models : list of BernoulliMixture
        Fitted, one a number of components.
    best : BernoulliMixture
        The one that the criterion picks.
    criterion : str
    columns : dict of str to list
        The table, column by column; :attr:`table` is the same as a frame.
    """

    def __init__(self, models: list[BernoulliMixture], found: _core.Selection, criterion: str) -> None:
        super().__init__(models, found, criterion)
        self._found = found

    def report(self, path: str | os.PathLike[str], X: Any, *, title: str = "") -> None:
        """Write a report of all models: one HTML file that needs no network.

        Parameters
        ----------
        path : str or path-like
        X : as in :func:`select`
            What the models were fitted to.
        title : str, default=""
        """
        document = _core.selection_report(
            self._found, self.criterion, self.best._data(X), title=title, threads=self.best._threads()
        )
        _core.write_report(os.fspath(path), document)

    @property
    def table(self) -> Any:
        """One row a number of components, as a pandas frame; needs pandas."""
        return self.to_frame()

    def to_frame(self) -> Any:
        """Return the table as a pandas frame; needs pandas."""
        import pandas as pd

        return pd.DataFrame(self.columns).set_index("n_components")


@in_one_sentence
def select(
    X: Any,
    n_components: Iterable[int],
    *,
    criterion: str = "bic",
    y: Classes | None = None,
    sample_weight: ArrayLike | None = None,
    estimator: BernoulliMixture | None = None,
    blrt: int = 0,
    vlmr: bool = False,
    folds: int = 0,
    level: float = 0.05,
    n_replications: int = 2,
    **parameters: Any,
) -> Selection:
    """Fit several numbers of components and pick one.

    Each is fitted from more and more starts until the best optimum was met again.

    Parameters
    ----------
    X : as in :meth:`BernoulliMixture.fit`
    n_components : iterable of int
        Ascending, for example ``range(1, 11)``.
    criterion : {"aic", "aic3", "bic", "sabic", "caic", "icl-bic", "awe", "blrt", "cv"}, default="bic"
        ``"blrt"`` adds components as long as the bootstrap test says so, and needs `blrt`; ``"cv"`` needs `folds`.
    y : array-like of shape (n_samples,), list of sets, or boolean array, default=None
        Known classes, or sets of them, as in :meth:`BernoulliMixture.fit`: used with ``semi_supervised`` and ``init="labels"`` only.
    sample_weight : array-like of shape (n_samples,), default=None
    estimator : BernoulliMixture, default=None
        Where its parameters, besides ``n_components``, come from.
    blrt : int, default=0
        Data sets of each bootstrap likelihood ratio test; 0 for none. Fewer are drawn where p is clearly large (0.2 or
        more): ``blrt_n_samples`` of the table says how many, ``blrt_ended`` why no more.
    vlmr : bool, default=False
        The test of Vuong, Lo, Mendell and Rubin too. It is not for deciding, as it rejects a true number of components
        in a fifth to half of all samples, and a ``UserWarning`` says so; `blrt` keeps its level.
    folds : int, default=0
        Of a cross-validation; 0 for none.
    level : float, default=0.05
        With ``criterion="blrt"``, components are added while p is at most this.
    n_replications : int, default=2
        Starts that have to reach the best log-likelihood.
    **parameters
        Parameters of :class:`BernoulliMixture`.

    Returns
    -------
    Selection
    """
    template = clone(estimator if estimator is not None else BernoulliMixture()).set_params(**parameters)
    numbers = [count("n_components", k) for k in n_components]
    known = y if template._uses_labels() else None
    data = with_held(template._data(X, reset=True), sample_weight, known, bool(template.semi_supervised))
    data, kind = settled(data, template.weights_kind)
    told_as_sampled(template.weights_kind, kind)
    with ProgressBar(template.verbose) as bar:
        found = finished(
            _core.select_components(
                data,
                numbers,
                template._fit_options(kind),
                criterion=word("criterion", criterion),
                vlmr=vlmr,
                n_folds=amount("folds", folds),
                smoothing_folds=5 if template._chooses_smoothing() else 0,
                blrt_samples=amount("blrt", blrt),
                blrt_level=level,
                n_replications=count("n_replications", n_replications),
                on_iteration=template._on_iteration(),
                on_tick=bar.tick,
            )
        )
    if vlmr:
        tell(f"vlmr_p_value is {_core.LIKELIHOOD_RATIO_CAUTION}")
    models = [_fitted(template, candidate, data) for candidate in found.candidates]
    tell_warnings(found.candidates)
    return Selection(models, found, criterion)


def _fitted(template: BernoulliMixture, candidate: _core.Candidate, data: _core.Dataset) -> BernoulliMixture:
    model: BernoulliMixture = clone(template).set_params(n_components=len(candidate.fit.mixture.weights))
    model.n_features_in_ = template.n_features_in_
    model.categorical_ = template.categorical_
    if hasattr(template, "feature_names_in_"):
        model.feature_names_in_ = template.feature_names_in_
    model._take(candidate.fit, data)
    return model


def tell_warnings(candidates: list[_core.Candidate]) -> None:
    """What there is to say of the fits with each number of components."""
    for candidate in candidates:
        for message in candidate.warnings:
            tell(f"{len(candidate.fit.mixture.weights)} components: {message}", ConvergenceWarning)


def candidate_columns(candidates: list[_core.Candidate]) -> dict[str, list[Any]]:
    """The table of numbers of components, column by column."""
    columns: dict[str, list[Any]] = {
        "n_components": [len(c.fit.mixture.weights) for c in candidates],
        "log_likelihood": [c.fit.log_likelihood for c in candidates],
        "n_parameters": [c.n_parameters for c in candidates],
    }
    for name in CRITERIA:
        columns[name] = [getattr(c.criteria, name) for c in candidates]
    columns["entropy"] = [c.classification.entropy for c in candidates]
    columns["g2"] = [c.goodness_of_fit.g2.statistic for c in candidates]
    columns["g2_p_value"] = [c.goodness_of_fit.g2.p_value for c in candidates]
    columns["n_init"] = [c.fit.n_init for c in candidates]
    columns["n_init_at_best"] = [c.fit.n_init_at_best for c in candidates]
    if any(c.blrt for c in candidates):
        columns["blrt_statistic"] = [c.blrt.statistic if c.blrt else math.nan for c in candidates]
        columns["blrt_p_value"] = [c.blrt.p_value if c.blrt else math.nan for c in candidates]
        columns["blrt_n_samples"] = [c.blrt.n_samples if c.blrt else 0 for c in candidates]
        columns["blrt_ended"] = [c.blrt.ended if c.blrt else "" for c in candidates]
    if any(c.vlmr for c in candidates):
        columns["vlmr_p_value"] = [c.vlmr.plain.p_value if c.vlmr else math.nan for c in candidates]
    if any(c.cv_log_likelihood is not None for c in candidates):
        columns["cv_log_likelihood"] = [
            np.nan if c.cv_log_likelihood is None else c.cv_log_likelihood for c in candidates
        ]
    return columns
