"""Partitions on Spark's executors: the bits of one process, whoever is lost on the way."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

import mixbern

pytest.importorskip("pyspark", reason="PySpark is not installed")
if shutil.which("java") is None:
    pytest.skip("Java is not installed", allow_module_level=True)
import pyarrow as pa  # noqa: E402
from pyspark.ml import Pipeline, PipelineModel  # noqa: E402
from pyspark.ml.feature import VectorAssembler  # noqa: E402
from pyspark.ml.functions import vector_to_array  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from mixbern.spark import BernoulliMixture, BernoulliMixtureModel  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore:not converged"),
    pytest.mark.filterwarnings("ignore:.* hold.? one value only"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.xdist_group("spark"),
]
OPTIONS = {"n_components": 5, "init": "random", "n_init": 1, "max_iter": 5, "random_state": 3}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def spark():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # what starts soon
        options = {
            "ui.enabled": "false",
            "ui.showConsoleProgress": "false",
            "log.level": "FATAL",
            "driver.host": "127.0.0.1",
            "driver.extraJavaOptions": quick,
            "executor.extraJavaOptions": quick,
            "executor.memory": "512m",
            "sql.shuffle.partitions": "2",
            "sql.codegen.wholeStage": "false",
            "sql.codegen.factoryMode": "NO_CODEGEN",
        }
        builder = SparkSession.builder.master("local-cluster[2,1,1024]")
        session = builder.config(map={f"spark.{name}": value for name, value in options.items()}).getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="module")
def X(mnist):
    return mnist[:3000]


@pytest.fixture(scope="module")
def whole(X):
    return mixbern.BernoulliMixture(**OPTIONS).fit(X)


def bits(X):
    return pa.array([row.tobytes() for row in np.packbits(X, axis=1)], pa.binary())


def frame(spark, n_partitions, **columns):
    return spark.createDataFrame(pa.table(columns)).repartition(n_partitions)


def model_bytes(model, folder):
    """The model file but for its provenance."""
    import safetensors.numpy

    file = folder / "compared.safetensors"
    model.save(file)
    return safetensors.numpy.load_file(file), model.codings_


def assert_same(model, whole, folder):
    (one, coding), (other, its_coding) = model_bytes(model, folder), model_bytes(whole, folder)
    assert {name: cells.tobytes() for name, cells in one.items()} == {
        name: cells.tobytes() for name, cells in other.items()
    }
    assert coding == its_coding
    np.testing.assert_array_equal(model.lower_bounds_, whole.lower_bounds_)


@pytest.mark.parametrize("n_partitions", [2, 5])
def test_packed_bits_get_the_model_of_one_process(spark, X, whole, tmp_path, n_partitions):
    rows = frame(spark, n_partitions, features=bits(X), n=range(len(X)))
    model = BernoulliMixture(**OPTIONS).fit(rows)
    assert_same(model.mixture, whole, tmp_path)
    found = model.transform(rows).orderBy("n").select("prediction", vector_to_array("probability")).toArrow()
    np.testing.assert_array_equal(found.column(0).to_numpy(), whole.labels_)
    np.testing.assert_array_equal(np.stack(found.column(1).to_pylist()), whole.predict_proba(X))


def executors(spark):
    """Processes of the executors, which are the parents of the parents of what runs Python there."""

    def parent(batches):
        stat = Path(f"/proc/{os.getppid()}/stat").read_text(encoding="utf-8")
        yield pa.RecordBatch.from_pydict({"process": [int(stat.rpartition(")")[2].split()[1])]})

    rows = spark.range(0, 2, 1, 2).mapInArrow(parent, "process long").collect()
    return [row.process for row in rows]


def test_an_executor_that_is_killed_is_made_up_for(spark, X, whole, tmp_path):
    victims = executors(spark)[:1]
    assert b"CoarseGrainedExecutorBackend" in Path(f"/proc/{victims[0]}/cmdline").read_bytes()

    def kill(iteration):
        if iteration.iteration == 2 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    rows = frame(spark, 4, pixels=pa.array(list(X.astype(bool)), pa.list_(pa.bool_())))
    model = BernoulliMixture(featuresCol="pixels", callbacks=kill, **OPTIONS).fit(rows)
    assert not victims
    assert_same(model.mixture, whole, tmp_path)


def test_columns_learn_their_answers_from_all_partitions(spark, X, tmp_path):
    answers = {f"q.{d}": pa.array(np.where(X[:600, 300 + d] == 1, "yes", "no")) for d in range(9)}
    answers["q.9"] = pa.array([None if cell else "no" for cell in X[:600, 309]])
    answers["number"] = pa.array(X[:600, 310] + 1.0)
    table = pa.table(answers)
    weights = np.arange(600) // 300 * 2  # of a whole partition zero
    rows = spark.createDataFrame(table.append_column("times", pa.array(weights))).coalesce(1)
    rows = rows.repartitionByRange(2, "times").sortWithinPartitions("`q.5`")
    mixture = BernoulliMixture(inputCols=table.column_names, weightCol="times", **OPTIONS)
    models = mixture.fit(rows, [{mixture.n_components: 2}, {mixture.n_components: 3}])
    assert [len(model.weights_) for model in models] == [2, 3]
    whole = mixbern.BernoulliMixture(**{**OPTIONS, "n_components": 2})
    site = mixbern.federated.Site(mixbern.Dataset(table, sample_weight=weights))
    mixbern.federated.fit(whole, site.facts, site.accumulate)
    np.testing.assert_array_equal(models[0].probabilities_, whole.probabilities_)
    assert models[0].codings_ == mixbern.Dataset(table).codings
    assert list(models[0].feature_names_in_) == table.column_names
    found = models[0].setProbabilityCol("").transform(rows)
    assert found.columns == [*rows.columns, "prediction"]
    shown = found.toArrow()
    np.testing.assert_array_equal(shown["prediction"], models[0].mixture.predict(shown.select(table.column_names)))


def test_pipelines_are_saved_and_loaded(spark, X, tmp_path):
    cells = {f"p{d}": pa.array(X[:400, 350 + d].astype(np.int8)) for d in range(30)}
    rows = spark.createDataFrame(pa.table(cells))
    stages = [VectorAssembler(inputCols=list(cells), outputCol="features"), BernoulliMixture(**OPTIONS)]
    model = Pipeline(stages=stages).fit(rows)
    model.write().overwrite().save(str(tmp_path / "saved"))
    loaded = PipelineModel.load(str(tmp_path / "saved"))
    assert isinstance(loaded.stages[1], BernoulliMixtureModel) and loaded.stages[1].uid == model.stages[1].uid
    found = loaded.transform(rows).select(vector_to_array("probability")).toArrow().column(0).to_pylist()
    np.testing.assert_array_equal(found, model.stages[1].mixture.predict_proba(X[:400, 350:380]))
    (file,) = (tmp_path / "saved" / "stages").glob("*/model.safetensors")
    np.testing.assert_array_equal(mixbern.load(file).probabilities_, model.stages[1].probabilities_)


def test_estimators_are_copied_and_saved(spark, tmp_path):
    first = (np.array([0.5, 0.5]), np.array([[0.2, 0.3], [0.6, 0.7]]))
    mixture = BernoulliMixture(n_components=2, init=first, missing_values={"q": [8, 9]}).setFeaturesCol("pixels")
    mixture.save(str(tmp_path / "estimator"))
    loaded = BernoulliMixture.load(str(tmp_path / "estimator")).copy({mixture.max_iter: 7})
    assert loaded.getOrDefault("max_iter") == 7 and mixture.getOrDefault("max_iter") is None
    assert loaded.getFeaturesCol() == "pixels"
    used = loaded._mixture(())
    np.testing.assert_array_equal(used.init[1], first[1])
    assert used.missing_values == {"q": [8, 9]} and used.smoothing == 1e-6


def test_what_cannot_be_is_told(spark):
    rows = spark.createDataFrame(
        [([0, 1], "a", 1.0, [0, 1, 1]), ([1, 2], "b", None, [0, 1]), ([1, 0], "c", 1.0, None)],
        "cells array<int>, text string, weight double, ragged array<int>",
    )
    fit = lambda **parameters: BernoulliMixture(n_components=2, **parameters).fit(rows)  # noqa: E731
    with pytest.raises(ValueError, match="partition [01]: .*holds 2.*cells are 0, 1"):
        fit(featuresCol="cells")
    with pytest.raises(ValueError, match="partition [01]: the weight is null in 1 row"):
        fit(featuresCol="cells", threshold=0, weightCol="weight")
    with pytest.raises(ValueError, match="partition [01]: (a row has [23] features|'ragged' is null)"):
        fit(featuresCol="ragged")
    with pytest.raises(TypeError, match="'text' has the type string.*inputCols"):
        fit(featuresCol="text")
    with pytest.raises(ValueError, match="'text'. holds a third value"):
        fit(inputCols=["text"])
    with pytest.raises(Exception, match="no_such_column"):
        fit(featuresCol="no_such_column")
    with pytest.raises(TypeError, match="there is no parameter 'n_component', but .*n_components"):
        BernoulliMixture(n_component=2)
    with pytest.raises(ValueError, match="allow init random, wide and model only"):
        fit(featuresCol="cells", threshold=0, init="kmeans")
    with pytest.raises(ValueError, match="0 sample"):
        BernoulliMixture(inputCols=["weight"]).fit(rows.limit(0))


def test_vectors_are_dense_or_sparse(X):
    from pyspark.ml.linalg import Vectors, VectorUDT

    from mixbern._batches import Layout

    rows = X[:6, 200:300].astype(float)
    dense = [Vectors.dense(row) for row in rows]
    sparse = [Vectors.sparse(100, np.flatnonzero(row), np.ones(int(row.sum()))) for row in rows]
    names = ("type", "size", "indices", "values")
    for vectors in (dense, sparse, [*dense[:3], *sparse[3:]]):
        fields = [dict(zip(names, VectorUDT().serialize(one), strict=True)) for one in vectors]
        types = (pa.int8(), pa.int32(), pa.list_(pa.int32()), pa.list_(pa.float64()))
        parts = pa.struct(list(zip(names, types, strict=True)))
        batch = pa.RecordBatch.from_arrays([pa.array(fields, parts)], names=["c0"])
        np.testing.assert_array_equal(mixbern.Dataset(Layout("vector", ["v"], 100).rows(batch)).toarray(), rows)


def test_the_example_of_the_docs_runs(spark, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec((ROOT / "docs" / "scale.md").read_text(encoding="utf-8").split("```python\n")[3].split("```")[0], {})
    assert capsys.readouterr().out == "20000\n"
