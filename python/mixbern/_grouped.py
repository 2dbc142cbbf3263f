"""Mixtures in several groups, for reading."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arrays import whole_numbers
from ._faces import Classification, Criteria, GoodnessOfFit, estimate_notes, numbered_names
from ._items import file_names
from ._missing import missing_codes
from ._tables import Face, Table
from ._variables import with_groups, without_column


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
        for label, values, errors in _lines(self.model, self):
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

    def __init__(self, found: _core.GroupedStatistics, model: GroupedMixture) -> None:
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


class GroupedMixture(Face):
    """A mixture in several groups: what :func:`mixbern.fit_groups` returns.

    Attributes
    ----------
    group_names_ : list of str
    group_sizes_ : ndarray of shape (n_groups,)
        Weight of the rows that answered anything.
    weights_ : ndarray of shape (n_groups, n_components)
        Of components in each group; components count by their weight in all groups.
    weights_of_all_ : ndarray of shape (n_components,)
    probabilities_ : ndarray of shape (n_groups, n_components, n_features)
        As each group has them; the same in all groups but for ``free_`` items.
    free_ : list of str
        Items whose probabilities differ.
    log_likelihood_ : float
        Given the groups.
    n_parameters_, n_init_, n_init_at_best_ : int
    aic_, bic_ : float
    converged_ : bool
    item_names_, feature_names_, component_names_ : list of str

    Notes
    -----
    Of one that :func:`mixbern.load` read, predictions, tables, ``save()`` and ``report()`` work; standard errors and
    statistics need the rows of the fit, which a file does not hold.
    """

    def __init__(
        self,
        found: _core.GroupedModel,
        data: _core.Dataset | None,
        template: Any,
        estimation: _core.Estimation,
        item_names: list[str],
        feature_names: list[str],
        column: str,
    ) -> None:
        self._found = found
        self._column = column
        self._data = data
        self._template = template
        self._kind_of_estimate = estimation
        self.group_names_: list[str] = list(found.group_names)
        self.group_sizes_: NDArray[np.float64] = found.group_sizes
        self.weights_: NDArray[np.float64] = found.weights
        self.weights_of_all_: NDArray[np.float64] = found.joint.weights
        self.probabilities_: NDArray[np.float64] = found.probabilities
        self.item_names_: list[str] = item_names
        self.feature_names_: list[str] = feature_names
        self.component_names_: list[str] = numbered_names(template, self.weights_.shape[1])
        self.free_: list[str] = [item_names[j] for j in found.free_items]
        self.log_likelihood_: float = found.log_likelihood
        self.n_parameters_: int = found.n_parameters
        self.n_init_: int = found.n_init
        self.n_init_at_best_: int = found.n_init_at_best
        self.aic_: float = found.aic
        self.bic_: float = found.bic
        self.converged_: bool = found.converged

    def predict_proba(self, X: Any, groups: Any) -> NDArray[np.float64]:
        """Return the posterior of each component for each row, whose group is known.

        Parameters
        ----------
        X : as in :func:`fit_groups`
        groups : column, or name of a column of X
            One of ``group_names_`` a row.

        Returns
        -------
        responsibilities : ndarray of shape (n_samples, n_components)
            Rows sum to 1. A row without an observed cell has ``weights_`` of its group.
        """
        _, column = without_column(X, groups)
        data, names = with_groups(self._template._data(X), column)
        if unknown := [name for name in names if name not in self.group_names_]:
            raise ValueError(f"the model has no group {unknown[0]!r}, but {', '.join(self.group_names_)}")
        labels = np.asarray(data.labels)
        if (labels < 0).any():
            raise ValueError(f"groups has nothing in row {int(np.argmax(labels < 0))}, and each row needs one")
        options = _core.PosteriorOptions(self._template._threads())
        found = np.empty((data.n_rows, self.weights_.shape[1]))
        for label, name in enumerate(names):
            mixture = self._found.mixtures[self.group_names_.index(name)]
            found[labels == label] = _core.responsibilities(mixture, data, options)[labels == label]
        return found

    def predict(self, X: Any, groups: Any) -> NDArray[np.int64]:
        """Return the most probable component of each row, whose group is known.

        Parameters
        ----------
        X, groups
            As in :meth:`predict_proba`.

        Returns
        -------
        labels : ndarray of shape (n_samples,)
            Components count from 0.
        """
        return whole_numbers(self.predict_proba(X, groups).argmax(axis=1))

    def standard_errors(self, method: Literal["observed", "opg", "sandwich"] | None = None) -> GroupedEstimates:
        """Return standard errors of all weights and probabilities, given the groups.

        Parameters
        ----------
        method : {"observed", "opg", "sandwich"}, default=None
            The matrix that is inverted. By default the first; for sampling weights the sandwich, as no other is right.

        Returns
        -------
        GroupedEstimates
            Costs as :meth:`BernoulliMixture.standard_errors` of one mixture in which the group is an item, or of each
            group where all items are free.
        """
        sampled = self._kind_of_estimate.weights_kind == "sampling"
        if sampled and method not in (None, "sandwich"):
            raise ValueError(f"for sampling weights only method='sandwich' is right, not {method!r}")
        found = _core.grouped_standard_errors(
            self._found,
            self._rows("standard errors"),
            method=method or ("sandwich" if sampled else "observed"),
            estimation=self._kind_of_estimate,
            threads=self._template._threads(),
        )
        return GroupedEstimates(
            found.method,
            found.weights.reshape(self.weights_.shape),
            found.probabilities.reshape(self.probabilities_.shape),
            found.weights_of_all,
            found.identified,
            tuple(found.warnings),
            self,
        )

    def statistics(self) -> GroupedStatistics:
        """Return criteria, goodness of fit and residuals, given the groups.

        Returns
        -------
        GroupedStatistics
        """
        found = _core.grouped_statistics(
            self._found,
            self._rows("statistics"),
            estimation=self._kind_of_estimate,
            with_pairs=True,
            threads=self._template._threads(),
        )
        return GroupedStatistics(found, self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a file, as ``mixbern fit --groups --model`` does, for :func:`mixbern.load`.

        Commands and programs that know nothing of groups read it as a mixture of data in which the group is an item,
        and each free item one a group. An interrupted write leaves an older file as it was.

        Parameters
        ----------
        path : str or path-like
        """
        _core.save_model(os.fspath(path), _core.joint_model(self._named()))

    def report(self, path: str | os.PathLike[str], *, title: str = "") -> None:
        """Write a report, as ``mixbern fit --groups --report`` does: one HTML file that needs no network.

        It has standard errors and statistics of models of moderate size. That of a loaded model shows estimates alone.

        Parameters
        ----------
        path : str or path-like
        title : str, default=""
        """
        threads = self._template._threads()
        document = _core.groups_report(
            self._named(), self._data, estimation=self._kind_of_estimate, title=title, threads=threads
        )
        _core.write_report(os.fspath(path), document)

    def _rows(self, what: str) -> _core.Dataset:
        if self._data is None:
            raise ValueError(f"{what} need the rows of the fit, which a model file does not hold: call fit_groups() again")
        return self._data

    def _named(self) -> _core.NamedGroups:
        template = self._template
        names, items = file_names(template, self.probabilities_.shape[2])
        of_one = _core.Model(
            self._found.mixtures[0],
            names,
            [] if template.threshold is not None else list(template.codings_),
            template.threshold,
            None,
            "",
            missing_codes(template.missing_values),
            list(getattr(template, "component_names_", ())),
            items,
        )
        return _core.NamedGroups(self._found, self._column, of_one)

    def _shown(self) -> Table:
        lines = _lines(self, None)
        columns: dict[str, Any] = {
            name: [float(values[k]) for _, values, _ in lines] for k, name in enumerate(self.component_names_)
        }
        title = (
            f"log-likelihood given the groups {self.log_likelihood_:,.4f}, {self.n_parameters_} parameters, "
            f"BIC {self.bic_:,.4f}"
        )
        return Table(title, [label for label, _, _ in lines], columns, "parameter")


Line = tuple[str, NDArray[np.float64], NDArray[np.float64]]


def _lines(model: GroupedMixture, errors: GroupedEstimates | None) -> list[Line]:
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
