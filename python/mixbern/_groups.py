"""Classes in several groups: are they the same?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from . import _core
from ._answers import item_labels
from ._callbacks import finished
from ._dataset import Dataset
from ._errors import in_one_sentence
from ._estimator import BernoulliMixture
from ._grouped import GroupedMixture
from ._invariance import Invariance
from ._items import column_labels, stretches
from ._messages import tell
from ._parameters import amount, count
from ._progress import ProgressBar
from ._rows import settled, told_as_sampled, with_rows
from ._variables import column_names, refuse_both, replicates_of, survey_design, with_groups, without_column

USUAL_SMOOTHING = 1e-6
SMOOTHING_IN_GROUPS = 1e-8
"""A free model of small groups has many probabilities at their bounds, which more would move by what shows."""


@in_one_sentence
def fit_groups(
    X: Any,
    n_components: int,
    *,
    groups: Any = None,
    free: str | Sequence[str | int] | None = None,
    sample_weight: ArrayLike | None = None,
    strata: Any = None,
    clusters: Any = None,
    fpc: Any = None,
    lonely: Literal["refuse", "adjust"] = "refuse",
    replicate_weights: Any = None,
    replicate_type: str | None = None,
    estimator: BernoulliMixture | None = None,
    **parameters: Any,
) -> GroupedMixture:
    """Fit a mixture in several groups, as ``mixbern fit --groups`` does, with the same numbers.

    p(x | g) = Σ_k π_{k|g} Π_d p(x_d | k, g): weights of components are of their own in each group, probabilities are
    equal but for free items (Clogg and Goodman, Sociological Methodology 15, 1985, 81-110).

    Parameters
    ----------
    X : as in :meth:`BernoulliMixture.fit`
    n_components : int
    groups : column, or name of a column of X, default=None
        The group of each row, two groups at least; rows without one are left out. A named column of a frame is no item
        then. By default the labels of a :class:`Dataset` that was read with ``labels=``.
    free : "all", or list of names or numbers of items, default=None
        Items whose probabilities differ between groups; numbers count from 0. Where all do, each group is fitted by
        itself.
    sample_weight : array-like of shape (n_samples,), default=None
    strata, clusters, fpc : column, or name of a column of X, default=None
        The design of a survey, for ``standard_errors()``, as in :meth:`BernoulliMixture.standard_errors`. Named columns
        of a frame are no items then, and weights are those of a sample.
    lonely : {"refuse", "adjust"}, default="refuse"
        What to do with a stratum of one cluster.
    replicate_weights : array-like of shape (n_samples, n_replicates), or names of columns of X, default=None
        Those that a survey brings along, in place of its design, for ``standard_errors()``; named columns are no items.
    replicate_type : {"brr", "fay:R", "jk1", "jkn", "bootstrap"}, default=None
        How they were made, as in :meth:`BernoulliMixture.standard_errors`.
    estimator : BernoulliMixture, default=None
        Where its parameters, besides ``n_components``, come from.
    **parameters
        Parameters of :class:`BernoulliMixture`, ``checkpoint`` and ``resume`` too. ``smoothing`` is 1e-8 here unless it is another than 1e-6.

    Returns
    -------
    GroupedMixture

    Raises
    ------
    ValueError
        Fewer than two groups have rows; a free item is not there; or the estimator has ``constraints``,
        ``semi_supervised``, ``smoothing="auto"``, or an ``init`` that is no drawn one.

    Notes
    -----
    One fit of a table in which the group is an item and a free item one item a group; of each group where all are free.

    Examples
    --------
    >>> import numpy as np
    >>> from mixbern import fit_groups
    >>> X = np.repeat([[1, 1, 1, 0], [0, 0, 0, 1], [1, 1, 1, 0], [0, 0, 0, 1]], [30, 10, 10, 30], axis=0)
    >>> found = fit_groups(X, 2, groups=["a"] * 40 + ["b"] * 40, random_state=0)
    >>> sorted(found.weights_[0].round(3).tolist())
    [0.25, 0.75]
    """
    parts = {"strata": strata, "clusters": clusters, "fpc": fpc}
    items = X
    for what, part in parts.items():
        items, parts[what] = without_column(items, part, what)
    by_design = any(part is not None for part in parts.values())
    refuse_both(by_design, replicate_weights, replicate_type)
    for name in column_names(replicate_weights):
        items, _ = without_column(items, name, "replicate_weights")
    with_design = by_design or replicate_weights is not None
    if with_design and sample_weight is not None and (estimator is None or estimator.weights_kind == "auto"):
        parameters = {"weights_kind": "sampling"} | parameters
    template, data, options = prepared(items, n_components, groups, sample_weight, estimator, parameters)
    design = survey_design(X, data.n_rows, **parts, lonely=lonely)
    replicates = None
    if replicate_weights is not None or replicate_type is not None:
        # The weights as they came: those of a sample are scaled by now.
        whole = X.sample_weight if sample_weight is None and isinstance(X, Dataset) else sample_weight
        replicates = replicates_of(X, with_rows(data, whole), replicate_weights, replicate_type)
    chosen = free_items(free, column_labels(template))
    with ProgressBar(template.verbose) as bar:
        found = finished(
            _core.fit_groups(
                data, chosen, options, template._on_iteration(), bar.tick, **template._checkpointing()
            )
        )
    for message in found.warnings:
        tell(message, ConvergenceWarning)
    return grouped_mixture(found, template, data, options.estimation, column_name(groups), design, replicates)


@in_one_sentence
def invariance(
    X: Any,
    n_components: int,
    *,
    groups: Any = None,
    bootstrap: int = 0,
    level: float = 0.05,
    sample_weight: ArrayLike | None = None,
    estimator: BernoulliMixture | None = None,
    **parameters: Any,
) -> Invariance:
    """Test whether classes are the same in all groups, as ``mixbern invariance`` does, with the same numbers.

    Fits equal and free probabilities; then frees, one after the other, the item whose likelihood ratio is the most
    significant, while its p-value after Holm's adjustment over the items that are left is at most `level`.

    Parameters
    ----------
    X : as in :meth:`BernoulliMixture.fit`
    n_components : int
    groups : column, or name of a column of X, default=None
        As in :func:`fit_groups`.
    bootstrap : int, default=0
        Data sets that each likelihood ratio is held against, where cells are few; 0 for the chi-squared distribution.
        It takes n_items / level of them at least to tell any item apart.
    level : float, default=0.05
        Above 0 and below 1.
    sample_weight : array-like of shape (n_samples,), default=None
        How often a row was seen: likelihood ratios know no sampling weights.
    estimator : BernoulliMixture, default=None
        Where its parameters, besides ``n_components``, come from.
    **parameters
        Parameters of :class:`BernoulliMixture`, as in :func:`fit_groups`.

    Returns
    -------
    Invariance

    Raises
    ------
    ValueError
        As :func:`fit_groups`, and for sampling weights.

    Notes
    -----
    O(n_items²) fits at most, from a model that is near each; with `bootstrap` as many times two small ones. Score tests
    (Rao 1948) stand beside the ratios; items are freed by the ratios.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be above 0 and below 1, it is {level!r}")
    template, data, options = prepared(X, n_components, groups, sample_weight, estimator, parameters)
    refuse_checkpoints(template, "invariance()")
    if options.estimation.weights_kind == "sampling":
        raise ValueError(
            "likelihood ratios know no sampling weights: compare the bic_ of fit_groups(), or take weights as so many "
            "equal rows with weights_kind='frequency'"
        )
    n_samples = amount("bootstrap", bootstrap)
    with ProgressBar(template.verbose) as bar:
        found = finished(
            _core.test_invariance(
                data, options, level=level, n_samples=n_samples, on_iteration=template._on_iteration(), on_tick=bar.tick
            )
        )
    for message in found.warnings:
        tell(message)
    column = column_name(groups)
    models = {one.name: grouped_mixture(one.model, template, data, options.estimation, column) for one in found.models}
    return Invariance(models, found, column_labels(template), level)


