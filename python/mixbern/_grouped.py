"""Mixtures in several groups, for reading."""

from __future__ import annotations

import os
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arrays import whole_numbers
from ._callbacks import finished
from ._faces import numbered_names
from ._grouped_results import GroupedEstimates, GroupedStatistics, estimate_lines
from ._items import file_names
from ._missing import missing_codes
from ._parameters import count
from ._tables import Face, Table
from ._variables import refuse_method, with_groups, without_column


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
        design: _core.SurveyDesign | None = None,
        replicates: _core.ReplicateWeights | None = None,
    ) -> None:
        self._found = found
        self._column = column
        self._design = design if design is not None else _core.SurveyDesign([], [], [], "refuse")
        self._replicates = replicates
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

    def standard_errors(
        self, method: Literal["observed", "opg", "sandwich", "bootstrap"] | None = None, *, n_samples: int = 100
    ) -> GroupedEstimates:
        """Return standard errors of all weights and probabilities, given the groups.

        Parameters
        ----------
        method : {"observed", "opg", "sandwich", "bootstrap"}, default=None
            The matrix that is inverted; or refits to rows that are drawn within each group with replacement. By default
            the first; for sampling weights and for a survey's design the sandwich, as no other is right; none with
            replicate weights, for which ``method`` of what is returned is "replicates".
        n_samples : int, default=100
            Data sets of the bootstrap.

        Returns
        -------
        GroupedEstimates
            Costs as :meth:`BernoulliMixture.standard_errors` of one mixture in which the group is an item, or of each
            group where all items are free.
        """
        if self._replicates is not None:
            return self._replicated(self._replicates, method)
        reason = "a survey design" if self._design.given else "sampling weights"
        sampled = self._design.given or self._kind_of_estimate.weights_kind == "sampling"
        if sampled and method not in (None, "sandwich"):
            raise ValueError(f"for {reason} only method='sandwich' is right, not {method!r}")
        if method == "bootstrap":
            return self._resampled(count("n_samples", n_samples))
        found = _core.grouped_standard_errors(
            self._found,
            self._rows("standard errors"),
            method=method or ("sandwich" if sampled else "observed"),
            estimation=self._kind_of_estimate,
            design=self._design,
            threads=self._template._threads(),
        )
        return self._estimates(found.method, found, found.identified, tuple(found.warnings))

    def _replicated(self, replicates: _core.ReplicateWeights, method: str | None) -> GroupedEstimates:
        refuse_method(method)
        found = finished(
            _core.grouped_replicate_errors(
                self._found,
                self._rows("standard errors"),
                replicates,
                estimation=self._kind_of_estimate,
                threads=self._template._threads(),
            )
        )
        return self._estimates("replicates", found, found.identified, tuple(found.warnings))

    def _resampled(self, n_samples: int) -> GroupedEstimates:
        drawn = finished(
            _core.grouped_bootstrap(
                self._found,
                self._rows("standard errors"),
                resampling=True,
                n_samples=n_samples,
                seed=self._template._seed(),
                threads=self._template._threads(),
                estimation=self._kind_of_estimate,
            )
        )
        return self._estimates("bootstrap", drawn, True, ())

    def _estimates(
        self, method: str, found: _core.GroupedErrors | _core.GroupedBootstrap, identified: bool, warnings: tuple[str, ...]
    ) -> GroupedEstimates:
        weights = found.weights.reshape(self.weights_.shape)
        probabilities = found.probabilities.reshape(self.probabilities_.shape)
        return GroupedEstimates(method, weights, probabilities, found.weights_of_all, identified, warnings, self)

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
            self._named(),
            self._data,
            estimation=self._kind_of_estimate,
            design=self._design,
            replicates=self._replicates,
            title=title,
            threads=threads,
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
        lines = estimate_lines(self, None)
        columns: dict[str, Any] = {
            name: [float(values[k]) for _, values, _ in lines] for k, name in enumerate(self.component_names_)
        }
        title = (
            f"log-likelihood given the groups {self.log_likelihood_:,.4f}, {self.n_parameters_} parameters, "
            f"BIC {self.bic_:,.4f}"
        )
        return Table(title, [label for label, _, _ in lines], columns, "parameter")
