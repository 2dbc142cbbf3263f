"""Parameters of the estimator for Spark, and where it finds the cells of a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from pyspark.ml.linalg import VectorUDT
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasFeaturesCol, HasInputCols, HasPredictionCol, HasProbabilityCol, HasWeightCol
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BinaryType, BooleanType, NumericType

from ._batches import Layout
from ._estimator import BernoulliMixture


def named(name: str) -> Column:
    """The column of just this name, which may hold dots."""
    return F.col("`" + name.replace("`", "``") + "`")


def cells(layout: Layout) -> list[Column]:
    """The columns of a layout as workers take them."""
    columns = [named(name) for name in layout.names]
    if layout.kind == "vector":
        columns = [F.unwrap_udt(column) for column in columns]
    return [column.alias(f"c{d}") for d, column in enumerate(columns)]


class Columns(HasFeaturesCol, HasInputCols, HasPredictionCol, HasProbabilityCol):
    """Columns that rows are in and answers go to."""

    n_features: Param[int] = Param(
        Params._dummy(), "n_features", "features of a row of packed bits", TypeConverters.toInt
    )
    bitorder: Param[str] = Param(
        Params._dummy(), "bitorder", "which bit of a byte is first: big or little", TypeConverters.toString
    )

    def __init__(self) -> None:
        super().__init__()
        self._setDefault(bitorder="big")

    def setFeaturesCol(self, value: str) -> Any:
        return self._set(featuresCol=value)

    def setInputCols(self, value: list[str]) -> Any:
        return self._set(inputCols=value)

    def setPredictionCol(self, value: str) -> Any:
        return self._set(predictionCol=value)

    def setProbabilityCol(self, value: str) -> Any:
        return self._set(probabilityCol=value)

    def _kind(self, dataset: DataFrame) -> str:
        if self.isDefined(self.inputCols):
            if self.isSet(self.featuresCol):
                raise ValueError("featuresCol and inputCols are set: rows are in one or in the others")
            return "columns"
        name = self.getFeaturesCol()
        of_cells = dataset.select(named(name)).schema[0].dataType
        if isinstance(of_cells, ArrayType) and isinstance(of_cells.elementType, (NumericType, BooleanType)):
            return "array"
        if isinstance(of_cells, VectorUDT):
            return "vector"
        if isinstance(of_cells, BinaryType):
            return "bits"
        raise TypeError(
            f"column {name!r} has the type {of_cells.simpleString()}: featuresCol is an array of numbers, a vector or "
            "packed bits; several columns, of numbers or texts, are inputCols"
        )

    def _layout(self, dataset: DataFrame, n_features: int | None = None) -> Layout:
        """Where rows have their cells; the first row is looked at if nobody knows how many."""
        kind = self._kind(dataset)
        names = list(self.getInputCols()) if kind == "columns" else [self.getFeaturesCol()]
        if kind == "bits" and n_features is None and self.isDefined(self.n_features):
            n_features = self.getOrDefault(self.n_features)
        if n_features is None:
            n_features = len(names) if kind == "columns" else _width(dataset, names[0], kind)
        return Layout(kind, names, n_features, self.getOrDefault(self.bitorder))


def _width(dataset: DataFrame, name: str, kind: str) -> int:
    """How many features the first row has that is not null."""
    column = named(name)
    if kind == "vector":
        plain = F.unwrap_udt(column)
        width = F.coalesce(plain["size"], F.size(plain["values"]))
    else:
        width = F.size(column) if kind == "array" else 8 * F.length(column)
    first = dataset.select(width.alias("width")).filter("width > 0").first()
    if first is None:
        raise ValueError(f"column {name!r} holds no row with features")
    return int(first[0])


class MixtureParams(Columns, HasWeightCol):
    """Those of :class:`mixbern.BernoulliMixture` that clusters know."""

    n_components: Param[int] = Param(Params._dummy(), "n_components", "components", TypeConverters.toInt)
    tol: Param[float] = Param(Params._dummy(), "tol", "gain to come that ends a start", TypeConverters.toFloat)
    max_iter: Param[int] = Param(Params._dummy(), "max_iter", "iterations at most", TypeConverters.toInt)
    n_init: Param[int] = Param(Params._dummy(), "n_init", "starts", TypeConverters.toInt)
    init: Param[Any] = Param(Params._dummy(), "init", "first parameters", lambda value: _plain(value))
    smoothing: Param[float] = Param(Params._dummy(), "smoothing", "pseudo-count", TypeConverters.toFloat)
    smoothing_target: Param[str] = Param(
        Params._dummy(), "smoothing_target", "half or item", TypeConverters.toString
    )
    threshold: Param[float] = Param(
        Params._dummy(), "threshold", "cells are 1 where they are greater", TypeConverters.toFloat
    )
    missing_values: Param[Any] = Param(Params._dummy(), "missing_values", "what else is missing")
    one: Param[Any] = Param(Params._dummy(), "one", "answers that are 1")
    random_state: Param[int] = Param(Params._dummy(), "random_state", "seed", TypeConverters.toInt)
    n_threads: Param[int] = Param(Params._dummy(), "n_threads", "threads of a task", TypeConverters.toInt)
    precision: Param[str] = Param(Params._dummy(), "precision", "auto, fast or double", TypeConverters.toString)
    acceleration: Param[str] = Param(
        Params._dummy(), "acceleration", "auto, none, anderson or newton", TypeConverters.toString
    )
    checkpoint: Param[str] = Param(Params._dummy(), "checkpoint", "file of the driver", TypeConverters.toString)
    checkpoint_every: Param[float] = Param(Params._dummy(), "checkpoint_every", "seconds", TypeConverters.toFloat)
    resume: Param[str] = Param(Params._dummy(), "resume", "checkpoint to go on from", TypeConverters.toString)
    verbose: Param[int] = Param(Params._dummy(), "verbose", "progress bar", TypeConverters.toInt)

    def setWeightCol(self, value: str) -> Any:
        return self._set(weightCol=value)

    def _set_usual(self) -> None:
        """The defaults of one process."""
        usual = BernoulliMixture().get_params()
        self._setDefault(**{name: value for name, value in usual.items() if self.hasParam(name)})

    def _mixture(self, callbacks: Any) -> BernoulliMixture:
        """What fits, with these parameters."""
        given = {name: self.getOrDefault(name) for name in BernoulliMixture().get_params() if self.hasParam(name)}
        if not isinstance(given["init"], str):
            given["init"] = tuple(given["init"])
        return BernoulliMixture(**given, callbacks=callbacks)


def _plain(init: Any) -> Any:
    """A name, or weights and probabilities as JSON knows them."""
    if isinstance(init, str):
        return init
    if not isinstance(init, Iterable):
        raise TypeError("init is a name or the pair (weights, probabilities)")
    return [np.asarray(part, dtype=np.float64).tolist() for part in init]
