"""Items of a fitted model: those of two answers are one feature, those of more a feature an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._reading import Items


class CategoricalItem(NamedTuple):
    """An item of more than two answers.

    Parameters
    ----------
    name : str
        Of its column.
    first : int
        Its first feature; each answer has one, in their order.
    categories : list of str
        What the answers are called.
    """

    name: str
    first: int
    categories: list[str]


class Item(NamedTuple):
    """An item and its answers.

    Parameters
    ----------
    name : str
        Of its column.
    categories : list of str
        What the answers are called.
    probabilities : ndarray of shape (n_components, n_categories)
        Rows sum to 1.
    """

    name: str
    categories: list[str]
    probabilities: NDArray[np.float64]


def stretches(n_features: int, items: Items) -> list[tuple[int, list[str]]]:
    """First feature and answers of each item, in order; no answers where the item is a single feature."""
    known = {first: answers for _, first, answers in items}
    found: list[tuple[int, list[str]]] = []
    d = 0
    while d < n_features:
        answers = known.get(d, [])
        found.append((d, answers))
        d += max(1, len(answers))
    return found


def n_items(n_features: int, items: Items) -> int:
    """Columns that so many features come from."""
    return n_features - sum(len(answers) - 1 for _, _, answers in items)


def names_of_columns(data: _core.Dataset | _core.Model, n_features: int) -> list[str]:
    """Names of the columns that features come from; none where they have but numbers, from 1, for their items."""
    names = list(data.column_names)
    if not data.categorical:
        return names if any(names) else []
    answers = [answers for _, answers in stretches(n_features, data.categorical)]
    unnamed = all(name == (str(at + 1) if of else "") for at, (name, of) in enumerate(zip(names, answers)))
    return [] if unnamed else names


def categorical_of(model: Any) -> list[CategoricalItem]:
    """``categorical_`` of a model, also of one that was stored before there was such a thing."""
    return list(getattr(model, "categorical_", ()))


def column_labels(model: Any) -> list[str]:
    """Names of the columns of a fitted model, ``x0``, ``x1`` … where they have none."""
    own = getattr(model, "feature_names_in_", None)
    return [f"x{d}" for d in range(model.n_features_in_)] if own is None else [str(name) for name in own]


def called(items: Items, n_features: int, names: Sequence[str]) -> list[CategoricalItem]:
    """`items` under the names of their columns."""
    places = {first: at for at, (first, _) in enumerate(stretches(n_features, items))} if items else {}
    return [CategoricalItem(names[places[first]], first, answers) for _, first, answers in items]


def stored_names(model: Any) -> tuple[list[str], list[CategoricalItem]]:
    """Names of a fitted model's features and its categorical items as files have them."""
    return file_names(model, model.probabilities_.shape[1])


def file_names(model: Any, n_features: int) -> tuple[list[str], list[CategoricalItem]]:
    """Names of the features, and categorical items, of an estimator that has read rows, as files have them."""
    own = [str(name) for name in getattr(model, "feature_names_in_", ())]
    items = categorical_of(model)
    if not items:
        return own, []
    of = stretches(n_features, items)
    columns = own or [str(at + 1) for at in range(len(of))]
    names = []
    for name, (_, answers) in zip(columns, of, strict=True):
        names += [f"{name}={answer}" for answer in answers] or [name if own else ""]
    return names, called(items, n_features, columns)


def require_same(data: _core.Dataset, model: Any) -> None:
    """Rows whose features mean something else would be misread."""
    if [item[1:] for item in data.categorical] != [item[1:] for item in categorical_of(model)]:
        raise ValueError(
            "the items of X do not have the answers of those of the model: give the table itself, in which the model "
            "looks for its answers"
        )


def answers_in(
    ones: NDArray[np.uint8], items: Items, codings: Sequence[tuple[str, str]]
) -> NDArray[np.object_]:
    """A column an item, with the texts of the answers."""
    of = stretches(ones.shape[1], items)
    cells = np.empty((len(ones), len(of)), dtype=object)
    for at, (first, answers) in enumerate(of):
        texts = answers or both_answers(codings, first)
        cells[:, at] = np.array(texts, dtype=object)[chosen_answers(ones, first, answers)]
    return cells


def chosen_answers(ones: NDArray[np.uint8], first: int, answers: list[str]) -> NDArray[np.intp]:
    """The number of each row's answer to an item."""
    if not answers:
        return ones[:, first].astype(np.intp)
    chosen: NDArray[np.intp] = ones[:, first : first + len(answers)].argmax(axis=1)
    return chosen


def both_answers(codings: Sequence[tuple[str, str]], d: int) -> list[str]:
    """What 0 and 1 of feature `d` are called."""
    return [text or str(side) for side, text in enumerate(codings[d] if codings else ("0", "1"))]
