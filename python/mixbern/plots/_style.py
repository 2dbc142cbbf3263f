"""What all displays share: their axes, legend and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE = "#1f5f99"
GREY = "#8a8f98"
LINES = (BLUE, "#e07b00", "#2a9d6f", "#c2417c", "#6f4fa1", "#8c6d1f", "#3fa7d6", "#444444")
"""Colours that can be told from each other."""


def axes_of(ax: Axes | None, size: tuple[float, float]) -> tuple[Axes, Figure]:
    """`ax`, or the axes of a new figure of so many inches."""
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    figure = ax.get_figure(root=True)
    assert figure is not None
    return ax, figure


def legend(ax: Axes, title: str | None = None) -> None:
    """Names what was drawn, to the right of it."""
    ax.legend(title=title, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)


def line_colour(position: int, n: int) -> Any:
    """A colour a line; shades of one map where there are too many for LINES."""
    if n <= len(LINES):
        return LINES[position]
    import matplotlib

    return matplotlib.colormaps["viridis"](position / (n - 1))
