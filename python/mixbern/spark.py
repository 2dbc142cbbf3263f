"""Fits to the partitions of a Spark DataFrame, as an ``Estimator`` of ``pyspark.ml``.

Each partition is packed once, one bit a cell, and kept by Spark; an iteration is one job, which sends the model to all
partitions and merges the sums in a tree. They are whole numbers, so the result has the bits of one process, whatever the
partitions, their order, and the executors that were lost on the way: what an executor had is packed again elsewhere.
"""

from __future__ import annotations

import os
import tempfile
from functools import partial
from typing import Any

import numpy as np

from . import federated
from ._estimator import BernoulliMixture as OnOneMachine
from ._loading import load_estimator
from ._missing import missing_codes, telling_values
from ._parts import merged, reader_of, refuse_what_needs_all_rows, require_parts

try:
    import pyarrow as pa
    from pyspark import StorageLevel, keyword_only
    from pyspark.ml import Estimator, Model
    from pyspark.ml.functions import array_to_vector
    from pyspark.ml.util import (
        DefaultParamsReadable,
        DefaultParamsReader,
        DefaultParamsWritable,
        DefaultParamsWriter,
        MLReadable,
        MLReader,
        MLWritable,
        MLWriter,
    )
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as F
    from pyspark.sql.pandas.functions import arrow_udf
    from pyspark.util import inheritable_thread_target

    from . import _spark_rows
    from ._batches import Layout, few_rows
    from ._spark_params import Columns, MixtureParams, cells, named
except ImportError as missing:
    raise ImportError("mixbern.spark needs PySpark 4.1 or later: pip install mixbern[spark]") from missing

__all__ = ["BernoulliMixture", "BernoulliMixtureModel"]

_MERGED_AT_ONCE = 8
_MODEL_FILE = "model.safetensors"


class BernoulliMixture(
    Estimator["BernoulliMixtureModel"],
    MixtureParams,
    DefaultParamsReadable["BernoulliMixture"],
    DefaultParamsWritable,
):
    """:class:`mixbern.BernoulliMixture` for DataFrames of Spark, with the manners of ``pyspark.ml``.

    Parameters have the names of :class:`mixbern.BernoulliMixture`, which describes them, and are given by keyword, with
    ``setParams`` or in a map of ``Params``: ``n_components``, ``tol``, ``max_iter``, ``n_init``, ``init`` (``"random"``,
    ``"wide"`` or ``(weights, probabilities)``), ``smoothing``, ``smoothing_target``, ``threshold``, ``missing_values``,
    ``one``, ``random_state``, ``n_threads`` (those of a task, by default one), ``precision``, ``acceleration``,
    ``checkpoint``, ``checkpoint_every``, ``resume``, ``verbose``; and ``callbacks``, which are no ``Param``: copies keep
    them, files do not.

    Parameters
    ----------
    inputCols : list of str
        A column for each feature, of two values over all rows: booleans, numbers, texts.
    featuresCol : str, default="features"
        Or one column of rows: an array of 0 and 1 or booleans, a vector, dense or sparse, or binary, the features' bits.
        Null in an array, and NaN, are missing.
    n_features : int, default=None
        Of packed bits; by default 8 a byte.
    bitorder : {"big", "little"}, default="big"
        Of packed bits, as in :func:`numpy.packbits`.
    weightCol : str, default=None
        How often a row was seen.
    predictionCol, probabilityCol : str
        By default ``"prediction"`` and ``"probability"``; empty for none.
    """

    callbacks: Any = ()

    @keyword_only
    def __init__(self, **parameters: Any) -> None:
        super().__init__()
        self._set_usual()
        self.setParams(**parameters)

    @keyword_only
    def setParams(self, **parameters: Any) -> BernoulliMixture:
        """Set any of the parameters."""
        self.callbacks = parameters.pop("callbacks", self.callbacks)
        unknown = [name for name in parameters if not self.hasParam(name)]
        if unknown:
            raise TypeError(f"there is no parameter {unknown[0]!r}, but {', '.join(p.name for p in self.params)}")
        return self._set(**parameters)

    def _fit(self, dataset: DataFrame) -> BernoulliMixtureModel:
        mixture = self._mixture(self.callbacks)
        layout = self._layout(dataset)
        _learn_columns(mixture, layout, dataset)
        weights = [named(self.getWeightCol()).cast("double").alias("weight")] if self.isDefined(self.weightCol) else []
        pack = partial(_spark_rows.pack, reader_of(mixture), layout)
        sites = dataset.select(*cells(layout), *weights).mapInArrow(pack, _spark_rows.ANSWERS)
        sites.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            _fit_to(sites, mixture)
        finally:
            sites.unpersist()
        return self._copyValues(BernoulliMixtureModel(mixture))


