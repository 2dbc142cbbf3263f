"""`./dev bench --python`: measures, prints a table with the bound beside each number, and fails if one is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from compare.choice import names_among
from compare.results import Check

from . import footprint, interrupt, moved, speed
from .setting import Setting


@dataclass(frozen=True)
class Measurement:
    run: Callable[[Setting], list[Check]]
    about: str


MEASUREMENTS = {
    "fit": Measurement(speed.fit, "20,000 images, K 10: fit against the program"),
    "memory": Measurement(footprint.memory, "peak memory of that fit, and of a sparse one"),
    "interrupt": Measurement(interrupt.interrupt, "from Ctrl-C to the exception"),
    "stepmix": Measurement(moved.moved, "a script for StepMix and the same script moved over"),
}


def main() -> int:
    options = _options()
    setting = Setting(options.repeats, options.stepmix, say=lambda text: print(f"      {text}", flush=True))
    checks = []
    for name in options.only:
        print(f"==> {name}: {MEASUREMENTS[name].about}", flush=True)
        checks += MEASUREMENTS[name].run(setting)
    print(_table(checks))
    return 0 if all(check.met for check in checks) else 1


def _table(checks: list[Check]) -> str:
    rows = [("check", "measured", "bound", "")]
    rows += [(check.what, check.measured, check.bound, "met" if check.met else "MISSED") for check in checks]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench --python",
        description="Measures the Python package against its bounds; exit status 1 if one is missed.",
        epilog="measurements:\n" + "\n".join(f"  {name:<11} {m.about}" for name, m in MEASUREMENTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    only = names_among(MEASUREMENTS, "measurement")
    parser.add_argument("--only", type=only, default=list(MEASUREMENTS), metavar="fit,memory", help="only these")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="repeats of each (%(default)s)")
    parser.add_argument(
        "--stepmix", type=Path, required=True, metavar="PYTHON", help="a Python that has StepMix; ./dev gives it"
    )
    return parser.parse_args()


sys.exit(main())
