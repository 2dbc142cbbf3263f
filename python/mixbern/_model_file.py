"""Model files: the same safetensors files as those of the command line."""

from __future__ import annotations

import json
import os
from typing import Any

from sklearn.utils.validation import check_is_fitted

from . import _core
from ._base import MixtureBase
from ._items import stored_names
from ._missing import missing_codes


class ModelFiles(MixtureBase):
    """What an estimator knows of files."""

    fit_record_: dict[str, Any]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a file, which the command line, :func:`mixbern.load` and safetensors read.

        An interrupted write leaves an older file as it was.

        Parameters
        ----------
        path : str or path-like
        """
        _core.save_model(os.fspath(path), self._model())

    def report(
        self, path: str | os.PathLike[str], X: Any = None, *, title: str = "", statistics: bool = False
    ) -> None:
        """Write a report: one HTML file that needs no network.

        Parameters
        ----------
        path : str or path-like
        X : as in ``fit``, default=None
            Rows to show the model on.
        title : str, default=""
        statistics : bool, default=False
            Goodness of fit and residuals also of large tables.
        """
        data = None if X is None else self._data(X)
        document = _core.model_report(
            self._model(), data, title=title, statistics=statistics, threads=self._threads()
        )
        _core.write_report(os.fspath(path), document)

    def _model(self) -> _core.Model:
        check_is_fitted(self, "weights_")
        names, items = stored_names(self)
        return _core.Model(
            self._mixture(),
            names,
            [] if self.threshold is not None else list(self.codings_),
            self.threshold,
            getattr(self, "image_shape_", None),
            json.dumps(self.fit_record_),
            missing_codes(self.missing_values),
            list(getattr(self, "component_names_", ())),
            items,
        )
