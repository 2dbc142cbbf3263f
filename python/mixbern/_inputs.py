"""From what people hold to the library's data sets: arrays, sparse matrices, frames, Arrow tables, files."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import scipy.sparse

from . import _core
from ._arrays import from_array
from ._columns import Codings, from_pandas, is_pandas
from ._messages import warned
from ._sparse import from_sparse


def to_core(X: Any, *, codings: Codings = (), threshold: float | None = None) -> _core.Dataset:
    """Rows of whatever `X` is; `codings` are those of a model, or none."""
    if isinstance(X, (str, os.PathLike)):
        return read_file(X, codings=codings, threshold=threshold)
    if scipy.sparse.issparse(X):
        return from_sparse(X, codings, threshold)
    if is_pandas(X):
        return from_pandas(X, codings, threshold)
    if hasattr(X, "__arrow_c_stream__"):
        return warned(_core.read_arrow(X.__arrow_c_stream__(), list(codings), threshold))
    return from_array(np.asarray(X), codings, threshold)


def read_file(path: str | os.PathLike[str], **options: Any) -> _core.Dataset:
    """Rows of a file; `options` are those of the extension's ``read_dataset`` that are not left at their defaults."""
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
    return warned(_core.read_dataset(name, **every))
