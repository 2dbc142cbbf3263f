"""Workloads that compare whole fits: W4, W5, W7, W8, W9."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from . import bounds, formats, rivals
from .bounds import FASTEST, seconds_text
from .context import Context
from .measure import Disagreement, Sample, alternate
from .ours import Program
from .results import OURS, Row, Section
from .rivals import Job, Outcome
from .workloads import CLINICAL_ROWS, Problem

TABLE_RIVALS = ("stepmix", "polca")

# Log-likelihoods that the best of many starts reaches (data/README.md), and how near counts as reached.
CARCINOMA_K3 = -293.704979
CARCINOMA_K4 = -289.285849
REACHED = 1e-3


def _named(rows: list[Row], who: str) -> Row:
    return next(row for row in rows if row.who == who)


def _fastest(rows: list[Row], names: tuple[str, ...]) -> Row:
    return min((row for row in rows if row.who in names), key=lambda row: row.seconds)


def _known(log_likelihood: float | None) -> float:
    if log_likelihood is None:
        raise Disagreement("a log-likelihood is not a number")
    return log_likelihood


def _installed(context: Context, section: Section) -> tuple[str, ...]:
    if not context.has("polca"):
        section.notes.append("polca was not measured: it needs Python 3.12 or newer, and none was found.")
    return tuple(name for name in TABLE_RIVALS if context.has(name))


def w4(context: Context) -> Section:
    """Rivals are charged for the iterations that plain EM needs to come as near to our optimum as tables print."""
    within = 1e-4
    problem = context.store.random_problem(context.store.latent_classes(), 4, seed=4)
    section = Section("100,000 × 12 latent class data, K 4, full fit from the same start", unit="a fit")
    reached = _known(from_start(context.program, problem).log_likelihood)
    trace = context.program.trace(problem, 20_000)
    near = (i for i, mean in enumerate(trace) if mean * problem.n_rows >= reached - within)
    n_iter = max(1, next(near, len(trace) - 1))

    def theirs(name: str) -> Sample:
        sample = context.rival(name, problem, n_iter, trace, budget=float("inf"))
        return Sample(
            sample.seconds * n_iter,
            n_iter,
            _known(sample.log_likelihood) * problem.n_rows,
            sample.deviation,
            sample.peak_bytes,
        )

    names = _installed(context, section)
    contestants = {OURS: partial(from_start, context.program, problem), **{name: partial(theirs, name) for name in names}}
    section.rows = alternate(contestants, context.repeats, context.say)
    fastest = _fastest(section.rows, names)
    section.checks = bounds.check(
        "W4", FASTEST, fastest.seconds / _named(section.rows, OURS).seconds, what=f"{FASTEST}, {fastest.who}"
    )
    section.notes.append(
        f"Ours stops by its own rule. The rivals do the {n_iter} plain iterations after which EM is within {within:g} "
        f"nats, in total, of where ours ended."
    )
    return section


def from_start(program: Program, problem: Problem) -> Sample:
    """One fit by default options from the problem's start."""
    fit = program.fit(problem.data, problem.n_components, "--init-model", str(problem.start), "--n-init", "1")
    return Sample(fit.seconds, fit.json["total_iterations"], fit.log_likelihood, peak_bytes=fit.peak_bytes)


def w5(context: Context) -> Section:
    data = context.store.carcinoma()
    section = Section("carcinoma, K 3, 100 starts to convergence; K 4 until the best known optimum", unit="a fit")
    names = _installed(context, section)
    # Rivals stop after a step of less than this, in nats a row; ours when no more than this is still to come.
    tolerance = 1e-7

    def ours(n_components: int, target: float, *options: str) -> Sample:
        fit = context.program.fit(data, n_components, *options)
        _must_reach(OURS, fit.log_likelihood, target)
        return Sample(
            fit.seconds,
            fit.json["total_iterations"],
            fit.log_likelihood,
            peak_bytes=fit.peak_bytes,
            note=f"{fit.json['n_init']} starts",
        )

    def hundred_starts(name: str) -> Sample:
        outcome = rivals.run(Job(name, "fit", str(data), 3, n_init=100, tolerance=tolerance))
        _must_reach(name, max(outcome.log_likelihoods), CARCINOMA_K3)
        return Sample(outcome.seconds, None, max(outcome.log_likelihoods), peak_bytes=outcome.peak_bytes)

    def until_found(name: str) -> Sample:
        outcome = rivals.run(Job(name, "fit", str(data), 4, n_init=100, tolerance=tolerance))
        hits = sum(found >= CARCINOMA_K4 - REACHED for found in outcome.log_likelihoods)
        if hits == 0:
            return Sample(float("inf"), note="never in 100 starts")
        return Sample(
            outcome.seconds / hits,
            None,
            max(outcome.log_likelihoods),
            peak_bytes=outcome.peak_bytes,
            note=f"{hits} of 100 starts reach it; the time of {100 / hits:.2g}",
        )

    k3 = alternate(
        {
            f"{OURS}, K 3": partial(ours, 3, CARCINOMA_K3, "--n-init", "100"),
            **{f"{name}, K 3": partial(hundred_starts, name) for name in names},
        },
        context.repeats,
        context.say,
    )
    k4 = alternate(
        {
            f"{OURS}, K 4": partial(ours, 4, CARCINOMA_K4),
            **{f"{name}, K 4": partial(until_found, name) for name in names},
        },
        context.repeats,
        context.say,
    )
    fastest = min(k3[1:], key=lambda row: row.seconds)
    section.rows = [*k3, *k4]
    section.checks = [
        *bounds.check("W5", FASTEST, fastest.seconds / k3[0].seconds, what=f"100 starts, {fastest.who}"),
        *bounds.check("W5", "the best known optimum of K = 4", k4[0].seconds),
    ]
    section.notes.append(
        f"The rivals stop after a step of less than {tolerance:g} nats a row, looser than their defaults; ours by its "
        "own rule. K 4: ours is one call with default options."
    )
    return section


