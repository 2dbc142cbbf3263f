"""NumPy at its best: two matrix products an iteration in the K x N layout, everything in place."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .. import formats
from . import Job, Outcome, stepping

# Denormal responsibilities would make the second product two to three times slower.
SMALLEST_RESPONSIBILITY = 1e-30

Array = npt.NDArray[np.floating]


class NumpyMixture:
    def __init__(self, rows: formats.BitArray, start: formats.Start, dtype: npt.DTypeLike, smoothing: float) -> None:
        self._rows = rows.astype(dtype)
        self._columns = np.ascontiguousarray(self._rows.T)  # the products are faster with either layout at hand
        self._responsibilities = np.empty((len(start.weights), len(rows)), dtype)
        self._weights = start.weights.astype(dtype)
        self._probabilities = start.probabilities.astype(dtype)
        self._smoothing = smoothing

    def step(self) -> float:
        r = self._responsibilities
        mean_log_likelihood = self._e_step(self._columns, r)
        r[r < SMALLEST_RESPONSIBILITY] = 0
        a = self._smoothing
        counts = r.sum(axis=1)
        np.matmul(r, self._rows, out=self._probabilities)
        self._probabilities += a
        self._probabilities /= (counts + 2 * a)[:, np.newaxis]
        self._weights = (counts + a) / (r.shape[1] + len(counts) * a)
        return mean_log_likelihood

    def score(self, columns: Array) -> float:
        """Mean log-likelihood a row of D x N cells."""
        return self._e_step(columns, np.empty((len(self._weights), columns.shape[1]), columns.dtype))

    def _e_step(self, columns: Array, joint: Array) -> float:
        dtype = joint.dtype.type
        theta = np.clip(self._probabilities, dtype(1e-30), dtype(1) - np.finfo(dtype).epsneg)
        log_zeros = np.log1p(-theta)
        np.matmul(np.log(theta) - log_zeros, columns, out=joint)
        joint += (np.log(self._weights) + log_zeros.sum(axis=1))[:, np.newaxis]
        largest = joint.max(axis=0)
        joint -= largest
        np.exp(joint, out=joint)
        total = joint.sum(axis=0)
        joint *= 1 / total
        return float((largest + np.log(total)).mean(dtype=np.float64))


def _load(job: Job) -> NumpyMixture:
    dtype = {"numpy-f32": np.float32, "numpy-f64": np.float64}[job.rival]
    rows = formats.read_bits(Path(job.data), job.n_rows)
    return NumpyMixture(rows, formats.read_start(Path(job.start)), dtype, job.smoothing)


def iterate(job: Job) -> Outcome:
    return stepping.iterate(_load(job), job)


def validate(job: Job) -> Outcome:
    mixture = _load(job)
    validation, test = (
        np.ascontiguousarray(formats.read_bits(Path(path)).T.astype(np.float32)) for path in (job.validation, job.test)
    )
    best = mixture.score(validation)
    test_at_best = mixture.score(test)
    seconds, n_iter, waited = 0.0, 0, 0
    while waited < job.patience and n_iter < job.max_iter:
        begin = time.perf_counter()
        for _ in range(job.check_every):
            mixture.step()
        seconds += time.perf_counter() - begin
        n_iter += job.check_every
        waited += 1
        score = mixture.score(validation)
        if score > best:
            best, test_at_best, waited = score, mixture.score(test), 0
    return Outcome(seconds, n_iter, [best, test_at_best])
