"""Runs a program in a process of its own: its output, how long it took, the most memory that it held."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


class Failed(Exception):
    """A program did not end well; the message says which and what it said."""


@dataclass(frozen=True)
class Ended:
    output: str
    seconds: float
    peak_bytes: int


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a command with one BLAS thread and waits for it."""
    with tempfile.NamedTemporaryFile("r") as report:
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCHER), report.name, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, **dict.fromkeys(THREAD_VARIABLES, "1"), **(environment or {})},
        )
        try:
            output, errors = child.communicate()
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)  # the launcher and what it runs
            child.wait()
            raise
        if child.returncode != 0:
            raise Failed(f"{' '.join(command)}: exit status {child.returncode}\n{errors[-2000:]}")
        return Ended(output, **json.load(report))
