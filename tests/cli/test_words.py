"""One word for one thing: help, manual, report and documents are free of the twins of our words."""

import re

import pytest
from conftest import SOURCE

TWINS = {
    r"\bdatasets?\b": "data set",
    r"\blog lik": "log-likelihood",
    r"\bloglik": "log-likelihood",
    r"\bfilename": "file name",
    r"\bvariables?\b": "item or feature",
    r"\battributes?\b": "feature",
    r"\bobservations?\b": "row",
    r"\bindicators?\b": "item",
    r"\blabeled\b": "labelled",
    r"\b(?:initial|normal|maxim|minim|standard|optim)iz": "-ise",
    r"\bcolor": "colour",
}
"""What is not said, and what is said instead."""

ALLOWED = re.compile(r"environment variables?|``?[^`]*``?|MIXBERN_\w+|--\S+|\$\w+|https?://\S+")
"""Names of other things, and text in the language of a program."""

PAGES = [*(f"docs/{name}" for name in ("command_line.md", "formats.md", "numerics.md", "report.md", "statistics.md", "survey.md",
                                       "python/guide.rst", "python/index.rst")), "README.md", "CHANGELOG.md"]


def said_otherwise(text):
    plain = ALLOWED.sub(" ", re.sub(r"```.*?```", " ", text, flags=re.DOTALL))
    return [f"{found.group(0)!r}: {said}" for twin, said in TWINS.items() for found in re.finditer(twin, plain, re.IGNORECASE)]


@pytest.mark.parametrize("page", PAGES)
def test_documents(page):
    assert said_otherwise((SOURCE / page).read_text()) == []


@pytest.mark.parametrize("command", ["", *"fit select predict score sample impute report inspect convert".split()])
def test_help(ok, command):
    assert said_otherwise(ok(*command.split(), "--help").out) == []


def test_report():
    """The words that the page's source puts between tags and into labels."""
    texts = []
    for path in sorted((SOURCE / "web" / "src").rglob("*.ts")):
        texts += re.findall(r"(?:label|title|note|caption|text|hint): ['`]([^'`]+)['`]", path.read_text())
    assert len(texts) > 80 and said_otherwise("\n".join(texts)) == []
