"""The package as a thing: types, the wheel, the source distribution."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

import pytest

import mixbern
from mixbern import _arrays, _dataset, _estimator, _groups, _selection

ROOT = Path(__file__).parents[2]


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_version_is_that_of_the_program(program):
    assert mixbern.__version__ in run(program, "--version")


def test_files_import_what_stands_before_them():
    """In the order of the table in CONTRIBUTING.md."""
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("| from below |")[2].partition("\n\n")[0]
    order = re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines()[2:]))
    package = ROOT / "python" / "mixbern"
    files = [*package.glob("*.py"), *package.glob("plots/*.py")]
    layer_of = {path: "plots" if path.parent.name == "plots" else path.stem for path in files}
    assert set(order) == {*layer_of.values(), "_core"} - {"__init__"}
    for path, layer in layer_of.items():
        found = re.findall(r"^ *from (\.+)(\w*) import (.+)", path.read_text(), re.MULTILINE)
        imported = {module or name for dots, module, name in found if (len(dots) == 2) == (layer == "plots")}
        before = order if layer == "__init__" else order[: order.index(layer)]
        assert imported <= set(before), f"{path.name} imports {imported - set(before)}"


def test_examples_in_docstrings():
    tried = [doctest.testmod(module) for module in (_arrays, _dataset, _estimator, _groups, _selection)]
    assert sum(result.attempted for result in tried) >= 5 and not any(result.failed for result in tried)


def test_types_are_complete(tmp_path):
    """mypy --strict on the package as it is installed."""
    package = Path(mixbern.__file__).parent
    assert (package / "py.typed").exists() and (package / "_core.pyi").exists()
    run(sys.executable, "-m", "mypy", "--strict", "--config-file", ROOT / "pyproject.toml", "--cache-dir", tmp_path,
        "-p", "mixbern", cwd=tmp_path)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """What `python -m build` makes: the wheel is built from the source distribution."""
    out = tmp_path_factory.mktemp("dist")
    # What the release build compiled is found again in the folder where `build` unpacks the sources.
    compiler = {"CC": os.environ.get("CC", "cc"), "CXX": os.environ.get("CXX", "c++")}
    cache = {"CCACHE_BASEDIR": tempfile.gettempdir(), "CCACHE_NOHASHDIR": "1"}
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, env=os.environ | compiler | cache)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return sdist, wheel


def test_sources_hold_what_a_build_needs_and_no_more(distributions):
    names = [name.partition("/")[2] for name in tarfile.open(distributions[0]).getnames()]
    assert {"CMakeLists.txt", "LICENSE", "python/mixbern/py.typed", "src/em/em_run.cpp"} <= set(names)
    assert not [name for name in names if name.startswith(("build/", "tests/", "bench/", "data/", "."))
                and name not in (".gitignore",)]


def test_wheel_holds_package_stubs_and_program(distributions):
    names = zipfile.ZipFile(distributions[1]).namelist()
    assert "mixbern/_core.pyi" in names and "mixbern/py.typed" in names
    assert any(name.endswith(".data/scripts/mixbern") for name in names)
    assert not [name for name in names if name.endswith((".hpp", ".a", ".cmake"))]


def test_the_wheel_works_in_a_fresh_environment(distributions, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True, system_site_packages=False)
    python = tmp_path / "venv/bin/python"
    # What it depends on comes from the environment of the tests: no need to fetch it once more.
    site = next(p for p in sys.path if p.endswith("site-packages"))
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", distributions[1])
    code = (
        f"import sys; sys.path.append({site!r}); import mixbern, pathlib; "
        "assert pathlib.Path(mixbern.__file__).is_relative_to(sys.prefix), mixbern.__file__; "
        "print(mixbern.BernoulliMixture(1).fit([[0, 1], [1, 1]]).log_likelihood_)"
    )
    assert float(run(python, "-W", "ignore", "-c", code, cwd=tmp_path)) == pytest.approx(-1.386, abs=1e-2)
    assert mixbern.__version__ in run(tmp_path / "venv/bin/mixbern", "--version")
