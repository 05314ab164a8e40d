"""Near misses and repeats told apart, what officers wrote of our people, and days asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from alerts.digest.parts import RulePart
from alerts.digest.period import Period
from monitor.digest import daily
from monitor.digest.date import issue_day
from monitor.digest.days import earlier_periods
from monitor.digest.desk import desk
from monitor.digest.edit import Refused
from monitor.digest.misses import misses
from monitor.digest.people import people_of
from storage import audit, incidents
from storage.records import Level, Why
from tests.alerts.policies import incident, item, notice
from tests.monitor.digest_worker import the_policy
from tests.storage import make

END = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_an_item_whose_incident_was_told_later_is_no_miss_and_a_repeat_is_only_counted(
    conn: Connection,
) -> None:
    seen = END - timedelta(hours=9)
    below = (Why("below_level", {"level": "WATCH", "threshold": "ALERT"}),)
    repeat = (Why("not_material", {"change": "joined"}),)
    told, untold = incident(id=1, seq=1), incident(id=2, seq=2)
    items = (
        item(id=1, incident_id=1, first_seen_at=seen, disposition=below),  # told an hour later
        item(id=2, incident_id=1, first_seen_at=seen + timedelta(hours=3), disposition=repeat),
        item(id=3, incident_id=2, first_seen_at=seen, disposition=below),
        item(id=4, incident_id=None, first_seen_at=seen, disposition=(Why("first_sight"),)),
    )
    found = misses(
        conn, items, [notice(incident_id=1, at=seen + timedelta(hours=1))], {1: told, 2: untold}
    )
    assert [each.id for each in found.items] == [3, 4]
    assert (found.total, found.repeats) == (2, 1)
    assert found.numbers == {2: "2025-0002"}


def test_an_officers_word_on_our_people_stands_with_what_he_had_written_before(
    conn: Connection, now: datetime
) -> None:
    of = make.incident(conn, now, nationals="confirmed", held=("nationals",))
    for hours, by, dead in ((30, "day", 1), (20, "machine", 0), (2, "night", 2)):
        at = now - timedelta(hours=hours)
        incidents.note_nationals(
            conn, incident_id=of.id, at=at, status="confirmed" if dead else "reported",
            counts={"dead": dead} if dead else {}, source="Embassy", note="", by=by, now=at,
        )  # fmt: skip
    known, before = people_of(conn, of, now - timedelta(hours=24))
    assert known is not None
    assert before is not None
    assert (known.by, dict(known.counts), dict(before.counts)) == (
        "night",
        {"dead": 2},
        {"dead": 1},
    )


def test_the_machines_word_on_our_people_brings_its_source(conn: Connection, now: datetime) -> None:
    of = make.incident(conn, now, nationals="harmed")
    incidents.note_nationals(
        conn, incident_id=of.id, at=now, status="reported", counts={}, source="News", note="",
        by="machine", now=now,
    )  # fmt: skip
    known, before = people_of(conn, of, now)
    assert (known.source if known else "", before) == ("News", None)


def test_periods_before_the_program_was_in_service_are_not_compared_with(
    conn: Connection,
) -> None:
    today = Period(date(2026, 11, 23), END - timedelta(days=1), END)
    assert earlier_periods(conn, today) == 7  # nobody knows since when
    daily.mark_started(conn, END - timedelta(days=3, hours=5))
    assert earlier_periods(conn, today) == 2
    assert earlier_periods(conn, Period(today.local_date, END - timedelta(days=7), END)) == 0


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 11, 22), date(2026, 11, 22)),
        (date(2026, 11, 23), None),  # the next issue, as it stands now
        (date(2026, 11, 24), "not_yet"),
        (date(2026, 11, 20), "before"),
        (date(1, 1, 1), "before"),
    ],
)
def test_a_day_means_its_issue_and_one_without_an_issue_is_refused(
    conn: Connection, day: date, found: date | str | None
) -> None:
    now = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    policy = the_policy()
    plan = policy.digests[0]
    daily.mark_started(conn, now - timedelta(days=1))
    if isinstance(found, str):
        with pytest.raises(Refused) as refused:
            issue_day(conn, plan, policy, day, now=now)
        assert refused.value.key == found
    else:
        assert issue_day(conn, plan, policy, day, now=now) == found


def test_the_desk_knows_changed_rules_and_who_has_what_is_open(
    conn: Connection, now: datetime
) -> None:
    parts = {"rules": {"added": ["a"], "removed": [], "changed": ["b"]}, "odd": 3}
    for action, at in (("rules.changed", now), ("rules.changed", now - timedelta(days=9))):
        audit.record(
            conn, at=at, who="by hand", action=action, subject="alerts.yaml", after={"parts": parts}
        )
    of = make.incident(conn, now, level=Level.ALERT)
    found = desk(
        conn, the_policy(), start=now - timedelta(hours=1), end=now + timedelta(hours=1),
        changes=(), known={of.id: of}, notices=(), team="duty", now=now,
    )  # fmt: skip
    (changed,) = found.rules_changed
    assert changed.parts == (RulePart("rules", ("a",), (), ("b",)),)
    assert [each.number for each in found.handed] == [of.number]
