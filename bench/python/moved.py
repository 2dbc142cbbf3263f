"""A script for StepMix against the same script moved over."""

from __future__ import annotations

import contextlib
import io
import os
import runpy
from pathlib import Path

from compare import process
from compare.results import Check
from compare.workloads import CARCINOMA, ROOT

from .setting import Setting, at_most

ORIGINAL = Path(__file__).with_name("stepmix_script.py")
MOVED = ROOT / "examples" / "python" / "moved_from_stepmix.py"


def moved(setting: Setting) -> list[Check]:
    original = float(process.run([str(setting.stepmix), str(ORIGINAL), str(CARCINOMA)]).output.split()[-1])
    ours = _log_likelihood()
    setting.say(f"StepMix {original:.6f}, mixbern {ours:.6f}")
    what = "a StepMix script on carcinoma, moved over: difference in log-likelihood"
    return [at_most(what, abs(original - ours), 1e-4, lambda value: f"{value:.1e}")]


def _log_likelihood() -> float:
    """Of the example, which is run where it stands."""
    back = os.getcwd()
    os.chdir(MOVED.parent)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            ran = runpy.run_path(str(MOVED))
    finally:
        os.chdir(back)
    return float(ran["model"].score(ran["data"]) * len(ran["data"]))
