"""A progress bar for a fit, where tqdm is installed; else lines of text."""

from __future__ import annotations

import sys
import time
import warnings
from types import TracebackType
from typing import Any

_LINE_EVERY = 2.0


def _tqdm() -> Any:
    """The bar for a notebook where its widgets are installed, else the one for terminals, without a word."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm

        return tqdm


class ProgressBar:
    """Shows the iterations of a fit; silent where `verbose` is 0."""

    def __init__(self, verbose: int) -> None:
        self._verbose = bool(verbose)
        self._bar: Any = None
        self._told = time.monotonic()

    def __enter__(self) -> ProgressBar:
        if self._verbose:
            try:
                bar = _tqdm()
            except ImportError:
                return self
            self._bar = bar(unit=" iterations", desc="starting")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    @property
    def tick(self) -> Any:
        """What the fit calls several times a second, or None."""
        return self._tick if self._verbose else None

    def _tick(self, stage: str, n_iterations: int, mean_log_likelihood: float) -> None:
        if self._bar is not None:
            self._bar.set_description_str(stage, refresh=False)
            self._bar.set_postfix({"log-likelihood a row": f"{mean_log_likelihood:.6f}"}, refresh=False)
            self._bar.update(n_iterations - self._bar.n)
        elif time.monotonic() - self._told >= _LINE_EVERY:
            self._told = time.monotonic()
            line = f"{stage}: {n_iterations} iterations, log-likelihood {mean_log_likelihood:.6f} a row"
            print(line, file=sys.stderr)
