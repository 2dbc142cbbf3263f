"""One run of the program: how it ended, what it said, how much memory it took."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROGRAM = os.environ["MIXBERN_PROGRAM"]
PATIENCE = 60  # seconds after which a run counts as hung
MOST_MEMORY = 2**30


@dataclass
class Run:
    call: list[str]
    status: int
    error: str
    memory: int  # bytes, at its peak

    def __str__(self) -> str:
        return f"{' '.join(self.call)}: status {self.status}, {self.memory >> 20} MB, {self.error[:300]!r}"


def started(call: list[str], folder: Path, error: int, limits: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
    env = dict(os.environ, TMPDIR=str(folder))
    return subprocess.Popen([PROGRAM, *call], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=error, preexec_fn=limits)


def ended(process: subprocess.Popen[bytes], call: list[str], error: int) -> Run:
    deadline = time.monotonic() + PATIENCE
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > deadline:
            os.kill(process.pid, signal.SIGABRT)
        time.sleep(0.001)
    process.returncode = os.waitstatus_to_exitcode(status)
    os.lseek(error, 0, os.SEEK_SET)
    return Run(call, process.returncode, os.read(error, 10000).decode(errors="replace"), usage.ru_maxrss * 1024)


def run(call: list[str], folder: Path, limits: Callable[[], None] | None = None,
        disturb: Callable[[int], None] | None = None) -> Run:
    with tempfile.TemporaryFile() as error:
        process = started(call, folder, error.fileno(), limits)
        if disturb:
            disturb(process.pid)  # not by Popen, which would take its status
        return ended(process, call, error.fileno())


def limit(name: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(name, (value, value))


def told(done: Run) -> list[str]:
    """What is wrong with the end of a run that nobody disturbed."""
    wrong = []
    if done.status not in (0, 1, 2):
        wrong.append("it crashed or hung")
    if done.status in (1, 2) and "mixbern: error: " not in done.error:
        wrong.append("it failed without a message")
    if done.memory > MOST_MEMORY:
        wrong.append("it took more than 1 GB")
    return [f"{text}: {done}" for text in wrong]
