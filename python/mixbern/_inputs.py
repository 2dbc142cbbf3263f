"""From what people hold to the library's data sets: arrays, sparse matrices, frames, Arrow tables, files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse

from . import _core
from ._arrays import from_array
from ._columns import Codings, from_pandas, is_pandas
from ._foreign import table_in
from ._messages import warned
from ._sparse import from_sparse


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
    data, _ = _core.read_dataset(_existing(path), **{**DEFAULTS, "end_row": 1})
    return data.feature_names


def read_file(path: str | os.PathLike[str], **options: Any) -> _core.Dataset:
    """Rows of a file; `options` are those of the extension's ``read_dataset`` that are not left at their defaults."""
    every = {**DEFAULTS, **options}
    every["codings"] = list(every["codings"])
    return warned(_core.read_dataset(_existing(path), **every))


def _existing(path: str | os.PathLike[str]) -> str:
    name = os.fspath(path)
    if not os.path.exists(name):
        raise FileNotFoundError(f"there is no file {name!r}")
    return name
