"""Where the starts of a fit ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from .. import _core
from .._estimator import BernoulliMixture
from ._style import BLUE, GREY, axes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class OptimaDisplay:
    """Which log-likelihoods the starts ended at, best first.

    Parameters
    ----------
    log_likelihoods : ndarray of shape (n_init,)
    margin : float, default=None
        Log-likelihoods that are no farther apart are the same optimum; by default 1e-6 of the best.
    """

    def __init__(self, log_likelihoods: NDArray[np.float64], *, margin: float | None = None) -> None:
        self.log_likelihoods = log_likelihoods
        self.margin = margin
        self.figure_: Figure
        self.ax_: Axes

    @classmethod
    def from_estimator(cls, estimator: BernoulliMixture, *, ax: Axes | None = None) -> OptimaDisplay:
        """Draw where the starts of a fit ended.

        Parameters
        ----------
        estimator : BernoulliMixture
        ax : matplotlib Axes, default=None

        Returns
        -------
        OptimaDisplay
        """
        check_is_fitted(estimator, "log_likelihoods_")
        return cls(estimator.log_likelihoods_, margin=getattr(estimator, "optimum_margin_", None)).plot(ax)

    def plot(self, ax: Axes | None = None) -> OptimaDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None

        Returns
        -------
        OptimaDisplay
        """
        self.ax_, self.figure_ = axes_of(ax, (5.5, 3.6))
        known = np.ascontiguousarray(self.log_likelihoods[np.isfinite(self.log_likelihoods)])
        optima = _core.distinct_optima(known, self.margin)
        first = 1
        for optimum in optima:
            ranks = range(first, first + optimum.n_init)
            best = first == 1
            self.ax_.plot(
                ranks, np.sort(known)[::-1][first - 1 : first - 1 + optimum.n_init], "o", ms=5,
                color=BLUE if best else GREY,
            )
            first += optimum.n_init
        self.ax_.set(xlabel="start, best first", ylabel="log-likelihood")
        self.ax_.ticklabel_format(axis="y", style="plain", useOffset=False)
        reached = optima[0].n_init if optima else 0
        self.ax_.set_title(f"{reached} of {len(known)} starts reached the best optimum", fontsize=10)
        return self
