"""`mixbern fit --statistics`, `--standard-errors`, `--table`, `--weights-kind`."""

import csv
import math

import pytest
from conftest import DATA


def test_published_statistics(ok):
    result = ok("fit", DATA / "carcinoma.csv", "-k", 2, "--statistics", "--json").json
    statistics = result["statistics"]
    assert statistics["goodness_of_fit"]["g2"]["statistic"] == pytest.approx(62.3654, abs=1e-4)
    assert statistics["goodness_of_fit"]["degrees_of_freedom"] == 112
    assert statistics["goodness_of_fit"]["sparse"] is True
    criteria = statistics["criteria"]
    assert criteria["aic"] == result["aic"] and criteria["bic"] == pytest.approx(result["bic"], rel=1e-14)
    assert criteria["caic"] == pytest.approx(706.0739 + 15, abs=1e-3)
    assert criteria["aic3"] == pytest.approx(664.5137 + 15, abs=1e-3)
    assert criteria["sabic"] == pytest.approx(634.5137 + 15 * math.log(120 / 24), abs=1e-3)
    sharp = statistics["classification"]
    assert criteria["icl_bic"] == pytest.approx(criteria["bic"] + 2 * sharp["uncertainty"], rel=1e-12)
    assert sum(sharp["sizes_by_mode"]) == pytest.approx(1)
    assert len(statistics["bivariate_residuals"]) == 21
    assert len(statistics["pattern_residuals"]) == 20


def test_rows_without_an_answer_do_not_count(ok):
    statistics = ok("fit", DATA / "gss08_abortion.csv", "-k", 3, "--statistics", "--json").json["statistics"]
    assert statistics["criteria"]["bic"] == pytest.approx(1492.17, abs=5e-3)
    assert statistics["classification"]["n"] == 352


def test_published_standard_errors(ok):
    result = ok("fit", DATA / "carcinoma.csv", "-k", 2, "--standard-errors", "opg", "--json").json
    errors = result["standard_errors"]
    assert errors["method"] == "opg" and errors["identified"] is True
    assert errors["weights"] == pytest.approx([.046336] * 2, rel=1e-3)
    published = {(0, 1): .0171, (0, 2): .0589, (0, 3): .0720, (0, 4): .0216, (0, 5): .0708,
                 (1, 0): .0451, (1, 1): .0828, (1, 4): .0681, (1, 6): .0515}
    for (k, d), error in published.items():
        assert errors["probabilities"][k][d] == pytest.approx(error, rel=1e-3, abs=5e-5)
    for k, d in errors["boundary"]:
        assert errors["probabilities"][k][d] is None
        assert errors["intervals"]["probabilities"][k][d] == [None, None]
    assert any("0 or 1" in warning for warning in result["warnings"])
    low, high = errors["intervals"]["probabilities"][0][1]
    assert 0 < low < .9831 < high < 1


def test_not_identified_is_said_aloud(ok):
    result = ok("fit", DATA / "values.csv", "-k", 3, "--standard-errors", "observed", "--json").json
    assert result["standard_errors"]["identified"] is False
    assert result["standard_errors"]["rank"] < result["standard_errors"]["n_free"]
    assert any("not identified" in warning for warning in result["warnings"])


def test_text_has_errors_and_marks(ok):
    out = ok("fit", DATA / "carcinoma.csv", "-k", 3, "--standard-errors", "sandwich", "--statistics").out
    assert "A *         1.0000    –" in out
    assert "adjusted BIC" in out and "degrees of freedom" in out and "average posterior" in out
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.mark.parametrize("name", ["t.md", "t.tex", "t.csv"])
def test_tables_for_papers(ok, tmp_path, name):
    ok("fit", DATA / "carcinoma.csv", "-k", 2, "--standard-errors", "observed", "--table", name)
    text = (tmp_path / name).read_text()
    if name == "t.md":
        lines = text.splitlines()
        assert lines[0] == "| item | class 1 | class 2 |" and lines[1] == "|---|---:|---:|"
        assert lines[3].startswith("| A \\* | 1.000 (–) |")
    elif name == "t.tex":
        assert text.count("\\begin{tabular}") == text.count("\\end{tabular}") == 1
        assert "A$^{*}$ & 1.000 (--) & 0.117" in text
    else:
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == 2 * 8
        b = next(row for row in rows if row["item"] == "B" and row["component"] == "1")
        assert float(b["lower"]) < float(b["estimate"]) < float(b["upper"])
        a = next(row for row in rows if row["item"] == "A" and row["component"] == "1")
        assert a["standard_error"] == "" and a["separates"] == "1"


def test_names_are_escaped_in_tables(ok, write, tmp_path):
    data = write("data.csv", '"a_%|","b,""c""","=1+1"\n' + "1,0,1\n0,1,0\n1,1,1\n0,0,1\n" * 5)
    for name, expected in (("t.tex", "a\\_\\%|"), ("t.md", "a\\_%\\|"), ("t.csv", '"b,""c"""'), ("t.csv", "\n'=1+1,1,")):
        ok("fit", data, "-k", 1, "--header", "yes", "--table", name)
        assert expected in (tmp_path / name).read_text()


