"""`mixbern impute`."""

import numpy as np
import pytest
from conftest import DATA
from reference import posteriors, read_table

TABLE = DATA / "gss08_abortion.csv"


@pytest.fixture
def survey(ok, tmp_path):
    path = tmp_path / "survey.model"
    ok("fit", TABLE, "-k", 3, "--model", path)
    return path


def test_fills_the_more_probable_value(ok, survey, tmp_path):
    result = ok("impute", survey, TABLE, "-o", "whole.csv", "--json").json
    assert result["n_imputed"] == 114 and result["method"] == "mode"
    model = ok("inspect", survey, "--json").json
    before = read_table(TABLE, model["codings"])
    after = read_table(tmp_path / "whole.csv", model["codings"])
    there = ~np.isnan(before)
    assert not np.isnan(after).any()
    assert np.array_equal(after[there], before[there])
    expected = posteriors(model, before) @ np.array(model["probabilities"])
    assert np.array_equal(after[~there], expected[~there] > 0.5)


def test_draws_follow_the_seed(ok, survey):
    draws = [ok("impute", survey, TABLE, "--draw", "--seed", seed).out for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_standard_output_is_the_table(ok, survey):
    header, *rows = ok("impute", survey, TABLE).csv
    assert header == ["DEFECT", "HLTH", "RAPE", "POOR", "SINGLE", "NOMORE"]
    assert len(rows) == 355 and {cell for row in rows for cell in row} == {"YES", "NO"}


def test_all_columns_are_kept(ok, refused, write, tmp_path):
    text = 'pid,a,note,b,c\n7,yes,"x, y",1,0\n8,no,,2,1\n9,NA,"=1+1",9,\n10,yes,"say ""hi""",1,0\n11,no,z,2,1\n'
    data = write("t.csv", text)
    ok("fit", data, "-k", 2, "--columns", "a:a,b:c", "--missing", "b=9", "--model", "m")
    ok("impute", "m", data, "--all-columns", "-o", "whole.csv")
    lines = (tmp_path / "whole.csv").read_text().splitlines()
    assert lines[:3] == text.splitlines()[:3] and lines[4:] == text.splitlines()[4:]
    pid, a, note, b, c = lines[3].split(",")
    assert (pid, note) == ("9", '"=1+1"') and a in ("yes", "no") and b in "12" and c in "01"
    few = ok("impute", "m", data).csv[3]
    assert few == [a, b, c]
    result = ok("impute", "m", data, "--all-columns", "--rows", "2:4", "-o", "some.tsv.gz")
    assert "not in the model" not in result.err
    import gzip

    rows = gzip.decompress((tmp_path / "some.tsv.gz").read_bytes()).decode().splitlines()
    assert [row.split("\t")[0] for row in rows] == ["pid", "9", "10"] and rows[1].split("\t")[1] == a
    assert ok("impute", "m", data, "--all-columns", "--rows", "0:1").out == "\n".join(text.splitlines()[:2]) + "\n"


def test_all_columns_need_a_table(ok, refused, write, model):
    assert "writes text: end OUT in .csv or .tsv" in refused(2, "impute", model, TABLE, "--all-columns", "-o", "x.npy")
    assert "give one file" in refused(2, "impute", model, TABLE, TABLE, "--all-columns")
    ok("convert", DATA / "carcinoma.csv", "t.safetensors")
    assert "only a table in text has other columns" in refused(1, "impute", model, "t.safetensors", "--all-columns")
