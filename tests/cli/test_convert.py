"""`mixbern convert`: there and back."""

import numpy as np
import pytest
from conftest import DATA


@pytest.mark.parametrize("name", ["a.safetensors", "a.safetensors.gz", "a.csv", "a.tsv", "a.csv.gz"])
def test_round_trip_keeps_everything(ok, name):
    table = DATA / "gss08_abortion.csv"
    ok("convert", table, name)
    ok("convert", name, "back.csv")
    first, second = (ok("inspect", path, "--json").json for path in (table, "back.csv"))
    assert first == second
    assert ok("fit", name, "-k", 2, "--json").json["log_likelihood"] == pytest.approx(
        ok("fit", table, "-k", 2, "--json").json["log_likelihood"], rel=1e-12)


@pytest.mark.parametrize("name", ["a.npy", "a.mtx", "a.svm", "a.fps"])
def test_bits_survive(ok, name):
    ok("convert", DATA / "carcinoma.csv", name)
    result = ok("inspect", name, "--json").json
    assert result["n_rows"] == 118
    assert result["n_ones"] == ok("inspect", DATA / "carcinoma.csv", "--json").json["n_ones"]


def test_numpy_reads_it(ok, tmp_path):
    ok("convert", DATA / "carcinoma.csv", "a.npy")
    table = np.loadtxt(DATA / "carcinoma.csv", delimiter=",", skiprows=1)
    assert np.array_equal(np.load(tmp_path / "a.npy"), table == 2)


def test_packed_keeps_weights_labels_and_shape(ok, write):
    data = write("t.csv", "a,b,c,d,w,class\n0,1,1,0,2,x\n1,0,0,1,0.5,y\n1,1,0,0,1,x\n")
    result = ok("convert", data, "t.safetensors", "--weights", "w", "--labels", "class", "--shape", "2x2", "--json").json
    assert result["n_rows"] == 3 and result["n_ones"] == 6
    kept = ok("inspect", "t.safetensors", "--json").json
    assert kept["total_weight"] == 3.5 and kept["n_labels"] == 2 and kept["shape"] == [2, 2]


def test_threshold_and_rows(ok, write):
    data = write("grey.csv", "0,200\n130,127\n255,0\n128,1\n")
    ok("convert", data, "b.npy", "--threshold", "127", "--rows", "1:4", "--header", "no")
    assert ok("inspect", "b.npy", "--json").json["n_ones"] == 3
    assert ok("convert", data, "-", "--threshold", "-1", "--header", "no").out.split() == ["1,1"] * 4


def test_name_without_format_is_refused(refused, tmp_path):
    assert ".safetensors" in refused(1, "convert", DATA / "carcinoma.csv", "a.xyz")
    assert not (tmp_path / "a.xyz").exists()
