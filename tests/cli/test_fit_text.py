"""What `mixbern fit` tells a person."""

import re

from conftest import DATA


def test_small_tables_are_shown_whole(ok):
    out = ok("fit", DATA / "carcinoma.csv", "-k", 2).out
    assert "118 rows (20 distinct), 7 features, nothing missing" in out
    assert "(chosen by what they cost; --n-init sets it)" in out
    assert "log-likelihood -317.2568 (-2.68861" in out
    assert re.search(r"AIC 664\.513\d, BIC 706\.07\d\d, 15 parameters", out)
    assert re.search(r"converged after \d+ iterations; best of [\d,]+ starts, reached by [\d,]+", out)
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line[:1] in "ABCDEFG" and line[1:2] == " "}
    assert sorted(rows) == list("ABCDEFG") and all(len(values) == 2 for values in rows.values())
    assert rows["B"][0].startswith("0.98")


def test_given_starts_are_not_called_chosen(ok):
    out = ok("fit", DATA / "values.csv", "-k", 2, "--n-init", 3).out
    assert "3 starts, init portfolio, seed 0" in out


def test_wide_tables_show_telling_features(ok, write):
    rows = ["1" * 15 + "0" * 15] * 30 + ["0" * 15 + "1" * 15] * 10
    data = write("wide.csv", ",".join(f"f{d}" for d in range(30)) + "\n" + "".join(",".join(row) + "\n" for row in rows))
    out = ok("fit", data, "-k", 2).out
    first = next(line for line in out.splitlines() if re.match(r" +1 ", line))
    assert "75.0%" in first and "▲f0 1.00" in first
    assert all(len(line) <= 100 for line in out.splitlines())


def test_images_are_shown_as_pictures(ok):
    out = ok("fit", DATA / "mnist-20000.safetensors.gz", "-k", 3, "--rows", ":500", "--n-init", 2).out
    assert "█" in out and "▒" in out and "\x1b" not in out
    assert re.search(r"^1  \d+\.\d%", out, re.MULTILINE)
    assert all(len(line) <= 100 for line in out.splitlines())


def test_names_cannot_steer_the_terminal(ok, write):
    data = write("t.csv", "a\x1b[31m,b\n" + "1,0\n0,1\n1,1\n" * 4)
    out = ok("fit", data, "-k", 2, "--header", "yes").out
    assert "\x1b" not in out and "\\x1b" in out
    data = write("t.csv", "a\u202eb\u2066,\u009b31m,ü—日\n" + "1,0,1\n0,1,0\n1,1,0\n" * 4)
    out = ok("fit", data, "-k", 2, "--header", "yes").out
    assert not set("\u202e\u2066\u009b") & set(out)
    assert "a\\xe2\\x80\\xaeb" in out and "ü—日" in out
