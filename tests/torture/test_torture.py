"""The torture finds a program that crashes, tears files or leaves some behind."""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ["MIXBERN_PROGRAM"]

FAULTS = {
    "it crashed": 'case "$*" in *mutated*) kill -SEGV $$ ;; esac',
    "without a message": 'case "$*" in *mutated*) exit 1 ;; esac',
    "was left behind": "touch .mixbern-1.tmp",
    "is torn": 'case "$*" in convert*gz) echo torn >new.safetensors.gz; sleep 1 ;; esac',
}


@pytest.mark.parametrize("found", FAULTS)
def test_what_is_wrong_is_found(found, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text(f'#!/bin/sh\n{FAULTS[found]}\nexec {PROGRAM} "$@"\n')
    broken.chmod(0o755)
    # In three seconds on a busy machine chance may pass the call by that is broken.
    for seed in range(8):
        command = [sys.executable, "-B", "-m", "torture", "--minutes", "0.05", "--folder", tmp_path / "work", "--seed", str(seed)]
        done = subprocess.run(command, cwd=HERE, env=dict(os.environ, MIXBERN_PROGRAM=str(broken)), capture_output=True, text=True)
        if found in done.stdout:
            break
    assert done.returncode == 1, done.stderr
    assert found in done.stdout and " 0 findings" not in done.stdout
