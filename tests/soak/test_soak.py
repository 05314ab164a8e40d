"""The whole program for two minutes beside hostile feeds, and 10,000 feeds that have not changed.

The hour with 1,000 feeds is `python -m tests.soak`.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

from tests.soak import run, scale

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and 127.0.0.0/8"),
]


def test_two_minutes_with_two_hundred_feeds_break_no_limit(tmp_path: Path, model_dir: Path) -> None:
    report = run.run(
        tmp_path / "office", minutes=2.5, feeds=200, model_dir=model_dir, mark_every_s=15,
        sample_every_s=3,
    )  # fmt: skip
    assert report.ok, report.as_text()


def test_ten_thousand_unchanged_feeds_cost_less_than_ten_seconds_of_processor(
    tmp_path: Path,
) -> None:
    first, unchanged = scale.passes(tmp_path / "office", 10_000, 3)
    assert first.states == {"ok": 10_000}
    assert [each.states for each in unchanged] == [{"not_modified": 10_000}] * 3
    assert statistics.median(each.cpu_s for each in unchanged) < 10
