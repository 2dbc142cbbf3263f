"""`./dev bench`: runs the workloads and writes results.json, RESULTS.md and the picture."""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import against, fits, footprint, iterations, machine, picture, relations, report
from .choice import names_among
from .context import Context
from .measure import Disagreement
from .ours import Program
from .process import Failed
from .results import Results, Section
from .workloads import ROOT, Store, Unavailable


@dataclass(frozen=True)
class Experiment:
    """minutes: what it took with five repeats on a processor of 2023, for a first estimate."""

    run: Callable[[Context], Section]
    minutes: float
    about: str


EXPERIMENTS = {
    "W1": Experiment(iterations.w1, 3, "20,000 MNIST images, K 10, on every kernel"),
    "W2": Experiment(iterations.w2, 6, "the same, K 100"),
    "W3": Experiment(iterations.w3, 5, "60,000 MNIST images, K 20"),
    "W4": Experiment(fits.w4, 2, "latent class data, 100,000 x 12, K 4: full fit"),
    "W5": Experiment(fits.w5, 1, "carcinoma, K 3 and 4, many starts"),
    "W6": Experiment(iterations.w6, 4, "sparse, 200,000 x 2,048, K 50"),
    "W7": Experiment(fits.w7, 8, "clinical codes, 838,000 x 204, K 10: full default fit"),
    "W8": Experiment(fits.w8, 4, "drawn MNIST, K 500: until validation stops improving"),
    "W9": Experiment(fits.w9, 2, "a small table on which plain EM needs 300,000 iterations"),
    "W10": Experiment(relations.w10, 1, "100,000 x 12 items and a covariate, K 3: classes and their logit"),
    "W11": Experiment(relations.w11, 1, "1,785 x 12 items of four answers, K 3: full default fit"),
    "threads": Experiment(iterations.threads, 2, "two threads against one"),
    "rows": Experiment(iterations.rows, 4, "time against N, from 10^4 to 10^7"),
    "components": Experiment(iterations.components, 6, "time against K, from 2 to 500"),
    "memory": Experiment(footprint.memory, 0.2, "peak memory"),
    "start-up": Experiment(footprint.start_up, 0.1, "start-up of the program"),
}


def main() -> int:
    options = _options()
    program = Program(options.program)
    if options.against:
        store = Store(ROOT / "build" / "bench" / "data", options.mnist, options.quick)
        only = [] if options.only == list(EXPERIMENTS) else options.only
        for line in against.table(program, Program(options.against), store, options.repeats, only):
            print(line, flush=True)
        return 0
    folder: Path = options.out or (ROOT / "build" / "bench" / "quick" if options.quick else ROOT / "bench")
    results = _open(folder / "results.json", {**machine.setting(program), "quick": options.quick})
    context = Context(
        program,
        Store(ROOT / "build" / "bench" / "data", options.mnist, options.quick),
        options.repeats,
        options.quick,
        say=lambda text: print(f"      {text}", flush=True),
    )
    print(f"    {program.version}, kernel {program.active_kernel}; {options.repeats} repeats; results in {folder}")
    failed = False
    for position, name in enumerate(options.only):
        print(
            f"==> {name}: {EXPERIMENTS[name].about} ({_estimate(results, options, options.only[position:])} to go)",
            flush=True,
        )
        try:
            results.sections[name] = _run(context, EXPERIMENTS[name])
        except Unavailable as reason:
            print(f"    skipped: {reason}")
            results.sections[name] = Section(EXPERIMENTS[name].about, notes=[f"Skipped: {reason}."], date=_today())
        except (Disagreement, Failed) as error:
            failed = True
            print(f"    FAILED: {error}", file=sys.stderr)
            results.sections[name] = Section(
                EXPERIMENTS[name].about, notes=[f"**Failed**: {str(error).strip().splitlines()[-1]}"], date=_today()
            )
        except KeyboardInterrupt:
            print(f"\n    interrupted; what was done before {name} is in {folder}", file=sys.stderr)
            return 130
        _write(results, folder)
        for check in results.sections[name].checks:
            print(f"    {'met  ' if check.met else 'SHORT'} {check.what}: {check.measured} (bound {check.bound})")
    return 1 if failed else 0


def _run(context: Context, experiment: Experiment) -> Section:
    begin = time.perf_counter()
    section = experiment.run(context)
    section.seconds = time.perf_counter() - begin
    section.date = _today()
    return section


def _write(results: Results, folder: Path) -> None:
    results.sections = {name: results.sections[name] for name in EXPERIMENTS if name in results.sections}
    results.save(folder / "results.json")
    (folder / "RESULTS.md").write_text(report.markdown(results))
    picture.draw(results, folder / report.PICTURE)


def _open(path: Path, setting: dict[str, object]) -> Results:
    """Earlier results if they were measured in the same setting, so that --only adds to them."""
    if path.exists():
        earlier = Results.load(path)
        if earlier.setting == setting:
            return earlier
        print("    the results that are there come from another program, machine or version: starting anew")
    return Results(setting)


def _estimate(results: Results, options: argparse.Namespace, names: list[str]) -> str:
    minutes = 0.0
    for name in names:
        known = results.sections.get(name)
        if known and known.seconds:
            minutes += known.seconds / 60
        else:
            minutes += EXPERIMENTS[name].minutes * options.repeats / 5 / (8 if options.quick else 1)
    return f"about {minutes:.0f} min" if minutes >= 1 else "under a minute"


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Compares mixbern with what a user could pick instead, and with the bounds that were set.",
        epilog="workloads:\n"
        + "\n".join(f"  {name:<11} {e.about}" for name, e in EXPERIMENTS.items())
        + "\n\n`./dev bench --micro` measures the kernels alone instead.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    only = names_among(EXPERIMENTS, "workload")
    parser.add_argument("--only", type=only, default=list(EXPERIMENTS), metavar="W1,W5", help="only these workloads")
    parser.add_argument("--repeats", type=int, metavar="N", help="repeats of each program (5; 2 with --quick)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, to try things; written under build/")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the results go (bench)")
    parser.add_argument(
        "--mnist",
        type=Path,
        metavar="DIR",
        default=ROOT.parent / "shared" / "data" / "mnist",
        help="folder with MNIST's four IDX files, gzip'ed; W3 and W8 are skipped without (%(default)s)",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        help="another build of mixbern: the same work by turns, the least of the repeats of each, and nothing written",
    )
    parser.add_argument(
        "--program",
        type=Path,
        metavar="FILE",
        default=ROOT / "build" / "release" / "bin" / "mixbern",
        help="mixbern to measure (%(default)s)",
    )
    options = parser.parse_args()
    options.repeats = options.repeats or (2 if options.quick else 5)
    return options


sys.exit(main())
