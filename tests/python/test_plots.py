"""What the displays draw is the model."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.exceptions import NotFittedError
from sklearn.mixture import GaussianMixture

import mixbern
from mixbern import BernoulliMixture, select
from mixbern.plots import CertaintyDisplay, ComponentsDisplay, OptimaDisplay, ProfilesDisplay, SelectionDisplay

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def images(rng_of_images):
    """A model of pictures 4 high and 6 wide."""
    X = (rng_of_images.random((200, 24)) < 0.4).astype(np.uint8)
    return BernoulliMixture(5, random_state=0, n_init=2).fit(X)


@pytest.fixture(scope="module")
def rng_of_images():
    return np.random.default_rng(5)


@pytest.fixture(scope="module")
def selection(carcinoma):
    with pytest.warns(UserWarning, match="4 components: .* standard error above 0.5"):
        return select(carcinoma, range(1, 5), random_state=0)


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def assert_images(display, model, shape):
    assert len(display.axes_) == len(model.weights_)
    for component, ax in enumerate(display.axes_):
        (image,) = ax.get_images()
        assert_allclose(image.get_array(), model.probabilities_[component].reshape(shape))
        assert image.get_clim() == (0, 1), "the same shade is the same probability in all of them"
        assert ax.get_title() == f"{component + 1}: {model.weights_[component]:.1%}"
        assert not ax.axison


def test_components_are_images(images):
    display = ComponentsDisplay.from_estimator(images, image_shape=(4, 6), cmap="viridis")
    assert_images(display, images, (4, 6))
    assert display.image_shape == (4, 6) and display.axes_[0].get_images()[0].get_cmap().name == "viridis"
    assert len(display.figure_.axes) >= 5 and not any(ax.axison for ax in display.figure_.axes)
    assert_images(display.plot(columns=5), images, (4, 6))
    assert len({ax.get_subplotspec().rowspan.start for ax in display.axes_}) == 1


def test_components_in_given_axes(images):
    figure, (left, right) = plt.subplots(1, 2)
    display = ComponentsDisplay.from_estimator(images, image_shape=(4, 6), ax=right)
    assert_images(display, images, (4, 6))
    assert display.figure_ is figure and all(ax in right.child_axes for ax in display.axes_)
    assert left.axison and not left.child_axes
    _, grid = plt.subplots(2, 3)
    display.plot(grid)
    assert list(display.axes_) == list(grid.flat[:5]) and not grid.flat[5].axison
    with pytest.raises(ValueError, match="5 components need as many axes, there are 3"):
        display.plot(grid[0])


def test_shapes_of_images(images, tmp_path, rng):
    with pytest.raises(ValueError, match=r"image_shape \(3, 7\) means 21 pixels, the model has 24"):
        ComponentsDisplay.from_estimator(images, image_shape=(3, 7))
    with pytest.raises(ValueError, match="image_shape"):
        ComponentsDisplay.from_estimator(images)
    square = BernoulliMixture().fit((rng.random((30, 9)) < 0.5).astype(int))
    assert_images(ComponentsDisplay.from_estimator(square), square, (3, 3))


def test_the_shape_of_a_model_file(images, program, data_dir, tmp_path):
    import subprocess

    path = tmp_path / "m.safetensors"
    data = data_dir / "mnist-20000.safetensors.gz"
    command = [program, "fit", data, "-k", "2", "--rows", "0:200", "--n-init", "1", "--shape", "14x56", "--model", path]
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    model = mixbern.load(path)
    assert_images(ComponentsDisplay.from_estimator(model), model, (14, 56))


def test_profiles(fitted, carcinoma):
    display = ProfilesDisplay.from_estimator(fitted)
    lines = display.ax_.get_lines()
    assert len(lines) == 3 and not display.ax_.collections
    for component, line in enumerate(lines):
        assert_allclose(line.get_ydata(), fitted.probabilities_[component])
        assert_allclose(line.get_xdata(), np.arange(7), atol=0.3)
    assert [text.get_text() for text in display.ax_.get_xticklabels()] == list("ABCDEFG")
    assert legend_of(display.ax_) == ["1 (44.5%)", "2 (37.4%)", "3 (18.2%)"]
    assert display.ax_.get_legend().get_title().get_text() == "component"
    assert display.ax_.get_ylabel() == "P(2)", "the table holds 1 and 2"
    assert display.ax_.get_ylim()[0] < 0 and display.ax_.get_ylim()[1] > 1, "points at 0 and 1 are whole"
    assert len({line.get_color() for line in lines}) == 3 and len({line.get_marker() for line in lines}) == 3


def test_profiles_with_intervals_in_given_axes(fitted, carcinoma):
    figure, ax = plt.subplots()
    display = ProfilesDisplay.from_estimator(fitted, carcinoma, ax=ax)
    assert display.ax_ is ax and display.figure_ is figure
    low, high = fitted.standard_errors(carcinoma).interval
    assert len(ax.collections) == 3
    for component, bars in enumerate(ax.collections):
        ends = {round(segment[0, 0]): segment[:, 1] for segment in bars.get_segments() if len(segment)}
        known = np.flatnonzero(np.isfinite(low[component]))
        assert len(known) > 2 and list(ends) == known.tolist(), "a bar where there is an interval"
        for d in known:
            assert_allclose(ends[d], (low[component, d], high[component, d]))


def test_profiles_of_many_components_and_long_names(rng):
    X = pd.DataFrame((rng.random((100, 3)) < 0.5).astype(int), columns=["smokes", "drinks", "sleeps well"])
    model = BernoulliMixture(12, n_init=2, random_state=0, max_iter=5)
    with pytest.warns(UserWarning):
        model.fit(X)
    ax = ProfilesDisplay.from_estimator(model).ax_
    assert len({line.get_color() for line in ax.get_lines()}) == 12
    assert [label.get_rotation() for label in ax.get_xticklabels()] == [45] * 3


def test_profiles_of_more_features_than_can_be_named(rng):
    model = BernoulliMixture().fit((rng.random((20, 784)) < 0.5).astype(int))
    display = ProfilesDisplay.from_estimator(model)
    assert display.figure_.get_figwidth() == 20 and len(display.ax_.get_xticks()) <= 50
    assert display.ax_.get_xticklabels()[1].get_text() == f"x{display.ax_.get_xticks()[1]}"


def test_selection_curves(selection):
    display = SelectionDisplay.from_selection(selection, criteria=("bic", "icl_bic"))
    curves = [line for line in display.ax_.get_lines() if len(line.get_xdata()) == 4]
    rings = [line for line in display.ax_.get_lines() if len(line.get_xdata()) == 1]
    for name, curve, ring in zip(("bic", "icl_bic"), curves, rings, strict=True):
        values = selection.table[name]
        assert_allclose(curve.get_xdata(), [1, 2, 3, 4])
        assert_allclose(curve.get_ydata(), values)
        assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (values.idxmin(), values.min())
        assert ring.get_color() == curve.get_color() or ring.get_markeredgecolor() == curve.get_color()
    assert legend_of(display.ax_) == ["BIC", "ICL-BIC"]
    assert display.ax_.get_xlabel() == "components" and list(display.ax_.get_xticks()) == [1, 2, 3, 4]
    assert "smallest" in display.ax_.get_ylabel()
    figure, ax = plt.subplots()
    everything = SelectionDisplay.from_selection(selection, ax=ax)
    assert everything.ax_ is ax and everything.figure_ is figure
    assert legend_of(ax) == ["BIC", "SABIC", "AIC", "ICL-BIC"]


def test_criteria_that_are_none(selection):
    with pytest.raises(ValueError, match="'log_likelihood' is no criterion; there are aic, aic3, bic"):
        SelectionDisplay.from_selection(selection, criteria=("bic", "log_likelihood"))


def heights(ax):
    """Of the bars of each component, lowest first."""
    return np.array([[bar.get_height() for bar in bars] for bars in ax.containers])


def test_certainty(fitted, carcinoma):
    display = CertaintyDisplay.from_estimator(fitted, carcinoma)
    posteriors = fitted.predict_proba(carcinoma)
    assert_allclose(display.certainty, posteriors.max(axis=1))
    assert np.array_equal(display.labels, fitted.predict(carcinoma))
    bars = heights(display.ax_)
    assert bars.sum() == len(carcinoma), "every row is in a bar"
    assert np.array_equal(bars.sum(axis=1), np.bincount(display.labels))
    assert bars[:, -1].sum() == (posteriors.max(axis=1) >= display.ax_.containers[0][-1].get_x()).sum()
    assert legend_of(display.ax_) == ["1", "2", "3"]
    assert display.ax_.get_xlabel() == "largest posterior" and display.ax_.get_ylabel() == "rows"
    figure, ax = plt.subplots()
    again = display.plot(ax, bins=5)
    assert again.ax_ is ax and again.figure_ is figure and heights(ax).shape == (3, 5)
    with pytest.raises(ValueError, match="features"):
        CertaintyDisplay.from_estimator(BernoulliMixture().fit([[0, 1], [1, 0]]), np.zeros((2, 3)))


def test_certainty_of_many_components():
    rng = np.random.default_rng(0)
    display = CertaintyDisplay(rng.uniform(0.2, 1, 500), rng.integers(0, 12, 500)).plot()
    assert len(display.ax_.patches) == 20 and display.ax_.get_legend() is None
    assert sum(bar.get_height() for bar in display.ax_.patches) == 500
    assert display.ax_.get_xlim()[0] == display.certainty.min()


def test_optima(fitted):
    display = OptimaDisplay.from_estimator(fitted)
    points = [line.get_xydata() for line in display.ax_.get_lines()]
    ranks, values = np.concatenate(points).T
    assert np.array_equal(ranks, np.arange(1, fitted.n_init_ + 1))
    assert_allclose(values, np.sort(fitted.log_likelihoods_)[::-1])
    assert len(points[0]) == fitted.n_init_at_best_
    reached = f"{fitted.n_init_at_best_} of {fitted.n_init_} starts reached the best optimum"
    assert display.ax_.get_title() == reached
    best, *others = (line.get_color() for line in display.ax_.get_lines())
    assert best not in others
    assert display.ax_.get_xlabel() == "start, best first" and display.ax_.get_ylabel() == "log-likelihood"
    figure, ax = plt.subplots()
    assert display.plot(ax).ax_ is ax and display.figure_ is figure


@pytest.mark.parametrize("display", [ComponentsDisplay, ProfilesDisplay, OptimaDisplay])
def test_what_is_not_fitted(display):
    with pytest.raises(NotFittedError):
        display.from_estimator(BernoulliMixture())
    with pytest.raises(NotFittedError):
        display.from_estimator(GaussianMixture().fit([[0.0], [1.0]]))


def test_certainty_of_what_is_not_fitted(carcinoma):
    with pytest.raises(NotFittedError):
        CertaintyDisplay.from_estimator(BernoulliMixture(), carcinoma)
