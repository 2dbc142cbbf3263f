"""docs/report.md as code: every member is there, with its type and shape, and nothing else."""

import base64
import re

import numpy as np

DTYPES = {"float32": "<f4", "uint8": "u1", "uint16": "<u2", "uint32": "<u4"}


def decode(tensor):
    assert set(tensor) == {"dtype", "shape", "base64"}
    values = np.frombuffer(base64.b64decode(tensor["base64"], validate=True), DTYPES[tensor["dtype"]])
    return values.reshape(tensor["shape"])


class Tensor:
    def __init__(self, dtype, *shape):
        self.dtype, self.shape = dtype, list(shape)

    def check(self, value, where):
        assert (value["dtype"], value["shape"]) == (self.dtype, self.shape), where
        decode(value)


class Or:
    """`null` or this."""

    def __init__(self, kind):
        self.kind = kind


class ListOf:
    def __init__(self, kind, least=0, most=None):
        self.kind, self.least, self.most = kind, least, most


NUMBER, COUNT, TEXT, FLAG = "number", "count", "text", "flag"
IS = {
    NUMBER: lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    COUNT: lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0,
    TEXT: lambda v: isinstance(v, str),
    FLAG: lambda v: isinstance(v, bool),
}


def check(value, kind, where="document"):
    if isinstance(kind, Or):
        if value is not None:
            check(value, kind.kind, where)
    elif isinstance(kind, Tensor):
        kind.check(value, where)
    elif isinstance(kind, ListOf):
        assert isinstance(value, list), where
        assert kind.least <= len(value) and (kind.most is None or len(value) <= kind.most), where
        for i, each in enumerate(value):
            check(each, kind.kind, f"{where}[{i}]")
    elif isinstance(kind, dict):
        assert isinstance(value, dict), where
        assert set(value) == set(kind), (where, set(value) ^ set(kind))
        for name, member in kind.items():
            check(value[name], member, f"{where}.{name}")
    else:
        assert IS[kind](value), (where, value)


def exactly(n, kind=NUMBER):
    return ListOf(kind, n, n)


TEST = {"statistic": Or(NUMBER), "p_value": Or(NUMBER)}
INTERVAL = exactly(2, Or(NUMBER))
RELATION = {"method": TEXT, "method_chosen_by": TEXT, "assignment": TEXT, "one_step_errors": Or(TEXT), "n_rows": COUNT, "n_left_out": COUNT, "log_likelihood": Or(NUMBER),
            "entropy": Or(NUMBER), "converged": FLAG, "warnings": ListOf(TEXT),
            "tests": ListOf(TEST | {"name": TEXT, "degrees_of_freedom": NUMBER, "adjusted_p_value": Or(NUMBER)})}
COEFFICIENT = {"component": COUNT, "name": TEXT, "estimate": NUMBER, "standard_error": Or(NUMBER),
               "odds_ratio": Or(NUMBER), "interval": INTERVAL, "p_value": Or(NUMBER)}
CURVE = {"name": TEXT, "values": ListOf(NUMBER, 1), "categories": ListOf(TEXT), "shares": ListOf(NUMBER, 1)}
COVARIATES = RELATION | {"reference": COUNT, "coefficients": ListOf(COEFFICIENT), "curves": ListOf(CURVE)}
OUTCOME = RELATION | {"name": TEXT, "kind": TEXT,
                      "classes": ListOf({"component": COUNT, "category": TEXT, "mean": NUMBER,
                                         "standard_error": Or(NUMBER), "variance": Or(NUMBER), "interval": INTERVAL})}
BY_GROUP = ListOf(ListOf(Or(NUMBER), 1), 2)
GROUP_ESTIMATES = {"estimates": BY_GROUP, "standard_errors": Or(BY_GROUP), "intervals": Or(ListOf(ListOf(INTERVAL, 1), 2))}
GROUPS = {"column": TEXT, "names": ListOf(TEXT, 2), "sizes": ListOf(NUMBER, 2), "free": ListOf(TEXT), "all_free": FLAG,
          "weights": GROUP_ESTIMATES, "features": ListOf(GROUP_ESTIMATES | {"name": TEXT}, 0, 500),
          "residuals": Or(ListOf({"item": TEXT, "residual": Or(NUMBER)}, 1))}
