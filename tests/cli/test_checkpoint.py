"""A fit that is killed goes on from its checkpoint, to the bytes of one that never was."""

import os
import random
import signal
import subprocess
import time

import pytest
from conftest import DATA, PROGRAM, environment

KILLS = int(os.environ.get("MIXBERN_KILLS", "4"))  # of each fit
MANY = ["fit", DATA / "mnist-20000.safetensors.gz", "-k", "20", "--n-init", "8", "--max-iter", "60", "--seed", "3"]
TABLE = ["fit", DATA / "carcinoma.csv", "-k", "3", "--n-init", "2000", "--seed", "3"]
SAVING = ["--checkpoint", "fit.checkpoint", "--checkpoint-every", "0"]


def killed(arguments, folder, seconds):
    """Ends the program by force so long after it first saved where it is; whether it was still running."""
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=environment())
    while not (folder / "fit.checkpoint").exists() and process.poll() is None:
        time.sleep(0.005)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("call", [MANY, TABLE], ids=["images", "table"])
def test_killed_at_random_moments_it_ends_with_the_same_bytes(call, ok, tmp_path):
    began = time.monotonic()
    ok(*call, "--model", "whole.model")
    seconds = time.monotonic() - began
    chance = random.Random(int(os.environ.get("MIXBERN_KILLS_SEED", "1")))
    n_killed = 0
    for i in range(KILLS):
        n_killed += killed([*call, *SAVING], tmp_path, chance.random() * seconds)
        more = ["--resume", "fit.checkpoint", "--threads", str(1 + i % 2)]
        if i % 2 == 1:  # and once more on the way
            n_killed += killed([*call, *SAVING, *more], tmp_path, chance.random() * seconds / 2)
        ok(*call, *more, "--model", f"{i}.model")
        assert (tmp_path / f"{i}.model").read_bytes() == (tmp_path / "whole.model").read_bytes()
        (tmp_path / "fit.checkpoint").unlink()
    assert n_killed > 0
    print(f"killed {n_killed} times")


def test_other_options_and_data_are_refused(ok, refused, tmp_path):
    call = ["fit", DATA / "carcinoma.csv", "-k", "2", "--n-init", "3"]
    ok(*call, "--checkpoint", "c")
    resumed = [*call, "--resume", "c"]
    ok(*resumed)
    line = refused(1, *resumed, "--seed", "5")
    assert "c: it is of a fit with seed 0, not 5; " in line and "leave out --resume" in line
    assert "with rows of checksum" in refused(1, "fit", DATA / "carcinoma.csv", "-k", "2", "--n-init", "3", "--rows",
                                              ":117", "--columns", "2:7,1", "--resume", "c")
    bytes_ = (tmp_path / "c").read_bytes()
    (tmp_path / "c").write_bytes(bytes_[:-1])
    assert "c: it is no checkpoint, or damaged: its checksum is wrong" in refused(1, *resumed)
    (tmp_path / "c").write_bytes(b"PK")
    assert "c: it is no checkpoint" in refused(1, *resumed)
    (tmp_path / "c").unlink()
    assert "c: cannot open: No such file" in refused(1, *resumed)


def test_wrong_calls(refused):
    call = ["fit", DATA / "carcinoma.csv", "-k", "2"]
    assert "needs --checkpoint OUT" in refused(2, *call, "--checkpoint-every", "5")
    assert "at least 0" in refused(2, *call, "--checkpoint", "c", "--checkpoint-every", "-1")
    assert "--checkpoint needs the name" in refused(2, *call, "--checkpoint", "-")
    assert "same file" in refused(2, *call, "--checkpoint", "c", "--model", "c")


def test_an_interrupted_fit_leaves_a_checkpoint(ok, tmp_path):
    long = [*MANY[:MANY.index("--max-iter")], "--max-iter", "1000000", "--tol", "1e-300", "--checkpoint", "c",
            "--checkpoint-every", "0"]
    process = subprocess.Popen([PROGRAM, *map(str, long)], cwd=tmp_path, stderr=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, env=environment())
    while not (tmp_path / "c").exists() and process.poll() is None:
        time.sleep(0.005)
    (tmp_path / "c").unlink()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert (tmp_path / "c").read_bytes().startswith(b"mixbern checkpoint 1\n")
