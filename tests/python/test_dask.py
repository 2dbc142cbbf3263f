"""Partitions on Dask's workers: the bits of one process, whoever is lost on the way."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

import mixbern

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
import dask  # noqa: E402
import dask.array as da  # noqa: E402
import dask.dataframe as dd  # noqa: E402

from mixbern.dask import BernoulliMixture  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore:not converged"),
    pytest.mark.filterwarnings("ignore:.* hold.? one value only"),
    pytest.mark.filterwarnings("default:::distributed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
OPTIONS = {"n_components": 5, "init": "random", "n_init": 2, "max_iter": 20, "random_state": 3}
ATTRIBUTES = ("weights_", "probabilities_", "lower_bounds_", "log_likelihoods_", "log_likelihood_", "codings_")


@pytest.fixture(scope="module")
def client():
    # Who asks a worker that is gone tries again for so long, by default 30 s.
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
        distributed.LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def X(mnist):
    return mnist[:3000]


@pytest.fixture(scope="module")
def whole(X):
    return mixbern.BernoulliMixture(**OPTIONS).fit(X)


def assert_same(model, whole):
    for name in ATTRIBUTES:
        np.testing.assert_array_equal(getattr(model, name), getattr(whole, name), err_msg=name)


@pytest.mark.parametrize("chunks", [(1000, 784), (431, 300), ((1, 2999), 784)])
def test_arrays_get_the_bits_of_one_process(client, X, whole, chunks):
    rows = da.from_array(X, chunks=chunks)
    model = BernoulliMixture(**OPTIONS).fit(rows)
    assert_same(model, whole)
    predicted = model.predict(rows)
    assert isinstance(predicted, da.Array) and predicted.chunks == (rows.chunks[0],)
    np.testing.assert_array_equal(predicted.compute(), whole.labels_)
    np.testing.assert_array_equal(model.predict_proba(rows).compute(), whole.predict_proba(X))
    assert model.score(rows) == pytest.approx(whole.score(X), rel=1e-12)
    np.testing.assert_array_equal(model.predict(X), whole.labels_)


def test_a_worker_that_is_killed_is_made_up_for(client, X, whole):
    victims = list(client.run(os.getpid).values())[:1]

    def kill(iteration):
        if iteration.iteration == 3 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    model = BernoulliMixture(**OPTIONS, callbacks=kill).fit(da.from_array(X, chunks=(500, 784)))
    assert not victims
    assert_same(model, whole)
    client.wait_for_workers(3, timeout=60)


def test_frames_learn_their_answers_from_all_partitions(client, X):
    cells = X[:2000, 300:340]
    frame = pd.DataFrame(np.where(cells == 1, "yes", "no"), columns=[f"q{d}" for d in range(40)]).sort_values("q5")
    frame = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.01)
    frame["q0"] = "no"
    parts = dd.from_pandas(frame, npartitions=4, sort=False)
    weights = parts["q7"].map_partitions(
        lambda part: part.eq("yes").fillna(False).astype(float) + 1, meta=("weight", float)
    )
    model = BernoulliMixture(**OPTIONS).fit(parts, sample_weight=weights)
    whole = mixbern.BernoulliMixture(**OPTIONS).fit(frame, sample_weight=frame["q7"].eq("yes").astype(float) + 1)
    assert model.codings_ == whole.codings_ and list(model.feature_names_in_) == list(frame.columns)
    # So small a table is fitted with Newton's method where it is in one place.
    np.testing.assert_allclose(model.probabilities_, whole.probabilities_, atol=1e-9)
    one, its_weights = (rows.repartition(npartitions=1) for rows in (parts, weights))
    assert_same(model, BernoulliMixture(**OPTIONS).fit(one, sample_weight=its_weights))
    np.testing.assert_array_equal(model.predict(parts).compute(), whole.predict(frame))


def test_files_are_read_by_workers(client, X, whole, tmp_path):
    files = []
    for first, end in ((0, 700), (700, 1900), (1900, 3000)):
        files.append(tmp_path / f"part-{first}.npy")
        np.save(files[-1], X[first:end])
    model = BernoulliMixture(**OPTIONS).fit(files)
    assert_same(model, whole)
    np.testing.assert_array_equal(model.predict(files).compute(), whole.labels_)
    model.save(tmp_path / "model")
    np.testing.assert_array_equal(mixbern.load(tmp_path / "model").probabilities_, whole.probabilities_)


def test_files_that_mean_other_things_are_refused(tmp_path):
    files = [tmp_path / name for name in ("one.csv", "two.csv", "three.csv")]
    for file, rows in zip(files, ("a,b\n0,1\n1,1\n", "a,b\n0,2\n1,2\n", "a,b\nno,1\nno,0\n"), strict=True):
        file.write_text(rows)
    with dask.config.set(scheduler="threads"):
        with pytest.raises(ValueError, match="two.csv: column 2 has one value there"):
            BernoulliMixture(2).fit(files[:2])
        with pytest.raises(ValueError, match="three.csv: column 1 has one value there.*mixbern convert"):
            BernoulliMixture(2).fit(files[2:])


def test_without_a_cluster_threads_do_the_work(X, whole):
    sparse = da.from_array(X, chunks=(1000, 784)).map_blocks(scipy.sparse.csr_matrix)
    with dask.config.set(scheduler="threads"):
        assert_same(BernoulliMixture(**OPTIONS).fit(sparse), whole)


def test_what_cannot_be_is_told(X):
    rows = da.from_array(X, chunks=(1000, 784))
    with dask.config.set(scheduler="threads"):
        with pytest.raises(ValueError, match="smoothing='auto' holds rows out"):
            BernoulliMixture(2, smoothing="auto").fit(rows)
        with pytest.raises(ValueError, match="one process only"):
            BernoulliMixture(2, semi_supervised=True).fit(rows)
        with pytest.raises(ValueError, match="allow init random, wide and model only"):
            BernoulliMixture(2, init="kmeans").fit(rows)
        with pytest.raises(ValueError, match="sample_weight has 2: rechunk it alike"):
            BernoulliMixture(2).fit(rows, sample_weight=da.ones(3000, chunks=1500))
        with pytest.raises(ValueError, match="2"):
            BernoulliMixture(2).fit(rows + 1)


def test_packed_rows_and_sites_are_pickled(X):
    data = mixbern.Dataset(np.where(X[:50] == 1, np.nan, 0.0), sample_weight=np.arange(50))
    again = pickle.loads(pickle.dumps(data))
    np.testing.assert_array_equal(again.toarray(), data.toarray())
    np.testing.assert_array_equal(again.sample_weight, data.sample_weight)
    site = mixbern.federated.Site(data, n_threads=1)
    assert pickle.loads(pickle.dumps(site)).facts.to_bytes() == site.facts.to_bytes()


def test_the_example_of_the_docs_runs():
    root = Path(__file__).parents[2]
    code = (root / "docs" / "scale.md").read_text(encoding="utf-8").split("```python\n")[2].split("```")[0]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == "20000\n", done.stderr
