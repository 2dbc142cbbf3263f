"""The table of the micro-benchmarks. Their measuring is built and tried with MIXBERN_BENCH only."""

import importlib.util
import os
from pathlib import Path

PATH = Path(os.environ["MIXBERN_SOURCE_DIR"]) / "bench" / "kernels" / "report.py"
SPEC = importlib.util.spec_from_file_location("kernels_report", PATH)
report = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(report)

CONTEXT = {
    "date": "2026-01-01T00:00:00+00:00",
    "num_cpus": 2,
    "caches": [{"type": "Data", "level": 1, "size": 32768}, {"type": "Instruction", "level": 1, "size": 32768}],
}


def result(family, name, run_type="iteration", **values):
    numbers = {"items": 2e9, "bytes": 123.4e9, "limit": 4e9}
    return {"family_index": family, "run_name": name, "run_type": run_type, **numbers, **values}


def test_the_table_has_a_column_for_each_kernel_and_says_what_was_skipped():
    failed = {"error_occurred": True, "error_message": "this processor cannot run it"}
    runs = [
        result(4, "scalar/count_bits/small-k4", **failed),
        result(3, "scalar/add_tile/small-k4", limit=2e9),
        result(1, "avx2/add_tile/small-k4", "aggregate", items=1e12),
        result(1, "avx2/add_tile/small-k4"),
        result(1, "avx2/add_tile/small-k4", items=1e9),
        result(2, "avx2/count_bits/small-k4"),
        result(0, "wide", **failed),
    ]
    text = report.markdown({"context": CONTEXT, "benchmarks": runs})
    assert "| function | shape | avx2 | scalar |" in text
    assert "| `add_tile` | small-k4 | 2.00 · 123 · 50 % | 2.00 · 123 · 100 % |" in text
    assert "| `count_bits` | small-k4 | 2.00 · 123 · 50 % | – |" in text
    assert "Skipped: wide, this processor cannot run it." in text
    assert "avx2 16 GB/s, scalar 8 GB/s" in text
    assert "L1 32 KB; 2026-01-01" in text
