"""The examples of the user guide run as they are, without a warning, and have types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "python").glob("*.py"))


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example(example):
    printed = run(
        sys.executable, "-W", "error", "-B", example, cwd=example.parent, env=os.environ | {"MPLBACKEND": "agg"}
    )
    assert printed
    if example.stem == "moved_from_stepmix":
        assert "log-likelihood -293.7050\nAIC 633.410, BIC 697.136" in printed


def test_there_are_examples():
    assert len(EXAMPLES) == 6


def test_types_of_examples(tmp_path):
    run(sys.executable, "-m", "mypy", "--strict", "--config-file", ROOT / "pyproject.toml", "--cache-dir", tmp_path,
        *EXAMPLES, cwd=ROOT)


def test_the_survey_page():
    page = (ROOT / "docs" / "survey.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    assert "honest" in run(sys.executable, "-c", code, cwd=ROOT)
