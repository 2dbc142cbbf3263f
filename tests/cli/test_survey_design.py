"""`--strata`, `--clusters`, `--fpc`: standard errors of rows that a survey drew together."""

import math
import random

import pytest
from conftest import SOURCE

ITEMS = ("q1", "q2", "q3", "q4")
SCHOOLS = SOURCE.parent / "shared" / "data" / "lca" / "nyts18_schools.csv"


def pupils(n=600, seed=5, **changes):
    """Pupils of thirty schools in two regions; classes are commoner in some schools."""
    draw = random.Random(seed)
    rows = ["region,school,size,wt," + ",".join(ITEMS)]
    for i in range(n):
        school = i % 30
        often = draw.random() < 0.2 + 0.5 * ((7 * school) % 30) / 30
        answers = ["yes" if draw.random() < (0.85 if often else 0.15) else "no" for _ in ITEMS]
        cells = {"region": "north" if school < 15 else "south", "school": f"s{school}", "size": "60",
                 "wt": f"{0.5 + (i % 7) / 4}"}
        cells.update({name: value(i) for name, value in changes.items()})
        rows.append(",".join([*cells.values(), *answers]))
    return "\n".join(rows) + "\n"


@pytest.fixture
def table(write):
    return write("pupils.csv", pupils())


def fit(ok, table, *more):
    return ok("fit", table, "-k", 2, "--n-init", 20, "--json", *more).json


def test_clusters_are_no_items_and_widen_errors(ok, table):
    others = ("--exclude", "region,size,wt")
    plain = fit(ok, table, "--exclude", "region,size,wt,school", "--standard-errors", "sandwich")
    design = fit(ok, table, *others, "--clusters", "school")
    assert design["n_features"] == 4 and design["weights"] == plain["weights"] and "design" not in plain
    assert design["design"] == {"strata": 1, "clusters": 30, "degrees_of_freedom": 29}
    errors, independent = (result["standard_errors"] for result in (design, plain))
    assert errors["method"] == "sandwich" and errors["weights"][0] > 1.3 * independent["weights"][0]
    # Student's t with 29 degrees of freedom.
    estimate, (low, high) = design["weights"][0], errors["intervals"]["weights"][0]
    logit = lambda p: math.log(p / (1 - p))
    half = 2.045230 * errors["weights"][0] / (estimate * (1 - estimate))
    assert logit(high) - logit(estimate) == pytest.approx(half, rel=1e-6)
    assert logit(estimate) - logit(low) == pytest.approx(half, rel=1e-6)


def test_strata_and_finite_populations_narrow_errors(ok, table):
    whole = fit(ok, table, "--clusters", "school", "--exclude", "region,size,wt")
    strata = fit(ok, table, "--clusters", "school", "--strata", "region", "--fpc", "size", "--exclude", "wt")
    assert strata["design"] == {"strata": 2, "clusters": 30, "degrees_of_freedom": 28}
    infinite = fit(ok, table, "--clusters", "school", "--strata", "region", "--exclude", "wt,size")
    for a, b in zip(strata["standard_errors"]["weights"], infinite["standard_errors"]["weights"], strict=True):
        assert a == pytest.approx(b * math.sqrt(1 - 15 / 60), rel=1e-9)
    assert strata["standard_errors"]["weights"] != whole["standard_errors"]["weights"]


def test_weights_of_a_design_are_those_of_a_sample(ok, table, write):
    first = fit(ok, table, "--clusters", "school", "--weights", "wt", "--exclude", "region,size")
    assert first["weights_kind"] == "sampling"
    whole = write("whole.csv", pupils(wt=lambda i: str(2 + i % 7)))
    second = fit(ok, whole, "--clusters", "school", "--weights", "wt", "--exclude", "region,size")
    assert second["weights_kind"] == "sampling"
    for a, b in zip(first["standard_errors"]["weights"], second["standard_errors"]["weights"], strict=True):
        assert a == pytest.approx(b, rel=1e-6)


def test_the_text_says_whose_errors_they_are(ok, table):
    result = ok("fit", table, "-k", 2, "--n-init", 20, "--clusters", "school", "--exclude", "region,size,wt")
    text = " ".join(result.out.split())
    assert "survey design: 30 clusters in 1 stratum, 29 degrees of freedom" in text
    assert "standard errors are printed, from its sandwich" in result.err


