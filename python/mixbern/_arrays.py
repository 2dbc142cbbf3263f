"""Dense arrays to packed rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._columns import NATIVE, are_digits, from_columns
from ._reading import Reading

BLOCK_CELLS = 1 << 22
"""So many cells are looked at together where looking needs memory."""


def from_array(X: NDArray[Any], how: Reading) -> _core.Dataset:
    if isinstance(X, np.ma.MaskedArray):
        X = without_mask(X)
    if X.dtype.kind in "OUST" or how.missing or how.has_items:
        return _by_columns(X, how)
    if X.dtype.kind not in "?buif":
        raise TypeError(f"cells must be bool, numbers or text, not {X.dtype}")
    if how.threshold is None and not are_digits(how.codings):
        return _by_columns(X, how)
    packer = _core.RowPacker(X.shape[0], X.shape[1], how.threshold)
    for start, stop in _blocks(X):
        block = X[start:stop]
        if block.dtype not in NATIVE:
            block = block.astype(np.float64)
        bad = packer.add(block)
        if bad is not None and how.threshold is None and not how.codings and bad[2].lstrip("-").isdigit():
            return _by_columns(X, how)  # 1 and 2, -1 and 1: any two numbers
        if bad is not None:
            raise bad_cell(*bad, how.threshold)
    return packer.finish()


def _by_columns(X: NDArray[Any], how: Reading) -> _core.Dataset:
    return from_columns(X.shape[0], [X[:, d] for d in range(X.shape[1])], how.names, how)


def without_mask(X: np.ma.MaskedArray[Any, Any]) -> NDArray[Any]:
    """The cells, missing where they are masked."""
    hidden = np.ma.getmaskarray(X)
    cells = np.ma.getdata(X)
    if not hidden.any():
        return cells
    holed = cells.astype(object if cells.dtype.kind in "OUST" else np.float64)
    holed[hidden] = None if holed.dtype == object else np.nan
    return holed


def _blocks(X: NDArray[Any]) -> Iterable[tuple[int, int]]:
    if X.dtype in NATIVE:
        return [(0, X.shape[0])]
    rows = max(1, BLOCK_CELLS // max(1, X.shape[1]))
    return [(start, min(start + rows, X.shape[0])) for start in range(0, X.shape[0], rows)]


def bad_cell(row: int, column: int, value: str, threshold: float | None) -> ValueError:
    if "inf" in value:
        return ValueError(f"column {column} holds {value}, an infinity, in row {row}")
    return ValueError(
        f"column {column} holds {value} in row {row}; cells are 0, 1 or missing (NaN), and threshold=T makes "
        "numbers 1 where they are greater than T"
    )


def whole_numbers(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same, of NumPy's own int64: what nanobind makes is C's long long, which shows its type when printed."""
    return cells.view(np.int64)


def unpacked(data: _core.Dataset) -> NDArray[np.float64] | NDArray[np.uint8]:
    """All cells as 0 and 1; floats with NaN if cells are missing."""
    ones = data.ones()
    missing = data.missing()
    if missing is None:
        return ones
    cells = ones.astype(np.float64)
    cells[missing.astype(bool)] = np.nan
    return cells
