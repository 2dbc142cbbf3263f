"""Names for features of data that has none: given, or those of the vectoriser before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import NotFittedError

from ._messages import tell

FeatureNames: TypeAlias = Any
"""An iterable of names, or what has ``get_feature_names_out``; None for none."""


def given_names(feature_names: FeatureNames, n_features: int) -> NDArray[np.object_] | None:
    """The names of `n_features` features, or None."""
    if feature_names is None:
        return None
    found = _names_of(feature_names)
    if found is None:
        return None
    names = np.array([str(name) for name in found], dtype=object)
    if len(names) != n_features:
        raise ValueError(f"feature_names has {len(names)} names, but X has {n_features} features")
    return names


def _names_of(feature_names: FeatureNames) -> Iterable[Any] | None:
    if isinstance(feature_names, str):
        raise ValueError(f"feature_names must be a list of names, not {feature_names!r}")
    if not hasattr(feature_names, "get_feature_names_out"):
        return list(feature_names)
    try:
        return list(feature_names.get_feature_names_out())
    except NotFittedError:
        tell(
            "feature_names is a vectoriser that is not fitted, so features have no names; copies of a pipeline, as a "
            "search makes them, lose it: set feature_names_in_ of the best model"
        )
        return None
