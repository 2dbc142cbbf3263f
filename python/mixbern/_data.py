"""From what people hold to packed rows: arrays, sparse matrices, frames, Arrow tables, files."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray

from . import _core

Codings: TypeAlias = Sequence[tuple[str, str]]

_NATIVE = {np.dtype(name) for name in ("?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")}
_BLOCK_CELLS = 1 << 22


class Dataset:
    """Rows that are packed already: one bit a cell.

    Wherever a method takes ``X`` it takes a ``Dataset`` too, which saves packing the same rows again.

    Parameters
    ----------
    X : array-like, sparse matrix, frame, Arrow table or path
        As in :meth:`BernoulliMixture.fit`.
    threshold : float, default=None
        Cells are 1 where they are greater.
    sample_weight : array-like of shape (n_samples,), default=None
        Finite and not negative.

    See Also
    --------
    read : From a file, with a choice of its rows and columns.
    from_packed : From the output of :func:`numpy.packbits`.
    """

    _packed: _core.Dataset

    def __init__(
        self, X: Any, *, threshold: float | None = None, sample_weight: ArrayLike | None = None
    ) -> None:
        data = to_core(X, threshold=threshold)
        if sample_weight is not None:
            data = data.replaced(weights=checked_weights(sample_weight, data.n_rows))
        self._packed = data

    @classmethod
    def _wrap(cls, data: _core.Dataset) -> Dataset:
        wrapped = cls.__new__(cls)
        wrapped._packed = data
        return wrapped

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and features."""
        return (self._packed.n_rows, self._packed.n_features)

    @property
    def feature_names(self) -> list[str]:
        """Names of the features; empty if there are none."""
        return self._packed.feature_names

    @property
    def codings(self) -> list[tuple[str, str]]:
        """What 0 and 1 of each feature were called; empty if they were 0 and 1."""
        return self._packed.codings

    @property
    def n_missing(self) -> int:
        """Number of missing cells."""
        return self._packed.n_missing

    @property
    def sample_weight(self) -> NDArray[np.float64] | None:
        """Weights of the rows, if there are any."""
        return self._packed.weights

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Known classes of the rows, -1 where unknown, if there are any."""
        return self._packed.labels

    def toarray(self) -> NDArray[np.float64] | NDArray[np.uint8]:
        """All cells as 0 and 1; floats with NaN if cells are missing."""
        return unpacked(self._packed)

    def __len__(self) -> int:
        return self._packed.n_rows

    def __repr__(self) -> str:
        rows, features = self.shape
        kind = "sparse" if self._packed.is_sparse else "packed"
        return f"<mixbern.Dataset: {rows} rows, {features} features, {self.n_missing} cells missing, {kind}>"


def read(
    path: str | os.PathLike[str],
    *,
    rows: slice | None = None,
    columns: Iterable[str] = (),
    exclude: Iterable[str] = (),
    weights: str = "",
    labels: str = "",
    threshold: float | None = None,
    header: bool | None = None,
) -> Dataset:
    """Read a data file into packed rows; the file need not fit into memory, the packed rows do.

    The formats are those of the command line: CSV and TSV, NPY, IDX, Matrix Market, LIBSVM, FPS and the packed
    format, each also gzip'ed.

    Parameters
    ----------
    path : str or path-like
    rows : slice, default=None
        Rows to keep, without a step; reading stops at its end.
    columns, exclude : iterable of str
        Of delimited text: use these columns only, or all but these.
    weights, labels : str
        Of delimited text: columns that hold row weights and known classes.
    threshold : float, default=None
        Cells are 1 where they are greater.
    header : bool, default=None
        Whether the first line of delimited text holds names; by default it is looked at.

    Returns
    -------
    Dataset
    """
    chosen = slice(None) if rows is None else rows
    if chosen.step not in (None, 1) or (chosen.start or 0) < 0 or (chosen.stop or 0) < 0:
        raise ValueError(f"rows must be a slice of rows from the first on, without a step, not {chosen}")
    data = _read(
        path,
        codings=(),
        threshold=threshold,
        first_row=chosen.start or 0,
        end_row=chosen.stop,
        header=header,
        columns=list(columns),
        exclude=list(exclude),
        weight_column=weights,
        label_column=labels,
    )
    return Dataset._wrap(data)


def from_packed(
    bits: ArrayLike, n_features: int | None = None, *, bitorder: str = "big"
) -> Dataset:
    """Take rows that :func:`numpy.packbits` packed along axis 1.

    Rows of ``bitorder="little"`` that are contiguous and a multiple of 8 bytes long are read in place; others are
    copied, still packed.

    Parameters
    ----------
    bits : array-like of shape (n_samples, n_bytes), uint8
        Leave it as it is while the result is in use.
    n_features : int, default=None
        Features of a row; by default 8 a byte.
    bitorder : {"big", "little"}, default="big"
        As given to ``packbits``.

    Returns
    -------
    Dataset
    """
    packed = np.asarray(bits)
    if packed.ndim != 2 or packed.dtype != np.uint8:
        raise ValueError(
            f"packed rows are a 2D array of uint8, not {packed.ndim}D of {packed.dtype}"
        )
    width = 8 * packed.shape[1] if n_features is None else n_features
    if (width + 7) // 8 != packed.shape[1]:
        raise ValueError(
            f"{width} features are packed into {(width + 7) // 8} bytes a row, these rows have {packed.shape[1]}"
        )
    if bitorder not in ("big", "little"):
        raise ValueError(f"bitorder must be 'big' or 'little', not {bitorder!r}")
    return Dataset._wrap(_core.packed_rows(_words(packed, bitorder), width))


def _words(packed: NDArray[np.uint8], bitorder: str) -> NDArray[np.uint64]:
    in_place = (
        bitorder == "little"
        and packed.flags.c_contiguous
        and packed.shape[1] % 8 == 0
        and packed.ctypes.data % 8 == 0
        and sys.byteorder == "little"
    )
    if in_place:
        return packed.view(np.uint64)
    padded = np.zeros((packed.shape[0], -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    if bitorder == "big":
        reversed_bits = np.packbits(
            np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1), axis=1, bitorder="little"
        )[:, 0]
        padded[:, : packed.shape[1]] = reversed_bits[packed]
    else:
        padded[:, : packed.shape[1]] = packed
    return padded.view("<u8").astype(np.uint64, copy=False)


def to_core(X: Any, *, codings: Codings = (), threshold: float | None = None) -> _core.Dataset:
    """Packed rows of whatever `X` is; `codings` are those of a model, or none."""
    if isinstance(X, Dataset):
        return X._packed
    if isinstance(X, (str, os.PathLike)):
        return _read(X, codings=codings, threshold=threshold)
    if scipy.sparse.issparse(X):
        return _from_sparse(X, codings, threshold)
    if _is_pandas(X):
        return _from_pandas(X, codings, threshold)
    if hasattr(X, "__arrow_c_stream__"):
        return _warned(_core.read_arrow(X.__arrow_c_stream__(), list(codings), threshold))
    return _from_array(np.asarray(X), codings, threshold)


def _warned(result: tuple[_core.Dataset, list[str]]) -> _core.Dataset:
    data, messages = result
    for message in messages:
        warnings.warn(message, UserWarning, stacklevel=_outside())
    return data


def _outside() -> int:
    """The stack level of the caller outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith(__package__ or "mixbern"):
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level


