"""Probabilities that are equal, and probabilities and weights that are known."""

from __future__ import annotations

import json
import pickle
import re
import subprocess

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import mixbern
from mixbern import BernoulliMixture, federated, select

TABLE = "component,item,parameter\n1,q1,same\n2,q1,same\n2,q3,0.9\n1,party,0.2 0.5 0.3\n1,,0.25\n"
DICT = {(0, "q1"): "same", (1, "q1"): "same", (1, 2): 0.9, (0, "party"): [0.2, 0.5, 0.3], (0, None): 0.25}


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(2)
    first = rng.random(500) < 0.4
    items = {f"q{d + 1}": (rng.random(500) < np.where(first, 0.85, 0.25)).astype(int) for d in range(4)}
    party = np.where(first, rng.choice(["blue", "green", "red"], 500), rng.choice(["blue", "red"], 500))
    return pd.DataFrame({**items, "party": pd.Categorical(party)})


def test_the_same_numbers_as_the_program(program, people, tmp_path):
    people.to_csv(tmp_path / "people.csv", index=False)
    (tmp_path / "c.csv").write_text(TABLE)
    call = [program, "fit", "people.csv", "-k", "2", "--categorical", "party", "--constraints", "c.csv", "--json",
            "--standard-errors", "observed", "--model", "m"]
    told = json.loads(subprocess.run(call, cwd=tmp_path, check=True, capture_output=True, text=True).stdout)
    for constraints in (DICT, tmp_path / "c.csv"):
        model = BernoulliMixture(2, constraints=constraints, random_state=0).fit(people)
        assert told["log_likelihood"] == model.log_likelihood_ and told["weights"] == model.weights_.tolist()
        assert told["n_parameters"] == model.n_parameters_ and told["bic"] == model.bic(people)
        errors = model.standard_errors(people)
        assert np.array_equal(np.array(told["standard_errors"]["probabilities"], float), errors.probabilities, True)
    assert model.weights_[0] == 0.25 and model.probabilities_[1, 2] == 0.9
    assert model.probabilities_[0, 0] == model.probabilities_[1, 0]
    assert model.probabilities_[0, 4:].tolist() == [0.2, 0.5, 0.3]
    loaded = mixbern.load(tmp_path / "m")
    assert loaded.n_parameters_ == model.n_parameters_ and loaded.bic(people) == model.bic(people)


def test_tables_call_fixed_what_is_held(people):
    model = BernoulliMixture(2, constraints=DICT, random_state=0).fit(people)
    errors = model.standard_errors(people)
    lines = repr(errors).splitlines()
    # One of two weights is what the other leaves.
    assert sum(bool(re.search(" fixed( |$)", line)) for line in lines) == 2 + 1 + 3 and "fixed: known whatever the data" in lines
    assert lines[2].split() == ["weight,", "1", "0.250", "fixed"]
    assert errors.to_frame().loc["weight, 1", "standard error"] == 0
    assert model.summary(people, standard_errors=True).table("markdown").count(" fixed |") == 2 + 1 + 3
    assert "fixed: known" not in repr(BernoulliMixture(2, random_state=0).fit(people).standard_errors(people))


def test_equal_weights(people, tmp_path):
    model = BernoulliMixture(3, constraints={(0, None): "w", (2, None): "w"}, random_state=0).fit(people)
    assert model.weights_[0] == model.weights_[2] != model.weights_[1]
    assert model.n_parameters_ == BernoulliMixture(3).fit(people).n_parameters_ - 1
    errors = model.standard_errors(people)
    assert errors.weights[0] == errors.weights[2] == pytest.approx(errors.weights[1] / 2)
    model.save(tmp_path / "m")
    bic = model.bic(people)
    for same in (pickle.loads(pickle.dumps(model)), mixbern.load(tmp_path / "m")):
        assert same.bic(people) == bic and same.constraints_


def test_they_stay_with_the_model(people, tmp_path):
    model = BernoulliMixture(2, constraints=DICT, random_state=0).fit(people)
    bic = model.bic(people)
    assert pickle.loads(pickle.dumps(model)).bic(people) == bic
    assert clone(model).constraints == DICT
    model.save(tmp_path / "m")
    assert mixbern.load(tmp_path / "m").bic(people) == bic
    model.reorder([1, 0])
    assert model.bic(people) == pytest.approx(bic) and model.weights_[1] == 0.25
    model.save(tmp_path / "m")
    assert mixbern.load(tmp_path / "m").bic(people) == pytest.approx(bic)


