"""Tables column by column: frames, and arrays whose columns hold any two values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._messages import warned
from ._reading import Codings, Reading

NATIVE = {np.dtype(name) for name in ("?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")}
"""Types of cells that the extension reads as they are."""


def are_digits(codings: Codings) -> bool:
    """Whether 0 and 1 of a model's features were 0 and 1, so that numbers are cells as they are."""
    return all(coding in (("0", "1"), ("false", "true")) for coding in codings)


def is_pandas(X: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(X, pandas.DataFrame)


def from_pandas(X: Any, how: Reading) -> _core.Dataset:
    names = [str(name) for name in X.columns]
    columns = [X.iloc[:, d] for d in range(X.shape[1])]
    if how.by_type:
        how = replace(how, categorical=tuple(category_columns(X)))
    return from_columns(X.shape[0], columns, names, how)


def category_columns(X: Any) -> list[int]:
    """Columns of a pandas frame, or of a table of pyarrow, whose type has more than two categories."""
    if is_pandas(X):
        return [d for d, dtype in enumerate(X.dtypes) if dtype == "category" and len(dtype.categories) > 2]
    of_column = [[len(getattr(chunk, "dictionary", ())) for chunk in column.chunks] for column in X.columns]
    return [d for d, sizes in enumerate(of_column) if max(sizes, default=0) > 2]


def from_columns(n_rows: int, columns: Sequence[Any], names: Sequence[str], how: Reading) -> _core.Dataset:
    table = _core.Table(n_rows, len(columns), list(names), how.of_columns(names, len(columns)))
    for d, column in enumerate(columns):
        name = f"column {d}" + (f" ({names[d]!r})" if names else "")
        if isinstance(column, np.ndarray):
            _add_array(table, d, column, name, how.threshold)
        else:
            _add_series(table, d, column, name, how.threshold)
    return warned(table.finish())


def _add_series(table: _core.Table, d: int, column: Any, name: str, threshold: float | None) -> None:
    import pandas as pd

    if isinstance(column.dtype, (np.dtype, pd.SparseDtype)):
        _add_array(table, d, column.to_numpy(), name, threshold)
    elif pd.api.types.is_bool_dtype(column.dtype) and column.dtype != "category":
        missing = column.isna().to_numpy(dtype=np.uint8)
        table.add_numbers(d, column.to_numpy(dtype=bool, na_value=False), missing)
    elif pd.api.types.is_numeric_dtype(column.dtype):
        table.add_numbers(d, column.to_numpy(dtype=np.float64, na_value=np.nan))
    else:
        if column.dtype == "category":
            table.order(d, [str(category) for category in column.dtype.categories])
        positions, values = pd.factorize(column)
        _add_values(table, d, positions, list(values), name, threshold)


def _add_array(table: _core.Table, d: int, column: NDArray[Any], name: str, threshold: float | None) -> None:
    if column.dtype.kind in "?buif":
        native = column if column.dtype in NATIVE else column.astype(np.float64)
        table.add_numbers(d, native)
        return
    if column.dtype.kind not in "OUT":
        raise TypeError(f"{name} has the type {column.dtype}, which is neither bool, a number nor text")
    known: dict[Hashable, int] = {}
    try:
        positions = [-1 if _is_missing(cell) else known.setdefault(cell, len(known)) for cell in column.tolist()]
    except TypeError:
        bad = next(cell for cell in column.tolist() if not isinstance(cell, Hashable))
        raise TypeError(f"{name} holds {bad!r}, argument must be a string or a real number") from None
    _add_values(table, d, np.array(positions), list(known), name, threshold)


def _is_missing(cell: Any) -> bool:
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(cell, float) and cell != cell


def _add_values(
    table: _core.Table, d: int, positions: NDArray[Any], values: list[Any], name: str, threshold: float | None
) -> None:
    """Cells that are positions in a list of any values."""
    kinds: Callable[[Any], bool] = lambda value: isinstance(value, (bool, int, float, np.number, np.bool_))  # noqa: E731
    if values and all(kinds(value) for value in values):
        numbers = np.array([*values, np.nan], dtype=np.float64)
        table.add_numbers(d, numbers[positions])
        return
    odd = next((value for value in values if not isinstance(value, (str, bytes)) and not kinds(value)), None)
    if odd is not None:
        raise TypeError(f"{name} holds {odd!r}, argument must be a string or a real number")
    if threshold is not None:
        text = next(value for value in values if not kinds(value))
        raise ValueError(f"{name} holds {text!r}, but a threshold needs numbers")
    texts = [value.decode() if isinstance(value, bytes) else str(value) for value in values]
    table.add_texts(d, np.ascontiguousarray(positions, dtype=np.int32), texts)
