"""Components as images."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from .._estimator import BernoulliMixture
from .._faces import component_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class ComponentsDisplay:
    """Components as images: the probability of each pixel, dark where it is large.

    ``axes_`` has one for each component.

    Parameters
    ----------
    weights : ndarray of shape (n_components,)
    probabilities : ndarray of shape (n_components, n_features)
    image_shape : (int, int)
        Height and width.
    components : list of str, default=None
        What they are called; numbers from 1 by default.
    """

    def __init__(
        self,
        weights: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        *,
        image_shape: tuple[int, int],
        components: list[str] | None = None,
    ) -> None:
        self.weights = weights
        self.probabilities = probabilities
        self.image_shape = image_shape
        self.components = components or [str(k + 1) for k in range(len(weights))]
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
        ax: Axes | Iterable[Axes] | None = None,
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
        ax : matplotlib Axes or array of Axes, default=None
            All images into one, or one into each.

        Returns
        -------
        ComponentsDisplay
        """
        check_is_fitted(estimator, ["weights_", "probabilities_"])
        n_features = estimator.probabilities_.shape[1]
        side = round(n_features**0.5)
        shape = image_shape or getattr(estimator, "image_shape_", None) or (side, side)
        if shape[0] * shape[1] != n_features:
            raise ValueError(f"image_shape {shape} means {shape[0] * shape[1]} pixels, the model has {n_features}")
        display = cls(estimator.weights_, estimator.probabilities_, image_shape=shape, components=component_names(estimator))
        return display.plot(ax, columns=columns, cmap=cmap)

    def plot(
        self, ax: Axes | Iterable[Axes] | None = None, *, columns: int | None = None, cmap: str = "Greys"
    ) -> ComponentsDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes or array of Axes, default=None
            All images into one, or one into each.
        columns : int, default=None
            Images beside each other; not used with an array of axes.
        cmap : str, default="Greys"

        Returns
        -------
        ComponentsDisplay
        """
        k = len(self.weights)
        cells = self._cells(ax, columns or min(k, int(np.ceil(np.sqrt(k * 1.6)))))
        if len(cells) < k:
            raise ValueError(f"{k} components need as many axes, there are {len(cells)}")
        for cell in cells:
            cell.set_axis_off()
        for component, cell in enumerate(cells[:k]):
            pixels = self.probabilities[component].reshape(self.image_shape)
            cell.imshow(pixels, cmap=cmap, vmin=0, vmax=1)
            cell.set_title(f"{self.components[component]}: {self.weights[component]:.1%}", fontsize=9)
        figure = cells[0].get_figure(root=True)
        assert figure is not None
        self.figure_, self.axes_ = figure, np.array(cells[:k], dtype=object)
        return self

    def _cells(self, ax: Axes | Iterable[Axes] | None, wide: int) -> list[Axes]:
        """Axes for the images, row by row."""
        from matplotlib.axes import Axes

        high = -(-len(self.weights) // wide)
        if isinstance(ax, Axes):
            ax.set_axis_off()
            # A quarter of a row is left for the title above it.
            return [
                ax.inset_axes((column / wide, 1 - (row + 1) / high, 0.94 / wide, 0.75 / high))
                for row in range(high)
                for column in range(wide)
            ]
        if ax is not None:
            return list(np.ravel(np.array(ax, dtype=object)))
        import matplotlib.pyplot as plt

        height, width = self.image_shape
        size = (1.5 * wide, (1.5 * height / width + 0.3) * high)
        _, axes = plt.subplots(high, wide, figsize=size, squeeze=False, layout="constrained")
        return list(axes.flat)
