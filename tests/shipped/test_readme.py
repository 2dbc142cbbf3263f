"""What README.md and docs/survey.md show is what happens.

A ```sh block of `mixbern` commands is run, in order, in one folder that holds data/ and examples/; a ```text block
after it is what it must print, up to times, threads, kernel and the last digits of numbers. Other ```sh blocks may use
./dev and CMake presets; those must exist. The ```cpp and ```cmake blocks are the files of examples/find_package, which
tests/install builds and runs.

When the output has changed for a good reason, MIXBERN_UPDATE_README=1 makes this test write the pages and the picture.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(os.environ["MIXBERN_SOURCE_DIR"])
PROGRAM = Path(os.environ["MIXBERN_PROGRAM"])

RUN_HERE = {"mixbern", "cat", "head", "wc", "python3"}
TIME = re.compile(r"\d+(?:\.\d+)?\s*(?:µs|ms|s|min)\b")
MACHINE = re.compile(r"\d+ threads?, (kernel )?\w+")
NUMBER = re.compile(r"[-+−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def blocks(text):
    """(language, content) of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block):
    """The commands of a block of shell, continued lines joined, comments left out."""
    lines = block.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def is_run_here(block):
    return all(command.split()[0] in RUN_HERE for command in commands(block))


def differences(expected, actual):
    """Lines that differ in more than times and the last digits of numbers."""

    def split(text):
        return [MACHINE.sub("<machine>", TIME.sub("<time>", line.rstrip())) for line in text.strip("\n").splitlines()]

    def same(a, b):
        if re.sub(r"\s+", " ", NUMBER.sub("#", a)) != re.sub(r"\s+", " ", NUMBER.sub("#", b)):
            return False
        pairs = zip(NUMBER.findall(a), NUMBER.findall(b))
        number = lambda text: float(text.replace("−", "-"))
        return all(abs(number(x) - number(y)) <= 2e-3 * max(1, abs(number(x))) for x, y in pairs)

    a, b = split(expected), split(actual)
    if len(a) != len(b):
        return [f"{len(a)} lines shown, {len(b)} printed:", *b]
    return [f"shown:   {x}\nprinted: {y}" for x, y in zip(a, b) if not same(x, y)]


def pixels(png):
    """The bytes of a PNG's one IDAT chunk, unpacked."""
    content = png.read_bytes()
    start = content.index(b"IDAT")
    size = int.from_bytes(content[start - 4 : start], "big")
    return zlib.decompress(content[start + 4 : start + 4 + size])


@pytest.mark.parametrize("page", ["README.md", "docs/survey.md"])
def test_shell_blocks_print_what_is_shown(page, tmp_path):
    for folder in ("data", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    path = os.pathsep.join([str(PROGRAM.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "LC_ALL": "C.UTF-8"}
    text = (ROOT / page).read_text(encoding="utf-8")
    picture = ROOT / "docs" / "mnist-k10.png"
    updated = text
    wrong = []
    n_run = 0
    for (language, content), (next_language, shown) in pairwise([*blocks(text), ("", "")]):
        if language != "sh" or not is_run_here(content):
            continue
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", content], cwd=tmp_path, env=environment, capture_output=True,
            text=True, stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, content + done.stderr
        n_run += 1
        if next_language == "text":
            wrong += differences(shown, done.stdout)
            printed = "".join(f"{line.rstrip()}\n" for line in done.stdout.strip("\n").splitlines())
            updated = updated.replace(f"{content}```\n\n```text\n{shown}```", f"{content}```\n\n```text\n{printed}```")
    drawn = tmp_path / "components.png"
    if os.environ.get("MIXBERN_UPDATE_README") == "1":
        (ROOT / page).write_text(updated, encoding="utf-8")
        if drawn.exists():
            shutil.copy(drawn, picture)
        return
    assert wrong == []
    assert not drawn.exists() or pixels(drawn) == pixels(picture)
    assert n_run >= 4 and drawn.exists() == (page == "README.md")


def test_other_shell_blocks_use_what_exists():
    verbs = re.findall(r"^  (\w+)", subprocess.check_output([ROOT / "dev", "help"], text=True), re.MULTILINE)
    presets = [p["name"] for p in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]]
    seen = 0
    for language, content in blocks((ROOT / "README.md").read_text(encoding="utf-8")):
        if language != "sh" or is_run_here(content):
            continue
        for verb in re.findall(r"\./dev (\w+)", content):
            assert verb in verbs
            seen += 1
        for preset in re.findall(r"--preset[ =](\w+)", content):
            assert preset in presets
    assert seen >= 2


def test_code_blocks_are_the_example():
    shown = dict(blocks((ROOT / "README.md").read_text(encoding="utf-8")))
    for language, file in (("cpp", "main.cpp"), ("cmake", "CMakeLists.txt")):
        text = (ROOT / "examples" / "find_package" / file).read_text(encoding="utf-8")
        assert shown[language].strip() in text


def test_the_comparison_sees_what_matters():
    shown = "log-likelihood  −293.7050  (0.12 s, 2 threads, kernel avx2)\n"
    assert differences(shown, "log-likelihood −293.7051 (3.4 ms, 1 thread, kernel scalar)\n") == []
    assert differences(shown, shown.replace("293.7", "294.9")) != []
    assert differences(shown, shown.replace("log-", "")) != []
    assert differences(shown, shown + "more\n") != []
