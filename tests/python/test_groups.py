"""Classes in several groups: the same as the program, faces, and what is refused."""

from __future__ import annotations

import json
import re
import subprocess

import numpy as np
import pandas as pd
import pytest

import mixbern
from mixbern import _invariance, fit_groups, invariance


@pytest.fixture(scope="module")
def people():
    draw = np.random.default_rng(3)
    n = 1000
    land = np.where(np.arange(n) % 2, "south", "north")
    often = draw.random(n) < np.where(land == "north", 0.6, 0.35)
    chances = np.where(often[:, None], 0.85, 0.2) * np.ones((n, 6))
    south = land == "south"
    chances[south, 3] = np.where(often[south], 0.45, 0.75)
    table = pd.DataFrame(np.where(draw.random((n, 6)) < chances, "yes", "no"), columns=[f"q{j + 1}" for j in range(6)])
    table["land"] = land
    table["w"] = 0.5 + np.arange(n) % 3
    return table


@pytest.fixture
def told(program, people, tmp_path):
    people.to_csv(tmp_path / "people.csv", index=False)

    def run(command, *options):
        done = subprocess.run([program, command, tmp_path / "people.csv", "-k", "2", "--groups", "land", *options, "--json", "--quiet"],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


OPTIONS = {
    "equal": ([], {}),
    "partial": (["--free", "q4"], {"free": ["q4"]}),
    "free": (["--free", "all"], {"free": "all"}),
    "seed": (["--seed", "7", "--n-init", "5", "--free", "4"], {"random_state": 7, "n_init": 5, "free": [3]}),
}


def assert_errors_are(errors, groups):
    for g, group in enumerate(groups):
        assert errors.weights[g].tolist() == group["standard_errors"]["weights"]
        assert errors.probabilities[g].tolist() == group["standard_errors"]["probabilities"]


@pytest.mark.parametrize("name", OPTIONS)
def test_fits_are_those_of_the_program(told, people, name):
    options, parameters = OPTIONS[name]
    expected = told("fit", *options, "--exclude", "w", "--standard-errors", "observed", "--statistics")
    model = fit_groups(people.drop(columns="w"), 2, groups="land", **({"random_state": 0} | parameters))
    for name in ("log_likelihood", "n_parameters", "aic", "bic", "converged", "n_init", "n_init_at_best"):
        assert getattr(model, f"{name}_") == expected[name]
    assert model.free_ == expected["free"] and model.weights_of_all_.tolist() == expected["weights"]
    errors = model.standard_errors()
    for g, group in enumerate(expected["groups"]):
        assert (model.group_names_[g], model.group_sizes_[g]) == (group["name"], group["n"])
        assert model.weights_[g].tolist() == group["weights"]
        assert model.probabilities_[g].tolist() == group["probabilities"]
    assert_errors_are(errors, expected["groups"])
    assert errors.weights_of_all.tolist() == expected["standard_errors"]["weights"] and errors.identified
    statistics = model.statistics()
    assert statistics.goodness_of_fit.g2.statistic == expected["statistics"]["goodness_of_fit"]["g2"]["statistic"]
    assert statistics.criteria.sabic == expected["statistics"]["criteria"]["sabic"]
    residuals = {one["item"]: one["residual"] for one in expected["statistics"]["group_residuals"]}
    assert statistics.group_residuals == residuals and list(statistics.group_residuals) == list(residuals)
    pair = expected["statistics"]["groups"][1]["bivariate_residuals"][0]
    assert statistics.bivariate_residuals["south"][pair["first"], pair["second"]] == pair["residual"]


@pytest.mark.parametrize("bootstrap", [0, 25])
def test_tests_are_those_of_the_program(told, people, bootstrap):
    options = ["--bootstrap", str(bootstrap), "--n-init", "4"] if bootstrap else []
    expected = told("invariance", "--exclude", "w", *options)
    parameters = {"n_init": 4} if bootstrap else {}
    if bootstrap:
        with pytest.warns(UserWarning, match="draw 119 or more"):
            found = invariance(people.drop(columns="w"), 2, groups="land", bootstrap=bootstrap, random_state=0, **parameters)
    else:
        found = invariance(people.drop(columns="w"), 2, groups="land", random_state=0)
    assert found.differing == expected["differing"]
    assert list(found.models) == [model["name"] for model in expected["models"]]
    for model in expected["models"]:
        assert found.models[model["name"]].log_likelihood_ == model["log_likelihood"]
    assert found.tests.statistic.tolist() == [test["statistic"] for test in expected["tests"]]
    for at, item in enumerate(expected["items"]):
        assert (found.items.name[at], found.items.statistic[at]) == (item["item"], item["statistic"])
        assert found.items.p_value[at] == (item["bootstrap"] if bootstrap else item)["p_value"]
        assert found.items.adjusted_p_value[at] == item["adjusted_p_value"]
        assert found.items.score_statistic[at] == item["score"]["statistic"]
        assert found.items.adjusted_score_p_value[at] == item["score"]["adjusted_p_value"]


def test_weights_of_a_sample(told, people):
    expected = told("fit", "--weights", "w", "--standard-errors", "observed")
    with pytest.warns(UserWarning, match="taken as sampling weights"):
        model = fit_groups(people.drop(columns="w"), 2, groups="land", sample_weight=people["w"], random_state=0)
    errors = model.standard_errors()
    assert errors.method == "sandwich" and errors.weights[0].tolist() == expected["groups"][0]["standard_errors"]["weights"]
    with pytest.raises(ValueError, match="sandwich"):
        model.standard_errors("opg")
    with pytest.raises(ValueError, match="no sampling weights"):
        invariance(people.drop(columns="w"), 2, groups="land", sample_weight=people["w"], weights_kind="sampling")


def test_groups_are_columns_names_or_labels(people, tmp_path):
    items = people.drop(columns=["land", "w"])
    by_name = fit_groups(items.assign(land=people["land"]), 2, groups="land", random_state=0)
    people.drop(columns="w").to_csv(tmp_path / "people.csv", index=False)
    for X, groups in ((items, people["land"]), (items, people["land"].astype("category")), (items, list(people["land"])),
                      (mixbern.read(tmp_path / "people.csv", labels="land"), None)):
        model = fit_groups(X, 2, groups=groups, random_state=0)
        assert model.log_likelihood_ == by_name.log_likelihood_ and model.group_names_ == ["north", "south"]
    numbers = fit_groups(items, 2, groups=np.where(people["land"] == "north", 2, 10), random_state=0)
    assert numbers.group_names_ == ["2", "10"] and numbers.log_likelihood_ == by_name.log_likelihood_


def test_rows_without_a_group_are_left_out(people):
    items = people.drop(columns=["land", "w"])
    land = people["land"].astype(object).copy()
    land.iloc[:10] = None
    with pytest.warns(UserWarning, match="10 rows of unknown group are left out"):
        model = fit_groups(items, 2, groups=land, random_state=0)
    assert model.group_sizes_.sum() == 990
    assert land.iloc[0] is None and "land" not in items


def test_items_of_more_answers(data_dir):
    table = pd.read_csv(data_dir / "gss82.csv")
    model = fit_groups(table, 2, groups="UNDERSTA", categorical="all", free=["COOPERAT"], random_state=0)
    assert model.item_names_ == [name for name in table.columns if name != "UNDERSTA"]
    assert model.n_parameters_ == 2 * 1 + 2 * (2 + 1 + 2 * 2)
    assert model.probabilities_.shape == (2, 2, len(model.feature_names_))
    assert sum("COOPERAT" in label and "@" in label for label in model.to_frame().index) == 2 * 3


def test_faces(people):
    table = people.drop(columns="w")
    found = invariance(table, 2, groups="land", random_state=0)
    model = found.models["partial"]
    for face in (model, model.standard_errors(), found, found.items, found.tests):
        assert face._repr_html_().startswith("<table") and len(face.to_frame()) > 0
        assert "tabular" in face.table("latex") and repr(face)
    assert "q4 = yes @ south" in repr(model) or "q4 @ south" in repr(model)
    assert "items that differ: q4" in repr(found) and "is an item equal" in repr(found)
    frame = model.standard_errors().to_frame()
    assert (frame["standard error"] > 0).all()
    statistics = model.statistics()
    assert "residuals of items by group" in repr(statistics) and statistics._repr_html_()
    assert isinstance(found.items, _invariance.InvarianceTests) and found.items.to_frame().loc["q4", "adjusted p"] < 0.05


def test_the_weight_of_a_single_component_is_fixed(people):
    model = fit_groups(people.drop(columns="w"), 1, groups="land")
    errors = model.standard_errors()
    assert repr(errors).count(" fixed") == 3 and (errors.to_frame()["standard error"].iloc[:3] == 0).all()


@pytest.mark.parametrize("free", [None, ["q4"], "all"])
def test_predictions_know_the_group(people, free):
    table = people.drop(columns="w")
    model = fit_groups(table, 2, groups="land", free=free, random_state=0)
    shuffled = table.sample(frac=1, random_state=1)[["land", "q6", "q5", "q4", "q3", "q2", "q1"]]
    ones = (shuffled[list(model.item_names_)] == "yes").to_numpy()
    g = (shuffled["land"] == "south").to_numpy().astype(int)
    theta = model.probabilities_[g]
    joint = model.weights_[g] * np.where(ones[:, None, :], theta, 1 - theta).prod(axis=2)
    assert model.predict_proba(shuffled, "land") == pytest.approx(joint / joint.sum(axis=1, keepdims=True))
    assert (model.predict(table.loc[shuffled.index].drop(columns="land"), shuffled["land"]) == joint.argmax(axis=1)).all()
    with pytest.raises(ValueError, match="no group 'west', but north, south"):
        model.predict(table.assign(land="west"), "land")
    with pytest.raises(ValueError, match="nothing in row 0"):
        model.predict(table.drop(columns="land"), [None, *table["land"][1:]])


def document_in(path):
    found = re.search(r'<script type="application/json" id="mixbern-report">(.*?)</script>', path.read_text(), re.DOTALL)
    return json.loads(found[1])


@pytest.mark.parametrize("name", OPTIONS)
def test_files_are_those_of_the_program(told, people, tmp_path, name):
    options, parameters = OPTIONS[name]
    table = people.drop(columns="w")
    told("fit", *options, "--exclude", "w", "--model", tmp_path / "theirs", "--report", tmp_path / "theirs.html")
    model = fit_groups(table, 2, groups="land", **({"random_state": 0} | parameters))
    model.save(tmp_path / "own")
    assert (tmp_path / "own").read_bytes() == (tmp_path / "theirs").read_bytes()
    model.report(tmp_path / "own.html", title="people.csv")
    own, theirs = document_in(tmp_path / "own.html"), document_in(tmp_path / "theirs.html")
    assert own["groups"] == theirs["groups"] and own["groups"]["weights"]["standard_errors"] is not None
    assert own["models"][0]["criteria"] == theirs["models"][0]["criteria"]
    loaded = mixbern.load(tmp_path / "theirs")
    assert isinstance(loaded, mixbern.GroupedMixture) and repr(loaded) == repr(model)
    for attribute in ("group_names_", "free_", "item_names_", "feature_names_", "log_likelihood_", "n_parameters_", "bic_",
                      "n_init_", "n_init_at_best_", "converged_"):
        assert getattr(loaded, attribute) == getattr(model, attribute), attribute
    for attribute in ("weights_", "weights_of_all_", "probabilities_", "group_sizes_"):
        assert np.array_equal(getattr(loaded, attribute), getattr(model, attribute)), attribute
    assert np.array_equal(loaded.predict_proba(table, "land"), model.predict_proba(table, "land"))
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "own").read_bytes()
    loaded.report(tmp_path / "loaded.html")
    assert document_in(tmp_path / "loaded.html")["groups"]["weights"]["estimates"] == own["groups"]["weights"]["estimates"]
    for call in (loaded.standard_errors, loaded.statistics):
        with pytest.raises(ValueError, match="which a model file does not hold"):
            call()


