"""What belongs to rows besides their cells: weights and known classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._messages import tell


def with_rows(
    data: _core.Dataset, sample_weight: ArrayLike | None, y: ArrayLike | None = None
) -> _core.Dataset:
    """`data` with these weights and known classes, where they are given, in place of its own."""
    if sample_weight is None and y is None:
        return data
    weights = None if sample_weight is None else checked_weights(sample_weight, data.n_rows)
    if weights is not None and not weights.any():
        raise ValueError("all sample weights are zero")
    return data.replaced(weights=weights, labels=None if y is None else _checked_labels(y, data.n_rows))


def checked_weights(sample_weight: ArrayLike, n_rows: int) -> NDArray[np.float64]:
    """One finite weight >= 0 a row; perhaps none above."""
    weights = np.ascontiguousarray(sample_weight, dtype=np.float64)
    if weights.ndim == 0:
        return np.full(n_rows, weights)
    if weights.ndim != 1:
        raise ValueError("Sample weights must be 1D array or scalar")
    if weights.shape != (n_rows,):
        raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(n_rows,)}!")
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"sample_weight holds {weights[row]:g} in row {row}; weights are finite and not negative")
    return weights


def _checked_labels(y: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    labels = np.asarray(y)
    if labels.shape != (n_rows,):
        raise ValueError(f"y needs one label a row: its shape is {labels.shape}, expected {(n_rows,)}")
    whole = labels.astype(np.int64)
    if not np.array_equal(whole, labels) or (whole < -1).any():
        raise ValueError("labels are the whole numbers from 0 on, and -1 where the class is unknown")
    return whole


def settled(data: _core.Dataset, weights_kind: str) -> tuple[_core.Dataset, str]:
    """What the weights are taken as, and `data` with those of a sample scaled so that they count its rows."""
    if weights_kind not in ("auto", "frequency", "sampling"):
        raise ValueError(f"weights_kind must be 'auto', 'frequency' or 'sampling', not {weights_kind!r}")
    kind = _core.weights_kind_of(data) if weights_kind == "auto" else weights_kind
    if kind != "sampling":
        return data, kind
    if data.weights is None:
        raise ValueError("weights_kind='sampling' needs sample_weight")
    return data.replaced(weights=_core.sampling_weights(data)), kind


def told_as_sampled(weights_kind: str, taken: str) -> None:
    """Warns where weights turned out to be those of a sample."""
    if weights_kind == "auto" and taken == "sampling":
        tell(
            "weights are not whole numbers: taken as sampling weights, scaled to sum to the number of rows, with "
            "sandwich standard errors; weights_kind='frequency' takes a weight as so many equal rows"
        )
