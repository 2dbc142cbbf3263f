"""How the cells of a table become answers: by a model, or by what is said before a fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from . import _core

Codings: TypeAlias = Sequence[tuple[str, str]]
Items: TypeAlias = Sequence[tuple[str, int, list[str]]]

Categorical: TypeAlias = str | Iterable[str | int] | None
"""Columns that are items of any number of answers: "all", names, or numbers from 0; None for what types say."""


@dataclass(frozen=True)
class Reading:
    """What is known of cells before they are read."""

    codings: Codings = ()
    """What 0 and 1 of a model's features stand for; none before a fit."""
    items: Items = ()
    """Those of the model that have more than two answers."""
    threshold: float | None = None
    missing: Sequence[str] = ()
    categorical: tuple[str | int, ...] | None = None
    names: Sequence[str] = ()
    """Of columns that have none of their own."""

    def __post_init__(self) -> None:
        if self.threshold is not None and self.categorical:
            raise ValueError("a threshold makes every column one of two values: leave threshold or categorical out")

    @property
    def by_type(self) -> bool:
        """Whether columns of a type for categories are categorical by themselves."""
        return self.categorical is None and self.threshold is None and not self.codings

    @property
    def has_items(self) -> bool:
        """Whether a column may have more than two answers."""
        return bool(self.items) or bool(self.categorical)

    def of_columns(self, names: Sequence[str], n_columns: int | None) -> _core.Reading:
        """The same for the extension."""
        return _core.Reading(
            list(self.codings), list(self.items), self.threshold, list(self.missing), self.chosen(names, n_columns)
        )

    def of_file(self) -> dict[str, Any]:
        """The same as options of the extension's ``read_dataset``."""
        return {
            "codings": self.codings,
            "items": list(self.items),
            "categorical": self.chosen((), None),
            "threshold": self.threshold,
            "missing": list(self.missing),
        }

    def chosen(self, names: Sequence[str], n_columns: int | None) -> list[str]:
        """The categorical columns as the library finds them: by name, or by number from 1."""
        return [_found_by(column, names, n_columns) for column in self.categorical or ()]


def categorical_columns(categorical: Categorical) -> tuple[str | int, ...] | None:
    """The parameter `categorical` in one form."""
    if categorical is None:
        return None
    if isinstance(categorical, str):
        return (categorical,)
    columns = tuple(categorical) if isinstance(categorical, Iterable) else (categorical,)
    for column in columns:
        whole = isinstance(column, (int, np.integer)) and not isinstance(column, bool)
        if not (isinstance(column, str) or (whole and column >= 0)):
            raise ValueError(f"categorical must be 'all', or names or numbers (from 0) of columns, not {column!r}")
    return columns


def _found_by(column: str | int, names: Sequence[str], n_columns: int | None) -> str:
    if isinstance(column, str):
        return column
    if n_columns is not None and column >= n_columns:
        raise ValueError(f"categorical has {column}, but columns have the numbers 0 to {n_columns - 1}")
    own = names[column] if names else ""
    return own if own and list(names).count(own) == 1 else str(column + 1)
