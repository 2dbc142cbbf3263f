"""Rows that may belong to some classes only: labels that list them, as in 1|3."""

import itertools
import math
import random

import pytest


def people(n=600, seed=5):
    """Three classes, four items and what is known of each row: its class, two that it may be of, or nothing."""
    draw = random.Random(seed)
    chances = [(0.9, 0.8, 0.7, 0.8), (0.2, 0.1, 0.8, 0.4), (0.1, 0.3, 0.2, 0.9)]
    rows = []
    for i in range(n):
        k = draw.choices(range(3), (5, 3, 2))[0]
        answers = ["" if draw.random() < 0.1 else str(int(draw.random() < p)) for p in chances[k]]
        no_case = draw.choice([c for c in range(3) if c != k])
        known = (f"{k + 1}", "|".join(str(c + 1) for c in range(3) if c != no_case), "")[(i % 9 != 0) + (i % 3 == 2)]
        rows.append((answers, known))
    return rows


def text(rows, known=lambda label: label):
    return "".join(f"{line}\n" for line in ["a,b,c,d,class", *(",".join([*a, known(k)]) for a, k in rows)])


HELD = ["--labels", "class", "--semi-supervised"]


@pytest.fixture
def fit(ok, write):
    def run(content, *more, k=3, labels=HELD):
        return ok("fit", write("people.csv", content), "-k", k, *labels, "--json", *more).json

    return run


def log_likelihood(rows, weights, probabilities):
    """From the definition: of each row the classes that it may be of."""
    total = 0
    for answers, known in rows:
        allowed = [int(c) - 1 for c in known.split("|")] if known else range(3)
        total += math.log(sum(
            weights[k] * math.prod(p if x == "1" else 1 - p for x, p in zip(answers, probabilities[k]) if x)
            for k in allowed))
    return total


def test_the_likelihood_is_that_of_the_definition(ok, fit):
    rows = people()
    found = fit(text(rows), "--model", "m", "--smoothing", 0)
    model = ok("inspect", "m", "--json").json
    assert found["log_likelihood"] == pytest.approx(log_likelihood(rows, model["weights"], model["probabilities"]),
                                                    rel=1e-12)
    assert found["semi_supervised"] is True and found["init"] == "portfolio"
    for k, expected in enumerate((0.9, 0.2, 0.1)):
        assert model["probabilities"][k][0] == pytest.approx(expected, abs=0.12), "class 1 is component 1"


def test_an_em_step_is_that_of_the_definition(ok, fit):
    rows = people(80)
    fit(text(rows), "--model", "start", "--max-iter", 1, "--n-init", 1, "--smoothing", 0)
    start = ok("inspect", "start", "--json").json
    fit(text(rows), "--model", "m", "--init-model", "start", "--max-iter", 2, "--smoothing", 0, "--acceleration", "none")
    counts, ones, seen = [0.0] * 3, [[0.0] * 4 for _ in range(3)], [[0.0] * 4 for _ in range(3)]
    for answers, known in rows:
        allowed = [int(c) - 1 for c in known.split("|")] if known else range(3)
        joint = {k: start["weights"][k] * math.prod(
            p if x == "1" else 1 - p for x, p in zip(answers, start["probabilities"][k]) if x) for k in allowed}
        for k, value in joint.items():
            gamma = value / sum(joint.values())
            counts[k] += gamma
            for d, x in enumerate(answers):
                seen[k][d] += gamma if x else 0
                ones[k][d] += gamma if x == "1" else 0
    model = ok("inspect", "m", "--json").json
    for k in range(3):
        assert model["weights"][k] == pytest.approx(counts[k] / 80, abs=1e-12)
        assert model["probabilities"][k] == pytest.approx([o / s for o, s in zip(ones[k], seen[k])], abs=1e-12)


def same(one, two):
    hidden = ("data", "seconds", "seconds_per_iteration", "model")
    return {k: v for k, v in one.items() if k not in hidden} == {k: v for k, v in two.items() if k not in hidden}


def test_all_classes_are_no_label_and_one_is_a_label(fit):
    rows = [(answers, "1" if i % 4 == 0 else "") for i, (answers, _) in enumerate(people())]
    none = fit(text(rows))
    assert none["init"] == "labels"
    plain = fit(text(rows), "--init", "random", "--n-init", 5)
    every = fit(text(rows, lambda known: known or "2|0|1"), "--init", "random", "--n-init", 5)
    assert same(plain, every)
    twice = fit(text(rows, lambda known: known and "1|1"), "--init", "random", "--n-init", 5)
    assert same(plain, twice) and plain["log_likelihood"] == twice["log_likelihood"]


