"""Tables that come as batches of Arrow: where cells are in them, and how they become packed rows piece by piece."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse
from numpy.typing import NDArray

from . import _core
from ._inputs import read_files

_CELLS_OF_A_PIECE = 1 << 29
_READ_AT_ONCE = 1 << 22
"""So many cells are packed together, whatever their types."""


@dataclass(frozen=True)
class Layout:
    """Where the cells of a row stand: in columns, or in one column of `kind` array, vector, bits or ones."""

    kind: str
    names: list[str]
    n_features: int
    bitorder: str = "big"

    @property
    def rows_of_a_piece(self) -> int:
        """As many as make 64 MB packed."""
        return max(1, _CELLS_OF_A_PIECE // self.n_features)

    def rows(self, batch: Any) -> Any:
        """What the estimator takes of a batch with these columns, and perhaps one of weights behind them."""
        if self.kind == "columns":
            return pa.table(batch.columns[: len(self.names)], names=self.names)
        column = batch.column(0)
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if column.null_count:
            raise ValueError(f"{self.names[0]!r} is null in {column.null_count:,} rows: fill them or leave them out")
        of_kind = {"array": _arrays, "bits": _bits, "ones": _ones, "vector": _vectors}
        return of_kind[self.kind](column, self)

    def weights(self, batch: Any) -> Any:
        """The column behind the cells, if there is one."""
        if batch.num_columns == len(self.names):
            return None
        column = batch.column(len(self.names))
        if column.null_count:
            raise ValueError(f"the weight is null in {column.null_count:,} rows: fill them or leave them out")
        return column.to_numpy()


def _arrays(column: Any, layout: Layout) -> Any:
    _require_width(pc.list_value_length(column).to_numpy(), layout.n_features)
    cells = column.flatten()
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.uint8())
    if cells.null_count or pa.types.is_decimal(cells.type):
        cells = cells.cast(pa.float64())
    return cells.to_numpy(zero_copy_only=False).reshape(-1, layout.n_features)


def _ones(column: Any, layout: Layout) -> Any:
    """Of the numbers of the features that are 1."""
    counts = pc.list_value_length(column).to_numpy()
    columns = column.flatten().to_numpy()
    if columns.size and not 0 <= columns.min() <= columns.max() < layout.n_features:
        raise ValueError(f"{layout.names[0]!r} has bits {columns.min()} to {columns.max()} of {layout.n_features:,}")
    offsets = np.append(0, counts.cumsum())
    cells = (np.ones(len(columns), np.uint8), columns, offsets)
    return scipy.sparse.csr_matrix(cells, shape=(len(column), layout.n_features))


def _vectors(column: Any, layout: Layout) -> Any:
    """Dense, or sparse if all rows are: NaN is missing in the former only."""
    width = layout.n_features
    is_dense = column.field("type").to_numpy() == 1
    if is_dense.any() and not is_dense.all():
        cells = np.empty((len(column), width))
        cells[is_dense] = _vectors(column.filter(pa.array(is_dense)), layout)
        cells[~is_dense] = _vectors(column.filter(pa.array(~is_dense)), layout).toarray()
        return cells
    values = column.field("values")
    counts = pc.list_value_length(values).to_numpy()
    flat = values.flatten().to_numpy()
    if is_dense.all():
        _require_width(counts, width)
        return flat.reshape(-1, width)
    _require_width(column.field("size").to_numpy(), width)
    columns = column.field("indices").flatten().to_numpy()
    return scipy.sparse.csr_matrix((flat, columns, np.append(0, counts.cumsum())), shape=(len(column), width))


def _bits(column: Any, layout: Layout) -> _core.Dataset:
    n_bytes = -(-layout.n_features // 8)
    _require_width(pc.binary_length(column).to_numpy(), n_bytes, "bytes")
    packed = np.frombuffer(b"".join(column.to_pylist()), dtype=np.uint8).reshape(-1, n_bytes)
    return _core.packed_rows(packed, layout.n_features, layout.bitorder == "big")


def _require_width(found: NDArray[Any], width: int, what: str = "features") -> None:
    other = found[found != width]
    if other.size:
        raise ValueError(f"a row has {other[0]:,} {what}, the first one has {width:,}")


def few_rows(most: int, batches: Iterable[Any]) -> Iterator[Any]:
    """Rows with the values of each column, or `most` of them."""
    found: list[Any] = []
    for batch in batches:
        seen = [pa.concat_arrays(pair) for pair in zip(found, batch.columns, strict=True)] if found else batch.columns
        found = [_told(column).unique()[:most] for column in seen]
    n = max((len(values) for values in found), default=0)
    if n:
        yield pa.RecordBatch.from_arrays([_resized(values, n) for values in found], names=batch.schema.names)


def _told(column: Any) -> Any:
    told = column.drop_null()
    return told.filter(pc.invert(pc.is_nan(told))) if pa.types.is_floating(told.type) else told


def _resized(values: Any, n: int) -> Any:
    return values.take(pa.array(np.arange(n) % len(values))) if len(values) else pa.nulls(n, values.type)


def joined(
    batches: Iterable[Any], layout: Layout, read: Callable[[Any], _core.Dataset], n_rows: int
) -> Iterator[_core.Dataset]:
    """Packed data sets of `n_rows` rows each, but for the last; `read` packs a table."""
    step = max(1, min(n_rows, _READ_AT_ONCE // layout.n_features))
    tables = _tables(batches, step, n_rows)
    for table in tables:
        with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
            n_read = 0
            while table is not None:
                read(table).write(os.path.join(folder, f"{n_read:012}.safetensors"))
                n_read += len(table)
                table = next(tables, None) if n_read < n_rows else None
            yield read_files(folder)


def _tables(batches: Iterable[Any], step: int, n_rows: int) -> Iterator[Any]:
    """Tables of `step` rows, and of fewer where `n_rows` are full."""
    waiting: list[Any] = []
    missing = n_rows
    for batch in batches:
        waiting.append(batch)
        while sum(len(part) for part in waiting) >= (size := min(step, missing)):
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, size)
            waiting = table.slice(size).to_batches()
            missing = missing - size or n_rows
    if any(len(part) for part in waiting):
        yield pa.Table.from_batches(waiting)
