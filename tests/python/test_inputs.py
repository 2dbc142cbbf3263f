"""Whatever holds two values a column comes in as the same rows."""

from __future__ import annotations

import gc
import sys
import tracemalloc

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import mixbern
from mixbern import BernoulliMixture, Dataset

DTYPES = ["?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "longdouble", ">i4", ">f8"]


@pytest.fixture
def bits(rng):
    return (rng.random((150, 133)) < 0.4).astype(np.uint8)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", ["C", "F", "reversed", "every other", "transposed block", "read-only"])
def test_arrays_of_any_type_and_layout(bits, dtype, layout):
    X = bits.astype(dtype)
    views = {
        "C": X,
        "F": np.asfortranarray(X),
        "reversed": X[::-1, ::-1],
        "every other": np.repeat(np.repeat(X, 2, axis=0), 2, axis=1)[::2, ::2],
        "transposed block": np.ascontiguousarray(np.pad(X, 3).T).T[3:-3, 3:-3],
        "read-only": X.copy(),
    }
    view = views[layout]
    view.flags.writeable = layout != "read-only" and view.flags.writeable
    expected = bits[::-1, ::-1] if layout == "reversed" else bits
    assert np.array_equal(Dataset(view).toarray(), expected)


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 140), st.integers(1, 140)), elements=st.sampled_from([0, 1, np.nan])),
    st.sampled_from(["C", "F"]),
)
@settings(max_examples=60, deadline=None)
def test_missing_cells(X, order):
    data = Dataset(np.asarray(X, order=order))
    assert np.array_equal(data.toarray(), X, equal_nan=True)
    assert data.n_missing == np.isnan(X).sum()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["u1", "i4", "f4", "f8"])
def test_threshold(rng, order, dtype):
    grey = np.asarray(rng.integers(0, 255, (77, 99)), dtype=dtype, order=order)
    assert np.array_equal(Dataset(grey, threshold=127).toarray(), grey > 127)


def test_lists_and_objects():
    expected = [[0, 1], [1, 0]]
    assert np.array_equal(Dataset([[0, 1], [1, 0]]).toarray(), expected)
    assert np.array_equal(Dataset([[False, True], [True, False]]).toarray(), expected)
    mixed = Dataset(np.array([[0, 1], [True, None], [1.0, pd.NA], [0, np.float32(0)]], dtype=object))
    assert np.array_equal(mixed.toarray(), [[0, 1], [1, np.nan], [1, np.nan], [0, 0]], equal_nan=True)
    texts = Dataset(np.array([["yes", "b"], ["no", "a"]]))
    assert np.array_equal(texts.toarray(), [[1, 1], [0, 0]])
    assert texts.codings == [("no", "yes"), ("a", "b")]


@pytest.mark.parametrize("dtype", ["?", "u1", "i8", "f4"])
@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil", "dok"])
def test_sparse(bits, kind, dtype):
    for X in (sp.csr_matrix(bits).asformat(kind), sp.csr_array(bits).asformat(kind)):
        data = Dataset(X.astype(dtype))
        assert np.array_equal(data.toarray(), bits)
        assert "sparse" in repr(data)


def test_sparse_with_zeros_duplicates_and_disorder():
    X = sp.csr_matrix((np.array([1, 0, 1, 1]), np.array([3, 1, 0, 2]), np.array([0, 3, 4])), shape=(2, 4))
    before = X.indices.copy()
    assert np.array_equal(Dataset(X).toarray(), [[1, 0, 0, 1], [0, 0, 1, 0]])
    assert np.array_equal(X.indices, before), "what came in stays as it was"
    counts = sp.coo_matrix(([1, 1], ([0, 0], [1, 1])), shape=(1, 3))
    with pytest.raises(ValueError, match="column 1 holds 2 in row 0"):
        Dataset(counts)
    assert np.array_equal(Dataset(counts, threshold=1).toarray(), [[0, 1, 0]])
    with pytest.raises(ValueError, match="at least 0"):
        Dataset(counts, threshold=-1)
    with pytest.raises(ValueError, match="column 2 holds NaN in row 0"):
        Dataset(sp.csr_matrix([[0, 1, np.nan]]))
    coded = BernoulliMixture().fit(pd.DataFrame({"a": [0, 1], "b": [1, 2]}))
    with pytest.warns(UserWarning, match="feature names"), pytest.raises(ValueError, match="column 1 .* '1' and '2'"):
        coded.predict(sp.csr_matrix([[0, 1]]))


