"""Tables that need not fit into memory, as pieces of packed rows: Parquet, datasets of Arrow, lazy frames of polars."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset

from . import _core
from ._answers import One, with_answers
from ._batches import Layout, few_rows, joined
from ._inputs import read_files, to_core
from ._missing import telling_values
from ._reading import Reading

_ROWS_OF_A_BATCH = 1 << 14


@dataclass(frozen=True)
class _Source:
    """Batches that can be had again."""

    schema: Any
    batches: Callable[[], Iterable[Any]]


@dataclass(frozen=True)
class Packing:
    """What is to be known of a stream besides how its cells are read."""

    n_features: int | None = None
    bitorder: str = "big"
    one: One = None
    rows_per_file: int | None = None


def streamed(X: Any, how: Reading) -> _core.Dataset:
    """The rows packed, in memory or, where they are many, in files that have no name any more."""
    with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
        write_pieces(X, os.path.join(folder, "rows.safetensors"), how, Packing())
        return read_files(folder)


def write_pieces(X: Any, path: str, how: Reading, packing: Packing) -> list[str]:
    """Writes the rows as packed files that are called after `path`, and returns their names.

    All are written beside `path` first, and then renamed.
    """
    source = _source_of(X)
    layout = _layout_of(source, packing)
    how = _learned(source, layout, how, packing.one)
    read = lambda table: to_core(layout.rows(table), how) if layout.kind != "bits" else layout.rows(table)  # noqa: E731
    n_rows = packing.rows_per_file or layout.rows_of_a_piece
    with tempfile.TemporaryDirectory(prefix=".mixbern-", dir=os.path.dirname(path) or ".") as folder:
        written: list[str] = []
        for data in joined(source.batches(), layout, read, n_rows):
            written.append(os.path.join(folder, f"{len(written) + 1:05}.safetensors"))
            data.write(written[-1])
        names = _names(path, len(written))
        for file, name in zip(written, names, strict=True):
            os.replace(file, name)
    return names


def _names(path: str, n_files: int) -> list[str]:
    """As ``mixbern convert --rows-per-file`` has them: out.safetensors gives out-00001.safetensors and so on."""
    if n_files == 0:
        raise ValueError("the table has no row")
    stem, ending = os.path.splitext(path)
    names = [f"{stem}-{i + 1:05}{ending}" for i in range(n_files + 1)]
    if os.path.exists(names[-1]):
        raise ValueError(
            f"{names[-1]!r} is there already, but {n_files} files are to be written: remove what another call wrote, or "
            "give another name"
        )
    return names[:-1]


def _source_of(X: Any) -> _Source:
    if type(X).__name__ == "LazyFrame":
        return _Source(X.head(0).collect().to_arrow().schema, lambda: _of_lazy_frame(X))
    dataset = pyarrow.dataset.dataset(os.fspath(X), format="parquet") if isinstance(X, (str, os.PathLike)) else X
    return _Source(dataset.schema, lambda: _of_dataset(dataset))


def _of_dataset(X: Any) -> Iterator[Any]:
    """By row groups of Parquet: a scan of all reads as far ahead as it likes."""
    try:
        fragments = list(X.get_fragments())
    except ValueError:  # with a filter or a projection, which fragments do not know
        fragments = [X]
    for fragment in fragments:
        groups = fragment.split_by_row_group() if hasattr(fragment, "split_by_row_group") else [fragment]
        for group in groups:
            schema = {} if group is X else {"schema": X.schema}
            yield from group.to_batches(batch_size=_ROWS_OF_A_BATCH, **schema)


def _of_lazy_frame(X: Any) -> Iterator[Any]:
    for frame in X.collect_batches(chunk_size=_ROWS_OF_A_BATCH, maintain_order=True):
        yield from frame.to_arrow().to_batches()


def _layout_of(source: _Source, packing: Packing) -> Layout:
    names, types = source.schema.names, source.schema.types
    kind = _kind(types[0]) if len(types) == 1 else "columns"
    if kind == "columns":
        return Layout(kind, names, len(names))
    n_features = packing.n_features or _width(source, types[0], kind)
    return Layout(kind, names, n_features, packing.bitorder)


def _kind(of_cells: Any) -> str:
    """What a column alone holds."""
    if pa.types.is_fixed_size_binary(of_cells) or pa.types.is_binary(of_cells) or pa.types.is_large_binary(of_cells):
        return "bits"
    if pa.types.is_fixed_size_list(of_cells):
        return "array"
    if pa.types.is_list(of_cells) or pa.types.is_large_list(of_cells):
        return "ones" if pa.types.is_integer(of_cells.value_type) else "array"
    return "columns"


def _width(source: _Source, of_cells: Any, kind: str) -> int:
    """The number of features, where nobody gave it."""
    if pa.types.is_fixed_size_binary(of_cells):
        return 8 * int(of_cells.byte_width)
    if pa.types.is_fixed_size_list(of_cells):
        return int(of_cells.list_size)
    if kind != "ones":
        raise ValueError(f"column {source.schema.names[0]!r} has rows of any width: give n_features")
    largest = [pc.max(batch.column(0).flatten()).as_py() for batch in source.batches()]
    return 1 + max((value for value in largest if value is not None), default=0)


def _learned(source: _Source, layout: Layout, how: Reading, one: One) -> Reading:
    """With the answers of the columns, which are looked for in all rows unless they are known."""
    if how.codings or how.threshold is not None:
        return replace(how, categorical=())
    if layout.kind != "columns":
        return replace(how, codings=[("0", "1")] * layout.n_features, categorical=())
    few = list(few_rows(telling_values(how.missing), source.batches()))
    if not few:
        raise ValueError("the table has no row with an answer")
    found = with_answers(to_core(pa.Table.from_batches(few), replace(how, categorical=())), one)
    return replace(how, codings=found.codings, categorical=())
