"""What must hold of any table, on random ones: the same answer however the work is done, and in whatever form the rows come."""

import json
import math
import random

import pytest

TABLES = [
    # Rows, features, chance of a 1, missing cells, components.
    pytest.param((40, 5, 0.5, 0.0, 2), id="small"),
    pytest.param((300, 12, 0.3, 0.1, 3), id="missing"),
    pytest.param((120, 70, 0.5, 0.05, 4), id="wide"),
    pytest.param((200, 300, 0.03, 0.0, 18), id="rare ones"),
]
HOWS = [("--precision", "double"), ("--precision", "fast")]


def random_table(seed, n_rows, n_features, share, missing):
    """Rows of two kinds, without repetition of names, as texts "0", "1" and "NA"."""
    chance = random.Random(seed)
    kinds = [[min(0.95, 2 * share * chance.random()) for _ in range(n_features)] for _ in range(2)]

    def cell(p):
        return "NA" if chance.random() < missing else str(int(chance.random() < p))

    rows = [[cell(p) for p in kinds[i % 2]] for i in range(n_rows)]
    # Each feature has both values.
    return [["0"] * n_features, ["1"] * n_features, *rows]


def csv(rows, header=None):
    header = header or [f"v{d}" for d in range(len(rows[0]))]
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"


@pytest.fixture
def fitted(ok):
    """The parameters after some iterations from one start model, to the bit."""

    def call(data, *options, env=None):
        start = ["--init", "model", "--init-model", "start"]
        ok("fit", data, *start, "--max-iter", 15, "--quiet", "--model", "m", *options, env=env)
        model = ok("inspect", "m", "--json").json
        return model["weights"], model["probabilities"]

    return call


@pytest.fixture(params=TABLES)
def table(request, ok, write):
    n_rows, n_features, share, missing, k = request.param
    rows = random_table(n_rows * n_features, n_rows, n_features, share, missing)
    write("t.csv", csv(rows))
    ok("fit", "t.csv", "-k", k, "--n-init", 1, "--max-iter", 1, "--quiet", "--model", "start")
    return rows, k


@pytest.mark.parametrize("how", HOWS, ids=["double", "fast"])
def test_any_threads_blocks_kernel_and_way(table, fitted, ok, how):
    _, k = table
    listed = ok("kernels", "--json").json
    first = fitted("t.csv", "-k", k, *how, "--threads", 1)
    for options in (["--threads", 2], ["--threads", 3, "--block-rows", 7], ["--block-rows", 1]):
        assert fitted("t.csv", "-k", k, *how, *options) == first, options
    for kernel in listed["kernels"]:
        if kernel["supported"]:
            assert fitted("t.csv", "-k", k, *how, "--kernel", kernel["name"]) == first, kernel["name"]
    for way in listed["ways"]:
        # Doubles are another precision, which is told as such.
        if way["name"] != "doubles":
            assert fitted("t.csv", "-k", k, *how, env={"MIXBERN_WAYS": way["name"]}) == first, way["name"]


@pytest.mark.parametrize("how", HOWS, ids=["double", "fast"])
def test_any_order_of_rows(table, fitted, write, how):
    rows, k = table
    first = fitted("t.csv", "-k", k, *how)
    random.Random(1).shuffle(rows)
    write("shuffled.csv", csv(rows))
    assert fitted("shuffled.csv", "-k", k, *how) == first


@pytest.mark.parametrize("how, error", list(zip(HOWS, [1e-11, 1e-6])), ids=["double", "fast"])
def test_weights_are_repetition(table, fitted, write, how, error):
    """To the resolution of the sums, which follows the largest weight."""
    rows, k = table
    chance = random.Random(2)
    weights = [chance.choice([1, 1, 2, 5]) for _ in rows]
    write("repeated.csv", csv([row for row, weight in zip(rows, weights) for _ in range(weight)]))
    header = [*(f"v{d}" for d in range(len(rows[0]))), "w"]
    write("weighted.csv", csv([[*row, str(weight)] for row, weight in zip(rows, weights)], header))
    repeated = fitted("repeated.csv", "-k", k, *how)
    weighted = fitted("weighted.csv", "-k", k, *how, "--weights", "w")
    assert weighted[0] == pytest.approx(repeated[0], abs=error)
    for one, other in zip(weighted[1], repeated[1]):
        assert one == pytest.approx(other, abs=error)


def test_any_format(table, fitted, ok):
    rows, k = table
    first = fitted("t.csv", "-k", k)
    names = ["t.safetensors", "t.safetensors.gz", "t.csv.gz"]
    if not any("NA" in row for row in rows):
        names += ["t.npy", "t.mtx", "t.svm"]
    for name in names:
        ok("convert", "t.csv", name)
        assert fitted(name, "-k", k) == first, name


def test_missing_cells_are_summed_out(table, fitted, ok):
    """Full information: Σ_i log Σ_k π_k Π over the cells that are observed."""
    rows, k = table
    weights, probabilities = fitted("t.csv", "-k", k)
    total = 0.0
    for row in rows:
        joints = []
        for weight, theta in zip(weights, probabilities):
            joint = math.log(weight)
            for cell, p in zip(row, theta):
                if cell != "NA":
                    joint += math.log(p if cell == "1" else 1 - p)
            joints.append(joint)
        largest = max(joints)
        total += largest + math.log(math.fsum(math.exp(joint - largest) for joint in joints))
    scored = json.loads(ok("score", "m", "t.csv", "--json").out)["log_likelihood"]
    assert scored == pytest.approx(total, rel=1e-10)
