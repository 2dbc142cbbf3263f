"""`mixbern score` against NumPy."""

import numpy as np
import pytest
from conftest import DATA
from reference import read_table, row_log_likelihoods


def test_agrees_with_numpy(ok, model):
    parameters = ok("inspect", model, "--json").json
    expected = row_log_likelihoods(parameters, read_table(DATA / "carcinoma.csv", parameters["codings"]))
    result = ok("score", model, DATA / "carcinoma.csv", "--json", "--per-row").json
    assert np.abs(np.array(result["log_likelihoods"]) - expected).max() < 1e-12
    assert result["log_likelihood"] == pytest.approx(expected.sum(), rel=1e-13)
    assert result["mean_log_likelihood"] == pytest.approx(expected.mean(), rel=1e-13)
    assert result["n_rows"] == 118
    header, *rows = ok("score", model, DATA / "carcinoma.csv", "--per-row").csv
    assert header == ["row", "log_likelihood"]
    assert [float(row[1]) for row in rows] == result["log_likelihoods"]


def test_is_what_the_fit_reported(ok, model):
    fitted = ok("inspect", model, "--json").json["fit"]["log_likelihood"]
    assert ok("score", model, DATA / "carcinoma.csv", "--json").json["log_likelihood"] == fitted
    assert f"{fitted:.6f}" in ok("score", model, DATA / "carcinoma.csv").out


def test_weights_weigh(ok, model, write):
    rows = (DATA / "carcinoma.csv").read_text().split()[:4]
    data = write("w.csv", "\n".join([rows[0] + ",w"] + [f"{row},{w}" for row, w in zip(rows[1:], (2, 0, 0.5))]) + "\n")
    each = [float(row[1]) for row in ok("score", model, data, "--per-row", "--weights", "w").csv[1:]]
    result = ok("score", model, data, "--weights", "w", "--json").json
    assert result["total_weight"] == 2.5
    assert result["log_likelihood"] == pytest.approx(2 * each[0] + 0.5 * each[2], rel=1e-12)
    assert result["mean_log_likelihood"] == pytest.approx(result["log_likelihood"] / 2.5, rel=1e-12)


def test_impossible_rows_are_null_with_a_warning(run, write, tmp_path):
    data = write("zeros.csv", "a,b\n0,1\n0,0\n0,1\n")
    model = tmp_path / "m"
    assert run("fit", data, "-k", 1, "--smoothing", 0, "--model", model).status == 0
    result = run("score", model, write("ones.csv", "a,b\n1,1\n0,0\n"), "--json")
    assert result.status == 0, result.err
    assert result.json["log_likelihood"] is None and result.json["mean_log_likelihood"] is None
    assert any("probability 0" in warning for warning in result.json["warnings"])


def test_agreement_with_labels(ok, write):
    rows = [("1,1,1", "b"), ("1,1,1", "b"), ("0,0,0", "a"), ("0,0,0", "")] * 5 + [("0,0,0", "b")]
    data = write("t.csv", "x,y,z,class\n" + "".join(f"{row},{label}\n" for row, label in rows))
    ok("fit", data, "-k", 2, "--exclude", "class", "--model", "m")
    result = ok("score", "m", data, "--labels", "class", "--json").json["agreement"]
    assert result["n"] == 16 and len(result["labels"]) == 2
    assert sorted(map(sum, result["table"])) == [5, 11]
    assert result["purity"] == pytest.approx(15 / 16)
    labels = write("labels.txt", "".join(f"{label or 'NA'}\n" for _, label in rows))
    assert ok("score", "m", data, "--labels", labels, "--json").json["agreement"]["purity"] == pytest.approx(15 / 16)
    assert result["labels"] == [0, 1] and result["label_names"] == ["a", "b"]
    out = ok("score", "m", data, "--labels", "class").out
    assert "adjusted Rand index" in out and "\n                a      5      0\n                b      1     10\n" in out


def test_weights_that_overflow_are_refused(refused, model, write):
    rows = (DATA / "carcinoma.csv").read_text().split()[:4]
    data = write("w.csv", "\n".join([rows[0] + ",w"] + [row + ",1e308" for row in rows[1:]]) + "\n")
    assert "weights add up to more than" in refused(1, "score", model, data, "--weights", "w")
