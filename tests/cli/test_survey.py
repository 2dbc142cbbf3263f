"""From somebody's file to classes beside their ids: what `inspect` says of columns, and whether it can be followed."""

import shlex

import pytest
import survey


@pytest.fixture
def people(tmp_path):
    return survey.write(tmp_path / "survey.csv")


def ready(result):
    """The call that `inspect` ends with, as arguments of the program."""
    program, *arguments = shlex.split(result.out.splitlines()[-1])
    assert program == "mixbern"
    return arguments


def test_two_commands_fit_and_a_third_has_classes_beside_ids(people, ok):
    call = ready(ok("inspect", "survey.csv"))
    fit = ok(*call, "--json").json
    assert fit["n_rows"] == 400 and fit["n_features"] == len(survey.ITEMS) + 3 and fit["converged"]
    header, *rows = ok("predict", call[call.index("--model") + 1], "survey.csv", "--id", "pid").csv
    assert header[:3] == ["row", "pid", "component"]
    assert [row[1] for row in rows] == list(people)
    agree = sum(int(row[2]) - 1 == people[row[1]] for row in rows)
    assert agree > 0.9 * len(rows)


def test_the_call_leaves_no_number_to_chance(people, ok, run):
    """The model of the table that was cleaned by hand, where a code is an empty cell."""
    call = ready(ok("inspect", "survey.csv"))
    found = ok(*call, "--json").json
    lines = run("convert", "survey.csv", "-", *call[3:-2]).out
    assert "Refused" not in lines and ",8," not in lines and ",9," not in lines
    assert found["log_likelihood"] < 0


def test_columns(people, ok):
    result = ok("inspect", "survey.csv", "--json").json
    columns = {column["name"]: column for column in result["columns"]}
    assert list(columns) == ["pid", "wt", "sex", "arm", "q1", "q2", "q3", "age", "q4", "q5", "q6", "smokes", "drinks", "mood"]
    roles = {name: column["looks_like"] for name, column in columns.items()}
    assert {name for name, role in roles.items() if role == "item"} == set(survey.ITEMS)
    assert (roles["pid"], roles["wt"], roles["sex"], roles["arm"], roles["age"], roles["mood"]) == (
        "id", "weight", "group", "group", "covariate", "categorical")
    assert columns["pid"]["n_values"] == 400 and len(columns["pid"]["values"]) == 10
    assert columns["mood"]["values"] == ["high", "low", "middle"] and not columns["mood"]["is_item"]
    assert columns["q1"]["values"] == ["1", "2", "8", "9"] and columns["q1"]["missing_codes"] == ["8", "9"]
    assert columns["sex"]["is_item"] and not columns["q1"]["is_item"]
    with_codes = ok("inspect", "survey.csv", "--missing", "8,9,refused", "--json").json["columns"]
    assert all(column["is_item"] for column in with_codes if column["name"] in survey.ITEMS)
    assert with_codes[4]["n_missing"] > columns["q1"]["n_missing"] > 0


def test_a_fit_names_all_columns_at_once(people, refused, ok):
    message = refused(1, "fit", "survey.csv", "-k", 2)
    for name in ("pid", "wt", "age", "mood"):
        assert f"'{name}'" in message
    options = shlex.split(message[message.index("--missing"):message.index(" takes codes")])
    assert options == ["--missing", "8,9,Refused", "--exclude", "pid,wt,age,mood"]
    assert ok("fit", "survey.csv", "-k", 2, *options, "--json").json["n_features"] == len(survey.ITEMS) + 2


def test_inspect_of_what_cannot_be_fitted(ok, write):
    ages = ok("inspect", write("ages.csv", "age,income\n31,1200\n45,900\n67,880\n"), "--json").json
    assert ages["n_features"] == 0 and ages["n_rows"] == 3
    assert "no column can be an item" in ok("inspect", "ages.csv").out
    ragged = ok("inspect", write("ragged.csv", "a,b\n1,0\n1\n0,1\n"), "--json").json
    assert "ragged.csv:3" in ragged["problems"][0] and ragged["n_rows"] == 3
    assert ok("inspect", "-", "--json", stdin=b"a,b\n1,x\n2,y\n3,z\n").json["columns"][0]["n_values"] == 3


def test_missing_codes(ok, refused, write):
    write("codes.csv", "a,b,c\n1,yes,0\n2,no,9\n9,Don't know,1\n1,yes,0\n")
    message = refused(1, "fit", "codes.csv", "-k", 1)
    options = shlex.split(message[message.index("--missing"):message.index(" takes")])
    assert options[0] == "--missing" and len(options) == 2
    assert ok("fit", "codes.csv", "-k", 1, *options, "--json").json["n_features"] == 3
    found = ok("inspect", "codes.csv", "--missing", "a=9,c=9", "--missing", "DON'T KNOW", "--json").json
    assert found["feature_missing"] == [1, 1, 1]
    assert "there is no column 'd'" in refused(1, "fit", "codes.csv", "-k", 1, "--missing", "d=9")


