"""Items of more than two answers: from arrays, frames, Arrow tables and files to every method."""

from __future__ import annotations

import pickle
import subprocess
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

import mixbern
from mixbern import BernoulliMixture

ANSWERS = {"trust": ["a lot", "none", "some"], "votes": ["no", "yes"], "party": ["10", "blue", "green", "red"]}


@pytest.fixture(autouse=True)
def quiet():
    """Neither what few starts found nor that arrays have no names is the point here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "X (does not have valid|has) feature names")
        yield


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Answers of two kinds of people, some of them missing."""
    rng = np.random.default_rng(1)
    kinds = rng.random(300) < 0.4
    chances = {"trust": ((0.1, 0.3, 0.6), (0.7, 0.2, 0.1)), "votes": ((0.8, 0.2), (0.3, 0.7)),
               "party": ((0.1, 0.1, 0.3, 0.5), (0.4, 0.4, 0.1, 0.1))}
    columns = {}
    for name, answers in ANSWERS.items():
        cells = [rng.choice(answers, p=chances[name][kind]) for kind in kinds.astype(int)]
        columns[name] = [None if rng.random() < 0.15 else cell for cell in cells]
    return pd.DataFrame(columns, dtype=object)


@pytest.fixture(scope="module")
def model(people) -> BernoulliMixture:
    return BernoulliMixture(2, categorical="all", random_state=0).fit(people)


def joint(model, X) -> np.ndarray:
    """log π + Σ log p of the answers, cell by cell."""
    totals = np.tile(np.log(model.weights_), (len(X), 1))
    for d, item in enumerate(model.items_):
        for i, cell in enumerate(X.iloc[:, d]):
            if not pd.isna(cell):
                totals[i] += np.log(item.probabilities[:, item.categories.index(str(cell))])
    return totals


def test_columns_are_items_and_answers_have_probabilities(model, people):
    assert model.n_features_in_ == 3 and list(model.feature_names_in_) == list(people)
    assert model.probabilities_.shape == (2, 8) and model.n_parameters_ == 1 + 2 * (2 + 1 + 3)
    assert [(item.name, item.categories) for item in model.items_] == list(ANSWERS.items())
    assert model.categorical_ == [("trust", 0, ANSWERS["trust"]), ("party", 4, ANSWERS["party"])]
    assert model.answers_ == [*ANSWERS["trust"], "yes", *ANSWERS["party"]]
    for item in model.items_:
        assert item.probabilities.sum(axis=1) == pytest.approx([1, 1], abs=1e-12)


def test_likelihoods_and_posteriors_are_those_of_the_definition(model, people):
    totals = joint(model, people)
    rows = np.logaddexp(*totals.T)
    assert model.score_samples(people) == pytest.approx(rows, abs=1e-12)
    assert model.log_likelihood_ == pytest.approx(rows.sum(), rel=1e-12)
    posteriors = np.exp(totals - rows[:, None])
    assert model.predict_proba(people) == pytest.approx(posteriors, abs=1e-12)
    assert np.array_equal(model.predict(people), posteriors.argmax(axis=1))
    assert np.array_equal(model.labels_, model.predict(people))


def test_an_iteration_is_that_of_the_definition(model, people):
    once = clone(model).set_params(
        init=(model.weights_, model.probabilities_), max_iter=2, tol=0, smoothing=0, acceleration="none", n_init=1,
        precision="double",
    ).fit(people)
    posteriors = model.predict_proba(people)
    for d, item in enumerate(once.items_):
        answers = people.iloc[:, d]
        sums = np.array([posteriors[(answers == answer).to_numpy()].sum(axis=0) for answer in item.categories])
        assert item.probabilities == pytest.approx((sums / sums.sum(axis=0)).T, abs=1e-12)