class BernoulliMixtureModel(Model, Columns, MLReadable["BernoulliMixtureModel"], MLWritable):
    """A fitted mixture, which adds the most probable component and the posteriors to a DataFrame.

    Attributes
    ----------
    mixture : mixbern.BernoulliMixture
        The model for rows of this process. Its attributes, such as ``weights_``, ``probabilities_`` and
        ``lower_bound_``, are also those of this object.
    """

    def __init__(self, mixture: OnOneMachine | None = None) -> None:
        super().__init__()
        self.mixture = mixture

    def __getattr__(self, name: str) -> Any:
        if name.endswith("_") and not name.startswith("_"):
            return getattr(self.mixture, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _transform(self, dataset: DataFrame) -> DataFrame:
        assert self.mixture is not None
        names = {"prediction": self.getPredictionCol(), "probability": self.getProbabilityCol()}
        for name in names.values():
            if name in dataset.columns:
                raise ValueError(f"there is a column {name!r} already: set predictionCol and probabilityCol")
        layout = self._layout(dataset, self.mixture.n_features_in_)
        reader = reader_of(self.mixture)

        def answer(rows: pa.Array) -> pa.Array:
            return _spark_rows.predictions(reader, layout, rows)

        both = arrow_udf(answer, "prediction int, probability array<double>")  # type: ignore[call-overload]
        found = F.col(self.uid)
        columns = {"prediction": found["prediction"], "probability": array_to_vector(found["probability"])}
        wanted = {name: columns[answer] for answer, name in names.items() if name}
        return dataset.withColumn(self.uid, both(F.struct(*cells(layout)))).withColumns(wanted).drop(self.uid)

    def write(self) -> MLWriter:
        """What saves the parameters, and the model as ``model.safetensors``, which :func:`mixbern.load` reads."""
        return _Writer(self)

    @classmethod
    def read(cls) -> MLReader[BernoulliMixtureModel]:
        """What loads it."""
        return _Reader()


class _Writer(MLWriter):
    def __init__(self, model: BernoulliMixtureModel) -> None:
        super().__init__()
        self._model = model

    def saveImpl(self, path: str) -> None:
        assert self._model.mixture is not None
        DefaultParamsWriter.saveMetadata(self._model, path, self.sparkSession)
        with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
            local = os.path.join(folder, _MODEL_FILE)
            self._model.mixture.save(local)
            files, stored, copied = _places(self.sparkSession, path, local)
            files.copyFromLocalFile(copied, stored)


class _Reader(MLReader[BernoulliMixtureModel]):
    def load(self, path: str) -> BernoulliMixtureModel:
        metadata = DefaultParamsReader.loadMetadata(path, self.sparkSession)
        with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
            local = os.path.join(folder, _MODEL_FILE)
            files, stored, copied = _places(self.sparkSession, path, local)
            files.copyToLocalFile(stored, copied)
            model = BernoulliMixtureModel(load_estimator(local))
        model._resetUid(metadata["uid"])
        DefaultParamsReader.getAndSetParams(model, metadata)
        return model


def _places(spark: SparkSession, path: str, local: str) -> tuple[Any, Any, Any]:
    """The file system of Hadoop that has `path`, the model file there, and a file of this machine."""
    context: Any = spark.sparkContext
    to_path = context._jvm.org.apache.hadoop.fs.Path
    stored = to_path(path, _MODEL_FILE)
    return stored.getFileSystem(context._jsc.hadoopConfiguration()), stored, to_path("file://" + local)


def _learn_columns(mixture: OnOneMachine, layout: Layout, dataset: DataFrame) -> None:
    """Names and answers of the features, which are looked for in all partitions."""
    rows: Any = np.repeat(np.array([[0], [1]], dtype=np.uint8), layout.n_features, axis=1)
    if layout.kind == "columns":
        chosen = dataset.select(*cells(layout))
        most = telling_values(missing_codes(mixture.missing_values))
        few = chosen.mapInArrow(partial(few_rows, most), chosen.schema)
        rows = few.toArrow().rename_columns(layout.names)
        if rows.num_rows == 0:
            raise ValueError("there are 0 samples with an answer in inputCols")
    mixture.codings_ = mixture._data(rows, reset=True).codings
    refuse_what_needs_all_rows(mixture)


def _fit_to(sites: DataFrame, mixture: OnOneMachine) -> None:
    n_parts = sites.select(F.spark_partition_id()).distinct().count()
    facts = _merged(sites.mapInArrow(_spark_rows.facts, _spark_rows.ANSWERS), n_parts)
    require_parts(facts)
    spark = sites.sparkSession

    # Passes are asked for by a thread of the fit; it has the job group and the pool of this one.
    @inheritable_thread_target(spark)
    def run(pass_: federated.Pass) -> federated.Sums:
        asked = spark.sparkContext.broadcast(pass_.to_bytes())
        try:
            answers = sites.mapInArrow(partial(_spark_rows.sums, asked), _spark_rows.ANSWERS)
            found: federated.Sums = _merged(answers, n_parts)
            return found
        finally:
            asked.destroy()

    federated._fit(mixture, facts, run)


def _merged(parts: DataFrame, n_parts: int) -> Any:
    """What the parts make together, merged in a tree."""
    while n_parts > _MERGED_AT_ONCE:
        n_parts = -(-n_parts // _MERGED_AT_ONCE)
        parts = parts.repartition(n_parts).mapInArrow(_spark_rows.merge, _spark_rows.ANSWERS)
    return merged(_spark_rows.contents((row[0], row[1]) for row in parts.collect()))