def test_a_model_knows_its_missing_codes(ok, write):
    write("codes.csv", "a,b\n1,0\n2,1\n9,1\n1,0\n")
    ok("fit", "codes.csv", "-k", 1, "--missing", "a=9", "--model", "m")
    assert ok("score", "m", "codes.csv", "--json").json["n_rows"] == 4
    write("numbers.csv", "1,0\n2,1\n-9,1\n1,0\n")
    assert ok("fit", "numbers.csv", "-k", 1, "--missing", "-9", "--json").json["n_features"] == 2


def test_thresholds_are_for_counts(refused, write):
    assert "--threshold" in refused(1, "fit", write("counts.csv", "a,b\n0,1\n3,0\n5,1\n"), "-k", 1)
    assert "--threshold" not in refused(1, "fit", write("codes.csv", "a,b\n1,1\n2,0\n3,1\n"), "-k", 1)
    message = refused(1, "fit", write("scale.csv", "a,b\n1,1\n2,0\n3,1\n"), "-k", 1)
    assert "--exclude a" in message and "--missing" not in message


@pytest.mark.parametrize("columns, expected", [
    ("a:c", ["a", "b", "c"]), ("2-3", ["b", "c"]), ("q*", ["q1", "q2"]), ("q?,a", ["q1", "q2", "a"]), ("*2", ["q2"]),
    ("c:4", ["c", "q1"]),
])
def test_ranges_and_patterns(ok, write, columns, expected):
    write("wide.csv", "a,b,c,q1,q2\n0,1,0,1,0\n1,0,1,0,1\n")
    assert ok("inspect", "wide.csv", "--columns", columns, "--json").json["feature_names"] == expected
    left = [name for name in ("a", "b", "c", "q1", "q2") if name not in expected]
    assert ok("inspect", "wide.csv", "--exclude", columns, "--json").json["feature_names"] == left


def test_wrong_columns(refused, write):
    write("wide.csv", "age,b,c,q1,q2\n0,1,0,1,0\n1,0,1,0,1\n")
    assert "'age'" in refused(1, "fit", "wide.csv", "-k", 1, "--columns", "aeg:c")
    assert "backwards" in refused(1, "fit", "wide.csv", "-k", 1, "--columns", "c:age")
    assert "like 'z*'" in refused(1, "fit", "wide.csv", "-k", 1, "--columns", "z*")
    assert "'q1'" in refused(1, "fit", "wide.csv", "-k", 1, "--id", "q3")


def test_ids_are_kept(ok, write, tmp_path):
    write("p.csv", 'who,a,b\n"=1+1",1,0\n"x, y",0,\nz,1,1\nz,1,1\n')
    ok("fit", "p.csv", "-k", 1, "--id", "who", "--model", "m")
    ok("convert", "p.csv", "p.safetensors", "--id", "who")
    for data, options in (("p.csv", ("--id", "who")), ("p.safetensors", ())):
        assert ok("predict", "m", data, *options, "--json").json["ids"] == ["=1+1", "x, y", "z", "z"]
        assert ok("predict", "m", data, *options).out.splitlines()[:2] == ["row,who,component,component_1", '1,"=1+1",1,1']
        assert ok("score", "m", data, *options, "--per-row").out.startswith("row,who,log_likelihood\n1,")
        assert ok("impute", "m", data, *options).out.splitlines()[:3] == ["who,a,b", '"=1+1",1,0', '"x, y",0,1']


def test_names_of_molecules(ok, write):
    write("m.fps", "#FPS1\n#num_bits=8\n0f\taspirin\nf0\tcaffeine\textra\n")
    ok("fit", "m.fps", "-k", 1, "--model", "m")
    assert [row[1] for row in ok("predict", "m", "m.fps").csv] == ["id", "aspirin", "caffeine"]
    assert ok("inspect", "m", "--json").json["feature_names"][:2] == ["bit 0", "bit 1"]
    assert "0f\taspirin" in ok("convert", "m.fps", "-", "--output-format", "fps").out


def test_feature_names(ok, refused, write, tmp_path):
    np = pytest.importorskip("numpy")
    np.save(tmp_path / "x.npy", np.array([[0, 1, 9], [1, 0, 1], [1, 1, 0]]))
    write("names.txt", "alpha\nbeta\ngamma\n")
    ok("fit", "x.npy", "-k", 1, "--feature-names", "names.txt", "--missing", "gamma=9", "--model", "m")
    assert ok("inspect", "m", "--json").json["feature_names"] == ["alpha", "beta", "gamma"]
    wide = write("wide.csv", "id,gamma,beta,alpha\n7,1,0,1\n8,9,1,1\n")
    assert [row[2] for row in ok("predict", "m", wide, "--id", "id").csv[1:]] == ["1", "1"]
    few = ok("inspect", "x.npy", "--feature-names", "names.txt", "--missing", "9", "--columns", "beta:gamma", "--json").json
    assert few["feature_names"] == ["beta", "gamma"]
    assert "names for" in refused(1, "fit", "x.npy", "-k", 1, "--missing", "9", "--feature-names", write("two.txt", "a\nb\n"))
    assert "--missing 9" in refused(1, "fit", "x.npy", "-k", 1)


