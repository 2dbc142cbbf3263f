"""Mixtures of multivariate Bernoulli distributions: clusters of binary rows, latent class analysis.

:class:`BernoulliMixture` is the estimator, :func:`select` finds the number of components, :func:`load` and
:func:`save` share model files with the command line program ``mixbern``, which this package installs too.
"""

from ._assignments import Assignments
from ._callbacks import Iteration
from ._converting import convert
from ._core import version as _version
from ._dataset import Dataset, from_packed, read
from ._estimator import BernoulliMixture
from ._faces import Estimates
from ._grouped import GroupedMixture
from ._grouped_selection import GroupedSelection, select_groups
from ._groups import fit_groups, invariance
from ._invariance import Invariance
from ._items import CategoricalItem, Item
from ._loading import load, save
from ._related import Relations
from ._selection import Selection, select

__version__ = _version()

__all__ = [
    "Assignments",
    "BernoulliMixture",
    "CategoricalItem",
    "Dataset",
    "Estimates",
    "GroupedMixture",
    "GroupedSelection",
    "Invariance",
    "Item",
    "Iteration",
    "Relations",
    "Selection",
    "convert",
    "fit_groups",
    "from_packed",
    "invariance",
    "load",
    "read",
    "save",
    "select",
    "select_groups",
]