def test_published_likelihoods_of_the_survey_of_1982(data_dir):
    survey = pd.read_csv(data_dir / "gss82.csv")
    known = {1: (-2872.229576, 6, 257.2604), 2: (-2783.268010, 13, 79.3372), 3: (-2754.545405, 20, 21.8920)}
    found = mixbern.select(survey, range(1, 4), categorical="all", random_state=0)
    for model in found:
        log_likelihood, n_parameters, g2 = known[len(model.weights_)]
        assert model.log_likelihood_ == pytest.approx(log_likelihood, abs=1e-5)
        assert model.n_parameters_ == n_parameters
        fit = model.goodness_of_fit(survey)
        assert fit.g2.statistic == pytest.approx(g2, abs=1e-3) and fit.degrees_of_freedom == 35 - n_parameters
        assert len(model.items_) == model.n_features_in_ == 4


def test_one_table_in_every_form_is_one_fit(people, tmp_path):
    path = tmp_path / "people.csv"
    people.to_csv(path, index=False)
    typed = people.astype("category")
    typed.to_parquet(tmp_path / "people.parquet")
    forms = [
        (people, "all"), (people, ["trust", "party"]), (people, [0, 2]), (people.to_numpy(), "all"), (path, "all"),
        (str(path), [0, 2]), (typed, None), (pl.from_pandas(typed), None), (pa.Table.from_pandas(typed), None),
        (pl.from_pandas(people), ["trust", "party"]), (pl.from_pandas(people), [0, 2]), (pa.Table.from_pandas(people), "all"),
        (tmp_path / "people.parquet", None), (mixbern.Dataset(people, categorical="all"), None),
        (mixbern.Dataset(typed), None), (mixbern.read(path, categorical=["trust", 2]), None),
        (mixbern.read(tmp_path / "people.parquet"), None),
    ]
    expected = BernoulliMixture(2, categorical="all", random_state=0).fit(people)
    for X, categorical in forms:
        found = BernoulliMixture(2, categorical=categorical, random_state=0).fit(X)
        assert np.array_equal(found.probabilities_, expected.probabilities_)
        assert [item.categories for item in found.items_] == list(ANSWERS.values())
        assert np.array_equal(found.predict_proba(X), expected.predict_proba(people))
        assert np.array_equal(expected.predict_proba(X), expected.predict_proba(people))


def test_answers_come_in_the_order_of_a_pandas_dtype(people):
    order = ["some", "never said", "none", "a lot"]
    for ordered in (True, False):
        typed = people.assign(trust=pd.Categorical(people.trust, order, ordered=ordered), votes=people.votes.astype("category"))
        found = BernoulliMixture(2, categorical="all", random_state=0).fit(typed)
        assert [item.categories for item in found.items_] == [["some", "none", "a lot"], *list(ANSWERS.values())[1:]]
        assert found.log_likelihood_ == pytest.approx(found.score_samples(people).sum(), rel=1e-12)
        assert np.array_equal(found.predict_proba(typed), found.predict_proba(people))
    grades = pd.DataFrame({"grade": pd.Categorical([1.0, 2.5, 3.0] * 9, [3.0, 2.5, 1.0]), "x": [0, 1, 1] * 9})
    assert mixbern.Dataset(grades).categorical == [("grade", 0, ["3", "2.5", "1"])]


def test_numbers_are_answers(rng):
    X = rng.integers(1, 5, (200, 3)).astype(float)
    X[:, 1] = X[:, 1] > 2
    X[rng.random(X.shape) < 0.1] = np.nan
    found = BernoulliMixture(2, categorical=[0, 2], random_state=0).fit(X)
    assert [item.name for item in found.categorical_] == ["x0", "x2"]
    assert found.items_[0].categories == ["1", "2", "3", "4"] and not hasattr(found, "feature_names_in_")
    named = BernoulliMixture(2, categorical=["a", "c"], feature_names=["a", "b", "c"], random_state=0).fit(X)
    assert np.array_equal(named.probabilities_, found.probabilities_)
    framed = pd.DataFrame(X, columns=list("abc")).astype({"a": "Int64", "c": "float32"})
    assert np.array_equal(named.predict_proba(framed), found.predict_proba(X))
    filled = found.impute(X)
    assert filled.dtype == X.dtype and not np.isnan(filled).any()
    assert np.array_equal(filled[~np.isnan(X)], X[~np.isnan(X)]) and set(filled[:, 0]) <= {1, 2, 3, 4}


