"""Standard output and error: what goes where, and what happens where nobody takes it."""

import json
import os
import subprocess

import pytest
from conftest import DATA, IS_SANITIZED, PROGRAM, environment, needs_few_addresses

TABLE = str(DATA / "carcinoma.csv")


def shell(script, tmp_path):
    return subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120,
                          env=environment(P=PROGRAM, TABLE=TABLE))


@pytest.mark.parametrize("command", ["fit $TABLE -k 2 --quiet", "fit $TABLE -k 2 --json --quiet", "kernels", "inspect $TABLE",
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


@pytest.mark.parametrize("command", [["fit", "-", "-k", 2, "--model"], ["fit", "-", "-k", 2, "--report"],
                                     ["fit", "-", "-k", 2, "--table"], ["select", "-", "-k", "1:2", "--report"],
                                     ["convert", "-"]])
def test_a_folder_that_takes_no_file_is_told_before_anything_is_read(command):
    with subprocess.Popen([PROGRAM, *map(str, command), "/proc/x.csv"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        assert process.wait(timeout=20) == 1  # with its input still open
        assert b"error: /proc/x.csv: " in process.stderr.read()


def small_files(tmp_path, command):
    """Runs a command that may write files of 100 KiB at most, as on a full disk: more than a model, less than a page."""
    return shell(f"ulimit -f 100; {command}", tmp_path)


@pytest.mark.parametrize("command", ["fit $TABLE -k 2", "select $TABLE -k 1:2"])
def test_a_report_that_cannot_be_written_loses_nothing_else(command, tmp_path):
    result = small_files(tmp_path, f"$P {command} --model m --report r.html --table t.md")
    assert result.returncode == 1, result.stderr
    assert "mixbern: error: r.html: " in result.stderr
    assert "118 rows" in result.stdout and "model saved to m" in result.stdout
    assert "report written" not in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m", "t.md"]


def test_a_model_that_cannot_be_written_goes_elsewhere(tmp_path):
    (tmp_path / "spare").mkdir()
    result = shell("TMPDIR=$PWD/spare $P fit $TABLE -k 2 --model /dev/full --json", tmp_path)
    assert result.returncode == 1, result.stderr
    saved = next((tmp_path / "spare").glob("*/model.safetensors"))
    assert f"the model is in {saved} instead" in result.stderr
    assert json.loads(result.stdout)["model"] == str(saved)
    assert saved.parent.stat().st_mode & 0o777 == 0o700
    assert shell(f"$P inspect {saved}", tmp_path).returncode == 0


def test_a_file_of_somebody_else_is_told(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can act as somebody else")
    tmp_path.chmod(0o777)
    (tmp_path / "m").write_text("old")
    for parent in list(tmp_path.parents)[:2]:  # pytest's own folders
        parent.chmod(0o755)
    result = subprocess.run([PROGRAM, "fit", "-", "-k", "2", "--model", "m"], input=(DATA / "carcinoma.csv").read_bytes(),
                            cwd=tmp_path, capture_output=True, user=65534, group=65534, extra_groups=[])
    assert result.returncode == 0, result.stderr
    assert b"note: m belongs to another user; the file that replaces it will be yours" in result.stderr
    assert (tmp_path / "m").stat().st_uid == 65534


@needs_few_addresses
def test_no_memory_names_the_file_and_what_helps(tmp_path):
    (tmp_path / "wide.svm").write_text("1 1:1 2000000:1\n0 2:1\n1 1:1\n")
    result = shell("ulimit -v 400000; $P fit wide.svm -k 30000 --threads 1", tmp_path)
    assert result.returncode == 1
    assert result.stderr == ("mixbern: error: wide.svm: there is not enough memory to fit 3 rows of 2,000,000 features; "
                             "use fewer components (-k), rows (--rows A:B) or columns (--columns)\n")


@needs_few_addresses
def test_no_memory_while_reading(tmp_path):
    (tmp_path / "long.csv").write_text("0,1\n" * 4_000_000)
    result = shell("ulimit -v 60000; $P convert long.csv out.npy", tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("mixbern: error: long.csv: there is not enough memory to read it; read fewer rows")


def test_start_up_is_quick(run):
    import time
    times = []
    for _ in range(10):
        begin = time.perf_counter()
        run("--version")
        times.append(time.perf_counter() - begin)
    # Ten times what it takes: this finds work done at start-up, not a busy machine. A sanitizer looks at all globals.
    assert min(times) < (1 if IS_SANITIZED else 0.1)
