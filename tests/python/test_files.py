"""Model files are those of the command line, and so are predictions."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file
from sklearn.exceptions import ConvergenceWarning

import mixbern
from mixbern import BernoulliMixture


def run(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def cli_model(program, data_dir, tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "model.safetensors"
    printed = run(program, "fit", data_dir / "gss08_abortion.csv", "-k", "3", "--seed", "5", "--json", "--model", path)
    return path, json.loads(printed)


def test_the_same_fit_as_the_command_line(cli_model, data_dir):
    path, printed = cli_model
    model = BernoulliMixture(3, random_state=5).fit(pd.read_csv(data_dir / "gss08_abortion.csv"))
    assert model.log_likelihood_ == printed["log_likelihood"]
    assert model.weights_.tolist() == printed["weights"]
    assert model.bic(data_dir / "gss08_abortion.csv") == pytest.approx(printed["bic"], rel=1e-12)
    loaded = mixbern.load(path)
    assert np.array_equal(loaded.probabilities_, model.probabilities_)
    assert loaded.codings_ == model.codings_
    assert list(loaded.feature_names_in_) == list(model.feature_names_in_)
    assert loaded.n_iter_ == model.n_iter_ and loaded.converged_


def test_predictions_are_those_of_the_command_line(program, cli_model, data_dir, tmp_path):
    path, _ = cli_model
    data = data_dir / "gss08_abortion.csv"
    model = mixbern.load(path)
    frame = pd.read_csv(data)
    run(program, "predict", path, data, "-o", tmp_path / "p.npy")
    assert np.array_equal(np.load(tmp_path / "p.npy"), model.predict_proba(frame))
    run(program, "predict", path, data, "-o", tmp_path / "p.csv")
    assert np.array_equal(pd.read_csv(tmp_path / "p.csv")["component"] - 1, model.predict(frame))
    scored = json.loads(run(program, "score", path, data, "--json"))
    assert scored["log_likelihood"] == pytest.approx(model.score_samples(frame).sum(), rel=1e-12)


def test_saved_models_work_on_the_command_line(program, data_dir, tmp_path):
    frame = pd.read_csv(data_dir / "carcinoma.csv")
    model = BernoulliMixture(2, random_state=0).fit(frame)
    path = tmp_path / "model.safetensors"
    mixbern.save(model, path)
    inspected = json.loads(run(program, "inspect", path, "--json"))
    assert inspected["weights"] == model.weights_.tolist()
    assert inspected["feature_names"] == list(frame.columns)
    run(program, "predict", path, data_dir / "carcinoma.csv", "-o", tmp_path / "p.npy")
    assert np.array_equal(np.load(tmp_path / "p.npy"), model.predict_proba(frame))
    tensors = load_file(path)
    assert np.array_equal(tensors["weights"], model.weights_)
    assert np.array_equal(tensors["probabilities"], model.probabilities_)
    with safe_open(path, "np") as file:
        record = json.loads(file.metadata()["fit_record"])
    assert record["log_likelihood"] == model.log_likelihood_ and record["converged"] is True


def test_round_trip_of_thresholds_and_unnamed_features(rng, tmp_path):
    grey = rng.integers(0, 255, (60, 5))
    model = BernoulliMixture(2, threshold=100, random_state=0).fit(grey)
    model.save(tmp_path / "m.safetensors")
    loaded = mixbern.load(tmp_path / "m.safetensors")
    assert loaded.threshold == 100 and not hasattr(loaded, "feature_names_in_")
    assert np.array_equal(loaded.predict_proba(grey), model.predict_proba(grey))
    assert loaded.get_feature_names_out().tolist() == ["bernoullimixture0", "bernoullimixture1"]


def test_files_that_are_no_models(data_dir, tmp_path):
    with pytest.raises(FileNotFoundError):
        mixbern.load(tmp_path / "none")
    with pytest.raises(ValueError, match="no model file"):
        mixbern.load(data_dir / "carcinoma.csv")


def test_writes_that_fail_are_os_errors(tmp_path):
    model = BernoulliMixture().fit([[0, 1], [1, 0]])
    for name, expected in (("no folder/m", FileNotFoundError), ("", OSError), ("m" * 300, OSError)):
        for write in (model.save, model.report):
            with pytest.raises(expected) as caught:
                write(tmp_path / name if name else "")
            assert caught.value.errno and name in str(caught.value)
    with pytest.raises(OSError, match="No space left on device"):
        model.save("/dev/full")


def test_reports(data_dir, tmp_path):
    frame = pd.read_csv(data_dir / "carcinoma.csv")
    model = BernoulliMixture(3, random_state=0).fit(frame)
    model.report(tmp_path / "model.html", frame, title="Seven pathologists")
    page = (tmp_path / "model.html").read_text()
    assert page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>")
    assert "Seven pathologists" in page and "-293.70" in page
    model.report(tmp_path / "alone.html")
    mixbern.select(frame, range(1, 4), random_state=0).report(tmp_path / "selection.html", frame)
    assert (tmp_path / "selection.html").stat().st_size > 1000


def parameters_of(path):
    """A model file but for its provenance, and for what packed rows say of the table that they came from."""
    with safe_open(path, "np") as file:
        metadata = dict(file.metadata())
        tensors = {name: file.get_tensor(name).tobytes() for name in file.keys()}
    record = json.loads(metadata.pop("fit_record"))
    for of_table in ("threshold", "shape"):
        metadata.pop(of_table, None)
    return metadata, {name: value for name, value in record.items() if name != "data"}, tensors


@pytest.mark.parametrize("place", ["memory", "outside"])
def test_several_files_are_one_data_set(program, data_dir, tmp_path, monkeypatch, place):
    monkeypatch.setenv("MIXBERN_ROWS", place)
    run(program, "convert", data_dir / "mnist-20000.safetensors.gz", tmp_path / "part.safetensors", "--rows", ":3000",
        "--rows-per-file", "700")
    files = sorted(tmp_path.glob("part-*.safetensors"))
    assert len(files) == 5
    run(program, "fit", *files, "-k", "4", "--n-init", "2", "--max-iter", "8", "--seed", "3", "--model", tmp_path / "m")
    how = {"n_init": 2, "max_iter": 8, "random_state": 3}
    with pytest.warns(ConvergenceWarning):
        model = BernoulliMixture(4, **how).fit(files)
    model.save(tmp_path / "p")
    assert parameters_of(tmp_path / "p") == parameters_of(tmp_path / "m")
    run(program, "predict", tmp_path / "m", *files, "-o", tmp_path / "p.npy")
    assert np.array_equal(model.predict_proba([str(file) for file in files]), np.load(tmp_path / "p.npy"))
    for rows in (mixbern.Dataset(tuple(files)), mixbern.read(files)):
        assert np.array_equal(model.predict_proba(rows), np.load(tmp_path / "p.npy"))


def test_several_tables_are_one_and_wider_ones_are_picked_from(tmp_path, rng):
    X = pd.DataFrame((rng.random((90, 4)) < [0.2, 0.5, 0.7, 0.4]).astype(int), columns=list("abcd"))
    X[:40].to_csv(tmp_path / "1.csv", index=False)
    X[40:].to_csv(tmp_path / "2.csv", index=False)
    files = [tmp_path / "1.csv", tmp_path / "2.csv"]
    model = BernoulliMixture(2, random_state=0).fit(files)
    assert model.log_likelihood_ == BernoulliMixture(2, random_state=0).fit(X).log_likelihood_
    for i, rows in enumerate((X[:40], X[40:])):
        rows.assign(who=[f"p{j}" for j in rows.index])[["d", "who", "c", "b", "a"]].to_csv(files[i], index=False)
    assert np.array_equal(model.predict_proba(files), model.predict_proba(X))
    assert model.assign(files, ids="who").to_frame().index.tolist() == [f"p{j}" for j in range(90)]


def test_files_that_do_not_go_together_are_told(tmp_path):
    (tmp_path / "1.csv").write_text("a,b\n0,1\n1,0\n")
    (tmp_path / "2.csv").write_text("a,c\n0,1\n1,0\n")
    pd.DataFrame({"a": [0, 1], "b": [1, 0]}).to_parquet(tmp_path / "3.parquet")
    with pytest.raises(ValueError, match="2.csv: it has the column 'c' at place 2"):
        BernoulliMixture(1).fit([tmp_path / "1.csv", tmp_path / "2.csv"])
    with pytest.raises(ValueError, match="is read by another library"):
        BernoulliMixture(1).fit([tmp_path / "1.csv", tmp_path / "3.parquet"])
    with pytest.raises(FileNotFoundError, match="there is no file"):
        BernoulliMixture(1).fit([tmp_path / "1.csv", tmp_path / "4.csv"])