def test_new_tables_have_the_answers_of_the_model(model, people, tmp_path):
    few = people[people.party == "red"][:4]
    expected = model.predict_proba(people)[people.party == "red"][:4]
    turned = few[["party", "votes", "trust"]].assign(age=[31, 52, 23, 44])
    turned.to_csv(tmp_path / "few.csv", index=False)
    for X in (few, few.to_numpy(), turned, turned.astype({"party": "category"}), pl.from_pandas(turned),
              tmp_path / "few.csv"):
        assert model.predict_proba(X) == pytest.approx(expected, abs=0)
    assert list(model.assign(tmp_path / "few.csv", ids="age").index) == ["31", "52", "23", "44"]
    with pytest.raises(ValueError, match="'violet', which is neither '10' nor 'blue' nor 'green'"):
        model.predict(few.assign(party="violet"))
    with pytest.raises(ValueError, match="give the table itself"):
        model.predict(mixbern.Dataset(people.replace({"trust": {"some": "a bit"}}), categorical="all"))
    with pytest.raises(ValueError, match="expecting 3 features"):
        model.predict(mixbern.Dataset(people[["trust", "party"]], categorical="all"))
    with pytest.raises(ValueError, match="sparse matrix holds 0 and 1"):
        model.predict(scipy.sparse.eye(3).tocsr())


def test_files_are_those_of_the_program(model, people, program, tmp_path):
    people.to_csv(tmp_path / "people.csv", index=False)
    run = lambda *call: subprocess.run([program, *map(str, call)], cwd=tmp_path, check=True, capture_output=True, text=True)  # noqa: E731
    run("fit", "people.csv", "-k", 2, "--categorical", "all", "--model", "m", "--seed", 0, "--quiet")
    loaded = mixbern.load(tmp_path / "m")
    assert np.array_equal(loaded.probabilities_, model.probabilities_)
    assert loaded.categorical_ == model.categorical_ and list(loaded.feature_names_in_) == list(people)
    assert np.array_equal(loaded.predict_proba(people), model.predict_proba(people))
    model.save(tmp_path / "own")
    assert run("score", "own", "people.csv").stdout == run("score", "m", "people.csv").stdout
    again = clone(loaded).set_params(random_state=0).fit(people)
    assert np.array_equal(again.probabilities_, model.probabilities_)


def test_models_without_names_are_stored(people, tmp_path):
    plain = BernoulliMixture(2, categorical="all", random_state=0).fit(people.to_numpy())
    plain.save(tmp_path / "m")
    loaded = mixbern.load(tmp_path / "m")
    assert loaded.categorical_ == plain.categorical_ and not hasattr(loaded, "feature_names_in_")
    assert np.array_equal(loaded.predict_proba(people.to_numpy()), plain.predict_proba(people.to_numpy()))
    copy = pickle.loads(pickle.dumps(plain))
    assert np.array_equal(copy.score_samples(people.to_numpy()), plain.score_samples(people.to_numpy()))


def test_missing_answers_are_filled_in_kind(model, people, tmp_path):
    typed = people.astype({"trust": "category", "party": pd.CategoricalDtype(["red", "blue", "green", "10"], ordered=True)})
    for X in (people, typed, people.assign(age=1)[["age", *people]]):
        for method in ("mode", "draw"):
            filled = model.impute(X, method)
            assert list(filled) == list(X) and (filled.dtypes == X.dtypes).all() and not filled.isna().any(axis=None)
            same = X.notna()
            assert (filled.astype(object)[same] == X.astype(object)[same]).sum(axis=None) == same.sum(axis=None)
    cells = model.impute(people.to_numpy())
    people.to_csv(tmp_path / "people.csv", index=False)
    for X in (tmp_path / "people.csv", mixbern.Dataset(people, categorical="all"), pl.from_pandas(people)):
        assert np.array_equal(model.impute(X), cells) and cells.dtype == object
    lonely = typed[:5].assign(party=pd.Categorical([None] * 5, ["pink"]))
    assert set(model.impute(lonely).party) <= set(ANSWERS["party"])