def test_table_name_says_the_format(refused):
    assert ".md, .tex or .csv" in refused(2, "fit", DATA / "values.csv", "-k", 2, "--table", "t.xls")


def test_weight_three_is_a_row_three_times(ok, write):
    lines = (DATA / "carcinoma.csv").read_text().splitlines()
    thrice = write("thrice.csv", "\n".join([lines[0]] + lines[1:] * 3) + "\n")
    weighted = write("weighted.csv", "\n".join([lines[0] + ",w"] + [line + ",3" for line in lines[1:]]) + "\n")
    call = ("-k", 2, "--standard-errors", "observed", "--statistics", "--tol", 1e-14, "--json")
    a = ok("fit", thrice, *call).json
    b = ok("fit", weighted, "--weights", "w", *call).json
    assert a["log_likelihood"] == pytest.approx(b["log_likelihood"], rel=1e-12)
    for name in ("weights",):
        assert a["standard_errors"][name] == pytest.approx(b["standard_errors"][name], abs=1e-10)
    for left, right in zip(a["standard_errors"]["probabilities"], b["standard_errors"]["probabilities"]):
        for x, y in zip(left, right):
            assert (x is None and y is None) or x == pytest.approx(y, abs=1e-10)
    assert a["statistics"]["criteria"]["bic"] == pytest.approx(b["statistics"]["criteria"]["bic"], rel=1e-12)


def test_sampling_weights(ok, refused, write):
    lines = (DATA / "cheating.csv").read_text().splitlines()
    head, rows = lines[0], lines[1:]
    data = write("w.csv", "\n".join([head + ",w"] + [f"{row},{1 + i % 3}" for i, row in enumerate(rows)]) + "\n")
    call = ("fit", data, "-k", 2, "--exclude", "GPA", "--weights", "w", "--weights-kind", "sampling")
    result = ok(*call, "--standard-errors", "sandwich", "--statistics", "--json").json
    assert result["total_weight"] == pytest.approx(319)
    assert result["statistics"]["classification"]["n"] == pytest.approx(319)
    assert result["statistics"]["goodness_of_fit"]["g2"]["p_value"] is None
    assert "only --standard-errors sandwich" in refused(2, *call, "--standard-errors", "opg")
    assert "needs weights" in refused(2, "fit", DATA / "values.csv", "-k", 2, "--weights-kind", "sampling")


def test_weights_that_are_no_whole_numbers_are_those_of_a_sample(ok, refused, write):
    lines = (DATA / "cheating.csv").read_text().splitlines()
    head, rows = lines[0], lines[1:]
    data = write("w.csv", "\n".join([head + ",w"] + [f"{row},{.5 + i % 3}" for i, row in enumerate(rows)]) + "\n")
    call = ("fit", data, "-k", 2, "--exclude", "GPA", "--weights", "w")
    asked = ok(*call, "--weights-kind", "sampling", "--standard-errors", "sandwich", "--json").json
    found = ok(*call, "--standard-errors", "observed", "--json").json
    for name in ("weights_kind", "total_weight", "log_likelihood", "bic", "weights", "standard_errors"):
        assert found[name] == asked[name]
    assert found["weights_kind"] == "sampling" and found["total_weight"] == pytest.approx(319)
    assert found["standard_errors"]["method"] == "sandwich"
    assert any("--weights-kind frequency" in text for text in found["warnings"])
    assert not any("--weights-kind" in text for text in asked["warnings"])
    assert "(sampling weights, scaled)" in ok(*call).out
    counted = ok(*call, "--weights-kind", "frequency", "--json").json
    assert counted["weights_kind"] == "frequency" and counted["total_weight"] == pytest.approx(477.5)
    for option in ("--bootstrap", "--resample"):
        assert "--standard-errors sandwich" in refused(2, *call, option, 5)
    for option in (["--blrt", 5], ["--vlmr"]):
        chosen = ("select", data, "-k", "1:2", "--exclude", "GPA", "--weights", "w")
        assert "--criterion bic" in refused(2, *chosen, *option)


def test_a_report_knows_that_the_weights_are_those_of_a_sample(ok, write):
    lines = (DATA / "values.csv").read_text().splitlines()
    data = write("w.csv", "\n".join([lines[0] + ",w"] + [f"{row},{.5 + i % 3}" for i, row in enumerate(lines[1:])]) + "\n")
    ok("fit", data, "-k", 2, "--weights", "w", "--model", "m.model")
    document = ok("report", "m.model", data, "--weights", "w", "--json").json
    assert document["models"][0]["standard_errors"]["method"] == "sandwich"
    assert document["models"][0]["goodness_of_fit"]["g2"]["p_value"] is None


