"""Tables that need not fit into memory: the rows of the same table in memory, in flat memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

import mixbern
from mixbern import _batches

pytestmark = pytest.mark.filterwarnings("ignore:.* hold.? one value only")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(_batches, "_READ_AT_ONCE", 100_000)


@pytest.fixture
def table(rng):
    cells = rng.random((1500, 6)) < 0.4
    yes = pa.array(np.where(cells[:, 2], "yes", "no"))
    ones = np.sort(cells[:, 3])  # one value only in most of the batches
    holed = pa.array([None if i % 7 == 0 else int(one) for i, one in enumerate(cells[:, 4])])
    columns = {"bool": cells[:, 0], "int": cells[:, 1] + 1, "text": yes, "sorted": ones.astype(np.int8), "holed": holed}
    return pa.table({**columns, "number": np.where(cells[:, 5], 9.5, -1.0)})


def in_folder(table, folder, n_files=3):
    folder.mkdir()
    step = -(-len(table) // n_files)
    for i in range(n_files):
        pq.write_table(table.slice(i * step, step), folder / f"part-{i}.parquet", row_group_size=100)
    return folder


def same_rows(found, data):
    np.testing.assert_array_equal(found.toarray(), data.toarray())
    assert found.codings == data.codings and found.feature_names == data.feature_names


def test_columns_are_the_rows_of_the_table(table, tmp_path):
    data = mixbern.Dataset(table, one="text=no")
    folder = in_folder(table, tmp_path / "parquet")
    lazy = pl.scan_parquet(folder / "*.parquet")
    chosen = pyarrow.dataset.dataset(folder).filter(pyarrow.dataset.field("number") < 10)
    for i, source in enumerate((folder, folder / "part-0.parquet", chosen, lazy)):
        (tmp_path / f"{i}").mkdir()
        names = mixbern.convert(source, tmp_path / f"{i}" / "out.safetensors", rows_per_file=400, one="text=no")
        n_rows = 500 if i == 1 else 1500
        assert len(names) == -(-n_rows // 400) and names[0].endswith("out-00001.safetensors")
        found = mixbern.read(tmp_path / f"{i}")
        if i != 1:
            same_rows(found, data)
        assert len(mixbern.read(names[0])) == 400 and len(found) == n_rows


def test_estimators_take_what_is_streamed(table, tmp_path):
    folder = in_folder(table, tmp_path / "parquet")
    whole = mixbern.BernoulliMixture(2, random_state=1, n_init=3).fit(table)
    for source in (folder, str(folder), pyarrow.dataset.dataset(folder), pl.scan_parquet(folder / "*.parquet")):
        model = mixbern.BernoulliMixture(2, random_state=1, n_init=3).fit(source)
        np.testing.assert_array_equal(model.probabilities_, whole.probabilities_)
        np.testing.assert_array_equal(model.predict(source), whole.labels_)
        assert list(model.feature_names_in_) == table.column_names
    same_rows(mixbern.read(folder), mixbern.Dataset(table))
    with pytest.raises(ValueError, match="batch by batch, whole: choose rows and columns with pyarrow.dataset"):
        mixbern.read(folder, columns=["bool"])


def test_one_column_of_bits(mnist, tmp_path):
    X = mnist[:700]
    packed = pa.array([row.tobytes() for row in np.packbits(X, axis=1)], pa.binary(98))
    ones = pa.array([np.flatnonzero(row) for row in X], pa.list_(pa.uint16()))
    cells = pa.FixedSizeListArray.from_arrays(pa.array(X.ravel()), 784)
    for name, column in (("packed", packed), ("ones", ones), ("cells", cells)):
        folder = in_folder(pa.table({name: column}), tmp_path / name)
        (tmp_path / f"{name}-packed").mkdir()
        mixbern.convert(folder, tmp_path / f"{name}-packed" / "x.safetensors", n_features=784)
        np.testing.assert_array_equal(mixbern.read(tmp_path / f"{name}-packed").toarray(), X)
    found = mixbern.read(tmp_path / "ones")
    np.testing.assert_array_equal(found.toarray(), X[:, : np.flatnonzero(X.any(axis=0))[-1] + 1])


def test_what_cannot_be_leaves_what_was_there(table, tmp_path):
    folder = in_folder(table, tmp_path / "parquet")
    out = tmp_path / "out"
    out.mkdir()
    names = mixbern.convert(folder, out / "x.safetensors", rows_per_file=300)
    before = [Path(name).read_bytes() for name in names]
    wrong = table.append_column("three", pa.array(np.arange(1500) % 3))
    with pytest.raises(ValueError, match="'three'. holds a third value, '2'"):
        mixbern.convert(in_folder(wrong, tmp_path / "wrong"), out / "x.safetensors")
    with pytest.raises(ValueError, match="x-00003.safetensors' is there already, but 2 files"):
        mixbern.convert(folder, out / "x.safetensors", rows_per_file=800)
    with pytest.raises(ValueError, match="has bits 0 to 9 of 5"):
        ragged = in_folder(pa.table({"bits": [[0, 9], [1]]}), tmp_path / "ragged", 1)
        mixbern.convert(ragged, out / "y.safetensors", n_features=5)
    with pytest.raises(ValueError, match="rows of any width: give n_features"):
        mixbern.convert(in_folder(pa.table({"b": [b"ab"]}), tmp_path / "b", 1), out / "y.safetensors")
    with pytest.raises(ValueError, match="no row"):
        mixbern.convert(in_folder(table.slice(0, 0), tmp_path / "none", 1), out / "y.safetensors")
    with pytest.raises(ValueError, match="rows_per_file is for Parquet"):
        mixbern.convert(table, out / "y.safetensors", rows_per_file=3)
    with pytest.raises(ValueError, match="end in .safetensors"):
        mixbern.convert(folder, out / "y.csv")
    assert [Path(name).read_bytes() for name in names] == before
    assert sorted(file.name for file in out.iterdir()) == [f"x-{i:05}.safetensors" for i in range(1, 6)]


MEASURE = """
import resource, sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq, pyarrow.dataset
import mixbern
cells = np.random.default_rng(0).integers(0, 2, (50_000, 40))
table = pa.table({f"q{d}": cells[:, d] for d in range(40)})
with pq.ParquetWriter(sys.argv[1] + "/x.parquet", table.schema) as out:
    for _ in range(25):
        out.write_table(table)
mixbern.convert(table, sys.argv[1] + "/small.safetensors")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
mixbern.convert(sys.argv[1] + "/x.parquet", sys.argv[1] + "/out.safetensors")
print((peak() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux does")
def test_memory_is_flat(tmp_path):
    """400 MB of numbers, 6 MB packed."""
    done = subprocess.run([sys.executable, "-c", MEASURE, tmp_path], check=True, capture_output=True, text=True)
    grown = int(done.stdout)
    print(f"{grown} MB more at most")
    assert grown < 200
    assert len(mixbern.read(tmp_path / "out-00001.safetensors")) == 1_250_000
