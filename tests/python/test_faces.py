"""Everything that a model says of itself shows as text, as HTML, as a frame and as a table for a paper."""

from __future__ import annotations

import csv
import io
import warnings

import numpy as np
import pandas as pd
import pytest

import mixbern
from mixbern import BernoulliMixture
from mixbern._tables import Face, Table


@pytest.fixture(scope="module")
def results(carcinoma, fitted):
    """One result of each kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numbers = np.arange(len(carcinoma))
        related = fitted.relate(carcinoma, covariates={"age": numbers % 40}, outcomes={"income": numbers % 7})
        sides = np.where(numbers % 2 == 0, "left", "right")
        grouped = mixbern.fit_groups(carcinoma, 2, groups=sides, random_state=0)
        invariance = mixbern.invariance(carcinoma, 2, groups=sides, random_state=0)
        found = (
            grouped,
            grouped.standard_errors(),
            mixbern.select_groups(carcinoma, range(1, 3), groups=sides, random_state=0),
            invariance,
            invariance.tests,
            related,
            related.coefficients_,
            related.curves_["age"],
            related.outcomes_,
            related.tests_,
            fitted.criteria(carcinoma),
            fitted.classification(carcinoma),
            fitted.goodness_of_fit(carcinoma),
            fitted.bivariate_residuals(carcinoma),
            fitted.standard_errors(carcinoma),
            fitted.summary(carcinoma),
            fitted.assign(carcinoma),
            mixbern.select(carcinoma, range(1, 3), random_state=0),
        )
    return {type(result): result for result in found}


def kinds(of):
    return [kind for sub in of.__subclasses__() for kind in (*kinds(sub), sub)]


def test_none_is_forgotten(results):
    assert set(kinds(Face)) - {mixbern._tables.FaceOf} == set(results)


@pytest.mark.parametrize("kind", [kind for kind in kinds(Face) if kind is not mixbern._tables.FaceOf])
def test_faces(results, kind):
    result = results[kind]
    assert "\n" in repr(result) and "object at 0x" not in repr(result)
    page = result._repr_html_()
    assert page.count("<table") == page.count("</table>") >= 1 and "object at 0x" not in page
    frame = result.to_frame()
    assert isinstance(frame, pd.DataFrame) and len(frame) > 0 and not isinstance(frame.index[0], tuple)
    if kind is mixbern.Selection:
        assert result.table.equals(frame)  # older than the others' tables: a frame
        return
    latex = result.table(format="latex")
    assert latex.startswith("% \\usepackage{booktabs}") and latex.count("&") > 1
    assert result.table(format="markdown").startswith("| ")
    rows = list(csv.reader(io.StringIO(result.table(format="csv"))))
    assert len({len(row) for row in rows}) == 1 and len(rows) > 1


def test_numbers_of_csv_are_whole_and_formulas_are_text():
    table = Table("", ["=1+1", "-2+3", "plain, comma"], {"@x": [1 / 3, -1234.5, float("nan")]}, "item")
    assert table.text("csv") == (
        "item,'@x\n'=1+1,0.3333333333333333\n'-2+3,-1234.5\n\"plain, comma\",\n"
    )


def test_classes_beside_ids(carcinoma, fitted, tmp_path):
    people = carcinoma.assign(pid=[f"P{row}" for row in range(len(carcinoma))])
    people.to_csv(tmp_path / "people.csv", index=False)
    by_index = fitted.assign(people.set_index("pid"))
    for found in (
        fitted.assign(people, ids="pid"),
        fitted.assign(tmp_path / "people.csv", ids="pid"),
        fitted.assign(carcinoma, ids=list(people["pid"])),
        fitted.assign(mixbern.read(tmp_path / "people.csv", ids="pid")),
        by_index,
    ):
        frame = found.to_frame()
        assert list(frame.index) == list(people["pid"])
        assert list(frame.columns) == ["component", "component_1", "component_2", "component_3"]
        assert np.array_equal(frame["component"] - 1, fitted.predict(carcinoma))
    assert by_index.to_frame().index.name == "pid" and "and 108 more rows" in repr(by_index)
    assert len(by_index.table(format="csv").splitlines()) == 119
    cells = np.array([[0, 1], [1, 0]])
    assert list(BernoulliMixture(1).fit(cells).assign(cells).to_frame().index) == [0, 1]
    with pytest.raises(ValueError, match="no column 'who'"):
        fitted.assign(people, ids="who")
    with pytest.raises(ValueError, match="one for each row"):
        fitted.assign(people, ids=["a"])
    cells = mixbern.read(tmp_path / "people.csv", ids="pid").to_frame()
    assert cells.index.name == "pid" and list(cells.columns) == list(carcinoma.columns)


def test_names_of_a_vectoriser_in_a_pipeline():
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline

    words = CountVectorizer(binary=True)
    pipe = make_pipeline(words, BernoulliMixture(2, feature_names=words, random_state=0))
    texts = ["red apple", "green apple", "fast car", "red car"] * 5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mixbern._estimator.ConvergenceWarning)
        pipe.fit(texts)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(pipe.predict(texts)) == 20
        summary = pipe[-1].summary(words.transform(texts))
    assert list(summary.to_frame().index) == ["class size", "apple", "car", "fast", "green", "red"]
    named = BernoulliMixture(1, feature_names=["a", "b"]).fit(np.array([[0, 1], [1, 0]]))
    assert list(named.feature_names_in_) == ["a", "b"]
    with pytest.raises(ValueError, match="feature_names has 2 names, but X has 3"):
        named.fit(np.eye(3))
    with pytest.warns(UserWarning, match="not fitted"):
        BernoulliMixture(1, feature_names=CountVectorizer()).fit(np.eye(2))


NOTEBOOK = [
    "import pandas as pd, mixbern\n"
    "X = pd.DataFrame({'a': [1, 2, 1, 2] * 9, 'b': [1, 2, 1, 1] * 9, 'c': [2, 2, 1, 2] * 9})\n"
    "model = mixbern.BernoulliMixture(1, random_state=0).fit(X)",
    "model",
    "model.criteria(X)",
    "model.summary(X, standard_errors=True)",
    "mixbern.select(X, [1], random_state=0)",
    "# three values\nmixbern.BernoulliMixture(2).fit(X.assign(a=[1, 2, 3, 4] * 9))",
    "model.predict('nothing.csv')",
    "mixbern.BernoulliMixture(2, n_init=-1).fit(X)",
]


def test_a_notebook():
    """Results are tables, errors are the line and the sentence."""
    nbformat = pytest.importorskip("nbformat")
    execute = pytest.importorskip("nbconvert.preprocessors").ExecutePreprocessor
    pytest.importorskip("ipykernel")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in NOTEBOOK])
    execute(timeout=60, allow_errors=True, kernel_name="python3").preprocess(notebook, {})
    outputs = [cell.outputs for cell in notebook.cells]
    assert outputs[0] == []
    for output in outputs[1:5]:
        assert len(output) == 1 and "<table" in output[0]["data"]["text/html"]
    for output, line, said in zip(outputs[5:], (2, 1, 1), ("third value", "nothing.csv", "n_init"), strict=True):
        lines = output[0]["traceback"]
        assert len(lines) == 2 and lines[0].startswith(f"----> {line} m") and said in lines[1]
