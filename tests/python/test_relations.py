"""Relations of components to columns beside the items, and the designs of surveys."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pandas as pd
import pytest

from mixbern import BernoulliMixture


@pytest.fixture(scope="module")
def cheating(data_dir):
    return pd.read_csv(data_dir / "cheating.csv")


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Six items of two classes, which age and sex predict; towns whose people are alike."""
    rng = np.random.default_rng(5)
    n = 600
    town = np.arange(n) % 30
    age, sex = rng.integers(20, 70, n), rng.choice(["FEMALE", "MALE"], n)
    first = rng.random(n) < 1 / (1 + np.exp(-(0.5 - 0.05 * (age - 45) + (sex == "MALE") + 0.1 * (town - 15))))
    items = {f"q{d}": (rng.random(n) < np.where(first, 0.85, 0.15)).astype(int) for d in range(6)}
    visits, income = rng.poisson(np.where(first, 1, 3)), rng.normal(np.where(first, 3.0, 2.0)).round(3)
    frame = pd.DataFrame({**items, "age": age.astype(float), "sex": sex, "town": [f"t{t}" for t in town],
                          "region": np.where(town < 15, "north", "south"), "visits": visits, "income": income})
    frame.loc[::50, "age"] = np.nan
    path = tmp_path_factory.mktemp("relations") / "people.csv"
    frame.to_csv(path, index=False)
    return frame, path


@pytest.fixture(scope="module")
def fitted(people):
    return BernoulliMixture(2, random_state=0).fit(people[0].iloc[:, :6])


def test_published_estimates(cheating):
    model = BernoulliMixture(2, random_state=0).fit(cheating.drop(columns="GPA"))
    found = model.relate(cheating, covariates="GPA")
    assert (found.n_rows_, found.n_left_out_, found.converged_) == (315, 4, True)
    assert found.coefficients_.names == ["intercept", "GPA"]
    assert found.coefficients_.estimate == pytest.approx([.240818, .697689], abs=1e-4)
    assert found.coefficients_.standard_error == pytest.approx([.4734, .3684], abs=1e-3)
    frame = found.coefficients_.to_frame()
    assert list(frame.columns) == ["log odds", "standard error", "odds ratio", "lower", "upper", "p"]
    assert "1, GPA" in frame.index and "odds against component 2" in str(found)
    assert found.against(0).estimate == pytest.approx(-found.coefficients_.estimate)
    grades = model.relate(cheating, outcomes={"GPA": cheating["GPA"]}, listwise=True).outcomes_
    assert grades.mean == pytest.approx([2.5242, 1.3567], abs=1e-4)


@pytest.mark.parametrize("options, parameters", [
    ([], {}),
    (["--method", "bch", "--assignment", "proportional"], {"method": "bch", "assignment": "proportional"}),
    (["--method", "two-step", "--reference", "1"], {"method": "two-step", "reference": 0}),
    (["--method", "one-step", "--standard-errors", "opg"], {"method": "one-step", "standard_errors": "opg"}),
    (["--clusters", "town", "--strata", "region"], {"clusters": "town", "strata": "region"}),
], ids=["ml", "bch", "two-step", "one-step", "design"])  # fmt: skip
def test_python_and_the_program_agree(program, people, fitted, tmp_path, options, parameters):
    frame, path = people
    fitted.save(tmp_path / "model")
    call = [program, "relate", tmp_path / "model", path, "--covariates", "age*sex", "--outcomes", "income,visits=count",
            "--json", *options]  # fmt: skip
    theirs = json.loads(subprocess.run(call, check=True, capture_output=True).stdout)
    ours = fitted.relate(frame, covariates=["age*sex"], outcomes=["income", "visits"], kinds={"visits": "count"},
                         **parameters)  # fmt: skip
    columns = {"estimate": "estimate", "standard_error": "standard_error", "p_value": "p_value", "odds_ratio": "odds_ratio"}
    for own, column in columns.items():
        expected = [line[column] for line in theirs["coefficients"]]
        assert getattr(ours.coefficients_, own) == pytest.approx(expected, rel=1e-6)
    assert ours.coefficients_.names == [line["name"] for line in theirs["coefficients"]]
    assert ours.outcomes_.mean == pytest.approx([line["mean"] for line in theirs["outcomes"]], rel=1e-6)
    ends = [line["interval"] for line in theirs["outcomes"]]
    assert np.column_stack([ours.outcomes_.lower, ours.outcomes_.upper]) == pytest.approx(np.array(ends), rel=1e-6)
    assert ours.tests_.statistic == pytest.approx([line["statistic"] for line in theirs["tests"]], rel=1e-6)
    assert ours.n_rows_ == theirs["n_rows"] and ours.n_left_out_ == theirs["n_left_out"]
    assert (ours.method_, ours.method_chosen_by_) == (theirs["method"], theirs["method_chosen_by"])
    assert ours.entropy_ == pytest.approx(theirs["entropy"])
    assert list(ours.curves_) == [curve["name"] for curve in theirs["curves"]] == ["age", "sex"]
    for curve in theirs["curves"]:
        own = ours.curves_[curve["name"]]
        assert own.shares == pytest.approx(np.array(curve["shares"]), rel=1e-6)
        assert own.shares.sum(axis=1) == pytest.approx(1)
        assert list(own.values) == pytest.approx(curve["values"])
    assert list(ours.curves_["sex"].to_frame().columns) == ["1", "2"]