def test_sparse_takes_no_dense_copy():
    rng = np.random.default_rng(0)
    columns = np.sort(rng.integers(0, 2048 // 50, (20_000, 50)) + np.arange(50) * (2048 // 50), axis=1)
    X = sp.csr_matrix(
        (np.ones(columns.size, np.uint8), columns.ravel().astype(np.int32), np.arange(0, columns.size + 1, 50)),
        shape=(20_000, 2048),
    )
    size = X.data.nbytes + X.indices.nbytes + X.indptr.nbytes
    model = BernoulliMixture(3, n_init=1, max_iter=3, random_state=0)
    gc.collect()
    tracemalloc.start()
    with pytest.warns(UserWarning):
        model.fit(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size
    assert model.labels_.shape == (20_000,)


FRAME = {
    "flag": [True, False, True, False],
    "count": [1, 2, 2, 1],
    "real": [0.0, 1.0, None, 1.0],
    "text": ["yes", "no", "no", None],
}
EXPECTED = [[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, np.nan, 0], [0, 0, 1, np.nan]]
CODINGS = [("false", "true"), ("1", "2"), ("0", "1"), ("no", "yes")]


def frames():
    plain = pd.DataFrame(FRAME)
    yield "pandas", plain
    yield "pandas nullable", plain.convert_dtypes()
    yield "pandas arrow", plain.convert_dtypes(dtype_backend="pyarrow")
    yield "pandas category", plain.astype({"text": "category"})
    yield "pandas object", plain.astype(object).astype({"flag": bool})
    yield "polars", pl.DataFrame(FRAME)
    yield "polars category", pl.DataFrame(FRAME).with_columns(pl.col("text").cast(pl.Categorical))
    yield "arrow", pa.table(FRAME)
    yield "arrow chunks", pa.concat_tables([pa.table(FRAME).slice(0, 1), pa.table(FRAME).slice(1, 3)])
    yield "arrow views", pa.table(FRAME).cast(
        pa.schema([("flag", pa.bool_()), ("count", pa.int8()), ("real", pa.float16()), ("text", pa.string_view())])
    )
    yield "arrow dictionary", pa.table(FRAME | {"text": pa.array(FRAME["text"]).dictionary_encode()})
    yield "arrow batch", pa.record_batch(pa.table(FRAME).to_batches()[0].columns, names=list(FRAME))


@pytest.mark.parametrize("frame", [pytest.param(frame, id=name) for name, frame in frames()])
def test_frames(frame):
    data = Dataset(frame)
    assert np.array_equal(data.toarray(), EXPECTED, equal_nan=True)
    assert [(a.lower(), b.lower()) for a, b in data.codings] == CODINGS
    assert data.feature_names == list(FRAME)
    model = BernoulliMixture(1).fit(frame)
    assert list(model.feature_names_in_) == list(FRAME)
    assert model.predict(frame).shape == (4,)
    assert np.array_equal(model.score_samples(frame), model.score_samples(Dataset(frame)))


def test_long_texts_and_sliced_arrow():
    words = ["a rather long text, more than twelve bytes", "another one that does not fit into a view"]
    column = pa.array([words[i % 2] for i in range(20)] + [None], type=pa.string_view())
    table = pa.table({"a": column, "b": pa.array([i % 3 == 0 for i in range(21)])}).slice(3, 18)
    cells = Dataset(table).toarray()
    assert np.array_equal(cells[:-1, 0], [i % 2 for i in range(3, 20)])
    assert np.isnan(cells[-1, 0])
    assert np.array_equal(cells[:, 1], [i % 3 == 0 for i in range(3, 21)])


def test_codings_of_the_model_apply_to_new_data():
    train = pd.DataFrame({"a": [1, 2, 1, 2], "b": ["x", "y", "y", "x"]})
    model = BernoulliMixture(1).fit(train)
    ones = pd.DataFrame({"a": [2, 2], "b": ["y", "y"]})
    assert np.array_equal(model._data(ones).ones(), [[1, 1], [1, 1]])
    with pytest.raises(ValueError, match=r"column 2 \('b'\) holds 'z', which is neither 'x' nor 'y'"):
        model.predict(pd.DataFrame({"a": [1], "b": ["z"]}))
    coded = BernoulliMixture(1).fit(train[["a"]].to_numpy() - 1)
    assert np.array_equal(coded._data(np.array([[0], [1]])).ones(), [[0], [1]])
    by_frame = BernoulliMixture(1).fit(train[["a"]])
    with pytest.warns(UserWarning, match="feature names"):
        assert np.array_equal(by_frame.predict(np.array([[1], [2]])), [0, 0])
    with pytest.warns(UserWarning, match="feature names"), pytest.raises(ValueError, match="neither '1' nor '2'"):
        by_frame.predict(np.array([[0]]))


@pytest.mark.parametrize(
    "X, error, match",
    [
        (np.array([[0, 1], [1, 2], [0, 3]]), ValueError, "holds a third value, '3', after '1' and '2'"),
        (np.array([[0, 1], [0.5, 0]]), ValueError, "column 0 holds 0.5 in row 1"),
        (np.array([[0, 1], [np.inf, 0]]), ValueError, "column 0 holds inf"),
        (np.array([[0, 1j]]), ValueError, "Complex data"),
        (np.array([["a", "b"], ["b", "b"], ["c", "b"]]), ValueError, "column 1 holds a third value, 'c'"),
        (np.array([[0, {}]], dtype=object), TypeError, r"column 1 holds \{\}"),
        (np.array([["2020-01-01"]], dtype="M8[D]"), TypeError, "cells must be bool"),
        (np.zeros(3), ValueError, "2D"),
        (np.zeros((0, 3)), ValueError, "0 sample"),
        (np.zeros((3, 0)), ValueError, "0 feature"),
        (pd.DataFrame({"age": [1, 2, 3]}), ValueError, r"column 1 \('age'\) holds a third value, '3', after '1' and '2'"),
        (pd.DataFrame({"when": pd.to_datetime(["2020-01-01"])}), TypeError, "'when'"),
        (pl.DataFrame({"age": [1, 2, 3]}), ValueError, r"column 1 \('age'\) holds a third value"),
        (pa.table({"n": [[1]]}), TypeError, r"column 1 \('n'\) has the Arrow type"),
        (pa.table({"d": pa.array([1], pa.date32())}), TypeError, "Arrow type 'tdD'"),
        ("no such file.csv", FileNotFoundError, "no such file.csv"),
        (sp.csr_matrix([[0, 7]]), ValueError, "column 1 holds 7 in row 0"),
    ],
)
def test_what_cannot_be_used_is_named(X, error, match):
    with pytest.raises(error, match=match):
        BernoulliMixture().fit(X)


@pytest.mark.parametrize("bitorder", ["big", "little"])
@pytest.mark.parametrize("n_features", [1, 7, 8, 63, 64, 65, 128, 200])
def test_packed_rows(rng, bitorder, n_features):
    X = (rng.random((9, n_features)) < 0.5).astype(np.uint8)
    packed = np.packbits(X, axis=1, bitorder=bitorder)
    data = mixbern.from_packed(packed, n_features, bitorder=bitorder)
    assert data.shape == (9, n_features)
    assert np.array_equal(data.toarray(), X)


def test_packed_rows_are_read_in_place(rng):
    X = (rng.random((50, 128)) < 0.5).astype(np.uint8)
    packed = np.packbits(X, axis=1, bitorder="little")
    before = sys.getrefcount(packed)
    data = mixbern.from_packed(packed, bitorder="little")
    assert sys.getrefcount(packed) > before, "the rows are kept alive"
    packed[0, 0] ^= 1
    assert data.toarray()[0, 0] != X[0, 0], "and not copied"
    model = BernoulliMixture(2, random_state=0).fit(data)
    del data
    gc.collect()
    assert sys.getrefcount(packed) == before
    assert model.labels_.shape == (50,)


@pytest.mark.parametrize("bitorder", ["big", "little"])
def test_packed_rows_in_any_layout(rng, bitorder):
    X = (rng.random((40, 77)) < 0.5).astype(np.uint8)
    packed = np.packbits(X, axis=1, bitorder=bitorder)
    padded = np.zeros((40, 16), np.uint8)
    padded[:, :10] = packed
    shifted = np.frombuffer(b"\0" + packed.tobytes(), np.uint8)[1:].reshape(packed.shape)
    layouts = [packed, np.asfortranarray(packed), padded, padded[:, :10], np.repeat(packed, 2, axis=0)[::2], shifted]
    for layout in [*layouts, packed[::-1].copy()[::-1]]:
        assert np.array_equal(mixbern.from_packed(layout, 77, bitorder=bitorder).toarray(), X)


def test_padded_rows_are_read_in_place(rng):
    padded = np.zeros((20, 784 // 8 + 6), np.uint8)
    padded[:, :98] = np.packbits(rng.random((20, 784)) < 0.5, axis=1, bitorder="little")
    data = mixbern.from_packed(padded, 784, bitorder="little")
    before = data.toarray()
    padded[3, 0] ^= 2
    assert np.argwhere(data.toarray() != before).tolist() == [[3, 1]]


def test_packed_rows_are_rewritten_without_a_copy_in_between():
    packed = np.random.default_rng(0).integers(0, 256, (40_000, 100), dtype=np.uint8)
    tracemalloc.start()
    data = mixbern.from_packed(packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6 and data.shape == (40_000, 800)


def test_packed_rows_that_do_not_fit():
    with pytest.raises(ValueError, match="uint8"):
        mixbern.from_packed(np.zeros((2, 8), np.int64))
    with pytest.raises(ValueError, match="9 features"):
        mixbern.from_packed(np.zeros((2, 3), np.uint8), 9)
    with pytest.raises(ValueError, match="bitorder"):
        mixbern.from_packed(np.zeros((2, 8), np.uint8), bitorder="middle")
    with pytest.raises(ValueError, match="padding"):
        mixbern.from_packed(np.full((2, 8), 255, np.uint8), 60, bitorder="little")


def test_files(data_dir):
    with pytest.warns(UserWarning, match="one value only"):
        data = mixbern.read(data_dir / "carcinoma.csv", rows=slice(10, 60), exclude=["C"])
    frame = pd.read_csv(data_dir / "carcinoma.csv")
    assert np.array_equal(data.toarray(), frame.iloc[10:60].drop(columns="C") - 1)
    assert data.feature_names == list("ABDEFG")
    path = str(data_dir / "carcinoma.csv")
    by_path = BernoulliMixture(3, random_state=0).fit(path)
    by_frame = BernoulliMixture(3, random_state=0).fit(frame)
    assert by_path.log_likelihood_ == by_frame.log_likelihood_
    assert list(by_path.feature_names_in_) == list(frame.columns)
    assert np.array_equal(by_path.predict(frame), by_frame.predict(path))
    with pytest.raises(ValueError, match="feature"):
        by_path.predict(mixbern.read(path, exclude=["A"]))
    with pytest.raises(ValueError, match="slice"):
        mixbern.read(path, rows=slice(0, 10, 2))


def test_weights_in_a_data_set(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,w\n1,0,2\n0,1,1\n1,1,3\n")
    data = mixbern.read(tmp_path / "t.csv", weights="w")
    assert data.sample_weight.tolist() == [2, 1, 3]
    model = BernoulliMixture(1, smoothing=0).fit(data)
    assert np.allclose(model.probabilities_, [[5 / 6, 4 / 6]])
    assert np.allclose(BernoulliMixture(1, smoothing=0).fit(data, sample_weight=[1, 1, 1]).probabilities_, 2 / 3)


OPINIONS = np.array([["Agree", "Nein"], ["Disagree", "Ja"], ["Agree", "Ja"], ["Agree", "Nein"]] * 5, dtype=object)


def test_answers_are_named() -> None:
    model = BernoulliMixture(1).fit(OPINIONS)
    assert model.answers_ == ["Disagree", "Ja"]
    assert model.probabilities_[0].round(3).tolist() == [0.25, 0.5]
    assert "x1 = Ja" in model._repr_html_()
    shared = BernoulliMixture(1).fit(OPINIONS[:, :1])
    assert "P(Disagree)" in shared._repr_html_()
    assert BernoulliMixture(1).fit([[0, 1], [1, 1]]).answers_ == []


@pytest.mark.parametrize("one", [["0=Agree"], "1=Agree", {"1": "Agree"}, "Agree,Nein", ["Agree", "Nein"]])
def test_one_chooses_answers(one: object) -> None:
    if one == ["0=Agree"]:
        with pytest.raises(ValueError, match="no item '0'"):
            BernoulliMixture(1, one=one).fit(OPINIONS)
        return
    model = BernoulliMixture(1, one=one).fit(OPINIONS)
    assert model.answers_[0] == "Agree"
    assert model.probabilities_[0, 0].round(3) == 0.75
    assert model.score_samples(OPINIONS).shape == (20,)
    assert mixbern.Dataset(OPINIONS, one=one).answers == model.answers_


def test_one_of_numbers_is_kept_for_new_rows() -> None:
    X = np.array([[1, 0], [1, 1], [1, 0], [0, 1]])
    model = BernoulliMixture(1, one="0").fit(X)
    assert model.probabilities_[0].round(3).tolist() == [0.25, 0.5]
    assert model.score(X) == pytest.approx(BernoulliMixture(1).fit(X).score(X))
