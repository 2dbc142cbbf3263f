"""Pictures of models, in the manner of scikit-learn's displays; they need matplotlib.

Each display is made with ``from_estimator`` (or ``from_selection``), which draws it, and can be drawn again with
``plot``. What was drawn is in ``figure_`` and ``ax_`` or ``axes_``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from . import _core
from ._views import feature_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ._estimator import BernoulliMixture
    from ._selection import Selection

__all__ = [
    "CertaintyDisplay",
    "ComponentsDisplay",
    "OptimaDisplay",
    "ProfilesDisplay",
    "SelectionDisplay",
]

_BLUE = "#1f5f99"
_GREY = "#8a8f98"
_MOST_LINES = 8


class ComponentsDisplay:
    """Components as images: the probability of each pixel, dark where it is large.

    Parameters
    ----------
    weights : ndarray of shape (n_components,)
    probabilities : ndarray of shape (n_components, n_features)
    image_shape : (int, int)
        Height and width.
    """

    def __init__(
        self,
        weights: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        *,
        image_shape: tuple[int, int],
    ) -> None:
        self.weights = weights
        self.probabilities = probabilities
        self.image_shape = image_shape
        self.figure_: Figure
        self.axes_: NDArray[np.object_]

    @classmethod
    def from_estimator(
        cls,
        estimator: BernoulliMixture,
        *,
        image_shape: tuple[int, int] | None = None,
        columns: int | None = None,
        cmap: str = "Greys",
    ) -> ComponentsDisplay:
        """Draw the components of a fitted model.

        Parameters
        ----------
        estimator : BernoulliMixture
        image_shape : (int, int), default=None
            Height and width; by default that of the model file or a square.
        columns : int, default=None
            Images beside each other; by default about as many as below each other.
        cmap : str, default="Greys"
            Of matplotlib's colour maps.

        Returns
        -------
        ComponentsDisplay
        """
        check_is_fitted(estimator, "weights_")
        n_features = estimator.probabilities_.shape[1]
        side = round(n_features**0.5)
        shape = image_shape or getattr(estimator, "image_shape_", None) or (side, side)
        if shape[0] * shape[1] != n_features:
            raise ValueError(f"image_shape {shape} means {shape[0] * shape[1]} pixels, the model has {n_features}")
        display = cls(estimator.weights_, estimator.probabilities_, image_shape=shape)
        return display.plot(columns=columns, cmap=cmap)

    def plot(self, *, columns: int | None = None, cmap: str = "Greys") -> ComponentsDisplay:
        """Draw.

        Parameters
        ----------
        columns : int, default=None
        cmap : str, default="Greys"

        Returns
        -------
        ComponentsDisplay
        """
        import matplotlib.pyplot as plt

        k = len(self.weights)
        wide = columns or min(k, int(np.ceil(np.sqrt(k * 1.6))))
        high = -(-k // wide)
        height, width = self.image_shape
        figure, axes = plt.subplots(
            high, wide, figsize=(1.5 * wide, (1.5 * height / width + 0.3) * high), squeeze=False, layout="constrained"
        )
        for position, ax in enumerate(axes.flat):
            ax.set_axis_off()
            if position < k:
                ax.imshow(self.probabilities[position].reshape(self.image_shape), cmap=cmap, vmin=0, vmax=1)
                ax.set_title(f"{position}: {self.weights[position]:.1%}", fontsize=9)
        self.figure_, self.axes_ = figure, axes
        return self


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
    """

    def __init__(
        self,
        weights: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        *,
        names: list[str],
        interval: NDArray[np.float64] | None = None,
    ) -> None:
        self.weights = weights
        self.probabilities = probabilities
        self.names = names
        self.interval = interval
        self.figure_: Figure
        self.ax_: Axes

    @classmethod
    def from_estimator(
        cls, estimator: BernoulliMixture, X: Any = None, *, ax: Axes | None = None
    ) -> ProfilesDisplay:
        """Draw the profiles of a fitted model.

        Parameters
        ----------
        estimator : BernoulliMixture
        X : as in ``fit``, default=None
            What the model was fitted to: intervals are drawn too.
        ax : matplotlib Axes, default=None

        Returns
        -------
        ProfilesDisplay
        """
        check_is_fitted(estimator, "weights_")
        interval = None if X is None else estimator.standard_errors(X).interval
        display = cls(
            estimator.weights_, estimator.probabilities_, names=feature_names(estimator), interval=interval
        )
        return display.plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> ProfilesDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None

        Returns
        -------
        ProfilesDisplay
        """
        k, n_features = self.probabilities.shape
        self.ax_, self.figure_ = _axes(ax, (max(5.0, 0.45 * n_features + 2), 3.6))
        markers = "osD^vP*X"
        for component in range(k):
            # Beside each other, so that intervals do not hide each other.
            at = np.arange(n_features) + 0.05 * (component - (k - 1) / 2)
            label = f"{component} ({self.weights[component]:.1%})"
            colour = _colour(component, k)
            self.ax_.plot(
                at, self.probabilities[component], marker=markers[component % len(markers)], ms=5, lw=1.4, color=colour,
                label=label,
            )
            if self.interval is not None:
                low, high = self.interval[:, component]
                self.ax_.vlines(at, low, high, color=colour, lw=1, alpha=0.7)
        turned = max(len(name) for name in self.names) > 4
        self.ax_.set_xticks(range(n_features), self.names, rotation=45 if turned else 0, ha="right" if turned else "center")
        self.ax_.set(ylim=(-0.03, 1.03), ylabel="P(1)")
        _legend(self.ax_, "component")
        return self


class SelectionDisplay:
    """Criteria against the number of components, with the smallest of each marked.

    Parameters
    ----------
    n_components : list of int
    criteria : dict of str to list of float
    """

    def __init__(self, n_components: list[int], criteria: dict[str, list[float]]) -> None:
        self.n_components = n_components
        self.criteria = criteria
        self.figure_: Figure
        self.ax_: Axes

    @classmethod
    def from_selection(
        cls,
        selection: Selection,
        *,
        criteria: tuple[str, ...] = ("bic", "sabic", "aic", "icl_bic"),
        ax: Axes | None = None,
    ) -> SelectionDisplay:
        """Draw what :func:`mixbern.select` found.

        Parameters
        ----------
        selection : Selection
        criteria : tuple of str
            Columns of its table.
        ax : matplotlib Axes, default=None

        Returns
        -------
        SelectionDisplay
        """
        chosen = {name: [float(value) for value in selection.columns[name]] for name in criteria}
        return cls(list(selection.columns["n_components"]), chosen).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> SelectionDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None

        Returns
        -------
        SelectionDisplay
        """
        self.ax_, self.figure_ = _axes(ax, (5.5, 3.6))
        for position, (name, values) in enumerate(self.criteria.items()):
            colour = _colour(position, len(self.criteria))
            self.ax_.plot(
                self.n_components, values, color=colour, marker="o", ms=3, lw=1.4, label=name.replace("_", "-").upper()
            )
            best = int(np.nanargmin(values))
            self.ax_.plot(self.n_components[best], values[best], "o", ms=9, mfc="none", mec=colour, mew=1.6)
        self.ax_.set_xticks(self.n_components)
        self.ax_.set(xlabel="components", ylabel="criterion (ringed: smallest)")
        _legend(self.ax_)
        return self


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
        return cls(posteriors.max(axis=1), posteriors.argmax(axis=1)).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None, bins: int = 20) -> CertaintyDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
        bins : int, default=20

        Returns
        -------
        CertaintyDisplay
        """
        self.ax_, self.figure_ = _axes(ax, (5.5, 3.6))
        components = np.unique(self.labels)
        edges = np.linspace(min(0.5, self.certainty.min()), 1, bins + 1)
        if len(components) <= _MOST_LINES:
            stacks = [self.certainty[self.labels == k] for k in components]
            colours = [_colour(position, len(components)) for position in range(len(components))]
            self.ax_.hist(stacks, bins=edges.tolist(), stacked=True, color=colours, label=[str(k) for k in components])
            _legend(self.ax_, "component")
        else:
            self.ax_.hist(self.certainty, bins=edges.tolist(), color=_BLUE)
        self.ax_.set(xlabel="largest posterior", ylabel="rows", xlim=(edges[0], 1))
        return self


class OptimaDisplay:
    """Which log-likelihoods the starts ended at, best first.

    Parameters
    ----------
    log_likelihoods : ndarray of shape (n_init,)
    """

    def __init__(self, log_likelihoods: NDArray[np.float64]) -> None:
        self.log_likelihoods = log_likelihoods
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
        return cls(estimator.log_likelihoods_).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> OptimaDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None

        Returns
        -------
        OptimaDisplay
        """
        self.ax_, self.figure_ = _axes(ax, (5.5, 3.6))
        known = np.ascontiguousarray(self.log_likelihoods[np.isfinite(self.log_likelihoods)])
        optima = _core.distinct_optima(known)
        first = 1
        for optimum in optima:
            ranks = range(first, first + optimum.n_init)
            best = first == 1
            self.ax_.plot(
                ranks, np.sort(known)[::-1][first - 1 : first - 1 + optimum.n_init], "o", ms=5,
                color=_BLUE if best else _GREY,
            )
            first += optimum.n_init
        self.ax_.set(xlabel="start, best first", ylabel="log-likelihood")
        self.ax_.ticklabel_format(axis="y", useOffset=False)
        reached = optima[0].n_init if optima else 0
        self.ax_.set_title(f"{reached} of {len(known)} starts reached the best optimum", fontsize=10)
        return self


def _axes(ax: Axes | None, size: tuple[float, float]) -> tuple[Axes, Figure]:
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    figure = ax.get_figure(root=True)
    assert figure is not None
    return ax, figure


def _legend(ax: Axes, title: str | None = None) -> None:
    ax.legend(title=title, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)


def _colour(position: int, n: int) -> Any:
    """A colour a line; shades of one map beyond eight."""
    few = ["#1f5f99", "#e07b00", "#2a9d6f", "#c2417c", "#6f4fa1", "#8c6d1f", "#3fa7d6", "#444444"]
    if n <= len(few):
        return few[position]
    import matplotlib

    return matplotlib.colormaps["viridis"](position / (n - 1))
