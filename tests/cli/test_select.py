"""`mixbern select`."""

import csv

import pytest
from conftest import DATA


def test_json(ok):
    result = ok("select", DATA / "carcinoma.csv", "-k", "1:4", "--json").json
    assert result["criterion"] == "bic" and result["best"] == 3
    assert [model["n_components"] for model in result["models"]] == [1, 2, 3, 4]
    bic = {model["n_components"]: model["bic"] for model in result["models"]}
    assert bic[2] == pytest.approx(706.0739, abs=2e-4)
    assert bic[3] == pytest.approx(697.1357, abs=2e-4)
    assert bic[4] == pytest.approx(726.4629, abs=2e-4)
    for model in result["models"]:
        assert model["n_init_at_best"] >= 1 and "blrt" not in model
        assert sum(optimum["n_init"] for optimum in model["optima"]) == model["n_init"]
        assert model["smallest_component"] == min(model["weights"])
        assert {"aic", "aic3", "sabic", "caic", "icl_bic", "awe", "entropy", "entropy_r2"} <= set(model)
    assert result["models"][2]["goodness_of_fit"]["g2"]["statistic"] == pytest.approx(15.2617, abs=1e-4)


def test_bootstrap_test(ok):
    call = ("select", DATA / "carcinoma.csv", "-k", "1:4", "--blrt", 60, "--criterion", "blrt", "--json")
    result = ok(*call, "--threads", 1).json
    assert result["best"] == 3
    tests = [model.get("blrt") for model in result["models"]]
    assert tests[0] is None
    for test in tests[1:]:
        assert test["n_samples_asked"] == 60
        early = test["ended"] == "clearly_large"
        assert early == (test["n_samples"] < 60) and (not early or test["p_value"] >= 0.2)
        more = 0 if early else 1
        assert test["p_value"] == pytest.approx((more + test["n_exceeding"]) / (more + test["n_samples"]))
    assert tests[1]["statistic"] == pytest.approx(414.42, abs=0.01)
    other = ok(*call, "--threads", 3).json
    assert [model.get("blrt") for model in other["models"]] == tests


def test_vlmr(ok):
    models = ok("select", DATA / "carcinoma.csv", "-k", "1:3", "--vlmr", "--json").json["models"]
    assert "vlmr" not in models[0]
    assert models[1]["vlmr"]["statistic"] == pytest.approx(414.42, abs=0.01)
    assert 0 <= models[2]["vlmr"]["p_value"] <= models[2]["vlmr"]["adjusted_p_value"] <= 1
    assert all("not for deciding" in model["vlmr"]["note"] for model in models[1:])


def test_vlmr_is_not_for_deciding(ok, tmp_path):
    call = ("select", DATA / "carcinoma.csv", "-k", "1:2", "--vlmr")
    caution = "VLMR p is not for deciding: at 5 % it rejects a true number of components"
    assert caution in ok(*call).out and caution not in ok(*call[:-1]).out
    for name in ("t.md", "t.tex"):
        ok(*call, "--table", name)
        assert caution in (tmp_path / name).read_text()
    assert "not for deciding" in ok("select", "--help").out


def test_cross_validation(ok, refused):
    result = ok("select", DATA / "carcinoma.csv", "-k", "1:3", "--folds", 5, "--criterion", "cv", "--json").json
    values = [model["cv_log_likelihood"] for model in result["models"]]
    assert result["best"] == 1 + values.index(max(values))
    assert "CV log-lik" in ok("select", DATA / "carcinoma.csv", "-k", "1:2", "--folds", 5).out
    assert "--folds" in refused(2, "select", DATA / "values.csv", "-k", "1:2", "--criterion", "cv")


def test_text(ok):
    out = ok("select", DATA / "carcinoma.csv", "-k", "2,3", "--blrt", 20).out
    assert "697.14*" in out and "BLRT p" in out and "3 components by bic" in out
    assert "BLRT: 20 drawn data sets asked for each test\n" in out
    assert "BLRT: K = 3: no drawn statistic is as large, p is the least" in out and "0.0476     20" in out


def test_text_of_a_test_that_ends_early(ok):
    out = ok("select", DATA / "values.csv", "-k", "2,3", "--blrt", 200).out
    assert "BLRT: 200 drawn data sets asked for each test; K = 3: ended early, p is clearly large" in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_best_model_is_saved(ok, tmp_path):
    ok("select", DATA / "carcinoma.csv", "-k", "1:3", "--model", "best.model")
    model = ok("inspect", tmp_path / "best.model", "--json").json
    assert model["n_components"] == 3 and model["fit"]["log_likelihood"] == pytest.approx(-293.704979, abs=1e-4)


@pytest.mark.parametrize("name", ["t.md", "t.tex", "t.csv"])
def test_tables(ok, tmp_path, name):
    ok("select", DATA / "values.csv", "-k", "1:2", "--table", name)
    text = (tmp_path / name).read_text()
    if name.endswith("md"):
        assert "**1057.31**" in text
    elif name.endswith("tex"):
        assert "\\textbf{1057.31}" in text and "\\begin{tabular}{r" in text
    else:
        rows = list(csv.DictReader(text.splitlines()))
        assert [row["n_components"] for row in rows] == ["1", "2"]
        assert float(rows[1]["bic"]) == pytest.approx(1057.3128, abs=2e-4)


