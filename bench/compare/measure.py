"""Repeats that alternate between the programs, so that what disturbs the machine disturbs all of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .bounds import seconds_text
from .results import Row

# What takes longer than so many seconds (an iteration, or a fit) is repeated at most so often.
FEWER_REPEATS = ((100.0, 1), (20.0, 2))


class Disagreement(Exception):
    """Two programs that do the same iterations do not find the same."""


@dataclass(frozen=True)
class Sample:
    seconds: float
    n_iter: int | None = None
    log_likelihood: float | None = None
    deviation: float | None = None
    peak_bytes: int | None = None
    note: str = ""


def alternate(contestants: Mapping[str, Callable[[], Sample]], repeats: int, say: Callable[[str], None]) -> list[Row]:
    """Runs each contestant once, then again, until each has its repeats."""
    samples: dict[str, list[Sample]] = {who: [] for who in contestants}
    for turn in range(repeats):
        for who, run in contestants.items():
            taken = samples[who]
            if taken and turn >= _allowed(taken[0].seconds, repeats):
                continue
            say(f"repeat {turn + 1} of {repeats}: {who}" + (f" ({seconds_text(taken[-1].seconds)})" if taken else ""))
            taken.append(run())
    return [_row(who, taken, repeats) for who, taken in samples.items()]


def _allowed(seconds: float, repeats: int) -> int:
    return next((min(few, repeats) for limit, few in FEWER_REPEATS if seconds > limit), repeats)


def _row(who: str, samples: list[Sample], repeats: int) -> Row:
    seconds = [sample.seconds for sample in samples]
    last = samples[-1]
    notes = [last.note] if last.note else []
    if len(samples) < repeats:
        notes.append("slow, so fewer repeats")
    return Row(
        who,
        statistics.median(seconds),
        min(seconds),
        max(seconds),
        len(samples),
        last.n_iter,
        last.log_likelihood,
        last.deviation,
        max((sample.peak_bytes or 0 for sample in samples), default=0) or None,
        "; ".join(notes),
    )
