"""Calls by the thousand leave nothing behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own: what other tests took and freed would hide what is lost.
MEASURE = """
import os, sys, warnings
import numpy as np
from mixbern import BernoulliMixture

warnings.simplefilter("ignore")
X = (np.random.default_rng(0).random((100, 8)) < 0.4).astype(np.uint8)
model = BernoulliMixture(2, n_init=2, max_iter=20, random_state=0, n_threads=2).fit(X)
calls = {"predict": lambda: model.predict(X), "fit": lambda: model.fit(X), "report": lambda: model.report(sys.argv[2], X)}

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def repeat(n):
    for _ in range(n):
        calls[sys.argv[1]]()
    return resident()

before = repeat(500)
print(repeat(3000) - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("call", ["predict", "fit", "report"])
def test_resident_memory_after_3000_calls(call, tmp_path):
    done = subprocess.run([sys.executable, "-c", MEASURE, call, tmp_path / "r.html"], check=True, capture_output=True, text=True)
    grown = int(done.stdout)
    print(f"{call}: {grown / 2**20:.2f} MB more after 3,000 calls")
    assert grown < 2**20
