"""Items of more than two answers, from the file to the result."""

import csv
import random

import numpy as np
import pytest
from conftest import DATA
from report_schema import check_document

MISSING = ""


def table(n=300, seed=1, missing=0.15):
    """Columns of three, two and four answers; two classes."""
    draw = random.Random(seed)
    chances = {"trust": (("some", "none", "a lot"), ((6, 3, 1), (1, 2, 7))),
               "votes": (("no", "yes"), ((8, 2), (3, 7))),
               "party": (("red", "green", "blue", "10"), ((5, 3, 1, 1), (1, 1, 4, 4)))}
    rows = [list(chances)]
    for _ in range(n):
        kind = draw.random() < 0.4
        rows.append([MISSING if draw.random() < missing else draw.choices(answers, weights[kind])[0]
                     for answers, weights in chances.values()])
    return rows


def text_of(rows):
    return "".join(",".join(row) + "\n" for row in rows)


def row_likelihoods(items, weights, rows):
    """log p of each row from `items` of --json, cell by cell."""
    totals = []
    for row in rows:
        joint = np.log(weights)
        for cell, item in zip(row, items, strict=True):
            if cell == MISSING:
                continue
            joint = joint + np.log([answers[item["categories"].index(cell)] for answers in item["probabilities"]])
        totals.append(joint)
    joint = np.array(totals)
    top = joint.max(axis=1)
    sums = top + np.log(np.exp(joint - top[:, None]).sum(axis=1))
    return sums, np.exp(joint - sums[:, None])


@pytest.fixture
def rows():
    return table()


@pytest.fixture
def people(write, rows):
    return write("people.csv", text_of(rows))


def test_published_likelihoods_of_the_survey_of_1982(ok):
    known = {1: (-2872.229576, 6, 257.2604, 29), 2: (-2783.268010, 13, 79.3372, 22), 3: (-2754.545405, 20, 21.8920, 15)}
    for k, (log_likelihood, n_parameters, g2, df) in known.items():
        fit = ok("fit", DATA / "gss82.csv", "-k", k, "--categorical", "all", "--statistics", "--json").json
        assert fit["log_likelihood"] == pytest.approx(log_likelihood, abs=1e-5)
        assert fit["n_parameters"] == n_parameters
        found = fit["statistics"]["goodness_of_fit"]
        assert found["g2"]["statistic"] == pytest.approx(g2, abs=1e-3) and found["degrees_of_freedom"] == df


def test_items_are_told_with_their_answers_and_agree_with_numpy(ok, people, rows, tmp_path):
    fit = ok("fit", people, "-k", 2, "--categorical", "all", "--model", "m", "--json").json
    items = fit["items"]
    assert [(item["name"], item["categories"]) for item in items] == [
        ("trust", ["a lot", "none", "some"]), ("votes", ["no", "yes"]), ("party", ["10", "blue", "green", "red"])]
    assert fit["n_parameters"] == 1 + 2 * (2 + 1 + 3) and fit["n_features"] == 8
    for item in items:
        assert np.sum(item["probabilities"], axis=1) == pytest.approx([1, 1], abs=1e-12)
    likelihoods, posteriors = row_likelihoods(items, fit["weights"], rows[1:])
    assert likelihoods.sum() == pytest.approx(fit["log_likelihood"], rel=1e-12)
    told = ok("score", "m", people, "--per-row").csv
    assert [float(row[-1]) for row in told[1:]] == pytest.approx(list(likelihoods), abs=1e-12)
    predicted = ok("predict", "m", people).csv
    assert [float(row[2]) for row in predicted[1:]] == pytest.approx(list(posteriors[:, 0]), abs=1e-12)
    assert ok("inspect", "m", "--json").json["items"] == items
    out = ok("fit", people, "-k", 2, "--categorical", "all", "--standard-errors", "observed", "--statistics").out
    assert "trust=a lot" in out and "votes = yes" in out and "48 patterns" not in out


def test_named_columns_alone_may_have_more_answers(ok, run, people, write):
    fit = ok("fit", people, "-k", 2, "--categorical", "trust,p*", "--json").json
    assert fit["n_features"] == 8
    refused = run("fit", people, "-k", 2, "--categorical", "trust")
    assert refused.status == 1 and "'party'" in refused.err and "--categorical" in refused.err
    assert "no column 'nobody'" in run("fit", people, "-k", 2, "--categorical", "nobody").err


def test_rows_weigh_and_repeat_alike(ok, write, rows):
    counts = [1 + i % 3 for i in range(len(rows) - 1)]
    repeated = [rows[0]] + [row for row, n in zip(rows[1:], counts) for _ in range(n)]
    weighted = [[*rows[0], "n"]] + [[*row, str(n)] for row, n in zip(rows[1:], counts)]
    one = ok("fit", write("r.csv", text_of(repeated)), "-k", 2, "--categorical", "all", "--json").json
    other = ok("fit", write("w.csv", text_of(weighted)), "-k", 2, "--categorical", "all", "--weights", "n", "--json").json
    assert other["log_likelihood"] == pytest.approx(one["log_likelihood"], rel=1e-9)