@pytest.mark.parametrize("wrong", ["0:3", "3:1", "1:2:3", "a", "1:5000"])
def test_wrong_lists(refused, wrong):
    assert "-k" in refused(2, "select", DATA / "values.csv", "-k", wrong)


def test_wrong_calls(refused):
    call = (2, "select", DATA / "values.csv", "-k", "1:2")
    assert "--blrt" in refused(*call, "--criterion", "blrt")
    assert "icl-bic" in refused(*call, "--criterion", "waic")
    assert "cannot start from a model" in refused(*call, "--init", "model")
    assert "--weights" in refused(*call, "--weights-kind", "sampling")


UNLUCKY = {
    "one row": "a,b,c\n1,0,1\n",
    "two identical rows": "a,b,c\n1,0,1\n1,0,1\n",
    "constant": "a,b,c\n" + "1,1,1\n" * 9,
    "K near N": "a,b,c\n1,0,0\n0,1,0\n0,0,1\n",
    "a row without answers": "a,b,c\n,,\n" + "1,0,0\n0,1,1\n1,1,0\n" * 3,
}


@pytest.mark.parametrize("text", UNLUCKY.values(), ids=UNLUCKY.keys())
def test_unlucky_data(ok, write, text):
    data = write("t.csv", text)
    result = ok("select", data, "-k", "1:3", "--header", "yes", "--blrt", 9, "--json").json
    assert result["best"] in (1, 2, 3)
    assert result["warnings"]
    assert "nan" not in ok("select", data, "-k", "1:3", "--header", "yes", "--blrt", 9).out


def test_empty_components_are_named(ok, write):
    data = write("t.csv", "a,b\n1,0\n")
    result = ok("select", data, "-k", "2", "--header", "yes", "--json").json
    assert any("a component is empty" in warning for warning in result["models"][0]["warnings"])
    assert any("K = 2: a component is empty" in warning for warning in result["warnings"])


def test_labels_are_compared_and_change_nothing(ok, write):
    text = (DATA / "values.csv").read_text().splitlines()
    labelled = "\n".join([text[0] + ",class"] + [f"{row},{i % 3}" for i, row in enumerate(text[1:])])
    data = write("labelled.csv", labelled + "\n")
    result = ok("select", data, "-k", "1:3", "--labels", "class", "--json").json
    plain = ok("select", DATA / "values.csv", "-k", "1:3", "--json").json
    assert result["models"][0]["agreement"]["purity"] == pytest.approx(1 / 3)
    assert result["models"][1]["agreement"]["labels"] == [0, 1, 2]
    for a, b in zip(result["models"], plain["models"]):
        assert a["log_likelihood"] == b["log_likelihood"] and a["n_distinct_rows"] == b["n_distinct_rows"]
        assert "agreement" not in b
    assert "adj. Rand" in ok("select", data, "-k", "1:2", "--labels", "class").out


def test_rows_with_known_labels_keep_them(ok, refused, write):
    rows = [f"{i % 2},{i // 2 % 2},{i // 4 % 2},{(i * 7 % 5) // 3},{'ab'[i % 2] if i % 3 == 0 else 'NA'}" for i in range(90)]
    data = write("labelled.csv", "\n".join(["p,q,r,s,class", *rows, ""]))
    labels = ["--labels", "class", "--semi-supervised"]
    models = ok("select", data, "-k", "2:3", *labels, "--json").json["models"]
    one = ok("fit", data, "-k", 2, *labels, "--json").json
    assert models[0]["semi_supervised"] is True and len(models) == 2
    assert models[0]["log_likelihood"] == pytest.approx(one["log_likelihood"], abs=1e-4)
    assert "begin -k at 2, not 1" in refused(2, "select", data, "-k", "1:3", *labels)
    assert "needs labels" in refused(2, "select", data, "-k", "1:3", "--exclude", "class", "--semi-supervised")


def test_smoothing_by_data(ok):
    result = ok("select", DATA / "carcinoma.csv", "-k", "1:3", "--smoothing", "auto", "--blrt", 19, "--json").json
    for model in result["models"]:
        assert model["smoothing"] in [t["smoothing"] for t in model["smoothing_search"]["trials"]]
    assert result["models"][1]["blrt"]["p_value"] <= 0.05


def test_criteria_that_are_no_guide_are_told(ok, write):
    import random

    draw = random.Random(4)
    names = ",".join(f"x{d}" for d in range(60))
    rows = [",".join(str(int(draw.random() < (0.8 if row % 2 else 0.2))) for _ in range(60)) for row in range(80)]
    data = write("wide.csv", "\n".join([names, *rows]) + "\n")
    note = "note: a component has 61 parameters and about 40 rows: bic and its like are no guide there; --folds 5"
    assert note in ok("select", data, "-k", "1:2").err
    assert "no guide" not in ok("select", data, "-k", "1:2", "--folds", 5, "--criterion", "cv").err
    assert "no guide" not in ok("select", DATA / "carcinoma.csv", "-k", "1:2").err
