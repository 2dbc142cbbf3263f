"""How a fitted model shows itself in a notebook."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answers import shared_answer
from ._faces import component_names, feature_labels

_MOST_FEATURES = 24
_MOST_COMPONENTS = 12


class Views:
    """Adds a table of the components to what scikit-learn shows of an estimator."""

    weights_: NDArray[np.float64]
    probabilities_: NDArray[np.float64]

    def _repr_html_(self) -> str:
        inner = getattr(super(), "_repr_html_", None)
        shown: str = inner() if callable(inner) else f"<pre>{html.escape(repr(self))}</pre>"
        if not hasattr(self, "weights_"):
            return shown
        return shown + component_table(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def component_table(model: Any) -> str:
    """An HTML table: a column a component, a row a feature, cells shaded by probability."""
    shown = min(_MOST_COMPONENTS, len(model.weights_))
    n_features = model.probabilities_.shape[1]
    names = feature_labels(model)
    components = [html.escape(name) for name in component_names(model)]
    head = "".join(f"<th scope='col'>{components[k]}<br>{model.weights_[k]:.1%}</th>" for k in range(shown))
    rows = []
    for d in range(min(_MOST_FEATURES, n_features)):
        cells = "".join(_cell(model.probabilities_[k, d]) for k in range(shown))
        rows.append(f"<tr><th scope='row' style='text-align:left'>{html.escape(names[d])}</th>{cells}</tr>")
    left_out = []
    if n_features > _MOST_FEATURES:
        left_out.append(f"{n_features - _MOST_FEATURES} more features")
    if len(model.weights_) > shown:
        left_out.append(f"{len(model.weights_) - shown} more components")
    return (
        "<table class='mixbern' style='border-collapse:collapse;font-variant-numeric:tabular-nums'>"
        f"<caption style='text-align:left;white-space:nowrap'>{html.escape(_summary(model))}</caption>"
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        + (f"<p>and {' and '.join(left_out)}</p>" if left_out else "")
    )


def _cell(probability: float) -> str:
    text = "#fff" if probability > 0.6 else "inherit"
    return (
        f"<td style='text-align:right;padding:2px 6px;color:{text};background:rgba(31,95,153,{probability:.3f})'>"
        f"{probability:.3f}</td>"
    )


def _summary(model: Any) -> str:
    parts = [f"{len(model.weights_)} components, P({shared_answer(model) or 'answer'}) of each feature"]
    if hasattr(model, "log_likelihood_"):
        parts.append(f"log-likelihood {model.log_likelihood_:.4f}")
    if hasattr(model, "converged_"):
        parts.append("converged" if model.converged_ else "NOT converged")
    if hasattr(model, "n_init_"):
        parts.append(f"best of {model.n_init_} starts, reached by {model.n_init_at_best_}")
    return "; ".join(parts)
