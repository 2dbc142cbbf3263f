"""Standard output and error: what goes where, and what happens where nobody takes it."""

import os
import subprocess

import pytest
from conftest import DATA, PROGRAM, environment

TABLE = str(DATA / "carcinoma.csv")


def shell(script, tmp_path):
    return subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120,
                          env=environment(P=PROGRAM, TABLE=TABLE))


@pytest.mark.parametrize("command", ["fit $TABLE -k 2", "fit $TABLE -k 2 --json", "kernels", "inspect $TABLE",
                                     "completion bash", "--help", "--version", "convert $TABLE -"])
def test_full_disk(command, tmp_path):
    result = shell(f"$P {command} > /dev/full", tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("mixbern: error: standard output") and result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["fit $TABLE -k 2", "convert $TABLE -", "--help"])
def test_closed_standard_output(command, tmp_path):
    result = shell(f"$P {command} >&-", tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("mixbern: error: standard output")


def test_closed_streams_never_hit_a_file(tmp_path):
    """With descriptors 0 to 2 closed, the model file must not get one of them."""
    result = shell("$P fit $TABLE -k 2 --model m --max-iter 3 <&- >&- 2>&-; $P inspect m --json >/dev/null", tmp_path)
    assert result.returncode == 0, result.stderr


def test_reader_that_goes_away(tmp_path):
    shell("$P fit $TABLE -k 2 --model m", tmp_path)
    for command in ("sample m -n 1000000", "predict m big.csv", "convert big.csv -"):
        shell("$P sample m -n 200000 -o big.csv", tmp_path)
        result = shell(f"$P {command} | head -1; echo ${{PIPESTATUS[0]}}", tmp_path)
        assert result.stdout.splitlines()[1] == "1"
        assert result.stderr == ""


def test_quiet_is_silent_but_json_keeps_warnings(run):
    result = run("fit", TABLE, "-k", 4, "--max-iter", 2, "--quiet", "--json")
    assert result.err == "" and len(result.json["warnings"]) >= 1
    loud = run("fit", TABLE, "-k", 4, "--max-iter", 2, "--json")
    assert loud.json["warnings"] == result.json["warnings"] and "warning" in loud.err


def test_failed_write_leaves_the_old_file(run, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "m").write_text("old")
    folder.chmod(0o500)
    result = run("fit", TABLE, "-k", 2, "--model", folder / "m")
    assert result.status == 1 and (folder / "m").read_text() == "old"


def test_start_up_is_quick(run):
    import time
    times = []
    for _ in range(10):
        begin = time.perf_counter()
        run("--version")
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.1  # ten times what it takes: this finds work done at start-up, not a busy machine
