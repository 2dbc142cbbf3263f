"""polca (PyPI polca, imported as pypolca): poLCA's EM in C++, called without its standard errors."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from pypolca import Data, fit_em

from .. import formats
from . import Job, Outcome


def _load(job: Job) -> Data:
    rows = formats.read_bits(Path(job.data), job.n_rows)
    data = Data()
    data.y = rows.astype(np.int32) + 1
    data.x = np.ones((len(rows), 1))
    data.num_choices = [2] * rows.shape[1]
    return data


def iterate(job: Job) -> Outcome:
    """polca starts from equal weights, and so must the start."""
    data = _load(job)
    ones = formats.read_start(Path(job.start)).probabilities
    probabilities = np.stack([1 - ones, ones], axis=2).reshape(-1)

    def run(n_iter: int) -> tuple[float, float]:
        begin = time.perf_counter()
        result = fit_em(data, job.n_components, n_iter, -1.0, probabilities, calc_se=False)
        return time.perf_counter() - begin, result.loglik / len(data.y)

    trial = 2
    affordable = trial * job.budget_seconds / run(trial)[0]
    n_iter = max(1, int(min(job.max_iter, affordable)))
    seconds, mean_log_likelihood = run(n_iter)
    return Outcome(seconds, n_iter, [mean_log_likelihood], offset=1)


def fit(job: Job) -> Outcome:
    data = _load(job)
    stop = {} if job.tolerance is None else {"tol": job.tolerance * len(data.y)}
    begin = time.perf_counter()
    results = [fit_em(data, job.n_components, seed=seed, calc_se=False, **stop) for seed in range(job.n_init)]
    seconds = time.perf_counter() - begin
    return Outcome(seconds, sum(result.iterations for result in results), [result.loglik for result in results])


def relate(job: Job) -> Outcome:
    """All at once, with standard errors; the covariate is the last column."""
    table = np.loadtxt(job.data, delimiter=",", skiprows=1)
    data = Data()
    data.y = table[:, :-1].astype(np.int32) + 1
    data.x = np.column_stack([np.ones(len(table)), table[:, -1]])
    data.num_choices = [2] * data.y.shape[1]
    return _timed(data, job, calc_se=True)


def answers(job: Job) -> Outcome:
    table = np.loadtxt(job.data, delimiter=",", skiprows=1)
    data = Data()
    data.y = table.astype(np.int32)
    data.x = np.ones((len(table), 1))
    data.num_choices = [4] * data.y.shape[1]
    return _timed(data, job, calc_se=False)


def _timed(data: Data, job: Job, calc_se: bool) -> Outcome:
    begin = time.perf_counter()
    result = fit_em(data, job.n_components, seed=0, calc_se=calc_se)
    return Outcome(time.perf_counter() - begin, result.iterations, [result.loglik])
