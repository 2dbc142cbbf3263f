"""Workloads that compare an EM iteration, from the same start: W1, W2, W3, W6; and how its time grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from . import bounds
from .bounds import FASTEST
from .context import Context
from .measure import Sample, alternate
from .results import Check, Point, Row, Section
from .workloads import CLINICAL_ROWS, Problem

N_ITER = 30
DENSE_RIVALS = ("numpy-f32", "numpy-f64", "scipy-csr", "stepmix", "lecture-notes")
SPARSE_RIVALS = ("numpy-f32", "scipy-csr")


def w1(context: Context) -> Section:
    problem = context.store.problem(context.store.shipped_images(), 10)
    return _compare(context, "W1", "first 20,000 MNIST, K 10", problem, DENSE_RIVALS, context.program.kernels)


def w2(context: Context) -> Section:
    problem = context.store.problem(context.store.shipped_images(), 100)
    return _compare(context, "W2", "first 20,000 MNIST, K 100", problem, DENSE_RIVALS, context.program.kernels)


def w3(context: Context) -> Section:
    problem = context.store.problem(context.store.all_images(), 20)
    return _compare(context, "W3", "60,000 MNIST, K 20", problem, DENSE_RIVALS)


def w6(context: Context) -> Section:
    problem = context.store.problem(context.store.fingerprints(), 50)
    return _compare(context, "W6", "200,000 × 2,048, about 50 ones a row, K 50", problem, SPARSE_RIVALS)


def _compare(
    context: Context,
    workload: str,
    title: str,
    problem: Problem,
    rivals: Iterable[str],
    kernels: Iterable[str] | None = None,
) -> Section:
    """kernels: which of ours to run, all that the processor can or (None) the chosen one."""
    kernels = list(kernels or [context.program.active_kernel])
    trace = context.program.trace(problem, N_ITER + 1)
    contestants = {
        **{context.our_name(kernel): partial(context.ours, problem, N_ITER, trace, kernel) for kernel in kernels},
        **{name: partial(context.rival, name, problem, N_ITER, trace, context.budget_seconds) for name in rivals},
    }
    rows = alternate(contestants, context.repeats, context.say)
    by_name = {row.who: row for row in rows}
    checks: list[Check] = []
    for kernel in kernels:
        checks += _checks(workload, by_name, context.our_name(kernel), kernel, list(rivals))
    if "lecture-notes" in by_name:
        ours = by_name[context.our_name(context.program.active_kernel)]
        checks += bounds.check(workload, "lecture-notes", by_name["lecture-notes"].seconds / ours.seconds)
    return Section(title, rows=rows, checks=checks)


def _checks(workload: str, rows: Mapping[str, Row], ours: str, kernel: str, rivals: list[str]) -> list[Check]:
    fastest = min((rows[name] for name in rivals), key=lambda row: row.seconds)
    return bounds.check(workload, FASTEST, fastest.seconds / rows[ours].seconds, kernel, f"{FASTEST}, {fastest.who}")


def threads(context: Context) -> Section:
    """Two threads against one on W2, W3 and W6; and two programs at once, which share nothing but the machine."""
    store = context.store
    problems = {
        "W2": (store.shipped_images, 100),
        "W3": (store.all_images, 20),
        "W6": (store.fingerprints, 50),
    }
    section = Section("two threads against one")
    for workload, (data, n_components) in problems.items():
        problem = store.problem(data(), n_components)
        trace = context.program.trace(problem, N_ITER)
        kernel = context.program.active_kernel
        rows = alternate(
            {
                f"{workload}, one thread": partial(context.ours, problem, N_ITER, trace, kernel, 1),
                f"{workload}, two threads": partial(context.ours, problem, N_ITER, trace, kernel, 2),
                f"{workload}, two programs at once": partial(_twice, partial(context.ours, problem, N_ITER, trace, kernel)),
            },
            context.repeats,
            context.say,
        )
        section.rows += rows
        gain = rows[0].seconds / rows[1].seconds
        section.checks += bounds.check("threads", "two threads against one", gain, what=f"two threads, {workload}")
        section.notes.append(
            f"{workload}: two programs at once, one thread each, do {2 * rows[0].seconds / rows[2].seconds:.2f} times the "
            "work of one: as much as this machine had to give."
        )
    return section


def _twice(run: Callable[[], Sample]) -> Sample:
    """The slower of two at once."""
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(run) for _ in range(2)]
        return max((future.result() for future in both), key=lambda sample: sample.seconds)


def rows(context: Context) -> Section:
    """Time against N: clinical codes, K 10."""
    section = Section("time against N: clinical codes, 204 features, K 10")
    a_row: list[float] = []
    for n_rows in (10_000, 100_000, CLINICAL_ROWS, 10_000_000):
        problem = context.store.problem(context.store.clinical(n_rows), 10)
        rivals = ("numpy-f32", "scipy-csr", "stepmix") if n_rows <= CLINICAL_ROWS else ("scipy-csr",)
        found = _scaling(context, problem, rivals, f"{problem.n_rows:,} rows")
        section.rows += found.rows
        section.points += found.points
        a_row.append(found.points[0].seconds / problem.n_rows)
    # From any N to any larger one. Equal rows are merged, so the time a row may well fall.
    growth = max(after / before for i, before in enumerate(a_row) for after in a_row[i + 1 :])
    section.checks = bounds.check("rows", "growth of the time a row", growth)
    section.notes.append(
        "Time a row: "
        + ", ".join(f"{bounds.seconds_text(seconds)[:-3]} {bounds.seconds_text(seconds)[-2:]}" for seconds in a_row)
    )
    return section


def components(context: Context) -> Section:
    """Time against K: the images that ship."""
    section = Section("time against K: first 20,000 MNIST")
    for n_components in (2, 5, 10, 20, 50, 100, 200, 500):
        problem = context.store.problem(context.store.shipped_images(), n_components)
        rivals = [name for name in DENSE_RIVALS if name != "lecture-notes" or n_components <= 50]
        found = _scaling(context, problem, rivals, f"K {n_components}")
        section.rows += found.rows
        section.points += [Point(point.who, n_components, point.seconds) for point in found.points]
    return section


def _scaling(context: Context, problem: Problem, rivals: Iterable[str], label: str) -> Section:
    """Ours and rivals on one size: the shape of a curve needs fewer repeats and iterations of a rival."""
    n_iter = 10
    trace = context.program.trace(problem, n_iter + 1)
    kernel = context.program.active_kernel
    ours = {context.our_name(kernel): partial(context.ours, problem, n_iter, trace, kernel)}
    theirs = {name: partial(context.rival, name, problem, n_iter, trace, context.budget_seconds / 2) for name in rivals}
    context.say(label)
    measured = alternate({**ours, **theirs}, min(context.repeats, 3), context.say)
    return Section(
        "",
        rows=[Row(**{**vars(row), "who": f"{row.who}, {label}"}) for row in measured],
        points=[Point(row.who, problem.n_rows, row.seconds) for row in measured],
    )
