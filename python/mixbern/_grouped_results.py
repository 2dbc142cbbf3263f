"""What is known of a mixture in several groups beyond its estimates, for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._faces import Classification, Criteria, GoodnessOfFit, estimate_notes
from ._tables import Face, Table


@dataclass(frozen=True, repr=False)
class GroupedEstimates(Face):
    """Standard errors of a mixture in groups, given the groups; NaN at a bound and where the model does not identify it.

    Parameters
    ----------
    method : str
        The matrix that was inverted.
    weights : ndarray of shape (n_groups, n_components)
        Standard errors of ``weights_``.
    probabilities : ndarray of shape (n_groups, n_components, n_features)
        Of ``probabilities_``; the same in all groups where an item is equal.
    weights_of_all : ndarray of shape (n_components,)
        Of the weights of all groups together, whose sizes are taken as known.
    identified : bool
        Whether the information matrix has full rank.
    warnings : tuple of str
        What there is to say of them.
    model : GroupedMixture
        What they are of.
    """

    method: str
    weights: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    weights_of_all: NDArray[np.float64]
    identified: bool
    warnings: tuple[str, ...] = ()
    model: Any = field(default=None, compare=False)

    def _shown(self) -> Table:
        """A line a parameter."""
        index: list[str] = []
        columns: dict[str, list[float]] = {"estimate": [], "standard error": []}
        for label, values, errors in estimate_lines(self.model, self):
            for k, name in enumerate(self.model.component_names_):
                index.append(f"{label}, {name}")
                columns["estimate"].append(float(values[k]))
                columns["standard error"].append(float(errors[k]))
        # Only the weight of a single component is known whatever the data.
        single = len(self.weights_of_all) == 1
        words = ["fixed" if single and error == 0 else "" for error in columns["standard error"]]
        notes = (*estimate_notes(self.identified, any(words)), *self.warnings)
        title = f"standard errors ({self.method}), given the groups"
        told = {"standard error": words}
        return Table(title, index, dict(columns), "parameter, component", notes=notes, words=told)


class GroupedStatistics:
    """How a mixture in groups fits: what :meth:`GroupedMixture.statistics` returns.

    Attributes
    ----------
    criteria : Criteria
    classification : Classification
        Posteriors know the group of a row.
    goodness_of_fit : GoodnessOfFit
        Sums over the groups, each against its own saturated model.
    g2_by_group : dict of str to float
    group_residuals : dict of str to float
        Of each item: Pearson's statistic of its answers by groups over its degrees of freedom, the largest first. Above
        about 3.84 an item that is equal is answered otherwise in some group.
    bivariate_residuals : dict of str to ndarray of shape (n_items, n_items)
        Within each group, as :meth:`BernoulliMixture.bivariate_residuals`.
    """

    def __init__(self, found: _core.GroupedStatistics, model: Any) -> None:
        self.criteria = Criteria(found.criteria)
        self.classification = Classification(found.classification, model.component_names_)
        self.goodness_of_fit = GoodnessOfFit(found.fit)
        self.g2_by_group: dict[str, float] = dict(zip(model.group_names_, found.g2_by_group, strict=True))
        by_item = zip(model.item_names_, found.with_groups, strict=True)
        self.group_residuals: dict[str, float] = dict(sorted(by_item, key=lambda one: -one[1]))
        self.bivariate_residuals: dict[str, NDArray[np.float64]] = {
            name: _square(pairs, len(model.item_names_)) for name, pairs in zip(model.group_names_, found.pairs, strict=True)
        }

    def __repr__(self) -> str:
        residuals = Table("residuals of items by group", list(self.group_residuals), {"X²": list(self.group_residuals.values())}, "item")
        return "\n\n".join([repr(self.criteria), repr(self.classification), repr(self.goodness_of_fit), residuals.text()])

    def _repr_html_(self) -> str:
        return self.criteria._repr_html_() + self.classification._repr_html_() + self.goodness_of_fit._repr_html_()


def _square(pairs: Sequence[float], n: int) -> NDArray[np.float64]:
    residuals = np.zeros((n, n))
    residuals[np.triu_indices(n, 1)] = pairs
    return residuals + residuals.T


Line = tuple[str, NDArray[np.float64], NDArray[np.float64]]


def estimate_lines(model: Any, errors: GroupedEstimates | None) -> list[Line]:
    """Label, estimates and standard errors by component: weights by group, then features, by group where they are free."""
    blank = np.full(model.weights_.shape[1], np.nan)
    lines: list[Line] = []
    for g, group in enumerate(model.group_names_):
        lines.append((f"weight @ {group}", model.weights_[g], blank if errors is None else errors.weights[g]))
    lines.append(("weight", model.weights_of_all_, blank if errors is None else errors.weights_of_all))
    for d, name in enumerate(model.feature_names_):
        own = model.probabilities_[:, :, d]
        told = range(len(own)) if bool((own != own[0]).any()) else range(1)
        for g in told:
            label = f"{name} @ {model.group_names_[g]}" if len(told) > 1 else name
            lines.append((label, own[g], blank if errors is None else errors.probabilities[g, :, d]))
    return lines
