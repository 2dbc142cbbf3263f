"""Item profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from .._answers import shared_answer
from .._estimator import BernoulliMixture
from .._faces import component_names, feature_labels
from .._rows import Classes
from ._style import axes_of, legend, line_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMES = 50


class ProfilesDisplay:
    """Item profiles: the probability of each feature, a line a component.

    Parameters
    ----------
    weights : ndarray of shape (n_components,)
    probabilities : ndarray of shape (n_components, n_features)
    names : list of str
        Of the features.
    interval : ndarray of shape (2, n_components, n_features), default=None
        Ends of intervals, as in :attr:`mixbern.Estimates.interval`.
    answer : str, default="1"
        What the probabilities are of.
    components : list of str, default=None
        What they are called; numbers from 1 by default.
    """

    def __init__(
        self,
        weights: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        *,
        names: list[str],
        interval: NDArray[np.float64] | None = None,
        answer: str = "1",
        components: list[str] | None = None,
    ) -> None:
        self.weights = weights
        self.probabilities = probabilities
        self.names = names
        self.interval = interval
        self.answer = answer
        self.components = components or [str(k + 1) for k in range(len(weights))]
        self.figure_: Figure
        self.ax_: Axes

    @classmethod
    def from_estimator(
        cls,
        estimator: BernoulliMixture,
        X: Any = None,
        sample_weight: ArrayLike | None = None,
        *,
        y: Classes | None = None,
        ax: Axes | None = None,
    ) -> ProfilesDisplay:
        """Draw the profiles of a fitted model.

        Parameters
        ----------
        estimator : BernoulliMixture
        X : as in ``fit``, default=None
            What the model was fitted to: intervals are drawn too.
        sample_weight : array-like of shape (n_samples,), default=None
        y : array-like of shape (n_samples,), default=None
            The known classes that a fit with ``semi_supervised`` held.
        ax : matplotlib Axes, default=None

        Returns
        -------
        ProfilesDisplay
        """
        check_is_fitted(estimator, ["weights_", "probabilities_"])
        interval = None if X is None else estimator.standard_errors(X, sample_weight, y=y).interval
        display = cls(
            estimator.weights_, estimator.probabilities_, names=feature_labels(estimator),
            interval=interval, answer=shared_answer(estimator) or "answer", components=component_names(estimator),
        )
        return display.plot(ax)

    def plot(self, ax: Axes | None = None) -> ProfilesDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None

        Returns
        -------
        ProfilesDisplay
        """
        k, n_features = self.probabilities.shape
        self.ax_, self.figure_ = axes_of(ax, (min(max(5.0, 0.45 * n_features + 2), 20.0), 3.6))
        markers = "osD^vP*X"
        apart = min(0.05, 0.8 / k)
        for component in range(k):
            # Beside each other, so that intervals do not hide each other.
            at = np.arange(n_features) + apart * (component - (k - 1) / 2)
            label = f"{self.components[component]} ({self.weights[component]:.1%})"
            colour = line_colour(component, k)
            self.ax_.plot(
                at, self.probabilities[component], marker=markers[component % len(markers)], ms=5, lw=1.4, color=colour,
                label=label,
            )
            if self.interval is not None:
                low, high = self.interval[:, component]
                self.ax_.vlines(at, low, high, color=colour, lw=1, alpha=0.7)
        self._name_features()
        self.ax_.set(ylim=(-0.03, 1.03), ylabel=f"P({self.answer})")
        legend(self.ax_, "component")
        return self

    def _name_features(self) -> None:
        """As many names as can be read."""
        step = -(-len(self.names) // _MOST_NAMES)
        shown = self.names[::step]
        if max(len(name) for name in shown) > 4:
            self.ax_.set_xticks(range(0, len(self.names), step), shown, rotation=45, ha="right")
        else:
            self.ax_.set_xticks(range(0, len(self.names), step), shown)
