"""Criteria, goodness of fit, standard errors: what a mixture and a table say about each other."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._base import MixtureBase
from ._callbacks import finished
from ._faces import Classification, Criteria, Estimates, GoodnessOfFit, Residuals, Summary, component_names, pair_labels
from ._parameters import count
from ._rows import Classes, settled, with_held, with_rows
from ._variables import refuse_both, refuse_method, replicates_of, survey_design


class Statistics(MixtureBase):
    """What an estimator says of itself and a table."""

    def _as_fitted(
        self, X: Any, sample_weight: ArrayLike | None, y: Classes | None, weights_kind: str | None = None
    ) -> tuple[_core.Mixture, _core.Dataset, _core.PosteriorOptions, str]:
        """The rows as the fit took them, its known classes held, and what their weights are taken as."""
        mixture, data, _ = self._fitted_data(X)
        if self.semi_supervised and y is None and data.labels is None:
            raise ValueError("statistics of a semi-supervised fit need the classes that it held: give y")
        asked = self._kind(data, sample_weight) if weights_kind is None else weights_kind
        held = bool(self.semi_supervised)
        data, kind = settled(with_held(data, sample_weight, y if held else None, held), asked)
        return mixture, data, _core.PosteriorOptions(self._threads(), bool(self.semi_supervised)), kind

    def _kind(self, data: _core.Dataset, sample_weight: ArrayLike | None) -> str:
        """Rows without weights are counted, whatever the fit's weights were."""
        return "frequency" if sample_weight is None and data.weights is None else self.weights_kind

    def bic(
        self, X: Any, sample_weight: ArrayLike | None = None, *, y: Classes | None = None
    ) -> float:
        """Return the Bayesian information criterion for `X`; smaller is better.

        Parameters
        ----------
        X : as in ``fit``
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.

        Returns
        -------
        bic : float
            The number of rows in it is the weight of those that answered anything.
        """
        return float(self.criteria(X, sample_weight, y=y).bic)

    def aic(
        self, X: Any, sample_weight: ArrayLike | None = None, *, y: Classes | None = None
    ) -> float:
        """Return Akaike's information criterion for `X`; smaller is better.

        Parameters
        ----------
        X : as in ``fit``
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.

        Returns
        -------
        aic : float
        """
        return float(self.criteria(X, sample_weight, y=y).aic)

    def criteria(
        self, X: Any, sample_weight: ArrayLike | None = None, *, y: Classes | None = None
    ) -> Criteria:
        """Return all information criteria for `X`.

        Parameters
        ----------
        X : as in ``fit``
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.

        Returns
        -------
        criteria
            With ``aic``, ``aic3``, ``bic``, ``sabic``, ``caic``, ``icl_bic``, ``awe`` and
            ``classification_log_likelihood``.
        """
        mixture, data, options, _ = self._as_fitted(X, sample_weight, y)
        sharpness = _core.classification(mixture, data, options)
        log_likelihood = _core.log_likelihood(mixture, data, options)
        return Criteria(_core.criteria(log_likelihood, mixture.n_parameters, sharpness.n, sharpness.uncertainty))

    def classification(
        self, X: Any, sample_weight: ArrayLike | None = None, *, y: Classes | None = None
    ) -> Classification:
        """Return how sharply the rows of `X` are assigned to components.

        Parameters
        ----------
        X : as in ``fit``
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.

        Returns
        -------
        classification
            With ``entropy``, ``entropy_r2``, ``error``, ``sizes_by_posterior``, ``sizes_by_mode`` and
            ``average_posteriors``.
        """
        mixture, data, options, _ = self._as_fitted(X, sample_weight, y)
        return Classification(_core.classification(mixture, data, options), component_names(self))

    def goodness_of_fit(
        self, X: Any, sample_weight: ArrayLike | None = None, *, y: Classes | None = None
    ) -> GoodnessOfFit:
        """Compare observed with expected counts of patterns.

        Parameters
        ----------
        X : as in ``fit``
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.

        Returns
        -------
        goodness_of_fit
            With ``g2``, ``x2`` and ``cressie_read``, each a ``statistic`` and a ``p_value``, and
            ``degrees_of_freedom``. With sampling weights p-values are NaN.
        """
        mixture, data, options, kind = self._as_fitted(X, sample_weight, y)
        return GoodnessOfFit(_core.goodness_of_fit(mixture, data, options, kind == "sampling"))

    def bivariate_residuals(self, X: Any, sample_weight: ArrayLike | None = None) -> Residuals:
        """Return Pearson's statistic of each pair of features against the mixture.

        Parameters
        ----------
        X : as in ``fit``
        sample_weight : array-like of shape (n_samples,), default=None

        Returns
        -------
        residuals : ndarray of shape (n_features, n_features)
            Symmetric, 0 on the diagonal; it shows the largest ones under the features' names. Above about 3.84 two
            features hang together in a way that the components do not explain. An item of more than two answers is
            one feature here, and the statistics of its pairs are divided by their degrees of freedom.
        """
        mixture, data, _ = self._fitted_data(X)
        data = settled(with_rows(data, sample_weight), self._kind(data, sample_weight))[0]
        n = self.n_features_in_
        residuals = np.zeros((n, n))
        residuals[np.triu_indices(n, 1)] = _core.bivariate_residuals(mixture, data)
        return Residuals.of(residuals + residuals.T, pair_labels(self))

    def standard_errors(
        self,
        X: Any,
        sample_weight: ArrayLike | None = None,
        *,
        y: Classes | None = None,
        method: Literal["observed", "opg", "sandwich", "bootstrap"] | None = None,
        weights_kind: Literal["auto", "frequency", "sampling"] | None = None,
        level: float = 0.95,
        n_samples: int = 100,
        strata: Any = None,
        clusters: Any = None,
        fpc: Any = None,
        lonely: Literal["refuse", "adjust"] = "refuse",
        replicate_weights: Any = None,
        replicate_type: str | None = None,
    ) -> Estimates:
        """Return standard errors of all weights and probabilities.

        Parameters
        ----------
        X : as in ``fit``
            What the mixture was fitted to.
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.
        method : {"observed", "opg", "sandwich", "bootstrap"}, default=None
            The matrix that is inverted: observed information, outer products of scores, or both in a sandwich; or
            refits to drawn data sets. By default the first; for sampling weights the sandwich, as no other is right.
        weights_kind : {"auto", "frequency", "sampling"}, default=None
            In place of the estimator's.
        level : float, default=0.95
            Of the intervals.
        n_samples : int, default=100
            Data sets of the bootstrap.
        strata, clusters, fpc : column, or name of a column of X, default=None
            The design of a survey: the stratum that each row was drawn from, the cluster it was drawn with, the share
            of the stratum's clusters that was sampled or how many it has. Errors are those of its sandwich, and
            weights those of a sample.
        lonely : {"refuse", "adjust"}, default="refuse"
            What to do with a stratum of one cluster.
        replicate_weights : array-like of shape (n_samples, n_replicates), or names of columns of X, default=None
            Those that a survey brings along, in place of its design: the mixture is fitted again with each, from the
            estimate on.
        replicate_type : {"brr", "fay:R", "jk1", "jkn", "bootstrap"}, default=None
            How they were made: balanced repeated replication, Fay's with its R, a jackknife without or with strata, a
            bootstrap.

        Returns
        -------
        Estimates
            Of replicate weights ``method`` is "replicates".
        """
        by_design = any(part is not None for part in (strata, clusters, fpc))
        with_design = by_design or replicate_weights is not None
        if weights_kind is None and with_design and sample_weight is not None:
            weights_kind = "sampling"
        mixture, data, _, kind = self._as_fitted(X, sample_weight, y, weights_kind)
        replicates = self._replicates(X, sample_weight, replicate_weights, replicate_type, by_design)
        if replicates is not None:
            return self._replicated(mixture, data, replicates, method, self._estimation(kind, self._fitted_smoothing()), level)
        design = survey_design(X, data.n_rows, strata, clusters, fpc, lonely)
        if method is None:
            method = "sandwich" if kind == "sampling" or design.given else "observed"
        if design.given and method != "sandwich":
            raise ValueError(f"for a survey design only method='sandwich' is right, not {method!r}")
        if kind == "sampling" and method in ("observed", "opg"):
            raise ValueError(f"for sampling weights only method='sandwich' is right, not {method!r}")
        estimation = self._estimation(kind, self._fitted_smoothing())
        if method == "bootstrap":
            drawn = finished(
                _core.bootstrap_fit(
                    mixture,
                    data,
                    resampling=True,
                    n_samples=count("n_samples", n_samples),
                    seed=self._seed(),
                    threads=self._threads(),
                    estimation=estimation,
                )
            )
            return self._estimates(method, drawn.weights, drawn.probabilities, level, True, ())
        errors = _core.standard_errors(
            mixture,
            data,
            method=method,
            estimation=estimation,
            design=design,
            threads=self._threads(),
        )
        return self._estimates(
            method,
            errors.weights,
            errors.probabilities,
            level,
            errors.identified,
            tuple(errors.warnings),
            errors.degrees_of_freedom,
        )

    def _replicates(
        self, X: Any, sample_weight: ArrayLike | None, weights: Any, kind: str | None, by_design: bool
    ) -> _core.ReplicateWeights | None:
        """Of rows whose weights are as they came."""
        refuse_both(by_design, weights, kind)
        if weights is None and kind is None:
            return None
        return replicates_of(X, with_rows(self._fitted_data(X)[1], sample_weight), weights, kind)

    def _replicated(
        self,
        mixture: _core.Mixture,
        data: _core.Dataset,
        replicates: _core.ReplicateWeights,
        method: str | None,
        estimation: _core.Estimation,
        level: float,
    ) -> Estimates:
        refuse_method(method)
        errors = finished(
            _core.replicate_standard_errors(
                mixture, data, replicates, estimation=estimation, threads=self._threads()
            )
        )
        found = (errors.weights, errors.probabilities, level, errors.identified, tuple(errors.warnings))
        return self._estimates("replicates", *found, errors.degrees_of_freedom)

    def summary(
        self,
        X: Any,
        sample_weight: ArrayLike | None = None,
        *,
        y: Classes | None = None,
        standard_errors: bool = False,
    ) -> Summary:
        """Return what a paper tells of the model: the fit in numbers, and the items by class.

        It prints as text, shows as HTML in notebooks, and ``table(format="latex")`` is the table for the paper. Classes
        have their names, ``component_names_``, or numbers from 1.

        Parameters
        ----------
        X : as in ``fit``
            What the mixture was fitted to.
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.
        standard_errors : bool, default=False
            Whether to have those of all estimates beside them.

        Returns
        -------
        Summary
        """
        mixture, data, options, _ = self._as_fitted(X, sample_weight, y)
        sharpness = _core.classification(mixture, data, options)
        log_likelihood = _core.log_likelihood(mixture, data, options)
        criteria = _core.criteria(log_likelihood, mixture.n_parameters, sharpness.n, sharpness.uncertainty)
        facts = {
            "rows": f"{data.n_rows:,}",
            "classes": str(len(self.weights_)),
            "parameters": f"{mixture.n_parameters:,}",
            "log-likelihood": f"{log_likelihood:,.3f}",
            "AIC": f"{criteria.aic:,.2f}",
            "BIC": f"{criteria.bic:,.2f}",
            "entropy R²": f"{sharpness.entropy_r2:.3f}",
        }
        errors = self.standard_errors(X, sample_weight, y=y) if standard_errors else None
        return Summary(self, facts, errors)

    def _estimates(
        self,
        method: str,
        weights: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        level: float,
        identified: bool,
        messages: tuple[str, ...],
        freedom: float = np.inf,
    ) -> Estimates:
        interval = np.array(
            [
                _core.logit_interval(estimate, error, level, freedom)
                for estimate, error in zip(self.probabilities_.flat, probabilities.flat)
            ]
        )
        ends = interval.T.reshape(2, *probabilities.shape)
        return Estimates(method, weights, probabilities, ends, level, identified, messages, self)
