"""Constraints as people write them in Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from . import _core
from ._items import names_of_columns

Constraints: TypeAlias = str | os.PathLike[str] | Mapping[Any, Any] | None


def read(constraints: Constraints, data: _core.Dataset, n_components: int) -> _core.Constraints:
    """What they say of a mixture of so many components of `data`."""
    if constraints is None:
        return _core.Constraints()
    if isinstance(constraints, (str, os.PathLike)):
        return _core.read_constraints(os.fspath(constraints), data, n_components)
    if not isinstance(constraints, Mapping):
        raise ValueError(
            "constraints must be a dict from (component, item) to a parameter, or the name of a file, not "
            f"{type(constraints).__name__}"
        )
    names = names_of_columns(data, data.n_features)
    lines = [_line(cell, parameter, names) for cell, parameter in constraints.items()]
    return _core.constraints_of(lines, data, n_components)


def _line(cell: Any, parameter: Any, names: list[str]) -> tuple[str, str, str]:
    """As a file has it, where components and items count from 1."""
    if not isinstance(cell, tuple) or len(cell) != 2:
        raise ValueError(f"a constraint is of (component, item), not of {cell!r}")
    component, item = cell
    if not _is_number(component) or component < 0:
        raise ValueError(f"the component of a constraint is a number from 0, not {component!r}")
    return str(int(component) + 1), _item(item, names), _parameter(parameter)


def _item(item: Any, names: list[str]) -> str:
    if item is None:
        return ""
    if not _is_number(item):
        return str(item)
    return names[item] if names and 0 <= item < len(names) else str(int(item) + 1)


def _parameter(parameter: Any) -> str:
    if isinstance(parameter, str):
        return parameter
    numbers = parameter if isinstance(parameter, Iterable) else [parameter]
    return " ".join(repr(float(number)) for number in numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
