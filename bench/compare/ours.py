"""The program that is measured: `mixbern`, called as a user would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from . import process
from .workloads import Problem


@dataclass(frozen=True)
class Fit:
    """What `mixbern fit --json` says, and what the process took."""

    json: dict[str, Any]
    wall_seconds: float
    peak_bytes: int

    @property
    def seconds_per_iteration(self) -> float:
        return float(self.json["seconds_per_iteration"])

    @property
    def seconds(self) -> float:
        """Everything but reading the data."""
        return float(self.json["seconds"]["total"] - self.json["seconds"]["read"])

    @property
    def log_likelihood(self) -> float:
        return float(self.json["log_likelihood"])


class Program:
    """The program at a path, on one kernel (None: the one that it chooses)."""

    def __init__(self, path: Path, kernel: str | None = None) -> None:
        self.path = path
        self.kernel = kernel

    def on(self, kernel: str) -> Program:
        return Program(self.path, kernel)

    def fit(self, data: Path, n_components: int, *options: str, threads: int = 1) -> Fit:
        command = [str(self.path), "fit", str(data), "-k", str(n_components), "--threads", str(threads)]
        ended = process.run([*command, *options, "--json", "--quiet"], self._environment)
        return Fit(json.loads(ended.output), ended.seconds, ended.peak_bytes)

    def iterate(self, problem: Problem, n_iter: int, *options: str, threads: int = 1) -> Fit:
        """That many plain EM iterations from the problem's start."""
        return self.fit(
            problem.data,
            problem.n_components,
            "--init-model",
            str(problem.start),
            "--n-init",
            "1",
            "--smoothing",
            str(problem.smoothing),
            "--max-iter",
            str(n_iter),
            "--tol",
            "1e-300",
            *self.plain,
            *options,
            threads=threads,
        )

    def trace(self, problem: Problem, n_iter: int) -> list[float]:
        """Mean log-likelihood a row before each M-step, in double precision where that can be chosen."""
        precise = ("--precision", "double") if "--precision" in self._help else ()
        return [float(mean) for mean in self.iterate(problem, n_iter, "--trace", *precise).json["trace"]]

    def score(self, model: Path, data: Path) -> float:
        """Mean log-likelihood a row."""
        ended = process.run([str(self.path), "score", str(model), str(data), "--json", "--quiet"], self._environment)
        return float(json.loads(ended.output)["mean_log_likelihood"])

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Options that switch acceleration off, where there is any."""
        return ("--accelerate", "none") if "--accelerate" in self._help else ()

    @cached_property
    def _help(self) -> str:
        return process.run([str(self.path), "fit", "--help"]).output

    @cached_property
    def version(self) -> str:
        return process.run([str(self.path), "--version"]).output.strip()

    @cached_property
    def kernels(self) -> list[str]:
        """Those that this processor can run, best first."""
        listed = json.loads(process.run([str(self.path), "kernels", "--json"]).output)["kernels"]
        return [kernel["name"] for kernel in listed if kernel["supported"]]

    @cached_property
    def active_kernel(self) -> str:
        if self.kernel is not None:
            return self.kernel
        return str(json.loads(process.run([str(self.path), "kernels", "--json"]).output)["active"])

    @property
    def _environment(self) -> dict[str, str]:
        return {} if self.kernel is None else {"MIXBERN_KERNEL": self.kernel}