def prepared(
    X: Any,
    n_components: int,
    groups: Any,
    sample_weight: ArrayLike | None,
    estimator: BernoulliMixture | None,
    parameters: dict[str, Any],
) -> tuple[BernoulliMixture, _core.Dataset, _core.FitOptions]:
    """The estimator with these parameters, rows whose labels are the groups, and how to fit them."""
    template: BernoulliMixture = clone(estimator if estimator is not None else BernoulliMixture())
    template.set_params(**parameters).set_params(n_components=count("n_components", n_components))
    _refuse(template)
    X, column = without_column(X, groups)
    data = with_rows(template._data(X, reset=True), sample_weight)
    if column is not None:
        data, _ = with_groups(data, column)
    labels = data.labels
    if labels is None:
        raise ValueError("groups are missing: give a column, its name, or a Dataset that was read with labels=")
    if n := int((labels == -1).sum()):
        tell(f"{n:,} {'row of unknown group is' if n == 1 else 'rows of unknown group are'} left out")
    data, kind = settled(data, template.weights_kind)
    told_as_sampled(template.weights_kind, kind)
    smoothing = template._given_smoothing()
    options = template._fit_options(kind, None, SMOOTHING_IN_GROUPS if smoothing == USUAL_SMOOTHING else smoothing)
    return template, data, options


