"""What all tests of the program share: running it, and files to run it on."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATA = SOURCE / "data"
PROGRAM = os.environ.get("MIXBERN_PROGRAM", "mixbern")
IS_SANITIZED = b"__asan_init" in pathlib.Path(shutil.which(PROGRAM) or PROGRAM).read_bytes()
# Sanitizers map more addresses when they start than a limit of memory leaves.
needs_few_addresses = pytest.mark.skipif(
    IS_SANITIZED,
    reason="the address sanitizer does not start under a limit of memory",
)


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.bytes = done.stdout
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def json(self):
        # Python takes NaN and Infinity, JSON does not.
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))

    @property
    def csv(self):
        return [line.split(",") for line in self.out.splitlines()]


def environment(**changes):
    """The environment without what would change the output."""
    hidden = ("MIXBERN_KERNEL", "NO_COLOR", "COLORTERM", "COLUMNS")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env.update(changes)
    return env


@pytest.fixture
def run(tmp_path):
    """Runs the program in an empty folder."""

    def call(*arguments, stdin=b"", env=None, **options):
        done = subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, cwd=tmp_path,
                              env=environment(**(env or {})), timeout=300, **options)
        return Result(done)

    return call


@pytest.fixture
def ok(run):
    """Runs the program and asserts that it did what it was asked to."""

    def call(*arguments, **options):
        result = run(*arguments, **options)
        assert result.status == 0, result.err
        return result

    return call


@pytest.fixture
def refused(run):
    """Asserts that a call ends with one line of error, and returns that line."""

    def call(status, *arguments, **options):
        result = run(*arguments, **options)
        assert result.status == status, result.err
        assert result.out == ""
        lines = result.err.splitlines()
        assert len(lines) == 1 and lines[0].startswith("mixbern: error: "), result.err
        return lines[0]

    return call


@pytest.fixture
def model(tmp_path):
    """A fitted model of the carcinoma table, three components."""
    path = tmp_path / "carcinoma.model"
    subprocess.run([PROGRAM, "fit", DATA / "carcinoma.csv", "-k", "3", "--model", path], check=True,
                   capture_output=True)
    return path


@pytest.fixture
def write(tmp_path):
    def call(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return call
