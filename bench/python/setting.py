"""What every measurement needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from compare.ours import Program
from compare.results import Check
from compare.workloads import ROOT, Store


@dataclass(frozen=True)
class Setting:
    """repeats: of each measurement. stepmix: a Python that has StepMix. say: what is being done."""

    repeats: int
    stepmix: Path
    say: Callable[[str], None]

    @cached_property
    def program(self) -> Program:
        """The one that was installed with the package."""
        return Program(Path(sys.executable).with_name("mixbern"))

    @cached_property
    def store(self) -> Store:
        return Store(ROOT / "build" / "bench" / "data", ROOT, quick=False)

    @property
    def n_threads(self) -> int:
        return len(os.sched_getaffinity(0))


def at_most(what: str, measured: float, bound: float, text: Callable[[float], str]) -> Check:
    return Check(what, f"< {text(bound)}", text(measured), bound / measured if measured > 0 else float("inf"))