BLRT = TEST | {"n_samples": COUNT, "n_samples_asked": COUNT, "n_exceeding": COUNT, "ended": TEXT}
VLMR = TEST | {"adjusted_statistic": Or(NUMBER), "adjusted_p_value": Or(NUMBER), "note": TEXT}
CRITERIA = ["aic", "aic3", "bic", "sabic", "caic", "icl_bic", "awe", "classification_log_likelihood"]
GOODNESS_OF_FIT = {"n": NUMBER, "n_patterns": COUNT, "n_cells": Or(NUMBER), "degrees_of_freedom": Or(NUMBER),
                   "sparse": FLAG, "g2": TEST, "x2": TEST, "cressie_read": TEST}
# Only where cells are missing.
SATURATED = {"log_likelihood": NUMBER, "g2": TEST, "degrees_of_freedom": NUMBER, "mcar": TEST,
             "mcar_degrees_of_freedom": NUMBER}


def data_kind(data):
    d = data["n_features"]
    rows = data["has_rows"]
    means = Tensor("float32", d)
    return {"name": Or(TEXT), "n_rows": COUNT if rows else Or(COUNT), "n_distinct_rows": COUNT if rows else Or(COUNT),
            "n_features": COUNT, "total_weight": NUMBER if rows else Or(NUMBER),
            "missing_share": NUMBER if rows else Or(NUMBER), "has_rows": FLAG, "feature_names": Or(exactly(d, TEXT)),
            "items": Or(ListOf({"name": TEXT, "first": COUNT, "size": COUNT}, 1)),
            "codings": Or(exactly(d, exactly(2, TEXT))), "answers": Or(exactly(d, TEXT)), "answer": Or(TEXT), "threshold": Or(NUMBER), "shape": Or(exactly(2, COUNT)),
            "means": means if rows else Or(means), "missing": Or(Tensor("float32", d)),
            "constant_features": ListOf(COUNT), "labels": Or(ListOf(TEXT, 1))}


