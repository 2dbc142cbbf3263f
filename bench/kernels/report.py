"""KERNELS.md from what bench_kernels wrote with --benchmark_out: python3 report.py kernels.json >KERNELS.md"""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path
from typing import Any

_ABOUT = """\
# The kernels alone

Made by `./dev bench --micro`, one thread. Each function of a kernel runs over the rows as EM calls it, block by block.
A cell has items a second (10⁹), bytes read a second (GB), and the share of the processor's limit, from the fastest of
five repeats, between which all others had a turn.

* **Items** are additions (code × padded component; in `add_dense` bit × component, zeros too; in `add_outer` code ×
  component that has a part in the row), codes written by `decode_*`, bits in `count_bits`, `dot_bits` and
  `add_weighted`, and numbers elsewhere.
* **Bytes read** are all arguments once a call, and the row of the table for each code.
* **The limit** is measured in the same run, by the same kernel, on data that stays in the first-level cache. For the
  four sums it is what `add_tile` reads from a table of 8 KB, so that loads and additions of that width bound it;
  `add_outer` also stores and does not get there. For the others it is the step itself on dense rows and on rows of one
  component, so that the share says what the shape costs, not how good the code is. Above 100 % it is noise, or a shape
  that suits the kernel better still."""

_SHAPES = """\
* **images**: 784 columns, 13 % ones in runs of 5 on average, coded by groups. **sparse**: 2,048 columns, 50 ones.
  **small**: 12 columns, half of them ones. 4,096 rows each; `k` is the number of components. `decode_*` does not
  depend on it."""


def markdown(run: dict[str, Any]) -> str:
    fastest: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}  # by step and shape, then by kernel
    limits: dict[tuple[str, str], float] = {}  # items a second, by kernel and step
    skipped: dict[str, str] = {}
    for result in sorted(run["benchmarks"], key=lambda result: result["family_index"]):
        kernel, _, rest = result["run_name"].partition("/")
        if result.get("error_occurred"):
            if not rest:
                skipped[kernel] = result["error_message"]
        elif result["run_type"] == "iteration":
            step, _, shape = rest.partition("/")
            limits[kernel, step] = max(result["limit"], limits.get((kernel, step), 0))
            row = fastest.setdefault((step, shape), {})
            row[kernel] = max(result, row.get(kernel, result), key=lambda result: result["items"])
    parts = [_ABOUT + "\n" + _SHAPES, _machine(run["context"], limits, skipped), _table(fastest, limits)]
    return "\n\n".join(parts) + "\n"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _machine(context: dict[str, Any], limits: dict[tuple[str, str], float], skipped: dict[str, str]) -> str:
    caches = [cache for cache in context["caches"] if cache["type"] != "Instruction"]
    sizes = ", ".join(f"L{cache['level']} {cache['size'] // 1024:,} KB" for cache in caches)
    sums = [f"{kernel} {limit * 4 / 1e9:.0f} GB/s" for (kernel, step), limit in limits.items() if step == "add_tile"]
    lines = [
        f"{_processor()}, {context['num_cpus']} cores, {sizes}; {context['date'][:10]}.",
        f"Limit of loads and additions: {', '.join(sums)}.",
        *(f"Skipped: {kernel}, {reason}." for kernel, reason in skipped.items()),
    ]
    return "\n".join(f"* {line}" for line in lines)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _table(
    fastest: dict[tuple[str, str], dict[str, dict[str, Any]]], limits: dict[tuple[str, str], float]
) -> str:
    kernels = list(dict.fromkeys(kernel for kernel, _ in limits))
    rows = [["function", "shape", *kernels], ["---", "---", *["--:"] * len(kernels)]]
    before = ""
    for (step, shape), results in fastest.items():
        cells = [_cell(results.get(kernel), limits.get((kernel, step))) for kernel in kernels]
        rows.append(["" if step == before else f"`{step}`", shape, *cells])
        before = step
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(result: dict[str, Any] | None, limit: float | None) -> str:
    if result is None or limit is None:
        return "–"
    share = 100 * result["items"] / limit
    return f"{_number(result['items'] / 1e9)} · {_number(result['bytes'] / 1e9)} · {share:.0f} %"


if __name__ == "__main__":
    sys.stdout.write(markdown(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
