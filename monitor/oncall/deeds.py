"""What the person on call does to an incident: take, give back, hand on, put off, call the next.

Each deed is one line of the timeline and one of the audit log, whichever road it came by.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts import chain
from alerts.policy import Policy
from monitor.incidents.officer import Deed, not_merged
from monitor.refusal import NotDone
from storage import decisions, incidents, oncall, outbox
from storage.records import Incident, Level, NewDecision, Why

DISMISSALS = (
    "duplicate", "old_news", "wrong_place", "not_a_crisis", "below_interest", "exercise",
)  # fmt: skip
LONGEST_SNOOZE = timedelta(days=7)


def is_taken(of: Incident) -> bool:
    """Whether somebody has taken it on at the level that it has now."""
    level = of.acknowledged_level
    return of.acknowledged_at is not None and level is not None and level >= of.level


def is_over(of: Incident) -> bool:
    """Whether nothing is left to take on."""
    return of.state in ("closed", "merged")


def acknowledge(deed: Deed, of: Incident, channel: str, level: Level | None = None) -> bool:
    """Take it on; escalation stops. False when it is taken at that level already.

    Who was told since it was last taken believes that nobody has it, and hears who does.
    `level` is what the officer saw, if it is not the present one: a later rise is not taken.
    """
    seen = min(level or of.level, of.level)
    if of.acknowledged_level is not None and of.acknowledged_level >= seen:
        return False
    told = outbox.of_incident(deed.conn, of.id)
    before = incidents.changes(deed.conn, of.id)
    change = incidents.acknowledge(
        deed.conn, of.id, by=deed.by, at=deed.now, channel=channel, level=seen
    )
    if seen >= of.level:
        waiting = chain.waiting_to_hear(told, before, taker=deed.by, taken_at=deed.now)
        known = {person for person in waiting if person in deed.policy.people}
        teams = dict.fromkeys(each.team for each in told if each.person in known)
        why = Why("taken", chain.by_office(deed.by, deed.policy))
        hear = [NewDecision("", team, deed.now, (why,)) for team in teams]
        decisions.add(deed.conn, of.id, change.id, hear, of.level, deed.now)
    deed.audit("acknowledge", of, after={"channel": channel, "level": seen.name})
    return True


def unacknowledge(deed: Deed, of: Incident, channel: str = "command") -> None:
    """Give it back: its chain starts anew, from its first step on. Raises NotDone."""
    if of.acknowledged_at is None:
        raise NotDone("nobody", number=of.number)
    change = incidents.unacknowledge(deed.conn, of.id, by=deed.by, at=deed.now)
    _start_chain(deed, of, change.id)
    deed.audit("unacknowledge", of, before={"by": of.acknowledged_by}, after={"channel": channel})


def dismiss(
    deed: Deed, of: Incident, channel: str, reason: str | None, level: Level | None = None
) -> None:
    """Note that it does not concern the desk: nobody else is called, the feeds' figures count it.

    `reason` is one of `DISMISSALS`, None where none was given. Level and state stay as they are.
    """
    acknowledge(deed, of, channel, level)
    known = incidents.changes(deed.conn, of.id)
    said = (each for each in known if each.kind == "dismissed" and each.by == deed.by)
    if any(each.new == reason for each in said):
        return
    deed.change(of, "dismissed", None, reason)
    deed.audit("dismiss", of, after={"channel": channel, "reason": reason})


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
    not_merged(deed, of)
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
    not_merged(deed, of)
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


def call_next(deed: Deed, of: Incident) -> tuple[str, ...]:
    """Call the next in line now, without waiting for the time of the chain; who that is, by id.

    The next is whom the chain now running has not called yet; where it has called everybody, the
    next step reminds. What waits in between keeps its time. Raises NotDone.
    """
    if is_taken(of):
        raise NotDone("taken", number=of.number)
    known = outbox.of_incident(deed.conn, of.id)
    changes = incidents.changes(deed.conn, of.id)
    waiting: dict[
        int, dict[str, bool]
    ] = {}  # by step: whom it calls, and whether for the first time
    for each in decisions.pending(deed.conn, of.id):
        if each.step > 0 and each.due_at is not None and each.due_at > deed.now:
            called = chain.called(of, each.team or "", known, changes)
            for person in chain.called_by(each, of.level, deed.policy, deed.now):
                waiting.setdefault(each.step, {})[person] = person not in called
    steps = sorted(waiting)
    step = next((each for each in steps if any(waiting[each].values())), min(steps, default=0))
    if not oncall.hasten(deed.conn, of.id, deed.now, step=step):
        raise NotDone("no_step", number=of.number)
    found = waiting[step]
    people = tuple(each for each in found if found[each] or not any(found.values()))
    deed.change(of, "escalated", None, None)
    deed.audit("escalate now", of, after={"step": step, "people": list(people)})
    return people


def _start_chain(deed: Deed, of: Incident, change: int) -> None:
    """Withdraw the steps that wait, and tell each team that was told, by the rules that matched.

    The ticker makes the first notice of it, and the later steps follow from that.
    """
    back = Why("given_back", chain.by_office(deed.by, deed.policy))
    made = decisions.of_incident(deed.conn, of.id)
    old = [each.id for each in made if each.state == "due" and each.step > 0]
    decisions.mark(deed.conn, old, "dropped", (back,))
    teams = dict.fromkeys(each.team for each in outbox.of_incident(deed.conn, of.id))
    again: dict[tuple[str, str], NewDecision] = {}
    for each in made:
        if each.team in teams and each.rule and each.state == "done" and each.step == 0:
            why = tuple(why for why in each.why if why.code == "rule" or _is_match(why))
            again[each.team, each.rule] = NewDecision(each.rule, each.team, deed.now, (*why, back))
    for team in teams:
        if not any(team == named for named, _ in again):
            again[team, ""] = NewDecision("", team, deed.now, (back,))
    decisions.add(deed.conn, of.id, change, list(again.values()), of.level, deed.now)


def _is_match(why: Why) -> bool:
    return why.code.startswith("match_")
