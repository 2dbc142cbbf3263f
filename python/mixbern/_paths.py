"""Files by their names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, TypeAlias

Path: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = Path | Sequence[Path]


def paths_of(X: Any) -> list[str] | None:
    """The files that `X` names, by one path or a list of them; None where it is anything else."""
    named = X if isinstance(X, (list, tuple)) and X else [X]
    if not all(isinstance(path, (str, os.PathLike)) for path in named):
        return None
    return [os.fspath(path) for path in named]
