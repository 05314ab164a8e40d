"""Duty that is not the roster's: swaps, illness, a calendar beside the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.policy import Override, Team
from alerts.roster import on_duty, told
from monitor.config.policyfile import read_policy
from monitor.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "alerts.yaml"
AT = datetime(2026, 4, 13, 3, 0, tzinfo=UTC)  # 10:00 in Bangkok
AN_HOUR = timedelta(hours=1)
POLICY = read_policy(SHIPPED)


def team(*overrides: Override, **changes: object) -> Team:
    return replace(POLICY.teams["duty"], overrides=overrides, **changes)  # type: ignore[arg-type]


def written(folder: Path, lines: str) -> Path:
    text = SHIPPED.read_text(encoding="utf-8").replace(
        "  - id: information\n", f"{lines}  - id: information\n"
    )
    path = folder / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    (folder / "missions.yaml").write_text(
        (SHIPPED.parent / "missions.yaml").read_text("utf-8"), "utf-8"
    )
    return path


def test_a_swap_holds_for_its_time_alone_and_the_rest_stays_the_rosters() -> None:
    swapped = team(Override(AT, AT + AN_HOUR, primary="head-of-desk"))
    during, after = on_duty(swapped, POLICY, AT), on_duty(swapped, POLICY, AT + AN_HOUR)
    assert (during.primary, during.backup) == ("head-of-desk", "duty-backup")
    assert during.shift_end == AT + AN_HOUR, "the hand-over is at the end of the swap"
    assert (after.primary, after.backup) == ("duty-primary", "duty-backup")


def test_a_shift_ends_where_a_coming_swap_begins() -> None:
    coming = team(Override(AT + AN_HOUR, AT + 2 * AN_HOUR, primary="head-of-desk"))
    assert on_duty(coming, POLICY, AT).shift_end == AT + AN_HOUR


def test_of_two_overrides_the_later_written_stands() -> None:
    both = team(
        Override(AT, AT + AN_HOUR, primary="head-of-desk"),
        Override(AT, AT + AN_HOUR, primary="duty-backup"),
    )
    assert on_duty(both, POLICY, AT).primary == "duty-backup"


def test_an_override_fills_a_gap_and_somebody_unknown_does_not() -> None:
    alone = team(Override(AT, AT + AN_HOUR, primary="head-of-desk"), roster=())
    assert [each.id for each in told(alone, "primary", POLICY, AT).people] == ["head-of-desk"]
    unknown = team(Override(AT, AT + AN_HOUR, primary="gone"))
    assert on_duty(unknown, POLICY, AT).primary == "duty-primary"


def test_overrides_are_read_as_local_time(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '    overrides:\n      - {from: "2026-04-13 08:00", to: "2026-04-13 20:00",'
        " primary: head-of-desk, note: swap}\n",
    )
    policy = read_policy(path)
    (found,) = policy.teams["duty"].overrides
    assert found.starts == datetime(2026, 4, 13, 1, 0, tzinfo=UTC)
    assert on_duty(policy.teams["duty"], policy, AT).primary == "head-of-desk"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{from: "2026-04-13 08:00", to: "2026-04-13 08:00", primary: duty-primary}', "must end"),
        ('{from: "2026-04-13 08:00", to: "2026-08-13 08:00", primary: duty-primary}', "62 days"),
        ('{from: "2026-04-13 08:00", to: "2026-04-14 08:00"}', "name a primary"),
        ('{from: "2026-04-13", to: "2026-04-14 08:00", primary: duty-primary}', "local time"),
        ('{from: "2026-04-13 08:00", to: "2026-04-14 08:00", primary: nobody}', "no known person"),
    ],
)
def test_a_wrong_override_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path, f"    overrides:\n      - {line}\n")
    with pytest.raises(ConfigError, match=said) as told_it:
        read_policy(path)
    assert "alerts.yaml:" in str(told_it.value)


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:1@ministry.example
DTSTAMP:20260101T000000Z
DTSTART;TZID=Asia/Bangkok:20260105T080000
DTEND;TZID=Asia/Bangkok:20260105T200000
RRULE:FREQ=WEEKLY;BYDAY=MO
EXDATE;TZID=Asia/Bangkok:20260420T080000
SUMMARY:head-of-desk / duty-primary
END:VEVENT
BEGIN:VEVENT
UID:2@ministry.example
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260415
DTEND;VALUE=DATE:20260416
SUMMARY:duty-backup
END:VEVENT
END:VCALENDAR
"""


def calendar(folder: Path, text: str) -> Path:
    (folder / "duty.ics").write_text(text, encoding="utf-8", newline="\r\n")
    stamp = datetime(2026, 4, 1, tzinfo=UTC).timestamp()
    import os

    os.utime(folder / "duty.ics", (stamp, stamp))
    return written(folder, "    calendar: duty.ics\n")


def test_a_calendar_beside_the_file_gives_the_duty_with_its_recurrences(tmp_path: Path) -> None:
    policy = read_policy(calendar(tmp_path, CALENDAR))
    duty = policy.teams["duty"]
    monday = on_duty(duty, policy, AT)
    assert (monday.primary, monday.backup) == ("head-of-desk", "duty-primary")
    assert on_duty(duty, policy, AT + timedelta(days=7)).primary == "duty-primary", "left out"
    assert on_duty(duty, policy, AT + timedelta(days=14)).primary == "head-of-desk"
    wednesday = AT + timedelta(days=2)
    assert on_duty(duty, policy, wednesday).primary == "duty-backup"
    assert policy.calendars == (tmp_path / "duty.ics",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CALENDAR.replace("head-of-desk /", "nobody /"), "names 'nobody'"),
        ("this is no calendar", "no iCalendar file"),
        (CALENDAR.replace("SUMMARY:duty-backup\n", ""), "has no summary"),
    ],
)
def test_a_wrong_calendar_is_told_in_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_policy(calendar(tmp_path, text))


def test_a_calendar_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"alerts.yaml:\d+: calendar .*no file 'other.ics'"):
        read_policy(written(tmp_path, "    calendar: other.ics\n"))
