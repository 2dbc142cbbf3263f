"""`mixbern report`, `fit --report`, `select --report`: the document against docs/report.md, predict and NumPy."""

import json
import re

import numpy as np
import pytest
from conftest import DATA
from reference import read_table
from report_schema import check_document, decode

PLACE = re.compile(r'<script type="application/json" id="mixbern-report">(.*?)</script>', re.DOTALL)


def document_in(page):
    found = PLACE.findall(page)
    assert len(found) == 1
    return check_document(json.loads(found[0]))


def document_of(ok, *arguments):
    """What `report --json` prints."""
    return check_document(ok("report", *arguments, "--json").json)


def report_of_fit(ok, tmp_path, *arguments):
    ok("fit", *arguments, "--report", "r.html")
    return document_in((tmp_path / "r.html").read_text())


SPARSE = "%%MatrixMarket matrix coordinate pattern general\n6 9 8\n1 1\n1 9\n2 2\n3 1\n3 9\n4 2\n4 5\n6 7\n"
WORDS = "id,a,b,c,w,class\n" + "".join(f"{i},{i % 2},{i // 2 % 2},{i % 3 // 2},{1 + i % 3},{'xyz'[i % 3]}\n" for i in range(40))
TABLES = {
    "carcinoma": (None, ["-k", 3]),
    "missing": (None, ["-k", 3]),
    "sparse": (SPARSE, ["-k", 2]),
    "weights and labels": (WORDS, ["-k", 2, "--exclude", "id", "--weights", "w", "--labels", "class", "--init", "random"]),
    "semi-supervised": (WORDS, ["-k", 3, "--exclude", "id,w", "--labels", "class", "--semi-supervised"]),
    "one column": ("a\n" + "0\n1\n" * 9, ["-k", 2, "--header", "yes"]),
    "one component": (None, ["-k", 1]),
    "constant columns": ("a,b,c\n" + "1,0,1\n1,1,1\n" * 9, ["-k", 2, "--header", "yes"]),
    "rows without answers": ("a,b,c\n,,\n" + "1,0,0\n0,1,1\n1,1,0\n,,\n" * 3, ["-k", 2, "--header", "yes"]),
    "more components than rows": ("a,b\n0,1\n1,0\n", ["-k", 5, "--header", "yes"]),
}


@pytest.fixture(params=TABLES)
def table(request, write):
    text, arguments = TABLES[request.param]
    known = {"carcinoma": "carcinoma.csv", "missing": "gss08_abortion.csv", "one component": "values.csv"}
    name = "t.mtx" if request.param == "sparse" else "t.csv"
    return [write(name, text) if text else DATA / known[request.param], *arguments]


def test_a_fit_of_any_table(ok, tmp_path, table):
    document = report_of_fit(ok, tmp_path, *table)
    data, model = document["data"], document["models"][0]
    assert data["name"] == document["title"] == table[0].name
    assert sum(c["size"] for c in model["components"]) == pytest.approx(data["total_weight"], rel=1e-12)
    assert sum(model["rows"]["certainty"]["counts"]) == pytest.approx(data["total_weight"], rel=1e-12)
    fit = ok("fit", *table, "--json").json
    for name in ("n_rows", "n_distinct_rows", "n_features", "total_weight", "missing_share"):
        assert data[name] == pytest.approx(fit[name], rel=1e-12), name
    assert model["weights"] == pytest.approx(fit["weights"], rel=1e-12)
    assert model["criteria"]["bic"] == pytest.approx(fit["bic"], rel=1e-12)
    assert [start["log_likelihood"] for start in model["starts"]] == fit["log_likelihoods"]


def test_a_model_with_and_without_rows(ok, table):
    use = [a for a in table[1:] if a not in ("--semi-supervised", "--init", "random")]
    use = [a for i, a in enumerate(use) if "-k" not in (a, use[i - 1] if i else None)]
    ok("fit", *table, "--model", "m")
    alone = document_of(ok, "m")
    assert alone["models"][0]["rows"] is None and alone["data"]["means"] is None
    document = document_of(ok, "m", table[0], *use)
    assert document["models"][0]["fit"]["n_iter"] == alone["models"][0]["fit"]["n_iter"]
    for name in ("n_rows", "n_features", "feature_names", "codings"):
        assert document["data"][name] == alone["data"][name]


