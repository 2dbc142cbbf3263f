"""EM as lecture notes write it down: p(x|k) = prod theta^x (1 - theta)^(1 - x), by broadcasting."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .. import formats
from . import Job, Outcome, stepping


class LectureNotes:
    def __init__(self, rows: formats.FloatArray, start: formats.Start, smoothing: float) -> None:
        self._rows = rows
        self._weights = start.weights
        self._probabilities = start.probabilities
        self._smoothing = smoothing

    def step(self) -> float:
        x = self._rows
        # A component at a time: N x K x D at once would need gigabytes.
        joint = np.stack(
            [
                weight * np.prod(theta**x * (1 - theta) ** (1 - x), axis=1)
                for weight, theta in zip(self._weights, self._probabilities, strict=True)
            ],
            axis=1,
        )
        evidence = joint.sum(axis=1, keepdims=True)
        responsibilities = joint / evidence
        counts = responsibilities.sum(axis=0)
        a = self._smoothing
        self._weights = (counts + a) / (len(x) + len(counts) * a)
        self._probabilities = (responsibilities.T @ x + a) / (counts[:, np.newaxis] + 2 * a)
        return float(np.log(evidence).mean())


def iterate(job: Job) -> Outcome:
    rows = formats.read_bits(Path(job.data), job.n_rows).astype(np.float64)
    return stepping.iterate(LectureNotes(rows, formats.read_start(Path(job.start)), job.smoothing), job)
