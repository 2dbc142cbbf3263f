"""One job in this process; the outcome is printed as JSON."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module

from . import Job, Outcome

# Imported when asked for, so that each process holds one rival.
MODULES = {
    "lecture-notes": "lecture_notes",
    "numpy-f32": "numpy_best",
    "numpy-f64": "numpy_best",
    "scipy-csr": "scipy_csr",
    "stepmix": "stepmix_em",
    "polca": "polca_em",
}


def main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    warnings.simplefilter("ignore")  # what the rivals say about convergence is known
    task: Callable[[Job], Outcome] = getattr(import_module(f".{MODULES[job.rival]}", __package__), job.task)
    print(json.dumps(asdict(task(job))))


main()
