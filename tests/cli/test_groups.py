"""Classes in several groups: weights by group, probabilities that are equal or not."""

import csv
import json
import random
import re

import pytest
from conftest import DATA
from report_schema import check_document


def survey(differs=True, n=1500, seed=3):
    draw = random.Random(seed)
    rows = [["q1", "q2", "q3", "q4", "q5", "q6", "land"]]
    for i in range(n):
        land = "north" if i % 2 else "south"
        often = draw.random() < (0.6 if land == "north" else 0.35)
        chances = [0.85 if often else 0.2] * 6
        if differs and land == "south":
            chances[3] = 0.45 if often else 0.75
        rows.append([*("yes" if draw.random() < p else "no" for p in chances), land])
    return "".join(",".join(row) + "\n" for row in rows)


@pytest.fixture
def people(write):
    return write("people.csv", survey())


def test_weights_are_by_group_and_probabilities_equal(ok, people, tmp_path):
    fit = ok("fit", people, "-k", 2, "--groups", "land", "--json", "--model", "m").json
    assert fit["n_parameters"] == 2 * 1 + 2 * 6 and fit["group_column"] == "land" and fit["free"] == []
    assert [group["name"] for group in fit["groups"]] == ["north", "south"]
    assert fit["groups"][0]["probabilities"] == fit["groups"][1]["probabilities"]
    assert fit["groups"][0]["weights"][0] > fit["groups"][1]["weights"][0] or fit["groups"][0]["weights"][0] < 0.5
    out = ok("fit", people, "-k", 2, "--groups", "land").out
    assert "log-likelihood given the groups" in out and "weights by land" in out and "north (750)" in out
    # The model is one of data in which the group is an item.
    predicted = ok("predict", "m", people).csv
    assert len(predicted) == 1501 and ok("inspect", "m", "--json").json["items"][-1]["categories"] == ["north", "south"]


def test_free_items_have_probabilities_of_their_own(ok, people):
    equal, partial, free = (ok("fit", people, "-k", 2, "--groups", "land", *more, "--json").json
                            for more in ((), ("--free", "q4"), ("--free", "all")))
    assert partial["free"] == ["q4"] and partial["n_parameters"] == equal["n_parameters"] + 2
    assert free["n_parameters"] == 2 * (1 + 2 * 6)
    assert equal["log_likelihood"] < partial["log_likelihood"] < free["log_likelihood"]
    north, south = (group["probabilities"] for group in partial["groups"])
    for k in range(2):
        assert [north[k][d] == south[k][d] for d in range(6)] == [True, True, True, False, True, True]
    assert "q4 @ south" in ok("fit", people, "-k", 2, "--groups", "land", "--free", "q4").out


def test_each_group_alone_adds_up_to_the_free_model(ok, people, write):
    free = ok("fit", people, "-k", 2, "--groups", "land", "--free", "all", "--json").json
    with open(people, newline="") as file:
        rows = list(csv.reader(file))
    total = 0
    for land in ("north", "south"):
        part = write(f"{land}.csv", "".join(",".join(row[:6]) + "\n" for row in rows if row[6] in (land, "land")))
        total += ok("fit", part, "-k", 2, "--json", "--smoothing", "1e-8").json["log_likelihood"]
    assert free["log_likelihood"] == pytest.approx(total, abs=1e-5)


def test_invariance_finds_the_item_that_differs(ok, people, write):
    found = ok("invariance", people, "-k", 2, "--groups", "land", "--json").json
    assert [model["name"] for model in found["models"]] == ["equal", "partial", "free"]
    assert found["differing"] == ["q4"]
    assert [test["degrees_of_freedom"] for test in found["tests"]] == [12, 2, 10]
    out = ok("invariance", people, "-k", 2, "--groups", "land").out
    assert "one item differs between groups: q4" in out and "adjusted <0.0001  differs" in out
    same = ok("invariance", write("same.csv", survey(differs=False)), "-k", 2, "--groups", "land").out
    assert "no item differs between groups" in same


def test_items_of_more_answers_have_groups_too(ok):
    fit = ok("fit", DATA / "gss82.csv", "-k", 2, "--categorical", "all", "--groups", "UNDERSTA", "--json").json
    assert fit["n_parameters"] == 2 * 1 + 2 * (2 + 1 + 2)
    free = ok("fit", DATA / "gss82.csv", "-k", 2, "--categorical", "all", "--groups", "UNDERSTA", "--free",
              "PURPOSE,COOPERAT", "--json").json
    assert free["n_parameters"] == 2 * 1 + 2 * (2 * 2 + 1 + 2 * 2)
    assert free["log_likelihood"] > fit["log_likelihood"]