def test_files_hold_items_of_more_answers_names_and_missing_codes(data_dir, tmp_path):
    table = pd.read_csv(data_dir / "gss82.csv")
    arguments = {"groups": "UNDERSTA", "categorical": "all", "free": ["COOPERAT"], "missing_values": [9], "random_state": 0}
    model = fit_groups(table, 2, **arguments)
    mixbern.save(model, tmp_path / "m")
    loaded = mixbern.load(tmp_path / "m")
    assert repr(loaded) == repr(model) and np.array_equal(loaded.predict_proba(table, "UNDERSTA"), model.predict_proba(table, "UNDERSTA"))
    plain = fit_groups((table.to_numpy()[:, :1] == table.iloc[0, 0]).repeat(4, axis=1), 1, groups=table["UNDERSTA"], free=[2])
    plain.save(tmp_path / "plain")
    assert repr(mixbern.load(tmp_path / "plain")) == repr(plain)


@pytest.mark.parametrize(("parameters", "words"), [
    ({"free": ["q9"]}, "no item 'q9'"),
    ({"free": [6]}, "from 0 to 5"),
    ({"groups": "nobody"}, "no column 'nobody'"),
    ({"groups": None}, "groups are missing"),
    ({"groups": ["a"] * 5}, "has 5 rows"),
    ({"groups": np.zeros(1000)}, "fewer than two groups"),
    ({"smoothing": "auto"}, "needs a number"),
    ({"semi_supervised": True}, "leave it out"),
    ({"constraints": {(0, None): 0.5}}, "takes no constraints"),
    ({"init": "labels"}, "starts are drawn"),
    ({"strata": "w"}, "no column 'w'"),
    ({"clusters": ["a"] * 5}, "clusters has 5 rows"),
])
def test_what_cannot_be_fitted_is_told(people, parameters, words):
    table = people.drop(columns="w")
    if not isinstance(parameters.get("groups", "land"), str):
        table = table.drop(columns="land")
    with pytest.raises(ValueError, match=words):
        fit_groups(table, 2, **({"groups": "land"} | parameters))


