"""Which answer is 1: results name it, --one chooses it."""

import csv
import random

import pytest
from conftest import DATA


def survey(items, n=200, seed=1):
    """Two classes; items are (name, answer of the first class, other answer)."""
    draw = random.Random(seed)
    rows = [[name for name, *_ in items]]
    for i in range(n):
        often = 0.9 if i % 2 else 0.2
        rows.append([a if draw.random() < often else b for _, a, b in items])
    return "".join(",".join(row) + "\n" for row in rows)


@pytest.fixture
def opinions(write):
    return write("opinions.csv", survey([(f"q{d}", "Agree", "Disagree") for d in range(1, 6)]))


@pytest.fixture
def mixed(write):
    return write("mixed.csv", survey([("q1", "Agree", "Disagree"), ("q2", "Ja", "Nein"), ("q3", "2", "1"),
                                      ("q4", "yes", "no"), ("q5", "1", "0")]))


def probabilities(ok, path):
    return ok("inspect", path, "--json").json["probabilities"]


def test_an_answer_of_all_items_is_named_once(ok, opinions, tmp_path):
    out = ok("fit", opinions, "-k", 2, "--model", "m").out
    assert out.count("probability of Disagree\n") == 1 and " = " not in out.split("component", 1)[1]
    assert "probability of Disagree\n" in ok("inspect", "m").out
    assert "a 1 is Disagree" in ok("select", opinions, "-k", "1:2").out
    with_errors = ok("fit", opinions, "-k", 2, "--standard-errors", "observed").out
    assert with_errors.count("probability of Disagree\n") == 1


def test_different_answers_are_named_by_item(ok, mixed):
    out = ok("fit", mixed, "-k", 2, "--model", "m").out
    for label in ("q1 = Disagree", "q2 = Ja", "q3 = 2", "q4 = yes", "q5 = 1"):
        assert label in out and label in ok("inspect", "m").out
    assert "beside each item" in out


def test_zeros_and_ones_are_left_alone(ok, write):
    data = write("plain.csv", survey([(f"q{d}", "1", "0") for d in range(1, 6)]))
    out = ok("fit", data, "-k", 2, "--table", "t.md").out
    assert "probability of" not in out and " = " not in out
    assert "a 1 is" not in ok("select", data, "-k", "1:2").out


def test_tables_name_the_answer(ok, opinions, mixed, tmp_path):
    for name in ("t.md", "t.tex", "t.csv"):
        ok("fit", opinions, "-k", 2, "--table", name)
    assert "Probability of Disagree." in (tmp_path / "t.md").read_text()
    assert "Probability of Disagree." in (tmp_path / "t.tex").read_text()
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert {row["answer"] for row in rows if row["item"] != "weight"} == {"Disagree"}
    ok("fit", mixed, "-k", 2, "--table", "u.md")
    assert "| q2 = Ja \\*" in (tmp_path / "u.md").read_text() or "| q2 = Ja |" in (tmp_path / "u.md").read_text()


def test_json_has_an_answer_for_each_feature(ok, mixed, opinions):
    answers = ["Disagree", "Ja", "2", "yes", "1"]
    assert ok("fit", mixed, "-k", 2, "--model", "m", "--json").json["answers"] == answers
    assert ok("inspect", "m", "--json").json["answers"] == answers
    assert ok("inspect", mixed, "--json").json["answers"] == answers
    assert [m["answers"] for m in ok("select", mixed, "-k", "1:2", "--json").json["models"]] == [answers] * 2
    assert ok("fit", DATA / "mnist-20000.safetensors.gz", "-k", 2, "--rows", ":200", "--json").json["answers"][0] == "> 127"


def test_the_report_names_the_answer(ok, opinions, mixed):
    ok("fit", opinions, "-k", 2, "--model", "m")
    data = ok("report", "m", opinions, "--json").json["data"]
    assert data["answer"] == "Disagree" and data["answers"] is None
    ok("fit", mixed, "-k", 2, "--model", "n")
    data = ok("report", "n", mixed, "--json").json["data"]
    assert data["answer"] is None and data["answers"] == ["Disagree", "Ja", "2", "yes", "1"]


def test_one_for_all_items(ok, opinions):
    ok("fit", opinions, "-k", 2, "--model", "m")
    result = ok("fit", opinions, "-k", 2, "--one", "Agree", "--model", "n", "--json").json
    assert result["answers"] == ["Agree"] * 5
    for turned, straight in zip(probabilities(ok, "n"), probabilities(ok, "m")):
        assert turned == pytest.approx([1 - theta for theta in straight], abs=1e-6)


def test_one_by_item_given_again_or_in_a_list(ok, mixed):
    listed = ok("fit", mixed, "-k", 2, "--one", "q1=Agree,q2=Nein", "--json").json
    again = ok("fit", mixed, "-k", 2, "--one", "q1=Agree", "--one", "q2=Nein", "--json").json
    assert listed["answers"] == again["answers"] == ["Agree", "Nein", "2", "yes", "1"]
    assert ok("inspect", mixed, "--one", "q5=0", "--json").json["answers"][4] == "0"


def test_the_choice_is_kept_for_new_data(ok, opinions):
    ok("fit", opinions, "-k", 2, "--one", "Agree", "--model", "m")
    fitted = ok("inspect", "m", "--json").json
    assert fitted["codings"] == [["Disagree", "Agree"]] * 5
    score = ok("score", "m", opinions, "--json").json
    assert score["log_likelihood"] == pytest.approx(fitted["fit"]["log_likelihood"], abs=1e-9)


def test_what_is_not_there_is_refused(refused, opinions):
    assert "no item 'q9'" in refused(1, "fit", opinions, "-k", 2, "--one", "q9=Agree")
    message = refused(1, "fit", opinions, "-k", 2, "--one", "q2=Yes")
    assert "column 2 ('q2') holds 'Agree' and 'Disagree'" in message and "'Yes'" in message
    assert "'Agree' and 'Disagree'" in refused(1, "fit", opinions, "-k", 2, "--one", "Yes")
    assert "--threshold" in refused(2, "fit", opinions, "-k", 2, "--one", "1", "--threshold", "0")


def test_features_that_tell_most_are_of_the_answer(ok, write):
    data = write("wide.csv", survey([(f"q{d}", "Agree", "Disagree") for d in range(1, 31)]))
    assert "less often Disagree than in the whole" in ok("fit", data, "-k", 2).out


def test_yes_in_other_languages_is_one(ok, write):
    data = write("ja.csv", survey([("a", "Ja", "Nein"), ("b", "oui", "non"), ("c", "Да", "Нет"), ("d", "evet", "HAYIR")]))
    assert ok("inspect", data, "--json").json["answers"] == ["Ja", "oui", "Да", "evet"]
