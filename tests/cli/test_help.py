"""Help, man page, Markdown and completion: all printed from the option tree."""

import os
import re
import shutil
import subprocess

import pytest
from conftest import PROGRAM, SOURCE

COMMANDS = "fit select invariance relate predict score sample impute report inspect convert kernels completion".split()
GOLDEN = SOURCE / "tests" / "cli" / "golden"


def compare(text, name):
    """Golden files are written anew where MIXBERN_UPDATE_GOLDEN is set."""
    path = GOLDEN / name
    if os.environ.get("MIXBERN_UPDATE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text(), f"if this is meant, run again with MIXBERN_UPDATE_GOLDEN=1 and look at {path}"


def test_overview(ok):
    out = ok("--help").out
    compare(out, "help.txt")
    assert [line.split()[0] for line in out.splitlines() if re.match(r"  [a-z]+  ", line)] == COMMANDS


def test_fit_help_is_golden(ok):
    compare(ok("fit", "--help").out, "help_fit.txt")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches(ok, command):
    out = ok(command, "--help").out
    assert ok(command, "-h").out == out
    assert all(len(line) <= 100 for line in out.splitlines())
    assert out.startswith(f"mixbern {command}: ") and f"Usage: mixbern {command}" in out
    examples = out[out.index("Examples:"):]
    assert 2 <= len(re.findall(r"^  (?:mixbern|for|source)", examples, re.MULTILINE)) <= 5
    assert 1 <= examples.count("  # ") <= 4


@pytest.mark.parametrize("command", COMMANDS)
def test_options_of_examples_exist(ok, command):
    out = ok(command, "--help").out
    usage, examples = out.split("Examples:")
    options = usage + ok("fit", "--help").out  # kernels shows a fit
    for option in re.findall(r"(?<= )--?[a-z][a-z-]*", "\n".join(re.findall(r"mixbern [^|;]*", examples))):
        assert option in options, option


def test_version(ok):
    assert re.fullmatch(r"mixbern \d+\.\d+\.\d+\n", ok("--version").out)


def test_documentation_is_what_the_program_prints(ok):
    path = SOURCE / "docs" / "command_line.md"
    out = ok("man", "--markdown").out
    if os.environ.get("MIXBERN_UPDATE_GOLDEN"):
        path.write_text(out)
    assert path.read_text() == out, "run: mixbern man --markdown > docs/command_line.md"


@pytest.mark.parametrize("page", [["man"], ["man", "--markdown"]])
def test_every_option_is_in_the_manual(ok, page):
    manual = ok(*page).out.replace("\\-", "-")
    for command in COMMANDS:
        for option in re.findall(r"^ .{0,5}(--[a-z-]+)", ok(command, "--help").out, re.MULTILINE):
            assert option == "--help" or option in manual


def test_man_page_renders_without_warnings(ok, write):
    page = write("mixbern.1", ok("man").out)
    tried = False
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == ""
        tried = True
    if shutil.which("man"):
        done = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True,
                              env={**os.environ, "MANPAGER": "cat", "PAGER": "cat", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
        assert done.returncode == 0 and done.stderr == "", done.stderr
        assert "mixbern fit DATA... -k K [options]" in re.sub(r".\x08|\x1b\[[0-9;]*m", "", done.stdout)
        tried = True
    if not tried:
        pytest.skip("neither man nor groff is installed")


def test_bash_completion_is_valid_and_completes(ok, write):
    script = write("completion.bash", ok("completion", "bash").out)
    subprocess.run(["bash", "-n", script], check=True)

    def complete(*words):
        code = ("source {}; COMP_WORDS=({}); COMP_CWORD={}; _mixbern; printf '%s\\n' \"${{COMPREPLY[@]}}\"").format(
            script, " ".join(f"'{word}'" for word in words), len(words) - 1)
        return subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert complete("mixbern", "pre") == ["predict"]
    assert complete("mixbern", "fit", "--see") == ["--seed"]
    assert complete("mixbern", "fit", "--init", "k") == ["kmeans", "kmeans++"]
    assert complete("mixbern", "completion", "z") == ["zsh"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_completions_are_valid(ok, write, shell):
    out = ok("completion", shell).out
    assert "kmeans++" in out and "--" in out
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed, its script was not parsed")
    subprocess.run([shell, "-n", write(f"completion.{shell}", out)], check=True)


def test_kernels(ok):
    listed = ok("kernels", "--json").json
    assert listed["active"] in [kernel["name"] for kernel in listed["kernels"] if kernel["supported"]]
    assert sum(kernel["active"] for kernel in listed["kernels"]) == 1
    assert f"* {listed['active']}" in ok("kernels").out
    assert {way["kind"] for way in listed["ways"]} == {"score", "share", "sole"}
    forced = ok("kernels", "--json", env={"MIXBERN_WAYS": "codes,amounts"}).json["ways"]
    assert {way["name"] for way in forced if way["forced"]} == {"codes", "amounts"}
