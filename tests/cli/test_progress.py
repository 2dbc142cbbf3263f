"""Progress on standard error: a line that is rewritten on a terminal, plain lines elsewhere."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest
from conftest import DATA, PROGRAM, environment

IMAGES = DATA / "mnist-20000.safetensors.gz"
# Long enough that a fast machine tells, too, how much is left.
LONG = ["fit", str(IMAGES), "-k", "200", "--n-init", "4", "--max-iter", "400", "--tol", "1e-12"]


def in_terminal(arguments, columns=120, stdout=subprocess.DEVNULL, **env):
    """Runs the program with standard error on a terminal; returns what it wrote there."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL,
                               stdout=terminal if stdout is None else stdout, stderr=terminal,
                               env=environment(TERM="xterm-256color", **env))
    os.close(terminal)
    chunks = []
    try:
        while chunk := os.read(controller, 65536):
            chunks.append(chunk)
    except OSError:  # Linux says EIO once the other side is closed
        pass
    os.close(controller)
    assert process.wait(timeout=300) == 0
    return b"".join(chunks).decode()


def test_terminal_line_is_rewritten():
    written = in_terminal(LONG)
    lines = [line for line in written.split("\r") if re.search(r"start \d", line)]
    assert len(lines) >= 3
    assert re.search(r"start \d of 4, iteration \d+, mean log-likelihood -\d+\.\d+", lines[0])
    assert any(re.search(r"change [+-]\d", line) for line in lines)
    assert any("left" in line for line in lines)
    assert "\n" not in written[: written.rindex(", iteration ")]
    assert "\r\x1b[Kmixbern: warning: not converged" in written  # the line is wiped before anything else is told


def test_terminal_line_fits():
    lines = [line for line in in_terminal(LONG, columns=50).split("\r") if re.search(r"start \d", line)]
    assert lines and all(len(line.replace("\x1b[K", "")) <= 49 for line in lines)


def test_quiet_terminal():
    assert in_terminal([*LONG, "--quiet"]) == ""


def test_plain_lines_elsewhere(ok):
    result = ok(*LONG)
    lines = [line for line in result.err.splitlines() if re.search(r"start \d", line)]
    assert "\r" not in result.err and "\x1b" not in result.err
    assert len(lines) <= 60
    for line in lines:
        assert re.match(r"(search|polish|fit)", line)


def test_short_fits_say_nothing(ok):
    assert ok("fit", DATA / "values.csv", "-k", 2).err == ""


@pytest.mark.parametrize("env, expected", [({"COLORTERM": "truecolor"}, "\x1b[38;2;"), ({}, "\x1b[38;5;"),
                                           ({"NO_COLOR": "1"}, None)])
def test_pictures_use_the_colours_that_there_are(env, expected):
    written = in_terminal(["fit", str(IMAGES), "-k", "2", "--rows", ":300", "--n-init", "2", "--quiet"], stdout=None, **env)
    if expected is None:
        assert "\x1b" not in written and "█" in written
    else:
        assert expected in written and "▀" in written and written.count("\x1b[0m") > 5


def test_help_has_the_width_of_the_terminal():
    for columns, call in ((60, ["help", "fit"]), (60, ["help"]), (110, ["fit", "--help"])):
        text = in_terminal(call, columns=columns, stdout=None).split("Examples:")[0].replace("\r", "")
        # Calls, and an option with its values, are not broken.
        lines = [line for line in text.splitlines() if "mixbern" not in line and "|" not in line]
        assert all(len(line) <= columns for line in lines)
        assert max(map(len, lines)) > columns - 15


def test_a_search_says_where_it_is():
    written = in_terminal(["select", str(DATA / "gss08_abortion.csv"), "-k", "1:3", "--blrt", "200", "--threads", "1"])
    assert re.search(r"K 2 of 3, bootstrap test, sample \d+ of 200", written) and re.search(r"K 3 of 3, bootstrap test, sample \d+ of 200", written)


def test_a_drawn_test_says_how_far_it_is():
    written = in_terminal(["fit", str(DATA / "gss08_abortion.csv"), "-k", "3", "--bootstrap", "400", "--threads", "1"])
    assert re.search(r"bootstrap, sample \d+ of 400", written)


def test_a_long_pass_says_its_share_and_its_speed():
    call = ["fit", str(IMAGES), "-k", "20000", "--kernel", "scalar", "--init", "random", "--n-init", "1", "--threads", "1"]
    process = subprocess.Popen([PROGRAM, *call], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, env=environment())
    line = next((line for line in process.stderr if line.startswith("pass ")), "")
    process.terminate()
    process.communicate(timeout=60)
    assert re.match(r"pass \d+ %, [\d,]+ rows/s, \d+ MB/s; fit", line)
