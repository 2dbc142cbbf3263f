"""Ctrl-C during work that cannot be ended: it is given up, and Python goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import os, signal, sys, threading, time, warnings
import mixbern

warnings.simplefilter("ignore")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
model = mixbern.BernoulliMixture(5, n_init=1, max_iter=3, random_state=0).fit(sys.argv[2])
call = {"standard errors": lambda: model.standard_errors(sys.argv[2]),
        "residuals": lambda: model.bivariate_residuals(sys.argv[2]),
        "report": lambda: model.report("r.html", sys.argv[2], statistics=True)}[sys.argv[1]]

def interrupt():
    global sent
    time.sleep(0.4)
    sent = time.monotonic()
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt).start()
try:
    call()
    print("over before")
except KeyboardInterrupt:
    print("heard" if time.monotonic() - sent < 5 else "late")
model.predict(sys.argv[2])  # beside what was given up
"""


@pytest.mark.parametrize("call", ["standard errors", "residuals", "report"])
def test_ctrl_c(call, data_dir, tmp_path):
    done = subprocess.run([sys.executable, "-c", SCRIPT, call, data_dir / "mnist-20000.safetensors.gz"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout in ("heard\n", "over before\n")
    if call == "standard errors":  # half a minute
        assert done.stdout == "heard\n"
