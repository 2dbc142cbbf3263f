"""`mixbern relate`: what predicts components, and what they predict."""

import csv
import math
import random

import pytest
from conftest import DATA

# Intercept and slope of GPA for the large class against the cheaters, with their standard errors.
CHEATING = {
    ("ml",): (.240818, .697689, .4734, .3684),
    ("ml", "--assignment", "proportional"): (.100864, .779002, .5349, .3120),
    ("bch",): (.227212, .707075, .5015, .4465),
    ("bch", "--assignment", "proportional"): (.078201, .795321, .4967, .3973),
    ("two-step",): (.041076, .807424, .5745, .3005),
    ("one-step",): (-.113422, .842485, .5237, .2686),
    ("one-step", "--standard-errors", "opg"): (-.113422, .842485, .5099, .2813),
    ("one-step", "--standard-errors", "sandwich"): (-.113422, .842485, .5723, .2640),
}


@pytest.fixture(scope="module")
def survey():
    """Six items of two classes, which age and sex predict, and which predict an income and a number of visits."""
    draw = random.Random(11)
    rows = ["q1,q2,q3,q4,q5,q6,age,sex,town,income,visits,mood"]
    for i in range(900):
        age, sex = draw.randint(20, 70), draw.choice(("MALE", "FEMALE"))
        first = draw.random() < 1 / (1 + math.exp(-(0.8 - 0.05 * (age - 45) + (1.0 if sex == "MALE" else 0))))
        items = [int(draw.random() < (0.85 if first else 0.15)) for _ in range(6)]
        visits = sum(draw.random() < (0.1 if first else 0.3) for _ in range(10))
        mood = draw.choices(("bad", "good", "so"), (1, 3, 2) if first else (3, 1, 2))[0]
        income = draw.gauss(3 if first else 2, 1)
        rows.append(",".join(map(str, [*items, "NA" if i % 90 == 7 else age, sex, f"t{i % 36}", f"{income:.3f}",
                                       visits, mood])))
    return "\n".join(rows) + "\n"


@pytest.fixture
def people(write, survey):
    return write("people.csv", survey)


@pytest.fixture
def people_model(ok, people):
    ok("fit", people, "-k", 2, "--columns", "q1:q6", "--model", "people.model", "--names", "often,seldom",
       "--n-init", 10)
    return "people.model"


@pytest.fixture
def cheating(ok):
    ok("fit", DATA / "cheating.csv", "-k", 2, "--exclude", "GPA", "--model", "cheating.model", "--n-init", 30)
    return "cheating.model"


def test_rows_without_an_outcome_stay_or_go(ok, cheating):
    def found(*more):
        return ok("relate", cheating, DATA / "cheating.csv", "--outcomes", "GPA", "--json", *more).json

    assert found()["n_rows"] == 319 and found()["outcome_models"][0]["n_without_outcome"] == 4
    for method, means, errors in (("ml", (2.5242, 1.3567), (.0837, .1077)), ("bch", (2.4629, 1.6310), (.0845, .1851))):
        listwise = found("--listwise", "--method", method)
        assert (listwise["n_rows"], listwise["n_left_out"]) == (315, 4)
        assert [own["mean"] for own in listwise["outcomes"]] == pytest.approx(means, abs=1e-4)
        assert [own["step3_standard_error"] for own in listwise["outcomes"]] == pytest.approx(errors, abs=1e-4)


@pytest.mark.parametrize("method", CHEATING, ids=" ".join)
def test_published_estimates(ok, cheating, method):
    found = ok("relate", cheating, DATA / "cheating.csv", "--covariates", "GPA", "--json", "--method", *method).json
    assert (found["n_rows"], found["n_left_out"], found["reference"]) == (315, 4, 2)
    intercept, slope = found["coefficients"]
    assert [(own["component"], own["name"]) for own in (intercept, slope)] == [(1, "intercept"), (1, "GPA")]
    estimates = [intercept["estimate"], slope["estimate"]]
    errors = [intercept["standard_error"], slope["standard_error"]]
    assert estimates == pytest.approx(CHEATING[method][:2], abs=1e-4)
    assert errors == pytest.approx(CHEATING[method][2:], abs=1e-3)
    low, high = slope["interval"]
    assert high - low == pytest.approx(2 * 1.959964 * errors[1], rel=1e-6)
    assert slope["odds_ratio"] == pytest.approx(math.exp(estimates[1]))
    assert found["tests"][0]["statistic"] == pytest.approx((estimates[1] / errors[1]) ** 2, rel=1e-6)


