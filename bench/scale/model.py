"""The cost model of docs/scale.md: seconds an iteration takes, from what the data, the mixture and the machines are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls


@dataclass(frozen=True)
class Work:
    """Rows, features, ones a row, components."""

    n_rows: int
    n_features: int
    ones: float
    n_components: int

    def terms(self) -> list[float]:
        """What each constant is multiplied by: cells of rows, of rows by components, ones, cells of the model."""
        cells = self.n_rows * self.n_features
        return [cells, cells * self.n_components, self.n_rows * self.ones, self.n_components * self.n_features]


@dataclass(frozen=True)
class Cluster:
    """Workers of one thread with a share of the rows each; bytes a second of a worker's disk and network."""

    n_workers: int = 1
    disk: float = math.inf
    network: float = math.inf
    overhead: float = 0.0
    """Seconds an engine takes for an iteration beside all else."""
    handing: float = 0.0
    """Seconds it takes to hand a byte of packed rows to what computes."""


def fitted(works: list[Work], seconds: list[float]) -> list[float]:
    """Constants, in seconds, none negative, that miss the measurements by the least share."""
    rows = np.array([work.terms() for work in works]) / np.array(seconds)[:, None]
    scale = rows.max(axis=0)
    return list(nnls(rows / scale, np.ones(len(works)))[0] / scale)


def predicted(work: Work, cluster: Cluster, constants: list[float]) -> float:
    """Seconds an iteration: the slower of reading and computing, then the model to all workers and the sums back."""
    *of_rows, of_model = (constant * term for constant, term in zip(constants, work.terms(), strict=True))
    computing = sum(of_rows) / cluster.n_workers
    share = work.n_rows * work.n_features / 8 / cluster.n_workers
    computing += share * cluster.handing
    reading = share / cluster.disk
    steps = 2 * math.ceil(math.log2(cluster.n_workers))
    sent = 8 * work.n_components * work.n_features * steps / cluster.network
    return max(computing, reading) + of_model + sent + cluster.overhead