def _read(path: str | os.PathLike[str], **options: Any) -> _core.Dataset:
    name = os.fspath(path)
    if not os.path.exists(name):
        raise FileNotFoundError(f"there is no file {name!r}")
    every: dict[str, Any] = {
        "first_row": 0,
        "end_row": None,
        "header": None,
        "columns": [],
        "exclude": [],
        "weight_column": "",
        "label_column": "",
    }
    every.update(options)
    every["codings"] = list(every["codings"])
    return _warned(_core.read_dataset(name, **every))


# Arrays


def _from_array(X: NDArray[Any], codings: Codings, threshold: float | None) -> _core.Dataset:
    if X.dtype.kind in "OUST":
        return _from_columns(X.shape[0], [X[:, d] for d in range(X.shape[1])], None, codings, threshold)
    if X.dtype.kind not in "?buif":
        raise TypeError(f"cells must be bool, numbers or text, not {X.dtype}")
    if threshold is None and not all(coding in (("0", "1"), ("false", "true")) for coding in codings):
        return _from_columns(X.shape[0], [X[:, d] for d in range(X.shape[1])], None, codings, None)
    packer = _core.RowPacker(X.shape[0], X.shape[1], threshold)
    for start, stop in _blocks(X):
        block = X[start:stop]
        if block.dtype not in _NATIVE:
            block = block.astype(np.float64)
        bad = packer.add(block)
        if bad is not None:
            raise _bad_cell(*bad, threshold)
    return packer.finish()