def test_unlucky_groups(ok, run, write):
    text = "q,r,g\n" + "1,0,a\n0,1,a\n1,1,b\n" * 30 + "0,0,lonely\n" + "1,1,\n"
    done = run("fit", write("few.csv", text), "-k", 2, "--groups", "g", "--free", "all", "--json")
    assert done.status == 0 and "1 row of unknown group is left out" in done.err
    assert [group["n"] for group in done.json["groups"]] == [60, 30, 1]
    one = run("fit", write("one.csv", "q,r,g\n1,0,a\n0,1,a\n"), "-k", 1, "--groups", "g")
    assert one.status != 0 and "fewer than two groups" in one.err


def test_wrong_calls_say_what_to_do(run, people):
    for call, words in {
        ("--free", "q4"): "needs --groups COLUMN",
        ("--groups", "nobody"): "no column 'nobody'",
        ("--groups", "land", "--free", "q9"): "did you mean",
        ("--groups", "land", "--labels", "q1"): "exclude each other",
        ("--groups", "land", "--trace"): "leave it out",
        ("--groups", "land", "--constraints", people): "cannot tie them otherwise",
        ("--groups", "land", "--order", "2,1"): "name them with --names",
        ("--groups", "land", "--names", "one"): "--names",
        ("--groups", "land", "--smoothing", "auto"): "needs a number",
    }.items():
        done = run("fit", people, "-k", 2, *call)
        assert done.status != 0 and words in done.err, (call, done.err)
    assert run("invariance", people, "-k", 2).status == 2


def test_standard_errors_are_by_group(ok, people):
    call = ("fit", people, "-k", 2, "--groups", "land", "--standard-errors", "observed")
    fit = ok(*call, "--free", "q4", "--json").json
    north, south = (group["standard_errors"] for group in fit["groups"])
    for k in range(2):
        for d in range(6):
            assert 0 < north["probabilities"][k][d] < 0.05
            assert (north["probabilities"][k][d] == south["probabilities"][k][d]) == (d != 3)
    # Half of the rows are in each group: the mean of two nearly independent weights.
    assert fit["standard_errors"]["weights"][0] == pytest.approx(north["weights"][0] / 2 ** 0.5, rel=0.1)
    assert fit["standard_errors"]["identified"] and fit["standard_errors"]["method"] == "observed"
    out = ok(*call, "--free", "q4", "--names", "seldom,often").out
    assert f"({north['weights'][0]:.4f})" in out and "seldom" in out


def test_the_weight_of_a_single_component_is_fixed(ok, people):
    out = ok("fit", people, "-k", 1, "--groups", "land", "--standard-errors", "observed").out
    assert out.count("(fixed)") == 3 and "(0.0000)" not in out


def test_standard_errors_of_free_models_are_those_of_each_group(ok, people, write):
    call = ("-k", 2, "--standard-errors", "sandwich", "--json", "--smoothing", "1e-8")
    free = ok("fit", people, "--groups", "land", "--free", "all", *call).json
    with open(people, newline="") as file:
        rows = list(csv.reader(file))
    part = write("north.csv", "".join(",".join(row[:6]) + "\n" for row in rows if row[6] in ("north", "land")))
    alone = ok("fit", part, *call).json["standard_errors"]
    own = free["groups"][0]["standard_errors"]
    assert sorted(own["weights"]) == pytest.approx(sorted(alone["weights"]), rel=1e-3)
    assert sorted(map(sorted, own["probabilities"])) == [pytest.approx(row, rel=1e-2) for row in
                                                         sorted(map(sorted, alone["probabilities"]))]


def test_statistics_add_up_groups(ok, people):
    call = ("fit", people, "-k", 2, "--groups", "land", "--statistics")
    equal, free = (ok(*call, *more, "--json").json for more in ((), ("--free", "all")))
    a, b = equal["statistics"]["goodness_of_fit"], free["statistics"]["goodness_of_fit"]
    assert (a["degrees_of_freedom"], b["degrees_of_freedom"]) == (2 * 63 - 14, 2 * 63 - 26)
    assert a["g2"]["statistic"] - b["g2"]["statistic"] == pytest.approx(
        2 * (free["log_likelihood"] - equal["log_likelihood"]), abs=1e-5)
    assert equal["statistics"]["criteria"]["bic"] == pytest.approx(equal["bic"])
    assert sum(group["g2"] for group in equal["statistics"]["groups"]) == pytest.approx(a["g2"]["statistic"])
    assert equal["statistics"]["group_residuals"][0]["item"] == "q4"
    out = ok(*call).out
    assert "G² by group: north" in out and "largest residuals of items by land" in out and "in south" in out


