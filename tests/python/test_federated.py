"""Those who have rows exchange sums: the same bits as all rows in one place."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from pathlib import Path

import numpy as np
import pytest

import mixbern
from mixbern import BernoulliMixture, Dataset, federated

pytestmark = pytest.mark.filterwarnings("ignore:not converged")
OPTIONS = {"n_components": 5, "init": "random", "n_init": 3, "max_iter": 30, "random_state": 3}


def merged(parts):
    return reduce(lambda one, other: one.merge(other), parts)


@pytest.fixture(scope="module")
def X(mnist):
    return mnist[:3000]


@pytest.fixture(scope="module")
def sites(X):
    return [federated.Site(X[begin:end], n_threads=1) for begin, end in ((0, 900), (900, 1000), (1000, 3000))]


def test_sites_get_the_bits_of_one_table(X, sites, tmp_path):
    whole = BernoulliMixture(**OPTIONS).fit(X)
    with ThreadPoolExecutor(3) as pool:
        model = federated.fit(
            BernoulliMixture(**OPTIONS),
            merged(site.facts for site in sites),
            lambda pass_: merged(pool.map(lambda site: site.accumulate(pass_), sites)),
        )
    for name in ("weights_", "probabilities_", "lower_bounds_", "log_likelihoods_", "log_likelihood_"):
        np.testing.assert_array_equal(getattr(model, name), getattr(whole, name))
    np.testing.assert_array_equal(model.predict(X), whole.labels_)
    model.save(tmp_path / "m")
    assert mixbern.load(tmp_path / "m").fit_record_["n_rows"] == 3000


def test_bytes_and_pickles_are_what_they_were_made_of(sites):
    facts = merged(site.facts for site in sites)
    seen = []

    def run(pass_):
        seen.append(pickle.loads(pickle.dumps(pass_)))
        sums = [federated.Sums.from_bytes(site.accumulate(seen[-1]).to_bytes()) for site in sites]
        return pickle.loads(pickle.dumps(merged(sums)))

    federated.fit(BernoulliMixture(**OPTIONS), federated.Facts.from_bytes(facts.to_bytes()), run)
    assert len(seen) > 30 and (facts.n_rows, facts.n_features, facts.total_weight) == (3000, 784, 3000)
    for kind, value in ((federated.Facts, facts), (federated.Pass, seen[0])):
        bytes_ = value.to_bytes()
        with pytest.raises(ValueError, match="checksum"):
            kind.from_bytes(bytes_[:-1] + bytes([bytes_[-1] ^ 1]))


def test_items_of_several_answers_are_exchanged():
    rng = np.random.default_rng(2)
    answers = rng.integers(0, 4, (3000, 20)).astype(str)
    answers[rng.random(answers.shape) < 0.05] = ""
    whole = Dataset(answers, categorical="all", missing_values="")
    parts = [Dataset(answers[rows], categorical="all", missing_values="") for rows in (slice(0, 1000), slice(1000, 3000))]
    sites = [federated.Site(part, n_threads=1) for part in parts]
    facts = federated.Facts.from_bytes(merged(site.facts for site in sites).to_bytes())
    assert facts.n_features == 80 and facts.categorical == whole.categorical
    model = federated.fit(
        BernoulliMixture(**OPTIONS), facts, lambda pass_: merged(site.accumulate(pass_) for site in sites)
    )
    expected = BernoulliMixture(**OPTIONS).fit(whole)
    for name in ("weights_", "probabilities_", "log_likelihood_", "n_parameters_"):
        np.testing.assert_array_equal(getattr(model, name), getattr(expected, name))
    assert [item.categories for item in model.items_] == [list("0123")] * 20
    np.testing.assert_array_equal(model.predict(whole), expected.labels_)
    with pytest.raises(ValueError, match="item 1 has the answers 0, 1, 2, 3 in one part, and item 1 the answers 0, 1, 2 in"):
        facts.merge(federated.Site(Dataset(np.char.replace(answers, "3", "2"), categorical="all", missing_values="")).facts)


def test_what_goes_wrong_is_told(X, sites):
    facts = merged(site.facts for site in sites)
    model = BernoulliMixture(**OPTIONS)
    with pytest.raises(ValueError, match="sums of 900 rows, but there are 3000"):
        federated.fit(model, facts, sites[0].accumulate)
    with pytest.raises(ZeroDivisionError):
        federated.fit(model, facts, lambda pass_: 1 // 0)
    with pytest.raises(TypeError, match="merged Sums"):
        federated.fit(model, facts, lambda pass_: None)
    with pytest.raises(ValueError, match="allow init random, wide and model only"):
        federated.fit(BernoulliMixture(2, init="kmeans"), facts, sites[0].accumulate)
    with pytest.raises(ValueError, match="3000 and of|784 and of 4"):
        facts.merge(federated.Site(Dataset(X[:5, :4])).facts)
    with pytest.raises(ValueError, match="do not include these rows"):
        federated.fit(model, sites[1].facts, sites[2].accumulate)


def test_the_example_of_the_docs_runs():
    text = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    folder = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "the same bits\n"
