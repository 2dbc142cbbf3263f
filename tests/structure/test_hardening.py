"""The program as it is built: what makes mistakes hard to use."""

import os
import subprocess

import pytest

PROGRAM = os.environ["MIXBERN_PROGRAM"]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("command, expected", [
    (["readelf", "--file-header", PROGRAM], "DYN"),  # it is loaded at another address each time
    (["readelf", "--program-headers", PROGRAM], "GNU_RELRO"),
    (["readelf", "--dynamic", PROGRAM], "BIND_NOW"),
])
def test_what_the_linker_leaves(command, expected):
    assert expected in output(*command)


def test_readers_guard_their_stack():
    assert "__stack_chk_fail" in output("readelf", "--dyn-syms", "--wide", PROGRAM)


def test_no_stack_can_be_run():
    (line,) = [line for line in output("readelf", "--program-headers", "--wide", PROGRAM).splitlines() if "GNU_STACK" in line]
    assert " RW " in line
