"""Posteriors and likelihoods computed with NumPy from what `inspect --json` says of a model."""

import csv

import numpy as np


def read_table(path, codings):
    """A CSV with header as 0, 1 and NaN, by the codings of the model."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    table = np.full((len(rows), len(codings)), np.nan)
    for i, row in enumerate(rows):
        for d, (zero, one) in enumerate(codings):
            if row[d] == one:
                table[i, d] = 1
            elif row[d] == zero:
                table[i, d] = 0
    return table


def log_joint(model, table):
    theta = np.array(model["probabilities"])
    with np.errstate(divide="ignore"):
        log_one, log_zero = np.log(theta), np.log1p(-theta)
        joint = np.tile(np.log(np.array(model["weights"])), (len(table), 1))
    for i, row in enumerate(table):
        for d in np.flatnonzero(~np.isnan(row)):
            joint[i] += log_one[:, d] if row[d] == 1 else log_zero[:, d]
    return joint


def row_log_likelihoods(model, table):
    joint = log_joint(model, table)
    top = joint.max(axis=1, keepdims=True)
    return (top + np.log(np.exp(joint - top).sum(axis=1, keepdims=True)))[:, 0]


def posteriors(model, table):
    return np.exp(log_joint(model, table) - row_log_likelihoods(model, table)[:, None])
