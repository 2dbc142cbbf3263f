"""What the benchmark says about its measurements. The measuring itself needs packages that tests do not have."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(os.environ["MIXBERN_SOURCE_DIR"]) / "bench"))

from compare import bounds, measure, report
from compare.results import Check, Point, Results, Row, Section

SETTING = {
    "quick": False,
    "processor": "a processor",
    "cores": 2,
    "flags": ["avx2"],
    "memory_gb": 8,
    "system": "Linux 6",
    "program": "mixbern 0",
    "commit": "abc",
    "kernel": "avx2",
    "kernels": ["avx2", "scalar"],
    "python": "3.12",
    "packages": {"numpy": "2", "polca": None},
}


def test_a_ratio_is_met_from_its_bound_on():
    (met,) = bounds.check("W4", bounds.FASTEST, 50.0)
    (short,) = bounds.check("W4", bounds.FASTEST, 25.0)
    assert met.met and met.factor == 1
    assert not short.met and short.factor == 0.5
    assert short.bound == "≥ 50 ×"


def test_a_time_is_met_up_to_its_bound():
    (met,) = bounds.check("start-up", "the program's start-up", 0.0099)
    (short,) = bounds.check("start-up", "the program's start-up", 0.02)
    assert met.met
    assert short.factor == pytest.approx(0.5)


def test_a_log_likelihood_is_met_when_it_is_higher():
    quantity = "mean log-likelihood of the test rows"
    assert bounds.check("W8", quantity, -125.9)[0].met
    assert not bounds.check("W8", quantity, -126.1)[0].met


@pytest.mark.parametrize(
    ("kernel", "bound"), [("amx", "≥ 15 ×"), ("avx512", "≥ 6 ×"), ("avx512-vnni", "≥ 6 ×"), ("avx2", "≥ 4 ×")]
)
def test_each_kernel_has_its_bound(kernel, bound):
    (check,) = bounds.check("W1", bounds.FASTEST, 5.0, kernel)
    assert check.bound == bound
    assert kernel in check.what


def test_a_kernel_without_bound_has_no_check():
    assert bounds.check("W1", bounds.FASTEST, 5.0, "scalar") == []
    assert bounds.check("W9", "an iteration", 0.0)[0].met


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.1e-6, "2.1 µs"), (4.567e-3, "4.57 ms"), (0.2346, "235 ms"), (1.0, "1 s"), (15_900.0, "15,900 s")],
)
def test_times_have_the_unit_that_fits(seconds, text):
    assert bounds.seconds_text(seconds) == text


def test_programs_take_turns():
    order = []

    def contestant(name, seconds):
        def run():
            order.append(name)
            return measure.Sample(seconds.pop(0), 3)

        return run

    rows = measure.alternate(
        {"ours": contestant("ours", [3.0, 1.0, 2.0]), "theirs": contestant("theirs", [5.0, 6.0, 7.0])},
        3,
        lambda _: None,
    )
    assert order == ["ours", "theirs"] * 3
    assert [(row.seconds, row.fastest, row.slowest, row.repeats) for row in rows] == [(2, 1, 3, 3), (6, 5, 7, 3)]


@pytest.mark.parametrize(("seconds", "repeats"), [(1.0, 5), (21.0, 2), (101.0, 1)])
def test_what_is_slow_has_fewer_repeats_and_says_so(seconds, repeats):
    (row,) = measure.alternate({"slow": lambda: measure.Sample(seconds)}, 5, lambda _: None)
    assert row.repeats == repeats
    assert ("fewer repeats" in row.note) == (repeats < 5)


@pytest.fixture
def results():
    rows = [
        Row("mixbern (avx2)", 0.002, 0.001, 0.003, 5, 30, -165.5, 1e-12, 15_000_000),
        Row("numpy-f32", 0.02, 0.02, 0.02, 5, 30, -165.5, 1e-8, 180_000_000),
    ]
    checks = [Check("the fastest rival", "≥ 15 ×", "10 ×", 10 / 15), Check("memory", "≤ 40 MB", "15 MB", 40 / 15)]
    section = Section("images", rows=rows, checks=checks, points=[Point("numpy-f32", 10, 0.02)], date="2026-01-01")
    return Results(SETTING, {"W1": section})


def test_results_are_read_as_they_were_written(results, tmp_path):
    results.save(tmp_path / "results.json")
    assert Results.load(tmp_path / "results.json") == results


def test_the_report_says_what_is_short_and_by_how_much(results):
    text = report.markdown(results)
    assert "1 of 2 are met" in text
    assert "**short** by a factor of 1.5" in text
    assert "| numpy-f32 | 20 ms (20 ms … 20 ms) | 10 × |" in text
    assert "polca (not installed)" in text
    assert f"]({report.PICTURE})" in text
