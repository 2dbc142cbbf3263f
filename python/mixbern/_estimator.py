"""The estimator, in the manner of scikit-learn."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, DensityMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _core
from ._data import Dataset, checked_weights, to_core, unpacked
from ._model_file import ModelFiles
from ._progress import ProgressBar
from ._statistics import Statistics
from ._views import Views

Init: TypeAlias = str | tuple[ArrayLike, ArrayLike]


class Iteration(NamedTuple):
    """What a callback is told after each iteration of each start."""

    stage: str
    """``"search"`` and ``"polish"``, or ``"fit"`` where all starts are run to the end."""
    start: int
    """Which start, from 0."""
    n_starts: int
    iteration: int
    """Iterations of this start so far, from 1."""
    mean_log_likelihood: float
    """Nats a row, of the parameters before the M-step."""
    remaining_gain: float
    """Estimate of what is still to come, nats a row; NaN if unknown."""


Callback: TypeAlias = Callable[[Iteration], object]


class BernoulliMixture(
    ModelFiles,
    Statistics,
    Views,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    DensityMixin,
    BaseEstimator,
):
    r"""Mixture of multivariate Bernoulli distributions, also called latent class model.

    :math:`p(x) = \sum_k \pi_k \prod_d \theta_{kd}^{x_d} (1 - \theta_{kd})^{1 - x_d}`, fitted by expectation
    maximisation from several starts. Each start is run for a while, the best ones to the end. Data, options and
    ``random_state`` decide the result, the number of threads does not.

    Parameters
    ----------
    n_components : int, default=1
        Components (classes, clusters).
    tol : float, default=None
        A start ends when the gain that is still to come is estimated to be below this, in nats a row. By default
        1e-6, and tighter where iterations are cheap.
    max_iter : int, default=None
        Iterations of a start at most. By default 10,000, or 100,000 where they are cheap.
    n_init : int, default=None
        Starts. By default more where they are cheap.
    init : {"random", "rows", "kmeans", "kmeans++", "labels"} or (weights, probabilities), default="random"
        How a start finds its first parameters: item means with noise; rows of the data; clusters; the class means of
        ``y``; or the given ones.
    smoothing : float, default=1e-6
        Pseudo-count that is added to the ones and to the zeros of every cell and to the weight of every component: the
        posterior mode under Beta(1 + a, 1 + a). 0 is maximum likelihood.
    threshold : float, default=None
        Cells are 1 where they are greater; for counts, grey values and measurements. By default cells have to be
        two-valued.
    semi_supervised : bool, default=False
        Whether rows whose class ``y`` is known (not -1) keep it.
    random_state : int, RandomState instance or None, default=None
        An int is the seed that the command line calls ``--seed``.
    n_threads : int, default=None
        By default all processors.
    precision : {"auto", "fast", "double"}, default="auto"
        Arithmetic of the iterations; what is reported is always evaluated in double precision.
    acceleration : {"auto", "none", "anderson", "newton"}, default="auto"
        How the number of iterations is kept down.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the last one.
    callbacks : callable or sequence of callables, default=()
        Each is called with an :class:`Iteration` after each iteration, from a thread that works on the fit, one at a
        time. One that returns something true ends the fit with the best model so far.
    verbose : int, default=0
        Whether to show a progress bar (with tqdm, where that is installed).

    Attributes
    ----------
    weights_ : ndarray of shape (n_components,)
        Mixing proportions, largest first; with ``semi_supervised`` in the order of the classes.
    probabilities_ : ndarray of shape (n_components, n_features)
        P(feature is 1 given component).
    converged_ : bool
    n_iter_ : int
        Iterations of the start that won.
    lower_bound_ : float
        Mean log-likelihood of a row, in nats.
    lower_bounds_ : ndarray of shape (n_iter_,)
        The same before each M-step of the start that won.
    log_likelihood_ : float
        Of all rows together, with their weights.
    log_likelihoods_ : ndarray of shape (n_init_,)
        One a start, as far as it was run.
    n_init_, n_init_at_best_ : int
        Starts, and those of them that reached the best log-likelihood.
    stop_reason_ : {"tolerance", "max_iter", "cancelled"}
    n_parameters_ : int
        Free parameters.
    labels_ : ndarray of shape (n_samples,)
        The most probable component of each row of the training data.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Only where the features have names.
    codings_ : list of (str, str)
        What 0 and 1 of each feature were called; empty where they were 0 and 1.
    fit_record_ : dict
        What a model file says of the fit.

    Examples
    --------
    >>> import numpy as np
    >>> from mixbern import BernoulliMixture
    >>> X = np.repeat([[1, 1, 1, 0], [0, 0, 0, 1]], [30, 10], axis=0)
    >>> model = BernoulliMixture(n_components=2, random_state=0).fit(X)
    >>> model.weights_.round(3)
    array([0.75, 0.25])
    >>> model.predict([[1, 1, 0, 0]])
    array([0])
    """

    weights_: NDArray[np.float64]
    probabilities_: NDArray[np.float64]
    converged_: bool
    n_iter_: int
    lower_bound_: float
    lower_bounds_: NDArray[np.float64]
    log_likelihood_: float
    log_likelihoods_: NDArray[np.float64]
    n_init_: int
    n_init_at_best_: int
    stop_reason_: str
    n_parameters_: int
    labels_: NDArray[np.int64]
    n_features_in_: int
    feature_names_in_: NDArray[np.object_]
    codings_: list[tuple[str, str]]

    def __init__(
        self,
        n_components: int = 1,
        *,
        tol: float | None = None,
        max_iter: int | None = None,
        n_init: int | None = None,
        init: Init = "random",
        smoothing: float = 1e-6,
        threshold: float | None = None,
        semi_supervised: bool = False,
        random_state: int | np.random.RandomState | None = None,
        n_threads: int | None = None,
        precision: Literal["auto", "fast", "double"] = "auto",
        acceleration: Literal["auto", "none", "anderson", "newton"] = "auto",
        warm_start: bool = False,
        callbacks: Callback | Sequence[Callback] = (),
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.tol = tol
        self.max_iter = max_iter
        self.n_init = n_init
        self.init = init
        self.smoothing = smoothing
        self.threshold = threshold
        self.semi_supervised = semi_supervised
        self.random_state = random_state
        self.n_threads = n_threads
        self.precision = precision
        self.acceleration = acceleration
        self.warm_start = warm_start
        self.callbacks = callbacks
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = self.threshold is None
        return tags

    # Fitting

    def fit(self, X: Any, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None) -> BernoulliMixture:
        """Fit the mixture.

        Ctrl-C ends it within half a second; the exception that follows finds the best model so far in place.

        Parameters
        ----------
        X : array-like, sparse matrix, frame, Arrow table, path or Dataset, of shape (n_samples, n_features)
            Two values a feature. Arrays and sparse matrices hold 0 and 1, and NaN where a cell is missing; columns
            of frames, and arrays of text, hold any two values, which become 0 and 1 in their natural order.
        y : array-like of shape (n_samples,), default=None
            Known classes, 0 … n_components - 1, and -1 where unknown. Used with ``semi_supervised`` and
            ``init="labels"`` only.
        sample_weight : array-like of shape (n_samples,), default=None
            A row of weight 2 counts like two rows.

        Returns
        -------
        self
        """
        data = self._data(X, reset=True)
        uses_labels = self.semi_supervised or (isinstance(self.init, str) and self.init == "labels")
        data = _with_rows(data, sample_weight, y if uses_labels else None)
        options = self._fit_options()
        with ProgressBar(self.verbose) as bar:
            result, error = _core.fit(data, options, self._on_iteration(), bar.tick)
        self._take(result, data)
        if error is not None:
            raise error  # type: ignore[misc]
        for message in self._warnings(result):
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        return self

    def fit_predict(
        self, X: Any, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> NDArray[np.int64]:
        """Fit, and return the most probable component of each row.

        Parameters
        ----------
        X, y, sample_weight
            As in :meth:`fit`.

        Returns
        -------
        labels : ndarray of shape (n_samples,)
        """
        return self.fit(X, y, sample_weight).labels_

    def _fit_options(self) -> _core.FitOptions:
        model = self._first_model()
        return _core.FitOptions(
            n_components=_count("n_components", self.n_components),
            init="model" if model is not None else self._init_name(),
            n_init=_count("n_init", self.n_init),
            max_iter=_count("max_iter", self.max_iter),
            tol=_positive("tol", self.tol),
            smoothing=float(self.smoothing),
            seed=self._seed(),
            threads=self._threads(),
            precision=self.precision,
            acceleration=self.acceleration,
            hold_labels=bool(self.semi_supervised),
            init_model=model,
        )

    def _init_name(self) -> str:
        if self.init == "model" or not isinstance(self.init, str):
            raise ValueError("init must be a name or the pair (weights, probabilities)")
        return self.init

    def _first_model(self) -> _core.Mixture | None:
        if self.warm_start and hasattr(self, "weights_") and len(self.weights_) == self.n_components:
            return self._mixture()
        if isinstance(self.init, str):
            return None
        if not isinstance(self.init, tuple) or len(self.init) != 2:
            raise ValueError("init must be a name or the pair (weights, probabilities)")
        weights, probabilities = (np.ascontiguousarray(part, dtype=np.float64) for part in self.init)
        return _core.Mixture(weights, probabilities)

    def _seed(self) -> int:
        if isinstance(self.random_state, (int, np.integer)):
            if self.random_state < 0:
                raise ValueError(f"random_state must not be negative, it is {self.random_state}")
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _threads(self) -> int:
        return _count("n_threads", self.n_threads)

    def _on_iteration(self) -> Callable[..., bool] | None:
        callbacks: Sequence[Callback] = (self.callbacks,) if callable(self.callbacks) else tuple(self.callbacks)
        if not callbacks:
            return None

        def tell(*event: Any) -> bool:
            return any([callback(Iteration(*event)) for callback in callbacks])

        return tell

    def _take(self, result: _core.FitResult, data: _core.Dataset) -> None:
        self.weights_ = result.mixture.weights
        self.probabilities_ = result.mixture.probabilities
        self.converged_ = result.converged
        self.n_iter_ = result.n_iter
        self.lower_bound_ = result.mean_log_likelihood
        self.lower_bounds_ = result.trace
        self.log_likelihood_ = result.log_likelihood
        self.log_likelihoods_ = result.log_likelihoods
        self.n_init_ = result.n_init
        self.n_init_at_best_ = result.n_init_at_best
        self.stop_reason_ = result.stop_reason
        self.n_parameters_ = result.mixture.n_parameters
        self.codings_ = data.codings
        self.fit_record_ = json.loads(_core.fit_record(result, data, ""))
        options = _core.PosteriorOptions(self._threads(), bool(self.semi_supervised))
        self.labels_ = _core.components(self._mixture(), data, options)
        self._n_features_out = len(self.weights_)

    def _warnings(self, result: _core.FitResult) -> list[str]:
        # Who asks for one start knows that it is one.
        chosen = self.n_init == 1
        messages = [text for text in result.warnings if not (chosen and text.startswith("one start only"))]
        if result.stop_reason == "cancelled":
            messages = [f"a callback ended the fit after {result.n_iter} iterations: the best model so far"]
        return messages

    # Rows

    def _data(self, X: Any, *, reset: bool = False) -> _core.Dataset:
        """Packed rows, with the number and the names of their features checked as scikit-learn does."""
        codings = [] if reset else self.codings_
        is_arrow = hasattr(X, "__arrow_c_stream__") and not hasattr(X, "iloc")
        if is_arrow or isinstance(X, (str, os.PathLike, Dataset)):
            data = to_core(X, codings=codings, threshold=self.threshold)
            self._check_names(data, reset)
            return data
        checked = _checked(X, self)
        validate_data(self, checked, reset=reset, skip_check_array=True)
        data = to_core(checked, codings=codings, threshold=self.threshold)
        _require_rows(data)
        return data

    def _check_names(self, data: _core.Dataset, reset: bool) -> None:
        _require_rows(data)
        names = np.array(data.feature_names, dtype=object) if any(data.feature_names) else None
        if reset:
            self.n_features_in_ = data.n_features
            if names is not None:
                self.feature_names_in_ = names
            elif hasattr(self, "feature_names_in_"):
                del self.feature_names_in_
            return
        if data.n_features != self.n_features_in_:
            raise ValueError(
                f"X has {data.n_features} features, but {type(self).__name__} is expecting {self.n_features_in_} "
                "features as input"
            )
        own = getattr(self, "feature_names_in_", None)
        if own is not None and names is not None and list(own) != list(names):
            raise ValueError("The feature names should match those that were passed during fit.")

    def _mixture(self) -> _core.Mixture:
        check_is_fitted(self, "weights_")
        return _core.Mixture(
            np.ascontiguousarray(self.weights_, dtype=np.float64),
            np.ascontiguousarray(self.probabilities_, dtype=np.float64),
        )

    def _fitted_data(self, X: Any) -> tuple[_core.Mixture, _core.Dataset, _core.PosteriorOptions]:
        mixture = self._mixture()
        return mixture, self._data(X), _core.PosteriorOptions(self._threads())

    # What the mixture says of rows

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the most probable component of each row.

        Parameters
        ----------
        X : as in :meth:`fit`

        Returns
        -------
        labels : ndarray of shape (n_samples,)
        """
        return _core.components(*self._fitted_data(X))

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the posterior of each component for each row.

        Parameters
        ----------
        X : as in :meth:`fit`

        Returns
        -------
        responsibilities : ndarray of shape (n_samples, n_components)
            Rows sum to 1. A row without an observed cell has ``weights_``.
        """
        return _core.responsibilities(*self._fitted_data(X))

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Return the posteriors: the same as :meth:`predict_proba`.

        Parameters
        ----------
        X : as in :meth:`fit`

        Returns
        -------
        responsibilities : ndarray of shape (n_samples, n_components)
        """
        return self.predict_proba(X)

    def score_samples(self, X: Any) -> NDArray[np.float64]:
        """Return the log-likelihood of each row, in nats, over its observed cells.

        Parameters
        ----------
        X : as in :meth:`fit`

        Returns
        -------
        log_likelihoods : ndarray of shape (n_samples,)
        """
        return _core.log_likelihoods(*self._fitted_data(X))

    def score(self, X: Any, y: object = None, sample_weight: ArrayLike | None = None) -> float:
        """Return the mean log-likelihood of a row, in nats.

        Parameters
        ----------
        X : as in :meth:`fit`
        y : ignored
        sample_weight : array-like of shape (n_samples,), default=None

        Returns
        -------
        score : float
        """
        mixture, data, options = self._fitted_data(X)
        data = _with_rows(data, sample_weight, None)
        weights = data.weights
        total = data.n_rows if weights is None else float(weights.sum())
        return _core.log_likelihood(mixture, data, options) / total

    def sample(self, n_samples: int = 1) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Draw rows.

        Parameters
        ----------
        n_samples : int, default=1

        Returns
        -------
        X : ndarray of shape (n_samples, n_features), uint8
        y : ndarray of shape (n_samples,)
            The component that each row came from.
        """
        mixture = self._mixture()
        if n_samples < 1:
            raise ValueError(f"n_samples must be at least 1, it is {n_samples}")
        data = _core.sample(mixture, n_samples, self._seed())
        labels = data.labels
        assert labels is not None
        return data.ones(), labels

    def impute(self, X: Any, method: Literal["mode", "draw"] = "mode") -> Any:
        """Fill missing cells.

        Parameters
        ----------
        X : as in :meth:`fit`
        method : {"mode", "draw"}, default="mode"
            1 where that is more probable than 0 given the observed cells of the row; or drawn from that distribution,
            by ``random_state``.

        Returns
        -------
        X : ndarray of shape (n_samples, n_features), or a frame if that went in
            Observed cells are what they were.
        """
        mixture, data, _ = self._fitted_data(X)
        filled = _core.impute(mixture, data, method, self._seed())
        return _filled_like(X, data, filled)


def _count(name: str, value: int | None) -> int:
    """A number of things; 0, which leaves it to the library, for None."""
    if value is None:
        return 0
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, it is {value!r}")
    return int(value)


def _positive(name: str, value: float | None) -> float:
    if value is None:
        return 0.0
    if not value > 0:
        raise ValueError(f"{name} must be greater than 0, it is {value!r}")
    return float(value)


def _checked(X: Any, estimator: object) -> Any:
    """`X` with scikit-learn's checks of its dimensions; its cells are looked at when they are packed."""
    if hasattr(X, "iloc"):
        return X
    if scipy.sparse.issparse(X):
        return check_array(
            X, accept_sparse=True, dtype=None, ensure_all_finite=False, estimator=estimator, input_name="X"
        )
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


