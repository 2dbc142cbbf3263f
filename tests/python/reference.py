"""Mixtures in NumPy and float64, as the textbook has them: slow and obvious."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp, xlog1py, xlogy


def log_joint(weights, probabilities, X):
    """log pi_k + sum over observed d of x log theta + (1 - x) log(1 - theta), N x K."""
    observed = ~np.isnan(X)
    ones = np.where(observed, X, 0)
    zeros = np.where(observed, 1 - X, 0)
    with np.errstate(divide="ignore"):
        cells = xlogy(ones[:, None, :], probabilities) + xlog1py(zeros[:, None, :], -probabilities)
        return np.log(weights) + cells.sum(axis=2)


def score_samples(weights, probabilities, X):
    return logsumexp(log_joint(weights, probabilities, X), axis=1)


def responsibilities(weights, probabilities, X):
    joint = log_joint(weights, probabilities, X)
    return np.exp(joint - logsumexp(joint, axis=1, keepdims=True))


def em(weights, probabilities, X, row_weights, smoothing, n_iter, lightest=0.0):
    """Parameters after `n_iter` M-steps, the rows that each probability rests on, and the mean log-likelihoods.

    Ends sooner after an M-step that leaves a component fewer rows than `lightest`.
    """
    observed = ~np.isnan(X)
    values = np.where(observed, X, 0).sum(axis=0), (observed & (X == 0)).sum(axis=0)
    constant = (values[0] == 0) | (values[1] == 0)  # of one value only: with smoothing they keep off the bound
    trace = []
    for _ in range(n_iter):
        trace.append(np.average(score_samples(weights, probabilities, X), weights=row_weights))
        gamma = responsibilities(weights, probabilities, X) * row_weights[:, None]
        counts = gamma.sum(axis=0)
        ones = gamma.T @ np.where(observed, X, 0)
        seen = gamma.T @ observed
        weights = (counts + smoothing) / (counts + smoothing).sum()
        total = seen + 2 * smoothing  # 0 where nobody answered: what was there stays
        probabilities = np.divide(ones + smoothing, total, out=probabilities.copy(), where=total > 0)
        if smoothing > 0:
            probabilities[:, constant] = probabilities[:, constant].clip(1e-6, 1 - 1e-6)
        if counts.min() < lightest:
            break
    return weights, probabilities, seen, trace
