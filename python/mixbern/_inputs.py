"""From what people hold to the library's data sets: arrays, sparse matrices, frames, Arrow tables, files."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse

from . import _core
from ._arrays import from_array
from ._columns import category_columns, from_pandas, is_pandas
from ._foreign import table_in, write_csv
from ._items import names_of_columns
from ._messages import warned
from ._reading import Reading
from ._sparse import from_sparse
from ._wording import in_python


DEFAULTS: dict[str, Any] = {
    "codings": [],
    "items": [],
    "categorical": [],
    "threshold": None,
    "first_row": 0,
    "end_row": None,
    "header": None,
    "columns": [],
    "exclude": [],
    "weight_column": "",
    "label_column": "",
    "id_column": "",
    "missing": [],
    "feature_names": [],
}
"""Options of the extension's ``read_dataset``."""


def to_core(X: Any, how: Reading) -> _core.Dataset:
    """Rows of whatever `X` is."""
    if isinstance(X, (str, os.PathLike)):
        table = table_in(X)
        if table is None:
            return read_file(X, **how.of_file())
        X = table
    if scipy.sparse.issparse(X):
        return from_sparse(X, how)
    if is_pandas(X):
        return from_pandas(X, how)
    if hasattr(X, "__arrow_c_stream__"):
        names = [str(name) for name in names_of(X)]
        return warned(_core.read_arrow(X.__arrow_c_stream__(), how.of_columns(names, None), how.by_type))
    return from_array(np.asanyarray(X), how)


def names_in(path: str | os.PathLike[str]) -> list[str]:
    """Names of the columns in a file; its first row is looked at alone."""
    return _names(_existing(path), {})


def names_of(X: Any) -> list[Any]:
    """Names of the columns of a frame or an Arrow table; none of anything else."""
    if hasattr(X, "iloc") or (hasattr(X, "select") and hasattr(X, "columns")):
        named = X.column_names if hasattr(X, "column_names") else X.columns
        return list(named)
    return []


def read_file(path: str | os.PathLike[str], **options: Any) -> _core.Dataset:
    """Rows of a file; `options` are those of the extension's ``read_dataset`` that are not left at their defaults."""
    return warned(_read(_existing(path), os.fspath(path), options))


def read_table_or_file(path: str | os.PathLike[str], how: Reading, **choice: Any) -> _core.Dataset:
    """The same for files of other programs too: their table is read as the CSV that it would be."""
    table = table_in(path)
    if table is None:
        return read_file(path, **how.of_file(), **choice)
    name = os.fspath(path)
    if scipy.sparse.issparse(table):
        raise ValueError(f"{name!r} holds a matrix: mixbern.Dataset({name!r}) takes it, all rows and columns")
    with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
        copy = os.path.join(folder, "table.csv")
        write_csv(table, copy)
        if how.by_type:
            kept = _names(copy, choice)
            found = [str(names_of(table)[d]) for d in category_columns(table)]
            how = replace(how, categorical=tuple(column for column in found if column in kept))
        return warned(_read(copy, name, {**how.of_file(), **choice}))


def _names(path: str, choice: dict[str, Any]) -> list[str]:
    first = _read(path, path, {**choice, "first_row": 0, "end_row": 1})[0]
    return names_of_columns(first, first.n_features)


def _read(path: str, name: str, options: dict[str, Any]) -> tuple[_core.Dataset, list[str]]:
    """The rows at `path`, which messages call `name`, and what there is to say of them."""
    every = {**DEFAULTS, **options}
    every["codings"] = list(every["codings"])
    try:
        data, messages = _core.read_dataset(path, **every)
    except ValueError as error:
        raise ValueError(in_python(str(error).replace(path, name))) from None
    return data, [in_python(message.replace(path, name)) for message in messages]


def _existing(path: str | os.PathLike[str]) -> str:
    name = os.fspath(path)
    if not os.path.exists(name):
        raise FileNotFoundError(f"there is no file {name!r}")
    return name
