"""Who has duty when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from alerts.policy import Shift
from alerts.roster import OnDuty, on_duty, told
from tests.alerts.policies import BACKUP, DAY, EVERYBODY, HEAD, INFORMATION, NIGHT, ROSTERED, policy

POLICY = policy()


def bangkok(text: str) -> datetime:
    """A time in Bangkok, in UTC."""
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "primary", "ends"),
    [
        ("2025-03-28T13:20", "day", "2025-03-28T20:00"),
        ("2025-03-28T08:00", "day", "2025-03-28T20:00"),
        ("2025-03-28T19:59:59", "day", "2025-03-28T20:00"),
        ("2025-03-28T20:00", "night", "2025-03-29T08:00"),
        ("2025-03-29T00:00", "night", "2025-03-29T08:00"),
        ("2025-03-29T07:59", "night", "2025-03-29T08:00"),
    ],
    ids=["afternoon", "first second", "last second", "evening", "midnight", "before dawn"],
)
def test_a_shift_runs_past_midnight_and_gives_way_on_the_second(
    at: str, primary: str, ends: str
) -> None:
    duty = on_duty(ROSTERED, POLICY, bangkok(at))
    assert duty == OnDuty(primary, "backup", "head", bangkok(ends))


def test_the_day_of_a_night_shift_is_the_day_on_which_it_starts() -> None:
    friday = replace(ROSTERED, roster=(Shift((4,), time(20), time(8), "night"),))
    assert on_duty(friday, POLICY, bangkok("2025-03-29T03:00")).primary == "night"
    assert on_duty(friday, POLICY, bangkok("2025-03-28T03:00")).primary is None


def test_a_shift_that_ends_when_it_starts_lasts_a_day() -> None:
    whole = replace(ROSTERED, roster=(Shift((4,), time(8), time(8), "day"),))
    assert on_duty(whole, POLICY, bangkok("2025-03-28T08:00")).primary == "day"
    assert on_duty(whole, POLICY, bangkok("2025-03-29T07:59")).primary == "day"
    assert on_duty(whole, POLICY, bangkok("2025-03-29T08:00")).primary is None


def test_of_overlapping_shifts_the_later_one_holds() -> None:
    both = replace(
        ROSTERED,
        roster=(Shift((4,), time(8), time(20), "day"), Shift((4,), time(12), time(14), "night")),
    )
    assert on_duty(both, POLICY, bangkok("2025-03-28T13:00")).primary == "night"
    assert on_duty(both, POLICY, bangkok("2025-03-28T15:00")).primary == "day"


def test_a_shift_over_the_change_of_clocks_ends_at_its_local_hour() -> None:
    london = policy(timezone="Europe/London")
    # Clocks go forward at 01:00 on 30 March 2025: 08:00 there is 07:00 UTC.
    duty = on_duty(ROSTERED, london, datetime(2025, 3, 30, 6, 30, tzinfo=UTC))
    assert duty.primary == "night"
    assert duty.shift_end == datetime(2025, 3, 30, 7, 0, tzinfo=UTC)


def test_a_team_without_a_roster_is_told_as_a_whole() -> None:
    everybody = told(EVERYBODY, "primary", POLICY, bangkok("2025-03-28T13:00"))
    assert everybody.people == (INFORMATION, HEAD)
    assert not everybody.fallback


@pytest.mark.parametrize(
    ("to", "person"),
    [("primary", DAY), ("backup", BACKUP), ("head", HEAD)],
    ids=["primary", "backup", "head"],
)
def test_a_place_in_the_chain_is_one_person(to: str, person: object) -> None:
    assert told(ROSTERED, to, POLICY, bangkok("2025-03-28T13:00")).people == (person,)


def test_a_missing_backup_hands_on_to_the_head() -> None:
    alone = replace(ROSTERED, roster=(Shift((4,), time(8), time(20), "day"),))
    assert told(alone, "backup", POLICY, bangkok("2025-03-28T13:00")).people == (HEAD,)


def test_a_gap_in_the_roster_tells_the_whole_team_rather_than_nobody() -> None:
    friday = replace(ROSTERED, roster=(Shift((4,), time(8), time(20), "day"),))
    sunday = told(friday, "primary", POLICY, bangkok("2025-03-30T13:00"))
    assert sunday.fallback
    assert sunday.people == (DAY, NIGHT, BACKUP, HEAD)


def test_somebody_who_is_not_in_the_file_has_no_duty() -> None:
    stranger = replace(ROSTERED, roster=(Shift((4,), time(8), time(20), "gone", "backup"),))
    assert told(stranger, "primary", POLICY, bangkok("2025-03-28T13:00")).people == (BACKUP,)


def test_the_second_roads_of_a_team_are_its_own_and_those_of_who_has_duty() -> None:
    people = {
        **POLICY.people,
        "day": replace(DAY, channels=("sms-day", "line")),
        "night": replace(NIGHT, channels=("sms-night",)),
    }
    team, chosen = replace(ROSTERED, channels=("line",)), replace(POLICY, people=people)
    by_day = told(team, "channels", chosen, bangkok("2025-03-28T13:00")).people
    assert [each.id for each in by_day] == ["channel:line", "channel:sms-day"]
    at_night = told(team, "channels", chosen, bangkok("2025-03-28T23:00")).people
    assert [each.email for each in at_night] == ["channel:line", "channel:sms-night"]


def test_without_a_second_road_the_primary_officer_is_told() -> None:
    assert told(ROSTERED, "channels", POLICY, bangkok("2025-03-28T13:00")).people == (DAY,)
