"""Errors as notebooks show them: the line that called and the sentence, without the way through the package."""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_C = TypeVar("_C", bound=type)

_EXPECTED = (ValueError, TypeError, OSError, ImportError, MemoryError)
"""What wrong input ends with. Whatever else happens is shown whole."""


def in_one_sentence(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """`function`, whose errors IPython shows as a sentence; ``__traceback__`` and debuggers have all of the way."""

    @functools.wraps(function)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except _EXPECTED as error:
            setattr(error, "_render_traceback_", functools.partial(_sentence, error))
            raise

    return called


def all_in_one_sentence(of: _C) -> _C:
    """The class with :func:`in_one_sentence` around its public methods that this package wrote."""
    for name in dir(of):
        function = inspect.getattr_static(of, name)
        if inspect.isfunction(function) and not name.startswith("_") and _is_ours(inspect.unwrap(function)):
            setattr(of, name, in_one_sentence(function))
    return of


def _is_ours(function: Any) -> bool:
    return str(function.__module__).partition(".")[0] == __package__


def _sentence(error: BaseException) -> list[str]:
    """Lines for IPython, which asks for them by the name ``_render_traceback_``."""
    frames = traceback.extract_tb(error.__traceback__)
    own = next((at for at, frame in enumerate(frames) if frame.filename == __file__), 0)
    said = f"{type(error).__name__}: {error}"
    if own == 0:
        return [said]
    caller = frames[own - 1]
    return [f"----> {caller.lineno} {caller.line}", said]
