"""Relations of components to what stands beside the items, for reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._faces import component_names
from ._tables import Face, Table


class Coefficients(Face):
    """Log odds against one component, a line a coefficient: arrays of the same length under the names of its columns."""

    def __init__(
        self, relation: _core.Relation, reference: int, names: list[str], level: float, freedom: float
    ) -> None:
        own = relation.coefficients(reference)
        self.reference: int = reference
        self.component: NDArray[np.int64] = np.array([one.component for one in own], dtype=np.int64)
        self.names: list[str] = [one.name for one in own]
        self.estimate: NDArray[np.float64] = np.array([one.estimate for one in own])
        self.standard_error: NDArray[np.float64] = np.array([one.errors.standard_error for one in own])
        self.step3_standard_error: NDArray[np.float64] = np.array([one.errors.step3_standard_error for one in own])
        half = _core.interval_quantile(level, freedom) * self.standard_error
        self.lower: NDArray[np.float64] = self.estimate - half
        self.upper: NDArray[np.float64] = self.estimate + half
        self.odds_ratio: NDArray[np.float64] = np.exp(self.estimate)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = self.estimate / self.standard_error
        self.p_value: NDArray[np.float64] = np.array([_core.two_sided_p_value(float(ratio), freedom) for ratio in ratios])
        self._names = names
        self._level = level

    def _shown(self) -> Table:
        index = [f"{self._names[k]}, {name}" for k, name in zip(self.component, self.names, strict=True)]
        columns: dict[str, Any] = {
            "log odds": self.estimate.tolist(),
            "standard error": self.standard_error.tolist(),
            "odds ratio": self.odds_ratio.tolist(),
            "lower": np.exp(self.lower).tolist(),
            "upper": np.exp(self.upper).tolist(),
            "p": self.p_value.tolist(),
        }
        title = f"odds against component {self._names[self.reference]}, {self._level:.0%} intervals"
        return Table(title, index, columns, "component, covariate")


class Outcomes(Face):
    """What each component has of each outcome, a line a mean or a share: arrays under the names of its columns."""

    def __init__(self, found: Sequence[_core.OutcomeRelation], names: list[str], level: float, freedom: float) -> None:
        own = [(outcome, one) for outcome in found for one in outcome.classes]
        self.name: list[str] = [outcome.name for outcome, _ in own]
        self.category: list[str] = [one.category for _, one in own]
        self.component: NDArray[np.int64] = np.array([one.component for _, one in own], dtype=np.int64)
        self.mean: NDArray[np.float64] = np.array([one.mean for _, one in own])
        self.standard_error: NDArray[np.float64] = np.array([one.errors.standard_error for _, one in own])
        self.step3_standard_error: NDArray[np.float64] = np.array([one.errors.step3_standard_error for _, one in own])
        self.variance: NDArray[np.float64] = np.array([one.variance for _, one in own])
        ends = [_core.outcome_interval(one, outcome.kind, level, freedom) for outcome, one in own]
        self.lower: NDArray[np.float64] = np.array([low for low, _ in ends])
        self.upper: NDArray[np.float64] = np.array([high for _, high in ends])
        self._names = names
        self._level = level

    def _shown(self) -> Table:
        labels = [f"{n}={c}" if c else n for n, c in zip(self.name, self.category, strict=True)]
        index = [f"{label}, {self._names[k]}" for label, k in zip(labels, self.component, strict=True)]
        columns: dict[str, Any] = {
            "mean": self.mean.tolist(),
            "standard error": self.standard_error.tolist(),
            "lower": self.lower.tolist(),
            "upper": self.upper.tolist(),
            "variance": self.variance.tolist(),
        }
        return Table(f"means and shares by component, {self._level:.0%} intervals", index, columns, "outcome, component")


class MembershipCurve(Face):
    """Shares of components as one covariate moves, while the others stay at their means or most frequent category.

    Attributes
    ----------
    name : str
        Of the covariate.
    values : ndarray of shape (n,), or list of str
        From its least value to its largest, or its categories.
    shares : ndarray of shape (n, n_components)
        Each row sums to 1.
    """

    def __init__(self, found: _core.MembershipCurve, names: list[str]) -> None:
        self.name: str = found.name
        self.values: NDArray[np.float64] | list[str] = list(found.categories) or found.values
        self.shares: NDArray[np.float64] = found.shares
        self._names = names

    def _shown(self) -> Table:
        columns: dict[str, Any] = dict(zip(self._names, self.shares.T.tolist(), strict=True))
        index = [own if isinstance(own, str) else f"{own:.6g}" for own in self.values]
        return Table(f"shares of components by {self.name}", index, columns, self.name)


class Tests(Face):
    """Wald tests, a line a hypothesis: arrays under the names of its columns."""

    __test__ = False  # for pytest

    def __init__(self, found: Sequence[tuple[str, _core.RelateTest]]) -> None:
        self.of: list[str] = [of for of, _ in found]
        self.name: list[str] = [test.name for _, test in found]
        self.statistic: NDArray[np.float64] = np.array([test.statistic for _, test in found])
        self.degrees_of_freedom: NDArray[np.float64] = np.array([test.degrees_of_freedom for _, test in found])
        self.p_value: NDArray[np.float64] = np.array([test.p_value for _, test in found])
        self.adjusted_p_value: NDArray[np.float64] = np.array([test.adjusted_p_value for _, test in found])

    def _shown(self) -> Table:
        columns: dict[str, Any] = {
            "Wald": self.statistic.tolist(),
            "df": [int(freedom) for freedom in self.degrees_of_freedom],
            "p": self.p_value.tolist(),
            "adjusted p": self.adjusted_p_value.tolist(),
        }
        index = [f"{of}: {name}" for of, name in zip(self.of, self.name, strict=True)]
        return Table("all coefficients are 0, all components are equal", index, columns, "hypothesis")


class Relations(Face):
    """What predicts components and what they predict: what :meth:`BernoulliMixture.relate` returns.

    Attributes
    ----------
    coefficients_ : Coefficients
        Against the reference; None without covariates.
    outcomes_ : Outcomes
        None without outcomes.
    tests_ : Tests
        Of each term, of each outcome and of each pair of components.
    curves_ : dict of str to MembershipCurve
        Of each covariate by its name; empty without covariates.
    method_ : str
        That was taken: "ml", "bch", "two-step" or "one-step".
    method_chosen_by_ : {"entropy", "caller"}
        Whether ``method="auto"`` chose it.
    one_step_errors_ : {"observed", "opg", "sandwich"}, optional
        Which information matrix the standard errors of one-step come from; None of other methods.
    n_rows_, n_left_out_ : int
        Rows that were used, and rows that lack a covariate.
    log_likelihood_ : float
        Of the last step; of one and two steps of items given covariates.
    entropy_ : float
        Relative entropy of the model's posteriors, 1 is certain.
    degrees_of_freedom_ : float
        Of Student's t for intervals; infinite without a survey design or replicate weights.
    converged_ : bool
    """

    def __init__(
        self,
        model: Any,
        covariates: _core.Relation | None,
        curves: list[_core.MembershipCurve],
        outcomes: list[_core.OutcomeRelation],
        level: float,
        freedom: float,
    ) -> None:
        self._covariates = covariates
        self._names = component_names(model)
        self._level = level
        self.degrees_of_freedom_: float = freedom
        self.coefficients_: Coefficients | None = None if covariates is None else self.against(covariates.reference)
        self.curves_: dict[str, MembershipCurve] = {own.name: MembershipCurve(own, self._names) for own in curves}
        self.outcomes_: Outcomes | None = Outcomes(outcomes, self._names, level, freedom) if outcomes else None
        tests = [] if covariates is None else [("covariates", test) for test in covariates.tests]
        self.tests_ = Tests([*tests, *((own.name, test) for own in outcomes for test in own.tests)])
        first: _core.RelationBase = outcomes[0] if covariates is None else covariates
        self.method_: str = first.method
        self.method_chosen_by_: str = "entropy" if first.chosen_by_entropy else "caller"
        self.one_step_errors_: str | None = first.one_step_errors
        self.n_rows_: int = first.n_rows
        self.n_left_out_: int = first.n_left_out
        self.log_likelihood_: float = first.log_likelihood
        self.entropy_: float = first.entropy
        self.converged_: bool = all(own.converged for own in [first, *outcomes])

    def against(self, reference: int) -> Coefficients:
        """Return the coefficients against another component.

        Parameters
        ----------
        reference : int
            Number of the component, from 0.

        Returns
        -------
        Coefficients
        """
        if self._covariates is None:
            raise ValueError("there are no coefficients without covariates")
        if not 0 <= reference < len(self._names):
            raise ValueError(f"reference must be a component from 0 to {len(self._names) - 1}, it is {reference!r}")
        return Coefficients(self._covariates, reference, self._names, self._level, self.degrees_of_freedom_)

    def _shown(self) -> Table:
        part = self.coefficients_ if self.coefficients_ is not None else self.outcomes_
        assert part is not None
        return part._shown()

    def __str__(self) -> str:
        parts = [part for part in (self.coefficients_, self.outcomes_, self.tests_) if part is not None]
        left_out = f", {self.n_left_out_:,} more left out for want of a covariate" if self.n_left_out_ else ""
        chosen = f", chosen by the relative entropy, {self.entropy_:.3f}" if self.method_chosen_by_ == "entropy" else ""
        errors = f"; standard errors: {self.one_step_errors_}" if self.one_step_errors_ is not None else ""
        return "\n\n".join([f"{self.n_rows_:,} rows{left_out}; {self.method_}{chosen}{errors}", *map(repr, parts)])

    def __repr__(self) -> str:
        return str(self)
