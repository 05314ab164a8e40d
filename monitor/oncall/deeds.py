"""What the person on call does to an incident: take, give back, hand on, put off, call the next.

Each deed is one line of the timeline and one of the audit log, whichever road it came by.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.policy import Policy
from monitor.incidents.officer import Deed
from monitor.refusal import NotDone
from storage import decisions, incidents, oncall, outbox
from storage.records import Incident, Level, NewDecision, Why

LONGEST_SNOOZE = timedelta(days=7)
_CHAIN = ("alert", "raised")


def is_taken(of: Incident) -> bool:
    """Whether somebody has taken it on at the level that it has now."""
    level = of.acknowledged_level
    return of.acknowledged_at is not None and level is not None and level >= of.level


def is_over(of: Incident) -> bool:
    """Whether nothing is left to take on."""
    return of.state in ("closed", "merged")


def acknowledge(deed: Deed, of: Incident, channel: str, level: Level | None = None) -> bool:
    """Take it on; escalation stops. False when it is taken at that level already.

    `level` is what the officer saw, if it is not the present one: a later rise is not taken.
    """
    seen = min(level or of.level, of.level)
    if of.acknowledged_level is not None and of.acknowledged_level >= seen:
        return False
    incidents.acknowledge(deed.conn, of.id, by=deed.by, at=deed.now, channel=channel, level=seen)
    deed.audit("acknowledge", of, after={"channel": channel, "level": seen.name})
    return True


def unacknowledge(deed: Deed, of: Incident, channel: str = "command") -> None:
    """Give it back: the chain of escalation starts anew from now. Raises NotDone."""
    if of.acknowledged_at is None:
        raise NotDone("nobody", number=of.number)
    change = incidents.unacknowledge(deed.conn, of.id, by=deed.by, at=deed.now)
    _start_chain(deed, of, change.id)
    deed.audit("unacknowledge", of, before={"by": of.acknowledged_by}, after={"channel": channel})


def person_named(policy: Policy, said: str) -> str:
    """The id of somebody of alerts.yaml by his id, his office in Thai or English, or his address.

    Raises NotDone where it is nobody's, or that of several.
    """
    wanted = said.strip().casefold()
    found = [
        each.id
        for each in policy.people.values()
        if wanted in (each.id, *map(str.casefold, (each.role.th, each.role.en, each.email)))
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(
        f"{each.id} ({each.role.th} / {each.role.en})" for each in policy.people.values()
    )
    raise NotDone("stranger", name=said, known=known)


def assign(deed: Deed, of: Incident, said: str) -> str:
    """Name who looks after it, by id or office; the id. Raises NotDone for nobody known."""
    person = person_named(deed.policy, said)
    before = oncall.care_of(deed.conn, of.id)
    oncall.keep_care(
        deed.conn,
        replace(before, assigned_to=person, assigned_at=deed.now, assigned_by=deed.by),
    )
    deed.change(of, "assigned", before.assigned_to, person)
    deed.audit("assign", of, before={"to": before.assigned_to}, after={"to": person})
    return person


def snooze(deed: Deed, of: Incident, until: datetime) -> None:
    """Put its reminders and updates off until then; then it comes back. Raises NotDone.

    A rise of its level, its end and other incidents are told all the same.
    """
    if not deed.now < until <= deed.now + LONGEST_SNOOZE:
        raise NotDone("snooze_length")
    if is_over(of):
        raise NotDone("over", number=of.number)
    before = oncall.care_of(deed.conn, of.id)
    oncall.keep_care(
        deed.conn,
        replace(before, snoozed_until=until, snoozed_level=of.level, snoozed_by=deed.by),
    )
    change = deed.change(of, "snoozed", None, until.isoformat())
    why = Why("snooze_over", {"by": deed.by})
    told = {each.team for each in outbox.of_incident(deed.conn, of.id)}
    if any(each.step > 0 for each in decisions.pending(deed.conn, of.id)):
        told.clear()  # the steps that wait come back by themselves
    back = [NewDecision("", team, until, (why,)) for team in sorted(told)]
    decisions.add(deed.conn, of.id, change, back, of.level, deed.now)
    deed.audit("snooze", of, after={"until": until.isoformat()})


def unsnooze(deed: Deed, of: Incident) -> None:
    """End a snooze: what was put off goes out now. Raises NotDone."""
    before = oncall.care_of(deed.conn, of.id)
    until = before.snoozed(deed.now, of.level)
    if until is None:
        raise NotDone("not_snoozed", number=of.number)
    oncall.keep_care(deed.conn, replace(before, snoozed_until=deed.now))
    over = [
        each.id
        for each in decisions.pending(deed.conn, of.id)
        if any(why.code == "snooze_over" for why in each.why)
    ]
    decisions.mark(deed.conn, over, "done")
    oncall.hasten(deed.conn, of.id, deed.now, due_at=until)
    deed.change(of, "unsnoozed", None, None)
    deed.audit("unsnooze", of, before={"until": until.isoformat()})


def call_next(deed: Deed, of: Incident) -> None:
    """Tell the next in line now, without waiting for the time of the chain. Raises NotDone."""
    if is_taken(of):
        raise NotDone("taken", number=of.number)
    if not oncall.hasten(deed.conn, of.id, deed.now):
        raise NotDone("no_step", number=of.number)
    deed.change(of, "escalated", None, None)
    deed.audit("escalate now", of)


def _start_chain(deed: Deed, of: Incident, change: int) -> None:
    waiting = {
        each.team
        for each in decisions.of_incident(deed.conn, of.id)
        if each.state == "due" and each.step > 0
    }
    teams = {
        each.team
        for each in outbox.of_incident(deed.conn, of.id)
        if each.kind in _CHAIN and each.team not in waiting
    }
    steps = sorted(
        (step for step in deed.policy.escalation.get(of.level, ()) if step.after > timedelta(0)),
        key=lambda step: step.after,
    )
    again = [
        NewDecision(
            "", team, deed.now + step.after,
            (Why("escalation", {"minutes": step.after / timedelta(minutes=1), "to": step.to}),),
            step=n,
        )
        for team in sorted(teams)
        for n, step in enumerate(steps, start=1)
    ]  # fmt: skip
    decisions.add(deed.conn, of.id, change, again, of.level, deed.now)