def test_weights_of_a_sample_take_the_sandwich(ok, run, people, write):
    with open(people, newline="") as file:
        rows = list(csv.reader(file))
    weighted = write("weighted.csv", "".join(
        ",".join([*row, "w" if i == 0 else f"{1 + i % 3 / 2}"]) + "\n" for i, row in enumerate(rows)))
    call = ("fit", weighted, "-k", 2, "--groups", "land", "--weights", "w", "--standard-errors", "observed", "--statistics")
    fit = ok(*call, "--json").json
    assert fit["standard_errors"]["method"] == "sandwich"
    assert fit["statistics"]["goodness_of_fit"]["g2"]["p_value"] is None
    assert run(*call, "--weights-kind", "sampling").status == 2


def document_in(path):
    found = re.search(r'<script type="application/json" id="mixbern-report">(.*?)</script>', path.read_text(), re.DOTALL)
    return check_document(json.loads(found[1]))


@pytest.mark.parametrize("free", [(), ("--free", "q4"), ("--free", "all")])
def test_the_report_shows_groups(ok, people, tmp_path, free):
    fit = ok("fit", people, "-k", 2, "--groups", "land", *free, "--statistics", "--standard-errors", "observed", "--json",
             "--names", "seldom,often", "--report", "r.html").json
    document = document_in(tmp_path / "r.html")
    (model,), groups = document["models"], document["groups"]
    assert (groups["column"], groups["names"], groups["free"]) == ("land", ["north", "south"], fit["free"])
    assert groups["weights"]["estimates"] == [group["weights"] for group in fit["groups"]]
    assert groups["weights"]["standard_errors"] == [group["standard_errors"]["weights"] for group in fit["groups"]]
    assert [feature["name"] for feature in groups["features"]] == fit["free"]
    for name in ("log_likelihood", "n_parameters"):
        assert model[name] == fit[name]
    assert model["criteria"]["bic"] == pytest.approx(fit["bic"])
    assert model["goodness_of_fit"]["g2"] == fit["statistics"]["goodness_of_fit"]["g2"]
    assert model["bivariate_residuals"] is None and document["data"]["name"] == "people.csv"
    assert model["verdict"][0] == {"level": "good", "text": "Converged."}


def test_a_report_needs_no_options(ok, run, people, tmp_path):
    out = ok("fit", people, "-k", 2, "--groups", "land", "--free", "q4", "--report", "r.html").out
    assert "report written to r.html" in out
    groups = document_in(tmp_path / "r.html")["groups"]
    assert all(error > 0 for row in groups["features"][0]["standard_errors"] for error in row)
    assert run("fit", people, "-k", 2, "--groups", "land", "--report", "r.pdf").status == 2


def test_a_saved_model_is_reported_with_its_groups(ok, people, tmp_path):
    fit = ok("fit", people, "-k", 2, "--groups", "land", "--free", "q4", "--names", "seldom,often", "--json", "--model", "m").json
    ok("report", "m", "-o", "r.html")
    document = document_in(tmp_path / "r.html")
    assert document["groups"]["free"] == ["q4"] and document["groups"]["names"] == ["north", "south"]
    assert document["groups"]["weights"]["estimates"] == [group["weights"] for group in fit["groups"]]
    assert document["models"][0]["n_parameters"] == fit["n_parameters"]


def test_rows_under_a_saved_model_are_those_of_a_mixture_with_the_group_as_an_item(ok, refused, people, tmp_path):
    ok("fit", people, "-k", 2, "--groups", "land", "--model", "equal")
    ok("report", "equal", people, "-o", "rows.html")
    assert document_in(tmp_path / "rows.html")["groups"] is None
    ok("fit", people, "-k", 2, "--groups", "land", "--free", "q4", "--model", "free")
    for command in (("predict",), ("score",), ("report", "-o", "r.html")):
        line = refused(1, command[0], "free", people, *command[1:])
        assert "items that differ between groups by land" in line and "mixbern.load(MODEL).predict(DATA, groups)" in line


def test_items_have_score_tests_too(ok, people):
    found = ok("invariance", people, "-k", 2, "--groups", "land", "--json").json
    for item in found["items"]:
        score = item["score"]
        assert score["statistic"] == pytest.approx(item["statistic"], rel=0.2, abs=0.2)
        assert score["degrees_of_freedom"] == item["degrees_of_freedom"] == 2
        assert (score["adjusted_p_value"] <= 0.05) == (item["item"] == "q4")
    assert "items by score tests" in ok("invariance", people, "-k", 2, "--groups", "land").out


def test_ratios_can_be_drawn_where_rows_are_few(ok, run, write):
    few = write("few.csv", survey(n=150))
    found = ok("invariance", few, "-k", 2, "--groups", "land", "--bootstrap", 130, "--json").json
    assert found["differing"] == ["q4"]
    assert all(0 < item["bootstrap"]["p_value"] <= 1 for item in found["items"] + found["tests"])
    told = run("invariance", few, "-k", 2, "--groups", "land", "--bootstrap", 20)
    assert "draw 119 or more" in told.err and "p from drawn data sets" in told.out
