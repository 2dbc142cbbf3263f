"""What the parts of the estimator share: its parameters, the fitted mixture, and rows as the core has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import _check_n_features, check_is_fitted, validate_data

from . import _core
from ._answers import One, with_answers
from ._arrays import without_mask
from ._dataset import Dataset, packed
from ._feature_names import FeatureNames, given_names
from ._foreign import is_foreign, is_stream, table_in
from ._items import (
    CategoricalItem,
    Item,
    both_answers,
    called,
    categorical_of,
    column_labels,
    n_items,
    names_of_columns,
    require_same,
    stretches,
)
from ._missing import MissingValues, missing_codes
from ._parameters import MOST_THREADS, count, finite, seed, tolerance, word
from ._paths import paths_of
from ._picking import own_columns
from ._reading import Categorical, Reading, categorical_columns


class MixtureBase:
    """A fitted mixture and what it takes to read rows for it."""

    smoothing: float | str
    smoothing_target: str
    semi_supervised: bool
    weights_kind: str
    threshold: float | None
    missing_values: MissingValues
    feature_names: FeatureNames
    one: One
    categorical: Categorical
    random_state: int | np.random.RandomState | None
    n_threads: int | None

    smoothing_: float
    weights_: NDArray[np.float64]
    probabilities_: NDArray[np.float64]
    n_features_in_: int
    feature_names_in_: NDArray[np.object_]
    codings_: list[tuple[str, str]]
    categorical_: list[CategoricalItem]
    constraints_: _core.Constraints

    def _data(self, X: Any, *, reset: bool = False) -> _core.Dataset:
        """Packed rows, with the number and the names of their features checked as scikit-learn does."""
        how = self._reading(reset)
        X = table_in(X) if reset and is_foreign(X) else X if reset else own_columns(X, self)
        is_arrow = (hasattr(X, "__arrow_c_stream__") and not hasattr(X, "iloc")) or is_stream(X)
        if is_arrow or isinstance(X, Dataset) or paths_of(X) is not None:
            data = self._packed(X, how)
            self._check_names(data, reset)
            return self._with_items(data, reset)
        checked = _checked(X, self)
        if reset or self.feature_names is None or hasattr(checked, "columns"):
            validate_data(self, checked, reset=reset, skip_check_array=True)
        else:
            _check_n_features(self, checked, reset=False)  # rows without names are what was fitted
        if reset and not hasattr(checked, "columns"):
            self._take_names(None, checked.shape[1])
        if not reset and not how.codings and isinstance(checked, np.ndarray):
            how = replace(how, codings=[("0", "1")] * checked.shape[1])  # what the fit took is not coded anew
        if reset and how.categorical and hasattr(self, "feature_names_in_"):
            how = replace(how, names=[str(name) for name in self.feature_names_in_])
        data = self._packed(checked, how)
        _require_rows(data)
        return self._with_items(data, reset)

    def _reading(self, reset: bool) -> Reading:
        """How cells are read: as the fitted model had them, or as the parameters say."""
        threshold = finite("threshold", self.threshold)
        missing = missing_codes(self.missing_values)
        if reset:
            return Reading(threshold=threshold, missing=missing, categorical=categorical_columns(self.categorical))
        return Reading(self.codings_, categorical_of(self), threshold, missing)

    def _packed(self, X: Any, how: Reading) -> _core.Dataset:
        """Rows with the coding of the fitted model, or, of a fit, with the answers that were chosen as ones."""
        data = packed(X, how)
        return data if how.codings else with_answers(data, self.one)

    def _with_items(self, data: _core.Dataset, reset: bool) -> _core.Dataset:
        """`data`, whose items are those of the model, or become them."""
        if reset:
            self.categorical_ = called(data.categorical, data.n_features, column_labels(self))
        else:
            require_same(data, self)
        return data

    @property
    def answers_(self) -> list[str]:
        """What the 1 of each feature is called, whose probability the model gives; empty where a 1 was a 1."""
        items = categorical_of(self)
        if not items:
            return _core.answers(list(self.codings_), self.threshold, self.n_features_in_)
        of = stretches(len(self.codings_), items)
        of_binary = iter(_core.answers([self.codings_[first] for first, answers in of if not answers], None, 0))
        return [name for _, answers in of for name in answers or [next(of_binary)]]

    @property
    def items_(self) -> list[Item]:
        """The items in the order of their columns, each with its name, answers and probabilities."""
        check_is_fitted(self, "weights_")
        of = stretches(self.probabilities_.shape[1], categorical_of(self))
        return [self._item(name, *item) for name, item in zip(column_labels(self), of, strict=True)]

    def _item(self, name: str, first: int, answers: list[str]) -> Item:
        if answers:
            return Item(name, answers, self.probabilities_[:, first : first + len(answers)])
        texts = both_answers(list(self.codings_), first)
        if self.threshold is not None:
            texts = [f"<= {self.threshold:g}", f"> {self.threshold:g}"]
        one = self.probabilities_[:, first]
        return Item(name, texts, np.column_stack([1 - one, one]))

    def _check_names(self, data: _core.Dataset, reset: bool) -> None:
        _require_rows(data)
        n_columns = n_items(data.n_features, data.categorical)
        found = names_of_columns(data, data.n_features)
        names = np.array(found, dtype=object) if found else None
        if reset:
            self.n_features_in_ = n_columns
            self._take_names(names, n_columns)
            return
        if n_columns != self.n_features_in_:
            raise ValueError(
                f"X has {n_columns} features, but {type(self).__name__} is expecting {self.n_features_in_} "
                "features as input"
            )
        own = getattr(self, "feature_names_in_", None)
        if own is not None and names is not None and list(own) != list(names):
            raise ValueError("The feature names should match those that were passed during fit.")

    def _take_names(self, names: NDArray[np.object_] | None, n_features: int) -> None:
        """Names of the features: their own, or else those that were given."""
        if names is None:
            names = given_names(self.feature_names, n_features)
        if names is not None:
            self.feature_names_in_ = names
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_

    def _mixture(self) -> _core.Mixture:
        check_is_fitted(self, "weights_")
        return _core.Mixture(
            np.ascontiguousarray(self.weights_, dtype=np.float64),
            np.ascontiguousarray(self.probabilities_, dtype=np.float64),
            categorical_of(self),
            getattr(self, "constraints_", _core.Constraints()),
        )

    def _fitted_data(self, X: Any) -> tuple[_core.Mixture, _core.Dataset, _core.PosteriorOptions]:
        mixture = self._mixture()
        return mixture, self._data(X), _core.PosteriorOptions(self._threads())

    def _estimation(self, weights_kind: str, smoothing: float) -> _core.Estimation:
        """What makes an estimate, for a fit and for whatever is asked of it later."""
        return _core.Estimation(
            smoothing=smoothing,
            smoothing_target=word("smoothing_target", self.smoothing_target),
            semi_supervised=bool(self.semi_supervised),
            weights_kind=word("weights_kind", weights_kind),
        )

    def _chooses_smoothing(self) -> bool:
        """Whether the data is to choose it."""
        if isinstance(self.smoothing, str) and self.smoothing != "auto":
            raise ValueError(f"smoothing must be a number of at least 0 or 'auto', not {self.smoothing!r}")
        return self.smoothing == "auto"

    def _given_smoothing(self) -> float:
        return tolerance("smoothing", self.smoothing) or 0.0

    def _fitted_smoothing(self) -> float:
        return float(self.smoothing_ if self._chooses_smoothing() else self._given_smoothing())

    def _seed(self) -> int:
        if isinstance(self.random_state, (int, np.integer)):
            return seed("random_state", self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _threads(self) -> int:
        return count("n_threads", self.n_threads, MOST_THREADS)


def _checked(X: Any, estimator: object) -> Any:
    """`X` with scikit-learn's checks of its dimensions; its cells are looked at when they are packed."""
    if hasattr(X, "iloc"):
        return X
    if scipy.sparse.issparse(X):
        return check_array(
            X, accept_sparse=True, dtype=None, ensure_all_finite=False, estimator=estimator, input_name="X"
        )
    if isinstance(X, np.ma.MaskedArray):
        X = without_mask(X)
    array = X if isinstance(X, np.ndarray) else _as_array(X)
    if np.iscomplexobj(array):
        raise ValueError(f"Complex data not supported\n{array}\n")
    check_array(array, dtype=None, ensure_all_finite=False, estimator=estimator, input_name="X")
    return array


def _as_array(X: Any) -> NDArray[Any]:
    array = np.asarray(X)
    if array.dtype.kind in "US" and not all(isinstance(cell, (str, bytes)) for row in X for cell in row):
        return np.array([[cell for cell in row] for row in X], dtype=object)
    return array


def _require_rows(data: _core.Dataset) -> None:
    if data.n_rows == 0:
        raise ValueError(
            f"Found array with 0 sample(s) (shape={(data.n_rows, data.n_features)}) while a minimum of 1 is required."
        )
    if data.n_features == 0:
        raise ValueError(
            f"Found array with 0 feature(s) (shape={(data.n_rows, data.n_features)}) while a minimum of 1 is required."
        )
