"""Rows that may belong to some classes only."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pandas as pd
import pytest
from scipy.special import logsumexp

import mixbern
from mixbern import BernoulliMixture, select

HOW = {"semi_supervised": True, "init": "random", "n_init": 4, "random_state": 0}


@pytest.fixture(scope="module")
def people():
    """Answers of three classes, and of two rows in three a class that they are not."""
    rng = np.random.default_rng(4)
    y = rng.choice(3, 500, p=[0.5, 0.3, 0.2])
    chances = np.array([[0.9, 0.8, 0.7, 0.8, 0.6], [0.2, 0.1, 0.8, 0.4, 0.3], [0.1, 0.3, 0.2, 0.9, 0.7]])
    X = (rng.random((500, 5)) < chances[y]).astype(float)
    X[rng.random(X.shape) < 0.1] = np.nan
    allowed = np.ones((500, 3), dtype=bool)
    no_case = (y + rng.choice([1, 2], 500)) % 3
    some = rng.random(500) < 2 / 3
    allowed[some, no_case[some]] = False
    return X, allowed


def sets_of(allowed):
    """As people write them: None for any class."""
    return [None if row.all() else set(np.flatnonzero(row)) for row in allowed]


def test_posteriors_and_likelihood_are_those_of_the_definition(people):
    X, allowed = people
    weights = np.random.default_rng(1).choice([1.0, 2.0, 3.0], 500)
    model = BernoulliMixture(3, smoothing=0, **HOW).fit(X, allowed, sample_weight=weights)
    theta = model.probabilities_[None]
    cells = np.where(X[:, None] == 1, np.log(theta), np.where(X[:, None] == 0, np.log1p(-theta), 0))
    joint = np.where(allowed, np.log(model.weights_) + cells.sum(axis=2), -np.inf)
    assert model.log_likelihood_ == pytest.approx(weights @ logsumexp(joint, axis=1), rel=1e-12)
    assert allowed[np.arange(500), model.labels_].all()
    gamma = weights[:, None] * np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
    assert model.weights_ == pytest.approx(gamma.sum(axis=0) / weights.sum(), abs=1e-4), "a fixed point"


def test_sets_lists_and_a_boolean_array_are_the_same(people):
    X, allowed = people
    sets = sets_of(allowed)
    found = [
        BernoulliMixture(3, **HOW).fit(X, y)
        for y in (allowed, sets, [-1 if s is None else sorted(s, reverse=True) for s in sets])
    ]
    for model in found[1:]:
        assert np.array_equal(model.probabilities_, found[0].probabilities_)
        assert model.log_likelihood_ == found[0].log_likelihood_


def test_one_class_is_a_label_and_all_are_none(people):
    X, _ = people
    labels = np.where(np.arange(500) % 3 == 0, np.arange(500) % 2, -1)
    known = BernoulliMixture(3, **HOW).fit(X, labels)
    one = BernoulliMixture(3, **HOW).fit(X, [{k} if k >= 0 else {0, 1, 2} for k in labels])
    columns = np.where(labels[:, None] < 0, True, np.arange(3) == labels[:, None])
    for model in (one, BernoulliMixture(3, **HOW).fit(X, columns)):
        assert np.array_equal(model.probabilities_, known.probabilities_)
        assert model.log_likelihood_ == known.log_likelihood_


def test_the_same_bits_as_the_program(program, people, tmp_path):
    X, allowed = people
    frame = pd.DataFrame(X, columns=list("abcde")).astype("Int64")
    frame["class"] = ["" if s is None else "|".join(map(str, sorted(s))) for s in sets_of(allowed)]
    frame.to_csv(tmp_path / "people.csv", index=False)
    call = [program, "fit", "people.csv", "-k", "3", "--labels", "class", "--semi-supervised", "--init", "random",
            "--n-init", "4", "--seed", "0", "--json", "--standard-errors", "observed"]
    told = json.loads(subprocess.run(call, cwd=tmp_path, check=True, capture_output=True, text=True).stdout)
    data = mixbern.read(tmp_path / "people.csv", labels="class")
    for rows, y in ((frame.drop(columns="class"), sets_of(allowed)), (data, None)):
        model = BernoulliMixture(3, **HOW).fit(rows, y)
        assert model.log_likelihood_ == told["log_likelihood"] and model.weights_.tolist() == told["weights"]
        errors = model.standard_errors(rows, y=y)
        assert errors.weights.tolist() == told["standard_errors"]["weights"]


def test_selection_holds_them(people):
    X, allowed = people
    found = select(X, [3], y=sets_of(allowed), semi_supervised=True, random_state=0)
    assert found.models[0].log_likelihood_ == pytest.approx(
        BernoulliMixture(3, semi_supervised=True, random_state=0).fit(X, allowed).log_likelihood_, abs=1e-4)


@pytest.mark.parametrize(("change", "words"), [
    (lambda y: [set(), *y[1:]], "row 0 no class"),
    (lambda y: [*y[:7], {0, 3}, *y[8:]], "need 4 components"),
    (lambda y: [*y[:7], {-1, 1}, *y[8:]], "in row 7; classes are the whole numbers from 0"),
    (lambda y: [*y[:7], {"a"}, *y[8:]], "in row 7; classes are the whole numbers from 0"),
    (lambda y: y[:-1], "one entry a row"),
    (lambda y: np.zeros((500, 3), dtype=bool), "row 0 no class"),
    (lambda y: np.ones((400, 3), dtype=bool), "one entry a row"),
    (lambda y: np.ones((500, 3)), "one label a row"),
])
def test_wrong_ones_are_told(people, change, words):
    X, allowed = people
    with pytest.raises(ValueError, match=words):
        BernoulliMixture(3, **HOW).fit(X, change([s or {0, 1, 2} for s in sets_of(allowed)]))
