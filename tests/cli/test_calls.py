"""Wrong calls and bad input: one line that says what to do next, and the right exit status."""

import pytest
from conftest import DATA

TABLE = str(DATA / "carcinoma.csv")


@pytest.mark.parametrize("call, words", [
    ("fit", "fit needs DATA and -k K"),
    ("fit DATA", "fit needs -k K"),
    ("fit DATA -k", "-k K"),
    ("fit DATA -k 0", "-k takes a whole number from 1 to 65,536, not \"0\""),
    ("fit DATA -k abc", "not \"abc\""),
    ("fit DATA -k 1.5", "not \"1.5\""),
    ("fit DATA -k -2", "-k takes a whole number"),
    ("fit DATA -k 2 --n-init 0", "--n-init takes a whole number from 1"),
    ("fit DATA -k 2 --max-iter 0", "--max-iter takes"),
    ("fit DATA -k 2 --tol -1", "--tol takes a number of at least 0"),
    ("fit DATA -k 2 --tol nan", "--tol takes a number"),
    ("fit DATA -k 2 --smoothing -0.1", "--smoothing takes a number of at least 0"),
    ("fit DATA -k 2 --init ramdom", "did you mean \"random\"?"),
    ("fit DATA -k 2 --init nothing", "random, rows, kmeans, kmeans++, labels or model"),
    ("fit DATA -k 2 --init model", "--init model needs --init-model FILE"),
    ("fit DATA -k 2 --init labels", "name a column or a file with --labels"),
    ("fit DATA -k 2 --semi-supervised", "needs labels"),
    ("fit DATA -k 2 --init rows --init-model x", "exclude each other"),
    ("fit DATA -k 2 --rows 5:2", "A must be less than B"),
    ("fit DATA -k 2 --rows 5", "--rows takes A:B"),
    ("fit DATA -k 2 --rows :", "--rows takes A:B"),
    ("fit DATA -k 2 --shape 28", "--shape takes HEIGHTxWIDTH"),
    ("fit DATA -k 2 --shape 2x3", "6 pixels, but carcinoma.csv has 7 features"),
    ("fit DATA -k 2 --threads -1", "--threads takes"),
    ("fit DATA -k 2 --seed x", "--seed takes"),
    ("fit DATA -k 2 --header maybe", "yes, no or auto"),
    ("fit DATA -k 2 --format cvs", "did you mean \"csv\"?"),
    ("fit DATA -k 2 --kernel quantum", "quantum"),
    ("fit DATA -k 2 --thread 2", "did you mean --threads?"),
    ("fit DATA -k 2 --sede=2", "did you mean --seed?"),
    ("fit DATA --components 2", "did you mean --n-components?"),
    ("fit DATA -k 2 --wibble", "fit has no option --wibble"),
    ("fit DATA -k 2 -k 3", "given 2 times"),
    ("fit DATA - -k 2", "standard input"),
    ("fti DATA -k 2", "did you mean fit?"),
    ("report", "report needs MODEL: mixbern report MODEL [DATA...]"),
    ("wibble", "'mixbern --help' lists them"),
    ("--wibble", "mixbern has no option --wibble"),
    ("predict DATA", "predict needs DATA: mixbern predict MODEL DATA..."),
    ("sample DATA", "sample needs -n N"),
    ("completion tcsh", "bash, zsh or fish"),
    ("impute DATA DATA --json", "give -o OUT"),
    ("fit DATA -k 2 --n-init 1000000", "--n-init takes a whole number from 1 to 100,000"),
    ("fit DATA -k 2 --threads 100000", "--threads takes a whole number from 0 to 4,096"),
    ("fit DATA -k 2 --model m --report m", "two outputs go to the same file, m;"),
    ("fit DATA -k 2 --model m.md --table ./././m.md", "two outputs go to the same file"),
    ("select DATA -k 1:2 --table t.md --report t.md", "two outputs go to the same file"),
])
def test_wrong_call_is_status_2(refused, call, words):
    assert words in refused(2, *call.replace("DATA", TABLE, 1).split())


