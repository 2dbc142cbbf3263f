"""How long the program takes to heed a signal: three signals in eight phases, on dense and on sparse rows.

Each phase is reached by a call in which it is long, or runs again and again; signals come at moments spread over it.
Fails where one is heeded later than the bound, where the status is another, or where a model that was saved is torn.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import time
from pathlib import Path

PROGRAM = os.environ["MIXBERN_PROGRAM"]
ROOT = Path(__file__).resolve().parents[2]
BOUND = 0.5  # seconds
LONGEST = 5.0  # seconds into a call that a signal may come
MOMENTS = 2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SAVED = ["--model", "m", "--quiet", "--seed", "1"]
FEW = ["-k", "5", "--n-init", "1", "--max-iter", "5"]
# {} is the packed file, {text} the same rows as text.
PHASES = {
    "reading": ["fit", "{text}", *FEW, *SAVED],
    "k-means start": ["fit", "{}", "-k", "300", "--init", "kmeans", "--n-init", "8", "--max-iter", "1", *SAVED],
    "EM": ["fit", "{}", "-k", "50", "--n-init", "4", "--tol", "1e-15", *SAVED],
    # Of at most 4,000 parameters.
    "standard errors": ["fit", "{}", "-k", "1", "--standard-errors", "observed", *SAVED],
    "bootstrap": ["fit", "{}", *FEW, "--bootstrap", "1000", *SAVED],
    "statistics": ["fit", "{}", *FEW, "--statistics", *SAVED],
    "report": ["fit", "{}", "-k", "50", "--n-init", "1", "--max-iter", "2", "--report", "r.html", *SAVED],
    "writing": ["convert", "{}", "out.csv.gz"],
    "select": ["select", "{}", "-k", "2:20", "--n-init", "2", "--blrt", "5", *SAVED],
}


def call(*arguments: str, folder: Path) -> None:
    subprocess.run([PROGRAM, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def dense(folder: Path) -> None:
    call("fit", str(ROOT / "data" / "mnist-20000.safetensors.gz"), "-k", "20", "--n-init", "1", "--max-iter", "30", "--quiet",
         "--model", "images", folder=folder)
    call("sample", "images", "-n", "100000", "-o", "dense.safetensors", folder=folder)
    call("convert", "dense.safetensors", "dense.csv", folder=folder)


def sparse(folder: Path) -> None:
    """Twenty subjects, 50 of 2,048 features a row."""
    chance = random.Random(1)
    features = range(1, 2049)
    with (folder / "sparse.svm").open("w") as file:
        for _ in range(200_000):
            subject = chance.randrange(20) * 100
            own = features[subject:subject + 200]
            row = sorted({*chance.sample(own, 30), *chance.sample(features, 20)})
            file.write("0 " + " ".join(f"{index}:1" for index in row) + "\n")
    call("convert", "sparse.svm", "sparse.safetensors", folder=folder)


def ended(process: subprocess.Popen[bytes]) -> float:
    began = time.perf_counter()
    process.wait()
    return time.perf_counter() - began


def heed(arguments: list[str], folder: Path, number: int, moment: float) -> tuple[float | None, str]:
    """Seconds to the end, and what is wrong; None if the call was over before."""
    for name in ("m", "r.html", "out.csv.gz"):
        (folder / name).unlink(missing_ok=True)
    process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=moment)
        return None, ""
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    seconds = ended(process)
    if process.returncode not in (-number, 128 + number):
        return seconds, f"status {process.returncode}"
    saved = folder / "m"
    if saved.exists() and subprocess.run([PROGRAM, "inspect", "m"], cwd=folder, capture_output=True).returncode != 0:
        return seconds, "the model is torn"
    if list(folder.glob(".mixbern*")):
        return seconds, "a file was left behind"
    return seconds, ""


def duration(arguments: list[str], folder: Path) -> float:
    process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.perf_counter()
    try:
        process.wait(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return time.perf_counter() - began


def measure(name: str, folder: Path, chance: random.Random) -> bool:
    text = {"dense": "dense.csv", "sparse": "sparse.svm"}[name]
    fine = True
    for phase, template in PHASES.items():
        arguments = [part.format(name + ".safetensors", text=text) for part in template]
        whole = duration(arguments, folder)
        worst, heard, wrong = {}, 0, set()
        for number in SIGNALS:
            for i in range(MOMENTS):
                seconds, problem = heed(arguments, folder, number, whole * (i + chance.random()) / MOMENTS)
                heard += seconds is not None
                worst[number] = max(worst.get(number, 0.0), seconds or 0.0)
                wrong |= {problem} - {""}
        verdict = "; ".join(sorted(wrong)) or ("late" if max(worst.values()) > BOUND else "ok")
        times = "  ".join(f"{number.name} {worst[number]:.2f}" for number in SIGNALS)
        print(f"{name:7} {phase:16} {whole:5.1f} s long, {heard:2} signals, at most s: {times}  {verdict}", flush=True)
        fine = fine and verdict == "ok" and heard > 0
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(prog="signals", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench" / "signals")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    fine = True
    for name, make in (("dense", dense), ("sparse", sparse)):
        if not (options.folder / f"{name}.safetensors").exists():
            make(options.folder)
        fine = measure(name, options.folder, random.Random(options.seed)) and fine
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
