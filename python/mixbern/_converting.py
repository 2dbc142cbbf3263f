"""Whatever people hold, to packed files."""

from __future__ import annotations

import os
from typing import Any

from ._answers import One
from ._dataset import Dataset
from ._errors import in_one_sentence
from ._foreign import is_parquet, is_stream
from ._missing import MissingValues, missing_codes
from ._parameters import count
from ._reading import Reading


@in_one_sentence
def convert(
    X: Any,
    path: str | os.PathLike[str],
    *,
    rows_per_file: int | None = None,
    threshold: float | None = None,
    one: One = None,
    missing_values: MissingValues = None,
    n_features: int | None = None,
    bitorder: str = "big",
) -> list[str]:
    """Write packed files, which are fitted out of core, of a table that need not fit into memory.

    Parquet, datasets of Arrow and lazy frames of polars are read twice, batch by batch: for the answers of the columns,
    and for the cells. Their columns are booleans, numbers of two values, or texts of two values; or there is one column,
    of bits packed into (fixed size) binary, of lists of the numbers of the bits that are 1, or of lists of all cells.

    Parameters
    ----------
    X : path of a Parquet file or of a folder of them, pyarrow.dataset.Dataset, polars.LazyFrame
        Or what :class:`Dataset` takes, which is held in memory and becomes one file.
    path : str or path-like
        ``out.safetensors`` gives ``out-00001.safetensors`` and so on, as ``mixbern convert --rows-per-file`` does;
        ``out-*.safetensors``, or a folder with nothing else, is one data set.
    rows_per_file : int, default=None
        By default as many as make 64 MB.
    threshold, one, missing_values
        As in :class:`BernoulliMixture`.
    n_features : int, default=None
        Of one column of bits: 8 a byte, or up to the last bit that is 1, if it is not given.
    bitorder : {"big", "little"}, default="big"
        Of bits packed into bytes, as in :func:`from_packed`.

    Returns
    -------
    list of str
        Names of the files.
    """
    name = os.fspath(path)
    if not name.endswith(".safetensors"):
        raise ValueError(f"packed files end in .safetensors, not {name!r}")
    how = Reading(threshold=threshold, missing=missing_codes(missing_values))
    if bitorder not in ("big", "little"):
        raise ValueError(f"bitorder must be 'big' or 'little', not {bitorder!r}")
    if is_stream(X) or is_parquet(X):
        from ._streams import Packing, write_pieces

        n_rows = count("rows_per_file", rows_per_file) or None
        return write_pieces(X, name, how, Packing(count("n_features", n_features) or None, bitorder, one, n_rows))
    if rows_per_file is not None:
        raise ValueError("rows_per_file is for Parquet, Arrow and polars; files of rows: mixbern convert --rows-per-file")
    Dataset(X, threshold=threshold, one=one, missing_values=missing_values)._packed.write(name)
    return [name]