def test_arrays_have_numbers(people):
    rows = people.iloc[:, :4].to_numpy()
    model = BernoulliMixture(2, constraints={(0, 1): "p", (1, 1): "p", (1, 3): 0.5}, random_state=0).fit(rows)
    assert model.probabilities_[0, 1] == model.probabilities_[1, 1] and model.probabilities_[1, 3] == 0.5


@pytest.mark.parametrize("constraints, words", [
    ({(0, "q9"): 0.5}, "there is no such item"),
    ({(2, "q1"): 0.5}, "the component is a number from 1 to 2"),
    ({(0, "q1"): "alone"}, "no other line has this parameter"),
    ({"q1": 0.5}, r"a constraint is of \(component, item\)"),
    ({(-1, "q1"): 0.5}, "a number from 0"),
    ([0.5], "must be a dict"),
])
def test_wrong_ones_are_told(people, constraints, words):
    with pytest.raises(ValueError, match=words):
        BernoulliMixture(2, constraints=constraints).fit(people)


def test_who_does_not_know_them_says_so(people):
    with pytest.raises(ValueError, match="constraints"):
        select(people, [1, 2], constraints=DICT)
    rows = people.iloc[:, :4].to_numpy()
    site = federated.Site(rows)
    with pytest.raises(ValueError, match="constraints"):
        federated.fit(BernoulliMixture(2, constraints={(0, 1): 0.5}), site.facts, site.accumulate)
    with pytest.raises(ValueError, match="smoothing"):
        BernoulliMixture(2, constraints=DICT, smoothing="auto").fit(people)


def transitions_step(waves, first, move, answers):
    """Log-likelihood and one EM step of a latent transition model of two waves, from its definition."""
    given = [np.prod(np.where(wave[:, None, :] == 1, answers, 1 - answers), axis=2) for wave in waves]
    joint = first[None, :, None] * move[None] * given[0][:, :, None] * given[1][:, None, :]
    total = joint.sum(axis=(1, 2))
    posterior = joint / total[:, None, None]
    pairs = posterior.sum(axis=0)
    classes = [posterior.sum(axis=2), posterior.sum(axis=1)]
    ones = sum(by.T @ wave for by, wave in zip(classes, waves))
    seen = sum(by.sum(axis=0) for by in classes)
    return (np.log(total).sum(), pairs.sum(axis=1) / len(total), pairs / pairs.sum(axis=1, keepdims=True),
            ones / seen[:, None])


def test_latent_transitions_are_equal_items_of_pairs_of_classes():
    rng = np.random.default_rng(3)
    first, move = np.array([0.6, 0.4]), np.array([[0.8, 0.2], [0.3, 0.7]])
    answers = np.array([[0.9, 0.8, 0.85, 0.7], [0.2, 0.1, 0.3, 0.2]])
    then = rng.choice(2, 400, p=first)
    now = np.where(rng.random(400) < move[then, 1], 1, 0)
    waves = [(rng.random((400, 4)) < answers[classes]).astype(int) for classes in (then, now)]
    constraints = {(2 * a + b, 4 * wave + q): f"{(a, b)[wave]} {q} "
                   for a in (0, 1) for b in (0, 1) for wave in (0, 1) for q in range(4)}
    constraints = {cell: f"p{word}" for cell, word in constraints.items()}
    model = BernoulliMixture(4, constraints=constraints, smoothing=0, tol=1e-13, random_state=0).fit(np.hstack(waves))
    assert model.n_parameters_ == 3 + 2 * 4
    pairs = model.weights_.reshape(2, 2)
    found = (pairs.sum(axis=1), pairs / pairs.sum(axis=1, keepdims=True), model.probabilities_[[0, 3], :4])
    log_likelihood, *after = transitions_step(waves, *found)
    assert model.log_likelihood_ == pytest.approx(log_likelihood, rel=1e-12)
    for ours, theirs in zip(found, after):
        assert ours == pytest.approx(theirs, abs=1e-6)