def _with_rows(data: _core.Dataset, sample_weight: ArrayLike | None, y: ArrayLike | None) -> _core.Dataset:
    if sample_weight is None and y is None:
        return data
    weights = None if sample_weight is None else checked_weights(sample_weight, data.n_rows)
    return data.replaced(weights=weights, labels=None if y is None else _checked_labels(y, data.n_rows))


def _checked_labels(y: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    labels = np.asarray(y)
    if labels.shape != (n_rows,):
        raise ValueError(f"y needs one label a row: its shape is {labels.shape}, expected {(n_rows,)}")
    whole = labels.astype(np.int64)
    if not np.array_equal(whole, labels) or (whole < -1).any():
        raise ValueError("labels are the whole numbers from 0 on, and -1 where the class is unknown")
    return whole


def _filled_like(X: Any, data: _core.Dataset, filled: _core.Dataset) -> Any:
    """`X` with its missing cells filled, where it is a frame or an array; else all cells."""
    ones = filled.ones()
    missing = data.missing()
    if hasattr(X, "iloc"):
        return _filled_frame(X, data, ones, missing)
    if isinstance(X, np.ndarray) and X.dtype.kind in "bif":
        if missing is None:
            return X.copy()
        result = X.copy()
        holes = missing.astype(bool)
        result[holes] = ones[holes]
        return result
    return unpacked(filled)


def _filled_frame(
    X: Any, data: _core.Dataset, ones: NDArray[np.uint8], missing: NDArray[np.uint8] | None
) -> Any:
    result = X.copy()
    if missing is None:
        return result
    for d in np.flatnonzero(missing.any(axis=0)):
        column = X.iloc[:, d]
        holes = missing[:, d].astype(bool)
        known = {int(ones[i, d]): column.iloc[i] for i in np.flatnonzero(~holes)[::-1]}
        for side, text in enumerate(data.codings[d]):
            known.setdefault(side, text or side)
        filled = column.astype(object)
        filled[holes] = [known[int(one)] for one in ones[holes, d]]
        result[result.columns[d]] = filled.infer_objects().to_numpy() if column.dtype == object else filled.astype(column.dtype)
    return result
