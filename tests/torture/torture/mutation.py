"""Files to begin with, and what is done to their bytes."""

from __future__ import annotations

import gzip
import random
from functools import lru_cache
from pathlib import Path

from .program import run

CORPUS = Path(__file__).resolve().parents[2] / "fuzz" / "corpus"
SUFFIXES = {"csv": ".csv", "fps": ".fps", "gzip": ".csv.gz", "idx": ".idx", "labels": ".txt", "libsvm": ".svm",
            "checkpoint": ".checkpoint", "sums": ".checkpoint", "model": ".safetensors", "mtx": ".mtx", "npy": ".npy", "packed": ".safetensors"}
INTERESTING = [b"0", b"-1", b"2147483648", b"4294967296", b"9223372036854775807", b"18446744073709551616", b"1e308", b"nan",
               b"[[[[[[[[", b"\x00", b"\xff\xff\xff\xff", b'"', b"\n", b",", b"=1+1", "\u202e".encode()]
# Small files that ask for much.
BOMBS = [("data", ".svm", b"1 1:1 2147483648:1\n0 1:1 900000:1\n"),
         ("bomb", ".csv.gz", gzip.compress(b"0," * 900_000 + b"1\n" + b"1," * 900_000 + b"0\n")),
         ("bomb", ".csv.gz", gzip.compress(b"0," * 9_000_000 + b"1\n")),
         ("bomb", ".csv.gz", gzip.compress(b"0\n1\n" * 5_000_000)),
         ("data", ".mtx", b"%%MatrixMarket matrix coordinate pattern general\n3 900000 2\n1 1\n2 900000\n")]


@lru_cache
def seeds(folder: Path) -> list[tuple[str, str, bytes]]:
    """Kind, suffix and bytes: the corpora of the fuzz targets, and a table and a model as the program writes them."""
    found = [(kind.name, SUFFIXES[kind.name], path.read_bytes())
             for kind in sorted(CORPUS.iterdir()) for path in sorted(kind.iterdir())]
    for suffix in (".csv", ".tsv", ".npy", ".mtx", ".svm", ".fps", ".safetensors", ".csv.gz"):
        done = run(["convert", "data.csv", "seed" + suffix, "--rows", ":40"], folder)
        if done.status != 0:
            raise RuntimeError(str(done))
        found.append(("data", suffix, (folder / ("seed" + suffix)).read_bytes()))
    found += BOMBS
    found += 4 * [("checkpoint", ".checkpoint", (folder / "old.checkpoint").read_bytes())]
    found += 8 * [("model", ".safetensors", (folder / "old.model").read_bytes())]
    return found


def mutated(folder: Path, chance: random.Random) -> tuple[str, str, bytes]:
    kind, suffix, original = chance.choice(seeds(folder))
    packed = suffix.endswith(".gz") and original[:2] == b"\x1f\x8b" and chance.random() < 0.7
    bytes_ = bytearray(gzip.decompress(original) if packed and kind == "data" else original)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        chance.choice(WAYS)(bytes_, chance)
    return kind, "mutated" + suffix, gzip.compress(bytes(bytes_), 1) if packed and kind == "data" else bytes(bytes_)


def _place(bytes_: bytearray, chance: random.Random) -> int:
    # Headers say the most.
    return chance.randrange(min(len(bytes_), 256) + 1) if chance.random() < 0.5 else chance.randrange(len(bytes_) + 1)


def _flip(bytes_: bytearray, chance: random.Random) -> None:
    if bytes_:
        bytes_[min(_place(bytes_, chance), len(bytes_) - 1)] ^= 1 << chance.randrange(8)


def _cut(bytes_: bytearray, chance: random.Random) -> None:
    del bytes_[_place(bytes_, chance):]


def _drop(bytes_: bytearray, chance: random.Random) -> None:
    at = _place(bytes_, chance)
    del bytes_[at:at + chance.randrange(1, 20)]


def _insert(bytes_: bytearray, chance: random.Random) -> None:
    at = _place(bytes_, chance)
    bytes_[at:at] = chance.choice(INTERESTING)


def _replace(bytes_: bytearray, chance: random.Random) -> None:
    at, what = _place(bytes_, chance), chance.choice(INTERESTING)
    bytes_[at:at + len(what)] = what


def _repeat(bytes_: bytearray, chance: random.Random) -> None:
    at = _place(bytes_, chance)
    bytes_[at:at] = bytes_[at:at + chance.randrange(1, 100)] * chance.choice([1, 2, 1000])


WAYS = [_flip, _flip, _cut, _drop, _insert, _replace, _replace, _repeat]
