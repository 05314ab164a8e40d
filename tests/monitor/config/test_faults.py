"""Faults of alerts.yaml in the reader's language, and what people write that is simply read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from alerts.policy import Policy
from monitor.config.faults import FileFault
from monitor.config.policyfile import read_policy
from storage.records import Level

ROOT = Path(__file__).parents[3]
SHIPPED = (ROOT / "alerts.yaml").read_text(encoding="utf-8")

# what an officer wrote, the line's key, a word of the remedy in English and in Thai
BAD = {
    "Thai as an id": ("- id: duty-backup", "- id: เวร", "id", "small Latin letters", "อักษรละติน"),
    "Thai as a team": (
        "notify: [duty, information]", "notify: [เวร]", "notify.1 (rule 'advice-about-home')",
        "did you mean duty (เวรเฝ้าระวังเหตุวิกฤต / Crisis duty desk)?", "หมายถึง duty",
    ),
    "a number in words": ("magnitude: 5.5}", "magnitude: ห้า}", "magnitude", "6.5", "6.5"),
    "a day that is not": (
        "    # overrides:  ",
        '    overrides: [{from: "2027-02-29 08:00", to: "2027-03-01 08:00", primary: head-of-desk}]'
        "\n    #",
        "overrides.1.from", "leap years", "อธิกสุรทิน",
    ),
    "a Buddhist year": (
        "    # overrides:  ",
        '    overrides: [{from: "2571-02-29 08:00", to: "2028-03-01 08:00", primary: head-of-desk}]'
        "\n    #",
        "overrides.1.from", "write 2028", "2028",
    ),
    "an hour that is not": ('at: "07:00"', 'at: "25:00"', "at (digest 'daily')", "23:59", "23:59"),
    "a brace left open": (
        "role: {th: เวรหลัก, en: primary duty officer}", "role: {th: เวรหลัก, en: primary",
        "", "that is missing", "ไม่ได้ปิด",
    ),
    "no English": (
        "role: {th: เวรหลัก, en: primary duty officer}", "role: {th: เวรหลัก}",
        "role.en (person 'duty-primary')", "English text", "ภาษาอังกฤษ",
    ),
    "one language": (
        "role: {th: เวรหลัก, en: primary duty officer}", "role: เวรหลัก",
        "role (person 'duty-primary')", "both languages", "ทั้งภาษาไทยและอังกฤษ",
    ),
    "a calendar that is not there": (
        "    # overrides:  ", "    calendar: duty.ics\n    #",
        "calendar (team 'duty')", "put it there", "นำไฟล์มาวาง",
    ),
    "a misspelt key": ("min_level: FLASH", "min_levl: FLASH", "min_levl", "min_level", "min_level"),
    "a curly quotation": ("to: primary}", "to: “primary”}", "to", "straight ones", "แบบตรง"),
    "a country that is none": ("countries: [home]", "countries: [อัตลันติส]", "countries.1",
                               "Myanmar", "เมียนมา"),
}  # fmt: skip


def read(tmp_path: Path, old: str, new: str) -> Policy:
    assert old in SHIPPED
    path = tmp_path / "alerts.yaml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return read_policy(path)


@pytest.mark.parametrize("fault", BAD)
def test_each_fault_is_one_line_with_place_key_and_remedy_in_both_languages(
    tmp_path: Path, fault: str
) -> None:
    old, new, key, english, thai = BAD[fault]
    with pytest.raises(FileFault) as told:
        read(tmp_path, old, new)
    said = {language: told.value.in_(language, short=True) for language in ("en", "th")}
    for language, wanted in (("en", english), ("th", thai)):
        (line,) = said[language].splitlines()
        assert re.match(r"alerts\.yaml:\d+: ", line)
        assert wanted in line
    assert key in said["en"]
    assert re.search("[\u0e00-\u0e7f]", said["th"])


READ = {
    "a clock as it is written in Thai": (
        'at: "07:00"', 'at: "08.00 น."', lambda policy: policy.digests[0].at == time(8)),
    "Thai digits": (
        "watch_magnitude: 5.0", "watch_magnitude: ๕.๕",
        lambda policy: policy.levels.watch_magnitude == 5.5),
    "countries by name": (
        "countries: [home]", "countries: [Myanmar, UK, ไทย, asean]",
        lambda policy: any(
            rule.when.countries == ("MM", "GB", "TH", "asean") for rule in policy.rules
        ),
    ),
    "a country of a region by name": (
        "mekong: [CN, MM", "mekong: [จีน, Myanmar",
        lambda policy: policy.regions["mekong"][:2] == ("CN", "MM")),
    "a hazard by name": (
        "hazards: [EQ]", "hazards: [earthquake]",
        lambda policy: any(r.when.hazards == ("EQ",) for r in policy.rules)),
    "a wait of nothing": (
        "WATCH: 10m", "WATCH: 0s",
        lambda policy: not policy.timing.group_wait[Level.WATCH]),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_what_can_be_meant_in_one_way_only_is_read(tmp_path: Path, case: str) -> None:
    old, new, holds = READ[case]
    check: Callable[[Policy], bool] = holds
    assert check(read(tmp_path, old, new))


def test_all_names_that_point_at_nothing_are_told_together(tmp_path: Path) -> None:
    text = SHIPPED.replace("head: head-of-desk", "head: nobody", 1)
    path = tmp_path / "alerts.yaml"
    path.write_text(text.replace("to: [duty", "to: [dutty", 1), encoding="utf-8")
    with pytest.raises(FileFault) as told:
        read_policy(path)
    assert len(told.value.faults) == 2