def test_names_and_files_of_labels(ok, write, fit):
    rows = people()
    by_column = fit(text(rows))
    words = {"1": "case", "2": "carrier", "3": "well", "": ""}
    order = {"carrier": 1, "case": 2, "well": 3}  # as names are numbered
    named = fit(text(rows, lambda known: " | ".join(words[k] for k in known.split("|"))))
    numbered = fit(text(rows, lambda known: "|".join(str(order[words[k]]) for k in known.split("|") if k)))
    assert same(named, {**numbered, "agreement": named["agreement"]})
    assert sorted(named["weights"]) == pytest.approx(sorted(by_column["weights"]), abs=1e-4)
    labels = write("labels.txt", "".join(f"{known or 'NA'}\n" for _, known in rows))
    by_file = fit(text(rows), "--exclude", "class", labels=["--labels", labels, "--semi-supervised"])
    assert same(by_column, by_file)


def test_without_semi_supervised_a_list_is_a_name(fit):
    rows = people()
    plain = fit(text(rows), labels=["--labels", "class", "--init", "random", "--n-init", 3])
    assert plain["agreement"]["label_names"] == ["1", "2", "3", "1|2", "1|3", "2|3"]


def test_packed_data_and_several_files_keep_them(ok, write, fit, tmp_path):
    rows = people()
    whole = fit(text(rows))
    for i, part in enumerate((rows[:250], rows[250:])):
        ok("convert", write(f"part{i}.csv", text(part)), f"part{i}.safetensors", "--labels", "class")
    for place in ("memory", "outside"):
        parts = ok("fit", "part0.safetensors", "part1.safetensors", "-k", 3, "--semi-supervised", "--json",
                   env={"MIXBERN_ROWS": place}).json
        # Labels that come with the data are compared and held, and starts are drawn.
        assert parts["log_likelihood"] == whole["log_likelihood"] and parts["weights"] == whole["weights"]


def test_select_statistics_and_standard_errors(ok, write, fit):
    content = text(people(), lambda known: "|".join(str(int(k) - 1) for k in known.split("|") if k))
    write("people.csv", content)
    models = ok("select", "people.csv", "-k", "3:4", *HELD, "--json").json["models"]
    assert models[0]["log_likelihood"] == pytest.approx(fit(content)["log_likelihood"], abs=1e-4)
    # Three classes of four items are not identified by answers alone.
    how = ("--standard-errors", "observed", "--smoothing", 1)
    assert fit(content, *how)["standard_errors"]["identified"] is True
    assert fit(content, *how, labels=["--exclude", "class"])["standard_errors"]["identified"] is False


def test_a_checkpoint_goes_on_and_knows_other_sets(ok, refused, write, tmp_path):
    rows = people()
    call = ("fit", write("people.csv", text(rows)), "-k", 3, *HELD, "--n-init", 4, "--seed", 2, "--precision", "fast")
    whole = ok(*call, "--max-iter", 60, "--model", "a").out
    ok(*call, "--max-iter", 60, "--checkpoint", "c", "--checkpoint-every", 0)
    ok(*call, "--max-iter", 60, "--resume", "c", "--model", "b")
    assert whole and (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    write("people.csv", text(rows, lambda known: {"1|3": "2|3", "2|3": "1|3"}.get(known, known)))
    assert "checksum" in refused(1, *call, "--max-iter", 60, "--resume", "c")


@pytest.mark.parametrize(("label", "status", "words"), [
    ("1|", 1, "people.csv: the label '1|' lists classes, and one of them is missing"),
    ("1||3", 1, "one of them is missing"),
    ("1|NA", 1, "one of them is missing"),
    ("1|9", 2, "need -k 10 at least, not 3"),
    ("1|-2", 1, "classes count from 0"),
])
def test_wrong_lists_are_told(refused, write, label, status, words):
    rows = people(60)
    data = write("people.csv", text(rows, lambda known: label if known == "1|2" else known))
    assert words in refused(status, "fit", data, "-k", 3, *HELD)


def test_endless_lists_and_too_many_of_them_end(ok, refused, write):
    rows = [[i % 2, i // 2 % 2, "|".join(map(str, subset))] for i, subset in
            enumerate(itertools.islice(itertools.combinations(range(30), 4), 20000))]
    data = write("many.csv", "a,b,class\n" + "".join(f"{a},{b},{label}\n" for a, b, label in rows))
    assert "more than 10000 sets of classes" in refused(1, "fit", data, "-k", 30, *HELD)
    table, labels = write("table.csv", "a,b\n" + "0,1\n1,0\n" * 3), write("labels.txt", "1|" * 10**6 + "1\n" + "0\n" * 5)
    ok("fit", table, "-k", 2, "--labels", labels, "--semi-supervised")


def test_drawn_data_sets_are_refused(refused, write):
    data = write("people.csv", text(people()))
    words = "how a row came to its set of classes is not known"
    assert words in refused(2, "fit", data, "-k", 3, *HELD, "--bootstrap", 5)
    assert words in refused(2, "select", data, "-k", "4:5", *HELD, "--blrt", 9)


def test_classes_are_components_in_all_orders(fit):
    rows = people()
    found = {}
    for order in itertools.permutations("123"):
        turned = dict(zip("123", order))
        content = text(rows, lambda known: "|".join(turned[k] for k in known.split("|") if k))
        found[order] = fit(content, "--seed", 1)["log_likelihood"]
    assert max(found.values()) - min(found.values()) < 1e-4
