"""How many components, in several groups?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from numpy.typing import ArrayLike

from . import _core
from ._callbacks import finished
from ._errors import in_one_sentence
from ._estimator import BernoulliMixture
from ._grouped import GroupedMixture
from ._groups import column_name, free_items, grouped_mixture, prepared, refuse_checkpoints
from ._items import column_labels
from ._parameters import count, word
from ._progress import ProgressBar
from ._selection import Candidates, tell_warnings
from ._tables import Face


class GroupedSelection(Candidates[GroupedMixture], Face):
    """What :func:`select_groups` found: a model in groups for each number of components.

    Attributes
    ----------
    models : list of GroupedMixture
        One a number of components.
    best : GroupedMixture
        The one that the criterion picks.
    criterion : str
    columns : dict of str to list
        The table, column by column: likelihoods, parameters, criteria and fit are those given the groups.
    """

    _given = ", given the groups"


@in_one_sentence
def select_groups(
    X: Any,
    n_components: Iterable[int],
    *,
    groups: Any = None,
    free: str | Sequence[str | int] | None = None,
    criterion: str = "bic",
    sample_weight: ArrayLike | None = None,
    estimator: BernoulliMixture | None = None,
    **parameters: Any,
) -> GroupedSelection:
    """Fit several numbers of components in several groups and pick one, as ``mixbern select --groups`` does.

    Parameters
    ----------
    X : as in :meth:`BernoulliMixture.fit`
    n_components : iterable of int
        Ascending, for example ``range(1, 6)``.
    groups : column, or name of a column of X, default=None
        As in :func:`fit_groups`.
    free : "all", or list of names or numbers of items, default=None
        As in :func:`fit_groups`.
    criterion : {"aic", "aic3", "bic", "sabic", "caic", "icl-bic", "awe"}, default="bic"
        Computed from the likelihood, the parameters and the posteriors given the groups.
    sample_weight : array-like of shape (n_samples,), default=None
    estimator : BernoulliMixture, default=None
        Where its parameters, besides ``n_components``, come from.
    **parameters
        Parameters of :class:`BernoulliMixture`, as in :func:`fit_groups`.

    Returns
    -------
    GroupedSelection

    Raises
    ------
    ValueError
        As :func:`fit_groups`, and for checkpoints and criteria that would draw or hold out rows.
    """
    numbers = [count("n_components", k) for k in n_components]
    template, data, options = prepared(X, numbers[0] if numbers else 1, groups, sample_weight, estimator, parameters)
    refuse_checkpoints(template, "select_groups()")
    with ProgressBar(template.verbose) as bar:
        found = finished(
            _core.select_groups(
                data,
                free_items(free, column_labels(template)),
                numbers,
                options,
                criterion=word("criterion", criterion),
                on_iteration=template._on_iteration(),
                on_tick=bar.tick,
            )
        )
    tell_warnings(found.selection.candidates)
    column = column_name(groups)
    models = [grouped_mixture(model, template, data, options.estimation, column) for model in found.models]
    return GroupedSelection(models, found.selection, criterion)
