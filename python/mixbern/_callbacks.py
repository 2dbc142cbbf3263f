"""What a fit tells who watches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

_R = TypeVar("_R")


class Iteration(NamedTuple):
    """What a callback is told after each iteration of each start.

    Parameters
    ----------
    stage : str
        ``"search"`` and ``"polish"``, or ``"fit"`` where all starts are run to the end.
    start : int
        Which start, from 0.
    n_starts : int
        Starts of this stage.
    iteration : int
        Iterations of this start so far, from 1.
    mean_log_likelihood : float
        Nats a row, of the parameters before the M-step.
    remaining_gain : float
        Estimate of what is still to come, nats a row; NaN if unknown.
    """

    stage: str
    start: int
    n_starts: int
    iteration: int
    mean_log_likelihood: float
    remaining_gain: float


Callback: TypeAlias = Callable[[Iteration], object]


def told(callbacks: Callback | Sequence[Callback]) -> Callable[..., bool] | None:
    """All callbacks as one, which is true if any of them is; None if there are none."""
    each = (callbacks,) if callable(callbacks) else tuple(callbacks)
    if not each:
        return None

    def tell(*event: Any) -> bool:
        return any([callback(Iteration(*event)) for callback in each])

    return tell


def finished(ended: tuple[_R, Any]) -> _R:
    """The result of long work; raises the exception that ended it before its time, of a callback or Ctrl-C."""
    result, error = ended
    if error is not None:
        raise error
    return result
