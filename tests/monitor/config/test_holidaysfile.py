"""The holidays file: shipped facts, and faults told with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor.config.holidaysfile import read_holidays
from monitor.config.policyfile import read_policy
from monitor.errors import ConfigError

ROOT = Path(__file__).parents[3]


def test_the_shipped_file_holds_the_days_that_come_every_year_and_none_is_confirmed() -> None:
    found = read_policy(ROOT / "alerts.yaml").holidays
    for month, day in ((1, 1), (4, 6), (4, 13), (7, 28), (12, 5), (12, 10), (12, 31)):
        assert date(2027, month, day) in found
    assert date(2027, 4, 16) not in found
    assert found.unconfirmed == len(found.yearly) + len(found.dated)


def test_special_days_of_the_cabinet_are_dates_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "holidays.yaml"
    path.write_text(
        "dated:\n  - {on: 2027-01-04, name: {th: วันหยุดพิเศษ, en: special day}, confirmed: true}\n",
        encoding="utf-8",
    )
    found = read_holidays(path)
    assert found.name(date(2027, 1, 4), "th") == "วันหยุดพิเศษ"
    assert date(2028, 1, 4) not in found
    assert found.unconfirmed == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dated: [{on: 2570-04-16, name: {th: ก, en: a}}]", "write 2027"),
        ('every_year: [{on: "13-04", name: {th: ก, en: a}}]', '"04-13"'),
        ("every_year: [{on: 04-13, name: {th: ก}}]", "holidays.yaml:1"),
        ("dated: [{on: soon, name: {th: ก, en: a}}]", "2027-04-16"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "holidays.yaml"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        read_holidays(path)
    assert said in str(told.value)
