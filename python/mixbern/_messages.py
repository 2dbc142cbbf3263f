"""Warnings, of the library and of the package, as Python's."""

from __future__ import annotations

import sys
import warnings

from . import _core


def warned(result: tuple[_core.Dataset, list[str]]) -> _core.Dataset:
    """The data set, after its warnings were given."""
    data, messages = result
    for message in messages:
        tell(message)
    return data


def tell(message: str, category: type[Warning] = UserWarning) -> None:
    """Warns whoever called the package."""
    warnings.warn(message, category, stacklevel=_outside())


def _outside() -> int:
    """The stack level of the caller outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == __package__:
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level
