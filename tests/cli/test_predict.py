"""`mixbern predict` against NumPy."""

import gzip
import io

import numpy as np
import pytest
from conftest import DATA
from reference import posteriors, read_table


def columns(result):
    header, *rows = result.csv
    return header, np.array([[float(cell) for cell in row] for row in rows])


def test_posteriors_agree_with_numpy(ok, model):
    parameters = ok("inspect", model, "--json").json
    expected = posteriors(parameters, read_table(DATA / "carcinoma.csv", parameters["codings"]))
    header, table = columns(ok("predict", model, DATA / "carcinoma.csv"))
    assert header == ["row", "component", "component_1", "component_2", "component_3"]
    assert np.array_equal(table[:, 0], np.arange(1, 119))
    assert np.abs(table[:, 2:] - expected).max() < 1e-12
    assert np.array_equal(table[:, 1], expected.argmax(axis=1) + 1)


def test_missing_answers_agree_with_numpy(ok, tmp_path):
    model, data = tmp_path / "m", DATA / "gss08_abortion.csv"
    ok("fit", data, "-k", 3, "--model", model)
    parameters = ok("inspect", model, "--json").json
    expected = posteriors(parameters, read_table(data, parameters["codings"]))
    _, table = columns(ok("predict", model, data))
    assert np.abs(table[:, 2:] - expected).max() < 1e-12


def test_every_way_out_says_the_same(ok, model, tmp_path):
    _, table = columns(ok("predict", model, DATA / "carcinoma.csv"))
    ok("predict", model, DATA / "carcinoma.csv", "-o", "p.npy")
    assert np.array_equal(np.load(tmp_path / "p.npy"), table[:, 2:])
    ok("predict", model, DATA / "carcinoma.csv", "-o", "p.npy.gz")
    assert np.array_equal(np.load(io.BytesIO(gzip.decompress((tmp_path / "p.npy.gz").read_bytes()))), table[:, 2:])
    summary = ok("predict", model, DATA / "carcinoma.csv", "-o", "p.csv", "--json").json
    assert (tmp_path / "p.csv").read_text() == ok("predict", model, DATA / "carcinoma.csv").out
    whole = ok("predict", model, DATA / "carcinoma.csv", "--json").json
    assert np.array_equal(np.array(whole["posteriors"]), table[:, 2:])
    assert whole["components"] == list(table[:, 1].astype(int))
    assert summary["sizes"] == whole["sizes"] == list(np.bincount(table[:, 1].astype(int))[1:])
    assert summary["output"] == "p.csv"


def test_rows_keep_their_numbers(ok, model):
    _, all_rows = columns(ok("predict", model, DATA / "carcinoma.csv"))
    _, some = columns(ok("predict", model, DATA / "carcinoma.csv", "--rows", "10:20"))
    assert np.array_equal(some, all_rows[10:20])


@pytest.fixture
def shuffled(write):
    """The carcinoma table with its columns in another order and one that the model does not know."""
    lines = [line.split(",") for line in (DATA / "carcinoma.csv").read_text().split()]
    order = [3, 0, 6, 1, 5, 2, 4]
    rows = [",".join([row[d] for d in order] + ["note" if i == 0 else str(i)]) for i, row in enumerate(lines)]
    return write("shuffled.csv", "\n".join(rows) + "\n")


def test_columns_are_found_by_name(ok, model, shuffled):
    expected = ok("predict", model, DATA / "carcinoma.csv")
    result = ok("predict", model, shuffled)
    assert result.out == expected.out
    assert result.err == "mixbern: note: shuffled.csv: 1 column is not in the model and ignored: note\n"
    assert ok("predict", model, shuffled, "--quiet").err == ""


def test_missing_columns_are_named(refused, model, write):
    data = write("t.csv", "A,B,C,D\n1,1,1,1\n2,2,2,2\n")
    assert "lacks 3 features of the model: E, F, G" in refused(1, "predict", model, data)


def test_other_columns_in_a_pipe_are_refused(refused, model, shuffled):
    line = shuffled.read_text().splitlines()
    seven = "\n".join(row.rsplit(",", 1)[0] for row in line) + "\n"
    assert "columns are not those of the model" in refused(1, "predict", model, "-", stdin=seven.encode())


def test_another_number_of_features_is_an_error(refused, model, write):
    data = write("t.csv", "1,1,1\n2,1,2\n")
    message = refused(1, "predict", model, data)
    assert "t.csv" in message and "3 features" in message and "7" in message


def test_coding_of_the_model_is_applied(ok, model, write):
    """A file in which a column happens to be constant is still read with the model's coding."""
    data = write("t.csv", "A,B,C,D,E,F,G\n2,2,2,2,2,2,2\n2,2,2,2,2,2,2\n")
    full = ok("predict", model, DATA / "carcinoma.csv").csv
    table = (DATA / "carcinoma.csv").read_text().split()
    at = table.index("2,2,2,2,2,2,2")
    assert ok("predict", model, data).csv[1][1:] == full[at][1:]


def test_values_that_the_model_does_not_know_are_refused(refused, model, write):
    data = write("t.csv", "A,B,C,D,E,F,G\n2,2,2,2,2,2,3\n")
    message = refused(1, "predict", model, data)
    assert "t.csv" in message and "3" in message
