"""RESULTS.md: what was measured against what, on which machine, and which bounds hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .bounds import seconds_text
from .results import OURS, Check, Results, Row, Section

PICTURE = "scaling.svg"

_PROTOCOL = """\
Made by `./dev bench`. Every program runs in a process of its own, the programs take turns, and a time is the median
of its repeats (in brackets the fastest and the slowest). Seconds an iteration are those of the EM loop, without
starting and reading, and for the rivals without converting. One thread each unless said. All start from the same
parameters, and after the same number of iterations the mean log-likelihood a row must agree with ours in double
precision, or the run fails: relative difference at most 1e-7 for programs in double precision, 1e-6 for our default
kernels, 1e-4 in single precision (float32 sums; each iteration builds on the one before). `lecture-notes`,
`numpy-f32`, `numpy-f64` and `scipy-csr` are a page each in `bench/compare/rivals`; `stepmix` and `polca` come from
PyPI. On images and sparse rows every M-step adds a pseudo-count of 0.01, because programs keep probabilities from 0
in different ways, and that changes where EM goes."""


def markdown(results: Results) -> str:
    parts = ["# Benchmark", *_notice(results.setting), _PROTOCOL, _machine(results), "## Bounds", _bounds(results)]
    if any(section.points for section in results.sections.values()):
        parts.append(f"![Time an iteration against N and against K]({PICTURE})")
    for name, section in results.sections.items():
        parts += _section(name, section)
    return "\n\n".join(parts) + "\n"


def _notice(setting: dict[str, Any]) -> list[str]:
    return ["**A trial on a tenth of the data (`--quick`): these numbers mean nothing.**"] if setting["quick"] else []


def _machine(results: Results) -> str:
    setting = results.setting
    dates = sorted({section.date for section in results.sections.values()})
    versions = ", ".join(f"{name} {version or '(not installed)'}" for name, version in setting["packages"].items())
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    lines = [
        ("processor", f"{setting['processor']}, {setting['cores']} cores; {', '.join(setting['flags'])}"),
        ("memory, system", f"{setting['memory_gb']} GB, {setting['system']}"),
        ("program", f"{setting['program']}, commit {setting['commit']}"),
        ("kernel", f"{setting['kernel']} (this processor can run {', '.join(setting['kernels'])})"),
        ("rivals", f"{versions}; Python {setting['python']}"),
        ("date", when),
    ]
    return _table(("", ""), lines)


def _bounds(results: Results) -> str:
    checks = list(results.all_checks())
    met = sum(check.met for _, check in checks)
    rows = [(name, check.what, check.bound, check.measured, _verdict(check)) for name, check in checks]
    return f"{met} of {len(checks)} are met.\n\n" + _table(("", "against, or what", "bound", "measured", ""), rows)


def _verdict(check: Check) -> str:
    if check.met:
        return "met"
    return f"**short** by a factor of {1 / check.factor:.3g}" if check.factor > 0 else "**short**"


def _section(name: str, section: Section) -> list[str]:
    ours = _our_fastest(section.rows)
    lines = [_line(row, ours) for row in section.rows]
    heading = (
        "",
        f"time {section.unit}",
        "ours is faster",
        "repeats",
        "iterations",
        "log-likelihood",
        "off by",
        "peak memory",
        "",
    )
    used = [i for i, _ in enumerate(heading) if i < 2 or any(line[i] for line in lines)]
    table = _table([heading[i] for i in used], [[line[i] for i in used] for line in lines])
    notes = "\n".join(f"* {note}" for note in section.notes)
    return [part for part in (f"## {name}: {section.title}", table, notes) if part]


def _our_fastest(rows: Iterable[Row]) -> float | None:
    """What the rivals of a section are compared with, where it holds one size only."""
    ours = [row for row in rows if row.who.startswith(OURS)]
    sizes = {row.who.partition(", ")[2] for row in rows}
    return min((row.seconds for row in ours), default=None) if len(sizes) == 1 else None


def _line(row: Row, ours: float | None) -> tuple[str, ...]:
    spread = f" ({seconds_text(row.fastest)} … {seconds_text(row.slowest)})" if row.repeats > 1 else ""
    return (
        row.who,
        seconds_text(row.seconds) + spread,
        f"{row.seconds / ours:,.3g} ×" if ours and not row.who.startswith(OURS) else "",
        str(row.repeats),
        f"{row.n_iter:,}" if row.n_iter else "",
        f"{row.log_likelihood:.6f}".replace("-", "−") if row.log_likelihood is not None else "",
        f"{row.deviation:.0e}".replace("-", "−") if row.deviation else "",
        f"{row.peak_bytes / 1e6:,.0f} MB" if row.peak_bytes else "",
        row.note,
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