def test_levels_are_probabilities(people):
    with pytest.raises(ValueError, match="level"):
        invariance(people.drop(columns="w"), 2, groups="land", level=0)


@pytest.fixture(scope="module")
def drawn_people(people):
    return people.assign(village=np.arange(len(people)) // 7 % 60, county=np.arange(len(people)) // 7 % 60 % 5)


def test_a_survey_design_is_that_of_the_program(program, drawn_people, tmp_path):
    drawn_people.to_csv(tmp_path / "people.csv", index=False)
    call = [program, "fit", "people.csv", "-k", "2", "--groups", "land", "--free", "q4", "--weights", "w", "--strata", "county",
            "--clusters", "village", "--json", "--quiet", "--report", "r.html"]
    told = json.loads(subprocess.run(call, cwd=tmp_path, check=True, capture_output=True, text=True).stdout)
    table = drawn_people.drop(columns="w")
    model = fit_groups(table, 2, groups="land", free=["q4"], sample_weight=drawn_people["w"], strata="county", clusters="village",
                       random_state=0)
    errors = model.standard_errors()
    assert model.log_likelihood_ == told["log_likelihood"] and errors.method == "sandwich"
    assert_errors_are(errors, told["groups"])
    model.report(tmp_path / "own.html")
    assert document_in(tmp_path / "own.html")["groups"] == document_in(tmp_path / "r.html")["groups"]
    with pytest.raises(ValueError, match="for a survey design only"):
        model.standard_errors("bootstrap")


def test_replicate_weights_are_those_of_the_program(program, drawn_people, tmp_path):
    table = drawn_people.drop(columns=["village", "county"])
    names = [f"rw{r}" for r in range(6)]
    for r, name in enumerate(names):
        table[name] = np.where(np.arange(len(table)) % 6 == r, 0, table["w"] * 6 / 5)
    table.to_csv(tmp_path / "people.csv", index=False)
    call = [program, "fit", "people.csv", "-k", "2", "--groups", "land", "--free", "q4", "--weights", "w", "--replicate-weights",
            "rw*", "--replicate-type", "jk1", "--json", "--quiet", "--report", "r.html"]
    told = json.loads(subprocess.run(call, cwd=tmp_path, check=True, capture_output=True, text=True).stdout)
    rows = {"groups": "land", "free": ["q4"], "sample_weight": table["w"], "random_state": 0}
    model = fit_groups(table.drop(columns="w"), 2, replicate_weights=names, replicate_type="jk1", **rows)
    given = fit_groups(table.drop(columns=["w", *names]), 2, replicate_weights=table[names], replicate_type="jk1", **rows)
    assert model.log_likelihood_ == given.log_likelihood_ == told["log_likelihood"]
    for errors in (model.standard_errors(), given.standard_errors()):
        assert errors.method == "replicates"
        assert_errors_are(errors, told["groups"])
    model.report(tmp_path / "own.html")
    assert document_in(tmp_path / "own.html")["groups"] == document_in(tmp_path / "r.html")["groups"]
    with pytest.raises(ValueError, match="come from the replicates"):
        model.standard_errors("observed")
    for more, words in (({"strata": "land"}, "hold the design already"), ({"replicate_type": None}, "needs replicate_type")):
        with pytest.raises(ValueError, match=words):
            fit_groups(table.drop(columns="w"), 2, **({"replicate_weights": names, "replicate_type": "jk1"} | rows | more))


# A jackknife with strata looks at how much larger a row's weight is in a replicate than in the whole sample.
def test_replicates_know_the_weights_of_a_dataset_as_they_came(drawn_people):
    table = drawn_people.drop(columns=["village", "county"])
    weights = 2.5 * table["w"] + 0.25
    replicates = np.column_stack([np.where(np.arange(len(table)) % 6 == r, 0, weights * 6 / 5) for r in range(6)])
    items = table.drop(columns=["land", "w"])
    how = {"groups": table["land"], "replicate_weights": replicates, "replicate_type": "jkn", "weights_kind": "sampling",
           "random_state": 0}
    given = fit_groups(items, 2, sample_weight=weights, **how).standard_errors()
    own = fit_groups(mixbern.Dataset(items, sample_weight=weights), 2, **how).standard_errors()
    assert own.weights.tolist() == given.weights.tolist() and own.probabilities.tolist() == given.probabilities.tolist()


def test_the_number_of_components_is_that_of_the_program(program, people, tmp_path):
    people.drop(columns="w").to_csv(tmp_path / "people.csv", index=False)
    call = [program, "select", "people.csv", "-k", "1:3", "--groups", "land", "--free", "q4", "--json", "--quiet"]
    told = json.loads(subprocess.run(call, cwd=tmp_path, check=True, capture_output=True, text=True).stdout)
    found = mixbern.select_groups(people.drop(columns="w"), range(1, 4), groups="land", free=["q4"], random_state=0)
    assert len(found.best.weights_of_all_) == told["best"] == 2 and "bic picks 2 components" in repr(found)
    for name in ("log_likelihood", "n_parameters", "bic", "icl_bic", "entropy", "n_init"):
        assert found.columns[name] == [model[name] for model in told["models"]], name
    assert [model.bic_ for model in found] == found.columns["bic"] and len(found.to_frame()) == len(found) == 3
    for parameters, words in (({"criterion": "blrt"}, "know no groups"), ({"n_components": []}, "no number"),
                              ({"checkpoint": tmp_path / "c"}, "no checkpoints")):
        with pytest.raises(ValueError, match=words):
            mixbern.select_groups(people.drop(columns="w"), **({"n_components": [1, 2], "groups": "land"} | parameters))


def test_rows_are_resampled_within_groups_as_by_the_program(told, people):
    expected = told("fit", "--exclude", "w", "--resample", "20", "--free", "q4")["resampling"]["standard_errors"]
    model = fit_groups(people.drop(columns="w"), 2, groups="land", free=["q4"], random_state=0)
    errors = model.standard_errors("bootstrap", n_samples=20)
    assert errors.method == "bootstrap" and errors.weights_of_all.tolist() == expected["weights"]
    assert errors.probabilities.tolist() == [group["probabilities"] for group in expected["groups"]]


def test_a_fit_goes_on_from_its_checkpoint(people, tmp_path):
    table = people.drop(columns="w")
    arguments = {"groups": "land", "free": "all", "n_init": 4, "random_state": 3}
    whole = fit_groups(table, 2, **arguments, checkpoint=tmp_path / "c", checkpoint_every=0)
    again = fit_groups(table, 2, **arguments, resume=tmp_path / "c")
    assert np.array_equal(again.probabilities_, whole.probabilities_)
    with pytest.raises(ValueError, match="it is of a fit with seed 3, not 4"):
        fit_groups(table, 2, **(arguments | {"random_state": 4}), resume=tmp_path / "c")
    with pytest.raises(ValueError, match="no checkpoints"):
        invariance(table, 2, groups="land", checkpoint=tmp_path / "c")


def test_a_callback_that_fails_ends_it(people):
    def fail(_):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        fit_groups(people.drop(columns="w"), 2, groups="land", callbacks=fail)
