"""Filled cells in the shape that the rows came in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arrays import unpacked


def filled_like(X: Any, data: _core.Dataset, filled: _core.Dataset) -> Any:
    """`X` with its missing cells filled, where it is a frame or an array; else all cells."""
    ones = filled.ones()
    missing = data.missing()
    if hasattr(X, "iloc"):
        return _filled_frame(X, data, ones, missing)
    if isinstance(X, np.ndarray) and X.dtype.kind in "bif":
        if missing is None:
            return X.copy()
        result = X.copy()
        holes = missing.astype(bool)
        result[holes] = ones[holes]
        return result
    return unpacked(filled)


def _filled_frame(
    X: Any, data: _core.Dataset, ones: NDArray[np.uint8], missing: NDArray[np.uint8] | None
) -> Any:
    result = X.copy()
    if missing is None:
        return result
    for d in np.flatnonzero(missing.any(axis=0)):
        column = X.iloc[:, d]
        holes = missing[:, d].astype(bool)
        known = {int(ones[i, d]): column.iloc[i] for i in np.flatnonzero(~holes)[::-1]}
        for side, text in enumerate(data.codings[d]):
            known.setdefault(side, text or side)
        filled = column.astype(object)
        filled[holes] = [known[int(one)] for one in ones[holes, d]]
        typed = filled.infer_objects().to_numpy() if column.dtype == object else filled.astype(column.dtype)
        result[result.columns[d]] = typed
    return result
