"""Commands that write files, and whether what they leave is whole."""

from __future__ import annotations

import random
from pathlib import Path

from .program import run

OLD = b"what was there before"

# Calls of a tenth of a second or so; the first file of each is what it reads besides data.
COMMANDS: list[tuple[list[str], list[str]]] = [
    (["fit", "data.csv", "-k", "3", "--n-init", "2", "--max-iter", "10", "--model", "new.model", "--report", "new.html",
      "--checkpoint", "new.checkpoint", "--checkpoint-every", "0"],
     ["new.model", "new.html", "new.checkpoint"]),
    (["select", "data.csv", "-k", "1:2", "--n-init", "2", "--max-iter", "10", "--model", "new.model"], ["new.model"]),
    (["predict", "old.model", "data.csv", "-o", "new.csv"], ["new.csv"]),
    (["convert", "data.csv", "new.safetensors.gz"], ["new.safetensors.gz"]),
    (["impute", "old.model", "data.csv", "-o", "new.npy"], ["new.npy"]),
    (["report", "old.model", "data.csv", "-o", "new.html"], ["new.html"]),
]


RESUMABLE = ["fit", "data.csv", "-k", "3", "--n-init", "2", "--max-iter", "10"]


def prepare(folder: Path, table: Path) -> None:
    """data.csv, of 5,000 rows, old.model and old.checkpoint, in a new folder."""
    folder.mkdir(parents=True)
    for call in (["fit", str(table), "-k", "3", "--seed", "1", "--model", "old.model"],
                 ["sample", "old.model", "-n", "5000", "-o", "data.csv"],
                 [*RESUMABLE, "--checkpoint", "old.checkpoint"]):
        done = run(call, folder)
        if done.status != 0:
            raise RuntimeError(str(done))


def put_old(folder: Path, outputs: list[str], chance: random.Random) -> None:
    for name in outputs:
        if chance.random() < 0.5:
            (folder / name).write_bytes(OLD)
        else:
            (folder / name).unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """What was there before, nothing, or all of something new."""
    if not path.exists() or path.read_bytes() == OLD:
        return True
    if path.suffix == ".html":
        return path.read_bytes().endswith(b"</html>\n")
    if path.name == "new.csv":  # predictions: a header and a line a row
        return path.read_bytes().count(b"\n") == 5001
    if path.suffix == ".checkpoint":
        return run([*RESUMABLE, "--resume", path.name], path.parent).status == 0
    return run(["inspect", path.name], path.parent).status == 0


def torn(folder: Path, outputs: list[str]) -> list[str]:
    return [f"{name} is torn" for name in outputs if not is_whole(folder / name)]


def left_over(folder: Path) -> list[str]:
    return [f"{path.name} was left behind" for path in folder.glob(".mixbern*")]
