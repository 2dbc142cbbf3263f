"""Measures the constants of the cost model, and holds its predictions against other measurements."""

from __future__ import annotations

import statistics
import time
import warnings

import numpy as np
from scale.model import Cluster, Work, fitted, predicted

import mixbern
import mixbern.federated

# Of the first five and the first three rows do not fit into caches.
MEASURED = [
    Work(120_000, 2048, 50, 10),
    Work(120_000, 2048, 50, 80),
    Work(120_000, 2048, 200, 10),
    Work(120_000, 2048, 200, 80),
    Work(240_000, 1024, 50, 40),
    Work(500, 2048, 50, 100),
]
TRIED = [
    Work(160_000, 2048, 50, 50),
    Work(120_000, 2048, 100, 20),
    Work(240_000, 1024, 100, 80),
    Work(1_000, 1024, 50, 200),
]
LARGE = Work(10**9, 2048, 50, 50)
ENGINES = {"MPI": (0.0, 0.0), "Dask": (0.15, 0.0), "Spark": (0.45, 24e-9)}  # seconds, and seconds a byte of rows: docs/scale.md
DISK, NETWORK = 2e9, 1.25e9
ITERATIONS = 25


def rows_of(work: Work) -> mixbern.Dataset:
    """Twenty subjects, each with three quarters of its ones among a tenth of the features."""
    chance = np.random.default_rng(1)
    own = round(0.75 * work.ones)
    wide = max(work.n_features // 10, own)
    first = chance.integers(0, 20, (work.n_rows, 1)) * (work.n_features - wide) // 20
    cells = np.zeros((work.n_rows, work.n_features), dtype=bool)
    np.put_along_axis(cells, chance.integers(0, work.n_features, (work.n_rows, round(work.ones) - own)), True, axis=1)
    np.put_along_axis(cells, first + chance.integers(0, wide, (work.n_rows, own)), True, axis=1)
    return mixbern.Dataset(cells)


def seconds(work: Work) -> float:
    """Of an iteration in one thread: the median pass of a fit, and an equal share of all else."""
    site = mixbern.federated.Site(rows_of(work), n_threads=1)
    passes: list[float] = []

    def run(pass_: mixbern.federated.Pass) -> mixbern.federated.Sums:
        begin = time.process_time()
        sums = site.accumulate(pass_)
        passes.append(time.process_time() - begin)
        return sums

    options = {"init": "random", "n_init": 1, "max_iter": ITERATIONS, "tol": 0, "n_threads": 1, "random_state": 1}
    begin = time.process_time()
    mixbern.federated.fit(mixbern.BernoulliMixture(work.n_components, **options), site.facts, run)
    rest = time.process_time() - begin - sum(passes)
    return statistics.median(passes) + rest / len(passes)


def show_table(constants: list[float]) -> None:
    print(f"\n{LARGE.n_rows:.0e} x {LARGE.n_features:,}, {LARGE.ones} ones, K {LARGE.n_components}: seconds an iteration")
    print("workers  " + "".join(f"{engine:>10}" for engine in ENGINES))
    for n_workers in (1, 8, 64, 1000):
        clusters = [Cluster(n_workers, DISK, NETWORK, *engine) for engine in ENGINES.values()]
        print(f"{n_workers:<9}" + "".join(f"{predicted(LARGE, cluster, constants):10.2f}" for cluster in clusters))


def main() -> None:
    warnings.simplefilter("ignore")  # none of the fits converges
    constants = fitted(MEASURED, [seconds(work) for work in MEASURED])
    names = ("cell of a row", "the same by component", "one", "cell of the model")
    for name, constant in zip(names, constants, strict=True):
        print(f"{name:<24}{1e9 * constant:10.4f} ns")
    print(f"\n{'rows':>8}{'features':>10}{'ones':>6}{'K':>5}{'measured':>12}{'predicted':>12}")
    for work in TRIED:
        took, said = seconds(work), predicted(work, Cluster(), constants)
        size = f"{work.n_rows:8,}{work.n_features:10,}{work.ones:6.0f}{work.n_components:5}"
        print(f"{size}{1e3 * took:9.1f} ms{1e3 * said:9.1f} ms")
    show_table(constants)


main()
