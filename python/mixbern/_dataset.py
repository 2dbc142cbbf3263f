"""Rows that are packed already: from anything, from files with a choice of rows, from packed bytes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._answers import One, with_answers
from ._arrays import unpacked, whole_numbers
from ._errors import in_one_sentence
from ._foreign import is_stream
from ._inputs import read_table_or_files, to_core
from ._items import CategoricalItem
from ._missing import MissingValues, missing_codes
from ._paths import Paths
from ._reading import Categorical, Reading, categorical_columns
from ._rows import with_rows


class Dataset:
    """Rows that are packed already: one bit a cell.

    Wherever a method takes ``X`` it takes a ``Dataset`` too, which saves packing the same rows again.

    Parameters
    ----------
    X : array-like, sparse matrix, frame, Arrow table or path
        As in :meth:`BernoulliMixture.fit`.
    threshold : float, default=None
        Cells are 1 where they are greater.
    sample_weight : array-like of shape (n_samples,), default=None
        Finite and not negative.
    one : str, list of str or dict, default=None
        As in :class:`BernoulliMixture`.
    missing_values : value, list of values or dict, default=None
        As in :class:`BernoulliMixture`.
    categorical : "all" or list of column names or numbers, default=None
        As in :class:`BernoulliMixture`. Each answer of such an item is a feature.

    See Also
    --------
    read : From a file, with a choice of its rows and columns.
    from_packed : From the output of :func:`numpy.packbits`.
    """

    _packed: _core.Dataset

    def __init__(
        self,
        X: Any,
        *,
        threshold: float | None = None,
        sample_weight: ArrayLike | None = None,
        one: One = None,
        missing_values: MissingValues = None,
        categorical: Categorical = None,
    ) -> None:
        how = Reading(
            threshold=threshold, missing=missing_codes(missing_values), categorical=categorical_columns(categorical)
        )
        rows = packed(X, how)
        self._packed = with_rows(with_answers(rows, one), sample_weight)

    @classmethod
    def _wrap(cls, data: _core.Dataset) -> Dataset:
        wrapped = cls.__new__(cls)
        wrapped._packed = data
        return wrapped

    def __reduce__(self) -> tuple[Any, ...]:
        with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
            file = os.path.join(folder, "rows.safetensors")
            self._packed.write(file)
            with open(file, "rb") as written:
                return _from_file, (written.read(),)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and features."""
        return (self._packed.n_rows, self._packed.n_features)

    @property
    def feature_names(self) -> list[str]:
        """Names of the features; empty if there are none."""
        return self._packed.feature_names

    @property
    def categorical(self) -> list[CategoricalItem]:
        """Items of more than two answers, each of which is a feature called ``item=answer``."""
        return [CategoricalItem(*item) for item in self._packed.categorical]

    @property
    def codings(self) -> list[tuple[str, str]]:
        """What 0 and 1 of each feature were called; empty if they were 0 and 1."""
        return self._packed.codings

    @property
    def answers(self) -> list[str]:
        """What the 1 of each feature is called; empty if the features were 0 and 1."""
        return _core.answers(self._packed.codings, self._packed.threshold, self._packed.n_features)

    @property
    def ids(self) -> list[str]:
        """What the rows are called; empty if they have no names."""
        return self._packed.ids

    @property
    def n_missing(self) -> int:
        """Number of missing cells."""
        return self._packed.n_missing

    @property
    def sample_weight(self) -> NDArray[np.float64] | None:
        """Weights of the rows, if there are any."""
        return self._packed.weights

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Known classes of the rows, -1 where unknown, if there are any."""
        labels = self._packed.labels
        return None if labels is None else whole_numbers(labels)

    def toarray(self) -> NDArray[np.float64] | NDArray[np.uint8]:
        """All cells as 0 and 1; floats with NaN if cells are missing."""
        return unpacked(self._packed)

    def to_frame(self) -> Any:
        """Return all cells as a pandas frame, with the ids as its index where there are any; needs pandas."""
        import pandas as pd

        ids = pd.Index(self.ids, name=self._packed.id_name or "id") if self.ids else None
        return pd.DataFrame(self.toarray(), columns=self.feature_names or None, index=ids)

    def __len__(self) -> int:
        return self._packed.n_rows

    def __repr__(self) -> str:
        rows, features = self.shape
        kind = "sparse" if self._packed.is_sparse else "packed"
        return f"<mixbern.Dataset: {rows} rows, {features} features, {self.n_missing} cells missing, {kind}>"


def _from_file(content: bytes) -> Dataset:
    """Rows that were pickled as the packed file that they are."""
    with tempfile.TemporaryDirectory(prefix="mixbern-") as folder:
        file = os.path.join(folder, "rows.safetensors")
        with open(file, "wb") as copy:
            copy.write(content)
        return Dataset(file)


def packed(X: Any, how: Reading) -> _core.Dataset:
    """Rows of whatever `X` is, as they are if they are packed already."""
    if isinstance(X, Dataset):
        return X._packed
    if is_stream(X):
        from ._streams import streamed

        return streamed(X, how)
    return to_core(X, how)


@in_one_sentence
def read(
    path: Paths,
    *,
    rows: slice | None = None,
    columns: Iterable[str] = (),
    exclude: Iterable[str] = (),
    weights: str = "",
    labels: str = "",
    threshold: float | None = None,
    header: bool | None = None,
    one: One = None,
    ids: str = "",
    missing_values: MissingValues = None,
    feature_names: Iterable[str] = (),
    categorical: Categorical = None,
) -> Dataset:
    """Read a data file into packed rows; the file need not fit into memory, the packed rows do.

    The formats are those of the command line: CSV and TSV, NPY, IDX, Matrix Market, LIBSVM, FPS and the packed
    format, each also gzip'ed; and tables of SPSS, Stata, Excel and Parquet, which are read whole.

    Parameters
    ----------
    path : str or path-like, or list of these
        Several files are one data set, row after row; of packed files only what is needed is in memory. A folder of
        Parquet files, or a Parquet file of more than 256 MB, is read batch by batch, whole.
    rows : slice, default=None
        Rows to keep, without a step; reading stops at its end.
    columns, exclude : iterable of str
        Use these columns only, or all but these: names, numbers from 1, ranges (``"q1:q9"``), patterns (``"q*"``).
    weights, labels : str
        Of delimited text: columns that hold row weights and known classes.
    threshold : float, default=None
        Cells are 1 where they are greater.
    header : bool, default=None
        Whether the first line of delimited text holds names; by default it is looked at.
    one : str, list of str or dict, default=None
        Which answer of the items is 1, as in :class:`BernoulliMixture`.
    ids : str
        Of delimited text: the column that holds what rows are called.
    missing_values : value, list of values or dict, default=None
        As in :class:`BernoulliMixture`.
    feature_names : iterable of str
        Of files that have none.
    categorical : "all" or list of column names or numbers, default=None
        As in :class:`BernoulliMixture`; also ranges and patterns of names.

    Returns
    -------
    Dataset
    """
    chosen = slice(None) if rows is None else rows
    if chosen.step not in (None, 1) or (chosen.start or 0) < 0 or (chosen.stop or 0) < 0:
        raise ValueError(f"rows must be a slice of rows from the first on, without a step, not {chosen}")
    if is_stream(path):
        if rows is not None or any((columns, exclude, weights, labels, ids, feature_names, categorical)):
            raise ValueError(
                f"{str(path)!r} is read batch by batch, whole: choose rows and columns with pyarrow.dataset or "
                "polars.scan_parquet, and give that"
            )
        return Dataset(path, threshold=threshold, one=one, missing_values=missing_values)
    data = read_table_or_files(
        path,
        Reading(
            threshold=threshold, missing=missing_codes(missing_values), categorical=categorical_columns(categorical)
        ),
        first_row=chosen.start or 0,
        end_row=chosen.stop,
        header=header,
        columns=list(columns),
        exclude=list(exclude),
        weight_column=weights,
        label_column=labels,
        id_column=ids,
        feature_names=[str(name) for name in feature_names],
    )
    return Dataset._wrap(with_answers(data, one))


@in_one_sentence
def from_packed(bits: ArrayLike, n_features: int | None = None, *, bitorder: str = "big") -> Dataset:
    """Take rows that :func:`numpy.packbits` packed along axis 1.

    The core reads words of 64 bits, the first feature in the lowest bit. Rows that are such words already are read
    in place: those of ``bitorder="little"`` that are a multiple of 8 bytes long and follow each other, in an array that
    begins at a multiple of 8 bytes. Rows of other lengths, bit orders and strides are rewritten as words in one pass,
    which takes the memory of those words and no more. To have rows of any number of features read in place, append
    zero bytes before they are packed or after.

    Parameters
    ----------
    bits : array-like of shape (n_samples, n_bytes), uint8
        ``ceil(n_features / 8)`` bytes a row, or as many more, all zero, as make it a multiple of 8. Leave it as it is
        while the result is in use.
    n_features : int, default=None
        Features of a row; by default 8 a byte.
    bitorder : {"big", "little"}, default="big"
        As given to ``packbits``.

    Returns
    -------
    Dataset
    """
    rows = np.asarray(bits)
    if rows.ndim != 2 or rows.dtype != np.uint8:
        raise ValueError(f"packed rows are a 2D array of uint8, not {rows.ndim}D of {rows.dtype}")
    width = 8 * rows.shape[1] if n_features is None else n_features
    if rows.shape[1] not in (-(-width // 8), -(-width // 64) * 8):
        raise ValueError(
            f"{width} features are packed into {-(-width // 8)} bytes a row, these rows have {rows.shape[1]}"
        )
    if bitorder not in ("big", "little"):
        raise ValueError(f"bitorder must be 'big' or 'little', not {bitorder!r}")
    return Dataset._wrap(_core.packed_rows(rows, width, bitorder == "big"))
