"""What predicts components, and what they predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from . import _core
from ._callbacks import finished
from ._faces import component_names
from ._messages import tell
from ._parameters import word
from ._related import Relations
from ._rows import settled, with_rows
from ._statistics import Statistics
from ._variables import columns_in, factors, survey_design, variable


class Relating(Statistics):
    """How components hang together with columns beside the items."""

    def relate(
        self,
        X: Any,
        sample_weight: ArrayLike | None = None,
        *,
        covariates: Any = None,
        outcomes: Any = None,
        terms: Sequence[str] | None = None,
        kinds: Mapping[str, str] | None = None,
        method: Literal["auto", "ml", "bch", "two-step", "one-step"] = "auto",
        assignment: Literal["modal", "proportional"] | None = None,
        reference: int | str | None = None,
        standard_errors: Literal["observed", "opg", "sandwich"] | None = None,
        listwise: bool = False,
        strata: Any = None,
        clusters: Any = None,
        fpc: Any = None,
        lonely: Literal["refuse", "adjust"] = "refuse",
        replicate_weights: Any = None,
        replicate_type: str | None = None,
        weights_kind: Literal["auto", "frequency", "sampling"] | None = None,
        level: float = 0.95,
    ) -> Relations:
        """Relate components to columns beside the items, as ``mixbern relate`` does, with the same numbers.

        Parameters
        ----------
        X : as in ``fit``
            What the mixture was fitted to.
        sample_weight : array-like of shape (n_samples,), default=None
        covariates : frame, mapping of names to columns, or names of columns of X, default=None
            What may predict the component. Names may be terms: ``"age:sex"`` is the product, ``"age*sex"`` both and
            the product. Texts are categories, compared with their first; the type ``category`` has its own order.
        outcomes : frame, mapping of names to columns, or names of columns of X, default=None
            What the component may predict.
        terms : sequence of str, default=None
            Of the covariates, where those are not names; by default each for itself.
        kinds : mapping of names to {"continuous", "nominal", "count"}, default=None
            Of outcomes, and of covariates that are to be nominal. By default texts and 0 and 1 are nominal, other
            numbers continuous.
        method : {"auto", "ml", "bch", "two-step", "one-step"}, default="auto"
            Three steps, the errors of assignment corrected by likelihood or by weights; two, with the items'
            probabilities held; or all at once. ``auto`` takes ``ml`` where the relative entropy of the model is 0.7
            or more or `assignment` is given, else ``one-step``; ``method_`` of the result says which.
        assignment : {"modal", "proportional"}, default=None
            Of ``ml`` and ``bch``; modal by default.
        reference : int or str, default=None
            Number of the component that odds compare with, or its name. By default the last.
        standard_errors : {"observed", "opg", "sandwich"}, default=None
            Of ``one-step``, observed by default, and sandwich where ``auto`` took it; the others have
            their own, which carry every step.
        listwise : bool, default=False
            Leave rows without an outcome out, which else tell of the components' sizes.
        strata, clusters, fpc : column, or name of a column of X, default=None
            The design of a survey: the stratum that each row was drawn from, the cluster it was drawn with, the share
            of the stratum's clusters that was sampled or how many it has.
        lonely : {"refuse", "adjust"}, default="refuse"
            What to do with a stratum of one cluster.
        replicate_weights : array-like of shape (n_samples, n_replicates), or names of columns of X, default=None
            Those that a survey brings along, in place of its design: the mixture is fitted and related again with each.
        replicate_type : {"brr", "fay:R", "jk1", "jkn", "bootstrap"}, default=None
            How they were made: balanced repeated replication, Fay's with its R, a jackknife without or with strata, a
            bootstrap.
        weights_kind : {"auto", "frequency", "sampling"}, default=None
            In place of the estimator's; with a design those of a sample.
        level : float, default=0.95
            Of the intervals.

        Returns
        -------
        Relations
        """
        names = [covariates] if isinstance(covariates, str) else covariates
        if isinstance(names, Sequence) and terms is None:
            terms, covariates = list(names), list(dict.fromkeys(part for term in names for part in factors(term)))
        columns = columns_in(covariates, X, "covariates")
        asked = columns_in(outcomes, X, "outcomes")
        if not columns and not asked:
            raise ValueError("relate needs covariates, outcomes, or both")
        self._refuse_items([*columns, *asked])
        kinds = dict(kinds or {})
        if unknown := [name for name in kinds if name not in columns and name not in asked]:
            raise ValueError(f"kinds: there is no covariate or outcome {unknown[0]!r}")
        _refuse_idle(method, assignment, standard_errors)
        by_design = any(part is not None for part in (strata, clusters, fpc))
        with_design = by_design or replicate_weights is not None
        if weights_kind is None and with_design and sample_weight is not None:
            weights_kind = "sampling"
        mixture, data, _ = self._fitted_data(X)
        asked_kind = self._kind(data, sample_weight) if weights_kind is None else weights_kind
        data, kind = settled(with_rows(data, sample_weight), asked_kind)
        replicates = self._replicates(X, sample_weight, replicate_weights, replicate_type, by_design)
        design = survey_design(X, data.n_rows, strata, clusters, fpc, lonely)
        options = _core.RelateOptions(
            method=method,
            assignment=assignment,
            reference=self._reference(reference),
            one_step_errors=standard_errors,
            estimation=_core.Estimation(
                smoothing=self._fitted_smoothing(),
                smoothing_target=word("smoothing_target", self.smoothing_target),
                semi_supervised=False,
                weights_kind=word("weights_kind", kind),
            ),
            design=design,
            listwise=listwise,
            threads=self._threads(),
        )
        related = _Related(mixture, data, options, replicates)
        relation, curves = None, []
        if columns:
            variables = [variable(name, own, data.n_rows, kinds.get(name)) for name, own in columns.items()]
            relation = related.covariates(variables, list(terms or columns))
            curves = relation.curves(variables, list(terms or columns))
        found = []
        for name, own in asked.items():
            outcome = variable(name, own, data.n_rows, kinds.get(name))
            found.append(related.outcome(outcome, kinds.get(name, outcome.kind)))
        _warn([relation, *found] if relation is not None else found)
        freedom = _core.degrees_of_freedom(design, data.n_rows) if replicates is None else replicates.degrees_of_freedom
        return Relations(self, relation, curves, found, level, freedom)

    def _refuse_items(self, names: list[str]) -> None:
        items = set(getattr(self, "feature_names_in_", ()))
        item = next((name for name in names if name in items), None)
        if item is not None:
            raise ValueError(f"{item!r} is an item of the model; covariates and outcomes are columns beside the items")

    def _reference(self, reference: int | str | None) -> int:
        n_components = len(self.weights_)
        if reference is None:
            return n_components - 1
        own = component_names(self)
        if isinstance(reference, str):
            if reference not in own:
                raise ValueError(f"reference: there is no component {reference!r}, but {', '.join(own)}")
            return own.index(reference)
        if not 0 <= reference < n_components:
            raise ValueError(f"reference must be a component from 0 to {n_components - 1}, it is {reference!r}")
        return int(reference)


class _Related:
    """Relations of one mixture and table, with replicate weights or without."""

    def __init__(
        self,
        mixture: _core.Mixture,
        data: _core.Dataset,
        options: _core.RelateOptions,
        replicates: _core.ReplicateWeights | None,
    ) -> None:
        self._of = (mixture, data)
        self._options = options
        self._replicates = replicates

    def covariates(self, variables: list[_core.Variable], terms: list[str]) -> _core.Relation:
        relation: _core.Relation = self._run(_core.relate_covariates, variables, terms)
        return relation

    def outcome(self, outcome: _core.Variable, kind: str) -> _core.OutcomeRelation:
        relation: _core.OutcomeRelation = self._run(_core.relate_outcome, outcome, kind)
        return relation

    def _run(self, relate: Any, *of: Any) -> Any:
        if self._replicates is None:
            return relate(*self._of, *of, self._options)
        return finished(relate(*self._of, *of, self._options, self._replicates))


def _refuse_idle(method: str, assignment: str | None, standard_errors: str | None) -> None:
    """What the method would not look at."""
    if assignment is not None and method in ("two-step", "one-step"):
        raise ValueError(f"assignment is a step of ml and bch; {method} assigns no row")
    if standard_errors is not None and method != "one-step":
        raise ValueError(f"standard_errors chooses those of method='one-step', not of {method!r}")


def _warn(relations: Sequence[_core.RelationBase]) -> None:
    for warning in dict.fromkeys(warning for own in relations for warning in own.warnings):
        tell(warning)
