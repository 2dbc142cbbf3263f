"""`mixbern sample`."""

import numpy as np
from conftest import DATA
from reference import read_table


def test_means_agree_with_the_model(ok, model, tmp_path):
    n = 40000
    ok("sample", model, "-n", n, "--seed", 3, "-o", "drawn.csv")
    parameters = ok("inspect", model, "--json").json
    table = read_table(tmp_path / "drawn.csv", parameters["codings"])
    expected = np.array(parameters["weights"]) @ np.array(parameters["probabilities"])
    assert table.shape == (n, 7)
    assert np.abs(table.mean(axis=0) - expected).max() < 5 * 0.5 / n**0.5


def test_rows_look_like_the_data(ok, model):
    header, *rows = ok("sample", model, "-n", 5).csv
    assert [name.strip('"') for name in header] == list("ABCDEFG")
    assert len(rows) == 5 and {cell for row in rows for cell in row} <= {"1", "2"}


def test_seed_decides(ok, model):
    assert ok("sample", model, "-n", 50, "--seed", 1).out == ok("sample", model, "-n", 50, "--seed", 1).out
    assert ok("sample", model, "-n", 50, "--seed", 1).out != ok("sample", model, "-n", 50, "--seed", 2).out


def test_json_needs_a_file(ok, refused, model, tmp_path):
    assert "give -o OUT" in refused(2, "sample", model, "-n", 5, "--json")
    result = ok("sample", model, "-n", "1e3", "-o", "s.npy", "--json").json
    assert result["n_rows"] == 1000
    assert np.load(tmp_path / "s.npy").sum() == result["n_ones"]


def test_what_was_drawn_can_be_fitted(ok, model):
    ok("sample", model, "-n", 2000, "-o", "drawn.csv.gz")
    assert ok("fit", "drawn.csv.gz", "-k", 3, "--json").json["n_rows"] == 2000
    assert ok("score", model, "drawn.csv.gz", "--json").json["n_rows"] == 2000


def test_other_formats_on_standard_output(ok, model):
    assert ok("sample", model, "-n", 3, "--output-format", "mtx").out.startswith("%%MatrixMarket")
