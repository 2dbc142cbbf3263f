"""Several files as one data set, and rows that stay outside memory: the same bits."""

import json
import resource
import struct

import pytest
from conftest import DATA, needs_few_addresses

IMAGES = DATA / "mnist-20000.safetensors.gz"
PLACES = [{"MIXBERN_ROWS": "memory"}, {"MIXBERN_ROWS": "outside"}]


def parameters(path):
    """A model file but for its provenance."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    record = json.loads(header["__metadata__"].pop("fit_record"))
    record.pop("data")
    return header, record, data[8 + length:]


@pytest.fixture
def shards(ok, tmp_path):
    (tmp_path / "shards").mkdir()
    ok("convert", IMAGES, "images.safetensors", "--rows", ":3000")
    ok("convert", "images.safetensors", "shards/part.safetensors", "--rows-per-file", 700)
    return tmp_path / "shards"


def test_convert_writes_pieces_and_joins_them(ok, shards, tmp_path):
    names = [f"part-0000{i}.safetensors" for i in range(1, 6)]
    assert sorted(path.name for path in shards.iterdir()) == names
    for place in PLACES:
        ok("convert", *(shards / name for name in names), "joined.safetensors", env=place)
        assert (tmp_path / "joined.safetensors").read_bytes() == (tmp_path / "images.safetensors").read_bytes()


def test_model_is_the_same_for_any_split_and_place(ok, shards, tmp_path):
    models = []
    for data in ("images.safetensors", "shards", "shards/part-*.safetensors"):
        for place in PLACES:
            ok("fit", data, "-k", 4, "--n-init", 2, "--max-iter", 8, "--model", "m", env=place)
            models.append(parameters(tmp_path / "m"))
    assert all(model == models[0] for model in models)


@pytest.mark.parametrize("call", ["score m DATA --json", "predict m DATA", "inspect DATA --json", "impute m DATA -o o.csv",
                                  "select DATA -k 1:2 --max-iter 5 --n-init 1 --json"])
def test_commands_say_the_same(ok, shards, call):
    ok("fit", "images.safetensors", "-k", 3, "--n-init", 1, "--max-iter", 5, "--model", "m")
    said = []
    for data in ("images.safetensors", "shards"):
        for place in PLACES:
            out = ok(*call.replace("DATA", data).split(), env=place).out
            if "--json" in call:
                out = json.loads(out)
                for model in [out, *out.get("models", [])]:
                    for name in ("data", "seconds", "seconds_per_iteration"):
                        model.pop(name, None)
            said.append(out)
    assert all(each == said[0] for each in said)


def test_starts_that_look_at_rows(ok, shards, tmp_path):
    for init in ("rows", "kmeans", "kmeans++"):
        models = []
        for place in PLACES:
            ok("fit", "shards", "-k", 3, "--init", init, "--n-init", 1, "--max-iter", 3, "--model", "m", env=place)
            models.append(parameters(tmp_path / "m"))
        assert models[0] == models[1]


def test_rows_count_through_all_files(ok, shards):
    for place in PLACES:
        assert ok("inspect", "shards", "--rows", "600:2900", "--json", env=place).json["n_rows"] == 2300


@needs_few_addresses
def test_large_files_stay_outside_by_themselves(ok, tmp_path):
    path = tmp_path / "large.safetensors"
    header = json.dumps({"__metadata__": {"format": "mixbern-data", "format_version": "1", "n_features": "64"},
                         "rows": {"dtype": "U64", "shape": [2**26, 1], "data_offsets": [0, 2**29]}}).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + 2**29)  # a hole, which takes no room on the disk
    rows = ok("inspect", path, "--rows", "5:9", "--json", preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_DATA, (2**28, 2**28))).json
    assert rows["n_rows"] == 4 and rows["n_ones"] == 0


def test_left_over_pieces_are_not_mixed_in(ok, refused, shards):
    message = refused(1, "convert", "images.safetensors", "shards/part.safetensors", "--rows-per-file", 1000)
    assert "part-00004.safetensors" in message and "remove" in message


@pytest.mark.parametrize("call, message", [
    ("fit nothing-*.csv -k 2", "no file matches the pattern"),
    ("fit shards other.csv -k 2", "other.csv"),
    ("convert images.safetensors", "convert needs OUT"),
    ("convert images.safetensors - --rows-per-file 5", "--rows-per-file writes several files"),
    ("convert shards shards/part-00001.safetensors", "same file as the input"),
])
def test_what_cannot_be_is_refused(run, shards, write, call, message):
    write("other.csv", "a,b\n0,1\n1,0\n")
    result = run(*call.split())
    assert result.status != 0 and message in result.err, result.err


def test_wrong_place_is_refused(run):
    result = run("inspect", DATA / "carcinoma.csv", env={"MIXBERN_ROWS": "disk"})
    assert result.status == 2 and "memory or outside" in result.err


def test_cut_piece_is_named(run, shards):
    whole = (shards / "part-00003.safetensors").read_bytes()
    (shards / "part-00003.safetensors").write_bytes(whole[:-100])
    for place in PLACES:
        result = run("fit", "shards", "-k", 2, env=place)
        assert result.status == 1 and "part-00003.safetensors" in result.err and "cut short" in result.err
