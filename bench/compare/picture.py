"""Time an iteration against N and against K, as SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from .bounds import seconds_text
from .results import OURS, Point, Results

PANELS = {"rows": "rows N", "components": "components K"}
# Colours that also differ for people who do not see red and green apart (Okabe and Ito).
STYLE = {
    "lecture-notes": ("#999999", "v", "lecture notes"),
    "stepmix": ("#CC79A7", "D", "StepMix"),
    "numpy-f64": ("#E69F00", "^", "NumPy, float64"),
    "numpy-f32": ("#D55E00", "s", "NumPy, float32"),
    "scipy-csr": ("#009E73", "P", "SciPy CSR"),
    OURS: ("#0072B2", "o", OURS),
}


def draw(results: Results, path: Path) -> None:
    """Writes path as SVG and as PNG beside it; a panel whose experiment was not run is left out."""
    panels = [name for name in PANELS if name in results.sections and results.sections[name].points]
    if not panels:
        return
    with plt.rc_context(
        {"font.size": 10, "svg.hashsalt": "mixbern", "axes.spines.top": False, "axes.spines.right": False}
    ):
        figure, axes = plt.subplots(
            1, len(panels), figsize=(5.2 * len(panels), 4.6), squeeze=False, layout="constrained"
        )
        for axis, name in zip(axes[0], panels, strict=True):
            section = results.sections[name]
            _panel(axis, section.points, PANELS[name])
            axis.set_title(section.title.partition(": ")[2], fontsize=10)
        axes[0][0].set_ylabel("time an iteration, one thread")
        figure.suptitle(
            f"{results.setting['processor']}, kernel {results.setting['kernel']}", fontsize=9, color="#555555"
        )
        figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
        figure.savefig(path.with_suffix(".png"), dpi=150)
        plt.close(figure)


def _panel(axis: Axes, points: list[Point], label: str) -> None:
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel(label)
    axis.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    axis.yaxis.set_major_formatter(lambda seconds, _: seconds_text(seconds))
    axis.grid(which="major", color="#dddddd", linewidth=0.6)
    for key, (colour, marker, name) in STYLE.items():
        mine = sorted((point.x, point.seconds) for point in points if point.who.partition(" (")[0] == key)
        if not mine:
            continue
        x, seconds = zip(*mine, strict=True)
        ours = key == OURS
        axis.plot(
            x,
            seconds,
            marker=marker,
            markersize=6 if ours else 4.5,
            linewidth=2.4 if ours else 1.3,
            color=colour,
            label=name,
            zorder=3 if ours else 2,
        )
    axis.legend(fontsize=8, frameon=False, loc="upper left")
