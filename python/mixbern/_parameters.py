"""Parameters of the estimator as the library takes them."""

from __future__ import annotations

import numpy as np


def count(name: str, value: int | None) -> int:
    """A number of things; 0, which leaves it to the library, for None."""
    if value is None:
        return 0
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, it is {value!r}")
    return int(value)


def tolerance(name: str, value: float | None) -> float | None:
    """A number of at least 0; None leaves it to the library."""
    if value is None:
        return None
    if not value >= 0:
        raise ValueError(f"{name} must be at least 0, it is {value!r}")
    return float(value)
