"""Who is in which component: rows by their ids, with posteriors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._faces import component_names
from ._inputs import names_of
from ._tables import Face, Table

_MOST_SHOWN = 10


class Assignments(Face):
    """The most probable component of each row and all posteriors: what :meth:`BernoulliMixture.assign` returns.

    Parameters
    ----------
    model : BernoulliMixture
        Fitted.
    posteriors : ndarray of shape (n_samples, n_components)
    index : sequence
        What rows are called.
    index_name : str
        What that is called.

    Attributes
    ----------
    index : sequence
        What rows are called: ids, the index of the frame, or numbers from 0.
    components : ndarray of shape (n_samples,)
        They count from 1, as in all tables.
    posteriors : ndarray of shape (n_samples, n_components)
    """

    def __init__(self, model: Any, posteriors: NDArray[np.float64], index: Any, index_name: str) -> None:
        self.components = posteriors.argmax(axis=1) + 1
        self.posteriors = posteriors
        self.index = index
        self._index_name = index_name
        self._names = component_names(model)
        self._named = bool(getattr(model, "component_names_", ()))

    def _columns(self, n_rows: int) -> dict[str, Any]:
        components = self.components[:n_rows]
        columns: dict[str, Any] = {"component": components.tolist()}
        if self._named:
            columns["component_name"] = [self._names[k - 1] for k in components]
        for k in range(self.posteriors.shape[1]):
            columns[f"component_{k + 1}"] = self.posteriors[:n_rows, k].tolist()
        return columns

    def _shown(self) -> Table:
        """The first rows."""
        n_rows = len(self.components)
        n_shown = min(n_rows, _MOST_SHOWN)
        sizes = np.bincount(self.components, minlength=len(self._names) + 1)[1:]
        title = ", ".join(f"{name}: {size:,}" for name, size in zip(self._names, sizes, strict=True))
        notes = (f"and {n_rows - n_shown:,} more rows",) if n_rows > n_shown else ()
        index = [str(name) for name in self.index[:n_shown]]
        return Table(f"rows a component: {title}", index, self._columns(n_shown), self._index_name, notes=notes)

    def to_frame(self) -> Any:
        """Return all rows as a pandas frame with the columns of ``mixbern predict``, under their ids; needs pandas."""
        import pandas as pd

        index = self.index if isinstance(self.index, pd.Index) else pd.Index(self.index, name=self._index_name or None)
        return pd.DataFrame(self._columns(len(self.components)), index=index)

    def table(self, format: Any = "text") -> str:
        """Return all rows as text.

        Parameters
        ----------
        format : {"text", "markdown", "latex", "csv"}, default="text"
        """
        index = [str(name) for name in self.index]
        return Table("", index, self._columns(len(index)), self._index_name or "row").text(format)


def rows_called(X: Any, data: _core.Dataset, ids: Any) -> tuple[Any, str]:
    """What the rows of `X` are called, and what that is called: as given, or as they are in `X`."""
    if ids is not None and not isinstance(ids, str):
        if len(ids) != data.n_rows:
            raise ValueError(f"ids has {len(ids)} values for {data.n_rows} rows; give one for each row")
        return ids, str(getattr(ids, "name", None) or "id")
    if data.ids:
        return data.ids, data.id_name or "id"
    if isinstance(ids, str):
        return _column(X, ids), ids
    if hasattr(X, "iloc"):
        return X.index, ""
    return range(data.n_rows), ""


def _column(X: Any, name: str) -> Any:
    if name not in [str(column) for column in names_of(X)]:
        raise ValueError(f"there is no column {name!r} to take ids from; give the ids themselves, one for each row")
    column = X[name]
    return column.tolist() if hasattr(column, "tolist") else column.to_list() if hasattr(column, "to_list") else column
