"""What Spark's workers do with their partitions, which come as batches of Arrow."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse
from numpy.typing import NDArray
from pyspark import Broadcast, TaskContext

from ._dataset import Dataset, from_packed
from ._estimator import BernoulliMixture
from ._parts import facts_of, known, merged, sums_of, weighted
from .federated import Pass, Site

ANSWERS = "content binary, complaint string"
"""Rows that workers answer with. A complaint is no failure of a task, which Spark would try four times."""

_READ_AT_ONCE = 1 << 25  # cells
_TABLES_OF_A_SITE = 16  # 64 MB packed


@dataclass(frozen=True)
class Layout:
    """Where the cells of a row stand: in columns, or in one column of `kind` array, vector or bits."""

    kind: str
    names: list[str]
    n_features: int
    bitorder: str = "big"

    def rows(self, batch: Any) -> Any:
        """What the estimator takes of a batch with these columns, and perhaps one of weights behind them."""
        if self.kind == "columns":
            return pa.table(batch.columns[: len(self.names)], names=self.names)
        column = batch.column(0)
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if column.null_count:
            raise ValueError(f"{self.names[0]!r} is null in {column.null_count:,} rows: fill them or leave them out")
        if self.kind == "array":
            return _arrays(column, self.n_features)
        return _bits(column, self) if self.kind == "bits" else _vectors(column, self.n_features)

    def weights(self, batch: Any) -> Any:
        """The column behind the cells, if there is one."""
        if batch.num_columns == len(self.names):
            return None
        column = batch.column(len(self.names))
        if column.null_count:
            raise ValueError(f"the weight is null in {column.null_count:,} rows: fill them or leave them out")
        return column.to_numpy()


def _arrays(column: Any, width: int) -> Any:
    _require_width(pc.list_value_length(column).to_numpy(), width)
    cells = column.flatten()
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.uint8())
    if cells.null_count or pa.types.is_decimal(cells.type):
        cells = cells.cast(pa.float64())
    return cells.to_numpy(zero_copy_only=False).reshape(-1, width)


def _vectors(column: Any, width: int) -> Any:
    """Dense, or sparse if all rows are: NaN is missing in the former only."""
    is_dense = column.field("type").to_numpy() == 1
    if is_dense.any() and not is_dense.all():
        cells = np.empty((len(column), width))
        cells[is_dense] = _vectors(column.filter(pa.array(is_dense)), width)
        cells[~is_dense] = _vectors(column.filter(pa.array(~is_dense)), width).toarray()
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


def _bits(column: Any, layout: Layout) -> Dataset:
    n_bytes = -(-layout.n_features // 8)
    _require_width(pc.binary_length(column).to_numpy(), n_bytes, "bytes")
    packed = np.frombuffer(b"".join(column.to_pylist()), dtype=np.uint8).reshape(-1, n_bytes)
    return from_packed(packed, layout.n_features, bitorder=layout.bitorder)


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


def _answering(work: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """What `work` yields of a partition, or why it cannot, as rows of `ANSWERS`."""

    @wraps(work)
    def answering(*arguments: Any) -> Iterator[Any]:
        try:
            for value in work(*arguments):
                yield _answer(pickle.dumps(value), None)
        except ValueError as error:
            yield _answer(None, str(error))

    return answering


def _answer(content: bytes | None, complaint: str | None) -> Any:
    return pa.RecordBatch.from_arrays(
        [pa.array([content], pa.binary()), pa.array([complaint], pa.string())], names=["content", "complaint"]
    )


def contents(answers: Iterable[tuple[bytes | None, str | None]]) -> Iterator[Any]:
    """What the rows hold; the first complaint is raised."""
    for content, complaint in answers:
        if content is None:
            raise ValueError(complaint)
        yield pickle.loads(content)


def _values(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        rows = zip(*batch.columns, strict=True)
        yield from contents((content.as_py(), complaint.as_py()) for content, complaint in rows)


@_answering
def pack(reader: BernoulliMixture, layout: Layout, batches: Iterable[Any]) -> Iterator[Site]:
    """The sites of a partition."""
    tables = _tables(batches, max(1, _READ_AT_ONCE // layout.n_features))
    try:
        for table in tables:
            yield _site(reader, layout, chain([table], islice(tables, _TABLES_OF_A_SITE - 1)))
    except (ValueError, TypeError) as error:
        task = TaskContext.get()
        raise ValueError(f"partition {task.partitionId() if task else 0}: {error}") from error


def _site(reader: BernoulliMixture, layout: Layout, tables: Iterable[Any]) -> Site:
    with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
        for i, table in enumerate(tables):
            data = weighted(reader._data(layout.rows(table)), layout.weights(table))
            data.write(os.path.join(folder, f"{i:04}.safetensors"))
        return Site(Dataset(folder), n_threads=reader.n_threads)


def _tables(batches: Iterable[Any], n_rows: int) -> Iterator[Any]:
    """Tables of at least so many rows, but for the last."""
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(len(part) for part in waiting) >= n_rows:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if any(len(part) for part in waiting):
        yield pa.Table.from_batches(waiting)


@_answering
def facts(batches: Iterable[Any]) -> Iterator[Any]:
    yield from known([facts_of(_values(batches))])


@_answering
def sums(asked: Broadcast[bytes], batches: Iterable[Any]) -> Iterator[Any]:
    yield from known([sums_of(_values(batches), Pass.from_bytes(asked.value))])


@_answering
def merge(batches: Iterable[Any]) -> Iterator[Any]:
    yield from known([merged(_values(batches))])


def predictions(model: BernoulliMixture, layout: Layout, rows: Any) -> Any:
    """The most probable component and the posteriors of each row of a struct."""
    read = Dataset._wrap(model._data(layout.rows(pa.RecordBatch.from_struct_array(rows))))
    found = model.predict_proba(read)
    ends = np.arange(len(found) + 1, dtype=np.int32) * found.shape[1]
    posteriors = pa.ListArray.from_arrays(ends, found.ravel())
    labels = pa.array(model.predict(read), pa.int32())
    return pa.StructArray.from_arrays([labels, posteriors], names=["prediction", "probability"])