def test_libsvm_from_zero(ok, write):
    ok("convert", write("zero.svm", "1 0:1 2:1\n0 1:1\n"), "zero.csv")
    ok("convert", write("one.svm", "1 1:1 3:1\n0 2:1\n"), "one.csv")
    zero, one = (ok("inspect", name, "--json").json["feature_ones"] for name in ("zero.csv", "one.csv"))
    assert zero == one == [1, 1, 1]
    assert ok("inspect", "one.svm", "--index-base", 0, "--json").json["n_features"] == 4


def test_names_of_classes_are_in_every_table(people, ok, refused, tmp_path):
    options = ("--columns", "q*", "--missing", "8,9", "--names", "calm & well,ill")
    ok("fit", "survey.csv", "-k", 2, *options, "--model", "m", "--table", "t.tex", "--report", "r.html")
    assert "calm \\& well & ill" in (tmp_path / "t.tex").read_text()
    assert '"name":"ill"' in (tmp_path / "r.html").read_text()
    assert ok("inspect", "m", "--json").json["component_names"] == ["calm & well", "ill"]
    header, first, *_ = ok("predict", "m", "survey.csv").csv
    assert header[:3] == ["row", "component", "component_name"] and first[2] in ("calm & well", "ill")
    assert "calm" in ok("fit", "survey.csv", "-k", 2, *options).out
    assert "one for each" in refused(2, "fit", "survey.csv", "-k", 3, *options)


def test_classes_have_the_order_that_is_asked_for(people, ok):
    options = ("--columns", "q*", "--missing", "8,9", "--names", "calm and well,ill", "--order", "2,1")
    plain = ok("fit", "survey.csv", "-k", 2, *options[:4], "--json").json
    turned = ok("fit", "survey.csv", "-k", 2, *options, "--standard-errors", "observed", "--model", "m", "--json").json
    assert turned["weights"] == plain["weights"][::-1] and turned["weights"][0] < turned["weights"][1]
    assert turned["log_likelihood"] == plain["log_likelihood"]
    model = ok("inspect", "m", "--json").json
    assert model["weights"] == turned["weights"] and model["component_names"] == ["calm and well", "ill"]
    sizes = ok("predict", "m", "survey.csv", "--json").json["sizes"]
    assert sizes[0] < sizes[1]


def test_names_of_classes_are_whole_where_there_is_room(people, ok):
    options = ("--columns", "q*", "--missing", "8,9", "--names", "calm and well,worried and ill", "--statistics")
    text = ok("fit", "survey.csv", "-k", 2, *options).out
    assert text.count("calm and well") == text.count("worried and ill") == 2  # above the items, beside the sizes


def test_ids_are_in_the_report(people, ok):
    document = ok("fit", "survey.csv", "-k", 2, "--columns", "q*", "--missing", "8,9", "--id", "pid", "--model", "m") and ok(
        "report", "m", "survey.csv", "--id", "pid", "--json").json
    assert document["models"][0]["rows"]["table"]["ids"] == list(people)


def test_the_call_says_what_to_do(people, ok, refused, run):
    assert ok("help", "fit").out == ok("fit", "--help").out and ok("help").out == ok("--help").out
    assert "did you mean fit" in refused(2, "help", "fti")
    assert "mixbern select DATA -k 1:5" in refused(2, "fit", "survey.csv", "-k", "1:5")
    for call in (("fit", "survey.csv", "-k", 1, "--report", "x.pdf"), ("report", "m", "-o", "x.pdf")):
        assert "x.html" in refused(2, *call) and "print it as PDF" in refused(2, *call)
    assert "-k 2:6" in ok("select", "survey.csv", "-k", "1:2", "--columns", "q*", "--missing", "8,9").err


def test_decimal_commas(ok, refused, write):
    people = "".join(f"P{row};{0.5 + row % 3:.2f};{row % 2};{row // 2 % 2}\n" for row in range(40))
    point = write("point.csv", "pid;wt;a;b\n" + people)
    comma = write("comma.csv", "pid;wt;a;b\n" + people.replace(".", ","))
    columns = [ok("inspect", name, "--json").json["columns"] for name in (point, comma)]
    assert columns[0] == columns[1] and columns[1][1]["looks_like"] == "weight"
    options = ("-k", 2, "--id", "pid", "--json", "--seed", 1)
    fits = [ok("fit", name, *options, "--weights", "wt").json for name in (point, comma)]
    assert fits[0]["log_likelihood"] == fits[1]["log_likelihood"] and fits[1]["weights_kind"] == "sampling"
    # Two columns are not taken for one number.
    assert "'0,5'" in refused(1, "fit", comma, "-k", 2, "--id", "pid", "--exclude", "wt", "--weights", write("w.txt", "0,5\n"))
    grey = write("grey.tsv", "a\tb\n0,5\t1,5\n2,5\t0,25\n")
    assert ok("inspect", grey, "--threshold", 1, "--json").json["feature_ones"] == [1, 1]
    write("texts.csv", 'a;b\n"1,5";x\n"2,5";y\n')
    assert ok("convert", "texts.csv", "-").out.splitlines()[1] == '"1,5",x'
