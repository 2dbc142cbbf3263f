"""What Spark's workers do with their partitions, which come as batches of Arrow."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark import Broadcast, TaskContext

from ._batches import Layout, joined
from ._dataset import Dataset
from ._estimator import BernoulliMixture
from ._parts import facts_of, known, merged, sums_of, weighted
from .federated import Pass, Site

ANSWERS = "content binary, complaint string"
"""Rows that workers answer with. A complaint is no failure of a task, which Spark would try four times."""


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


def _packed(reader: BernoulliMixture, layout: Layout, batch: Any) -> Any:
    rows = layout.rows(batch)
    return reader._data(Dataset._wrap(rows) if layout.kind == "bits" else rows)


@_answering
def pack(reader: BernoulliMixture, layout: Layout, batches: Iterable[Any]) -> Iterator[Site]:
    """The sites of a partition."""
    def read(table: Any) -> Any:
        return weighted(_packed(reader, layout, table), layout.weights(table))

    try:
        for data in joined(batches, layout, read, layout.rows_of_a_piece):
            yield Site(Dataset._wrap(data), n_threads=reader.n_threads)
    except (ValueError, TypeError) as error:
        task = TaskContext.get()
        raise ValueError(f"partition {task.partitionId() if task else 0}: {error}") from error


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
    read = Dataset._wrap(_packed(model, layout, pa.RecordBatch.from_struct_array(rows)))
    found = model.predict_proba(read)
    ends = np.arange(len(found) + 1, dtype=np.int32) * found.shape[1]
    posteriors = pa.ListArray.from_arrays(ends, found.ravel())
    labels = pa.array(model.predict(read), pa.int32())
    return pa.StructArray.from_arrays([labels, posteriors], names=["prediction", "probability"])