@pytest.mark.parametrize("call, words", [
    ("fit nothing.csv -k 2", "nothing.csv"),
    ("fit . -k 2", ": "),
    ("fit DATA -k 2 --rows 500:", "500"),
    ("fit DATA -k 2 --columns A,Q", "Q"),
    ("fit DATA -k 2 --exclude A,B,C,D,E,F,G", "feature"),
    ("fit DATA -k 2 --labels nowhere", "nowhere"),
    ("fit DATA -k 2 --weights nowhere", "nowhere"),
    ("fit DATA -k 2 --model no/such/folder/m", "does not exist; create it first"),
    ("fit DATA -k 2 --model .", "is a folder"),
    ("fit DATA -k 2 --report /proc/m", "/proc/m"),
    ("fit DATA -k 2 --report " + 300 * "m", "name too long"),
    ("predict DATA DATA", "carcinoma.csv"),
    ("fit DATA -k 2 --init-model nothing", "nothing"),
])
def test_bad_input_is_status_1(refused, call, words):
    assert words in refused(1, *call.replace("DATA", TABLE).split())


def test_error_names_line_and_column(refused, write):
    data = write("bad.csv", "a,b\n0,1\n1,0\n0,7\n")
    message = refused(1, "fit", data, "-k", 2)
    assert "bad.csv:4" in message and "'b'" in message and "--threshold" in message


def test_empty_file(refused, write):
    assert "empty.csv" in refused(1, "fit", write("empty.csv", ""), "-k", 2)


def test_labels_with_the_wrong_number_of_rows(refused, write):
    labels = write("l.txt", "0\n1\n0\n")
    message = refused(1, "fit", TABLE, "-k", 2, "--labels", labels)
    assert "3 values" in message and "118 rows" in message


def test_weights_with_the_wrong_number_of_rows(refused, write):
    message = refused(1, "fit", TABLE, "-k", 2, "--weights", write("w.txt", "1\n" * 30), "--rows", "10:50", "--quiet")
    assert "30 values" in message and "20 of them in --rows" in message and "40 rows" in message


def test_labels_count_from_0(refused, write):
    data = write("t.csv", "x,y,c\n1,0,0\n0,1,2\n1,1,2\n")
    assert "need -k 3 at least" in refused(2, "fit", data, "-k", 2, "--labels", "c")


def test_weights_of_nothing(refused, write):
    data = write("t.csv", "x,y,w\n1,0,0\n0,1,0\n")
    assert "all row weights are 0" in refused(1, "fit", data, "-k", 2, "--weights", "w")


def test_model_of_another_size_is_no_start(refused, model):
    assert "3 components" in refused(2, "fit", TABLE, "-k", 2, "--init-model", model)


def test_output_must_not_be_the_input(refused, write, model):
    data = write("d.csv", "a,b\n0,1\n1,0\n")
    before = data.read_bytes()
    for call in (["fit", data, "-k", 2, "--model", data], ["convert", data, "./d.csv"],
                 ["predict", model, data, "-o", model]):
        assert "same file as the input" in refused(2, *call)
    assert data.read_bytes() == before


@pytest.mark.parametrize("call, option", [
    (["fit", TABLE, "-k", 2, "--model", ""], "--model"), (["fit", TABLE, "-k", 2, "--report", ""], "--report"),
    (["fit", TABLE, "-k", 2, "--table", ""], "--table"), (["fit", TABLE, "-k", 2, "--weights", ""], "--weights"),
    (["fit", TABLE, "-k", 2, "--labels", ""], "--labels"), (["fit", "", "-k", 2], "DATA"),
    (["convert", TABLE, ""], "OUT"),
])
def test_empty_names(refused, call, option):
    assert f"{option} needs the name of a file" in refused(2, *call)


def test_errors_leave_json_alone(refused):
    refused(1, "fit", "nothing.csv", "-k", 2, "--json")
    refused(2, "fit", TABLE, "-k", 0, "--json")


def test_wrong_kernel_in_the_environment(refused):
    assert "quantum" in refused(2, "kernels", env={"MIXBERN_KERNEL": "quantum"})


def test_wrong_way_in_the_environment(refused):
    for command in (["kernels"], ["fit", TABLE, "-k", 2]):
        assert "no way 'guess'" in refused(2, *command, env={"MIXBERN_WAYS": "codes,guess"})


def test_no_arguments_is_an_overview(run):
    result = run()
    assert result.status == 2 and result.out == ""
    assert "Usage: mixbern COMMAND" in result.err