def test_a_search(ok, tmp_path):
    call = ("select", DATA / "carcinoma.csv", "-k", "1:4", "--blrt", 5, "--vlmr", "--folds", 3)
    printed = ok(*call, "--report", "s.html", "--json").json
    document = document_in((tmp_path / "s.html").read_text())
    assert [m["n_components"] for m in document["models"]] == [1, 2, 3, 4]
    assert document["models"][document["best"]]["n_components"] == printed["best"]
    for row, model, told in zip(document["selection"]["table"], document["models"], printed["models"]):
        for name in ("aic", "bic", "caic", "entropy", "log_likelihood", "smallest_component", "cv_log_likelihood"):
            assert row[name] == told[name], name
        assert row["warnings"] == told["warnings"]
        assert model["criteria"]["icl_bic"] == pytest.approx(told["icl_bic"], rel=1e-12)
    assert document["selection"]["table"][0]["blrt"] is None
    for test in ("blrt", "vlmr"):
        assert document["selection"]["table"][2][test]["p_value"] == printed["models"][2][test]["p_value"]
    assert all(m["goodness_of_fit"] for m in document["models"])


def test_rows_are_those_of_predict(ok, model):
    document = document_of(ok, model, DATA / "carcinoma.csv")
    rows = document["models"][0]["rows"]
    _, *lines = ok("predict", model, DATA / "carcinoma.csv").csv
    predicted = np.array(lines, float)
    posteriors = np.sort(predicted[:, 2:], axis=1)
    assert np.array_equal(decode(rows["table"]["row"]), predicted[:, 0] - 1)
    assert np.array_equal(decode(rows["table"]["component"]), predicted[:, 1] - 1)
    assert np.allclose(decode(rows["table"]["certainty"]), posteriors[:, -1], atol=1e-7, rtol=0)
    second = np.take_along_axis(predicted[:, 2:], decode(rows["table"]["second"]).astype(int)[:, None], axis=1)[:, 0]
    assert np.allclose(second, posteriors[:, -2], atol=1e-15)
    _, *lines = ok("score", model, DATA / "carcinoma.csv", "--per-row").csv
    assert np.allclose(decode(rows["table"]["log_likelihood"]), np.array(lines, float)[:, 1], rtol=1e-6)


def test_examples_and_least_certain_rows(ok, model):
    parameters = ok("inspect", model, "--json").json
    table = read_table(DATA / "carcinoma.csv", parameters["codings"])
    rows = document_of(ok, model, DATA / "carcinoma.csv")["models"][0]["rows"]
    cells = rows["cells"]
    index, component = decode(cells["row"]), decode(cells["component"])
    bits = np.unpackbits(decode(cells["bits"]), axis=1, bitorder="little")[:, :7]
    assert np.array_equal(bits, table[index])
    certainty = decode(rows["table"]["certainty"])
    assert np.array_equal(decode(cells["certainty"]), certainty[index])
    for k, examples in enumerate(rows["examples"]):
        assert 0 < len(examples) <= 12 and all(component[e] == k for e in examples)
        best = certainty[decode(rows["table"]["component"]) == k].max()
        assert certainty[index[examples[0]]] == best
        assert len(np.unique(bits[examples], axis=0)) == len(examples)  # of equal rows one
    order = certainty[index[rows["least_certain"]]]
    assert order[0] == certainty.min() and np.all(np.diff(order) >= 0)


def test_distinctive_features_agree_with_numpy(ok, tmp_path):
    ok("fit", DATA / "gss08_abortion.csv", "-k", 4, "--model", "m")
    parameters = ok("inspect", "m", "--json").json
    theta, weights = np.array(parameters["probabilities"]), np.array(parameters["weights"])
    components = document_of(ok, "m")["models"][0]["components"]
    for k, component in enumerate(components):
        others = np.delete(np.arange(4), k)
        q = weights[others] @ theta[others] / weights[others].sum()
        p = theta[k]
        with np.errstate(divide="ignore", invalid="ignore"):
            divergence = np.where(p > 0, p * np.log(p / q), 0) + np.where(p < 1, (1 - p) * np.log((1 - p) / (1 - q)), 0)
        assert component["distinctive"] == list(np.argsort(-divergence, kind="stable")[:20])


