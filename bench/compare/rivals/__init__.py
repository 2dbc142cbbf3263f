"""What a user could pick instead, one file each. Every rival runs in a process of its own (`python -m compare.rivals`)
with the same clock: seconds within EM, without starting Python and reading."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass

from .. import process
from ..workloads import ROOT


@dataclass(frozen=True)
class Job:
    """What a rival is to do, as text so that it fits on a command line.

    task is "iterate" (from start, until max_iter or until budget_seconds are used up), "fit" (as a user would, from
    n_init starts of its own), or "validate" (from start, until patience checks of the validation rows, one every
    check_every iterations, have found nothing better).
    """

    rival: str
    task: str
    data: str
    n_components: int
    start: str = ""
    max_iter: int = 0
    budget_seconds: float = 0
    n_rows: int | None = None
    n_init: int = 1
    tolerance: float | None = None
    smoothing: float = 0
    validation: str = ""
    test: str = ""
    check_every: int = 1
    patience: int = 1


@dataclass(frozen=True)
class Outcome:
    """log_likelihoods: of "iterate" the mean a row, one an iteration, before its M-step (offset 0) or after it
    (offset 1, the last one only); of "fit" the totals of the starts; of "validate" the mean of the validation rows at
    its best, and that of the test rows there."""

    seconds: float
    n_iter: int
    log_likelihoods: list[float]
    offset: int = 0
    peak_bytes: int = 0

    @property
    def seconds_per_iteration(self) -> float:
        return self.seconds / self.n_iter


def run(job: Job) -> Outcome:
    """Runs the job in a process of its own."""
    ended = process.run(
        [sys.executable, "-m", "compare.rivals", json.dumps(asdict(job))], {"PYTHONPATH": str(ROOT / "bench")}
    )
    said = json.loads(ended.output.splitlines()[-1])
    return Outcome(**{**said, "peak_bytes": ended.peak_bytes})
