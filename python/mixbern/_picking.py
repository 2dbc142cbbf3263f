"""The columns of a model out of a wider table, by name."""

from __future__ import annotations

from typing import Any

from . import _core
from ._dataset import Dataset
from ._foreign import is_foreign, is_stream, table_in
from ._inputs import names_in, names_of, read_files
from ._paths import Paths, paths_of


def own_columns(X: Any, model: Any) -> Any:
    """`X` with the features of a fitted model alone, where it has those, by name, and more; else as it is."""
    own = [str(name) for name in getattr(model, "feature_names_in_", ())]
    if is_foreign(X):
        X = table_in(X)
    if not own or isinstance(X, Dataset) or is_stream(X):
        return X
    if paths_of(X) is not None:
        return _of_files(X, own, model)
    names = [str(name) for name in names_of(X)]
    if len(names) <= len(own) or not set(own) <= set(names) or len(set(names)) < len(names):
        return X
    columns = [names.index(name) for name in own]
    return X.iloc[:, columns] if hasattr(X, "iloc") else X.select(own)


def files_with_ids(paths: Paths, model: Any, ids: str) -> Any:
    """The features of a fitted model in files, whose rows are called as its column `ids` says."""
    if is_foreign(paths):
        return table_in(paths)
    own = [str(name) for name in getattr(model, "feature_names_in_", ())]
    return Dataset._wrap(_read(paths, model, columns=own, id_column=ids))


def _of_files(paths: Paths, own: list[str], model: Any) -> Any:
    names = names_in(paths)
    if len(names) <= len(own) or not set(own) <= set(names):
        return paths
    return Dataset._wrap(_read(paths, model, columns=own))


def _read(paths: Paths, model: Any, **options: Any) -> _core.Dataset:
    return read_files(paths, **model._reading(reset=False).of_file(), **options)