def _must_reach(who: str, found: float, target: float) -> None:
    if not found >= target - REACHED:
        raise Disagreement(f"{who}: log-likelihood {found!r}, but {target} is known")


def w7(context: Context) -> Section:
    data = context.store.clinical(CLINICAL_ROWS)
    problem = context.store.problem(data, 10)
    share = 10
    section = Section("838,000 × 204 clinical codes, K 10, full default fit", unit="a fit")

    def ours() -> Sample:
        fit = context.program.fit(data, 10)
        return Sample(
            fit.seconds,
            fit.json["total_iterations"],
            fit.json["mean_log_likelihood"],
            peak_bytes=fit.peak_bytes,
            note=f"{fit.json['n_init']} starts",
        )

    def stepmix() -> Sample:
        n_rows = problem.n_rows // share
        outcome = rivals.run(Job("stepmix", "fit", str(data), 10, n_rows=n_rows))
        return Sample(
            share * outcome.seconds,
            outcome.n_iter,
            outcome.log_likelihoods[0] / n_rows,
            peak_bytes=outcome.peak_bytes,
            note=f"one start on {n_rows:,} rows, its time taken {share} times",
        )

    section.rows = alternate({OURS: ours, "stepmix": stepmix}, context.repeats, context.say)
    ratio = _named(section.rows, "stepmix").seconds / _named(section.rows, OURS).seconds
    section.checks = bounds.check("W7", "StepMix", ratio)
    section.notes.append("Log-likelihoods are means a row; the rows differ, and so do the starts.")
    return section


# W8: both take the same steps. The pseudo-count is the one of 0.02, 0.1, 0.2, 0.3 and 1 with the best validation rows.
VALIDATION_SMOOTHING = 0.1
CHECK_EVERY = 5
PATIENCE = 2
MOST_ITERATIONS = 300


def w8(context: Context) -> Section:
    store = context.store
    data = {part: store.drawn_images(part) for part in ("train", "validation", "test")}
    n_components = 50 if context.quick else 500
    section = Section(f"MNIST drawn once, K {n_components}, until validation stops improving")
    with TemporaryDirectory() as folder:
        problem = _from_rows(context, data["train"], n_components, Path(folder) / "start.safetensors")
        trace = context.program.trace(problem, CHECK_EVERY + 1)
        kernel = context.program.active_kernel
        context.say("iterations")
        ours = context.our_name(kernel)
        section.rows = alternate(
            {
                ours: partial(context.ours, problem, CHECK_EVERY, trace, kernel),
                "numpy-f32": partial(context.rival, "numpy-f32", problem, CHECK_EVERY, trace, 1e9),
            },
            context.repeats,
            context.say,
        )
        context.say("ours until validation stops improving")
        mine = _validate(context, problem, data, Path(folder))
        context.say("numpy-f32 until validation stops improving")
        theirs = rivals.run(
            Job(
                "numpy-f32",
                "validate",
                str(data["train"]),
                n_components,
                start=str(problem.start),
                max_iter=MOST_ITERATIONS,
                smoothing=VALIDATION_SMOOTHING,
                validation=str(data["validation"]),
                test=str(data["test"]),
                check_every=CHECK_EVERY,
                patience=PATIENCE,
            )
        )
    ratio = _named(section.rows, "numpy-f32").seconds / _named(section.rows, ours).seconds
    section.checks = [
        *bounds.check("W8", FASTEST, ratio, what=f"{FASTEST}, numpy-f32"),
        *bounds.check("W8", "mean log-likelihood of the test rows", mine.log_likelihoods[-1]),
    ]
    section.notes += [
        f"Start: random rows and one iteration of ours, for both. Pseudo-count {VALIDATION_SMOOTHING}. The validation "
        f"rows are scored every {CHECK_EVERY} iterations; {PATIENCE} scores without a new best end the fit.",
        _ending(OURS, mine),
        _ending("numpy-f32", theirs),
    ]
    return section


