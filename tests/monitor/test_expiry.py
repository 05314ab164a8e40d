"""A warning that runs out is told as that, once, and only when none is left in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.incidents.expiry import expire
from storage import incidents, items
from storage.database import Connection
from storage.records import Figure, Hazard, Incident, Level
from tests.monitor.deeds import Desk

WARNING = Hazard(type="FL", severity="Extreme", urgency="Immediate", certainty="Observed")


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def warned(desk: Desk, hours: int, events: tuple[tuple[str, str], ...]) -> Incident:
    """A flood warning that runs for so long."""
    item = desk.comes(
        "Flood warning for northern Laos", feed="agency", facts=WARNING, tier="official",
        events=events,
    )  # fmt: skip
    values = replace(item.values, expires_at=desk.now + timedelta(hours=hours))
    items.revise(
        desk.conn, item.id, values=values, content_hash=f"until {hours} {item.id}",
        changed=("expires_at",), reading=item.reading, keys=(), now=desk.now,
    )  # fmt: skip
    return desk.incident(item.incident_id)


def test_expiry_is_told_once_when_the_last_warning_has_run_out(desk: Desk) -> None:
    of = warned(desk, 6, (("cap", "one"),))
    assert of.level >= Level.WATCH
    later = warned(desk, 12, (("cap", "one"),))
    assert later.id == of.id
    desk.later(hours=7)
    assert expire(desk.conn, desk.policy, desk.now) == 0, "the second still runs"
    desk.later(hours=6)
    assert expire(desk.conn, desk.policy, desk.now) == 1
    assert expire(desk.conn, desk.policy, desk.now) == 0
    assert desk.kinds(of).count("expired") == 1
    assert desk.incident(of.id).state == "open"


def test_an_incident_without_warnings_never_expires(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos kill 12").incident_id)
    desk.later(days=2)
    assert expire(desk.conn, desk.policy, desk.now) == 0
    assert "expired" not in desk.kinds(of)
    assert incidents.changes(desk.conn, of.id)


def test_warnings_that_all_ran_out_raise_the_level_no_more_and_the_reason_says_so(
    desk: Desk,
) -> None:
    of = warned(desk, 6, (("cap", "one"),))
    assert of.level > Level.WATCH
    desk.later(hours=7)
    expire(desk.conn, desk.policy, desk.now)
    after = desk.incident(of.id)
    assert after.level is Level.WATCH, "nobody has given the all-clear"
    assert after.severity == "Extreme", "what the source said stays as it said it"
    (told,) = (why for why in after.level_why if why.code == "warnings_expired")
    assert told.values["level"] == of.level.name
    assert "level_lowered" in desk.kinds(of)
    again = warned(desk, 6, (("cap", "one"),))
    assert (again.id, again.level) == (of.id, of.level), "a new warning counts again"


def test_what_has_happened_keeps_its_level_when_the_warning_runs_out(desk: Desk) -> None:
    of = warned(desk, 6, (("cap", "one"),))
    dead = (Figure("dead", 12, "12 dead"),)
    joined = desk.comes("Flood kills 12 in Laos", events=(("cap", "one"),), figures=dead)
    assert joined.incident_id == of.id
    desk.later(hours=7)
    expire(desk.conn, desk.policy, desk.now)
    after = desk.incident(of.id)
    assert after.level > Level.WATCH
    assert {"dead_mass_near", "dead_near"} & {why.code for why in after.level_why}
