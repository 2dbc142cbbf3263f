"""What the numbers depend on: processor, kernel of the operating system, versions."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from .ours import Program
from .workloads import ROOT

# The instruction sets that some program here makes use of.
FLAGS = (
    "avx2",
    "fma",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vnni",
    "avx512_vpopcntdq",
    "amx_int8",
    "asimd",
    "sve",
)
PACKAGES = ("numpy", "scipy", "scikit-learn", "stepmix", "polca")


def setting(program: Program) -> dict[str, Any]:
    return {
        "processor": _cpu_info("model name") or platform.machine(),
        "flags": [flag for flag in FLAGS if flag in _features()],
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "program": program.version,
        "commit": _commit(),
        "kernel": program.active_kernel,
        "kernels": program.kernels,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def version(package: str) -> str | None:
    """None where the package is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _features() -> list[str]:
    return (_cpu_info("flags") or _cpu_info("Features")).split()


def _cpu_info(key: str) -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""


def _commit() -> str:
    """The commit that is checked out, with a + where files differ from it; results of a run are no difference."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    results = (f":!bench/{name}" for name in ("results.json", "RESULTS.md", "KERNELS.md"))
    changed = git("status", "--porcelain", "--untracked-files=no", "--", *results)
    return git("rev-parse", "--short=10", "HEAD") + ("+" if changed else "")
