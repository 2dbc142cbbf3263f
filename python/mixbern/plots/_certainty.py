"""How sure assignments are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._estimator import BernoulliMixture
from ._style import BLUE, LINES, axes_of, legend, line_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class CertaintyDisplay:
    """How sure assignments are: the largest posterior of each row, as a histogram.

    Parameters
    ----------
    certainty : ndarray of shape (n_samples,)
    labels : ndarray of shape (n_samples,)
        The component of that posterior.
    """

    def __init__(self, certainty: NDArray[np.float64], labels: NDArray[np.int64]) -> None:
        self.certainty = certainty
        self.labels = labels
        self.figure_: Figure
        self.ax_: Axes

    @classmethod
    def from_estimator(
        cls, estimator: BernoulliMixture, X: Any, *, ax: Axes | None = None
    ) -> CertaintyDisplay:
        """Draw how surely a fitted model assigns the rows of `X`.

        Parameters
        ----------
        estimator : BernoulliMixture
        X : as in ``fit``
        ax : matplotlib Axes, default=None

        Returns
        -------
        CertaintyDisplay
        """
        posteriors = estimator.predict_proba(X)
        return cls(posteriors.max(axis=1), posteriors.argmax(axis=1)).plot(ax)

    def plot(self, ax: Axes | None = None, *, bins: int = 20) -> CertaintyDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
        bins : int, default=20

        Returns
        -------
        CertaintyDisplay
        """
        self.ax_, self.figure_ = axes_of(ax, (5.5, 3.6))
        components = np.unique(self.labels)
        edges = np.linspace(min(0.5, self.certainty.min()), 1, bins + 1)
        if len(components) <= len(LINES):
            stacks = [self.certainty[self.labels == k] for k in components]
            colours = [line_colour(position, len(components)) for position in range(len(components))]
            self.ax_.hist(stacks, bins=edges.tolist(), stacked=True, color=colours, label=[str(k + 1) for k in components])
            legend(self.ax_, "component")
        else:
            self.ax_.hist(self.certainty, bins=edges.tolist(), color=BLUE)
        self.ax_.set(xlabel="largest posterior", ylabel="rows", xlim=(edges[0], 1))
        return self
