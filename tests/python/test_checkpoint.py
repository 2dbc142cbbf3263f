"""A fit that was ended goes on from its checkpoint."""

from __future__ import annotations

import numpy as np
import pytest

from mixbern import BernoulliMixture


def parts(model):
    return model.weights_, model.probabilities_, model.lower_bounds_, model.log_likelihoods_


def test_it_goes_on_to_the_same_bits(mnist, tmp_path):
    X = mnist[:3000]
    file = tmp_path / "fit.checkpoint"
    options = {"n_components": 5, "n_init": 9, "max_iter": 50, "random_state": 3, "n_threads": 2}
    whole = BernoulliMixture(**options).fit(X)
    n = 0

    def stop_later(iteration):
        nonlocal n
        n += 1
        return n > 100

    with pytest.warns(match="a callback ended the fit"):
        BernoulliMixture(**options, checkpoint=file, checkpoint_every=0, callbacks=stop_later).fit(X)
    resumed = BernoulliMixture(**options, resume=file).fit(X)
    for one, two in zip(parts(resumed), parts(whole), strict=True):
        np.testing.assert_array_equal(one, two)


def test_other_data_parameters_and_files_are_refused(tmp_path):
    X = np.random.default_rng(1).integers(0, 2, (50, 4))
    file = tmp_path / "fit.checkpoint"
    options = {"n_components": 2, "n_init": 2, "random_state": 3}
    BernoulliMixture(**options, checkpoint=str(file)).fit(X)
    BernoulliMixture(**options, resume=str(file)).fit(X)
    with pytest.raises(ValueError, match="fit.checkpoint: it is of a fit with rows of checksum"):
        BernoulliMixture(**options, resume=file).fit(1 - X)
    with pytest.raises(ValueError, match="a fit with seed 3, not 4; .*resume=None"):
        BernoulliMixture(**options | {"random_state": 4}, resume=file).fit(X)
    file.write_bytes(b"x" + file.read_bytes())
    with pytest.raises(ValueError, match="fit.checkpoint: it is no checkpoint"):
        BernoulliMixture(**options, resume=file).fit(X)
    with pytest.raises(FileNotFoundError):
        BernoulliMixture(**options, resume=tmp_path / "none").fit(X)
    with pytest.raises(FileNotFoundError):
        BernoulliMixture(**options, checkpoint=tmp_path / "none" / "file").fit(X)
