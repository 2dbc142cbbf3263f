"""What a run finds, as it stands in results.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

OURS = "mixbern"


@dataclass(frozen=True)
class Row:
    """One program on one workload: the median of its repeats, and what it reached."""

    who: str
    seconds: float
    fastest: float
    slowest: float
    repeats: int
    n_iter: int | None = None
    log_likelihood: float | None = None
    deviation: float | None = None
    peak_bytes: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A bound and what was measured. factor is how far the measurement is on the good side: 1 or more is met."""

    what: str
    bound: str
    measured: str
    factor: float

    @property
    def met(self) -> bool:
        return self.factor >= 1


@dataclass(frozen=True)
class Point:
    """A point of the picture."""

    who: str
    x: float
    seconds: float


@dataclass
class Section:
    title: str
    unit: str = "an iteration"
    rows: list[Row] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    date: str = ""
    seconds: float = 0


@dataclass
class Results:
    """setting is what must be equal for sections of different runs to stand in one table."""

    setting: dict[str, Any]
    sections: dict[str, Section] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".tmp")
        partial.write_text(json.dumps(asdict(self), indent=1) + "\n")
        partial.replace(path)

    @staticmethod
    def load(path: Path) -> Results:
        raw = json.loads(path.read_text())
        return Results(raw["setting"], {name: _section(section) for name, section in raw["sections"].items()})

    def all_checks(self) -> Iterator[tuple[str, Check]]:
        for name, section in self.sections.items():
            for check in section.checks:
                yield name, check


def _section(raw: dict[str, Any]) -> Section:
    lists = {"rows": Row, "checks": Check, "points": Point}
    read = {name: [part(**entry) for entry in raw[name]] for name, part in lists.items()}
    return Section(**{**raw, **read})
