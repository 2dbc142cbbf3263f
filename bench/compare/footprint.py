"""Peak memory, and how long the program takes to start."""

from __future__ import annotations

from . import bounds, process
from .context import Context
from .measure import Sample, alternate
from .results import Row, Section
from .workloads import Problem


def memory(context: Context) -> Section:
    """A default fit on one thread, cut short: memory does not depend on the number of iterations."""
    store = context.store
    problems = {
        "W1": store.problem(store.shipped_images(), 10),
        "W6": store.problem(store.fingerprints(), 50),
    }
    section = Section("peak memory of a fit", unit="a fit of 10 iterations a start")
    for workload, problem in problems.items():
        context.say(workload)
        fit = context.program.fit(problem.data, problem.n_components, "--max-iter", "10")
        section.rows.append(
            Row(workload, fit.wall_seconds, fit.wall_seconds, fit.wall_seconds, 1, peak_bytes=fit.peak_bytes)
        )
        section.checks += bounds.check(
            "memory",
            "share of 1.5 x rows + 3 x model + 20 MB",
            fit.peak_bytes / _allowed(problem),
            what=f"{workload}: share of {_allowed(problem) / 1e6:.1f} MB = 1.5 × rows + 3 × model + 20 MB",
        )
        section.checks += bounds.check("memory", workload, fit.peak_bytes)
    return section


def _allowed(problem: Problem) -> float:
    """The packed file holds the rows as they lie in memory."""
    model = 8 * problem.n_components * (problem.n_features + 1)
    return 1.5 * problem.data.stat().st_size + 3 * model + 20e6


def start_up(context: Context) -> Section:
    command = [str(context.program.path), "--version"]

    def once() -> Sample:
        return Sample(process.run(command).seconds)

    rows = alternate({"mixbern --version": once}, 20, lambda _: None)
    return Section(
        "start-up of the program",
        unit="a call",
        rows=rows,
        checks=bounds.check("start-up", "the program's start-up", rows[0].seconds),
    )
