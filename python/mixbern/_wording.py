"""What the library says to users of the command line, in the words of this package."""

from __future__ import annotations

import re
from collections.abc import Callable

_VALUE = r"('[^']*'|\S+)"


def in_python(message: str) -> str:
    """`message` with parameters for options: ``exclude=['id']`` for ``--exclude id``."""
    for pattern, said in _OPTIONS:
        message = re.sub(pattern, said, message)
    return message


def _listed(name: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{name}={_values(found)!r}"


def _missing(found: re.Match[str]) -> str:
    values = _values(found)
    if not all("=" in value for value in values):
        return f"missing_values={values!r}"
    of_item: dict[str, list[str]] = {}
    for item, _, value in (value.partition("=") for value in values):
        of_item.setdefault(item, []).append(value)
    return f"missing_values={of_item!r}"


def _values(found: re.Match[str]) -> list[str]:
    return found.group(1).strip("'").split(",")


_OPTIONS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"--missing " + _VALUE, _missing),
    (r"--exclude " + _VALUE, _listed("exclude")),
    (r"--categorical (is|names|out)\b", r"categorical \1"),
    (r"--categorical " + _VALUE, _listed("categorical")),
    (r"--threshold T\b", "threshold=T"),
    (r"--header no\b", "header=False"),
    (r"; 'mixbern inspect' says what each column looks like", ""),
    (r"--(threshold|columns|exclude)\b", r"\1"),
]
