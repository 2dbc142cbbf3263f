"""The most memory that a fit takes on top of what was there, each in a process of its own."""

from __future__ import annotations

import gc
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from compare import formats, process
from compare.bounds import quantity_text
from compare.results import Check
from scipy import sparse

import mixbern

from .setting import Setting, at_most


def memory(setting: Setting) -> list[Check]:
    dense = _measured(setting, "dense", setting.store.shipped_images())
    setting.say(f"images: input {dense['input'] / 1e6:.1f} MB, {dense['peak'] / 1e6:.1f} MB on top of it")
    rows = _measured(setting, "sparse", setting.store.fingerprints())
    setting.say(f"sparse: input {rows['input'] / 1e6:.1f} MB, {rows['peak'] / 1e6:.1f} MB on top of it")
    return [
        at_most("20,000 x 784 uint8, K 10: peak memory over the array", dense["peak"], 30e6, _megabytes),
        at_most(
            "scipy.sparse 200,000 x 2,048 (uint8 ones): peak, of the input",
            (rows["input"] + rows["peak"]) / rows["input"],
            2,
            lambda value: quantity_text(value, "x"),
        ),
    ]


def _megabytes(value: float) -> str:
    return quantity_text(value, "B")


def _measured(setting: Setting, kind: str, data: Path) -> dict[str, float]:
    """The largest of the repeats."""
    command = [sys.executable, "-m", __name__, kind, str(data)]
    runs = [json.loads(process.run(command).output) for _ in range(setting.repeats)]
    return max(runs, key=lambda run: float(run["peak"]))


# What follows runs in the process that is measured.


def _dense(data: Path) -> tuple[int, Callable[[], Any]]:
    X = mixbern.read(data).toarray().astype(np.uint8)
    return X.nbytes, lambda: mixbern.BernoulliMixture(10, random_state=0).fit(X)


def _sparse(data: Path) -> tuple[int, Callable[[], Any]]:
    # With the types that SciPy would choose for rows of this number.
    wide = formats.read_sparse(data)
    X = sparse.csr_array(
        (np.ones(wide.nnz, np.uint8), wide.indices.astype(np.int32), wide.indptr.astype(np.int32)), shape=wide.shape
    )
    del wide
    size = X.data.nbytes + X.indices.nbytes + X.indptr.nbytes
    model = mixbern.BernoulliMixture(10, random_state=0, n_init=2, max_iter=20)
    return size, lambda: model.fit(X)


def _status(key: str) -> int:
    """A line of this process's status that counts kilobytes, in bytes."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[key].split()[0]) * 1024


def _peak_of(work: Callable[[], Any]) -> int:
    gc.collect()
    # Forgets the peak so far, that of reading the data (proc(5), clear_refs).
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    if _status("VmHWM") > before + 1_000_000:
        raise SystemExit("this system does not forget the peak of a process")
    work()
    return _status("VmHWM") - before


def main() -> None:
    kind, data = sys.argv[1:]
    warnings.simplefilter("ignore")
    # What a first fit loads and keeps is no part of it: code, threads.
    mixbern.BernoulliMixture(2, random_state=0).fit(np.eye(50, dtype=np.uint8))
    size, work = {"dense": _dense, "sparse": _sparse}[kind](Path(data))
    print(json.dumps({"input": size, "peak": _peak_of(work)}))


if __name__ == "__main__":
    main()
