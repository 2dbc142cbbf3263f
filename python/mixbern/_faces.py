"""What statistics say of themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._answers import item_labels, shared_answer
from ._items import categorical_of, column_labels, stretches
from ._tables import Face, FaceOf, Table

CRITERIA = {
    "aic": "AIC",
    "aic3": "AIC3",
    "bic": "BIC",
    "sabic": "adjusted BIC",
    "caic": "CAIC",
    "icl_bic": "ICL-BIC",
    "awe": "AWE",
    "classification_log_likelihood": "classification log-likelihood",
}


def component_names(model: Any) -> list[str]:
    """Names of a fitted model's components; their numbers from 1 where they have none."""
    return numbered_names(model, len(model.weights_))


def numbered_names(model: Any, n_components: int) -> list[str]:
    """Names of so many components, as an estimator has them; their numbers from 1 where it has none."""
    own = list(getattr(model, "component_names_", ()))
    return own if len(own) == n_components else [str(k + 1) for k in range(n_components)]


def feature_labels(model: Any) -> list[str]:
    """Names of a fitted model's features, ``x0``, ``x1`` … where they have none, with the answer where answers differ."""
    names = column_labels(model)
    items = categorical_of(model)
    if items:
        of = stretches(model.probabilities_.shape[1], items)
        names = [name for name, (_, answers) in zip(names, of, strict=True) for _ in answers or [name]]
    return item_labels(model, names)


def pair_labels(model: Any) -> list[str]:
    """Names of a fitted model's items as members of pairs."""
    return column_labels(model) if categorical_of(model) else feature_labels(model)


def fixed_words(model: Any) -> tuple[list[str], list[list[str]]]:
    """``"fixed"`` for each weight, and each probability by component, that a constraint holds; else nothing."""
    mixture = model._mixture()
    weights = ["fixed" if held else "" for held in mixture.fixed_weights]
    held_cells = np.reshape(mixture.fixed_probabilities, (len(weights), -1))
    return weights, [["fixed" if held else "" for held in row] for row in held_cells]


def estimate_notes(identified: bool, any_fixed: bool) -> list[str]:
    """What there is to say below estimates."""
    notes = [] if identified else ["the model is not identified"]
    return [*notes, "fixed: known whatever the data"] if any_fixed else notes


class Criteria(FaceOf):
    """Information criteria: ``aic``, ``aic3``, ``bic``, ``sabic``, ``caic``, ``icl_bic``, ``awe``,
    ``classification_log_likelihood``; smaller is better, but for the last one."""

    def __init__(self, found: _core.Criteria) -> None:
        values = [getattr(found, name) for name in CRITERIA]
        super().__init__(found, Table("information criteria", list(CRITERIA.values()), {"value": values}))


class Classification(FaceOf):
    """How sharply rows are assigned: ``entropy``, ``entropy_r2``, ``error``, ``sizes_by_posterior``,
    ``sizes_by_mode``, ``average_posteriors``."""

    def __init__(self, found: _core.Classification, names: list[str]) -> None:
        columns: dict[str, Any] = {
            "size by posterior": found.sizes_by_posterior.tolist(),
            "size by mode": found.sizes_by_mode.tolist(),
            "average posterior": np.diag(found.average_posteriors).tolist(),
        }
        notes = (f"entropy R² {found.entropy_r2:.3f}, classification error {found.error:.3f}",)
        super().__init__(found, Table("classification", names, columns, "component", notes=notes))


class GoodnessOfFit(FaceOf):
    """Observed against expected counts: ``g2``, ``x2``, ``cressie_read``, each with ``statistic`` and ``p_value``,
    and ``degrees_of_freedom``."""

    def __init__(self, found: _core.GoodnessOfFit) -> None:
        freedom = found.degrees_of_freedom
        tests = {"G²": found.g2, "X²": found.x2, "Cressie-Read": found.cressie_read}
        columns: dict[str, Any] = {
            "statistic": [test.statistic for test in tests.values()],
            "df": [int(freedom) if math.isfinite(freedom) else freedom] * len(tests),
            "p": [test.p_value for test in tests.values()],
        }
        notes = ("few rows a pattern: p-values mean little, a bootstrap is better",) if found.sparse else ()
        super().__init__(found, Table("goodness of fit", list(tests), columns, "test", notes=notes))


