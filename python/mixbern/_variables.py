"""Columns beside the items: covariates, outcomes, and the design of a survey."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core


def columns_in(found: Any, X: Any, name: str) -> dict[str, Any]:
    """The columns of a frame or a mapping, one array under its name, or those that names say of the frame `X`."""
    if found is None:
        return {}
    if isinstance(found, str):
        found = [found]
    if isinstance(found, Mapping):
        return {str(key): column for key, column in found.items()}
    if hasattr(found, "columns") and hasattr(found, "iloc"):
        return {str(key): found[key] for key in found.columns}
    if hasattr(found, "iloc") and getattr(found, "name", None) is not None:
        return {str(found.name): found}
    names = list(found) if isinstance(found, Sequence) else []
    if not names or not all(isinstance(own, str) for own in names):
        raise TypeError(f"{name} must be a frame, a mapping of names to columns, or names of columns of X")
    if not hasattr(X, "iloc"):
        raise TypeError(f"{name} names columns, so X must be a frame that has them, or give the columns themselves")
    missing = [own for own in names if own not in X.columns]
    if missing:
        raise ValueError(f"{name}: X has no column {missing[0]!r}")
    return {own: X[own] for own in names}


def factors(term: str) -> list[str]:
    """The columns of a term such as ``age:sex``."""
    parts = [part.strip() for part in re.split("[:*]", term)]
    if not all(parts):
        raise ValueError(f"the term {term!r} needs a column on either side, as in 'age:sex'")
    return parts


def variable(name: str, column: Any, n_rows: int, kind: str | None = None) -> _core.Variable:
    """Numbers, or categories in the order of their type or else of files."""
    if len(column) != n_rows:
        raise ValueError(f"{name!r} has {len(column)} rows, X has {n_rows}")
    if getattr(column, "dtype", None) == "category":
        return _of_categories(name, column)
    cells = np.asarray(column, dtype=object) if not isinstance(column, np.ndarray) else column
    if cells.ndim != 1:
        raise ValueError(f"{name!r} must be one column, its shape is {cells.shape}")
    numbers = _numbers(cells)
    if numbers is None:
        if kind in ("continuous", "count"):
            raise ValueError(f"{name!r} is {kind}, so it needs numbers")
        return _core.variable_of(name, [_text(cell) for cell in cells.tolist()], False)
    if kind == "nominal":
        return _core.variable_of(name, ["" if np.isnan(value) else f"{value:.15g}" for value in numbers], True)
    return _core.Variable(name, numbers, [])


def without_column(X: Any, named: Any, what: str = "groups") -> tuple[Any, Any]:
    """The table without the column that `named` names, and the column; or both as they are."""
    if not isinstance(named, str):
        return X, named
    column = next(iter(columns_in([named], X, what).values()))
    return X.drop(columns=[named]), column


def with_groups(data: _core.Dataset, column: Any) -> tuple[_core.Dataset, list[str]]:
    """The rows with their groups as labels, -1 where a row has none, and what these are called."""
    found = variable("groups", column, data.n_rows, "nominal")
    grouped = data.replaced()
    _core.take_groups(grouped, found)
    return grouped, list(found.categories)


def _of_categories(name: str, column: Any) -> _core.Variable:
    column = column.cat.remove_unused_categories()
    codes = column.cat.codes.to_numpy(dtype=np.float64)
    return _core.Variable(name, np.where(codes < 0, np.nan, codes), [str(own) for own in column.cat.categories])


def _numbers(cells: NDArray[Any]) -> NDArray[np.float64] | None:
    """None where some cell is no number."""
    if cells.dtype.kind in "biuf":
        return np.ascontiguousarray(cells, dtype=np.float64)
    numbers = np.empty(len(cells))
    for at, cell in enumerate(cells.tolist()):
        if _is_missing(cell):
            numbers[at] = np.nan
        elif isinstance(cell, (bool, int, float, np.number, np.bool_)):
            numbers[at] = float(cell)
        else:
            return None
    return numbers


def _is_missing(cell: Any) -> bool:
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(cell, float) and cell != cell


def _text(cell: Any) -> str:
    return "" if _is_missing(cell) else cell.decode() if isinstance(cell, bytes) else str(cell)


def survey_design(
    X: Any, n_rows: int, strata: Any = None, clusters: Any = None, fpc: Any = None, lonely: str = "refuse"
) -> _core.SurveyDesign:
    """The design of the rows, whose parts are columns, or names of columns of `X`."""
    shares = [] if fpc is None else [float(share) for share in _part("fpc", fpc, X, n_rows)]
    return _core.SurveyDesign(_numbered("strata", strata, X, n_rows), _numbered("clusters", clusters, X, n_rows), shares, lonely)


def replicates_of(X: Any, data: _core.Dataset, weights: Any, kind: str | None) -> _core.ReplicateWeights:
    """Those of the rows, whose weights as they came are `data`'s."""
    if weights is None:
        raise ValueError("replicate_type says how replicate_weights were made, and there are none")
    if kind is None:
        raise ValueError("replicate_weights needs replicate_type 'brr', 'fay:R', 'jk1', 'jkn' or 'bootstrap'")
    type_, _, fay = kind.partition(":")
    if (type_ == "fay") != bool(fay):
        raise ValueError(f"replicate_type must be 'brr', 'fay:R', 'jk1', 'jkn' or 'bootstrap', not {kind!r}")
    table = np.asarray(_replicates(X, weights), dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != data.n_rows:
        raise ValueError(f"replicate_weights must have {data.n_rows} rows and a column a replicate, not {table.shape}")
    return _core.ReplicateWeights(type_, float(fay) if fay else 0.0, table.T.tolist(), data)


def refuse_both(by_design: bool, weights: Any, kind: str | None) -> None:
    """Replicate weights beside the design that they stand for."""
    if by_design and (weights is not None or kind is not None):
        raise ValueError("replicate weights hold the design already: leave strata, clusters and fpc out, or them")


def refuse_method(method: str | None) -> None:
    """A matrix, where replicate weights are."""
    if method is not None:
        raise ValueError(f"standard errors of replicate weights come from the replicates, not from method={method!r}")


def column_names(weights: Any) -> list[str]:
    """Those that replicate weights are named by; none where they are given themselves."""
    named = isinstance(weights, Sequence) and all(isinstance(own, str) for own in weights)
    return list(weights) if named else []


def _replicates(X: Any, weights: Any) -> Any:
    names = column_names(weights)
    return np.column_stack(list(columns_in(names, X, "replicate_weights").values())) if names else weights


def _part(name: str, part: Any, X: Any, n_rows: int) -> list[Any]:
    column = next(iter(columns_in([part], X, name).values())) if isinstance(part, str) else part
    cells: list[Any] = np.asarray(column, dtype=object).tolist()
    if len(cells) != n_rows:
        raise ValueError(f"{name} has {len(cells)} rows, X has {n_rows}")
    missing = next((row for row, cell in enumerate(cells) if _is_missing(cell)), None)
    if missing is not None:
        raise ValueError(f"{name} has nothing in row {missing}, and each row needs a value")
    return cells


def _numbered(name: str, part: Any, X: Any, n_rows: int) -> list[int]:
    if part is None:
        return []
    known: dict[Any, int] = {}
    return [known.setdefault(cell, len(known)) for cell in _part(name, part, X, n_rows)]
