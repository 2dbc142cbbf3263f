"""The shipped data are what data/README.md says. Read by hand, without mixbern."""

import csv
import gzip
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

DATA = Path(os.environ["MIXBERN_SOURCE_DIR"]) / "data"


def read_safetensors(path):
    """(metadata, {name: array}) of a gzip'ed safetensors file."""
    content = gzip.decompress(path.read_bytes())
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    metadata = header.pop("__metadata__")
    types = {"U64": "<u8", "I64": "<i8", "F64": "<f8", "U8": "u1"}
    tensors = {
        name: np.frombuffer(content[8 + size :][slice(*t["data_offsets"])], types[t["dtype"]]).reshape(t["shape"])
        for name, t in header.items()
    }
    return metadata, tensors


def test_images():
    metadata, tensors = read_safetensors(DATA / "mnist-20000.safetensors.gz")
    assert metadata["format"] == "mixbern-data"
    assert metadata["n_features"] == "784"
    assert float(metadata["threshold"]) == 127
    assert tensors["rows"].shape == (20000, 13)
    bits = np.unpackbits(tensors["rows"].view("u1"), axis=1, bitorder="little")
    assert not bits[:, 784:].any()
    cells = np.ascontiguousarray(bits[:, :784])
    assert cells.sum(dtype=np.int64) == 2_087_526
    assert (
        hashlib.sha256(cells.tobytes()).hexdigest()
        == "4aceecdb78a5dd0492a73e3044b0c4e58289aaaa640c9063162dfd0dbe2425fa"
    )
    assert tensors["labels"].shape == (20000,)
    # How many images there are of each digit.
    assert np.bincount(tensors["labels"]).tolist() == [1994, 2281, 1929, 2076, 1945, 1775, 1971, 2093, 1922, 2014]


@pytest.mark.parametrize(
    "name, n_rows, columns",
    [
        ("carcinoma", 118, {c: {"1", "2"} for c in "ABCDEFG"}),
        ("values", 216, {c: {"1", "2"} for c in "ABCD"}),
        (
            "gss82",
            1202,
            {"PURPOSE": {"Good", "Depends", "Waste of time"}, "ACCURACY": {"Mostly true", "Not true"},
             "UNDERSTA": {"Good", "Fair/Poor"}, "COOPERAT": {"Interested", "Cooperative", "Impatient"}},
        ),
        (
            "cheating",
            319,
            {c: {"1", "2"} for c in ["LIEEXAM", "LIEPAPER", "FRAUD", "COPYEXAM"]} | {"GPA": set("12345") | {"NA"}},
        ),
        (
            "gss08_abortion",
            355,
            {c: {"YES", "NO", "NA"} for c in ["DEFECT", "HLTH", "RAPE", "POOR", "SINGLE", "NOMORE"]},
        ),
    ],
)
def test_table(name, n_rows, columns):
    with open(DATA / f"{name}.csv", newline="", encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == n_rows
    assert {c: {row[c] for row in rows} for c in rows[0]} == columns