def test_packed_data_and_tables_keep_the_answers(ok, run, people, tmp_path):
    ok("convert", people, "p.safetensors", "--categorical", "all")
    text = ok("fit", people, "-k", 2, "--categorical", "all", "--json", "--model", "m").json
    packed = ok("fit", "p.safetensors", "-k", 2, "--json").json
    assert packed["log_likelihood"] == text["log_likelihood"] and packed["items"] == text["items"]
    assert ok("score", "m", "p.safetensors", "--json").json["log_likelihood"] == pytest.approx(text["log_likelihood"])
    ok("convert", "p.safetensors", "back.csv")
    assert (tmp_path / "back.csv").read_text() == (tmp_path / "people.csv").read_text()
    chosen = ok("fit", "p.safetensors", "-k", 2, "--columns", "party,votes", "--json").json
    assert [item["name"] for item in chosen["items"]] == ["party", "votes"]
    refused = run("convert", "p.safetensors", "p.npy")
    assert refused.status == 1 and "items of more than two answers" in refused.err


def test_drawn_and_filled_tables_look_like_the_data(ok, people, rows, write):
    ok("fit", people, "-k", 2, "--categorical", "all", "--model", "m")
    drawn = ok("sample", "m", "-n", 50).csv
    assert drawn[0] == rows[0]
    known = [{row[d] for row in rows[1:]} - {MISSING} for d in range(3)]
    assert all(cell in answers for row in drawn[1:] for cell, answers in zip(row, known))
    for method in ((), ("--draw",)):
        filled = ok("impute", "m", people, *method).csv
        for before, after in zip(rows[1:], filled[1:], strict=True):
            assert all(a in answers if b == MISSING else a == b for a, b, answers in zip(after, before, known))
    wide = write("wide.csv", text_of([[str(i) if i else "pid", *row] for i, row in enumerate(rows)]))
    whole = ok("impute", "m", wide, "--all-columns").csv
    assert whole[0] == ["pid", *rows[0]] and [row[1:] for row in whole] == ok("impute", "m", people).csv


def test_new_data_has_the_answers_of_the_model(ok, run, people, rows, write):
    ok("fit", people, "-k", 2, "--categorical", "all", "--model", "m")
    some = [row for row in rows if row[2] in ("red", "party")][:5]
    turned = [[row[2], "x", row[0], row[1]] for row in some]
    turned[0][1] = "else"
    assert ok("score", "m", write("turned.csv", text_of(turned)), "--json").json["log_likelihood"] == pytest.approx(
        ok("score", "m", write("some.csv", text_of(some)), "--json").json["log_likelihood"])
    refused = run("score", "m", write("new.csv", text_of([rows[0], ["some", "yes", "violet"]])))
    assert refused.status == 1 and "'violet'" in refused.err and "'green'" in refused.err


def test_unlucky_tables_fit(ok, write):
    for name, columns in {"empty": ["a", "b", ""], "one answer": ["a"], "two": ["a", "b"]}.items():
        rows = [["q", "r", "s"]] + [[draw, "xyz"[i % 3], columns[i % len(columns)]]
                                    for i, draw in enumerate("lmn" * 20)] + [["", "", ""]]
        fit = ok("fit", write(f"{name}.csv", text_of(rows)), "-k", 2, "--categorical", "all", "--json").json
        assert np.isfinite(fit["log_likelihood"])
    lonely = write("lonely.csv", "q,r\na,\nb,\nc,\na,\n")
    assert ok("fit", lonely, "-k", 2, "--categorical", "all", "--json").json["log_likelihood"] < 0


def test_what_does_not_go_with_it_is_told(run, people, write):
    for call, words in {
        ("--threshold", "1"): "leave --threshold or --categorical out",
        ("--one", "trust=some"): "--one chooses the 1 of items of two answers only",
    }.items():
        done = run("fit", people, "-k", 2, "--categorical", "all", *call)
        assert done.status == 1 and words in done.err, done.err
    ids = write("ids.csv", "q,id\n" + "".join(f"{'ab'[i % 2]},{i}\n" for i in range(1500)))
    done = run("fit", ids, "-k", 2, "--categorical", "all")
    assert done.status == 1 and "'id'" in done.err and "--exclude id" in done.err


def test_selection_and_its_tests(ok, people):
    found = ok("select", people, "-k", "1:2", "--categorical", "all", "--blrt", 19, "--json").json
    assert found["best"] == 2 and found["models"][1]["blrt"]["p_value"] == pytest.approx(0.05)
    assert ok("select", people, "-k", "1:2", "--categorical", "all", "--folds", 3, "--json").json["best"] == 2


