"""What belongs to rows besides their cells: weights and known classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._messages import tell

Classes: TypeAlias = ArrayLike | Sequence[int | Iterable[int] | None]
"""Known classes of rows, or the classes that each may belong to."""

_SETS = (set, frozenset, list, tuple)


def with_rows(
    data: _core.Dataset, sample_weight: ArrayLike | None, y: Classes | None = None
) -> _core.Dataset:
    """`data` with these weights and known classes, where they are given, in place of its own."""
    if sample_weight is None and y is None:
        return data
    weights = None if sample_weight is None else checked_weights(sample_weight, data.n_rows)
    if weights is not None and not weights.any():
        raise ValueError("all sample weights are zero")
    if y is None:
        return data.replaced(weights=weights)
    labels, class_sets = _classes(y, data.n_rows)
    return data.replaced(weights=weights, labels=labels, class_sets=class_sets)


def with_held(
    data: _core.Dataset, sample_weight: ArrayLike | None, y: Classes | None, is_semi_supervised: bool
) -> _core.Dataset:
    """The same where a fit may hold rows in their classes, or in one of some."""
    data = with_rows(data, sample_weight, y)
    return data.with_class_sets() if is_semi_supervised else data


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


def _classes(y: Any, n_rows: int) -> tuple[NDArray[np.int64], list[list[int]]]:
    """Labels, and the sets that those below -1 stand for."""
    is_array = isinstance(y, np.ndarray) and y.dtype != object
    if not is_array and any(isinstance(entry, _SETS) for entry in y):
        return _numbered([_members(entry, row) for row, entry in enumerate(_one_a_row(y, n_rows))])
    labels = np.asarray(y)
    if labels.ndim != 2 or labels.dtype != bool:
        return _checked_labels(labels, n_rows), []
    has_class = _one_a_row(labels, n_rows).any(axis=1)
    if not has_class.all():
        raise ValueError(f"y allows row {int(np.argmin(has_class))} no class; a row needs one that it may belong to")
    sets, of_row = np.unique(labels, axis=0, return_inverse=True)
    of_set, class_sets = _numbered([tuple(np.flatnonzero(allowed).tolist()) for allowed in sets])
    return of_set[of_row.ravel()], class_sets


def _one_a_row(y: Any, n_rows: int) -> Any:
    if len(y) != n_rows:
        raise ValueError(f"y needs one entry a row: it has {len(y)}, expected {n_rows}")
    return y


def _members(entry: Any, row: int) -> tuple[int, ...]:
    """The classes that an entry names, ascending; none where it names no class at all."""
    if isinstance(entry, _SETS) and not entry:
        raise ValueError(f"y allows row {row} no class; a row needs one that it may belong to, None is any")
    if entry is None or (not isinstance(entry, _SETS) and entry == -1):
        return ()
    classes = tuple(entry) if isinstance(entry, _SETS) else (entry,)
    if any(not isinstance(k, (int, np.integer)) or k < 0 for k in classes):
        raise ValueError(f"y holds {entry!r} in row {row}; classes are the whole numbers from 0 on, None and -1 are any")
    return tuple(sorted({int(k) for k in classes}))


def _numbered(of_row: list[tuple[int, ...]]) -> tuple[NDArray[np.int64], list[list[int]]]:
    """What the extension calls a set of classes: -1 none of them, a class itself, else a number below -1."""
    numbers: dict[tuple[int, ...], int] = {(): -1}
    class_sets: list[list[int]] = []
    for classes in of_row:
        if classes in numbers:
            continue
        numbers[classes] = classes[0] if len(classes) == 1 else -2 - len(class_sets)
        if len(classes) > 1:
            class_sets.append(list(classes))
    return np.array([numbers[classes] for classes in of_row], dtype=np.int64), class_sets


def _checked_labels(labels: NDArray[Any], n_rows: int) -> NDArray[np.int64]:
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