def test_wrong_designs_are_refused(refused, run, table, write):
    call = ("fit", table, "-k", 2, "--n-init", 2)
    assert "names near it: 'school'" in refused(1, *call, "--clusters", "schol", "--quiet")
    assert "named by --columns" in refused(2, *call, "--clusters", "school", "--columns", "q1,school", "--quiet")
    assert "draw rows one by one" in refused(2, *call, "--clusters", "school", "--bootstrap", 10)
    assert "standard input" in refused(2, "fit", "-", "-k", 2, "--clusters", "school", "--exclude",
                                       "region,size,wt", "--quiet", stdin=pupils().encode())
    lonely = write("lonely.csv", pupils(region=lambda i: "east" if i % 30 == 3 else "west"))
    call = ("fit", lonely, "-k", 2, "--n-init", 20, "--strata", "region", "--clusters", "school", "--exclude",
            "size,wt", "--json", "--quiet")
    assert "1 stratum has a single cluster" in refused(2, *call)
    assert run(*call, "--lonely", "adjust").json["design"]["degrees_of_freedom"] == 28
    gaps = write("gaps.csv", pupils(school=lambda i: "NA" if i == 41 else f"s{i % 30}"))
    assert "row 42 has nothing in the column 'school'" in refused(
        1, "fit", gaps, "-k", 2, "--clusters", "school", "--exclude", "region,size,wt", "--quiet")
    small = write("small.csv", pupils(size=lambda i: "7"))
    assert "30 sampled units" in refused(2, "fit", small, "-k", 2, "--clusters", "school", "--fpc", "size",
                                         "--exclude", "region,wt", "--quiet")


@pytest.mark.skipif(not SCHOOLS.exists(), reason="the data of the schools is not here")
def test_published_errors_of_schools(ok):
    result = ok("fit", SCHOOLS, "-k", 3, "--clusters", "SCH_ID", "--exclude", "SEX,SCH_LEV", "--json").json
    assert result["weights"] == pytest.approx([.829686, .125719, .044595], abs=1e-5)
    assert result["standard_errors"]["weights"] == pytest.approx([.03439, .02230, .01556], abs=1e-5)
    assert result["design"]["clusters"] == 45


def replicated(n=600, seed=5, **changes):
    """The pupils with a jackknife's weights: a school of its region left out at a time."""
    lines = pupils(n, seed, **changes).splitlines()
    head = lines[0] + "," + ",".join(f"rw{r}" for r in range(30))
    rows = []
    for i, line in enumerate(lines[1:]):
        school, weight = i % 30, float(line.split(",")[3])
        factors = [0 if r == school else 15 / 14 if r // 15 == school // 15 else 1 for r in range(30)]
        rows.append(line + "," + ",".join(f"{weight * factor:.9g}" for factor in factors))
    return "\n".join([head, *rows]) + "\n"


def test_replicate_weights_are_near_the_design(ok, write):
    table = write("replicates.csv", replicated())
    others = ("--weights", "wt", "--exclude", "region,school,size")
    errors = fit(ok, table, *others, "--replicate-weights", "rw*", "--replicate-type", "jkn")
    assert errors["n_features"] == 4 and errors["standard_errors"]["method"] == "replicates"
    # One of the thirty follows from the others.
    assert errors["design"] == {"replicates": 30, "degrees_of_freedom": 28}
    linear = fit(ok, table, "--weights", "wt", "--exclude", "size,rw*", "--clusters", "school", "--strata", "region")
    for a, b in zip(errors["standard_errors"]["weights"], linear["standard_errors"]["weights"], strict=True):
        assert a == pytest.approx(b, rel=0.05)
    text = ok("fit", table, "-k", 2, "--n-init", 20, *others, "--replicate-weights", "rw0:rw29", "--replicate-type",
              "fay:0.3").out
    assert "survey design: 30 replicates" in " ".join(text.split())


def test_wrong_replicates_are_refused(refused, write):
    table = write("replicates.csv", replicated())
    call = ("fit", table, "-k", 2, "--weights", "wt", "--exclude", "region,school,size", "--quiet")
    assert "needs --replicate-type" in refused(2, *call, "--replicate-weights", "rw*")
    assert "none are named" in refused(2, *call, "--replicate-type", "brr")
    assert "--replicate-type takes" in refused(2, *call, "--replicate-weights", "rw*", "--replicate-type", "fay")
    assert "below 1" in refused(2, *call, "--replicate-weights", "rw*", "--replicate-type", "fay:2")
    assert "hold the design already" in refused(2, *call, "--replicate-weights", "rw*", "--replicate-type", "brr",
                                                "--clusters", "school")
    assert "no weight" in refused(1, "fit", table, "-k", 2, "--weights", "wt", "--exclude", "region,school,size,rw*",
                                  "--quiet", "--replicate-weights", "q1,rw1", "--replicate-type", "brr")
