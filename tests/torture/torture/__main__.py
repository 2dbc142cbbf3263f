"""Attacks the program for some minutes; the last line counts. Status 1 if anything was found."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import time
from collections import Counter
from pathlib import Path

from .attacks import ATTACKS
from .work import prepare

TABLE = Path(__file__).resolve().parents[3] / "data" / "carcinoma.csv"


def attack(folder: Path, seed: int, deadline: float) -> tuple[Counter[str], int, list[str]]:
    """Whichever attack has had least of its share, until the time is over."""
    chance = random.Random(seed)
    prepare(folder, TABLE)
    counts: Counter[str] = Counter()
    spent = dict.fromkeys(ATTACKS, 0.0)
    memory, findings = 0, []
    while time.monotonic() < deadline:
        name = min(ATTACKS, key=lambda each: spent[each] / ATTACKS[each][0])
        began = time.monotonic()
        found, peak = ATTACKS[name][1](folder, chance)
        spent[name] += time.monotonic() - began
        counts[name] += 1
        memory = max(memory, peak)
        findings += found
        for text in found:
            print(f"found: {text}", flush=True)
    return counts, memory, findings


def main() -> int:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--folder", type=Path, required=True, help="made anew; what breaks something is kept in findings")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    deadline = time.monotonic() + 60 * options.minutes
    calls = [(options.folder.absolute() / str(job), options.seed + job, deadline) for job in range(options.jobs)]
    with multiprocessing.Pool(options.jobs) as pool:
        outcomes = pool.starmap(attack, calls, chunksize=1)
    counts = sum((each for each, _, _ in outcomes), Counter())
    memory = max(each for _, each, _ in outcomes)
    findings = sum(len(each) for _, _, each in outcomes)
    done = ", ".join(f"{counts[name]:,} {name}" for name in ATTACKS)
    print(f"torture, seed {options.seed}: {done}; {memory / 2**20:.0f} MB at the peak; {findings} findings")
    return 1 if findings or not all(counts[name] for name in ATTACKS) else 0


if __name__ == "__main__":
    raise SystemExit(main())
