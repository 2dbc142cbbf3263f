"""From what people hold to the library's data sets: arrays, sparse matrices, frames, Arrow tables, files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse

from . import _core
from ._arrays import from_array
from ._columns import Codings, from_pandas, is_pandas
from ._foreign import table_in, write_csv
from ._messages import warned
from ._sparse import from_sparse
from ._wording import in_python


DEFAULTS: dict[str, Any] = {
    "codings": [],
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


def to_core(
    X: Any, *, codings: Codings = (), threshold: float | None = None, missing: Sequence[str] = ()
) -> _core.Dataset:
    """Rows of whatever `X` is; `codings` are those of a model, or none."""
    if isinstance(X, (str, os.PathLike)):
        table = table_in(X)
        if table is None:
            return read_file(X, codings=codings, threshold=threshold, missing=list(missing))
        X = table
    if scipy.sparse.issparse(X):
        return from_sparse(X, codings, threshold)
    if is_pandas(X):
        return from_pandas(X, codings, threshold, missing)
    if hasattr(X, "__arrow_c_stream__"):
        return warned(_core.read_arrow(X.__arrow_c_stream__(), list(codings), threshold, list(missing)))
    return from_array(np.asanyarray(X), codings, threshold, missing)


def names_in(path: str | os.PathLike[str]) -> list[str]:
    """Names of the features in a file; its first row is looked at alone."""
    return _read(_existing(path), _existing(path), {"end_row": 1})[0].feature_names


def read_file(path: str | os.PathLike[str], **options: Any) -> _core.Dataset:
    """Rows of a file; `options` are those of the extension's ``read_dataset`` that are not left at their defaults."""
    return warned(_read(_existing(path), os.fspath(path), options))


def read_table_or_file(path: str | os.PathLike[str], **options: Any) -> _core.Dataset:
    """The same for files of other programs too: their table is read as the CSV that it would be."""
    table = table_in(path)
    if table is None:
        return read_file(path, **options)
    name = os.fspath(path)
    if scipy.sparse.issparse(table):
        raise ValueError(f"{name!r} holds a matrix: mixbern.Dataset({name!r}) takes it, all rows and columns")
    with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
        copy = os.path.join(folder, "table.csv")
        write_csv(table, copy)
        return warned(_read(copy, name, options))


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
