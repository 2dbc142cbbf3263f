"""Files of other programs, read by the libraries that know them: SPSS, Stata, Excel, Parquet, SciPy."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    ".sav": ("pandas pyreadstat", lambda path: _pandas().read_spss(path)),
    ".zsav": ("pandas pyreadstat", lambda path: _pandas().read_spss(path)),
    ".dta": ("pandas", lambda path: _pandas().read_stata(path)),
    ".xlsx": ("pandas openpyxl", lambda path: _pandas().read_excel(path)),
    ".ods": ("pandas odfpy", lambda path: _pandas().read_excel(path)),
    ".parquet": ("pyarrow", lambda path: _parquet(path)),
    ".npz": ("scipy", lambda path: _sparse(path)),
}
"""For each ending what has to be installed, and who reads it."""


_LARGE = 1 << 28
"""Bytes of a table from which it is not read whole."""


def is_foreign(X: object) -> bool:
    """Whether it names a file that another library reads."""
    named = isinstance(X, (str, os.PathLike)) and os.path.splitext(os.fspath(X))[1].lower() in READERS
    return named and not is_stream(X)


def is_parquet(X: object) -> bool:
    return isinstance(X, (str, os.PathLike)) and os.fspath(X).lower().endswith(".parquet")


def is_stream(X: object) -> bool:
    """Whether it is read batch by batch: Parquet by the folder or of hundreds of megabytes, Arrow's, lazy frames."""
    if isinstance(X, (str, os.PathLike)):
        name = os.fspath(X)
        if os.path.isdir(name):
            return any(is_parquet(file) for _, _, files in os.walk(name) for file in files)
        return is_parquet(name) and os.path.isfile(name) and os.path.getsize(name) > _LARGE
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(X).__mro__}
    return bool(kinds & {("pyarrow", "Dataset"), ("polars", "LazyFrame")})


def table_in(path: Any) -> Any:
    """The table in a file that another library reads; None for any other file, and for several."""
    if not is_foreign(path):
        return None
    name = os.fspath(path)
    if not os.path.exists(name):
        raise FileNotFoundError(f"there is no file {name!r}")
    packages, read = READERS[os.path.splitext(name)[1].lower()]
    try:
        return read(name)
    except ImportError as error:
        raise ImportError(f"{name!r} needs more packages: pip install {packages}") from error


def write_csv(table: Any, path: str) -> None:
    """Writes a table that :func:`table_in` found."""
    if hasattr(table, "to_csv"):
        table.to_csv(path, index=False)
        return
    import pyarrow.csv

    pyarrow.csv.write_csv(table, path)


def _pandas() -> Any:
    import pandas

    return pandas


def _parquet(path: str) -> Any:
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path)


def _sparse(path: str) -> Any:
    import scipy.sparse

    return scipy.sparse.load_npz(path)
