"""The estimator, in the manner of scikit-learn."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning

from . import _core
from ._answers import One
from ._callbacks import Callback, finished
from ._constraints import Constraints
from ._errors import all_in_one_sentence
from ._feature_names import FeatureNames
from ._fitting import Fitting, Init
from ._messages import tell
from ._missing import MissingValues
from ._model_file import ModelFiles
from ._prediction import Predictions
from ._progress import ProgressBar
from ._reading import Categorical
from ._relations import Relating
from ._rows import Classes, settled, told_as_sampled, with_held
from ._views import Views


@all_in_one_sentence
class BernoulliMixture(
    Fitting,
    Predictions,
    Relating,
    ModelFiles,
    Views,
    BaseEstimator,
):
    """Mixture of multivariate Bernoulli distributions, also called latent class model.

    p(x) = Σ_k π_k Π_d θ_kd^x_d (1 − θ_kd)^(1 − x_d), with the weights π and the probabilities θ, fitted by expectation
    maximisation from several starts. Each start is run for a while, the best ones to the end. Data, options and
    ``random_state`` decide the result, the number of threads does not.

    Parameters
    ----------
    n_components : int, default=1
        Components (classes, clusters).
    tol : float, default=None
        A start ends when the gain that is still to come is estimated to be below this, in nats a row; with 0 after
        ``max_iter`` iterations. By default 1e-6, and tighter where iterations are cheap.
    max_iter : int, default=None
        Iterations of a start at most. By default 10,000, or 100,000 where they are cheap.
    n_init : int, default=None
        Starts. By default more where they are cheap.
    init : {"portfolio", "wide", "random", "rows", "kmeans", "kmeans++", "labels"} or (weights, probabilities), default="portfolio"
        How a start finds its first parameters: item means with noise; rows of the data; clusters; the class means of
        ``y``; or the given ones.
    smoothing : float or "auto", default=1e-6
        Pseudo-count that is added to the ones and to the zeros of every cell and to the weight of every component: the
        posterior mode under Beta(1 + a, 1 + a). 0 is maximum likelihood, "auto" what predicts held-out rows best.
    smoothing_target : {"half", "item"}, default="half"
        What smoothing pulls probabilities toward: 1/2, or the mean of the feature over all rows.
    weights_kind : {"auto", "frequency", "sampling"}, default="auto"
        What ``sample_weight`` is: how often a row was seen, or how many it stands for, scaled so that weights sum to
        the number of rows. By default whole numbers are the first, others the second.
    threshold : float, default=None
        Cells are 1 where they are greater; for counts, grey values and measurements. By default cells have to be
        two-valued.
    missing_values : value, list of values or dict, default=None
        What stands for a missing cell besides NaN, None and the like: ``9``, ``[8, 9, "Refused"]``, or a dict from
        features to values.
    feature_names : list of str or vectoriser, default=None
        Names for features of arrays and sparse matrices, which have none: a list, or what has
        ``get_feature_names_out``, such as the vectoriser that stands before the mixture in a ``Pipeline``.
    one : str, list of str or dict, default=None
        Which answer of the items is 1, the one that ``probabilities_`` are of: a value for all items (``"Agree"``),
        ``"item=value"``, several of these in a list, or a dict from items to values. By default the second in natural
        order.
    categorical : "all" or list of column names or numbers, default=None
        Columns that are items of any number of answers; numbers count from 0. By default, of frames, those of the
        dtype ``category`` (of Arrow tables dictionaries) with more than two categories; ``[]`` for none.
        Answers come in the order of a pandas dtype, without those that no row has, else in their natural order.
    constraints : dict or path, default=None
        What is known beforehand: ``{(0, "q1"): "same", (1, "q1"): "same"}`` makes probabilities equal,
        ``{(1, "q2"): 0.9}`` holds one, ``{(1, "party"): [0.2, 0.5, 0.3]}`` those of all answers, and ``{(0, None): 0.25}`` a
        weight. Components and numbers of columns count from 0; components keep their order. A path is a table for
        ``mixbern fit --constraints``.
    semi_supervised : bool, default=False
        Whether rows whose class ``y`` is known (not -1) keep it, and rows with a set of classes are of one of them.
    random_state : int, RandomState instance or None, default=None
        An int is the seed that the command line calls ``--seed``.
    n_threads : int, default=None
        By default all processors.
    precision : {"auto", "fast", "double"}, default="auto"
        Arithmetic of the iterations; what is reported is always evaluated in double precision.
    acceleration : {"auto", "none", "anderson", "newton"}, default="auto"
        How the number of iterations is kept down.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the last one.
    checkpoint : path, default=None
        A file in which ``fit`` saves on the way where it is.
    checkpoint_every : float, default=60
        Seconds between two checkpoints at least.
    resume : path, default=None
        A checkpoint that ``fit`` goes on from, to the result that it would have had: of the same data, parameters and
        ``random_state``, an int.
    callbacks : callable or sequence of callables, default=()
        Each is called with an :class:`Iteration` after each iteration, from a thread that works on the fit, one at a
        time. One that returns something true ends the fit with the best model so far.
    verbose : int, default=0
        Whether to show a progress bar (with tqdm, where that is installed).

    Attributes
    ----------
    weights_ : ndarray of shape (n_components,)
        Mixing proportions, largest first; with ``semi_supervised`` in the order of the classes, with ``constraints`` in
        theirs.
    probabilities_ : ndarray of shape (n_components, n_features)
        P(feature is 1 given component): of the answers that ``answers_`` names. An item of more than two answers has a
        column for each of them.
    answers_ : list of str
        What the 1 of each feature is called; empty where it was a 1.
    items_ : list of Item
        For each item, in the order of the columns, its ``name``, its ``categories`` and their ``probabilities``, of
        shape (n_components, n_categories): items of two answers too.
    categorical_ : list of CategoricalItem
        The items of more than two answers: the ``name`` of the column, the ``first`` of its columns in
        ``probabilities_``, and its ``categories``.
    converged_ : bool
    n_iter_ : int
        Iterations of the start that won.
    lower_bound_ : float
        Mean log-likelihood of a row, in nats.
    lower_bounds_ : ndarray of shape (``n_iter_``,)
        The same before each M-step of the start that won.
    log_likelihood_ : float
        Of all rows together, with their weights.
    log_likelihoods_ : ndarray of shape (``n_init_``,)
        One a start, as far as it was run.
    n_init_ : int
        Starts.
    n_init_at_best_ : int
        Those of them that reached the best log-likelihood.
    optimum_margin_ : float
        Log-likelihoods that are no farther apart are the same optimum.
    stop_reason_ : {"tolerance", "max_iter", "cancelled"}
    n_parameters_ : int
        Free parameters.
    labels_ : ndarray of shape (n_samples,)
        The most probable component of each row of the training data.
    smoothing_ : float
        ``smoothing``, or what was chosen.
    weights_kind_ : {"frequency", "sampling"}
        What ``sample_weight`` was taken as.
    n_features_in_ : int
        Columns of `X`; an item is one of them, whatever its answers.
    feature_names_in_ : ndarray of shape (``n_features_in_``,)
        Only where the features have names.
    component_names_ : list of str
        What the components are called; only where they were given names, by assigning a list here or with
        ``mixbern fit --names``. Model files keep them.
    codings_ : list of (str, str)
        What 0 and 1 of each feature were called; empty where they were 0 and 1.
    fit_record_ : dict
        What a model file says of the fit.

    Examples
    --------
    >>> import numpy as np
    >>> from mixbern import BernoulliMixture
    >>> X = np.repeat([[1, 1, 1, 0], [0, 0, 0, 1]], [30, 10], axis=0)
    >>> model = BernoulliMixture(n_components=2, random_state=0).fit(X)
    >>> model.weights_.round(3)
    array([0.75, 0.25])
    >>> model.predict([[1, 1, 0, 0]])
    array([0])
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        tol: float | None = None,
        max_iter: int | None = None,
        n_init: int | None = None,
        init: Init = "portfolio",
        smoothing: float | Literal["auto"] = 1e-6,
        smoothing_target: Literal["half", "item"] = "half",
        weights_kind: Literal["auto", "frequency", "sampling"] = "auto",
        threshold: float | None = None,
        missing_values: MissingValues = None,
        feature_names: FeatureNames = None,
        one: One = None,
        categorical: Categorical = None,
        constraints: Constraints = None,
        semi_supervised: bool = False,
        random_state: int | np.random.RandomState | None = None,
        n_threads: int | None = None,
        precision: Literal["auto", "fast", "double"] = "auto",
        acceleration: Literal["auto", "none", "anderson", "newton"] = "auto",
        warm_start: bool = False,
        checkpoint: str | os.PathLike[str] | None = None,
        checkpoint_every: float = 60,
        resume: str | os.PathLike[str] | None = None,
        callbacks: Callback | Sequence[Callback] = (),
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.tol = tol
        self.max_iter = max_iter
        self.n_init = n_init
        self.init = init
        self.smoothing = smoothing
        self.smoothing_target = smoothing_target
        self.weights_kind = weights_kind
        self.threshold = threshold
        self.missing_values = missing_values
        self.feature_names = feature_names
        self.one = one
        self.categorical = categorical
        self.constraints = constraints
        self.semi_supervised = semi_supervised
        self.random_state = random_state
        self.n_threads = n_threads
        self.precision = precision
        self.acceleration = acceleration
        self.warm_start = warm_start
        self.checkpoint = checkpoint
        self.checkpoint_every = checkpoint_every
        self.resume = resume
        self.callbacks = callbacks
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = self.threshold is None
        return tags

    def fit(self, X: Any, y: Classes | None = None, sample_weight: ArrayLike | None = None) -> BernoulliMixture:
        """Fit the mixture.

        Ctrl-C ends it within half a second; the exception that follows finds the best model so far in place.

        Parameters
        ----------
        X : array-like, sparse matrix, frame, Arrow table, path, list of paths or Dataset, of shape (n_samples, n_features)
            Two values a feature, which become 0 and 1 in their natural order, or any number of answers where it is
            ``categorical``; sparse matrices hold 0 and 1. NaN, None
            and masked cells are missing. Several files are one data set, row after row; packed ones that are large are
            read in pieces in each pass, never held. Paths may be of SPSS (.sav), Stata (.dta), Excel (.xlsx), Parquet and
            SciPy (.npz) files too. Later methods take from a wider table the features that were fitted, by name.
        y : array-like of shape (n_samples,) or (n_samples, n_components), or list of sets, default=None
            Known classes, 0 … n_components - 1, and -1 where unknown; or of each row the classes that it may belong to,
            as ``{0, 2}`` for what is no case of class 1, None for any, or as True in their columns. Used with
            ``semi_supervised`` and ``init="labels"`` only, the latter for rows of one class. Labels of a
            :class:`Dataset` may name several too, as ``0|2``.
        sample_weight : array-like of shape (n_samples,), default=None
            A row of weight 2 counts like two rows, or stands for twice as many people: see ``weights_kind``.

        Returns
        -------
        self
        """
        data = self._data(X, reset=True)
        data = with_held(data, sample_weight, y if self._uses_labels() else None, bool(self.semi_supervised))
        data, kind = settled(data, self.weights_kind)
        told_as_sampled(self.weights_kind, kind)
        options = self._fit_options(kind, data)
        with ProgressBar(self.verbose) as bar:
            if self._chooses_smoothing():
                choice = finished(_core.choose_smoothing(data, options, self._on_iteration(), bar.tick))
                options = self._fit_options(kind, data, choice.smoothing)
            result, error = _core.fit(data, options, self._on_iteration(), bar.tick, **self._checkpointing())
        self._take(result, data)
        if error is not None:
            raise error  # type: ignore[misc]
        for message in self._warnings(result, data):
            tell(message, ConvergenceWarning)
        return self

    def fit_predict(
        self, X: Any, y: Classes | None = None, sample_weight: ArrayLike | None = None
    ) -> NDArray[np.int64]:
        """Fit, and return the most probable component of each row.

        Parameters
        ----------
        X, y, sample_weight
            As in :meth:`fit`.

        Returns
        -------
        labels : ndarray of shape (n_samples,)
        """
        return self.fit(X, y, sample_weight).labels_