def test_the_default_is_one_step_where_classes_overlap(ok, refused, cheating, write):
    apart = ok("relate", cheating, DATA / "cheating.csv", "--covariates", "GPA", "--json").json
    assert (apart["method"], apart["method_chosen_by"]) == ("ml", "entropy") and apart["entropy"] >= .7
    assert [own["estimate"] for own in apart["coefficients"]] == pytest.approx([.240818, .697689], abs=1e-4)
    draw = random.Random(3)
    rows = ["a,b,c,d,x"]
    for _ in range(800):
        x = draw.randint(1, 5)
        first = draw.random() < 1 / (1 + math.exp(3 - x))
        rows.append(",".join(map(str, [*(int(draw.random() < (.7 if first else .3)) for _ in range(4)), x])))
    data = write("overlapping.csv", "\n".join(rows) + "\n")
    ok("fit", data, "-k", 2, "--exclude", "x", "--model", "overlapping.model")
    call = ("relate", "overlapping.model", data, "--covariates", "x")
    chosen = ok(*call, "--json").json
    assert (chosen["method"], chosen["method_chosen_by"]) == ("one-step", "entropy") and chosen["entropy"] < .7
    assert any("one-step was taken" in warning for warning in chosen["warnings"])
    assert "one step, items and covariates together, chosen as the relative entropy is below 0.7" in \
        ok(*call).out.replace("\n", " ")
    named = ok(*call, "--json", "--method", "one-step").json
    assert named["method_chosen_by"] == "caller" and named["one_step_errors"] == "observed"
    assert chosen["one_step_errors"] == "sandwich" and "one_step_errors" not in apart
    robust = ok(*call, "--json", "--method", "one-step", "--standard-errors", "sandwich").json
    assert robust["coefficients"] == chosen["coefficients"] and "standard errors: sandwich" in ok(*call).out
    assigned = ok(*call, "--json", "--assignment", "modal").json
    assert (assigned["method"], assigned["method_chosen_by"]) == ("ml", "caller")
    assert any("estimates by ml are biased" in warning for warning in assigned["warnings"])
    assert "--method auto may not take" in refused(2, *call, "--standard-errors", "opg")


def test_references_by_number_and_name(ok, people, people_model):
    def found(*more):
        return ok("relate", people_model, people, "--covariates", "age,sex", "--json", *more).json

    last, first = found(), found("--reference", "often")
    assert first["reference"] == 1 and found("--reference", 2)["coefficients"] == last["coefficients"]
    for a, b in zip(last["coefficients"], first["coefficients"], strict=True):
        assert (a["component"], b["component"]) == (1, 2) and a["estimate"] == pytest.approx(-b["estimate"])
        assert a["standard_error"] == pytest.approx(b["standard_error"])
    every = found("--all-references")
    assert [own["reference"] for own in every["references"]] == [1, 2]
    for a, b in zip(every["references"][0]["coefficients"], first["coefficients"], strict=True):
        assert (a["component"], a["name"], a["estimate"]) == (b["component"], b["name"], pytest.approx(b["estimate"]))


def test_covariates_are_numbers_texts_and_products(ok, people, people_model):
    found = ok("relate", people_model, people, "--covariates", "age*sex", "--json").json
    assert [own["name"] for own in found["coefficients"]] == ["intercept", "age", "sex=MALE", "age:sex=MALE"]
    assert [test["name"] for test in found["tests"]] == ["age", "sex", "age:sex"]
    assert found["n_left_out"] == 10
    by_number = ok("relate", people_model, people, "--covariates", "7,8", "--json").json
    by_name = ok("relate", people_model, people, "--covariates", "age,sex", "--json").json
    assert by_number["coefficients"] == by_name["coefficients"]
    slope = {own["name"]: own for own in by_name["coefficients"]}
    assert abs(slope["age"]["estimate"] + 0.05) < 3 * slope["age"]["standard_error"]
    assert abs(slope["sex=MALE"]["estimate"] - 1) < 3 * slope["sex=MALE"]["standard_error"]
    nominal = ok("relate", people_model, people, "--covariates", "visits=nominal", "--json").json
    assert nominal["coefficients"][1]["name"] == "visits=1"


def test_outcomes_of_every_kind(ok, people, people_model):
    found = ok("relate", people_model, people, "--outcomes", "income,visits=count,sex,mood", "--json").json
    assert [model["kind"] for model in found["outcome_models"]] == ["continuous", "count", "nominal", "nominal"]
    income = [own for own in found["outcomes"] if own["name"] == "income"]
    assert [own["component"] for own in income] == [1, 2]
    for own, mean in zip(income, (3, 2), strict=True):
        assert abs(own["mean"] - mean) < 4 * own["standard_error"] and 0.8 < own["variance"] < 1.2
    visits = [own["mean"] for own in found["outcomes"] if own["name"] == "visits"]
    assert visits == pytest.approx([1, 3], abs=.3)
    mood = [own for own in found["outcomes"] if own["name"] == "mood"]
    assert [own["category"] for own in mood] == ["bad", "good", "so"] * 2
    assert sum(own["mean"] for own in mood[:3]) == pytest.approx(1)
    assert [own["category"] for own in found["outcomes"] if own["name"] == "sex"] == ["MALE", "MALE"]
    assert {test["of"] for test in found["tests"]} == {"income", "visits", "sex", "mood"}
    assert found["coefficients"] == []


