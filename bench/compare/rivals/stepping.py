"""The clock of rivals that can be driven an iteration at a time."""

from __future__ import annotations

import math
import time
from typing import Protocol

from . import Job, Outcome


class Stepper(Protocol):
    def step(self) -> float:
        """One EM iteration; the mean log-likelihood a row before its M-step."""


def iterate(stepper: Stepper, job: Job) -> Outcome:
    """Iterations until there are enough, until the time is used up, or until the numbers break."""
    log_likelihoods: list[float] = []
    begin = time.perf_counter()
    seconds = 0.0
    while len(log_likelihoods) < job.max_iter and (seconds < job.budget_seconds or not log_likelihoods):
        log_likelihoods.append(float(stepper.step()))
        seconds = time.perf_counter() - begin
        if math.isnan(log_likelihoods[-1]):
            break
    return Outcome(seconds, len(log_likelihoods), log_likelihoods)
