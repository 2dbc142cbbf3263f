"""The data of the workloads and the parameters that their fits start from, the same for every program.

Synthetic data is drawn once from fixed seeds and kept as packed files under build/.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from . import formats
from .formats import FloatArray, Start

ROOT = Path(__file__).resolve().parents[2]
SHIPPED_IMAGES = ROOT / "data" / "mnist-20000.safetensors.gz"
CARCINOMA = ROOT / "data" / "carcinoma.csv"
SLOW_TABLE = ROOT / "bench" / "slow_table.csv"

N_PIXELS = 784
CLINICAL_ROWS, CLINICAL_CODES = 838_000, 204

# Where components have features without a single one, programs differ in how they keep a probability from being 0, and
# that decides where EM goes. A pseudo-count for all makes them comparable.
PSEUDO_COUNT = 0.01


class Unavailable(Exception):
    """The data of a workload is not here; the message says what would be needed."""


@dataclass(frozen=True)
class Problem:
    """Packed rows, where a fit of K components starts, and the pseudo-count of its M-steps."""

    data: Path
    start: Path
    n_rows: int
    n_features: int
    n_components: int
    smoothing: float


class Store:
    """Makes each data file when it is first wanted."""

    def __init__(self, folder: Path, images: Path, quick: bool) -> None:
        self._folder = folder / ("quick" if quick else "full")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._images = images
        self._shrink = 10 if quick else 1

    # --- W1, W2: the images that ship

    def shipped_images(self, n_rows: int = 20_000) -> Path:
        n_rows //= self._shrink
        return self._make(
            f"images-{n_rows}", lambda path: formats.write_bits(path, formats.read_bits(SHIPPED_IMAGES, n_rows))
        )

    # --- W3, W8: all of MNIST

    def all_images(self) -> Path:
        def write(path: Path) -> None:
            formats.write_bits(path, (self._pixels("train") > 127).astype(np.uint8)[:: self._shrink])

        return self._make("images-all", write)

    def drawn_images(self, part: str) -> Path:
        """MNIST drawn once as Bernoulli(pixel / 255): part is train, validation or test."""

        def write(path: Path) -> None:
            pixels = self._pixels("t10k" if part == "test" else "train")
            rng = np.random.default_rng([8, part == "test"])
            bits = (rng.random(pixels.shape, dtype=np.float32) * 255 < pixels).astype(np.uint8)
            rows = {"train": slice(0, 50_000), "validation": slice(50_000, 60_000), "test": slice(0, 10_000)}[part]
            formats.write_bits(path, bits[rows][:: self._shrink])

        return self._make(f"drawn-{part}", write)

    def _pixels(self, prefix: str) -> npt.NDArray[np.uint8]:
        path = self._images / f"{prefix}-images-idx3-ubyte.gz"
        if not path.is_file():
            raise Unavailable(f"needs all of MNIST: {path.name} is not in the folder that --mnist names")
        return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16).reshape(-1, N_PIXELS)

    # --- W4: latent class data

    def latent_classes(self) -> Path:
        def write(path: Path) -> None:
            rng = np.random.default_rng(4)
            n_rows, n_features, n_classes = 100_000 // self._shrink, 12, 4
            probabilities = rng.uniform(0.1, 0.9, (n_classes, n_features))
            classes = rng.choice(n_classes, n_rows, p=[0.4, 0.3, 0.2, 0.1])
            formats.write_bits(path, (rng.random((n_rows, n_features)) < probabilities[classes]).astype(np.uint8))

        return self._make("latent-classes", write)

    # --- W10, W11: what studies look like

    def predicted_classes(self) -> Path:
        """A covariate x of 1 to 7, three classes whose logits are linear in it, twelve items."""

        def write(path: Path) -> None:
            rng = np.random.default_rng(10)
            x = rng.integers(1, 8, 100_000 // self._shrink)
            odds = np.exp(np.stack([np.zeros(len(x)), -1.5 + 0.5 * x, 2.0 - 0.6 * x], axis=1))
            classes = _drawn(rng, odds / odds.sum(axis=1, keepdims=True))
            items = rng.random((len(x), 12)) < rng.uniform(0.1, 0.9, (3, 12))[classes]
            _write_table(path, [*(f"i{d}" for d in range(12)), "x"], np.column_stack([items, x]))

        return self._make("predicted-classes", write, "csv")

    def many_answers(self) -> Path:
        """Twelve items of four answers, three classes."""

        def write(path: Path) -> None:
            rng = np.random.default_rng(11)
            classes = rng.choice(3, 1_785, p=[0.43, 0.29, 0.28])
            probabilities = rng.dirichlet([1.0] * 4, (3, 12))
            items = np.stack([_drawn(rng, probabilities[classes, d]) for d in range(12)], axis=1)
            _write_table(path, [f"i{d}" for d in range(12)], items + 1)

        return self._make("many-answers", write, "csv")

    # --- W6: fingerprints

    def fingerprints(self) -> Path:
        """2,048 bits, about 50 ones a row; each of 50 clusters has its own 200 frequent bits."""

        def write(path: Path) -> None:
            rng = np.random.default_rng(6)
            n_clusters, n_features = 50, 2_048
            background = rng.gamma(0.5, 1.0, n_features)
            probabilities = 10 * background / background.sum() * np.ones((n_clusters, 1))
            for row in probabilities:
                own = rng.choice(n_features, 200, replace=False)
                strength = rng.gamma(0.5, 1.0, 200)
                row[own] += 40 * strength / strength.sum()
            formats.write_sparse(path, _draw_sparse(rng, np.minimum(probabilities, 0.95), 200_000 // self._shrink))

        return self._make("fingerprints", write)

    # --- W7: clinical codes

    def clinical(self, n_rows: int = CLINICAL_ROWS) -> Path:
        """204 codes of skewed prevalence, about 4 a patient, ten kinds of patients."""
        n_rows //= self._shrink

        def write(path: Path) -> None:
            rng = np.random.default_rng(7)
            prevalence = 1 / np.arange(2, CLINICAL_CODES + 2) ** 0.8
            probabilities = prevalence * rng.gamma(0.5, 2.0, (10, CLINICAL_CODES))
            probabilities *= 4 / probabilities.sum(axis=1, keepdims=True)
            formats.write_sparse(path, _draw_sparse(rng, np.minimum(probabilities, 0.9), n_rows))

        return self._make(f"clinical-{n_rows}", write)

    # --- W5, W9: small tables

    def carcinoma(self) -> Path:
        def write(path: Path) -> None:
            with CARCINOMA.open() as file:
                cells = np.array(list(csv.reader(file))[1:], np.uint8)
            formats.write_bits(path, cells - 1)

        return self._make("carcinoma", write)

    def slow_table(self) -> Path:
        """Rows written out one by one, as the rivals want them."""

        def write(path: Path) -> None:
            table = np.loadtxt(SLOW_TABLE, np.int64, delimiter=",", skiprows=1)
            formats.write_bits(path, np.repeat(table[:, :-1].astype(np.uint8), table[:, -1], axis=0))

        return self._make("slow-table", write)

    # --- starts

    def problem(self, data: Path, n_components: int) -> Problem:
        """The data with a start: each component half the mean of 20 random rows, half the mean of 20,000."""
        rows = formats.read_sparse(data, 20_000)
        n_rows, n_features = formats.shape(data)
        path = self._folder / f"start-{data.stem}-k{n_components}.safetensors"

        def write(path: Path) -> None:
            rng = np.random.default_rng(n_components)
            mean = np.asarray(rows.mean(axis=0))
            own = [np.asarray(rows[np.sort(rng.choice(rows.shape[0], 20))].mean(axis=0)) for _ in range(n_components)]
            probabilities = np.clip(0.5 * np.array(own) + 0.5 * mean, 1e-6, 1 - 1e-6)
            formats.write_start(path, Start(np.full(n_components, 1 / n_components), probabilities))

        self._make(path.stem, write)
        return Problem(data, path, n_rows, n_features, n_components, PSEUDO_COUNT)

    def random_problem(self, data: Path, n_components: int, seed: int) -> Problem:
        """The data with probabilities drawn between 1/4 and 3/4, for tables of few features: no pseudo-count."""
        n_rows, n_features = formats.shape(data)

        def write(path: Path) -> None:
            probabilities = np.random.default_rng(seed).uniform(0.25, 0.75, (n_components, n_features))
            formats.write_start(path, Start(np.full(n_components, 1 / n_components), probabilities))

        path = self._make(f"start-{data.stem}-k{n_components}-seed{seed}", write)
        return Problem(data, path, n_rows, n_features, n_components, 0.0)

    def _make(self, name: str, write: Callable[[Path], None], ending: str = "safetensors") -> Path:
        path = self._folder / f"{name}.{ending}"
        if not path.exists():
            write(path)
        return path


def _draw_sparse(rng: np.random.Generator, probabilities: FloatArray, n_rows: int) -> sparse.csr_array:
    """Rows of a mixture with equal weights. Drawn a component and a feature at a time: the number of its ones, then
    which of the component's rows have them, so that the cost is that of the ones."""
    n_components, n_features = probabilities.shape
    component = rng.integers(n_components, size=n_rows)
    rows: list[npt.NDArray[np.int64]] = []
    columns: list[npt.NDArray[np.int32]] = []
    for k in range(n_components):
        members = np.flatnonzero(component == k)
        for d, n_ones in enumerate(rng.binomial(len(members), probabilities[k])):
            rows.append(rng.choice(members, n_ones, replace=False, shuffle=False))
            columns.append(np.full(n_ones, d, np.int32))
    where = (np.concatenate(rows), np.concatenate(columns))
    drawn = sparse.csr_array((np.ones(len(where[0]), np.uint8), where), shape=(n_rows, n_features))
    drawn.sort_indices()
    return drawn


def _drawn(rng: np.random.Generator, shares: FloatArray) -> npt.NDArray[np.int64]:
    """One of the columns for each row, by its shares."""
    return np.asarray((shares.cumsum(axis=1) < rng.random((len(shares), 1))).sum(axis=1).clip(0, shares.shape[1] - 1))


def _write_table(path: Path, names: list[str], cells: npt.NDArray[np.int64]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(cells.astype(int).tolist())