class Residuals(np.ndarray[Any, np.dtype[np.float64]], Face):
    """Statistics of pairs of features: an array that knows the features' names."""

    feature_names: list[str]

    @classmethod
    def of(cls, values: NDArray[np.float64], names: list[str]) -> Residuals:
        found = values.view(cls)
        found.feature_names = names
        return found

    def __array_finalize__(self, source: Any) -> None:
        self.feature_names = getattr(source, "feature_names", [])

    def _is_whole(self) -> bool:
        return self.ndim == 2 and self.shape == (len(self.feature_names),) * 2

    def _shown(self) -> Table:
        """The largest pairs."""
        n = len(self.feature_names)
        first, second = np.triu_indices(n, 1)
        values = np.asarray(self)[first, second]
        order = np.argsort(-values, kind="stable")[:20]
        names = [f"{self.feature_names[first[at]]} – {self.feature_names[second[at]]}" for at in order]
        rest = max(0, len(values) - len(order))
        notes = (f"and {rest:,} smaller ones",) if rest else ()
        columns: dict[str, Any] = {"X²": values[order].tolist()}
        return Table("residuals of pairs of features; above 3.84 is much", names, columns, "pair", notes=notes)

    def to_frame(self) -> Any:
        """Return all pairs as a square pandas frame; needs pandas."""
        import pandas as pd

        return pd.DataFrame(np.asarray(self), index=self.feature_names, columns=self.feature_names)

    def __repr__(self) -> str:
        return self._shown().text() if self._is_whole() else np.array_repr(np.asarray(self))

    def _repr_html_(self) -> str | None:  # type: ignore[override]
        return self._shown().html() if self._is_whole() else None


@dataclass(frozen=True, repr=False)
class Estimates(Face):
    """Standard errors and intervals of all weights and probabilities.

    Entries are NaN where there are none: at a bound, in empty components, and where the model does not identify the
    parameter.

    Parameters
    ----------
    method : str
        As given to :meth:`BernoulliMixture.standard_errors`.
    weights : ndarray of shape (n_components,)
        Standard errors.
    probabilities : ndarray of shape (n_components, n_features)
        Standard errors.
    interval : ndarray of shape (2, n_components, n_features)
        Lower and upper ends for the probabilities, symmetric in log-odds.
    level : float
        Of the intervals.
    identified : bool
        Whether the information matrix has full rank.
    warnings : tuple of str, default=()
        What there is to say of them.
    model : BernoulliMixture, default=None
        What they are of.
    """

    method: str
    weights: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    interval: NDArray[np.float64]
    level: float
    identified: bool
    warnings: tuple[str, ...] = ()
    model: Any = field(default=None, compare=False)

    def _shown(self) -> Table:
        """A line a parameter."""
        names = component_names(self.model)
        index, columns = [], {"estimate": [], "standard error": [], "lower": [], "upper": []}  # type: ignore[var-annotated]

        weights, cells = fixed_words(self.model)
        words: list[str] = []

        def add(label: str, word: str, *values: float) -> None:
            index.append(label)
            words.append(word)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(float(value))

        for k, name in enumerate(names):
            add(f"weight, {name}", weights[k], self.model.weights_[k], self.weights[k], np.nan, np.nan)
        for d, label in enumerate(feature_labels(self.model)):
            for k, name in enumerate(names):
                found = (self.model.probabilities_[k, d], self.probabilities[k, d], *self.interval[:, k, d])
                add(f"{label}, {name}", cells[k][d], *found)
        title = f"standard errors ({self.method}), {self.level:.0%} intervals"
        notes = estimate_notes(self.identified, any(words))
        told = {"standard error": words}
        return Table(title, index, dict(columns), "parameter, component", notes=(*notes, *self.warnings), words=told)


class Summary(Face):
    """A fitted mixture and a table, for reading: what :meth:`BernoulliMixture.summary` returns."""

    def __init__(self, model: Any, facts: dict[str, str], errors: Estimates | None) -> None:
        self.model = model
        self.facts = facts
        self.errors = errors

    def _shown(self) -> Table:
        names = component_names(self.model)
        labels = feature_labels(self.model)
        columns: dict[str, list[Any]] = {}
        words: dict[str, list[str]] = {}
        weights, cells = fixed_words(self.model)
        for k, name in enumerate(names):
            columns[name] = [self.model.weights_[k], *self.model.probabilities_[k]]
            if self.errors is not None:
                columns[f"{name} (s.e.)"] = [self.errors.weights[k], *self.errors.probabilities[k]]
                words[f"{name} (s.e.)"] = [weights[k], *cells[k]]
        title = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        answer = shared_answer(self.model)
        note = f"probability of {answer or 'the answer beside each item'} by class"
        return Table(title, ["class size", *labels], columns, "item", notes=(note,), words=words)

    def __str__(self) -> str:
        width = max(map(len, self.facts))
        facts = "\n".join(f"{name.ljust(width)}  {value}" for name, value in self.facts.items())
        _, _, body = self._shown().text().partition("\n")
        return f"{facts}\n\n{body}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        import html

        facts = "".join(f"<tr><th>{html.escape(n)}</th><td>{html.escape(v)}</td></tr>" for n, v in self.facts.items())
        return f"<table class='mixbern'>{facts}</table>{replace(self._shown(), title='').html()}"
