"""Taking, giving back, handing on, putting off: what each deed does to the chain and the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.config.settings import Settings
from monitor.incidents.officer import Deed
from monitor.notify import decide_due
from monitor.oncall import deeds, letters
from monitor.refusal import NotDone
from storage import audit, decisions, incidents, outbox
from storage import oncall as kept
from storage.database import Connection
from storage.records import Level, NewDecision, Notice, Why
from tests import oncall

AN_HOUR = timedelta(hours=1)


def deed(conn: Connection, at: datetime, by: str = "duty-primary") -> Deed:
    return Deed(conn, oncall.POLICY, by, at)


def tick(conn: Connection, settings: Settings, at: datetime) -> list[Notice]:
    """The notices that come of what is due."""
    before = {each.id for each in outbox.recent(conn, 50)}
    decide_due(conn, oncall.POLICY, settings, now=at)
    return [each for each in reversed(outbox.recent(conn, 50)) if each.id not in before]


def test_a_snooze_puts_reminders_off_and_they_come_back(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    deeds.snooze(deed(conn, now + timedelta(minutes=1)), case.incident, now + AN_HOUR)
    assert tick(conn, settings, now + timedelta(minutes=6)) == []
    back = tick(conn, settings, now + AN_HOUR)
    assert {each.kind for each in back} >= {"reminder"}
    said = [each.kind for each in incidents.changes(conn, case.incident.id)]
    assert said == ["opened", "snoozed"]


def test_a_taken_incident_comes_back_as_an_update_when_its_snooze_ends(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    deeds.acknowledge(deed(conn, now), case.incident, "desk")
    assert tick(conn, settings, now + timedelta(minutes=21)) == []
    at = now + timedelta(minutes=22)
    deeds.snooze(deed(conn, at), incidents.get(conn, case.incident.id), now + 2 * AN_HOUR)
    assert tick(conn, settings, now + AN_HOUR) == []
    assert [each.kind for each in tick(conn, settings, now + 2 * AN_HOUR)] == ["update"]


def test_a_rise_of_the_level_breaks_a_snooze(
    conn: Connection, settings: Settings, now: datetime
) -> None:
    case = oncall.told(conn, settings, now, Level.ALERT)
    deeds.snooze(deed(conn, now), case.incident, now + AN_HOUR)
    later = now + timedelta(minutes=10)
    incidents.save(conn, replace(case.incident, level=Level.FLASH, level_since=later))
    change = incidents.add_change(
        conn, incident_id=case.incident.id, at=later, kind="level_raised", old="ALERT", new="FLASH"
    )
    new = NewDecision("flash-anywhere", "duty", later, (Why("rule"),))
    decisions.add(conn, case.incident.id, change.id, [new], Level.FLASH, later)
    assert [each.kind for each in tick(conn, settings, later)] == ["raised"]


def test_a_snooze_can_be_ended_and_what_waited_goes_out(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    deeds.snooze(deed(conn, now), case.incident, now + AN_HOUR)
    tick(conn, settings, now + timedelta(minutes=6))
    at = now + timedelta(minutes=7)
    deeds.unsnooze(deed(conn, at), case.incident)
    assert tick(conn, settings, at) != []
    with pytest.raises(NotDone, match="is not snoozed"):
        deeds.unsnooze(deed(conn, at), case.incident)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=8), -AN_HOUR])
def test_a_snooze_has_an_end_within_a_week(
    conn: Connection, case: oncall.Case, now: datetime, length: timedelta
) -> None:
    with pytest.raises(NotDone, match="within 7 days"):
        deeds.snooze(deed(conn, now), case.incident, now + length)


def test_the_next_in_line_can_be_called_at_once(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    at = now + timedelta(minutes=1)
    assert deeds.call_next(deed(conn, at), case.incident) == ("head-of-desk",)  # two were told
    (mail,) = tick(conn, settings, at)
    assert (mail.kind, mail.person) == ("escalation", "head-of-desk")
    assert deeds.call_next(deed(conn, at), case.incident) == ("duty-primary",)  # all were called
    assert [each.kind for each in tick(conn, settings, at)] == ["reminder"]


def test_after_a_giving_back_the_backup_is_called_and_not_the_primary_again(
    conn: Connection, settings: Settings, now: datetime
) -> None:
    of = oncall.told(conn, settings, now).incident
    deeds.acknowledge(deed(conn, now), of, "desk")
    at = now + timedelta(minutes=1)
    deeds.unacknowledge(deed(conn, at), incidents.get(conn, of.id))
    assert {each.person for each in tick(conn, settings, at)} >= {"duty-primary"}
    at += timedelta(seconds=4)
    called = [each.person for each in outbox.of_incident(conn, of.id) if each.created_at > now]
    wanted = "head-of-desk" if "duty-backup" in called else "duty-backup"
    assert deeds.call_next(deed(conn, at), incidents.get(conn, of.id)) == (wanted,)
    (mail,) = tick(conn, settings, at)
    assert mail.person == wanted


def test_what_is_taken_calls_nobody(conn: Connection, case: oncall.Case, now: datetime) -> None:
    assert deeds.acknowledge(deed(conn, now), case.incident, "desk")
    taken = incidents.get(conn, case.incident.id)
    with pytest.raises(NotDone, match="is taken") as told:
        deeds.call_next(deed(conn, now), taken)
    assert "คืนเรื่อง" in told.value.in_("th")


@pytest.mark.parametrize("said", ["duty-backup", "เวรสำรอง", "Backup duty officer"])
def test_somebody_is_found_by_id_or_by_office(said: str) -> None:
    assert deeds.person_named(oncall.POLICY, said) == "duty-backup"


def test_an_office_that_two_people_hold_is_not_guessed() -> None:
    people = oncall.POLICY.people
    double = replace(people["head-of-desk"], role=people["duty-backup"].role)
    with pytest.raises(NotDone, match="an id or an office"):
        deeds.person_named(replace(oncall.POLICY, people={**people, "x": double}), "เวรสำรอง")


def test_an_assignment_is_kept_told_and_recorded(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    by = deed(conn, now)
    deeds.assign(by, case.incident, "head-of-desk")
    letters.tell_assigned(by, case.incident, "head-of-desk", settings)
    assert kept.care_of(conn, case.incident.id).assigned_to == "head-of-desk"
    mail = outbox.recent(conn, 1)[0]
    assert (mail.kind, mail.recipient) == ("assigned", "head-of-desk@ministry.example")
    assert [each.action for each in audit.listing(conn, limit=1)] == ["assign"]
    with pytest.raises(NotDone, match="is nobody in"):
        deeds.assign(by, case.incident, "somebody")


def test_a_taken_incident_stops_its_chain_until_its_level_rises(
    conn: Connection, settings: Settings, now: datetime
) -> None:
    case = oncall.told(conn, settings, now, Level.ALERT)
    deeds.acknowledge(deed(conn, now), case.incident, "link")
    assert tick(conn, settings, now + AN_HOUR) == []
    later = now + 2 * AN_HOUR
    taken = incidents.get(conn, case.incident.id)
    incidents.save(conn, replace(taken, level=Level.FLASH, level_since=later))
    change = incidents.add_change(
        conn, incident_id=case.incident.id, at=later, kind="level_raised", old="ALERT", new="FLASH"
    )
    new = NewDecision("flash-anywhere", "duty", later, (Why("rule"),))
    decisions.add(conn, case.incident.id, change.id, [new], Level.FLASH, later)
    (raised,) = tick(conn, settings, later)
    assert raised.kind == "raised"
    steps = [each.step for each in decisions.pending(conn, case.incident.id)]
    assert steps == list(range(1, 12))  # three rounds
    text = raised.mime.decode()
    assert "Reply-To: desk+a-" in text


@pytest.mark.parametrize("minutes", [2, 200], ids=["while steps wait", "after the last step"])
def test_giving_it_back_calls_the_first_in_line_at_once_by_the_rule_that_matched(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime, minutes: int
) -> None:
    first = decisions.of_incident(conn, case.incident.id)[0].change_id
    why = (Why("rule", {"rule": "flash-anywhere", "rule_th": "ก", "rule_en": "FLASH anywhere"}),)
    ids = decisions.add(
        conn, case.incident.id, first, [NewDecision("flash-anywhere", "duty", now, why)],
        Level.FLASH, now,
    )  # fmt: skip
    decisions.mark(conn, ids, "done")
    taken_at = now + timedelta(minutes=1)
    deeds.acknowledge(deed(conn, taken_at), case.incident, "desk")
    assert [each.kind for each in tick(conn, settings, taken_at)] == ["taken"]
    at = now + timedelta(minutes=minutes)
    assert tick(conn, settings, at) == []
    deeds.unacknowledge(deed(conn, at), incidents.get(conn, case.incident.id))
    (told,) = tick(conn, settings, at)
    assert (told.kind, told.person) == ("returned", "duty-primary")
    assert b"X-Crisis-Rule: flash-anywhere" in told.mime
    assert tick(conn, settings, at) == []
    waits = decisions.pending(conn, case.incident.id)
    assert waits[0].due_at == at + timedelta(minutes=5)
    assert {each.rule for each in waits} == {"flash-anywhere"}
    (called,) = tick(conn, settings, at + timedelta(minutes=10))[1:]
    assert (called.kind, called.person) == ("reminder", "duty-backup")


def test_who_was_called_hears_who_took_it_once(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    at = now + timedelta(minutes=3)
    deeds.acknowledge(deed(conn, at), case.incident, "link")
    (told,) = tick(conn, settings, at)
    assert (told.kind, told.person) == ("taken", "duty-backup")
    taken = incidents.get(conn, case.incident.id)
    assert not deeds.acknowledge(deed(conn, at, "head-of-desk"), taken, "link")
    assert tick(conn, settings, at + AN_HOUR) == []


def test_every_deed_has_its_words_in_the_timeline() -> None:
    from alerts import words

    known: Mapping[str, object] = {"old": "a", "new": "2026-11-22T08:30:00+00:00"}
    for kind in ("assigned", "snoozed", "unsnoozed", "escalated"):
        for language in ("th", "en"):
            assert words.say(f"change.{kind}", language, zone=None, **known)
