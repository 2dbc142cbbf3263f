"""Sparse matrices to lists of the columns of ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arrays import BLOCK_CELLS, bad_cell
from ._columns import are_digits
from ._reading import Reading


def from_sparse(X: Any, how: Reading) -> _core.Dataset:
    codings, threshold = how.codings, how.threshold
    if how.has_items:
        raise ValueError("a sparse matrix holds 0 and 1: items of more than two answers need a frame or a dense array")
    if threshold is not None and threshold < 0:
        raise ValueError("a sparse matrix needs a threshold of at least 0: its zeros would all be ones")
    if threshold is None and not are_digits(codings):
        column, (zero, one) = next((d, pair) for d, pair in enumerate(codings) if not are_digits([pair]))
        raise ValueError(f"a sparse matrix holds 0 and 1, but column {column} of the model holds {zero!r} and {one!r}")
    if X.ndim != 2:
        raise ValueError(f"Expected 2D array, got {X.ndim}D sparse array instead")
    csr = X.tocsr()
    if not csr.has_canonical_format:
        csr = csr.copy() if csr is X else csr
        csr.sum_duplicates()
    ones = _ones_of(csr, threshold)
    if ones is None:
        offsets, columns = csr.indptr, csr.indices
    else:
        offsets = np.concatenate(([0], np.cumsum(ones, dtype=np.int64)))[csr.indptr]
        columns = csr.indices[ones]
    return _core.sparse_rows(
        np.ascontiguousarray(offsets, dtype=np.int64),
        np.ascontiguousarray(columns, dtype=np.int32),
        csr.shape[1],
    )


def _ones_of(csr: Any, threshold: float | None) -> NDArray[np.bool_] | None:
    """Which stored cells are ones; None for all of them. Looks at them in blocks: no copy of the data."""
    values = csr.data
    if values.dtype.kind not in "?buif":
        raise TypeError(f"cells must be bool or numbers, not {values.dtype}")
    all_ones = True
    for start in range(0, len(values), BLOCK_CELLS):
        block = values[start : start + BLOCK_CELLS]
        bad = ~np.isfinite(block) if threshold is not None else (block != 1) & (block != 0)
        if bad.any():
            raise _bad_stored_cell(csr, start + int(np.argmax(bad)), threshold)
        all_ones = all_ones and bool(np.all(block > threshold if threshold is not None else block == 1))
    if all_ones:
        return None
    return np.asarray(values > threshold if threshold is not None else values == 1)


def _bad_stored_cell(csr: Any, position: int, threshold: float | None) -> ValueError:
    row = int(np.searchsorted(csr.indptr, position, side="right")) - 1
    value = csr.data[position]
    if np.isnan(value):
        return ValueError(
            f"column {csr.indices[position]} holds NaN in row {row}; a sparse matrix has no missing cells, a dense "
            "array may have"
        )
    return bad_cell(row, int(csr.indices[position]), f"{value:g}", threshold)
