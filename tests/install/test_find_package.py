"""The installed library is found by another project, which builds against it and runs."""

import os
import re
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(os.environ["MIXBERN_SOURCE_DIR"])
CMAKE = os.environ["MIXBERN_CMAKE"]


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    path = tmp_path_factory.mktemp("prefix")
    run(CMAKE, "--install", os.environ["MIXBERN_BINARY_DIR"], "--prefix", path)
    return path


def test_every_public_header_is_installed(prefix):
    headers = {p.name for p in (SOURCE / "include" / "mixbern").iterdir()}
    assert {p.name for p in (prefix / "include" / "mixbern").iterdir()} == headers


def test_program_and_manual_page_are_installed(prefix):
    version = run(prefix / "bin" / "mixbern", "--version")
    assert re.search(r"\d+\.\d+\.\d+", version)
    assert list(prefix.glob("share/man/man1/mixbern.1*"))


def test_a_project_finds_it_and_fits(prefix, tmp_path):
    run(CMAKE, "-S", SOURCE / "examples" / "find_package", "-B", tmp_path, "-G", os.environ["MIXBERN_GENERATOR"],
        f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={os.environ['MIXBERN_CXX']}")
    run(CMAKE, "--build", tmp_path)
    out = run(tmp_path / "example", SOURCE / "data" / "carcinoma.csv")
    assert re.fullmatch(r"log-likelihood -293\.705\nclass sizes 0\.444\d* 0\.373\d* 0\.181\d*\n", out), out


def test_the_package_config_names_no_folder_of_the_build(prefix):
    for file in prefix.glob("lib*/**/cmake/mixbern/*.cmake"):
        text = file.read_text()
        assert str(SOURCE) not in text and os.environ["MIXBERN_BINARY_DIR"] not in text, file