def test_text_is_made_for_papers(ok, people, people_model):
    out = ok("relate", people_model, people, "--covariates", "age,sex", "--outcomes", "income").out
    assert "890 rows, 10 more left out for want of a covariate" in out
    assert "against seldom" in out and "odds ratio" in out and "income by component: continuous" in out
    assert "modal assignment" in out and "carry every step" in out.replace("\n", " ") and "relative entropy" in out
    assert max(map(len, out.splitlines())) <= 100
    assert "against often" in ok("relate", people_model, people, "--covariates", "age", "--all-references").out


def test_a_design_widens_intervals(ok, people, people_model):
    found = ok("relate", people_model, people, "--covariates", "age", "--clusters", "town", "--json").json
    assert found["design"] == {"strata": 1, "clusters": 36, "degrees_of_freedom": 35}
    age = found["coefficients"][1]
    assert age["interval"][1] - age["estimate"] == pytest.approx(2.030108 * age["standard_error"], rel=1e-6)
    assert "36 clusters in 1 stratum" in ok("relate", people_model, people, "--covariates", "age", "--clusters",
                                            "town").out.replace("\n", " ")


def test_csv_has_a_line_for_each_estimate(ok, people, people_model, tmp_path):
    ok("relate", people_model, people, "--covariates", "age", "--outcomes", "income", "-o", "out.csv")
    with open(tmp_path / "out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["part"], row["name"], row["component"]) for row in rows] == [
        ("covariates", "intercept", "often"), ("covariates", "age", "often"), ("outcome", "income", "often"),
        ("outcome", "income", "seldom")]
    assert float(rows[1]["odds_ratio"]) == pytest.approx(math.exp(float(rows[1]["estimate"])))
    assert ok("relate", people_model, people, "--covariates", "age", "-o", "-").out.startswith("part,name,")


def test_codes_of_the_model_are_told_not_taken(ok, people, write, survey):
    coded = write("coded.csv", survey.replace(",3,", ",9,"))
    ok("fit", coded, "-k", 2, "--columns", "q1:q6", "--missing", "9", "--model", "coded.model", "--n-init", 5)
    told = ok("relate", "coded.model", coded, "--outcomes", "visits", "--json").json
    assert any("stands for a missing answer in the items" in warning for warning in told["warnings"])
    left_out = ok("relate", "coded.model", coded, "--outcomes", "visits", "--missing", "visits=9", "--json").json
    assert left_out["warnings"] == [] and left_out["outcome_models"][0]["n_without_outcome"] > 0


def test_wrong_calls_are_refused(refused, people, people_model, write, survey):
    call = ("relate", people_model, people)
    assert "--covariates A,B" in refused(2, *call)
    assert "'q1' is an item of the model" in refused(2, *call, "--covariates", "age,q1")
    assert "names near it: 'age'" in refused(1, *call, "--covariates", "agee")
    assert "--standard-errors chooses those of one-step" in refused(2, *call, "--covariates", "age", "--method", "ml",
                                                                    "--standard-errors", "opg")
    assert "two-step assigns no row" in refused(2, *call, "--covariates", "age", "--method", "two-step",
                                                "--assignment", "modal")
    assert "cannot be a count" in refused(2, *call, "--covariates", "age=count")
    assert "a column on either side" in refused(2, *call, "--covariates", "age:")
    assert "each in one way" in refused(2, *call, "--covariates", "age", "--outcomes", "7")
    assert "a file of their own" in refused(2, *call, "--covariates", "age", "--json", "-o", "-")
    assert "--method" in refused(2, *call, "--covariates", "age", "--method", "mll")
    assert "standard input" in refused(2, "relate", people_model, "-", "--covariates", "age", stdin=survey.encode())
    assert "'sex': continuous needs numbers; row 2 has 'MALE'" in refused(1, *call, "--outcomes", "sex=continuous")
    assert "no numbers, and more than the 50" in refused(1, *call, "--covariates", "income=nominal")


def test_replicate_weights_are_near_the_clusters(ok, people, people_model, write, survey):
    head, *rows = survey.splitlines()
    factors = [[0 if r == i % 36 else 36 / 35 for r in range(36)] for i in range(len(rows))]
    table = write("replicates.csv", "\n".join(
        [head + "".join(f",rw{r}" for r in range(36))]
        + [row + "".join(f",{factor:.9g}" for factor in own) for row, own in zip(rows, factors, strict=True)]) + "\n")
    call = ("relate", people_model, table, "--covariates", "age,sex", "--outcomes", "income,mood", "--json")
    replicates = ok(*call, "--replicate-weights", "rw*", "--replicate-type", "jk1", "--quiet").json
    assert replicates["design"] == {"replicates": 36, "degrees_of_freedom": 35}
    linear = ok(*call, "--clusters", "town").json
    for part, value in (("coefficients", "estimate"), ("outcomes", "mean")):
        for a, b in zip(replicates[part], linear[part], strict=True):
            assert a[value] == pytest.approx(b[value], rel=1e-9)
            assert a["standard_error"] == pytest.approx(b["standard_error"], rel=0.1)
    for a, b in zip(replicates["tests"], linear["tests"], strict=True):
        assert a["name"] == b["name"] and a["degrees_of_freedom"] == b["degrees_of_freedom"]
        assert a["statistic"] == pytest.approx(b["statistic"], rel=0.25, abs=1)
