"""Two builds of mixbern by turns: what a change of the engine costs or saves."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from . import process
from .fits import from_start
from .measure import Sample, alternate
from .ours import Program
from .workloads import Problem, Store, Unavailable

# What both do: the same iterations, or fits of the same starts. Default fits of two builds may search differently.
Work = Callable[[Program], Sample]


@dataclass(frozen=True)
class Turn:
    name: str
    work: Callable[[Store], Work]


def _iterations(problem: Problem, n_iter: int) -> Work:
    def work(program: Program) -> Sample:
        fit = program.iterate(problem, n_iter)
        return Sample(fit.seconds_per_iteration, n_iter, fit.log_likelihood, peak_bytes=fit.peak_bytes)

    return work


def _fit(data: Path, n_components: int, *options: str) -> Work:
    def work(program: Program) -> Sample:
        fit = program.fit(data, n_components, *options)
        return Sample(fit.seconds, fit.json["total_iterations"], fit.log_likelihood, peak_bytes=fit.peak_bytes)

    return work


def _start_up(program: Program) -> Sample:
    return Sample(min(process.run([str(program.path), "--version"]).seconds for _ in range(20)))


TURNS = (
    Turn("W1", lambda store: _iterations(store.problem(store.shipped_images(), 10), 300)),
    Turn("W2", lambda store: _iterations(store.problem(store.shipped_images(), 100), 60)),
    Turn("W3", lambda store: _iterations(store.problem(store.all_images(), 20), 60)),
    Turn("W4", lambda store: partial(from_start, problem=store.random_problem(store.latent_classes(), 4, seed=4))),
    Turn("W5", lambda store: _fit(store.carcinoma(), 3, "--n-init", "1000")),
    Turn("W6", lambda store: _iterations(store.problem(store.fingerprints(), 50), 20)),
    Turn("W7", lambda store: _iterations(store.problem(store.clinical(), 10), 20)),
    Turn("W8", lambda store: _iterations(store.problem(store.drawn_images("train"), 500), 10)),
    Turn("W9", lambda store: _iterations(store.random_problem(store.slow_table(), 4, seed=9), 300_000)),
    Turn("start-up", lambda _: _start_up),
)


def table(new: Program, old: Program, store: Store, repeats: int, only: list[str]) -> Iterator[str]:
    """Lines of the comparison, as they come: the least of the repeats, and what both held at most."""
    yield f"{'':<10}{'old':>12}{'new':>12}{'new/old':>9}{'memory':>9}{'':>3}log-likelihoods"
    ratios = []
    for turn in TURNS:
        if only and turn.name not in only:
            continue
        try:
            work = turn.work(store)
        except Unavailable as reason:
            yield f"{turn.name:<10}skipped: {reason}"
            continue
        before, after = alternate({"old": partial(work, old), "new": partial(work, new)}, repeats, lambda _: None)
        ratios.append(after.fastest / before.fastest)
        memory = f"{(after.peak_bytes or 1) / (before.peak_bytes or 1):.3f}"
        same = "the same" if before.log_likelihood == after.log_likelihood else f"{before.log_likelihood!r} {after.log_likelihood!r}"
        yield f"{turn.name:<10}{before.fastest:>12.6f}{after.fastest:>12.6f}{ratios[-1]:>9.3f}{memory:>9}{'':>3}{same}"
    if ratios:
        yield f"{'mean':<10}{'':>24}{statistics.geometric_mean(ratios):>9.3f}"