def test_bootstrap(ok, refused):
    call = ("fit", DATA / "carcinoma.csv", "-k", 2, "--bootstrap", 50, "--resample", 50)
    result = ok(*call, "--json").json
    drawn = result["bootstrap"]
    assert drawn["n_samples"] == 50 and drawn["g2_p_value"] <= 0.1
    assert len(drawn["pair_p_values"]) == 21
    assert drawn["standard_errors"]["weights"][0] == pytest.approx(.046, abs=0.02)
    assert drawn["standard_errors"]["probabilities"][0][0] is None  # at its bound
    assert "g2_p_value" not in result["resampling"]
    assert "bootstrap of 50 data sets" in ok(*call).out
    assert ok(*call, "--json", "--threads", 1).json["bootstrap"] == drawn


UNLUCKY = {
    "one row": "a,b,c\n1,0,1\n",
    "two identical rows": "a,b,c\n1,0,1\n1,0,1\n",
    "constant": "a,b,c\n" + "1,1,1\n" * 9,
    "a column without answers": "a,b,c\n" + "1,,0\n0,,1\n" * 6,
    "a row without answers": "a,b,c\n,,\n" + "1,0,0\n0,1,1\n1,1,0\n" * 3,
    "K near N": "a,b,c\n1,0,0\n0,1,0\n0,0,1\n",
}


@pytest.mark.parametrize("text", UNLUCKY.values(), ids=UNLUCKY.keys())
@pytest.mark.parametrize("method", ["observed", "opg", "sandwich"])
def test_unlucky_data(ok, write, text, method):
    data = write("t.csv", text)
    result = ok("fit", data, "-k", 2, "--header", "yes", "--statistics", "--standard-errors", method, "--json")
    assert result.json["warnings"] != []  # and .json refuses NaN
    assert "nan" not in ok("fit", data, "-k", 2, "--header", "yes", "--statistics", "--standard-errors", method).out


def test_missing_answers_against_complete_patterns(ok):
    fit = ok("fit", DATA / "gss08_abortion.csv", "-k", 3, "--statistics", "--bootstrap", 20, "--json").json
    fitted = fit["statistics"]["goodness_of_fit"]
    saturated = fitted["saturated"]
    assert saturated["degrees_of_freedom"] == 63 - 20
    assert saturated["g2"]["statistic"] == pytest.approx(2 * (saturated["log_likelihood"] - fit["log_likelihood"]))
    assert fitted["g2"]["statistic"] == pytest.approx(
        saturated["g2"]["statistic"] + saturated["mcar"]["statistic"])
    assert 0 < fit["bootstrap"]["saturated_p_value"] <= 1
    assert 0 < fit["bootstrap"]["mcar_p_value"] <= 1
    complete = ok("fit", DATA / "values.csv", "-k", 2, "--statistics", "--json").json["statistics"]
    assert "saturated" not in complete["goodness_of_fit"]
    out = ok("fit", DATA / "gss08_abortion.csv", "-k", 3, "--statistics").out
    assert "missing completely at random" in out and "df 43" in out
    table = ok("select", DATA / "gss08_abortion.csv", "-k", "2,3").out
    assert f"{saturated['g2']['statistic']:.2f}" in table


def test_what_the_table_cannot_tell_is_said_without_being_asked(ok):
    def told(table, k, *more):
        return " ".join(ok("fit", DATA / table, "-k", k, "--json", *more).json["warnings"])

    assert "degrees of freedom are negative (-4)" in told("values.csv", 4)
    assert "not identified" in told("values.csv", 3)
    for table, k in (("carcinoma.csv", 2), ("carcinoma.csv", 3), ("values.csv", 2), ("gss08_abortion.csv", 2)):
        assert "identified" not in told(table, k) and "0.5" not in told(table, k)
    models = ok("select", DATA / "values.csv", "-k", "1:4", "--json").json["models"]
    said = ["identified" in " ".join(model["warnings"]) for model in models]
    assert said == [False, False, True, True]


def test_negative_degrees_of_freedom_are_never_identified(ok):
    result = ok("fit", DATA / "values.csv", "-k", 5, "--standard-errors", "observed", "--json").json
    assert result["standard_errors"]["identified"] is False


def test_p_values_that_would_mislead_are_left_out(ok):
    sparse = ok("fit", DATA / "carcinoma.csv", "-k", 3, "--statistics").out
    assert "p –" in sparse and "p-values would mislead; --bootstrap draws better ones" in sparse
    assert not [line for line in sparse.splitlines() if line.startswith("  G²") and "p 0" in line]
    found = ok("fit", DATA / "carcinoma.csv", "-k", 3, "--statistics", "--json").json["statistics"]["goodness_of_fit"]
    assert found["sparse"] and found["g2"]["p_value"] > 0
    assert "p 0." in ok("fit", DATA / "values.csv", "-k", 2, "--statistics").out
