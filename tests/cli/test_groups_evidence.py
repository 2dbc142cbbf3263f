"""Fits in groups: tables for papers, survey designs, bootstraps, checkpoints, the number of components."""

import csv
import io

import pytest
from test_checkpoint import SAVING, killed
from test_groups import survey


@pytest.fixture
def people(write):
    return write("people.csv", survey())


@pytest.fixture
def drawn_people(write):
    """With weights, strata, clusters and replicates by the jackknife."""
    rows = list(csv.reader(io.StringIO(survey())))
    lines = [[*rows[0], "w", "county", "village", *(f"r{j}" for j in range(50))]]
    for i, row in enumerate(rows[1:]):
        village, weight = i // 3 % 50, 0.5 + i % 4 / 2
        replicates = ["0" if village == j else f"{weight * 50 / 49!r}" for j in range(50)]
        lines.append([*row, f"{weight}", str(village % 5), str(village), *replicates])
    return write("drawn.csv", "".join(",".join(line) + "\n" for line in lines))


GROUPS = ("-k", 2, "--groups", "land", "--free", "q4")


@pytest.mark.parametrize("errors", [(), ("--standard-errors", "observed"), ("--resample", 15)])
def test_tables_have_weights_by_group_and_free_items_by_group(ok, people, tmp_path, errors):
    fit = ok("fit", people, *GROUPS, *errors, "--json", "--table", "t.csv").json
    with open(tmp_path / "t.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["item"], row["group"], int(row["component"])): row for row in rows}
    assert len(found) == len(rows) == 2 * (2 + 1) + 2 * (5 + 2)
    told = fit["resampling"]["standard_errors"]["groups"] if "--resample" in errors else [
        group.get("standard_errors") for group in fit["groups"]]
    for k in range(2):
        assert float(found["weight", "", k + 1]["estimate"]) == fit["weights"][k]
        for group, own in zip(fit["groups"], told, strict=True):
            cells = [("weight", group["name"], "weights", None), ("q1", "", "probabilities", 0), ("q4", group["name"], "probabilities", 3)]
            for item, name, part, d in cells:
                row = found[item, name, k + 1]
                of_group, of_errors = (
                    None if numbers is None else numbers[part][k] if d is None else numbers[part][k][d]
                    for numbers in (group, own))
                assert float(row["estimate"]) == of_group
                assert row["standard_error"] == "" if own is None else float(row["standard_error"]) == of_errors
                assert bool(row["lower"]) == bool(errors)


def test_tables_for_papers(ok, people, tmp_path):
    call = ("fit", people, *GROUPS, "--standard-errors", "observed", "--names", "seldom,often")
    ok(*call, "--table", "t.md")
    text = (tmp_path / "t.md").read_text()
    lines = text.splitlines()
    assert lines[0] == "| item | seldom | often |"
    assert [line.split(" | ")[0] for line in lines[2:6]] == [
        "| share of the class @ north", "| share of the class @ south", "| share of the class", "| q1 \\*"]
    assert sum(line.startswith("| q4 @ south") for line in lines) == 1 and "What stands @ a group is its own" in text
    ok(*call, "--table", "t.tex")
    text = (tmp_path / "t.tex").read_text()
    assert text.count("\\addlinespace") == 1 and "Share of the class @ north & " in text and "q4 @ north" in text
    one = ("fit", people, "-k", 1, "--groups", "land", "--standard-errors", "observed")
    ok(*one, "--table", "one.md")
    assert (tmp_path / "one.md").read_text().count("1.000 (fixed)") == 3


def test_a_survey_design_gives_its_sandwich(ok, run, drawn_people):
    call = ("fit", drawn_people, *GROUPS, "--weights", "w", "--exclude", "r*")
    plain = ok(*call[:-1], "r*,county,village", "--standard-errors", "sandwich", "--json").json
    fit = ok(*call, "--strata", "county", "--clusters", "village", "--json").json
    assert fit["design"] == {"strata": 5, "clusters": 50, "degrees_of_freedom": 45}
    assert fit["standard_errors"]["method"] == "sandwich" and fit["log_likelihood"] == plain["log_likelihood"]
    assert fit["groups"][0]["standard_errors"]["weights"] != plain["groups"][0]["standard_errors"]["weights"]
    out = run(*call, "--strata", "county", "--clusters", "village")
    assert "survey design: 50 clusters in 5 strata, 45 degrees of freedom" in out.out
    assert "standard errors are printed, from its sandwich" in out.err
    for more in (("--bootstrap", "10"), ("--weights-kind", "frequency")):
        assert run(*call, "--strata", "county", *more).status == 2


def test_replicate_weights_give_errors_near_those_of_the_design(ok, drawn_people):
    call = ("fit", drawn_people, *GROUPS, "--weights", "w", "--json")
    linear = ok(*call, "--clusters", "village", "--exclude", "r*,county").json
    fit = ok(*call, "--replicate-weights", "r*", "--replicate-type", "jk1", "--exclude", "county,village").json
    assert fit["design"] == {"replicates": 50, "degrees_of_freedom": 49} and fit["standard_errors"]["method"] == "replicates"
    for group, other in zip(fit["groups"], linear["groups"], strict=True):
        assert group["standard_errors"]["weights"] == pytest.approx(other["standard_errors"]["weights"], rel=0.1)
    assert fit["standard_errors"]["weights"] == pytest.approx(linear["standard_errors"]["weights"], rel=0.1)


def test_a_bootstrap_keeps_the_groups(ok, run, people):
    call = ("fit", people, *GROUPS, "--bootstrap", 30)
    fit = ok(*call, "--statistics", "--json").json
    drawn, exact = fit["bootstrap"], ok("fit", people, *GROUPS, "--standard-errors", "observed", "--json").json
    assert drawn["n_samples"] == 30 and 0.03 < drawn["g2_p_value"] <= 1
    for group, own in zip(drawn["standard_errors"]["groups"], exact["groups"], strict=True):
        assert group["weights"] == pytest.approx(own["standard_errors"]["weights"], rel=0.5)
    out = ok(*call).out
    assert "bootstrap of 30 data sets: p of G²" in out and "standard errors in brackets" in out
    assert ok(*call, "--json", "--threads", 1).json["bootstrap"] == drawn
    assert ok("fit", people, "-k", 1, "--groups", "land", "--bootstrap", 30, "--json").json["bootstrap"]["g2_p_value"] == 1 / 31


@pytest.mark.parametrize("free", ["q4", "all"])
def test_a_fit_that_is_killed_goes_on_to_the_same_bytes(ok, refused, people, tmp_path, free):
    call = ["fit", people, "-k", 3, "--groups", "land", "--free", free, "--n-init", "300", "--seed", "3"]
    ok(*call, "--model", "whole.model")
    for i in range(2):
        killed([*call, *SAVING], tmp_path, 0.02 + 0.1 * i)
        more = ["--resume", "fit.checkpoint", "--threads", str(1 + i)]
        ok(*call, *more, "--model", f"{i}.model")
        assert (tmp_path / f"{i}.model").read_bytes() == (tmp_path / "whole.model").read_bytes()
        line = refused(1, *[*call[:-1], "4"], *more)
        assert "fit.checkpoint: it is of a fit with seed 3, not 4" in line and "leave out --resume" in line
        (tmp_path / "fit.checkpoint").unlink()


def test_the_number_of_components_is_chosen_given_the_groups(ok, people, tmp_path):
    call = ("select", people, "-k", "1:3", "--groups", "land", "--free", "q4")
    found = ok(*call, "--json", "--model", "best.model", "--table", "t.csv").json
    assert found["best"] == 2 and [model["n_components"] for model in found["models"]] == [1, 2, 3]
    for model in found["models"]:
        fit = ok("fit", people, "-k", model["n_components"], "--groups", "land", "--free", "q4", "--json", "--statistics",
                 "--model", "own.model").json
        assert (model["log_likelihood"], model["n_parameters"], model["bic"]) == (fit["log_likelihood"], fit["n_parameters"], fit["bic"])
        assert model["icl_bic"] == fit["statistics"]["criteria"]["icl_bic"]
        assert model["goodness_of_fit"] == fit["statistics"]["goodness_of_fit"]
        if model["n_components"] == 2:
            assert (tmp_path / "best.model").read_bytes() == (tmp_path / "own.model").read_bytes()
    with open(tmp_path / "t.csv", newline="") as file:
        assert [int(row["n_parameters"]) for row in csv.DictReader(file)] == [model["n_parameters"] for model in found["models"]]
    out = ok(*call).out
    assert "2 components by bic" in out and "log-likelihoods given the groups" in out


def test_what_a_choice_with_groups_has_not_is_told(run, people):
    call = ("select", people, "-k", "1:2")
    for more, words in {
        ("--groups", "land", "--blrt", "20"): "choose by --criterion bic",
        ("--groups", "land", "--vlmr"): "choose by --criterion bic",
        ("--groups", "land", "--folds", "5"): "choose by --criterion bic",
        ("--groups", "land", "--report", "r.html"): "mixbern fit -k K --groups COLUMN --report",
        ("--groups", "land", "--smoothing", "auto"): "needs a number",
        ("--free", "q4"): "needs --groups COLUMN",
    }.items():
        done = run(*call, *more)
        assert done.status == 2 and words in done.err, (more, done.err)
