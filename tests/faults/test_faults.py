"""Each call of a kind fails once: a message and a status, old files whole, nothing left behind, no crash.

The shim makes the n-th call fail, and n counts up until a run ends before its n-th call. Allocations are so many that
only some of them are tried; with MIXBERN_FAULTS=all each is.
"""

import itertools
import os
import pathlib
import shutil
import subprocess

import pytest

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
PROGRAM = os.environ["MIXBERN_PROGRAM"]
SHIM = os.environ["MIXBERN_FAULT_SHIM"]
EVERY = os.environ.get("MIXBERN_FAULTS") == "all"
TRIED = 40  # of the allocations of one command
OLD = b"what was there before"
LAST = 8  # bytes of a file, which it lacks if it was cut short

FIT = ["-k", "2", "--n-init", "2", "--threads", "2", "--seed", "1"]
# Each command's call and the files that it writes.
COMMANDS = {
    "fit": (["fit", "table.csv", *FIT, "--standard-errors", "observed", "--bootstrap", "2", "--model", "new.model",
             "--report", "new.html", "--table", "new.md", "--checkpoint", "../fit.checkpoint"], ["new.model", "new.html", "new.md"]),
    "select": (["select", "table.csv", *FIT[2:], "-k", "1:2", "--blrt", "2", "--model", "new.model", "--table", "new.csv"],
               ["new.model", "new.csv"]),
    "predict": (["predict", "old.model", "table.csv", "-o", "new.csv"], ["new.csv"]),
    "impute": (["impute", "old.model", "table.csv", "-o", "new.npy"], ["new.npy"]),
    "convert": (["convert", "table.csv", "new.safetensors.gz"], ["new.safetensors.gz"]),
    "report": (["report", "old.model", "table.csv", "-o", "new.html"], ["new.html"]),
}
KINDS = ["open", "read", "write", "short-write", "fsync", "rename", "mmap", "thread", "malloc"]


@pytest.fixture
def folder(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "spare").mkdir()
    (work / "table.csv").write_bytes((DATA / "carcinoma.csv").read_bytes())
    subprocess.run([PROGRAM, "fit", "table.csv", *FIT, "--model", "old.model"], cwd=work, check=True, capture_output=True)
    return work


def run(call, folder, fault=None):
    mark = folder.parent / "mark"
    mark.unlink(missing_ok=True)
    env = dict(os.environ, TMPDIR=str(folder.parent / "spare"))
    if fault:
        env |= {"MIXBERN_FAULT": fault, "MIXBERN_FAULT_MARK": str(mark), "LD_PRELOAD": SHIM}
    done = subprocess.run([PROGRAM, *call], cwd=folder, env=env, capture_output=True, timeout=60)
    return done, mark.exists()


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def spared(folder):
    """Models that were saved elsewhere, which the message must tell of."""
    return [str(path) for path in (folder.parent / "spare").iterdir()]


def check(done, before, ends, folder, fault):
    """What must hold after a run in which a call failed; `ends` has the last bytes of each output."""
    told = f"{fault}: status {done.returncode}\n{done.stderr.decode()}"
    assert done.returncode in (0, 1), told
    if done.returncode == 1:
        assert b"mixbern: error: " in done.stderr or fault.startswith("write"), told  # of which the message may be one
    after = content(folder)
    assert before.keys() <= after.keys() <= before.keys() | ends.keys(), told
    for name, now in after.items():
        written = name in ends and now.endswith(ends[name])
        assert written or (now == before.get(name) and not (name in ends and done.returncode == 0)), told
    for path in spared(folder):
        assert path.encode() in done.stderr, told


def prepare(folder, outputs, old_files):
    for path in (folder.parent / "spare").iterdir():
        shutil.rmtree(path)
    for name in outputs:
        if old_files:
            (folder / name).write_bytes(OLD)
        else:
            (folder / name).unlink(missing_ok=True)


def step_of(call, folder, kind):
    """1, or more where there are too many calls."""
    if kind != "malloc" or EVERY:
        return 1
    for step in itertools.count(1):
        if not run(call, folder, f"{kind}:{TRIED * 4 ** step}")[1]:
            return 4 ** step // 2


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_each_call_that_fails(command, kind, lasting, folder):
    call, outputs = COMMANDS[command]
    assert run(call, folder)[0].returncode == 0
    ends = {name: (folder / name).read_bytes()[-LAST:] for name in outputs}
    step = step_of(call, folder, kind)
    failed = 0
    for n in itertools.count(1, step):
        fault = f"{kind}:{n}" + "+" * lasting
        prepare(folder, outputs, n % 2)
        before = content(folder)
        done, reached = run(call, folder, fault)
        if not reached:
            break
        check(done, before, ends, folder, fault)
        failed += done.returncode
    assert done.returncode == 0
    print(f"{command} {kind}: {(n - 1) // step} tried, {failed} failed")