def rows_kind(rows, data, k):
    n, m = rows["table"]["row"]["shape"][0], rows["cells"]["row"]["shape"][0]
    cells = Tensor("uint8", m, -(-data["n_features"] // 8))
    assert n <= min(10_000, rows["table"]["total"]) and rows["table"]["total"] == data["n_rows"]
    return {"certainty": {"edges": exactly(21), "counts": exactly(20)},
            "table": {"total": COUNT, "row": Tensor("uint32", n), "ids": Or(exactly(n, TEXT)), "component": Tensor("uint16", n),
                      "certainty": Tensor("float32", n), "second": Tensor("uint16", n),
                      "log_likelihood": Tensor("float32", n), "weight": Or(Tensor("float32", n)),
                      "label": Tensor("uint16", n) if data["labels"] else Or(Tensor("uint16", n))},
            "examples": exactly(k, ListOf(COUNT, 0, 12)), "least_certain": ListOf(COUNT, 0, 60),
            "cells": {"row": Tensor("uint32", m), "ids": Or(exactly(m, TEXT)), "component": Tensor("uint16", m), "certainty": Tensor("float32", m),
                      "bits": cells, "missing": Or(cells)}}


def model_kind(model, data, answers_lack):
    k, d = model["n_components"], data["n_features"]
    rows = data["has_rows"]
    kd = Tensor("float32", k, d)
    errors = {"method": TEXT, "weights": exactly(k, Or(NUMBER)), "probabilities": kd, "lower": kd, "upper": kd,
              "identified": Or(FLAG)}
    classification = {"entropy": NUMBER, "entropy_r2": NUMBER, "error": NUMBER, "sizes_by_posterior": exactly(k),
                      "sizes_by_mode": exactly(k), "average_posteriors": Tensor("float32", k, k)}
    fit = {name: Or(COUNT) for name in ("n_iter", "n_init", "n_init_at_best", "seed", "max_iter", "threads",
                                        "total_iterations")}
    fit |= {name: Or(NUMBER) for name in ("tol", "smoothing")}
    fit |= {name: Or(TEXT) for name in ("stop_reason", "init", "smoothing_target", "accelerate", "precision", "kernel")}
    fit |= {name: Or(FLAG) for name in ("converged", "semi_supervised")}
    fit |= {"seconds": Or({name: Or(NUMBER) for name in ("read", "init", "em", "total")}), "warnings": ListOf(TEXT)}
    trace = {"iteration": ListOf(COUNT, 1, 200), "mean_log_likelihood": ListOf(Or(NUMBER), 1, 200)}
    component = {"name": TEXT, "weight": NUMBER, "size": NUMBER if rows else Or(NUMBER), "distinctive": ListOf(COUNT, 0, 20),
                 "problems": ListOf(TEXT)}
    labels = {"table": Tensor("float32", k, len(data["labels"] or [])), "purity": NUMBER, "adjusted_rand": NUMBER,
              "normalised_mutual_information": NUMBER, "n": NUMBER}
    pair = {"first": COUNT, "second": COUNT, "residual": Or(NUMBER), "p_value": Or(NUMBER)}
    pattern = {"row": COUNT, "observed": NUMBER, "expected": NUMBER, "residual": Or(NUMBER), "cells": TEXT}
    fitted = GOODNESS_OF_FIT | ({"saturated": SATURATED} if answers_lack else {})
    return {"n_components": COUNT, "n_parameters": COUNT, "log_likelihood": Or(NUMBER),
            "mean_log_likelihood": Or(NUMBER), "weights": exactly(k), "probabilities": kd,
            "standard_errors": Or(errors), "criteria": {name: Or(NUMBER) for name in CRITERIA},
            "classification": classification if rows else Or(classification),
            "verdict": ListOf({"level": TEXT, "text": TEXT}, 1), "fit": fit,
            "starts": ListOf({"log_likelihood": Or(NUMBER), "trace": Or(trace)}),
            "optima": ListOf({"log_likelihood": Or(NUMBER), "n_init": COUNT}), "components": exactly(k, component),
            "rows": rows_kind(model["rows"], data, k) if rows else Or({}), "labels": Or(labels),
            "goodness_of_fit": Or(fitted), "bivariate_residuals": Or(ListOf(pair, 0, 500)),
            "pattern_residuals": Or(ListOf(pattern, 0, 100))}


SELECTION_ROW = {name: Or(NUMBER) for name in CRITERIA}
SELECTION_ROW |= {"n_components": COUNT, "entropy": NUMBER, "n_parameters": COUNT, "log_likelihood": Or(NUMBER),
                  "n_init": COUNT, "n_init_at_best": COUNT, "smallest_component": NUMBER,
                  "cv_log_likelihood": Or(NUMBER), "blrt": Or(BLRT), "vlmr": Or(VLMR), "warnings": ListOf(TEXT)}


def check_document(document):
    data, models = document["data"], document["models"]
    rest = {name: value for name, value in document.items() if name != "models"}
    check(rest, {"format": TEXT, "format_version": COUNT, "version": TEXT, "kernel": TEXT, "created": TEXT, "title": TEXT,
                 "data": data_kind(data), "best": COUNT,
                 "selection": Or({"criterion": TEXT, "table": exactly(len(models), SELECTION_ROW)}),
                 "relations": Or({"covariates": Or(COVARIATES), "outcomes": ListOf(OUTCOME)}),
                 "groups": Or(GROUPS)})
    assert (document["format"], document["format_version"]) == ("mixbern-report", 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["created"])
    assert document["best"] < len(models)
    for i, model in enumerate(models):
        # Items that are free are missing in the rows of other groups by design.
        by_design = document["groups"] and "saturated" not in (model["goodness_of_fit"] or {})
        check(model, model_kind(model, data, data["missing_share"] and not by_design), f"models[{i}]")
        assert (model["rows"] is None) == (not data["has_rows"])
        assert {sentence["level"] for sentence in model["verdict"]} <= {"good", "note", "warning"}
    return document
