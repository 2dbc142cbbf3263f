"""Every option that makes an estimate: the same numbers from Python as from the program."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import warnings

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from sklearn.exceptions import ConvergenceWarning

from mixbern import BernoulliMixture, _core, select
from mixbern.plots import ProfilesDisplay

# (options of the program, parameters of the estimator, whether rows have weights)
OPTIONS = {
    "defaults": ([], {}, None),
    "n_init": (["--n-init", "7"], {"n_init": 7}, None),
    "rows": (["--init", "rows"], {"init": "rows"}, None),
    "kmeans": (["--init", "kmeans"], {"init": "kmeans"}, None),
    "kmeans++": (["--init", "kmeans++"], {"init": "kmeans++"}, None),
    "labels": (["--init", "labels", "--labels", "y"], {"init": "labels"}, None),
    "semi_supervised": (["--semi-supervised", "--labels", "y"], {"semi_supervised": True, "init": "labels"}, None),
    "max_iter": (["--max-iter", "9"], {"max_iter": 9}, None),
    "tol": (["--tol", "1e-4"], {"tol": 1e-4}, None),
    "no tol": (["--tol", "0", "--max-iter", "60"], {"tol": 0, "max_iter": 60}, None),
    "no smoothing": (["--smoothing", "0"], {"smoothing": 0}, None),
    "smoothing": (["--smoothing", "3"], {"smoothing": 3}, None),
    "smoothing toward items": (
        ["--smoothing", "3", "--smoothing-target", "item"],
        {"smoothing": 3, "smoothing_target": "item"},
        None,
    ),
    "chosen smoothing": (["--smoothing", "auto"], {"smoothing": "auto"}, None),
    "chosen smoothing toward items": (
        ["--smoothing", "auto", "--smoothing-target", "item"],
        {"smoothing": "auto", "smoothing_target": "item"},
        None,
    ),
    "precision": (["--precision", "fast"], {"precision": "fast"}, None),
    "acceleration": (["--acceleration", "none"], {"acceleration": "none"}, None),
    "frequencies": ([], {}, "whole"),
    "sampling weights": ([], {}, "fractions"),
    "whole sampling weights": (["--weights-kind", "sampling"], {"weights_kind": "sampling"}, "whole"),
    "fractions of frequencies": (["--weights-kind", "frequency"], {"weights_kind": "frequency"}, "fractions"),
}


@pytest.fixture(scope="module")
def table(data_dir, tmp_path_factory):
    """Items, known classes, weights, and the file that holds them all."""
    items = pd.read_csv(data_dir / "carcinoma.csv")
    n = len(items)
    extra = {
        "y": np.where(np.arange(n) % 3 == 0, -1, (items.sum(axis=1) > items.sum(axis=1).median()).astype(int)),
        "whole": 1 + np.arange(n) % 3,
        "fractions": 0.5 + (np.arange(n) % 7) / 4,
    }
    path = tmp_path_factory.mktemp("same") / "table.csv"
    written = items.assign(**extra)
    written["y"] = written["y"].replace(-1, np.nan).astype("Int64")
    written.to_csv(path, index=False)
    return items, extra, path


@pytest.mark.parametrize("options, parameters, weighted", OPTIONS.values(), ids=OPTIONS)
def test_python_and_the_program_agree(program, table, tmp_path, options, parameters, weighted):
    items, extra, path = table
    weights = None if weighted is None else extra[weighted]
    y = extra["y"] if "--labels" in options else None
    unused = [name for name in extra if name != weighted and not (name == "y" and y is not None)]
    call = [program, "fit", path, "-k", 2, "--seed", 3, "--exclude", ",".join(unused), "--json", *options]
    call += [] if weighted is None else ["--weights", weighted]

    def told(*more):
        printed = subprocess.run([*map(str, call + list(more))], check=True, capture_output=True, text=True).stdout
        return json.loads(printed)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = BernoulliMixture(2, random_state=3, **parameters).fit(items, y, weights)
    found = told("--statistics", "--model", tmp_path / "m.safetensors")
    assert found["log_likelihood"] == model.log_likelihood_
    assert found["weights"] == model.weights_.tolist()
    assert found["n_iter"] == model.n_iter_ and found["n_init"] == model.n_init_
    for name in ("smoothing", "smoothing_target", "semi_supervised", "weights_kind", "tol", "max_iter"):
        assert found[name] == model.fit_record_[name], name
    assert found["smoothing"] == model.smoothing_ and found["weights_kind"] == model.weights_kind_
    same_statistics(found["statistics"], model, items, weights, y)
    same_posteriors(program, model, items, path, tmp_path)
    same_errors(told, model, items, weights, y)


def same_statistics(told, model, items, weights, y):
    criteria = model.criteria(items, weights, y=y)
    for name, value in told["criteria"].items():
        assert value == pytest.approx(getattr(criteria, name), rel=1e-12), name
    sharpness = model.classification(items, weights, y=y)
    assert told["classification"]["entropy_r2"] == pytest.approx(sharpness.entropy_r2, rel=1e-12)
    fit = model.goodness_of_fit(items, weights, y=y)
    assert told["goodness_of_fit"]["g2"]["statistic"] == pytest.approx(fit.g2.statistic, rel=1e-12)


def same_posteriors(program, model, items, path, tmp_path):
    rows, out = tmp_path / "rows.csv", tmp_path / "p.npy"
    items.to_csv(rows, index=False)
    subprocess.run([program, "predict", tmp_path / "m.safetensors", rows, "-o", out], check=True, capture_output=True)
    assert np.array_equal(np.load(out), model.predict_proba(items))


def same_errors(told, model, items, weights, y):
    sampled = model.weights_kind_ == "sampling"
    for method in ("sandwich",) if sampled else ("observed", "opg", "sandwich"):
        errors = model.standard_errors(items, weights, y=y, method=method)
        same(told("--standard-errors", method)["standard_errors"], errors)
    if sampled:
        assert model.standard_errors(items, weights, y=y).method == "sandwich"
        for method in ("observed", "bootstrap"):
            with pytest.raises(ValueError, match="sampling weights"):
                model.standard_errors(items, weights, y=y, method=method)
        return
    drawn = told("--resample", 5)["resampling"]["standard_errors"]
    same(drawn, model.standard_errors(items, weights, y=y, method="bootstrap", n_samples=5))


def same(told, errors):
    for name in ("weights", "probabilities"):
        ours = np.array(getattr(errors, name), dtype=float)
        theirs = np.array(told[name], dtype=float)
        assert np.array_equal(theirs, ours, equal_nan=True), name


# What each field of Estimation is called by the program and by the estimator.
NAMES = {
    "smoothing": ("--smoothing", "smoothing"),
    "smoothing_target": ("--smoothing-target", "smoothing_target"),
    "semi_supervised": ("--semi-supervised", "semi_supervised"),
    "weights_kind": ("--weights-kind", "weights_kind"),
}


def test_all_three_lists_name_what_makes_an_estimate(program):
    header = (ROOT / "include/mixbern/fit/estimation.hpp").read_text(encoding="utf-8")
    body = header[header.index("struct Estimation {") : header.index("bool operator==")]
    assert re.findall(r"^  [\w:]+ (\w+) = ", body, re.MULTILINE) == list(NAMES)
    bound = {name for name in vars(_core.Estimation) if not name.startswith("_")}
    assert bound == set(NAMES)
    shown = subprocess.run([program, "fit", "--help"], check=True, capture_output=True, text=True).stdout
    parameters = inspect.signature(BernoulliMixture).parameters
    for option, parameter in NAMES.values():
        assert option in shown
        assert parameter in parameters


def test_weights_that_are_no_whole_numbers_are_told(table):
    items, extra, _ = table
    with pytest.warns(UserWarning, match="taken as sampling weights"):
        model = BernoulliMixture(2, random_state=0).fit(items, sample_weight=extra["fractions"])
    assert model.weights_kind_ == "sampling"
    assert np.isnan(model.goodness_of_fit(items, extra["fractions"]).g2.p_value)
    assert not np.isnan(model.goodness_of_fit(items).g2.p_value)
    with pytest.raises(ValueError, match="needs sample_weight"):
        BernoulliMixture(2, weights_kind="sampling").fit(items)
    with pytest.raises(ValueError, match="'auto', 'frequency' or 'sampling'"):
        BernoulliMixture(2, weights_kind="survey").fit(items)
    with pytest.raises(ValueError, match="smoothing must be a number"):
        BernoulliMixture(2, smoothing="some").fit(items)


def test_held_classes_are_needed_again(table):
    items, extra, _ = table
    model = BernoulliMixture(2, semi_supervised=True, init="labels").fit(items, extra["y"])
    for statistic in (model.standard_errors, model.bic, model.classification, model.goodness_of_fit):
        with pytest.raises(ValueError, match="give y"):
            statistic(items)
    display = ProfilesDisplay.from_estimator(model, items, y=extra["y"])
    assert np.array_equal(display.interval, model.standard_errors(items, y=extra["y"]).interval, equal_nan=True)


def test_held_classes_are_held_in_a_selection(table):
    items, extra, _ = table
    found = select(items, [2, 3], y=extra["y"], semi_supervised=True, random_state=3)
    alone = BernoulliMixture(2, semi_supervised=True, random_state=3).fit(items, extra["y"])
    assert found.models[0].log_likelihood_ == pytest.approx(alone.log_likelihood_, abs=1e-4)
    assert found.columns["bic"][0] == pytest.approx(alone.bic(items, y=extra["y"]), abs=1e-3)


def test_a_fit_that_the_data_do_not_determine_is_told(table):
    items, _, _ = table
    with pytest.warns(ConvergenceWarning, match="more than the table of all patterns|not identified"):
        BernoulliMixture(3, random_state=0).fit(items.iloc[:, :3])


SELECTION = {
    "plain": ([], {}, None),
    "smoothing": (["--smoothing", "1"], {"smoothing": 1}, None),
    "sampling weights": ([], {}, "fractions"),
}



@pytest.mark.parametrize("options, parameters, weighted", SELECTION.values(), ids=SELECTION)
def test_python_selects_as_the_program_does(program, table, options, parameters, weighted):
    items, extra, path = table
    weights = None if weighted is None else extra[weighted]
    unused = [name for name in extra if name != weighted]
    call = [program, "select", path, "-k", "2:3", "--seed", 3, "--exclude", ",".join(unused), "--json", *options]
    call += [] if weighted is None else ["--weights", weighted]
    told = json.loads(subprocess.run(map(str, call), check=True, capture_output=True, text=True).stdout)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = select(items, n_components=[2, 3], sample_weight=weights, random_state=3, **parameters)
    assert told["best"] == len(found.best.weights_)
    for theirs, (_, ours) in zip(told["models"], found.table.iterrows(), strict=True):
        for name in ("log_likelihood", "bic", "aic"):
            assert theirs[name] == pytest.approx(ours[name], rel=1e-12), name
