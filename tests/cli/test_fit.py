"""`mixbern fit`: the JSON object, the model file, and that neither depends on how it was computed."""

import os
import subprocess

import pytest
from conftest import DATA, PROGRAM, environment, needs_few_addresses

FIELDS = """version data n_rows n_distinct_rows n_features total_weight missing_share n_components n_parameters
log_likelihood mean_log_likelihood aic bic n_iter converged stop_reason init n_init n_init_at_best optimum_margin unseen_share starts log_likelihoods
max_iter tol smoothing smoothing_target accelerate precision semi_supervised weights_kind seed answers weights threads kernel ways total_iterations seconds seconds_per_iteration model
warnings""".split()


def test_json_has_every_field(ok):
    result = ok("fit", DATA / "carcinoma.csv", "-k", 3, "--json").json
    assert list(result) == FIELDS
    assert set(result["seconds"]) == {"read", "init", "em", "total"}
    assert result["n_rows"] == 118 and result["n_features"] == 7 and result["n_distinct_rows"] == 20
    assert result["n_parameters"] == 3 * 7 + 2
    assert len(result["log_likelihoods"]) == result["n_init"]
    assert result["weights"] == sorted(result["weights"], reverse=True)
    assert sum(result["weights"]) == pytest.approx(1, abs=1e-12)
    assert result["mean_log_likelihood"] == pytest.approx(result["log_likelihood"] / 118, rel=1e-12)
    assert result["aic"] == pytest.approx(-2 * result["log_likelihood"] + 2 * 23, rel=1e-12)
    assert result["converged"] is True and result["stop_reason"] == "tolerance"
    assert result["warnings"] == []


@pytest.mark.parametrize("table, k, expected", [("carcinoma.csv", 2, -317.256837), ("carcinoma.csv", 3, -293.704979),
                                                ("values.csv", 2, -504.467670)])
def test_published_values(ok, table, k, expected):
    assert ok("fit", DATA / table, "-k", k, "--json").json["log_likelihood"] == pytest.approx(expected, abs=1e-4)


def test_missing_answers_count_by_what_is_there(ok):
    result = ok("fit", DATA / "gss08_abortion.csv", "-k", 3, "--json").json
    assert result["log_likelihood"] == pytest.approx(-687.4486, abs=1e-4)
    assert result["missing_share"] == pytest.approx(114 / (355 * 6))


def test_trace_rises(ok):
    trace = ok("fit", DATA / "values.csv", "-k", 2, "--json", "--trace").json["trace"]
    assert len(trace) > 3
    assert all(later >= earlier - 1e-7 for earlier, later in zip(trace, trace[1:]))
    assert "iteration  mean log-likelihood" in ok("fit", DATA / "values.csv", "-k", 2, "--trace").out


def test_same_model_file_for_any_threads_and_blocks(ok, tmp_path):
    ways = [("--threads", 1), ("--threads", 2), ("--threads", 4), ("--block-rows", 1), ("--block-rows", 7),
            ("--threads", 4, "--block-rows", 64)]
    files = []
    for i, way in enumerate(ways):
        path = tmp_path / f"{i}.model"
        ok("fit", DATA / "gss08_abortion.csv", "-k", 3, "--seed", 5, "--model", path, *way)
        files.append(path.read_bytes())
    assert all(content == files[0] for content in files)


def test_record_holds_what_was_fitted_and_not_how(ok, model):
    record = ok("inspect", model, "--json").json["fit"]
    for field in ("version data n_rows n_distinct_rows log_likelihood aic bic n_iter converged stop_reason init n_init "
                  "n_init_at_best log_likelihoods max_iter tol smoothing seed").split():
        assert field in record
    assert record["data"] == "carcinoma.csv"
    assert not {"seconds", "threads", "kernel", "block_rows", "model"} & set(record)


