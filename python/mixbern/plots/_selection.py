"""Criteria against the number of components."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._selection import CRITERIA, Selection
from ._style import axes_of, legend, line_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
            Columns of its table: ``"aic"``, ``"aic3"``, ``"bic"``, ``"sabic"``, ``"caic"``, ``"icl_bic"`` or ``"awe"``.
        ax : matplotlib Axes, default=None

        Returns
        -------
        SelectionDisplay
        """
        unknown = [name for name in criteria if name not in CRITERIA]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no criterion; there are {', '.join(CRITERIA)}")
        chosen = {name: [float(value) for value in selection.columns[name]] for name in criteria}
        return cls(list(selection.columns["n_components"]), chosen).plot(ax=ax)

    def plot(self, ax: Axes | None = None) -> SelectionDisplay:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, default=None

        Returns
        -------
        SelectionDisplay
        """
        self.ax_, self.figure_ = axes_of(ax, (5.5, 3.6))
        for position, (name, values) in enumerate(self.criteria.items()):
            colour = line_colour(position, len(self.criteria))
            self.ax_.plot(
                self.n_components, values, color=colour, marker="o", ms=3, lw=1.4, label=name.replace("_", "-").upper()
            )
            best = int(np.argmin(values))
            self.ax_.plot(self.n_components[best], values[best], "o", ms=9, mfc="none", mec=colour, mew=1.6)
        self.ax_.set_xticks(self.n_components)
        self.ax_.set(xlabel="components", ylabel="criterion (ringed: smallest)")
        legend(self.ax_)
        return self
