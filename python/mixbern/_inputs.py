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
from ._foreign import is_foreign, table_in, write_csv
from ._items import names_of_columns
from ._messages import warned
from ._paths import Paths, paths_of
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
    if paths_of(X) is not None:
        table = table_in(X)
        if table is None:
            return read_files(X, **how.of_file())
        X = table
    if scipy.sparse.issparse(X):
        return from_sparse(X, how)
    if is_pandas(X):
        return from_pandas(X, how)
    if hasattr(X, "__arrow_c_stream__"):
        names = [str(name) for name in names_of(X)]
        return warned(_core.read_arrow(X.__arrow_c_stream__(), how.of_columns(names, None), how.by_type))
    return from_array(np.asanyarray(X), how)


def names_in(paths: Paths) -> list[str]:
    """Names of the columns in a file, or in the first of several; its first row is looked at alone."""
    return _names(_existing(paths)[0], {})


def names_of(X: Any) -> list[Any]:
    """Names of the columns of a frame or an Arrow table; none of anything else."""
    if hasattr(X, "iloc") or (hasattr(X, "select") and hasattr(X, "columns")):
        named = X.column_names if hasattr(X, "column_names") else X.columns
        return list(named)
    return []


def read_files(paths: Paths, **options: Any) -> _core.Dataset:
    """Rows of a file, or of several, row after row; `options` are those of the extension's ``read_dataset`` that are
    not left at their defaults.
    """
    return warned(_read(_existing(paths), options))


def read_table_or_files(paths: Paths, how: Reading, **choice: Any) -> _core.Dataset:
    """The same for a file of another program too: its table is read as the CSV that it would be."""
    table = table_in(paths)
    if table is None:
        return read_files(paths, **how.of_file(), **choice)
    name = _existing(paths)[0]
    if scipy.sparse.issparse(table):
        raise ValueError(f"{name!r} holds a matrix: mixbern.Dataset({name!r}) takes it, all rows and columns")
    with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
        copy = os.path.join(folder, "table.csv")
        write_csv(table, copy)
        if how.by_type:
            kept = _names(copy, choice)
            found = [str(names_of(table)[d]) for d in category_columns(table)]
            how = replace(how, categorical=tuple(column for column in found if column in kept))
        return warned(_read([copy], {**how.of_file(), **choice}, name))


def _names(path: str, choice: dict[str, Any]) -> list[str]:
    first = _read([path], {**choice, "first_row": 0, "end_row": 1})[0]
    return names_of_columns(first, first.n_features)


def _read(paths: list[str], options: dict[str, Any], name: str | None = None) -> tuple[_core.Dataset, list[str]]:
    """The rows of all files, and what there is to say of them; messages call the first one `name`."""
    every = {**DEFAULTS, **options}

    def told(text: str) -> str:
        return in_python(text if name is None else text.replace(paths[0], name))

    every["codings"] = list(every["codings"])
    try:
        data, messages = _core.read_dataset(paths, **every)
    except ValueError as error:
        raise ValueError(told(str(error))) from None
    return data, [told(message) for message in messages]


def _existing(paths: Paths) -> list[str]:
    names = paths_of(paths)
    assert names is not None
    for name in names:
        if not os.path.exists(name):
            raise FileNotFoundError(f"there is no file {name!r}")
        if len(names) > 1 and is_foreign(name):
            raise ValueError(
                f"{name!r} is read by another library, whole: several files are those that mixbern reads itself; "
                "mixbern.convert writes them"
            )
    return names