def _refuse(template: BernoulliMixture) -> None:
    """What starts, or holds, something that groups have no place for."""
    if template._chooses_smoothing():
        raise ValueError("with groups smoothing needs a number, not 'auto'")
    if template.semi_supervised:
        raise ValueError("semi_supervised holds labels, and groups are none; leave it out")
    if template.constraints is not None:
        raise ValueError("a fit in groups, whose classes have items of their own, takes no constraints")
    if not isinstance(template.init, str) or template.init == "labels" or template.warm_start:
        raise ValueError("with groups starts are drawn: leave init and warm_start out, or name another kind")


def refuse_checkpoints(template: BernoulliMixture, what: str) -> None:
    if template.checkpoint is not None or template.resume is not None:
        raise ValueError(f"{what} makes many fits, which have no checkpoints: leave checkpoint and resume out")


def free_items(free: str | Sequence[str | int] | None, names: list[str]) -> list[int]:
    """The numbers of the items that differ between groups."""
    if free is None:
        return []
    if isinstance(free, str):
        if free == "all" and "all" not in names:
            return list(range(len(names)))
        free = [free]
    return sorted({_item(item, names) for item in free})


def _item(item: str | int, names: list[str]) -> int:
    if isinstance(item, str):
        if item not in names:
            raise ValueError(f"free: there is no item {item!r}")
        return names.index(item)
    if isinstance(item, (bool, np.bool_)) or not isinstance(item, (int, np.integer)) or not 0 <= item < len(names):
        raise ValueError(f"free: items are names, or numbers from 0 to {len(names) - 1}, not {item!r}")
    return int(item)


def column_name(groups: Any) -> str:
    """What a file calls the groups."""
    name = groups if isinstance(groups, str) else getattr(groups, "name", None)
    return name if isinstance(name, str) and name else "group"


def grouped_mixture(
    found: _core.GroupedModel, template: BernoulliMixture, data: _core.Dataset | None, estimation: _core.Estimation, column: str,
    design: _core.SurveyDesign | None = None,
    replicates: _core.ReplicateWeights | None = None,
) -> GroupedMixture:
    """What was found, under the names that `template`, which has read the rows or is of their file, has for its parts."""
    if data is not None:
        template.codings_ = data.codings
    names = column_labels(template)
    of = stretches(found.probabilities.shape[2], template.categorical_)
    plain = [name for name, (_, answers) in zip(names, of, strict=True) for _ in answers or [name]]
    return GroupedMixture(found, data, template, estimation, names, item_labels(template, plain), column, design, replicates)
