"""Fits to the partitions of a Dask collection, which stay on the workers that have them.

Each partition is packed once, one bit a cell, and kept where it was packed; an iteration sends the model there and
merges the sums in a tree. They are whole numbers, so the result has the bits of one process, whatever the partitions,
their order, and the workers that were lost on the way: what a worker had is packed again elsewhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import federated
from ._dataset import Dataset, read
from ._estimator import BernoulliMixture as OnOneMachine
from ._missing import missing_codes, telling_values
from ._parts import (
    facts_of,
    known,
    merged,
    reader_of,
    refuse_what_needs_all_rows,
    require_parts,
    sums_of,
    weighted,
)
from ._paths import paths_of

try:
    import dask
    import dask.array as da
    import dask.dataframe as dd
except ImportError as missing:
    raise ImportError("mixbern.dask needs Dask: pip install mixbern[dask]") from missing

__all__ = ["BernoulliMixture"]

_MERGED_AT_ONCE = 8
_ROWS_OF_A_FILE = 4096  # that names and answers are taken from


class BernoulliMixture(OnOneMachine):
    """:class:`mixbern.BernoulliMixture` for what does not fit into one machine.

    Methods that take rows also take a ``dask.array``, a ``dask.dataframe``, or a list of files that all workers can
    read, and then return ``dask.array`` with a block for each partition. All else is as in
    :class:`mixbern.BernoulliMixture`, which lists the parameters; a fitted model is one of that class in everything
    that needs no rows. ``n_threads`` are those of a task, by default one, as Dask runs a task for each thread of its
    workers.

    Work goes to the current ``dask.distributed.Client``; without one to Dask's threads in this process.

    Cells of arrays are 0 and 1 (or numbers with ``threshold``), sparse blocks too; columns of frames have two values
    each over all partitions. ``init`` is ``"portfolio"`` (which means ``"random"``), ``"random"``, ``"wide"`` or
    ``(weights, probabilities)``, weights are frequencies, and no column is ``categorical``.
    """

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> BernoulliMixture:
        """Fit the mixture.

        Parameters
        ----------
        X : dask.array, dask.dataframe or list of paths
            Or whatever :meth:`mixbern.BernoulliMixture.fit` takes, which is fitted in this process.
        y : ignored
            Known classes are for one process only.
        sample_weight : dask.array or dask.dataframe.Series, default=None
            How often each row was seen, in the partitions of `X`.

        Returns
        -------
        self
        """
        parts = _partitions(X)
        if parts is None:
            super().fit(X, y, sample_weight)
            return self
        self._learn_columns(X, parts)
        weights = [None] * len(parts) if sample_weight is None else _weights_of(sample_weight, len(parts))
        to_site = dask.delayed(_site, pure=False)
        reader = dask.delayed(reader_of(self), pure=False)
        groups = _persisted([to_site(reader, *rows) for rows in zip(parts, weights, strict=True)])
        facts = _merged([dask.delayed(facts_of, pure=False)(sites) for sites in groups])
        require_parts(facts)
        federated._fit(self, facts, lambda pass_: _sums(groups, pass_))
        return self

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Fit, and return the most probable component of each row."""
        return self.fit(X, y, sample_weight).predict(X)

    def predict(self, X: Any) -> Any:
        """Return the most probable component of each row."""
        return self._by_block(X, "predict", np.int64)

    def predict_proba(self, X: Any) -> Any:
        """Return the posterior of each component for each row."""
        return self._by_block(X, "predict_proba", np.float64, len(self.weights_))

    def score_samples(self, X: Any) -> Any:
        """Return the log-likelihood of each row."""
        return self._by_block(X, "score_samples", np.float64)

    def score(self, X: Any, y: object = None, sample_weight: Any = None) -> float:
        """Return the mean log-likelihood of a row, in nats."""
        if _partitions(X) is None:
            return super().score(X, y, sample_weight)
        rows = self.score_samples(X)
        return float(da.average(rows, weights=sample_weight).compute())

    def _learn_columns(self, X: Any, parts: Sequence[Any]) -> None:
        """Names and answers of the features."""
        if hasattr(self, "codings_"):
            del self.codings_
        if isinstance(X, da.Array):
            rows: Any = np.repeat(np.array([[0], [1]], dtype=np.uint8), X.shape[1], axis=1)
        elif isinstance(X, dd.DataFrame):
            import pandas as pd

            most = telling_values(missing_codes(self.missing_values))
            few = dask.compute(*(dask.delayed(_values)(part, most) for part in parts))
            rows = pd.concat(few, ignore_index=True)
        else:
            rows = self._first_rows(parts[0])
        data = self._data(rows, reset=True)
        refuse_what_needs_all_rows(self)
        self.codings_ = _complete(data.codings, parts[0]) if isinstance(rows, Dataset) else data.codings

    def _first_rows(self, path: str) -> Dataset:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a few rows hold says nothing of all
            return read(
                path,
                rows=slice(0, _ROWS_OF_A_FILE),
                threshold=self.threshold,
                missing_values=self.missing_values,
            )

    def _by_block(self, X: Any, method: str, dtype: Any, *width: int) -> Any:
        """What that method of the estimator says of the rows, in a block for each partition."""
        parts = _partitions(X)
        if parts is None:
            return getattr(super(), method)(X)
        reader = dask.delayed(reader_of(self), pure=False)
        n_rows = X.chunks[0] if isinstance(X, da.Array) else [np.nan] * len(parts)
        answer = dask.delayed(_answer, pure=False)
        blocks = [
            da.from_delayed(answer(reader, method, part, np.empty((0, *width), dtype)), shape=(n, *width), dtype=dtype)
            for part, n in zip(parts, n_rows, strict=True)
        ]
        return da.concatenate(blocks, allow_unknown_chunksizes=True)