def test_a_fit_goes_on_from_its_checkpoint(ok, people):
    plain = ok("fit", people, "-k", 3, "--categorical", "all", "--n-init", 8, "--json", "--checkpoint", "c").json
    assert ok("fit", people, "-k", 3, "--categorical", "all", "--n-init", 8, "--json").json["items"] == plain["items"]


def test_reports_show_every_answer(ok, people, tmp_path):
    ok("fit", people, "-k", 2, "--categorical", "all", "--report", "r.html", "--model", "m", "--quiet")
    assert '"name":"trust"' in (tmp_path / "r.html").read_text()
    for document in (ok("report", "m", people, "--json").json, ok("report", "m", "--json").json):
        check_document(document)
        assert document["data"]["items"] == [{"name": "trust", "first": 0, "size": 3},
                                             {"name": "votes", "first": 3, "size": 1},
                                             {"name": "party", "first": 4, "size": 4}]
        assert document["data"]["feature_names"] == ["trust"] * 3 + ["votes"] + ["party"] * 4
        assert document["data"]["answers"] == ["a lot", "none", "some", "yes", "10", "blue", "green", "red"]
    pairs = ok("report", "m", people, "--json").json["models"][0]["bivariate_residuals"]
    told = ok("fit", people, "-k", 2, "--categorical", "all", "--statistics", "--json").json["statistics"]["bivariate_residuals"]
    assert sorted((pair["first"], pair["second"]) for pair in pairs) == [(0, 1), (0, 2), (1, 2)] and len(told) == 3


def test_inspect_suggests_items_of_several_answers(ok, write, people, tmp_path):
    report = ok("inspect", DATA / "gss82.csv", "--json").json
    assert report["suggested_options"] == "--categorical PURPOSE,COOPERAT"
    assert [column["looks_like"] for column in report["columns"]] == ["categorical", "item", "item", "categorical"]
    answers = ["never", "often", "sometimes"]
    rows = [["sex", "id", "q1", "q2", "q3", "q4", "income", "weight"]] + [
        [("m", "f", "x")[i % 3], str(i), answers[i % 3], "ab"[i % 2], str(1 + i % 5), str(1 + i % 4), str(100 * (i % 9)), str(1 + i % 4)]
        for i in range(90)]
    survey = write("survey.csv", text_of(rows))
    options = ok("inspect", survey, "--json").json["suggested_options"]
    assert options == "--id id --weights weight --categorical q1,q3,q4 --columns q1:q4"
    assert ok("fit", survey, "-k", 2, *options.split(), "--json").json["n_features"] == 3 + 1 + 5 + 4
    grade = write("grade.csv", text_of([row[2:5] for row in rows]))
    assert ok("inspect", grade, "--json").json["columns"][2]["looks_like"] == "group"
    ok("convert", people, "p.safetensors", "--categorical", "all")
    done = ok("inspect", "p.safetensors", "--json").json
    assert [(column["name"], column["values"]) for column in done["columns"]] == [
        ("trust", ["a lot", "none", "some"]), ("votes", ["no", "yes"]), ("party", ["10", "blue", "green", "red"])]
    assert done["suggested_options"] == "" and done["n_features"] == 8
    ok("fit", "p.safetensors", "-k", 2)


def test_rows_of_the_survey_keep_their_words():
    with open(DATA / "gss82.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1203 and len({row[0] for row in rows[1:]}) == 3


def test_arrays_have_items_of_more_answers_too(ok, run, write, tmp_path):
    draw = np.random.default_rng(1)
    table = np.stack([draw.integers(0, 4, 300), draw.integers(0, 2, 300), draw.integers(1, 4, 300)], axis=1).astype(float)
    table[::7, 0] = np.nan
    np.save(tmp_path / "a.npy", table)
    text = write("a.csv", "".join(",".join("NA" if np.isnan(v) else f"{v:g}" for v in row) + "\n" for row in table))
    call = ("-k", 2, "--categorical", "1,3", "--n-init", "5", "--json")
    array, lines = ok("fit", "a.npy", *call, "--model", "m").json, ok("fit", text, "--header", "no", *call).json
    assert array["items"] == lines["items"] and array["log_likelihood"] == lines["log_likelihood"]
    assert array["items"][0]["categories"] == ["0", "1", "2", "3"]
    assert ok("score", "m", "a.npy", "--json").json["log_likelihood"] == pytest.approx(array["log_likelihood"])
    np.save(tmp_path / "f.npy", np.asfortranarray(table))
    refused = run("fit", "f.npy", *call)
    assert refused.status == 1 and "ascontiguousarray" in refused.err