def test_labels_are_a_start(ok, write):
    rows = [(1, 1, 1, "b"), (1, 1, 0, "b"), (0, 0, 0, "a"), (0, 0, 1, "a")] * 5
    data = write("t.csv", "x,y,z,class\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    result = ok("fit", data, "-k", 2, "--labels", "class", "--json").json
    assert result["init"] == "labels" and result["n_init"] == 1 and result["n_features"] == 3
    labels = write("labels.txt", "\n".join(str(int(row[3] == "b")) for row in rows) + "\n")
    other = ok("fit", data, "-k", 2, "--exclude", "class", "--labels", labels, "--semi-supervised", "--json").json
    assert other["init"] == "labels" and other["semi_supervised"] is True


def test_labels_may_count_from_one(ok, write):
    data = write("data.csv", "1,1,0\n1,1,1\n0,0,1\n0,0,0\n" * 5)
    from_zero = write("zero.txt", "0\n0\n1\n1\n" * 5)
    from_one = write("one.txt", "1\n1\n2\n2\n" * 5)
    results = [ok("fit", data, "-k", 2, "--labels", labels, "--json").json for labels in (from_zero, from_one)]
    assert results[0]["log_likelihood"] == results[1]["log_likelihood"]


def test_labels_file_goes_through_rows_too(ok, write):
    data = write("t.csv", "x,y\n" + "1,0\n0,1\n0,0\n1,1\n" * 3)
    labels = write("labels.txt", "0\n1\n1\n0\n" * 3)
    result = ok("fit", data, "-k", 2, "--labels", labels, "--rows", "2:9", "--json").json
    assert result["n_rows"] == 7 and result["init"] == "labels"


def test_model_is_a_start(ok, model):
    result = ok("fit", DATA / "carcinoma.csv", "-k", 3, "--init-model", model, "--json").json
    assert result["init"] == "model" and result["n_init"] == 1
    assert result["log_likelihood"] == pytest.approx(-293.704979, abs=1e-4)


def test_weights_column_and_file(ok, write):
    doubled = write("doubled.csv", "a,b\n" + "1,0\n" * 4 + "0,1\n" * 2 + "1,1\n" * 3)
    weighted = write("weighted.csv", "a,b,w\n1,0,4\n0,1,2\n1,1,3\n")
    bare = write("bare.csv", "a,b\n1,0\n0,1\n1,1\n")
    weights = write("w.txt", "4\n2\n3\n")
    expected = ok("fit", doubled, "-k", 1, "--json").json
    for arguments in ([weighted, "--weights", "w"], [bare, "--weights", weights]):
        result = ok("fit", *arguments, "-k", 1, "--json").json
        assert result["total_weight"] == 9
        assert result["log_likelihood"] == pytest.approx(expected["log_likelihood"], rel=1e-12)


def test_not_converged_is_a_warning(run):
    result = run("fit", DATA / "carcinoma.csv", "-k", 4, "--max-iter", 2, "--json")
    assert result.status == 0
    assert result.json["converged"] is False and result.json["stop_reason"] == "max_iter"
    assert any("not converged" in warning for warning in result.json["warnings"])
    assert "mixbern: warning: not converged" in result.err


def test_kernel_is_what_was_asked_for(ok):
    for kernel in ok("kernels", "--json").json["kernels"]:
        if kernel["supported"]:
            by_option = ok("fit", DATA / "values.csv", "-k", 2, "--json", "--kernel", kernel["name"]).json
            by_variable = ok("fit", DATA / "values.csv", "-k", 2, "--json", env={"MIXBERN_KERNEL": kernel["name"]}).json
            assert by_option["kernel"] == by_variable["kernel"] == kernel["name"]


def test_ways_are_told_and_forced(ok):
    call = ["fit", DATA / "carcinoma.csv", "-k", 3, "--seed", 1, "--trace", "--json"]
    assert ok(*call).json["ways"] == "doubles,all"
    found = [ok(*call, "--precision", "fast", env={"MIXBERN_WAYS": ways}).json for ways in ("codes,gathered", "codes,all")]
    assert found[0]["ways"] == "codes,gathered,amounts" and found[1]["ways"] == "codes,all"
    assert found[0]["weights"] == found[1]["weights"] and found[0]["trace"] == found[1]["trace"]


def test_standard_input(ok):
    piped = ok("fit", "-", "-k", 2, "--json", stdin=(DATA / "carcinoma.csv").read_bytes()).json
    assert piped["log_likelihood"] == pytest.approx(-317.256837, abs=1e-4)


def test_shipped_images(ok):
    result = ok("fit", DATA / "mnist-20000.safetensors.gz", "-k", 1, "--json").json
    assert result["n_rows"] == 20000 and result["n_features"] == 784
    assert result["mean_log_likelihood"] == pytest.approx(-206.4400527174, abs=1e-6)


def test_smoothing_by_data(ok, tmp_path, refused):
    call = ("fit", DATA / "carcinoma.csv", "-k", 3, "--smoothing", "auto", "--smoothing-target", "item")
    result = ok(*call, "--model", "m", "--json", "--threads", 1).json
    trials = result["smoothing_search"]["trials"]
    assert result["smoothing_search"]["n_folds"] == 5 and result["smoothing_target"] == "item"
    assert [t["smoothing"] for t in trials] == sorted(t["smoothing"] for t in trials)
    best = max(t["cv_log_likelihood"] for t in trials)
    assert result["smoothing"] == next(t["smoothing"] for t in trials if t["cv_log_likelihood"] >= best - 0.1)
    recorded = ok("inspect", "m", "--json").json["fit"]
    assert recorded["smoothing"] == result["smoothing"]
    assert recorded["smoothing_search"] == result["smoothing_search"]
    other = ok(*call, "--json", "--threads", 3).json
    assert other["smoothing_search"] == result["smoothing_search"] and other["weights"] == result["weights"]
    assert "chosen by 5 folds" in ok(*call).out
    assert "or auto" in refused(2, "fit", DATA / "carcinoma.csv", "-k", 2, "--smoothing", "some")
    assert "half or item" in refused(2, "fit", DATA / "carcinoma.csv", "-k", 2, "--smoothing-target", "row")


def test_smoothing_of_one_component_is_the_formula(ok):
    call = ("fit", DATA / "values.csv", "-k", 1, "--smoothing", 20, "--model", "m", "--json", "--smoothing-target")
    ones, n = ok("inspect", DATA / "values.csv", "--json").json["feature_ones"], 216
    for target, mean in (("half", lambda o: 0.5), ("item", lambda o: (o + 0.5) / (n + 1))):
        ok(*call, target)
        found = ok("inspect", "m", "--json").json["probabilities"][0]
        assert found == pytest.approx([(o + 40 * mean(o)) / (n + 40) for o in ones], rel=1e-9)


def test_labels_are_followed_to_components(ok, write):
    rows = "\n".join(["1,1,1,0"] * 4 + ["0,0,0,1"] * 12 + ["0,1,1,0"] * 3 + ["0,1,1,1"])
    data = write("classes.csv", "a,b,c,class\n" + rows + "\n")
    result = ok("fit", data, "-k", 2, "--labels", "class", "--json").json
    assert result["start_components"] == [1, 0]  # 13 of the 20 rows have label 1
    assert result["agreement"]["labels"] == [0, 1] and result["agreement"]["n"] == 20
    out = ok("fit", data, "-k", 2, "--labels", "class").out
    assert "label → component that started from it: 1 → 1, 0 → 2" in out and "purity" in out


def test_labels_that_are_texts_keep_their_names(ok, write, tmp_path):
    rows = ["1,1,1,well"] * 8 + ["0,0,0,ill"] * 4 + ["0,1,1,"]
    data = write("named.csv", "a,b,c,state\n" + "\n".join(rows) + "\n")
    packed = tmp_path / "named.safetensors"
    ok("convert", data, packed, "--labels", "state")
    for call in ((data, "--labels", "state"), (packed, "--labels", packed)):
        result = ok("fit", *call, "-k", 2, "--json").json
        assert result["start_components"] == [1, 0]
        assert result["agreement"]["label_names"] == ["ill", "well"]
        out = ok("fit", *call, "-k", 2).out
        assert "label → component that started from it: well → 1, ill → 2" in out
        assert "\n              ill      0      4\n             well      8      0\n" in out


def test_a_tolerance_of_nothing_runs_to_the_end(ok, refused):
    call = ("fit", DATA / "carcinoma.csv", "-k", 2, "--n-init", 2, "--max-iter", 300, "--json")
    result = ok(*call, "--tol", 0).json
    assert result["n_iter"] == 300 and result["tol"] == 0
    assert result["stop_reason"] == "max_iter" and result["converged"] is False
    assert ok(*call).json["n_iter"] < 300
    assert "at least 0" in refused(2, *call, "--tol", -1)


@needs_few_addresses
def test_rows_are_held_once(tmp_path, ok):
    ok("fit", DATA / "mnist-20000.safetensors.gz", "-k", 2, "--n-init", 1, "--max-iter", 2, "--model", "m", "--quiet")
    ok("sample", "m", "-n", 250_000, "-o", "rows.safetensors")
    data = tmp_path / "rows.safetensors"
    process = subprocess.Popen([PROGRAM, "fit", data, "-k", "5", "--n-init", "1", "--max-iter", "3", "--threads", "1", "--quiet"],
                               stdout=subprocess.DEVNULL, env=environment(MIXBERN_ROWS="memory"))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert usage.ru_maxrss * 1024 <= 1.5 * data.stat().st_size + 20e6
