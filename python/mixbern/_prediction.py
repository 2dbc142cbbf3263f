"""What a fitted mixture says of rows."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin, DensityMixin, TransformerMixin

from . import _core
from ._arrays import whole_numbers
from ._assignments import Assignments, rows_called
from ._base import MixtureBase
from ._imputation import filled_like
from ._items import answers_in, categorical_of
from ._parameters import count
from ._paths import paths_of
from ._picking import files_with_ids, own_columns
from ._rows import with_rows


# scikit-learn wraps `transform`, for set_output, in the class that defines it, which has to be a transformer.
class Predictions(MixtureBase, ClassNamePrefixFeaturesOutMixin, TransformerMixin, DensityMixin):
    """Posteriors, likelihoods, samples, filled cells."""

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the most probable component of each row.

        Parameters
        ----------
        X : as in :meth:`fit`

        Returns
        -------
        labels : ndarray of shape (n_samples,)
            Components count from 0 here, as classes do in scikit-learn; what is shown to people counts from 1.
        """
        return whole_numbers(_core.components(*self._fitted_data(X)))

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

    def assign(self, X: Any, *, ids: Any = None) -> Assignments:
        """Return the component of each row beside its id: what ``mixbern predict`` writes.

        Parameters
        ----------
        X : as in :meth:`fit`
        ids : str or sequence, default=None
            What rows are called: a column of `X`, a frame or a file, or one value a row. By default the ids of a
            :class:`Dataset`, or the index of a frame.

        Returns
        -------
        Assignments
            Its ``to_frame()`` has the ids as its index. Components count from 1.
        """
        if isinstance(ids, str) and paths_of(X) is not None:
            X = files_with_ids(X, self, ids)
        mixture, data, options = self._fitted_data(X)
        return Assignments(self, _core.responsibilities(mixture, data, options), *rows_called(X, data, ids))

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
        data = with_rows(data, sample_weight)
        weights = data.weights
        total = data.n_rows if weights is None else float(weights.sum())
        return _core.log_likelihood(mixture, data, options) / total

    def sample(self, n_samples: int = 1) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Draw rows.

        Parameters
        ----------
        n_samples : int, default=1

        Returns
        -------
        X : ndarray of shape (n_samples, n_features), uint8
            Where items have more than two answers, an object array with the answers of all items as texts.
        y : ndarray of shape (n_samples,)
            The component that each row came from.
        """
        mixture = self._mixture()
        data = _core.sample(mixture, count("n_samples", n_samples), self._seed())
        labels = data.labels
        assert labels is not None
        items = categorical_of(self)
        rows = answers_in(data.ones(), items, self.codings_) if items else data.ones()
        return rows, whole_numbers(labels)

    def impute(self, X: Any, method: Literal["mode", "draw"] = "mode") -> Any:
        """Fill missing cells.

        Parameters
        ----------
        X : as in :meth:`fit`
        method : {"mode", "draw"}, default="mode"
            The most probable answer given the observed cells of the row; or drawn from that distribution, by
            ``random_state``.

        Returns
        -------
        X : ndarray of shape (n_samples, n_features), or a frame if that went in
            Observed cells are what they were. Of files and data sets with items of more than two answers, an object
            array with the answers of all items as texts.
        """
        mixture, data, _ = self._fitted_data(X)
        filled = _core.impute(mixture, data, method, self._seed())
        return filled_like(X, own_columns(X, self) if hasattr(X, "iloc") else X, data, filled)
