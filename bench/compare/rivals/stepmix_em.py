"""StepMix (PyPI stepmix). It cannot be given a start, so that "iterate" makes the two calls of its EM loop
itself, and applies the pseudo-count, which it does not have, to the K x D probabilities in between."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from stepmix.stepmix import StepMix

from .. import formats
from . import Job, Outcome, stepping

# Single precision would be faster, but StepMix clips probabilities to 1 - 1e-15, which is 1 there: it ends in NaN.
DTYPE = np.float64


class StepMixLoop:
    def __init__(self, rows: formats.BitArray, start: formats.Start, smoothing: float) -> None:
        self._rows = rows.astype(DTYPE)
        self._row_weights = np.ones(len(rows), DTYPE)
        self._smoothing = smoothing
        self._model = StepMix(len(start.weights), measurement="binary")
        self._model.set_parameters(
            {
                "weights": start.weights,
                "measurement": {"pis": start.probabilities},
                "measurement_in": start.probabilities.shape[1],
            }
        )

    def step(self) -> float:
        mean_log_likelihood, log_responsibilities = self._model._e_step(self._rows, sample_weight=self._row_weights)
        self._model._m_step(self._rows, np.exp(log_responsibilities), sample_weight=self._row_weights)
        if self._smoothing > 0:
            self._smooth(len(self._rows))
        return float(mean_log_likelihood)

    def _smooth(self, n_rows: int) -> None:
        a = self._smoothing
        counts = self._model.weights_ * n_rows
        measured = self._model._mm.parameters
        measured["pis"] = (measured["pis"] * counts[:, np.newaxis] + a) / (counts + 2 * a)[:, np.newaxis]
        self._model.weights_ = (counts + a) / (n_rows + len(counts) * a)


def iterate(job: Job) -> Outcome:
    rows = formats.read_bits(Path(job.data), job.n_rows)
    return stepping.iterate(StepMixLoop(rows, formats.read_start(Path(job.start)), job.smoothing), job)


def fit(job: Job) -> Outcome:
    rows = formats.read_bits(Path(job.data), job.n_rows).astype(DTYPE)
    stop = {} if job.tolerance is None else {"abs_tol": job.tolerance}
    model = StepMix(job.n_components, measurement="binary", n_init=job.n_init, random_state=0, progress_bar=0, **stop)
    begin = time.perf_counter()
    model.fit(rows)
    seconds = time.perf_counter() - begin
    return Outcome(seconds, model.n_iter_, [len(rows) * float(mean) for mean in model.lower_bound_buffer_])


def relate(job: Job) -> Outcome:
    """Three steps, corrected by maximum likelihood from modal classes; the covariate is the last column."""
    table = np.loadtxt(job.data, delimiter=",", skiprows=1)
    model = StepMix(
        job.n_components, measurement="binary", structural="covariate", n_steps=3, assignment="modal", correction="ML",
        random_state=0, progress_bar=0,
    )
    begin = time.perf_counter()
    model.fit(table[:, :-1], table[:, -1:])
    seconds = time.perf_counter() - begin
    mean = float(model.score(table[:, :-1], table[:, -1:]))
    return Outcome(seconds, model.n_iter_, [mean * len(table)])


def answers(job: Job) -> Outcome:
    table = np.loadtxt(job.data, delimiter=",", skiprows=1) - 1
    model = StepMix(job.n_components, measurement="categorical", random_state=0, progress_bar=0)
    begin = time.perf_counter()
    model.fit(table)
    return Outcome(time.perf_counter() - begin, model.n_iter_, [len(table) * float(model.lower_bound_)])
