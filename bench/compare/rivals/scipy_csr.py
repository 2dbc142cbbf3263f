"""SciPy: the ones in compressed rows, so that both products cost K multiplications a one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import sparse

from .. import formats
from . import Job, Outcome, stepping

SMALLEST_RESPONSIBILITY = 1e-30


class ScipyMixture:
    def __init__(self, rows: sparse.csr_array, start: formats.Start, smoothing: float) -> None:
        self._rows = rows.astype(np.float32)
        self._columns = self._rows.T.tocsr()  # sums over rows run faster over a feature's own list of rows
        self._weights = start.weights.astype(np.float32)
        self._probabilities = start.probabilities.astype(np.float32)
        self._smoothing = smoothing

    def step(self) -> float:
        theta = np.clip(self._probabilities, np.float32(1e-30), np.float32(1 - 2**-24))
        log_zeros = np.log1p(-theta)
        joint = self._rows @ (np.log(theta) - log_zeros).T
        joint += np.log(self._weights) + log_zeros.sum(axis=1)
        largest = joint.max(axis=1, keepdims=True)
        joint -= largest
        np.exp(joint, out=joint)
        total = joint.sum(axis=1, keepdims=True)
        joint *= 1 / total
        joint[joint < SMALLEST_RESPONSIBILITY] = 0
        counts = joint.sum(axis=0, dtype=np.float64).astype(np.float32)  # down columns, NumPy adds one by one
        a = self._smoothing
        self._probabilities = ((self._columns @ joint).T + a) / (counts + 2 * a)[:, np.newaxis]
        self._weights = (counts + a) / (len(joint) + len(counts) * a)
        return float((largest + np.log(total)).mean(dtype=np.float64))


def iterate(job: Job) -> Outcome:
    rows = formats.read_sparse(Path(job.data), job.n_rows)
    return stepping.iterate(ScipyMixture(rows, formats.read_start(Path(job.start)), job.smoothing), job)