def test_labels(ok, tmp_path):
    data = tmp_path / "w.csv"
    data.write_text(WORDS)
    ok("fit", data, "-k", 2, "--exclude", "id,w,class", "--model", "m")
    call = ("m", data, "--weights", "w", "--labels", "class")
    document = document_of(ok, *call)
    agreement = ok("score", *call, "--json").json["agreement"]
    labels = document["models"][0]["labels"]
    assert np.array_equal(decode(labels["table"]).T, agreement["table"])
    for name in ("purity", "adjusted_rand", "normalised_mutual_information", "n"):
        assert labels[name] == agreement[name]
    assert document["data"]["labels"] == agreement["label_names"]
    listed = decode(document["models"][0]["rows"]["table"]["label"])
    assert np.array_equal(listed, np.arange(40) % 3)


def test_held_labels_do_not_agree_with_themselves(ok, tmp_path):
    (tmp_path / "w.csv").write_text(WORDS)
    call = ("w.csv", "-k", 3, "--exclude", "id,w", "--labels", "class", "--semi-supervised", "--model", "m")
    document = report_of_fit(ok, tmp_path, *call)
    agreement = ok("score", "m", "w.csv", "--labels", "class", "--json").json["agreement"]
    model = document["models"][0]
    assert np.array_equal(decode(model["labels"]["table"]).T, agreement["table"])
    assert model["labels"]["purity"] < 1
    assert min(decode(model["rows"]["table"]["certainty"])) == 1  # the rows themselves are held


def test_other_models_of_a_search_say_less(ok, tmp_path):
    data = DATA / "mnist-20000.safetensors.gz"
    ok("select", data, "-k", "1,2", "--rows", ":1200", "--max-iter", 5, "--n-init", 40, "--report", "s.html")
    document = document_in((tmp_path / "s.html").read_text())
    best, other = document["models"][document["best"]], document["models"][1 - document["best"]]
    assert best["rows"]["table"]["row"]["shape"] == [1200] and other["rows"]["table"]["row"]["shape"] == [1000]
    traces = sum(start["trace"] is not None for start in document["models"][1]["starts"])
    assert traces == (40 if document["best"] == 1 else 30)


def test_many_rows_are_drawn_evenly(ok):
    ok("fit", DATA / "mnist-20000.safetensors.gz", "-k", 2, "--max-iter", 3, "--n-init", 1, "--report", "r.html", "--model", "m")
    document = document_of(ok, "m", DATA / "mnist-20000.safetensors.gz")
    table = document["models"][0]["rows"]["table"]
    assert table["total"] == 20_000
    assert np.array_equal(decode(table["row"]), np.arange(10_000) * 2)
    assert document["models"][0]["goodness_of_fit"] is None and document["models"][0]["standard_errors"] is None


def test_means_and_missing_shares(ok):
    data = DATA / "gss08_abortion.csv"
    ok("fit", data, "-k", 2, "--model", "m")
    table = read_table(data, ok("inspect", "m", "--json").json["codings"])
    document = document_of(ok, "m", data)["data"]
    assert np.allclose(decode(document["means"]), np.nanmean(table, axis=0), atol=1e-7)
    assert np.allclose(decode(document["missing"]), np.isnan(table).mean(axis=0), atol=1e-7)
    assert document["constant_features"] == []
    assert any("probability 0" in s["text"] for s in document_of(ok, "m", data)["models"][0]["verdict"]) is False


