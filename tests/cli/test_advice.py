"""What answers to wrong calls advise: it is right, and following it helps."""

import re

import pytest
import survey
from conftest import DATA

COMMANDS = ("fit", "select", "predict", "score", "convert")

CALLS = [
    ("fit d.csv -k 3 --names a,a,b", "calls two components \"a\""),
    ("fit d.csv -k 3 --names ,,", "names with commas between them"),
    ("fit d.csv -k 3 --order 1,1,2", "takes each number from 1 to 3 once, as in 3,1,2"),
    ("fit d.csv -k 3 --order 2,1", "takes each number from 1 to 3 once, as in 3,1,2"),
    ("fit d.csv -k 3 --order b,a", "numbers of components such as 3,1,2"),
    ("fit d.csv -k 1..5", "'mixbern select DATA -k 1:5'"),
    ("fit d.csv -k 1-5", "'mixbern select DATA -k 1:5'"),
    ("fit d.csv -k 1,2,3", "'mixbern select DATA -k 1,2,3'"),
    ("select d.csv -k 1-5", "a list such as 1:8"),
    ("select d.csv -k 1..5", "a list such as 1:8"),
    ("select d.csv -k 1:3 --criterion bci", "did you mean \"bic\"?"),
    ("select d.csv -k 1:3 --folds 1000", "from 2 to 118 folds, not 1000"),
    ("fit d.csv -k 2 --standard-errors", "--standard-errors needs a value: --standard-errors observed|opg|sandwich"),
    ("fit d.csv -k 2 --missing", "--missing needs a value"),
    ("fit d.csv -k 2 --se observed", "did you mean --standard-errors?"),
    ("fit d.csv -k 2 --random-state 1", "did you mean --seed?"),
    ("fit d.csv --nclass 3", "did you mean --n-components?"),
    ("fit d.csv -k 2 --nrep 9", "did you mean --n-init?"),
    ("fit d.csv -k 2 --n_init 9", "did you mean --n-init?"),
    ("fit d.csv -k 2 --output x", "did you mean --model?"),
    ("fit d.csv -k 2 -o x", "did you mean --model?"),
    ("fit d.csv -k 2 --save x", "did you mean --model?"),
    ("fit d.csv -k 2 --csv x", "did you mean --table?"),
    ("fit d.csv -k 2 --na 9", "did you mean --missing?"),
    ("fit d.csv -k 2 --sep ;", "is found by looking at the file"),
    ("fit d.csv -k 2 -v", "progress is shown unless --quiet is given"),
    ("fit d.csv -k 2 -x", "'mixbern fit --help' lists the options"),
    ("score m d.csv -o x", "'mixbern score --help' lists the options"),
    ("train d.csv -k 2", "did you mean fit?"),
    ("summary m", "did you mean inspect?"),
    ("version", "did you mean --version?"),
    ("predict d.csv m", "m is the model: MODEL stands before DATA, as in m d.csv"),
    ("predict m d.csv -o p.xlsx", ".csv or .npy, each also .gz, not .xlsx"),
    ("predict m d.csv -o p.json", "--json prints one object"),
    ("fit d.csv -k 2 --columns 1-99", "numbers of columns go from 1 to 7"),
    ("fit d.csv -k 2 --columns 0", "numbers of columns go from 1 to 7"),
    ("fit d.csv -k 2 --columns A-C", "a range of names has a colon: A:C"),
    ("fit d.csv -k 2 --columns a", "names near it: 'A'"),
    ("fit d.csv -k 2 --weights Z", "it has 'A', 'B', 'C', 'D', 'E', 'F', 'G'"),
    ("fit m -k 2", "this is a model, not data; give the table"),
    ("fit x.sav -k 2", "this is an SPSS file; export the table as .csv, or fit it from Python"),
    ("fit x.dta -k 2", "this is a Stata file; export the table as .csv, or fit it from Python"),
    ("fit x.xlsx -k 2", "Excel file; export the table as .csv, or fit it from Python"),
    ("fit x.rds -k 2", "this is an R file; write the table with write.csv"),
    ("fit ragged.csv -k 2", "1 cell where 2 are expected; each line needs the same number of cells"),
    ("fit survey.csv -k 2 --threshold 1", "--threshold is for counts and grey values: leave it out"),
    ("predict m ragged.csv", "the columns that the model was fitted on ('mixbern inspect' of the model lists them)"),
    ("convert m x.csv", "this is a model, not data"),
    ("predict p.safetensors d.csv", "this is data, not a model; give a file that 'mixbern fit --model' wrote"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What the calls name."""
    folder = tmp_path_factory.mktemp("files")
    survey.write(folder / "survey.csv", n_rows=60)
    (folder / "d.csv").write_bytes((DATA / "carcinoma.csv").read_bytes())
    (folder / "ragged.csv").write_text("a,b\n0,1\n1\n")
    for name, start in (("x.sav", b"$FL2@(#)"), ("x.dta", b"v\0\2\1"), ("x.xlsx", b"PK\3\4"), ("x.rds", b"\x58\n")):
        (folder / name).write_bytes(start)
    return folder


@pytest.fixture
def here(files, ok, tmp_path):
    for path in files.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    ok("fit", "d.csv", "-k", 2, "--n-init", 1, "--model", "m")
    ok("convert", "d.csv", "p.safetensors")


def options_of(ok, command):
    return set(re.findall(r"--[a-z][a-z-]+", ok("help", command).out))


@pytest.mark.parametrize("call, words", CALLS)
def test_advice(here, ok, run, call, words):
    result = run(*call.split())
    lines = result.err.splitlines()
    assert result.status in (1, 2) and result.out == "" and len(lines) == 1
    assert words in lines[0]
    advised = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", lines[0])) - set(call.split())
    command = call.split()[0] if call.split()[0] in COMMANDS else "fit"
    assert advised <= options_of(ok, command) | {"--help", "--version", "--model"}


def test_a_threshold_beyond_all_values_is_told(here, ok):
    assert "no value is greater than --threshold 5" in ok("fit", "d.csv", "-k", 1, "--threshold", 5).err
    assert "every value is greater than --threshold 0" in ok("fit", "d.csv", "-k", 1, "--threshold", 0).err
    assert "--threshold" not in ok("fit", "d.csv", "-k", 1, "--threshold", 1).err


def test_all_missing_is_a_hundred_percent(ok, write):
    assert "2 cells missing (100%)" in ok("fit", write("na.csv", "a\nNA\nNA\n"), "-k", 1).out
