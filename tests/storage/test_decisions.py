"""Decisions: due, done, dropped, put off."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import decisions, incidents
from storage.records import Decision, Level, NewDecision, Why
from tests.storage import make

MINUTE = timedelta(minutes=1)


def incident_and_change(conn: Connection, now: datetime) -> tuple[int, int]:
    opened = make.incident(conn, now)
    change = incidents.add_change(conn, incident_id=opened.id, at=now, kind="opened")
    return opened.id, change.id


def test_a_decision_comes_back_as_it_was_made(conn: Connection, now: datetime) -> None:
    incident_id, change_id = incident_and_change(conn, now)
    why = (Why("rule", {"rule": "flash"}),)
    new = NewDecision("flash", "desk", now + MINUTE, why, step=2)
    ids = decisions.add(conn, incident_id, change_id, [new], Level.FLASH, now)
    assert decisions.of_incident(conn, incident_id) == [
        Decision(
            ids[0], incident_id, change_id, "flash", "desk", now + MINUTE, why, "due", False, 2,
            Level.FLASH, now,
        )
    ]  # fmt: skip


def test_only_what_notifies_somebody_falls_due(conn: Connection, now: datetime) -> None:
    incident_id, change_id = incident_and_change(conn, now)
    new = [
        NewDecision("later", "desk", now + MINUTE, ()),
        NewDecision("first", "desk", now - MINUTE, ()),
        NewDecision("now", "head", now, ()),
        NewDecision("nobody", None, None, (Why("silenced"),)),
        NewDecision("trial", "desk", now, (), shadow=True),
    ]
    ids = decisions.add(conn, incident_id, change_id, new, Level.ALERT, now)
    assert [d.id for d in decisions.due(conn, now)] == [ids[1], ids[2]]
    assert [d.id for d in decisions.pending(conn, incident_id)] == [ids[1], ids[2], ids[0]]
    assert [d.state for d in decisions.of_incident(conn, incident_id)] == [
        "due", "due", "due", "none", "none",
    ]  # fmt: skip
    assert len(decisions.between(conn, now, now + MINUTE)) == 5
    assert decisions.between(conn, now - MINUTE, now) == []


def test_a_marked_decision_is_no_longer_due_and_says_why(conn: Connection, now: datetime) -> None:
    incident_id, change_id = incident_and_change(conn, now)
    new = [NewDecision("a", "desk", now, (Why("rule"),)), NewDecision("b", "desk", now, ())]
    ids = decisions.add(conn, incident_id, change_id, new, Level.ALERT, now)
    decisions.mark(conn, ids[:1], "dropped", (Why("later_one"),))
    decisions.mark(conn, ids[1:], "done")
    decisions.mark(conn, [], "done")
    assert decisions.due(conn, now) == []
    assert [(d.state, d.why) for d in decisions.of_incident(conn, incident_id)] == [
        ("dropped", (Why("rule"), Why("later_one"))),
        ("done", ()),
    ]


def test_only_a_decision_that_is_still_due_can_be_put_off(conn: Connection, now: datetime) -> None:
    incident_id, change_id = incident_and_change(conn, now)
    new = [NewDecision("a", "desk", now, ()), NewDecision("b", "desk", now, ())]
    ids = decisions.add(conn, incident_id, change_id, new, Level.ALERT, now)
    decisions.mark(conn, ids[:1], "done")
    decisions.postpone(conn, ids, now + MINUTE)
    assert decisions.due(conn, now) == []
    assert [d.id for d in decisions.due(conn, now + MINUTE)] == [ids[1]]
    assert decisions.of_incident(conn, incident_id)[0].due_at == now


def test_decisions_about_several_changes_are_stored_in_their_order(
    conn: Connection, now: datetime
) -> None:
    one, one_change = incident_and_change(conn, now)
    two, two_change = incident_and_change(conn, now)
    told = NewDecision("flash", "desk", now, ())
    nobody = NewDecision("", None, None, (Why("stale", {"days": 9}),))
    made = [
        decisions.Made(two, two_change, Level.ALERT, nobody),
        decisions.Made(one, one_change, Level.FLASH, told),
    ]
    ids = decisions.add_many(conn, made, now)
    assert ids == sorted(set(ids))
    assert [each.id for each in decisions.of_incident(conn, two)] == ids[:1]
    (stored,) = decisions.of_incident(conn, one)
    assert (stored.id, stored.level, stored.state) == (ids[1], Level.FLASH, "due")
    assert decisions.add_many(conn, [], now) == []