def test_replicate_weights_give_the_programs_numbers(program, people, fitted, tmp_path):
    frame = people[0].copy()
    names = [f"rw{r}" for r in range(30)]
    town = frame["town"].str[1:].astype(int).to_numpy()
    for r, name in enumerate(names):
        frame[name] = np.where(town == r, 0, 30 / 29)
    frame.to_csv(tmp_path / "replicates.csv", index=False)
    fitted.save(tmp_path / "model")
    design = ["--replicate-weights", "rw*", "--replicate-type", "jk1", "--json", "--quiet"]
    call = [program, "relate", tmp_path / "model", tmp_path / "replicates.csv", "--covariates", "age,sex", "--outcomes", "income"]
    theirs = json.loads(subprocess.run([*call, *design], check=True, capture_output=True).stdout)
    asked = {"covariates": ["age", "sex"], "outcomes": ["income"]}
    for weights in (names, frame[names], frame[names].to_numpy()):
        ours = fitted.relate(frame, **asked, replicate_weights=weights, replicate_type="jk1")
        for own, part in ((ours.coefficients_, "coefficients"), (ours.outcomes_, "outcomes")):
            assert own.standard_error == pytest.approx([line["standard_error"] for line in theirs[part]], rel=1e-5)
        assert ours.degrees_of_freedom_ == theirs["design"]["degrees_of_freedom"] == 29
        assert ours.tests_.statistic == pytest.approx([line["statistic"] for line in theirs["tests"]], rel=1e-5)
    call = [program, "fit", tmp_path / "replicates.csv", "-k", "2", "--columns", "q0:q5", *design]
    theirs = json.loads(subprocess.run(call, check=True, capture_output=True).stdout)["standard_errors"]
    ours = fitted.standard_errors(frame, replicate_weights=names, replicate_type="jk1")
    assert ours.method == "replicates" and ours.weights == pytest.approx(theirs["weights"], rel=1e-3)
    ends = np.array(theirs["intervals"]["probabilities"])
    assert ours.interval == pytest.approx(np.moveaxis(ends, 2, 0), rel=1e-3)


def test_the_default_is_one_step_where_classes_overlap(people, fitted):
    apart = fitted.relate(people[0], covariates="age")
    assert (apart.method_, apart.method_chosen_by_) == ("ml", "entropy") and apart.entropy_ >= 0.7
    rng = np.random.default_rng(3)
    x = rng.integers(1, 6, 800)
    first = rng.random(800) < 1 / (1 + np.exp(3 - x))
    items = (rng.random((800, 4)) < np.where(first, 0.7, 0.3)[:, None]).astype(int)
    model = BernoulliMixture(2, random_state=0).fit(items)
    with pytest.warns(UserWarning, match="one-step was taken"):
        overlapping = model.relate(items, covariates={"x": x})
    assert (overlapping.method_, overlapping.method_chosen_by_) == ("one-step", "entropy") and overlapping.entropy_ < 0.7
    assert "one-step, chosen by the relative entropy" in str(overlapping)
    named = model.relate(items, covariates={"x": x}, method="one-step")
    assert named.method_chosen_by_ == "caller"
    assert (overlapping.one_step_errors_, named.one_step_errors_) == ("sandwich", "observed")
    assert named.coefficients_.estimate == pytest.approx(overlapping.coefficients_.estimate)
    with pytest.warns(UserWarning, match="estimates by ml are biased"):
        assert model.relate(items, covariates={"x": x}, assignment="modal").method_ == "ml"


