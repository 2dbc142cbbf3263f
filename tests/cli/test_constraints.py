"""Probabilities that are equal, and probabilities and weights that are known."""

import math
import random

import pytest

HEADER = "component,item,parameter\n"


def people(n=900, seed=4):
    """Two classes, five items: b is answered by both alike, e has three answers."""
    draw = random.Random(seed)
    lines = ["a,b,c,d,e"]
    for _ in range(n):
        often = draw.random() < 0.4
        chances = [0.9 if often else 0.2, 0.6, 0.8 if often else 0.1, 0.7 if often else 0.3]
        e = draw.choices("xyz", (6, 2, 2) if often else (1, 3, 6))[0]
        lines.append(",".join([*("1" if draw.random() < p else "0" for p in chances), e]))
    return "".join(line + "\n" for line in lines)


@pytest.fixture
def table(write):
    return write("people.csv", people())


@pytest.fixture
def fit(ok, table, write):
    def run(lines, *more, k=2):
        constraints = write("constraints.csv", HEADER + lines)
        return ok("fit", table, "-k", k, "--categorical", "e", "--constraints", constraints, "--json", *more).json

    return run


def test_equal_and_held_values_are_what_was_asked(ok, table, fit):
    free = ok("fit", table, "-k", 2, "--categorical", "e", "--json").json
    found = fit("1,b,same\n2,b,same\n1,e,0.6 0.2 0.2\n2,,0.5\n2,a,0.25\n")
    a, b, _, _, e = (item["probabilities"] for item in found["items"])
    assert b[0] == b[1] and e[0] == [0.6, 0.2, 0.2] and a[1][1] == 0.25
    assert found["weights"][1] == 0.5 and found["weights"][0] == pytest.approx(0.5)
    assert found["n_parameters"] == free["n_parameters"] - 1 - 2 - 1 - 1
    assert found["log_likelihood"] < free["log_likelihood"]
    assert found["bic"] == pytest.approx(-2 * found["log_likelihood"] + found["n_parameters"] * math.log(900))


def test_equal_weights_are_one_parameter(ok, table, fit):
    free = ok("fit", table, "-k", 3, "--categorical", "e", "--json").json
    two, all_three = fit("1,,w\n3,,w\n", "--model", "m", k=3), fit("all,,w\n", k=3)
    assert two["weights"][0] == two["weights"][2] and all_three["weights"] == pytest.approx([1 / 3] * 3, abs=1e-15)
    assert free["n_parameters"] - two["n_parameters"] == 1 and free["n_parameters"] - all_three["n_parameters"] == 2
    assert free["log_likelihood"] >= two["log_likelihood"] - 1e-6 >= all_three["log_likelihood"] - 2e-6
    assert ok("inspect", "m", "--json").json["n_parameters"] == two["n_parameters"]
    again = ok("fit", table, "-k", 3, "--categorical", "e", "--init-model", "m", "--json").json
    assert again["n_parameters"] == free["n_parameters"]


def test_equal_weights_that_are_known_are_told_as_fixed(ok, table, write):
    constraints = write("constraints.csv", HEADER + "all,,w\n")
    call = ("fit", table, "-k", 2, "--categorical", "e", "--constraints", constraints)
    out = ok(*call, "--standard-errors", "observed").out
    assert out.count("0.5000  (fixed)") == 2 and "constraints: 2 weights are 1 parameter; 1 parameter fewer" in out


def test_all_components_and_numbers_of_items(fit):
    by_name, by_number = fit("1,b,p\n2,b,p\n"), fit("all,2,p\n")
    assert by_name["log_likelihood"] == by_number["log_likelihood"]


def test_all_equal_is_one_component(ok, table, fit):
    one = ok("fit", table, "-k", 1, "--categorical", "e", "--json").json
    three = fit("".join(f"all,{item},{item}\n" for item in "abcde"), k=3)
    assert three["log_likelihood"] == pytest.approx(one["log_likelihood"], abs=1e-4)
    assert three["n_parameters"] == one["n_parameters"] + 2


