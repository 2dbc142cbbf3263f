"""What predicts components, and what they predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from . import _core
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
        method: Literal["ml", "bch", "two-step", "one-step"] = "ml",
        assignment: Literal["modal", "proportional"] = "modal",
        reference: int | str | None = None,
        standard_errors: Literal["observed", "opg", "sandwich"] = "observed",
        listwise: bool = False,
        strata: Any = None,
        clusters: Any = None,
        fpc: Any = None,
        lonely: Literal["refuse", "adjust"] = "refuse",
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
        method : {"ml", "bch", "two-step", "one-step"}, default="ml"
            Three steps, the errors of assignment corrected by likelihood or by weights; two, with the items'
            probabilities held; or all at once.
        assignment : {"modal", "proportional"}, default="modal"
            Of ``ml`` and ``bch``.
        reference : int or str, default=None
            Number of the component that odds compare with, or its name. By default the last.
        standard_errors : {"observed", "opg", "sandwich"}, default="observed"
            Of ``one-step``; the others have their own, which carry every step.
        listwise : bool, default=False
            Leave rows without an outcome out, which else tell of the components' sizes.
        strata, clusters, fpc : column, or name of a column of X, default=None
            The design of a survey: the stratum that each row was drawn from, the cluster it was drawn with, the share
            of the stratum's clusters that was sampled or how many it has.
        lonely : {"refuse", "adjust"}, default="refuse"
            What to do with a stratum of one cluster.
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
        with_design = any(part is not None for part in (strata, clusters, fpc))
        if weights_kind is None and with_design and sample_weight is not None:
            weights_kind = "sampling"
        mixture, data, _ = self._fitted_data(X)
        asked_kind = self._kind(data, sample_weight) if weights_kind is None else weights_kind
        data, kind = settled(with_rows(data, sample_weight), asked_kind)
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
        relation = None
        if columns:
            variables = [variable(name, own, data.n_rows, kinds.get(name)) for name, own in columns.items()]
            relation = _core.relate_covariates(mixture, data, variables, list(terms or columns), options)
        found = []
        for name, own in asked.items():
            outcome = variable(name, own, data.n_rows, kinds.get(name))
            found.append(_core.relate_outcome(mixture, data, outcome, kinds.get(name, outcome.kind), options))
        _warn([relation, *found] if relation is not None else found)
        return Relations(self, relation, found, level, _core.degrees_of_freedom(design, data.n_rows))

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


def _warn(relations: Sequence[_core.RelationBase]) -> None:
    for warning in dict.fromkeys(warning for own in relations for warning in own.warnings):
        tell(warning)
