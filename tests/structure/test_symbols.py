"""Instruction-set object files define no weak symbol.

A weak symbol (an inline function, a template) may be the copy that the linker keeps for the whole program, and would
then run on processors that lack those instructions.
"""

import os
import platform
import subprocess
from pathlib import Path

from layers import INSTRUCTION_SET

OBJECTS = [Path(p) for p in os.environ["MIXBERN_KERNEL_OBJECTS"].split(":")]


def weak_symbols(object_file):
    """Names of the weak and unique symbols that an object file defines."""
    lines = subprocess.run(
        ["nm", "--defined-only", "--format=posix", "--demangle", object_file], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    fields = [line.rsplit(" ", 3) for line in lines]
    return [f[0] for f in fields if len(f) == 4 and f[1] in "WwVvu"]


def test_instruction_set_objects_define_no_weak_symbol():
    instruction_set_objects = [o for o in OBJECTS if INSTRUCTION_SET.search(o.name)]
    if platform.machine() in ("x86_64", "AMD64"):
        assert instruction_set_objects
    assert {o.name: weak_symbols(o) for o in instruction_set_objects if weak_symbols(o)} == {}


def test_a_planted_weak_symbol_is_found(tmp_path):
    source = tmp_path / "planted.cpp"
    source.write_text("inline int helper(int x) { return x + 1; }\nint user(int x) { return helper(x); }\n")
    target = tmp_path / "planted.o"
    subprocess.run([os.environ["MIXBERN_CXX"], "-O0", "-c", source, "-o", target], check=True)
    assert weak_symbols(target) == ["helper(int)"]