def test_standard_errors_of_equal_cells_are_one_and_of_held_ones_0(fit):
    errors = fit("all,b,p\n1,d,0.7\n", "--standard-errors", "observed")["standard_errors"]
    one, two = errors["probabilities"]
    assert one[1] == two[1] > 0 and one[3] == 0 and two[3] > 0
    assert errors["n_free"] == 2 * 6 + 1 - 2


def test_what_is_held_is_told_as_fixed(ok, table, write, tmp_path):
    constraints = write("constraints.csv", HEADER + "1,d,0.7\n2,,0.4\n")
    call = ("fit", table, "-k", 2, "--categorical", "e", "--constraints", constraints, "--standard-errors", "observed")
    out = ok(*call, "--table", "t.md").out
    assert "0.7000  (fixed)" in out and "0.4000  (fixed)" in out and "(0.0000)" not in out
    assert "0.700 (fixed)" in (tmp_path / "t.md").read_text() and "where a constraint holds it" in out


def test_the_model_keeps_its_constraints(ok, table, fit):
    found = fit("all,b,p\n1,d,0.7\n", "--model", "m")
    model = ok("inspect", "m", "--json").json
    assert model["n_parameters"] == found["n_parameters"]
    assert ok("score", "m", table, "--json").json["log_likelihood"] == pytest.approx(found["log_likelihood"])


def test_order_takes_them_along(ok, table, fit):
    found = fit("1,d,0.7\n", "--model", "m", "--order", "2,1")
    assert found["items"][3]["probabilities"][1][1] == 0.7
    assert ok("inspect", "m", "--json").json["items"][3]["probabilities"][1][1] == 0.7


def test_the_text_says_what_is_restricted(ok, table, write):
    constraints = write("c.csv", HEADER + "all,b,p\n1,d,0.7\n")
    out = ok("fit", table, "-k", 2, "--categorical", "e", "--constraints", constraints).out
    assert "constraints: 2 items in a component are 1 parameter, 1 held; 2 parameters fewer" in out


@pytest.mark.parametrize(("lines", "words"), [
    ("1,q,p\n2,q,p\n", "there is no such item; there are a, b, c, d"),
    ("3,a,p\n1,a,p\n", "the component is a number from 1 to 2, or all"),
    ("1,a,p\n", "no other line has this parameter"),
    ("1,a,p\n2,e,p\n", "its answers are not those of item 'a'"),
    ("1,a,1.5\n", "probabilities lie between 0 and 1"),
    ("1,e,0.5\n", "the item takes 3 numbers, one an answer"),
    ("1,e,0.5 0.2 0.2\n", "sum to 1, not to 0."),
    ("1,a,0.5\n1,a,0.4\n", "another line says something of this item"),
    ("1,,0.5\n2,,0.4\n", "the held weights of all components sum to 1"),
    ("1,,p\n", "no other weight has this parameter"),
    ("1,,0.2 0.3\n", "which one number holds"),
    ("1,,p\n2,,p\n1,,0.5\n", "another line says something of this component's weight"),
    ("1,a,\n", "the parameter is missing"),
    ("", "no line below its header"),
])
def test_wrong_tables_are_told_with_their_line(refused, table, write, lines, words):
    constraints = write("c.csv", HEADER + lines)
    line = refused(1, "fit", table, "-k", 2, "--categorical", "e", "--constraints", constraints)
    assert words in line and "c.csv" in line


def test_other_columns_are_told(refused, table, write):
    constraints = write("c.csv", "class,item,value\n1,a,0.5\n")
    line = refused(1, "fit", table, "-k", 2, "--categorical", "e", "--constraints", constraints)
    assert "component" in line and "c.csv" in line


def test_what_does_not_know_them_says_so(run, refused, table, fit, write):
    constraints = write("c.csv", HEADER + "all,b,p\n")
    assert "--constraints" in refused(2, "fit", table, "-k", 2, "--groups", "e", "--constraints", constraints)
    fit("all,b,p\n", "--model", "m")
    head, *rows = people().splitlines()
    aged = write("aged.csv", "\n".join([f"{head},age", *(f"{row},{i % 7}" for i, row in enumerate(rows))]))
    related = run("relate", "m", aged, "--covariates", "age")
    assert related.status != 0 and "constraints" in related.err
