"""What every experiment needs: the program, the data, how often to repeat, and the rivals that are installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import rivals
from .machine import version
from .measure import Disagreement, Sample
from .ours import Program
from .results import OURS
from .rivals import Job
from .workloads import Problem, Store

# Relative differences of log-likelihoods that are rounding: of doubles, of floats, and of our fast kernels. The rivals
# add up differently, and every iteration builds on the one before.
TOLERANCE = {"numpy-f32": 1e-4, "scipy-csr": 1e-4}
DOUBLE_TOLERANCE = 1e-7
OURS_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Context:
    program: Program
    store: Store
    repeats: int
    quick: bool
    say: Callable[[str], None]

    @property
    def budget_seconds(self) -> float:
        """What a rival's repeat may take; it always does at least one iteration."""
        return 2 if self.quick else 10

    def has(self, rival: str) -> bool:
        return rival != "polca" or version("polca") is not None

    def our_name(self, kernel: str) -> str:
        return f"{OURS} ({kernel})"

    def ours(self, problem: Problem, n_iter: int, trace: list[float], kernel: str, threads: int = 1) -> Sample:
        """Plain iterations on a kernel, checked against the trace in double precision."""
        fit = self.program.on(kernel).iterate(problem, n_iter, "--trace", threads=threads)
        found = fit.json["trace"][-1]
        deviation = self._agree(self.our_name(kernel), found, trace[n_iter - 1], OURS_TOLERANCE, n_iter)
        return Sample(fit.seconds_per_iteration, n_iter, found, deviation, fit.peak_bytes)

    def rival(self, name: str, problem: Problem, n_iter: int, trace: list[float], budget: float) -> Sample:
        """A rival's iterations from the same start, checked against ours. trace needs one entry more than n_iter."""
        outcome = rivals.run(
            Job(
                name,
                "iterate",
                str(problem.data),
                problem.n_components,
                start=str(problem.start),
                max_iter=n_iter,
                budget_seconds=budget,
                smoothing=problem.smoothing,
            )
        )
        found = outcome.log_likelihoods[-1]
        expected = trace[outcome.n_iter - 1 + outcome.offset]
        if found != found:
            return Sample(
                outcome.seconds_per_iteration,
                outcome.n_iter,
                peak_bytes=outcome.peak_bytes,
                note=f"NaN after {outcome.n_iter} iterations: its probabilities underflow",
            )
        deviation = self._agree(name, found, expected, TOLERANCE.get(name, DOUBLE_TOLERANCE), outcome.n_iter)
        return Sample(outcome.seconds_per_iteration, outcome.n_iter, found, deviation, outcome.peak_bytes)

    def _agree(self, who: str, found: float, expected: float, tolerance: float, n_iter: int) -> float:
        deviation = abs(found - expected) / abs(expected)
        if not deviation <= tolerance:
            raise Disagreement(
                f"{who}: mean log-likelihood {found!r} after {n_iter} iterations, ours is {expected!r}; "
                f"relative difference {deviation:.1e}, allowed {tolerance:.0e}"
            )
        return deviation