def test_statistics_are_those_of_fit(ok, tmp_path):
    call = (DATA / "carcinoma.csv", "-k", 2, "--statistics", "--standard-errors", "sandwich", "--bootstrap", 20)
    model = report_of_fit(ok, tmp_path, *call)["models"][0]
    fit = ok("fit", *call, "--json").json
    assert model["goodness_of_fit"] == fit["statistics"]["goodness_of_fit"]
    assert model["optima"] == fit["statistics"]["optima"]
    assert model["criteria"] == fit["statistics"]["criteria"]
    told = fit["statistics"]["classification"]
    assert model["classification"]["sizes_by_mode"] == told["sizes_by_mode"]
    assert np.allclose(decode(model["classification"]["average_posteriors"]), told["average_posteriors"], atol=1e-7)
    errors = fit["standard_errors"]
    assert model["standard_errors"]["method"] == "sandwich" and model["standard_errors"]["identified"] is True
    assert model["standard_errors"]["weights"] == errors["weights"]
    as_array = lambda values: np.array(values, float)
    assert np.allclose(decode(model["standard_errors"]["probabilities"]), as_array(errors["probabilities"]), equal_nan=True)
    ends = as_array(errors["intervals"]["probabilities"])
    assert np.allclose(decode(model["standard_errors"]["lower"]), ends[:, :, 0], equal_nan=True)
    assert np.allclose(decode(model["standard_errors"]["upper"]), ends[:, :, 1], equal_nan=True)
    drawn = {(p["first"], p["second"]): p["p_value"] for p in fit["bootstrap"]["pair_p_values"]}
    pairs = model["bivariate_residuals"]
    assert [p["residual"] for p in pairs] == [p["residual"] for p in fit["statistics"]["bivariate_residuals"]]
    assert all(p["p_value"] == drawn[p["first"], p["second"]] for p in pairs)
    patterns = model["pattern_residuals"]
    assert [p["row"] for p in patterns] == [p["row"] for p in fit["statistics"]["pattern_residuals"]][:100]
    assert all(re.fullmatch("[01]{7}", p["cells"]) for p in patterns)


def test_traces(ok, tmp_path):
    call = (DATA / "carcinoma.csv", "-k", 5, "--acceleration", "none", "--n-init", 20)
    model = report_of_fit(ok, tmp_path, *call)["models"][0]
    trace = ok("fit", *call, "--json", "--trace").json["trace"]
    assert len(trace) > 200
    starts = model["starts"]
    assert len(starts) == 20
    for start in starts:
        iterations, values = start["trace"]["iteration"], start["trace"]["mean_log_likelihood"]
        assert iterations[:64] == list(range(1, 65)) and len(values) == len(iterations)
        assert all(a < b for a, b in zip(iterations, iterations[1:]))
        assert values[-1] * 118 == pytest.approx(start["log_likelihood"], rel=1e-12)
    thinned = [start["trace"] for start in starts if start["trace"]["iteration"][-1] == len(trace)]
    assert any(t["mean_log_likelihood"] == [trace[i - 1] for i in t["iteration"]] for t in thinned)


def verdict_of(document):
    return {(s["level"], s["text"]) for s in document["models"][0]["verdict"]}


def test_the_verdict_says_what_is_wrong(ok, tmp_path, write):
    good = verdict_of(report_of_fit(ok, tmp_path, DATA / "carcinoma.csv", "-k", 2))
    assert any(re.fullmatch(r"The best optimum was reached by \d+ of \d+ starts\.", text) for tone, text in good if tone == "good")
    assert {level for level, _ in good} == {"good"}
    bad = verdict_of(report_of_fit(ok, tmp_path, DATA / "carcinoma.csv", "-k", 6, "--max-iter", 5, "--n-init", 1))
    assert any(level == "warning" and text.startswith("Not converged after 5 iterations") for level, text in bad)
    assert any("One start only" in text for _, text in bad)
    flat = write("flat.csv", "a,b,c\n" + "1,0,1\n1,1,0\n" * 9)
    told = verdict_of(report_of_fit(ok, tmp_path, flat, "-k", 2, "--header", "yes"))
    assert ("note", "1 feature never varies: a.") in told
    other = write("other.csv", "A,B,C,D,E,F,G\n" + "1,2,1,2,1,2,1\n2,1,2,1,2,1,2\n" * 5)
    ok("fit", DATA / "carcinoma.csv", "-k", 2, "--model", "m")
    assert any("not the rows that the model was fitted to" in text for _, text in verdict_of(document_of(ok, "m", other)))


HOSTILE = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "a \"quoted\" 'name'", "🎲 ünïcode \u2028\u2029",
           "x" * 10_000, "same", "same", "", "<!--", "]]>"]


