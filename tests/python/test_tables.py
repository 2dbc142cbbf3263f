"""Tables as people have them come in, and results go out as text, HTML, frames and tables for papers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp

import mixbern
from mixbern import BernoulliMixture, Dataset


@pytest.fixture(scope="module")
def items():
    rng = np.random.default_rng(3)
    of = rng.random(300) < 0.4
    cells = rng.random((300, 4)) < np.where(of, 0.85, 0.15)[:, None]
    return pd.DataFrame(cells.astype(int) + 1, columns=["q1", "q2", "q3", "q4"])


@pytest.fixture(scope="module")
def model(items):
    return BernoulliMixture(2, random_state=0).fit(items)


@pytest.mark.parametrize("shift", [1, -1])
def test_arrays_of_other_numbers_are_coded_like_frames(items, model, shift):
    array = items.to_numpy() if shift == 1 else 2 * items.to_numpy() - 3
    found = BernoulliMixture(2, random_state=0).fit(array)
    assert np.array_equal(found.probabilities_, model.probabilities_)
    assert np.array_equal(found.predict(array), model.predict(items))
    plain = BernoulliMixture(2, random_state=0).fit(items.to_numpy() - 1)
    with pytest.raises(ValueError, match="holds 2 in row"):
        plain.predict(items.to_numpy())
    with pytest.raises(ValueError, match="threshold"):
        BernoulliMixture(2).fit(np.array([[1, 2], [2, 1], [3, 1]]))


def test_masks_are_missing(items):
    hidden = np.random.default_rng(1).random(items.shape) < 0.2
    masked = np.ma.MaskedArray(items.to_numpy() - 1, hidden)
    holed = (items - 1).astype(float).mask(hidden)
    assert np.array_equal(Dataset(masked).toarray(), holed.to_numpy(), equal_nan=True)
    first, second = (BernoulliMixture(2, random_state=0).fit(X) for X in (masked, holed.to_numpy()))
    assert np.array_equal(first.probabilities_, second.probabilities_)


@pytest.mark.parametrize("make", [lambda X: X, lambda X: X.to_numpy(), pl.from_pandas])
def test_missing_values(items, make):
    coded = items.copy()
    coded.iloc[::7, 1], coded.iloc[::11, 2] = 9, -1
    holed = items.astype(float)
    holed.iloc[::7, 1], holed.iloc[::11, 2] = np.nan, np.nan
    found = BernoulliMixture(2, random_state=0, missing_values=[9, -1]).fit(make(coded))
    expected = BernoulliMixture(2, random_state=0).fit(holed)
    assert np.array_equal(found.probabilities_, expected.probabilities_)
    assert np.array_equal(found.predict_proba(make(coded)), expected.predict_proba(holed))
    with pytest.raises(ValueError, match="missing_values='9'"):
        BernoulliMixture(2).fit(coded[["q1", "q2"]])


def test_missing_values_of_one_column_and_of_words(tmp_path):
    X = pd.DataFrame({"a": ["yes", "no", "Refused"], "b": [1, 2, 9], "c": [0, 9, 9]})
    missing = {"a": ["refused"], "b": 9}
    assert Dataset(X, missing_values=missing).n_missing == 2
    X.to_csv(tmp_path / "x.csv", index=False)
    assert mixbern.read(tmp_path / "x.csv", missing_values=missing).n_missing == 2
    model = BernoulliMixture(1, missing_values=missing).fit(X)
    model.save(tmp_path / "m")
    assert mixbern.load(tmp_path / "m").score(X) == model.score(X)


def test_columns_come_by_name_from_wider_tables(items, model, tmp_path):
    wide = items[["q3", "q1", "q4", "q2"]].assign(age=range(300), id=[f"p{row}" for row in range(300)])
    wide.to_csv(tmp_path / "wide.csv", index=False)
    expected = model.predict_proba(items)
    for table in (wide, pl.from_pandas(wide), tmp_path / "wide.csv", str(tmp_path / "wide.csv")):
        assert np.array_equal(model.predict_proba(table), expected)
    assert mixbern.read(tmp_path / "wide.csv", columns=["q1:q2"], ids="id").ids[:2] == ["p0", "p1"]


def test_files_of_other_programs(items, model, tmp_path):
    items.to_csv(tmp_path / "x.csv", index=False)
    items.to_parquet(tmp_path / "x.parquet")
    labelled = items.astype("category").apply(lambda column: column.cat.rename_categories({1: "no", 2: "yes"}))
    labelled.to_stata(tmp_path / "x.dta", write_index=False)
    sp.save_npz(tmp_path / "x.npz", sp.csr_array(items.to_numpy() - 1))
    for ending in ("csv", "parquet", "dta", "npz"):
        found = BernoulliMixture(2, random_state=0).fit(tmp_path / f"x.{ending}")
        assert np.array_equal(found.probabilities_, model.probabilities_), ending
        assert np.array_equal(found.predict(tmp_path / f"x.{ending}"), model.predict(items))
    with pytest.raises(FileNotFoundError):
        model.predict(tmp_path / "nothing.sav")


@pytest.fixture(scope="module")
def people(items, tmp_path_factory):
    """A survey with ids, weights, words for values and answers that users declared as missing, in all formats."""
    import pyreadstat

    folder = tmp_path_factory.mktemp("people")
    rng = np.random.default_rng(8)
    coded = items.astype(float)
    coded.iloc[::7, 1], coded.iloc[::11, 2], coded.iloc[::5, 3] = 9, 8, np.nan
    coded.insert(0, "pid", [f"P{row}" for row in range(len(items))])
    coded["wt"] = rng.integers(1, 4, len(items)).astype(float)
    words = {name: {1: "no", 2: "yes"} for name in items}
    labels = {name: values | {8: "don't know", 9: "refused"} for name, values in words.items()}
    said = coded.replace({name: values | {8: np.nan, 9: np.nan} for name, values in words.items()})
    pyreadstat.write_sav(coded, folder / "x.sav", variable_value_labels=labels,
                         missing_ranges={"q2": [9], "q3": [{"lo": 8, "hi": 9}]})
    stata = coded.assign(q2=coded["q2"].astype(object).where(coded["q2"] != 9, "a"),
                         q3=coded["q3"].astype(object).where(coded["q3"] != 8, "b"))
    pyreadstat.write_dta(stata, folder / "x.dta", variable_value_labels=words,
                         missing_user_values={"q2": ["a"], "q3": ["b"]})
    said.to_csv(folder / "x.csv", index=False)
    said.to_parquet(folder / "x.parquet")
    said.to_excel(folder / "x.xlsx", index=False)
    said.to_excel(folder / "x.ods", index=False)
    return folder


@pytest.mark.parametrize("ending", ["sav", "dta", "parquet", "xlsx", "ods"])
def test_a_survey_is_the_same_in_every_format(people, ending):
    def fit(path):
        data = mixbern.read(path, columns=["q1:q4"], ids="pid", weights="wt")
        return data, BernoulliMixture(2, random_state=0).fit(data)

    (data, model), (expected, from_csv) = fit(people / f"x.{ending}"), fit(people / "x.csv")
    assert data.n_missing == expected.n_missing > 100 and data.ids == expected.ids
    assert np.array_equal(data.sample_weight, expected.sample_weight)
    assert model.codings_ == from_csv.codings_ == [("no", "yes")] * 4
    assert np.array_equal(model.probabilities_, from_csv.probabilities_)
    path = people / f"x.{ending}"
    assert model.assign(path, ids="pid").to_frame().equals(from_csv.assign(people / "x.csv", ids="pid").to_frame())


def test_errors_of_files_speak_python(people):
    with pytest.raises(ValueError, match=r"x.sav: .*exclude=\['pid', 'wt'\] leaves them out") as caught:
        mixbern.read(people / "x.sav")
    assert "--" not in str(caught.value) and "table.csv" not in str(caught.value)
    coded = people / "coded.csv"
    coded.write_text("a,b,c\n1,1,x\n2,2,y\n9,1,z\n")
    with pytest.raises(ValueError, match=r"missing_values=\['9'\] exclude=\['c'\]"):
        mixbern.read(coded)
    assert mixbern.read(coded, missing_values=["9"], exclude=["c"]).shape == (3, 2)


def test_libsvm_from_zero_is_the_table(items, model, tmp_path):
    from sklearn.datasets import dump_svmlight_file

    cells = items.to_numpy() - 1
    for base, zero_based in (("zero", True), ("one", False)):
        dump_svmlight_file(cells, np.zeros(len(cells)), str(tmp_path / f"{base}.svm"), zero_based=zero_based)
        found = BernoulliMixture(2, random_state=0).fit(tmp_path / f"{base}.svm")
        assert np.array_equal(found.probabilities_, model.probabilities_)


def test_results_have_faces(items, model):
    results = (model.criteria(items), model.classification(items), model.goodness_of_fit(items),
               model.bivariate_residuals(items), model.standard_errors(items), model.summary(items),
               mixbern.select(items, range(1, 3), random_state=0))
    for result in results:
        assert "\n" in repr(result) and "<table" in result._repr_html_()
        assert len(result.to_frame()) > 0
    assert results[0].to_frame().loc["BIC", "value"] == model.bic(items)
    assert list(results[3].to_frame().columns) == ["q1", "q2", "q3", "q4"]
    assert results[3].max() == results[3].to_frame().to_numpy().max()


def test_tables_for_papers(items, model):
    model.component_names_ = ["well", "ill & old"]
    try:
        latex = model.summary(items, standard_errors=True).table(format="latex")
        assert "ill \\& old" in latex and "\\toprule" in latex and "class size" in latex
        assert model.summary(items).table(format="csv").splitlines()[0] == "item,well,ill & old"
        assert model.summary(items).table(format="markdown").startswith("| item | well |")
        assert "ill &amp; old" in model._repr_html_() and "ill & old" in repr(model.classification(items))
        with pytest.raises(ValueError, match="format must be"):
            model.summary(items).table(format="word")
    finally:
        del model.component_names_


def test_names_of_classes_are_kept(items, model, tmp_path):
    model.component_names_ = ["well", "ill"]
    model.save(tmp_path / "m")
    del model.component_names_
    assert mixbern.load(tmp_path / "m").component_names_ == ["well", "ill"]


def test_components_are_counted_in_another_order(items, model, tmp_path):
    turned = BernoulliMixture(2, random_state=0).fit(items)
    turned.component_names_ = ["many", "few"]
    turned.reorder([1, 0])
    assert turned.component_names_ == ["few", "many"]
    assert np.array_equal(turned.weights_, model.weights_[::-1])
    assert np.array_equal(turned.labels_, 1 - model.labels_) and np.array_equal(turned.predict(items), turned.labels_)
    turned.save(tmp_path / "m")
    assert np.array_equal(mixbern.load(tmp_path / "m").probabilities_, model.probabilities_[::-1])
    with pytest.raises(ValueError, match="each number from 0 to 1 once"):
        turned.reorder([1, 1])
