"""The ranks of an MPI job fit together: the bytes of one process, one voice, and no rank that waits for ever."""

import json
import os
import random
import shutil
import subprocess

import pytest
from conftest import DATA, environment

PROGRAM = os.environ.get("MIXBERN_MPI_PROGRAM")
pytestmark = pytest.mark.skipif(not PROGRAM or not shutil.which("mpirun"), reason="mixbern-mpi was not built: there is no MPI")
IMAGES = ["shards", "-k", "10", "--n-init", "3", "--max-iter", "12", "--seed", "3", "--threads", "1"]


def mpirun(ranks, *arguments, cwd, **changes):
    alone = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
    return subprocess.run(["mpirun", "-n", str(ranks), PROGRAM, *map(str, arguments)], cwd=cwd, capture_output=True,
                          text=True, timeout=120, env=environment(**alone, **changes))


def said(done):
    """Lines of the program; mpirun adds its own when a rank ends with a status."""
    return [line for line in done.stderr.splitlines() if line.startswith("mixbern: ")]


@pytest.fixture
def shards(ok, tmp_path):
    (tmp_path / "shards").mkdir()
    ok("convert", DATA / "mnist-20000.safetensors.gz", "shards/part.safetensors", "--rows-per-file", "6001")
    return tmp_path


@pytest.mark.parametrize("options", [[], ["--init", "kmeans"], ["--precision", "double"]], ids=lambda o: "".join(o) or "usual")
def test_models_have_the_bytes_of_one_process(options, shards, ok):
    ok("fit", *IMAGES, *options, "--model", "one.model")
    for ranks in (1, 2, 3, 4) if not options else (3,):
        done = mpirun(ranks, "fit", *IMAGES, *options, "--model", f"{ranks}.model", "--json", cwd=shards,
                      MIXBERN_ROWS="outside" if ranks % 2 else "memory")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["n_rows"] == 20000
        assert (shards / f"{ranks}.model").read_bytes() == (shards / "one.model").read_bytes()


def test_a_small_table_is_fitted_by_one_rank(ok, tmp_path):
    call = ["fit", DATA / "carcinoma.csv", "-k", "3", "--model"]
    ok(*call, "one.model")
    assert mpirun(2, *call, "two.model", cwd=tmp_path).returncode == 0
    assert (tmp_path / "two.model").read_bytes() == (tmp_path / "one.model").read_bytes()


def test_items_of_several_answers_have_the_bytes_of_one_process(ok, tmp_path):
    draw = random.Random(1)
    rows = [",".join(draw.choice("abcd") for _ in range(20)) for _ in range(4000)]
    (tmp_path / "answers.csv").write_text("\n".join([",".join(f"q{d}" for d in range(20)), *rows]) + "\n")
    call = ["fit", "answers.csv", "--categorical", "all", "-k", "3", "--n-init", "2", "--max-iter", "9", "--seed", "1",
            "--threads", "1", "--model"]
    ok(*call, "one.model")
    done = mpirun(2, *call, "two.model", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two.model").read_bytes() == (tmp_path / "one.model").read_bytes()


def test_sets_of_classes_are_held_by_all_ranks(ok, tmp_path):
    draw = random.Random(2)
    known = ["", "0", "1|2", "0|2", "0|1|2"]
    rows = [",".join([*(draw.choice("01") for _ in range(30)), draw.choice(known)]) for _ in range(9000)]
    (tmp_path / "known.csv").write_text("\n".join([",".join(f"q{d}" for d in range(30)) + ",class", *rows]) + "\n")
    call = ["fit", "known.csv", "--labels", "class", "--semi-supervised", "-k", "3", "--n-init", "2", "--max-iter", "9",
            "--seed", "1", "--threads", "1", "--model"]
    ok(*call, "one.model")
    done = mpirun(3, *call, "three.model", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "three.model").read_bytes() == (tmp_path / "one.model").read_bytes()


def test_scores_are_those_of_one_process(shards, ok):
    ok("fit", *IMAGES, "--model", "m")
    expected = ok("score", "m", "shards", "--json").json
    done = mpirun(3, "score", "m", "shards", "--json", cwd=shards)
    assert json.loads(done.stdout) == expected


def test_predictions_are_those_of_one_process(shards, ok):
    ok("fit", *IMAGES, "--model", "m")
    for name in ("one.csv", "one.npy"):
        expected = ok("predict", "m", "shards", "-o", name, "--json").json["sizes"]
        several = name.replace("one", "three")
        done = mpirun(3, "predict", "m", "shards", "-o", several, "--json", cwd=shards)
        assert done.returncode == 0 and json.loads(done.stdout)["sizes"] == expected, done.stderr
        assert (shards / several).read_bytes() == (shards / name).read_bytes()


def test_predictions_keep_ids_and_standard_output(ok, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("who,a,b\n" + "".join(f"p{i},{i % 2},{i % 3 % 2}\n" for i in range(7)))
    ok("fit", people, "-k", "2", "--id", "who", "--seed", "1", "--model", "m")
    for ranks, options in ((2, ["--id", "who"]), (9, ["--rows", "2:6"]), (2, ["--json"])):
        expected = ok("predict", "m", people, *options).out
        assert mpirun(ranks, "predict", "m", people, *options, cwd=tmp_path).stdout == expected
    done = mpirun(3, "predict", "m", people, "-o", "none/out.csv", cwd=tmp_path)
    assert done.returncode == 1 and len(said(done)) == 1 and "none" in said(done)[0]


def test_a_checkpointed_fit_goes_on_with_other_ranks(shards, ok):
    ok("fit", *IMAGES, "--model", "one.model")
    assert mpirun(2, "fit", *IMAGES, "--checkpoint", "c", "--checkpoint-every", "0", cwd=shards).returncode == 0
    assert mpirun(3, "fit", *IMAGES, "--resume", "c", "--model", "m", cwd=shards).returncode == 0
    assert (shards / "m").read_bytes() == (shards / "one.model").read_bytes()


@pytest.mark.parametrize("call, status, text", [
    (["fit", "none.csv", "-k", "2"], 1, "none.csv: cannot open"),
    (["fit", DATA / "carcinoma.csv"], 2, "fit needs -k K"),
    (["fit", DATA / "carcinoma.csv", "-k", "2", "--labels", "A", "--semi-supervised", "--tol", "-1"], 2, "--tol takes"),
    (["select", "d"], 2, 'there is no command "select"'),
], ids=["file", "call", "value", "command"])
def test_one_rank_tells_what_is_wrong(call, status, text, tmp_path):
    done = mpirun(3, *call, cwd=tmp_path)
    assert done.returncode == status
    assert len(said(done)) == 1 and text in said(done)[0], done.stderr
    assert done.stdout == ""


def test_a_rank_that_fails_ends_all_with_its_message(shards):
    """Only the second rank does not find the file."""
    script = shards / "rank.sh"
    script.write_text(f'#!/bin/sh\n[ "$OMPI_COMM_WORLD_RANK" != 1 ] || cd /\nexec {PROGRAM} "$@"\n')
    script.chmod(0o755)
    alone = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
    done = subprocess.run(["mpirun", "-n", "3", script, "fit", *IMAGES, "--model", "m"], cwd=shards, capture_output=True,
                          text=True, timeout=60, env=environment(**alone))
    assert done.returncode == 1 and not (shards / "m").exists()
    assert len(said(done)) == 1 and said(done)[0].startswith("mixbern: error: rank 1: shards"), done.stderr