def test_hostile_names_stay_data(ok, tmp_path):
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in HOSTILE)
    rows = "".join(",".join(str((i >> d) & 1) for d in range(len(HOSTILE))) + "\n" for i in range(0, 1024, 7))
    (tmp_path / "<b>h&amp;.csv").write_text(quoted + "\n" + rows, encoding="utf-8")
    ok("fit", "<b>h&amp;.csv", "-k", 2, "--header", "yes", "--report", "r.html", "--model", "m")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    document = document_in(page)
    assert document["data"]["feature_names"] == HOSTILE
    assert document["title"] == "<b>h&amp;.csv"
    content = PLACE.findall(page)[0]
    assert not set("<\u2028\u2029") & set(content)
    assert "<" not in ok("report", "m", "--json", "--title", "</script>").out


def test_bytes_that_are_no_text(ok, tmp_path, write):
    data = write("latin.csv", b"caf\xe9,\xff\xfe\n" + b"0,1\n1,0\n1,1\n" * 5)
    document = report_of_fit(ok, tmp_path, data, "-k", 2, "--header", "yes")
    assert document["data"]["feature_names"] == ["café", "ÿþ"]


def test_standard_output_and_title(ok, model):
    page = ok("report", model, DATA / "carcinoma.csv", "-o", "-", "--title", "Pathologists")
    assert page.err == "" and document_in(page.out)["title"] == "Pathologists"
    assert page.out.startswith("<!doctype html>") and page.out.rstrip().endswith("</html>")


def test_a_written_report_is_announced_and_whole(ok, tmp_path, model):
    done = ok("report", model, "-o", "r.html")
    assert done.out == "report written to r.html\n"
    document_in((tmp_path / "r.html").read_text())
    both = ok("report", model, "-o", "r.html", "--json")
    assert both.json["format"] == "mixbern-report"
    assert "report written to f.html" in ok("fit", DATA / "values.csv", "-k", 2, "--report", "f.html").out
    assert ok("fit", DATA / "values.csv", "-k", 2, "--report", "f.html", "--json").json["n_rows"] > 0


def test_the_same_for_any_number_of_threads(ok):
    ok("fit", DATA / "gss08_abortion.csv", "-k", 3, "--model", "m")
    documents = [document_of(ok, "m", DATA / "gss08_abortion.csv", "--threads", n) for n in (1, 3)]
    for document in documents:
        del document["created"]
    assert documents[0] == documents[1]


def test_shape(ok, refused, tmp_path, model):
    write = tmp_path / "image.csv"
    write.write_text("".join(f"{i & 1},{i >> 1 & 1},{i >> 2 & 1},{i >> 3 & 1}\n" for i in range(16)) * 3)
    ok("fit", write, "-k", 2, "--header", "no", "--model", "m")
    assert document_of(ok, "m")["data"]["shape"] is None
    assert document_of(ok, "m", "--shape", "2x2")["data"]["shape"] == [2, 2]
    assert document_of(ok, "m", write, "--shape", "1x4")["data"]["shape"] == [1, 4]
    assert "9 pixels" in refused(2, "report", "m", "--shape", "3x3", "--json")


def test_wrong_calls(refused, model, tmp_path, write):
    assert "needs -o OUT.html" in refused(2, "report", model)
    assert "leave one of them out" in refused(2, "report", model, "-o", "-", "--json")
    assert "give DATA" in refused(2, "report", model, "--labels", "x", "--json")
    assert "does not exist" in refused(1, "report", model, "-o", "no/such/r.html")
    assert "does not exist" in refused(1, "fit", DATA / "values.csv", "-k", 2, "--report", "no/such/r.html")
    assert "same file" in refused(2, "report", model, "-o", model)
    assert "needs the name of a file" in refused(2, "fit", DATA / "values.csv", "-k", 2, "--report", "-")
    assert "feature" in refused(1, "report", model, DATA / "values.csv", "-o", "r.html")
    other = write("narrow.csv", "0,1\n1,0\n")
    assert "2 features where 7 are expected" in refused(1, "report", model, other, "--header", "no", "-o", "r.html")
    assert list(tmp_path.glob("r.html*")) == []


def test_a_full_disk_leaves_the_old_report(run, model, tmp_path):
    import resource

    old = tmp_path / "r.html"
    old.write_text("old")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    # Python ignores the signal that would end the program before it can tidy up; so does the program here.
    result = run("report", model, DATA / "carcinoma.csv", "-o", "r.html", preexec_fn=limit, restore_signals=False)
    assert result.status != 0
    assert old.read_text() == "old" and sorted(p.name for p in tmp_path.iterdir()) == ["carcinoma.model", "r.html"]
