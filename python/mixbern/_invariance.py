"""Tests of mixtures in several groups, for reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import _core
from ._grouped import GroupedMixture
from ._tables import Face, Table


class InvarianceTests(Face):
    """Tests of models or of items, a line a test: arrays under the names of its columns. NaN where there is none."""

    __test__ = False  # for pytest

    def __init__(self, found: Sequence[_core.InvarianceTest], names: list[str], of_items: bool) -> None:
        self.name: list[str] = names
        self.statistic = np.array([test.likelihood_ratio.statistic for test in found])
        self.degrees_of_freedom = np.array([test.degrees_of_freedom for test in found])
        self.p_value = np.array([test.p_value for test in found])
        self.n_samples = np.array([test.bootstrap.n_samples if test.bootstrap else 0 for test in found])
        self.asymptotic_p_value = np.array([test.likelihood_ratio.p_value for test in found])
        self.adjusted_p_value = np.array([test.adjusted_p_value for test in found])
        self.score_statistic = np.array([test.score.statistic if test.score else np.nan for test in found])
        self.score_degrees_of_freedom = np.array([test.score_degrees_of_freedom for test in found])
        self.score_p_value = np.array([test.score.p_value if test.score else np.nan for test in found])
        self.adjusted_score_p_value = np.array([test.adjusted_score_p_value for test in found])
        self._of_items = of_items

    def _shown(self) -> Table:
        columns: dict[str, Any] = {
            "LR": self.statistic.tolist(),
            "df": [int(own) for own in self.degrees_of_freedom],
            "p": self.p_value.tolist(),
        }
        if not self._of_items:
            return Table("likelihood ratios of the models", self.name, columns, "models")
        columns["adjusted p"] = self.adjusted_p_value.tolist()
        columns["score"] = self.score_statistic.tolist()
        columns["score df"] = [int(own) for own in self.score_degrees_of_freedom]
        columns["score p"] = self.score_p_value.tolist()
        columns["adjusted score p"] = self.adjusted_score_p_value.tolist()
        return Table("is an item equal over the groups? (p adjusted by Holm)", self.name, columns, "item")


class Invariance(Face):
    """Whether classes are the same in all groups: what :func:`mixbern.invariance` returns.

    Attributes
    ----------
    models : dict of str to GroupedMixture
        ``"equal"``, ``"partial"`` where some items differ and some do not, and ``"free"``.
    tests : InvarianceTests
        Of the models against each other.
    items : InvarianceTests
        Of each item against equal probabilities, in the last step that had it: likelihood ratio and score test.
    differing : list of str
        The items whose probabilities differ.
    level : float
    """

    def __init__(
        self, models: dict[str, GroupedMixture], found: _core.Invariance, item_names: list[str], level: float
    ) -> None:
        self.models = models
        self.tests = InvarianceTests(found.tests, [f"{one.restricted} against {one.general}" for one in found.tests], False)
        self.items = InvarianceTests(found.items, [item_names[one.item or 0] for one in found.items], True)
        self.differing: list[str] = [item_names[j] for j in found.differing]
        self.level = level

    def _shown(self) -> Table:
        models = list(self.models.values())
        columns: dict[str, Any] = {
            "log-likelihood": [one.log_likelihood_ for one in models],
            "parameters": [one.n_parameters_ for one in models],
            "AIC": [one.aic_ for one in models],
            "BIC": [one.bic_ for one in models],
        }
        told = ", ".join(self.differing) if self.differing else "none"
        return Table("models in groups", list(self.models), columns, "model", notes=(f"items that differ: {told}",))

    def __repr__(self) -> str:
        return "\n\n".join([self._shown().text(), repr(self.tests), repr(self.items)])

    def _repr_html_(self) -> str:
        return self._shown().html() + self.tests._repr_html_() + self.items._repr_html_()
