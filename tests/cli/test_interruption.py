"""Ctrl-C: the best model so far is saved and the program says so; a second one ends it at once."""

import json
import signal
import subprocess
import time

import pytest
from conftest import DATA, PROGRAM, environment

LONG = ["fit", str(DATA / "mnist-20000.safetensors.gz"), "-k", "50", "--n-init", "50", "--tol", "1e-15", "--json"]


def start(arguments, tmp_path):
    """Starts a long fit and returns once it is well under way, which its first line of progress shows."""
    process = subprocess.Popen([PROGRAM, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=environment())
    process.first_line = process.stderr.readline()
    assert "start" in process.first_line
    return process


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_first_signal_saves_the_best_model(tmp_path, number, status):
    process = start([*LONG, "--model", "best.model"], tmp_path)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    result = json.loads(out)
    assert result["stop_reason"] == "cancelled" and result["converged"] is False
    assert "interrupted; the best model so far is saved in best.model" in err
    done = subprocess.run([PROGRAM, "inspect", "best.model", "--json"], cwd=tmp_path, capture_output=True, check=True)
    model = json.loads(done.stdout)
    assert len(model["weights"]) == 50 and model["fit"]["stop_reason"] == "cancelled"
    score = subprocess.run([PROGRAM, "score", "best.model", LONG[1], "--json"], cwd=tmp_path, capture_output=True,
                           check=True)
    assert json.loads(score.stdout)["log_likelihood"] == pytest.approx(result["log_likelihood"], rel=1e-12)


def test_without_model_it_says_what_would_have_helped(tmp_path):
    process = start(LONG, tmp_path)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "--model would have saved it" in err


def test_second_signal_ends_at_once(tmp_path):
    """Two signals before the next iteration ends: the second one does what it always does."""
    process = start([*LONG, "--model", "best.model", "--threads", "1"], tmp_path)
    process.send_signal(signal.SIGSTOP)  # both are pending when it goes on, so neither is late
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGINT, -signal.SIGTERM)
    assert not (tmp_path / "best.model").exists()
    assert not list(tmp_path.glob(".mixbern*"))


def test_an_interrupted_bootstrap_says_how_far_it_came(tmp_path):
    process = subprocess.Popen([PROGRAM, "fit", DATA / "carcinoma.csv", "-k", "3", "--bootstrap", "1000000", "--model", "m",
                                "--json"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "m").exists():  # saved before the bootstrap begins
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 143, err
    drawn = json.loads(out)["bootstrap"]["n_samples"]
    assert f"--bootstrap drew {drawn:,} of 1,000,000 data sets" in err


def interrupted(arguments, tmp_path, phase):
    """Runs the program until it names the phase, which it does where a phase takes long, and interrupts it there."""
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=environment())
    told = ""
    while not told.startswith(phase):
        told = process.stderr.readline()
        assert told, f"it never came to {phase}"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert process.returncode == 130, err
    assert not list(tmp_path.glob(".mixbern*"))
    return out, err


@pytest.mark.parametrize("phase, option, missing", [("standard errors", "--standard-errors=observed", "no standard errors"),
                                                    ("statistics", "--statistics", "no statistics")])
def test_what_cannot_be_ended_is_given_up(tmp_path, phase, option, missing):
    """These take minutes for images; the model and what is known by then are there all the same."""
    out, err = interrupted(["fit", LONG[1], "-k", "5", "--n-init", "1", "--max-iter", "3", "--model", "m", "--json", option],
                           tmp_path, phase)
    assert f"interrupted after the fit; there are {missing}" in err
    assert json.loads(out)["n_components"] == 5
    assert subprocess.run([PROGRAM, "inspect", "m"], cwd=tmp_path, capture_output=True).returncode == 0


def test_before_the_first_model_it_says_so(tmp_path):
    out, err = interrupted(["fit", LONG[1], "-k", "2000", "--init", "kmeans", "--n-init", "1", "--model", "m"], tmp_path,
                           "first parameters")
    assert out == "" and "interrupted before there was a model; nothing is saved" in err


def test_select_saves_the_best_so_far_and_counts(tmp_path):
    process = subprocess.Popen([PROGRAM, "select", DATA / "carcinoma.csv", "-k", "1:3", "--blrt", "1000000", "--model", "m",
                                "--json"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "of 1,000,000 data sets for K = 2" in err or "of 1,000,000 data sets for K = 3" in err
    assert json.loads(out)["model"] == "m" and (tmp_path / "m").exists()


def test_nohup_stays_deaf_to_the_terminal(tmp_path):
    """Whoever ignored SIGHUP before meant it."""
    call = [PROGRAM, "fit", DATA / "carcinoma.csv", "-k", "3", "--bootstrap", "300", "--model", "m"]
    process = subprocess.Popen(["nohup", *call], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (tmp_path / "m").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=120)
    assert process.returncode == 0


def test_before_the_fit_a_signal_just_ends_it(tmp_path):
    process = subprocess.Popen([PROGRAM, "fit", "-", "-k", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, cwd=tmp_path)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
