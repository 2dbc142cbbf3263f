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
