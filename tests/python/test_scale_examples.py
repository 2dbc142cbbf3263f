"""Examples of docs/scale.md for engines without an adapter: the likelihood of one process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mixbern
import mixbern.federated

ROOT = Path(__file__).parents[2]


def example(package):
    codes = [part.split("```")[0] for part in (ROOT / "docs" / "scale.md").read_text(encoding="utf-8").split("```python\n")[1:]]
    (code,) = [code for code in codes if package in code]
    return code


@pytest.fixture(scope="module")
def expected(mnist):
    model = mixbern.BernoulliMixture(n_components=10, init="random", n_init=1, max_iter=5, random_state=1)
    site = mixbern.federated.Site(mnist)
    return f"{mixbern.federated.fit(model, site.facts, site.accumulate).log_likelihood_:.3f}\n"


@pytest.mark.filterwarnings("ignore:not converged")
def test_ray(expected):
    pytest.importorskip("ray", reason="Ray is not installed")
    quiet = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    done = subprocess.run([sys.executable, "-c", example("import ray")], cwd=ROOT, env=quiet, capture_output=True, text=True)
    assert done.stdout == expected, done.stderr


@pytest.mark.filterwarnings("ignore:not converged")
def test_mpi4py(expected, tmp_path):
    pytest.importorskip("mpi4py", reason="mpi4py is not installed")
    if shutil.which("mpirun") is None:
        pytest.skip("there is no mpirun")
    (tmp_path / "fit.py").write_text(example("mpi4py"), encoding="utf-8")
    allowed = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    call = ["mpirun", "--oversubscribe", "-n", "3", sys.executable, tmp_path / "fit.py"]
    done = subprocess.run(call, cwd=ROOT, env=allowed, capture_output=True, text=True)
    assert done.stdout == expected, done.stderr
