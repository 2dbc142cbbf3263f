"""The bounds that the project set itself (issue 3), as data."""

from __future__ import annotations

from dataclasses import dataclass

from .results import Check


@dataclass(frozen=True)
class Bound:
    """At least (times a rival) or at most (seconds, bytes, …) that value, on one kernel or on any."""

    workload: str
    quantity: str
    value: float
    unit: str
    kernel: str | None = None

    @property
    def is_lower(self) -> bool:
        return self.unit in ("x", "nats")


FASTEST = "the fastest rival"

BOUNDS = [
    Bound("W1", FASTEST, 15, "x", "amx"),
    Bound("W1", FASTEST, 6, "x", "avx512"),
    Bound("W1", FASTEST, 4, "x", "avx2"),
    Bound("W1", "lecture-notes", 1000, "x"),
    Bound("W2", FASTEST, 15, "x", "amx"),
    Bound("W2", FASTEST, 4, "x", "avx512"),
    Bound("W2", FASTEST, 2.5, "x", "avx2"),
    Bound("W3", FASTEST, 15, "x", "amx"),
    Bound("W4", FASTEST, 50, "x"),
    Bound("W5", FASTEST, 20, "x"),
    Bound("W5", "the best known optimum of K = 4", 10e-3, "s"),
    Bound("W6", FASTEST, 15, "x"),
    Bound("W7", "StepMix", 100, "x"),
    Bound("W8", FASTEST, 12, "x"),
    Bound("W8", "mean log-likelihood of the test rows", -126, "nats"),
    Bound("W9", "an iteration", 3e-6, "s"),
    Bound("W9", "a start by default", 20e-3, "s"),
    Bound("W9", "nats missing to 300,000 plain iterations", 1e-6, ""),
    Bound("W10", "StepMix", 50, "x"),
    Bound("W10", "polca", 50, "x"),
    Bound("W11", "StepMix", 50, "x"),
    Bound("W11", "polca", 50, "x"),
    Bound("threads", "two threads against one", 1.85, "x"),
    Bound("rows", "growth of the time a row", 1.10, ""),
    Bound("memory", "share of 1.5 x rows + 3 x model + 20 MB", 1, ""),
    Bound("memory", "W1", 40e6, "B"),
    Bound("start-up", "the program's start-up", 10e-3, "s"),
]


def family(kernel: str) -> str:
    """amx, avx512, avx2 or what else the kernel's name begins with."""
    return next((name for name in ("amx", "avx512", "avx2") if kernel.startswith(name)), kernel)


def check(workload: str, quantity: str, measured: float, kernel: str | None = None, what: str = "") -> list[Check]:
    """The checks of a measured quantity: one for each bound that holds for it, so none where no bound was set."""
    return [
        Check(
            what=f"{what or quantity}{f' ({kernel})' if bound.kernel else ''}",
            bound=("≥ " if bound.is_lower else "≤ ") + quantity_text(bound.value, bound.unit),
            measured=quantity_text(measured, bound.unit),
            factor=_factor(bound, measured),
        )
        for bound in BOUNDS
        if (bound.workload, bound.quantity) == (workload, quantity)
        and (bound.kernel is None or bound.kernel == family(kernel or ""))
    ]


def _factor(bound: Bound, measured: float) -> float:
    if bound.unit == "nats":  # of negative numbers the smaller magnitude is the better one
        return bound.value / measured
    if bound.is_lower:
        return measured / bound.value
    return bound.value / measured if measured > 0 else float("inf")


def quantity_text(value: float, unit: str) -> str:
    if unit == "x":
        return f"{value:,.0f} ×" if value >= 100 else f"{value:.3g} ×"
    if unit == "s":
        return seconds_text(value)
    if unit == "B":
        return f"{value / 1e6:.1f} MB"
    if unit == "nats":
        return f"{value:.3f} nats".replace("-", "−")
    return f"{value:.3g}"


def seconds_text(seconds: float) -> str:
    """Three digits in the unit that fits."""
    for limit, scale, unit in ((1e-3, 1e6, "µs"), (1, 1e3, "ms"), (float("inf"), 1, "s")):
        if seconds < limit:
            value = seconds * scale
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    raise AssertionError