def test_drawn_rows_have_answers(model):
    rows, labels = model.sample(4000)
    assert rows.dtype == object and rows.shape == (4000, 3)
    for d, item in enumerate(model.items_):
        for k in range(2):
            shares = [np.mean(rows[labels == k, d] == answer) for answer in item.categories]
            assert shares == pytest.approx(item.probabilities[k], abs=0.06)
    assert model.predict(rows).shape == (4000,)


def test_statistics_are_by_item(model, people):
    residuals = model.bivariate_residuals(people)
    assert residuals.shape == (3, 3) and "trust – party" in repr(residuals)
    pair = people[["trust", "party"]].dropna()
    chances = np.einsum("k,ka,kb->ab", model.weights_, model.items_[0].probabilities, model.items_[2].probabilities)
    seen = pd.crosstab(pair.trust, pair.party).reindex(index=ANSWERS["trust"], columns=ANSWERS["party"]).to_numpy()
    expected = len(pair) * chances
    assert residuals[0, 2] == pytest.approx(((seen - expected) ** 2 / expected).sum() / 6, rel=1e-9)
    errors = model.standard_errors(people)
    assert errors.probabilities.shape == (2, 8) and "trust = a lot, 1" in errors.table()
    assert "party = blue" in model.summary(people, standard_errors=True).table("latex")
    assert "party = blue" in model._repr_html_()
    assert model.criteria(people).bic == pytest.approx(-2 * model.log_likelihood_ + 13 * np.log(300), rel=1e-3)


def test_reports_are_written(model, people, tmp_path):
    model.report(tmp_path / "r.html", people, statistics=True)
    assert '"name":"trust"' in (tmp_path / "r.html").read_text()


def test_weights_count_rows(people):
    weights = np.arange(len(people)) % 3 + 1
    weighted = BernoulliMixture(2, categorical="all", random_state=0).fit(people, sample_weight=weights)
    repeated = BernoulliMixture(2, categorical="all", random_state=0).fit(people.loc[people.index.repeat(weights)])
    assert weighted.log_likelihood_ == pytest.approx(repeated.log_likelihood_, rel=1e-9)
    assert BernoulliMixture(3, categorical="all", n_init=2, warm_start=True).fit(people).fit(people).n_features_in_ == 3


def test_categories_by_type_can_be_refused(people):
    typed = people.astype("category")
    assert BernoulliMixture(2, random_state=0).fit(typed[["votes"]]).categorical_ == []
    for X in (typed, pl.from_pandas(typed)):
        with pytest.raises(ValueError, match="holds a third value"):
            BernoulliMixture(2, categorical=[]).fit(X)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"categorical": "nobody"}, "there is no column 'nobody'"),
        ({"categorical": [3]}, "categorical has 3, but columns have the numbers 0 to 2"),
        ({"categorical": [-1]}, "names or numbers"),
        ({"categorical": [True, False, True]}, "names or numbers"),
        ({"categorical": ["trust"]}, "name it in categorical="),
        ({"categorical": "all", "threshold": 0.5}, "leave threshold or categorical out"),
        ({"categorical": "all", "one": {"trust": "some"}}, "one"),
        ({"categorical": "all", "init": ([0.5, 0.5], np.full((2, 3), 0.3))}, "init needs 8 probabilities a component"),
    ],
)
def test_what_does_not_go_with_it_is_told(people, parameters, said):
    with pytest.raises(ValueError, match=said):
        BernoulliMixture(2, **parameters).fit(people)


def test_ids_are_no_items(tmp_path):
    ids = pd.DataFrame({"q": [0, 1] * 600, "id": np.arange(1200)})
    for X in (ids, ids.astype(str), ids.to_numpy()):
        with pytest.raises(ValueError, match="more than 1000 answers"):
            BernoulliMixture(2, categorical="all").fit(X)


def test_files_say_what_to_do(people, tmp_path):
    people.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(ValueError, match=r"categorical=\['trust', 'party'\] takes them as items"):
        BernoulliMixture(2).fit(tmp_path / "people.csv")
