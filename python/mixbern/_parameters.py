"""Parameters of the estimator as the library takes them: what is out of range is told by the parameter's name."""

from __future__ import annotations

import math
import os

import numpy as np

LARGEST = 2**63 - 1
MOST_THREADS = 2**16


def count(name: str, value: int | None, most: int = LARGEST) -> int:
    """A number of things; 0, which leaves it to the library, for None."""
    if value is None:
        return 0
    if not _whole(value) or value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, it is {value!r}")
    if value > most:
        raise ValueError(f"{name} must be at most {most}, it is {value!r}")
    return int(value)


def amount(name: str, value: int) -> int:
    """A number of things that may be none."""
    if not _whole(value) or not 0 <= value <= LARGEST:
        raise ValueError(f"{name} must be an integer from 0 to {LARGEST}, it is {value!r}")
    return int(value)


def seed(name: str, value: int) -> int:
    """An integer that fits into 64 bits."""
    if not 0 <= value < 2**64:
        raise ValueError(f"{name} must not be negative and below 2**64, it is {value!r}")
    return int(value)


def tolerance(name: str, value: float | str | None) -> float | None:
    """A number of at least 0; None leaves it to the library."""
    if value is None:
        return None
    number = _number(name, value)
    if not number >= 0:
        raise ValueError(f"{name} must be at least 0, it is {value!r}")
    return number


def finite(name: str, value: float | None) -> float | None:
    """A finite number, or None."""
    if value is None:
        return None
    number = _number(name, value)
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a finite number, it is {value!r}")
    return number


def path(name: str, value: str | os.PathLike[str] | None) -> str:
    """The name of a file; empty for None."""
    if value is None:
        return ""
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise ValueError(f"{name} must be the name of a file, it is {value!r}")
    return os.fspath(value)


def word(name: str, value: str) -> str:
    """A text; the library knows which ones it takes."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, it is {value!r}")
    return value


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))


def _number(name: str, value: object) -> float:
    if isinstance(value, str):
        raise ValueError(f"{name} must be a number, it is {value!r}")
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        raise ValueError(f"{name} must be a number, it is {value!r}") from None
