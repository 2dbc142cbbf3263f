"""The layers hold, and a planted include that breaks them is found."""

import os
import re
import shutil
from pathlib import Path

import pytest

from layers import LAYERS, includes, sources, violations

ROOT = Path(os.environ.get("MIXBERN_SOURCE_DIR", Path(__file__).parents[2]))


def test_the_project_keeps_its_layers():
    assert len(sources(ROOT / "src")) >= len(LAYERS) - 2
    assert violations(ROOT) == []


@pytest.fixture
def tree(tmp_path):
    for folder in ("include", "src", "apps"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    assert violations(tmp_path) == []
    return tmp_path


@pytest.mark.parametrize(
    "file, line, complaint",
    [
        ("src/data/planted.cpp", '#include "mixbern/fit/fit.hpp"', "data includes mixbern/fit/fit.hpp of select"),
        ("src/kernels/planted.cpp", '  #  include "mixbern/dataset/rows.hpp"', "kernels includes mixbern/dataset/rows.hpp of data"),
        ("src/em/planted.cpp", "#include <mixbern/io/io.hpp>", "em includes mixbern/io/io.hpp of io"),
        ("src/io/planted.cpp", '#include "mixbern/report/report.hpp"', "io includes mixbern/report/report.hpp of report"),
        ("src/em/planted.cpp", '#include "io/nothing.hpp"', "not in include/"),
        ("src/model/planted.cpp", "#include <immintrin.h>", "intrinsics belong into src/kernels"),
        ("apps/mixbern/planted.cpp", "#include <arm_neon.h>", "intrinsics belong into src/kernels"),
        ("apps/mixbern/planted.cpp", '#include "kernels/registry.hpp"', "not in include/"),
        ("include/mixbern/planted.hpp", "#pragma once", "belongs to no layer"),
        ("include/mixbern/dataset/rows.hpp", '#include "mixbern/fit/fit.hpp"', "data includes mixbern/fit/fit.hpp of select"),
        ("src/kernels/avx1024.cpp", "#include <vector>", "an instruction-set file includes vector"),
        ("src/kernels/fast.cpp", "#include <immintrin.h>\n#include <algorithm>", "file includes algorithm"),
        ("src/elsewhere/planted.cpp", "int x;", "belongs to no layer"),
    ],
)
def test_a_planted_violation_is_found(tree, file, line, complaint):
    path = tree / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n" + (path.read_text() if path.exists() else ""))
    found = violations(tree)
    assert len(found) == 1
    assert found[0].startswith(file) and complaint in found[0]


def test_the_headers_of_instruction_set_files_bring_in_nothing_else():
    from layers import OF_INSTRUCTION_SETS, instruction_set_problems

    for header in OF_INSTRUCTION_SETS:
        assert not list(instruction_set_problems(ROOT / "src" / header))


def test_the_guide_names_the_headers_and_each_gathers_its_folder():
    folder = ROOT / "include" / "mixbern"
    headers = sorted(f.stem for f in folder.glob("*.hpp"))
    guide = re.findall(r"^\| `mixbern/(\w+)\.hpp` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(guide) == headers and len(headers) <= 9
    assert sorted(f.name for f in folder.iterdir() if f.is_dir()) == [h for h in headers if h != "mixbern"]
    for header in headers:
        parts = [f"mixbern/{h}.hpp" for h in headers if h != "mixbern"]
        if header != "mixbern":
            parts = sorted(f"mixbern/{header}/{f.name}" for f in (folder / header).glob("*.hpp"))
        assert [name for _, name in includes(folder / f"{header}.hpp")] == parts
