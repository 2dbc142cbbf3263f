"""The attacks. Each makes one attempt in its folder and returns what it found and the memory at the peak."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from .mutation import mutated
from .program import MOST_MEMORY, Run, ended, limit, run, started, told
from .work import COMMANDS, RESUMABLE, left_over, put_old, torn

Outcome = tuple[list[str], int]

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


def kill(folder: Path, chance: random.Random) -> Outcome:
    """A signal at a random moment; after SIGKILL the next run has to tidy up."""
    call, outputs = chance.choice(COMMANDS)
    put_old(folder, outputs, chance)
    number = chance.choice(SIGNALS)

    def disturb(process: int) -> None:
        time.sleep(chance.random() ** 2 * 0.3)
        os.kill(process, number)

    done = run(call, folder, disturb=disturb)
    found = torn(folder, outputs)
    if done.status not in (0, -number, 128 + number):
        found.append("it ended in another way")
    if number != signal.SIGKILL:
        found += left_over(folder)
    elif left_over(folder):
        found += told(run(call, folder)) + left_over(folder)
    return [f"{text} after signal {number}: {done}" for text in found], done.memory


DATA_CALLS = [["inspect", "{}"], ["inspect", "{}", "--json"], ["fit", "{}", "-k", "2", "--n-init", "1", "--max-iter", "3"],
              ["fit", "{}", "-k", "2", "--n-init", "2", "--max-iter", "3", "--statistics", "--report", "out.html"],
              ["convert", "{}", "out.csv"], ["convert", "{}", "out.safetensors"], ["predict", "old.model", "{}"],
              ["score", "old.model", "{}", "--json"], ["fit", "{}", "-k", "2", "--threshold", "1", "--max-iter", "3"]]
MODEL_CALLS = [["inspect", "{}"], ["inspect", "{}", "--json"], ["predict", "{}", "data.csv", "--rows", ":50", "-o", "out.csv"],
               ["score", "{}", "data.csv", "--rows", ":50"], ["sample", "{}", "-n", "5"], ["report", "{}", "-o", "out.html"],
               ["report", "{}", "data.csv", "--rows", ":50", "-o", "out.html"],
               ["fit", "data.csv", "--rows", ":50", "-k", "3", "--init-model", "{}", "--max-iter", "3"]]
VECTOR_CALLS = [["fit", "data.csv", "-k", "2", "--max-iter", "3", "--labels", "{}"],
                ["fit", "data.csv", "-k", "2", "--max-iter", "3", "--weights", "{}"]]


def mutate(folder: Path, chance: random.Random) -> Outcome:
    """A damaged file through the real program."""
    kind, name, bytes_ = mutated(folder, chance)
    (folder / name).write_bytes(bytes_)
    calls = {"model": MODEL_CALLS, "labels": VECTOR_CALLS, "checkpoint": [[*RESUMABLE, "--resume", "{}"]]}.get(kind, DATA_CALLS)
    # Some ask for more features than a machine should spend on a stranger: what it has to spend is 1 GB.
    done = run([part.format(name) for part in chance.choice(calls)], folder, limit(resource.RLIMIT_DATA, MOST_MEMORY))
    found = told(done)
    if found:
        keep(folder, name, found[0])
    (folder / name).unlink()
    return found, done.memory


def keep(folder: Path, name: str, text: str) -> None:
    findings = folder.parent / "findings"
    findings.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=findings))
    shutil.copy(folder / name, place)
    (place / "call").write_text(text)


def write_at_once(folder: Path, chance: random.Random) -> Outcome:
    """Four writers of one file, and readers that must never see a part of it."""
    call = ["fit", "data.csv", "--rows", ":200", "-k", "2", "--max-iter", "3", "--quiet", "--model", "shared.model"]
    first = run(call, folder)
    found = told(first)
    with tempfile.TemporaryFile() as error:
        writers = [started([*call, "--seed", str(chance.randrange(99))], folder, error.fileno()) for _ in range(4)]
        readers = [run(["inspect", "shared.model"], folder) for _ in range(5)]
        done = [ended(writer, call, error.fileno()) for writer in writers]
    found += [f"beside other writers and readers: {each}" for each in [*done, *readers] if each.status != 0]
    return found + left_over(folder), max(each.memory for each in [first, *done, *readers])


# What may be limited, from and to which value. Below it the loader of the C library fails by itself.
LIMITS = {resource.RLIMIT_AS: (2**25, 2**31), resource.RLIMIT_DATA: (2**22, 2**30), resource.RLIMIT_FSIZE: (2**12, 2**20),
          resource.RLIMIT_NOFILE: (3, 40), resource.RLIMIT_STACK: (2**18, 2**24)}
LOADER = "error while loading shared libraries"


def starve(folder: Path, chance: random.Random) -> Outcome:
    """Too little of something."""
    call, outputs = chance.choice(COMMANDS)
    put_old(folder, outputs, chance)
    name = chance.choice(list(LIMITS))
    least, most = LIMITS[name]
    value = round(least * (most / least) ** chance.random())
    done: Run = run(call, folder, limits=limit(name, value))
    found = torn(folder, outputs) + left_over(folder)
    if not (done.status == 127 and LOADER in done.error):
        found += told(done)
    for path in folder.glob("mixbern-*"):
        if str(path) not in done.error:
            found.append(f"{path.name} was left behind")
        shutil.rmtree(path)
    return [f"{text} with limit {name} at {value}: {done}" for text in found], done.memory


ATTACKS: dict[str, tuple[float, Callable[[Path, random.Random], Outcome]]] = {  # share of the time
    "kills": (0.3, kill),
    "mutated runs": (0.5, mutate),
    "rounds of concurrent writers": (0.1, write_at_once),
    "starved runs": (0.1, starve),
}
