"""`mixbern inspect`."""

import numpy as np
from conftest import DATA


def test_model(ok, model):
    result = ok("inspect", model, "--json").json
    assert result["kind"] == "model"
    assert np.array(result["probabilities"]).shape == (3, 7)
    assert len(result["weights"]) == 3 and result["feature_names"] == list("ABCDEFG")
    assert result["codings"] == [["1", "2"]] * 7
    assert result["threshold"] is None and result["shape"] is None
    out = ok("inspect", model).out
    assert "a model with 3 components and 7 features" in out and "recorded by the fit" in out


def test_data(ok):
    result = ok("inspect", DATA / "gss08_abortion.csv", "--json").json
    assert result["kind"] == "data"
    assert (result["n_rows"], result["n_features"], result["n_missing"]) == (355, 6, 114)
    assert result["feature_names"][0] == "DEFECT" and result["codings"][0] == ["NO", "YES"]
    assert sum(result["feature_ones"]) == result["n_ones"]
    assert sum(result["feature_missing"]) == 114
    assert result["weights"] is False and result["labels"] is False
    assert "NO / YES" in ok("inspect", DATA / "gss08_abortion.csv").out


def test_shipped_images(ok):
    result = ok("inspect", DATA / "mnist-20000.safetensors.gz", "--json").json
    assert result["n_rows"] == 20000 and result["n_ones"] == 2087526
    assert result["shape"] == [28, 28] and result["threshold"] == 127
    assert result["labels"] is True and result["n_labels"] == 10


def test_neither(refused, write):
    assert "nothing.txt" in refused(1, "inspect", "nothing.txt")
    assert "empty.csv" in refused(1, "inspect", write("empty.csv", ""))


def test_table_of_a_model(ok, model, refused, tmp_path):
    for name, start in (("t.md", "| item |"), ("t.tex", "% \\usepackage{booktabs}"), ("t.csv", "item,component,")):
        ok("inspect", model, "--table", name)
        assert (tmp_path / name).read_text().startswith(start)
    probabilities = ok("inspect", model, "--json").json["probabilities"]
    lines = [line.split(",") for line in (tmp_path / "t.csv").read_text().splitlines()[1:]]
    found = {(item, int(k)): float(estimate) for item, k, estimate, *_ in lines}
    assert found["B", 2] == probabilities[1][1] and len(found) == 24
    assert "--table" in refused(2, "inspect", DATA / "values.csv", "--table", "t.md")
