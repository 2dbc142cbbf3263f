"""CMake without its libraries: all that is missing in one message, with the packages of four systems."""

import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def test_missing_libraries_are_told_at_once(tmp_path):
    hidden = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("TBB", "fmt")]
    command = [os.environ.get("MIXBERN_CMAKE", "cmake"), "-S", SOURCE, "-B", tmp_path, *hidden]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    message = " ".join(done.stderr.split())
    assert done.returncode != 0 and "does not find: TBB fmt." in message
    for install in ("apt install libtbb-dev libfmt-dev", "dnf install tbb-devel fmt-devel", "brew install tbb fmt",
                    "conda install -c conda-forge tbb-devel fmt"):
        assert install in message
    assert done.stderr.count("CMake Error") == 1