def test_covariates_are_frames_mappings_or_names(people, fitted):
    frame, _ = people
    items = frame.iloc[:, :6]
    by_name = fitted.relate(frame, covariates=["age", "sex"]).coefficients_
    for columns in (frame[["age", "sex"]], {"age": frame["age"].to_numpy(), "sex": list(frame["sex"])}):
        assert fitted.relate(items, covariates=columns).coefficients_.estimate == pytest.approx(by_name.estimate)
    ordered = frame["sex"].astype(pd.CategoricalDtype(["MALE", "FEMALE"]))
    other = fitted.relate(items, covariates={"age": frame["age"], "sex": ordered}).coefficients_
    assert other.names[-1] == "sex=FEMALE" and other.estimate[-1] == pytest.approx(-by_name.estimate[-1])
    nominal = fitted.relate(frame, covariates="visits", kinds={"visits": "nominal"}).coefficients_
    assert nominal.names[1] == "visits=1"
    product = fitted.relate(items, covariates=frame[["age", "sex"]], terms=["age:sex"]).coefficients_
    assert product.names == ["intercept", "age:sex=MALE"]


def test_standard_errors_of_a_design(people, fitted, program):
    frame, path = people
    call = [program, "fit", path, "-k", "2", "--clusters", "town", "--strata", "region", "--exclude",
            "age,sex,visits,income", "--json"]  # fmt: skip
    theirs = json.loads(subprocess.run(call, check=True, capture_output=True).stdout)
    for clusters in ("town", frame["town"], frame["town"].to_numpy()):
        ours = fitted.standard_errors(frame, clusters=clusters, strata=frame["region"].tolist())
        assert ours.method == "sandwich"
        assert ours.weights == pytest.approx(theirs["standard_errors"]["weights"], rel=1e-3)
    ends = np.array(theirs["standard_errors"]["intervals"]["probabilities"])
    assert ours.interval == pytest.approx(np.moveaxis(ends, 2, 0), rel=1e-3)


def test_what_cannot_be_related_is_told(people, fitted):
    frame, _ = people
    wrong = [
        ({}, "needs covariates"),
        ({"covariates": "q0"}, "is an item of the model"),
        ({"covariates": "agee"}, "no column 'agee'"),
        ({"covariates": "age:"}, "a column on either side"),
        ({"covariates": {"age": [1, 2]}}, "has 2 rows, X has 600"),
        ({"covariates": "age", "method": "mle"}, "method must be"),
        ({"covariates": "age", "reference": 2}, "from 0 to 1"),
        ({"covariates": "age", "reference": "ill"}, "there is no component 'ill'"),
        ({"outcomes": "sex", "kinds": {"sex": "continuous"}}, "needs numbers"),
        ({"outcomes": "visits", "kinds": {"visit": "count"}}, "no covariate or outcome 'visit'"),
        ({"covariates": "age", "clusters": "age"}, "has nothing in row 0"),
        ({"covariates": "age", "method": "one-step", "assignment": "modal"}, "one-step assigns no row"),
        ({"covariates": "age", "standard_errors": "opg"}, "method='one-step', not of 'auto'"),
        ({"covariates": "age", "replicate_weights": ["visits"]}, "needs replicate_type"),
        ({"covariates": "age", "replicate_type": "jk1"}, "there are none"),
        ({"covariates": "age", "replicate_weights": ["visits"], "replicate_type": "fay"}, "not 'fay'"),
        ({"covariates": "age", "replicate_weights": [[1, 2]], "replicate_type": "jk1"}, "must have 600 rows"),
        ({"covariates": "age", "replicate_weights": ["visits"], "replicate_type": "jk1", "clusters": "town"}, "hold the design"),
    ]
    for parameters, told in wrong:
        with pytest.raises(ValueError, match=told):
            fitted.relate(frame, **parameters)
    with pytest.raises(ValueError, match="come from the replicates"):
        fitted.standard_errors(frame, replicate_weights=["visits", "q0"], replicate_type="jk1", method="opg")
    with pytest.raises(ValueError, match="only method='sandwich'"):
        fitted.standard_errors(frame, clusters="town", method="opg")
    with pytest.raises(TypeError, match="X must be a frame"):
        fitted.relate(frame.iloc[:, :6].to_numpy(), covariates=["age"])
