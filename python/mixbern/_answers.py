"""Which answer of an item is 1, the one whose probability a model gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from . import _core
from ._items import categorical_of

One: TypeAlias = str | Iterable[str] | Mapping[str, Any] | None


def with_answers(data: _core.Dataset, one: One) -> _core.Dataset:
    """`data` with the chosen answers as its ones."""
    chosen = _texts(one)
    return data.with_answers(chosen) if chosen else data


def _texts(one: One) -> list[str]:
    if one is None:
        return []
    if isinstance(one, Mapping):
        return [f"{item}={value}" for item, value in one.items()]
    return [one] if isinstance(one, str) else [str(text) for text in one]


def shared_answer(model: Any) -> str:
    """The answer of all items of a fitted model as part of a sentence, "1" where it is plain; empty where they differ."""
    if categorical_of(model):
        return ""
    plain, shared = _core.shared_answer(list(model.codings_), model.threshold)
    return "1" if plain else shared


def item_labels(model: Any, names: list[str]) -> list[str]:
    """`names` of the features, with their answers where these differ."""
    if shared_answer(model):
        return names
    return [f"{name} = {answer}" for name, answer in zip(names, model.answers_, strict=True)]