def _partitions(X: Any) -> list[Any] | None:
    """Rows by the piece; None if `X` is no collection of Dask and no list of files."""
    if isinstance(X, da.Array):
        if X.ndim != 2:
            raise ValueError(f"Expected 2D array, got {X.ndim}D array instead")
        return list(X.rechunk({1: -1}).to_delayed().ravel())
    if isinstance(X, dd.DataFrame):
        return list(X.to_delayed())
    return paths_of(X) if isinstance(X, (list, tuple)) else None


def _weights_of(sample_weight: Any, n_parts: int) -> list[Any]:
    if not isinstance(sample_weight, (da.Array, dd.Series)):
        raise TypeError("sample_weight has to be a dask.array or a Series in the partitions of X")
    weights = list(np.ravel(sample_weight.to_delayed()))
    if len(weights) != n_parts:
        raise ValueError(f"X has {n_parts} partitions, sample_weight has {len(weights)}: rechunk it alike")
    return weights


def _persisted(sites: Sequence[Any]) -> list[Any]:
    """The sites in as many lists as tasks run at once, each of which stays on a worker."""
    try:
        from distributed import default_client

        n_tasks = sum(default_client().nthreads().values())
    except (ImportError, ValueError):  # no cluster
        n_tasks = dask.system.CPU_COUNT
    groups = np.array_split(np.arange(len(sites)), min(len(sites), max(n_tasks, 1)))
    together = dask.delayed(_known, pure=False)
    return list(dask.persist(*(together([sites[i] for i in group]) for group in groups)))


def _merged(parts: Sequence[Any]) -> Any:
    """What the parts make together, merged in a tree."""
    while len(parts) > 1:
        parts = [
            dask.delayed(merged, pure=False)(list(parts[first : first + _MERGED_AT_ONCE]))
            for first in range(0, len(parts), _MERGED_AT_ONCE)
        ]
    (result,) = dask.compute(parts[0])
    return result


def _sums(groups: Sequence[Any], pass_: federated.Pass) -> Any:
    # The bytes are part of the graph: a worker that is lost takes nothing along that cannot be made again.
    asked = dask.delayed(_asked, pure=False)(pass_.to_bytes())
    return _merged([dask.delayed(sums_of, pure=False)(sites, asked) for sites in groups])


def _complete(codings: list[tuple[str, str]], path: str) -> list[tuple[str, str]]:
    """Both values of each feature of a file; empty where they are 0 and 1."""
    numbers = ("0", "1")
    both = [numbers if pair in (("0", ""), ("", "1")) else pair for pair in codings]
    open_ = [d for d, pair in enumerate(both) if not all(pair)]
    if open_:
        raise ValueError(
            f"{path}: column {open_[0] + 1} has one value there, so that nobody knows what is 0 and what is 1 in other "
            "files: write them with 'mixbern convert FILES PACKED --rows-per-file N', which looks at all"
        )
    return [] if all(pair == numbers for pair in both) else both


# What workers do. A part without rows has no site.


def _site(reader: OnOneMachine, rows: Any, weights: Any) -> federated.Site | None:
    if _is_empty(rows):
        return None
    data = reader._data(rows)
    if isinstance(rows, str) and not reader.codings_ and _complete(data.codings, rows):
        raise ValueError(f"{rows}: cells of the first file are 0 and 1, here are others: {data.codings[0]}")
    data = weighted(data, None if weights is None else np.asarray(weights))
    return federated.Site(Dataset._wrap(data), n_threads=reader.n_threads)


def _known(sites: Sequence[Any]) -> list[Any]:
    return list(known(sites))


def _asked(content: bytes) -> federated.Pass:
    return federated.Pass.from_bytes(content)


def _values(rows: Any, most: int) -> Any:
    """A few rows with all values of each column, or `most` of them."""
    import pandas as pd

    found = {column: rows[column].dropna().unique()[:most] for column in rows.columns}
    n = max((len(values) for values in found.values()), default=0)
    columns = {name: np.resize(values, n) if len(values) else np.full(n, np.nan) for name, values in found.items()}
    return pd.DataFrame(columns, columns=rows.columns)


def _answer(model: OnOneMachine, method: str, rows: Any, nothing: NDArray[Any]) -> Any:
    return nothing if _is_empty(rows) else getattr(model, method)(rows)


def _is_empty(rows: Any) -> bool:
    return not isinstance(rows, str) and rows.shape[0] == 0
