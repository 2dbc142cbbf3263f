"""From the estimator's parameters to a fit, and from its result to the estimator's attributes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from . import _core
from ._arrays import whole_numbers
from ._base import MixtureBase
from ._callbacks import Callback, told
from ._constraints import Constraints, read
from ._items import categorical_of
from ._parameters import count, path, tolerance, word

Init: TypeAlias = str | tuple[ArrayLike, ArrayLike]


class Fitting(MixtureBase):
    """Options of a fit, and what it found."""

    n_components: int
    tol: float | None
    max_iter: int | None
    n_init: int | None
    init: Init
    constraints: Constraints
    semi_supervised: bool
    precision: str
    acceleration: str
    warm_start: bool
    checkpoint: str | os.PathLike[str] | None
    checkpoint_every: float
    resume: str | os.PathLike[str] | None
    callbacks: Callback | Sequence[Callback]

    converged_: bool
    n_iter_: int
    lower_bound_: float
    lower_bounds_: NDArray[np.float64]
    log_likelihood_: float
    log_likelihoods_: NDArray[np.float64]
    n_init_: int
    n_init_at_best_: int
    optimum_margin_: float
    stop_reason_: str
    n_parameters_: int
    labels_: NDArray[np.int64]
    weights_kind_: str
    fit_record_: dict[str, Any]
    component_names_: list[str]

    def _fit_options(
        self, weights_kind: str, data: _core.Dataset | None = None, smoothing: float | None = None
    ) -> _core.FitOptions:
        """With the usual smoothing where the data is to choose it and has not. Constraints are of the items of `data`."""
        if smoothing is None:
            smoothing = 1e-6 if self._chooses_smoothing() else self._given_smoothing()
        if self.constraints is not None and data is None:
            raise ValueError("constraints are for fit() of rows that are here: leave them out")
        n_components = count("n_components", self.n_components)
        model = self._first_model()
        return _core.FitOptions(
            n_components=n_components,
            init="model" if model is not None else self._init_name(),
            n_init=count("n_init", self.n_init),
            max_iter=count("max_iter", self.max_iter),
            tol=tolerance("tol", self.tol),
            constraints=_core.Constraints() if data is None else read(self.constraints, data, n_components),
            estimation=self._estimation(weights_kind, smoothing),
            seed=self._seed(),
            threads=self._threads(),
            precision=word("precision", self.precision),
            acceleration=word("acceleration", self.acceleration),
            init_model=model,
        )

    def _checkpointing(self) -> dict[str, Any]:
        """Where a fit saves on the way, and what it goes on from."""
        return {
            "checkpoint": path("checkpoint", self.checkpoint),
            "checkpoint_every": tolerance("checkpoint_every", self.checkpoint_every) or 0.0,
            "resume": path("resume", self.resume),
        }

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
        items = categorical_of(self)
        n_features = self.n_features_in_ + sum(len(item.categories) - 1 for item in items)
        if items and probabilities.shape[1:] != (n_features,):
            raise ValueError(
                f"init needs {n_features} probabilities a component, one for each answer of an item of more than two: "
                f"their shape is {probabilities.shape}"
            )
        return _core.Mixture(weights, probabilities, items, _core.Constraints())

    def _on_iteration(self) -> Callable[..., bool] | None:
        return told(self.callbacks)

    def _take(self, result: _core.FitResult, data: _core.Dataset) -> None:
        self._take_result(result)
        self.codings_ = data.codings
        self.fit_record_ = json.loads(_core.fit_record(result, data, ""))
        options = _core.PosteriorOptions(self._threads(), bool(self.semi_supervised))
        self.labels_ = whole_numbers(_core.components(self._mixture(), data, options))

    def _take_result(self, result: _core.FitResult) -> None:
        """What does not need the rows."""
        self.weights_ = result.mixture.weights
        self.probabilities_ = result.mixture.probabilities
        self.constraints_ = result.mixture.constraints
        self.converged_ = result.converged
        self.n_iter_ = result.n_iter
        self.lower_bound_ = result.mean_log_likelihood
        self.lower_bounds_ = result.trace
        self.log_likelihood_ = result.log_likelihood
        self.log_likelihoods_ = result.log_likelihoods
        self.n_init_ = result.n_init
        self.n_init_at_best_ = result.n_init_at_best
        self.optimum_margin_ = result.optimum_margin
        self.stop_reason_ = result.stop_reason
        self.n_parameters_ = result.mixture.n_parameters
        self.smoothing_ = result.options.estimation.smoothing
        self.weights_kind_ = result.options.estimation.weights_kind
        self._n_features_out = len(self.weights_)

    def reorder(self, order: Sequence[int]) -> None:
        """Count the components in another order, in place: tables, predictions and saved models follow.

        Parameters
        ----------
        order : sequence of int
            Each component once, from 0, as they are counted now: ``[2, 0, 1]`` puts the third one first.
        """
        check_is_fitted(self, "weights_")
        new = np.asarray(order)
        if not np.array_equal(np.sort(new), np.arange(len(self.weights_))):
            raise ValueError(f"order must hold each number from 0 to {len(self.weights_) - 1} once, it is {order!r}")
        self.weights_ = self.weights_[new]
        self.probabilities_ = self.probabilities_[new]
        if hasattr(self, "constraints_"):
            self.constraints_ = self.constraints_.permuted(new.tolist())
        if hasattr(self, "labels_"):
            self.labels_ = np.argsort(new)[self.labels_]
        if hasattr(self, "component_names_"):
            self.component_names_ = [self.component_names_[k] for k in new]

    def _uses_labels(self) -> bool:
        return bool(self.semi_supervised) or (isinstance(self.init, str) and self.init == "labels")

    def _warnings(self, result: _core.FitResult, data: _core.Dataset | None) -> list[str]:
        """Without the rows, nothing of what they determine."""
        if result.stop_reason == "cancelled":
            return [f"a callback ended the fit after {result.n_iter} iterations: the best model so far"]
        # Who asks for one start knows that it is one.
        chosen = self.n_init == 1
        messages = [text for text in result.warnings if not (chosen and text.startswith("one start only"))]
        if result.converged and data is not None:
            messages += _core.identification_warnings(
                self._mixture(), data, estimation=result.options.estimation, threads=self._threads()
            )
        return messages
