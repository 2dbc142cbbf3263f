"""Filled cells in the shape that the rows came in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arrays import unpacked
from ._columns import are_digits
from ._items import answers_in, both_answers, chosen_answers, stretches


def filled_like(X: Any, own: Any, data: _core.Dataset, filled: _core.Dataset) -> Any:
    """`X` with its missing cells filled, where it is a frame or an array; else all cells. `own` are the columns of the
    model in `X`, and `data` their rows."""
    if hasattr(X, "iloc"):
        result = X.copy()
        for at, holes, codes, texts in _gaps(data, filled):
            result[own.columns[at]] = _filled_series(own.iloc[:, at], holes, codes, texts)
        return result
    if not isinstance(X, np.ndarray):
        return answers_in(filled.ones(), data.categorical, data.codings) if data.categorical else unpacked(filled)
    if data.categorical or (X.dtype.kind in "bif" and not are_digits(data.codings)):
        result = X.copy()
        for at, holes, codes, texts in _gaps(data, filled):
            known = _observed(X[:, at], holes, codes, texts)
            result[holes, at] = [known[code] for code in codes[holes]]
        return result
    return _filled_digits(X, data, filled) if X.dtype.kind in "bif" else unpacked(filled)


def _filled_digits(X: NDArray[Any], data: _core.Dataset, filled: _core.Dataset) -> NDArray[Any]:
    result = X.copy()
    missing = data.missing()
    if missing is not None:
        holes = missing.astype(bool)
        result[holes] = filled.ones()[holes]
    return result


def _gaps(
    data: _core.Dataset, filled: _core.Dataset
) -> list[tuple[int, NDArray[np.bool_], NDArray[np.intp], list[str]]]:
    """Of each column with missing cells: its number, where they are, the number of every row's answer, all answers."""
    missing = data.missing()
    if missing is None:
        return []
    ones = filled.ones()
    of = stretches(data.n_features, data.categorical)
    return [
        (
            at,
            missing[:, first].astype(bool),
            chosen_answers(ones, first, answers),
            answers or both_answers(data.codings, first),
        )
        for at, (first, answers) in enumerate(of)
        if missing[:, first].any()
    ]


def _observed(
    cells: Any, holes: NDArray[np.bool_], codes: NDArray[np.intp], texts: list[str]
) -> dict[int, Any]:
    """For each answer a cell that holds it; its text where none does."""
    seen = np.flatnonzero(~holes)
    answers, first = np.unique(codes[seen], return_index=True)
    return {**dict(enumerate(texts)), **{int(code): cells[seen[at]] for code, at in zip(answers, first)}}


def _filled_series(column: Any, holes: NDArray[np.bool_], codes: NDArray[np.intp], texts: list[str]) -> Any:
    known = _observed(column.array, holes, codes, texts)
    dtype = column.dtype
    if dtype == "category":
        of_text = {_text(category): category for category in dtype.categories}
        known = {code: of_text.get(cell, cell) if isinstance(cell, str) else cell for code, cell in known.items()}
        new = [cell for cell in dict.fromkeys(known[code] for code in codes[holes]) if cell not in dtype.categories]
        dtype = type(dtype)([*dtype.categories, *new], dtype.ordered) if new else dtype
    filled = column.astype(object)
    filled[holes] = [known[code] for code in codes[holes]]
    if dtype != object:
        return filled.astype(dtype)
    inferred = filled.infer_objects()
    return inferred if inferred.dtype.kind in "bif" else filled


def _text(category: Any) -> str:
    """A category as the library calls the answer."""
    whole = isinstance(category, float) and category.is_integer()
    return str(int(category) if whole else category)
