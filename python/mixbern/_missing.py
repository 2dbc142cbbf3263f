"""Values that stand for a missing cell, as the library takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

MissingValues: TypeAlias = Any
"""A value, several of them, or a dict from columns to either; None for no more than NaN, None and the like."""


def missing_codes(missing_values: MissingValues) -> list[str]:
    """Texts as ``--missing`` takes them."""
    if missing_values is None:
        return []
    if isinstance(missing_values, Mapping):
        return [f"{item}={text}" for item, given in missing_values.items() for text in _texts(given)]
    return _texts(missing_values)


def telling_values(codes: Sequence[str]) -> int:
    """So many values of a column, codes for missing cells among them, tell its two answers, or that it has more."""
    return 3 + len(codes)


def _texts(given: Any) -> list[str]:
    several = isinstance(given, Iterable) and not isinstance(given, (str, bytes))
    texts = [str(value) for value in given] if several else [str(given)]
    return [text for text in texts if text not in ("nan", "None", "<NA>")]
