"""Shared by the tests of the Python package."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mixbern

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return ROOT / "data"


@pytest.fixture(scope="session")
def program() -> str:
    """The command line program that was installed with the package."""
    installed = Path(sys.executable).with_name("mixbern")
    assert installed.exists(), "the wheel holds no program"
    return str(installed)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)


@pytest.fixture(scope="session")
def mnist(data_dir: Path) -> np.ndarray:
    return mixbern.read(data_dir / "mnist-20000.safetensors.gz").toarray()


@pytest.fixture(scope="module")
def carcinoma(data_dir: Path) -> pd.DataFrame:
    return pd.read_csv(data_dir / "carcinoma.csv")


@pytest.fixture(scope="module")
def fitted(carcinoma: pd.DataFrame) -> mixbern.BernoulliMixture:
    """Three components of these slides."""
    return mixbern.BernoulliMixture(3, random_state=0).fit(carcinoma)
