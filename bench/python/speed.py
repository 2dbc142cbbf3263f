"""How long `fit` takes: packing the array, and the iterations of the program."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from compare.bounds import quantity_text
from compare.measure import Sample, alternate
from compare.results import Check

import mixbern

from .setting import Setting, at_most

N_COMPONENTS = 10
SEED = 0


def fit(setting: Setting) -> list[Check]:
    """Both with all processors, by default options, from the same seed."""
    data = setting.store.shipped_images()
    X = mixbern.read(data).toarray().astype(np.uint8)
    contestants = {"fit": lambda: _package(setting, X), "program": lambda: _program(setting, data)}
    ours, program = alternate(contestants, setting.repeats, setting.say)
    setting.say(f"fit {ours.seconds:.3f} s ({ours.fastest:.3f} … {ours.slowest:.3f}), "
                f"program's em {program.seconds:.3f} s ({program.fastest:.3f} … {program.slowest:.3f})")
    if ours.log_likelihood != program.log_likelihood:
        raise SystemExit(f"fit ended at {ours.log_likelihood}, the program at {program.log_likelihood}")
    ratio = ours.seconds / program.seconds
    what = f"20,000 x 784 uint8, K 10: fit, of the program's em seconds (medians of {setting.repeats})"
    return [at_most(what, ratio, 1.15, lambda value: quantity_text(value, "x"))]


def _package(setting: Setting, X: npt.NDArray[np.uint8]) -> Sample:
    model = mixbern.BernoulliMixture(N_COMPONENTS, random_state=SEED, n_threads=setting.n_threads)
    begin = time.perf_counter()
    model.fit(X)
    return Sample(time.perf_counter() - begin, model.n_iter_, model.log_likelihood_)


def _program(setting: Setting, data: Path) -> Sample:
    found = setting.program.fit(data, N_COMPONENTS, "--seed", str(SEED), threads=setting.n_threads)
    return Sample(found.json["seconds"]["em"], found.json["n_iter"], found.json["log_likelihood"])