def _blocks(X: NDArray[Any]) -> Iterable[tuple[int, int]]:
    if X.dtype in _NATIVE:
        return [(0, X.shape[0])]
    rows = max(1, _BLOCK_CELLS // max(1, X.shape[1]))
    return [(start, min(start + rows, X.shape[0])) for start in range(0, X.shape[0], rows)]


def _bad_cell(row: int, column: int, value: str, threshold: float | None) -> ValueError:
    if "inf" in value:
        return ValueError(f"column {column} holds {value}, an infinity, in row {row}")
    return ValueError(
        f"column {column} holds {value} in row {row}; cells are 0, 1 or missing (NaN), and threshold=T makes "
        "numbers 1 where they are greater than T"
    )


# Sparse matrices


def _from_sparse(X: Any, codings: Codings, threshold: float | None) -> _core.Dataset:
    if threshold is not None and threshold < 0:
        raise ValueError("a sparse matrix needs a threshold of at least 0: its zeros would all be ones")
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
    for start in range(0, len(values), _BLOCK_CELLS):
        block = values[start : start + _BLOCK_CELLS]
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
    return _bad_cell(row, int(csr.indices[position]), f"{value:g}", threshold)


# Columns


def _is_pandas(X: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(X, pandas.DataFrame)


def _from_pandas(X: Any, codings: Codings, threshold: float | None) -> _core.Dataset:
    names = [str(name) for name in X.columns]
    columns = [X.iloc[:, d] for d in range(X.shape[1])]
    return _from_columns(X.shape[0], columns, names, codings, threshold)


def _from_columns(
    n_rows: int, columns: Sequence[Any], names: list[str] | None, codings: Codings, threshold: float | None
) -> _core.Dataset:
    table = _core.Table(n_rows, len(columns), names or [], list(codings), threshold)
    for d, column in enumerate(columns):
        name = f"column {d}" + (f" ({names[d]!r})" if names else "")
        if isinstance(column, np.ndarray):
            _add_array(table, d, column, name, threshold)
        else:
            _add_series(table, d, column, name, threshold)
    return _warned(table.finish())


def _add_series(table: _core.Table, d: int, column: Any, name: str, threshold: float | None) -> None:
    import pandas as pd

    if isinstance(column.dtype, np.dtype):
        _add_array(table, d, column.to_numpy(), name, threshold)
    elif isinstance(column.dtype, pd.SparseDtype):
        _add_array(table, d, column.to_numpy(), name, threshold)
    elif pd.api.types.is_bool_dtype(column.dtype) and column.dtype != "category":
        missing = column.isna().to_numpy(dtype=np.uint8)
        table.add_numbers(d, column.to_numpy(dtype=bool, na_value=False), missing)
    elif pd.api.types.is_numeric_dtype(column.dtype):
        table.add_numbers(d, column.to_numpy(dtype=np.float64, na_value=np.nan))
    else:
        positions, values = pd.factorize(column)
        _add_values(table, d, positions, list(values), name, threshold)


def _add_array(table: _core.Table, d: int, column: NDArray[Any], name: str, threshold: float | None) -> None:
    if column.dtype.kind in "?buif":
        native = column if column.dtype in _NATIVE else column.astype(np.float64)
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


# And back


def unpacked(data: _core.Dataset) -> NDArray[np.float64] | NDArray[np.uint8]:
    """All cells as 0 and 1; floats with NaN if cells are missing."""
    ones = data.ones()
    missing = data.missing()
    if missing is None:
        return ones
    cells = ones.astype(np.float64)
    cells[missing.astype(bool)] = np.nan
    return cells


def checked_weights(sample_weight: ArrayLike, n_rows: int) -> NDArray[np.float64]:
    """One finite weight >= 0 a row."""
    weights = np.ascontiguousarray(sample_weight, dtype=np.float64)
    if weights.ndim == 0:
        return np.full(n_rows, weights)
    if weights.ndim != 1:
        raise ValueError("Sample weights must be 1D array or scalar")
    if weights.shape != (n_rows,):
        raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(n_rows,)}!")
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"sample_weight holds {weights[row]:g} in row {row}; weights are finite and not negative")
    if not weights.any():
        raise ValueError("all sample weights are zero")
    return weights