def _from_rows(context: Context, data: Path, n_components: int, start: Path) -> Problem:
    """The problem of starting from random rows and one iteration."""
    options = f"--init rows --n-init 1 --max-iter 1 --smoothing {VALIDATION_SMOOTHING}".split()
    context.program.fit(data, n_components, *options, "--model", str(start))
    return Problem(data, start, *formats.shape(data), n_components, VALIDATION_SMOOTHING)


def _validate(context: Context, problem: Problem, data: dict[str, Path], folder: Path) -> Outcome:
    """The steps of numpy_best.validate, by calls of the program."""
    model = problem.start
    best, best_model = context.program.score(model, data["validation"]), model
    seconds, n_iter, waited = 0.0, 0, 0
    while waited < PATIENCE and n_iter < MOST_ITERATIONS:
        here = replace(problem, start=model)
        n_iter += CHECK_EVERY
        model = folder / f"after-{n_iter}.safetensors"
        # The first E-step of a run is the last of the one before: one more for as many M-steps.
        fit = context.program.iterate(here, CHECK_EVERY + 1, "--model", str(model))
        seconds += CHECK_EVERY * fit.seconds_per_iteration
        waited += 1
        score = context.program.score(model, data["validation"])
        if score > best:
            best, best_model, waited = score, model, 0
    return Outcome(seconds, n_iter, [best, context.program.score(best_model, data["test"])])


def _ending(who: str, outcome: Outcome) -> str:
    validation, test = (bounds.quantity_text(mean, "nats") for mean in outcome.log_likelihoods)
    return (
        f"{who}: {outcome.n_iter} iterations in {seconds_text(outcome.seconds)} of EM; a row of the validation set has "
        f"{validation}, of the test set {test}."
    )


def w9(context: Context) -> Section:
    problem = context.store.random_problem(context.store.slow_table(), 4, seed=9)
    section = Section("5 items, 19,601 rows, 32 patterns, overlapping classes, K 4")
    n_plain = 300_000
    context.say(f"{n_plain:,} plain iterations")
    plain = context.program.iterate(problem, n_plain)
    trace = context.program.trace(problem, 1_001)
    kernel = context.program.active_kernel
    ours = context.our_name(kernel)

    def many() -> Sample:
        fit = context.program.iterate(problem, n_plain)
        return Sample(fit.seconds_per_iteration, n_plain, fit.log_likelihood, peak_bytes=fit.peak_bytes)

    contestants = {ours: many}
    for name in _installed(context, section):
        if name == "polca":
            contestants[name] = partial(context.rival, name, problem, 1_000, trace, context.budget_seconds)
    section.rows = alternate(contestants, context.repeats, context.say)

    def by_default() -> Sample:
        fit = context.program.fit(problem.data, 4)
        n_init = fit.json["n_init"]
        return Sample(
            fit.seconds / n_init,
            fit.json["total_iterations"],
            fit.log_likelihood,
            peak_bytes=fit.peak_bytes,
            note=f"{n_init} starts, time and iterations: {seconds_text(fit.seconds)} in all",
        )

    defaults = alternate(
        {
            f"{OURS}, default fit, a start": by_default,
            f"{OURS}, from the same start": partial(from_start, context.program, problem),
        },
        context.repeats,
        context.say,
    )
    section.rows += defaults
    section.checks = bounds.check("W9", "an iteration", _named(section.rows, ours).seconds)
    for row in defaults:
        missing = max(0.0, plain.log_likelihood - _known(row.log_likelihood))
        section.checks += bounds.check("W9", "a start by default", row.seconds, what=row.who)
        section.checks += bounds.check(
            "W9",
            "nats missing to 300,000 plain iterations",
            missing,
            what=f"{row.who}: nats missing to them",
        )
    section.notes.append(
        f"Plain EM ends at {plain.log_likelihood:.7f} nats".replace("-", "−")
        + f" after {n_plain:,} iterations from the start. The log-likelihood of polca is a mean a row, not a total."
    )
    return section
