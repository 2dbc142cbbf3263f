"""How long a fit goes on after Ctrl-C, and that it leaves a model."""

from __future__ import annotations

import json
import signal
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

from compare.bounds import quantity_text
from compare.results import Check

import mixbern

from .setting import Setting, at_most

# Seconds into the fit: while the first starts are made, while they are searched, and later.
MOMENTS = (0.05, 0.3, 1.0, 2.5)


def interrupt(setting: Setting) -> list[Check]:
    return [
        _check(setting, "20,000 images, K 40", setting.store.shipped_images(), 40),
        _check(setting, "200,000 sparse rows, K 50", setting.store.fingerprints(), 50),
    ]


def _check(setting: Setting, name: str, data: Path, n_components: int) -> Check:
    slowest = 0.0
    for moment in MOMENTS:
        taken = [_interrupted(data, n_components, moment) for _ in range(setting.repeats)]
        seconds = statistics.median(taken)
        setting.say(f"{name}: {seconds:.3f} s after Ctrl-C at {moment} s ({min(taken):.3f} … {max(taken):.3f})")
        slowest = max(slowest, seconds)
    return at_most(f"Ctrl-C during fit, {name}: until the exception (slowest median)", slowest, 0.5, lambda s: quantity_text(s, "s"))


def _interrupted(data: Path, n_components: int, moment: float) -> float:
    child = subprocess.Popen(
        [sys.executable, "-m", __name__, str(data), str(n_components)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        child.stdout.readline()  # it begins
        time.sleep(moment)
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        ended = json.loads(child.communicate(timeout=60)[0])
    except BaseException:
        child.kill()
        raise
    if child.returncode != 0 or ended["stop_reason"] != "cancelled" or ended["n_components"] != n_components:
        raise SystemExit(f"the interrupted fit left no model: {ended}")
    return float(ended["at"] - sent)


def main() -> None:
    """The fit that is interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    warnings.simplefilter("ignore")
    data, n_components = mixbern.read(sys.argv[1]), int(sys.argv[2])
    model = mixbern.BernoulliMixture(n_components, random_state=0, n_init=1000, tol=1e-12)
    print("begins", flush=True)
    try:
        model.fit(data)
    except KeyboardInterrupt:
        at = time.monotonic()
        left = {"at": at, "stop_reason": model.stop_reason_, "n_components": len(model.predict_proba(data)[0])}
        print(json.dumps(left))


if __name__ == "__main__":
    main()
