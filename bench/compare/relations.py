"""What real studies add to a fit: predictors of classes, and items of many answers: W10, W11."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from . import bounds, process, rivals
from .context import Context
from .measure import Sample, alternate
from .results import OURS, Section
from .rivals import Job

THREE_STEPS, ONE_STEP = f"{OURS}, three steps", f"{OURS}, one step"
TABLE_RIVALS = {"stepmix": "StepMix", "polca": "polca"}


def _theirs(name: str, task: str, data: Path, n_components: int) -> Sample:
    outcome = rivals.run(Job(name, task, str(data), n_components))
    return Sample(
        outcome.seconds, outcome.n_iter, outcome.log_likelihoods[0], peak_bytes=outcome.peak_bytes, note="one start"
    )


def _check(section: Section, workload: str, ours: dict[str, str]) -> None:
    """`ours` says which of our rows does what a rival does."""
    seconds = {row.who: row.seconds for row in section.rows}
    for name, own in ours.items():
        if name in seconds:
            section.checks += bounds.check(workload, TABLE_RIVALS[name], seconds[name] / seconds[own], what=name)


def _available(context: Context, section: Section) -> list[str]:
    if not context.has("polca"):
        section.notes.append("polca was not measured: it needs Python 3.12 or newer, and none was found.")
    return [name for name in TABLE_RIVALS if context.has(name)]


def w10(context: Context) -> Section:
    """A start of ours, as the rivals take one, and the relation."""
    data, n_components = context.store.predicted_classes(), 3
    section = Section(
        "100,000 × 12 binary items and a covariate, K 3: classes, then their logit", unit="a start and the logit"
    )

    def ours(method: str) -> Sample:
        with TemporaryDirectory() as folder:
            model = str(Path(folder) / "model")
            fit = context.program.fit(data, n_components, "--exclude", "x", "--model", model)
            relate = ["relate", model, str(data), "--covariates", "x", "--method", method, "--threads", "1"]
            related = process.run([str(context.program.path), *relate, "--json", "--quiet"])
        told, n_init = json.loads(related.output), fit.json["n_init"]
        logit = told["seconds"]["relate"]
        return Sample(
            fit.seconds / n_init + logit,
            told["n_iter"],
            told["log_likelihood"],
            peak_bytes=related.peak_bytes,
            note=f"{n_init} starts in {bounds.seconds_text(fit.seconds)}, the logit in {bounds.seconds_text(logit)}",
        )

    contestants = {THREE_STEPS: partial(ours, "ml"), ONE_STEP: partial(ours, "one-step")}
    for name in _available(context, section):
        contestants[name] = partial(_theirs, name, "relate", data, n_components)
    section.rows = alternate(contestants, context.repeats, context.say)
    _check(section, "W10", {"stepmix": THREE_STEPS, "polca": ONE_STEP})
    section.notes.append(
        "StepMix takes three steps (ML, modal), polca one; standard errors are ours and polca's alone."
    )
    return section


def w11(context: Context) -> Section:
    data, n_components = context.store.many_answers(), 3
    section = Section("1,785 × 12 items of four answers, K 3: full default fit", unit="a start")

    def ours() -> Sample:
        fit = context.program.fit(data, n_components, "--categorical", "all")
        n_init = fit.json["n_init"]
        return Sample(
            fit.seconds / n_init,
            fit.json["total_iterations"],
            fit.log_likelihood,
            peak_bytes=fit.peak_bytes,
            note=f"{n_init} starts, {bounds.seconds_text(fit.seconds)} in all",
        )

    contestants = {OURS: ours}
    for name in _available(context, section):
        contestants[name] = partial(_theirs, name, "answers", data, n_components)
    section.rows = alternate(contestants, context.repeats, context.say)
    _check(section, "W11", dict.fromkeys(TABLE_RIVALS, OURS))
    return section
