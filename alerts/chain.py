"""The escalation chain: its steps over all its rounds, who is in it, and when it began. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from alerts import roster
from alerts.policy import EscalationStep, Policy
from storage.records import Change, Decision, Incident, Level, Notice, Scalar, Why

STARTS = ("alert", "raised", "returned")  # kinds of notices with which a chain begins
_STEP = "escalation"


class Steps(NamedTuple):
    """Who is told with the first notice (`at_once`), and who later while nobody takes it."""

    at_once: tuple[str, ...]
    later: tuple[EscalationStep, ...]


def steps_of(policy: Policy, level: Level) -> Steps:
    """The chain of a level, all its rounds one after the other, by time.

    A round begins as long after the last step of the one before as that step came after its
    predecessor: 0, 5, 10, 20 minutes go on with 30, 35, 40, 50. A chain without a later step has
    nothing to repeat.
    """
    told = sorted(policy.escalation.get(level, ()), key=lambda step: step.after)
    at_once = tuple(step.to for step in told if step.after <= timedelta(0))
    if not told or told[-1].after <= timedelta(0):
        return Steps(at_once, ())
    before = told[-2].after if len(told) > 1 else timedelta(0)
    length = told[-1].after + max(told[-1].after - before, timedelta(minutes=1))
    rounds = policy.timing.rounds.get(level, 1)
    later = [
        replace(step, after=step.after + length * n)
        for n in range(rounds)
        for step in told
        if n or step.after > timedelta(0)
    ]
    return Steps(at_once, tuple(later))


def began(
    of: Incident, team: str, told: Iterable[Notice], changes: Iterable[Change]
) -> Notice | None:
    """The notice that started the chain now running for the team; None if there is none.

    A rise of the level and a giving back each start another. `told` are oldest first.
    """
    back = max((each.at for each in changes if each.kind == "unacknowledged"), default=None)
    for notice in told:
        if notice.team != team or notice.kind not in STARTS or notice.level != of.level:
            continue
        if notice.created_at < of.level_since:
            continue
        # The notice of a giving back may bear its very time, an older one is over by then.
        if back is None or notice.created_at > back or (
            notice.kind == "returned" and notice.created_at == back
        ):  # fmt: skip
            return notice
    return None


def called(
    of: Incident, team: str, told: Iterable[Notice], changes: Iterable[Change]
) -> frozenset[str]:
    """Whom the chain now running for the team has told so far, its first notice included."""
    known = list(told)
    start = began(of, team, known, changes)
    since = start.created_at if start is not None else of.level_since
    return frozenset(
        each.person
        for each in known
        if each.team == team
        and each.created_at >= since
        and each.kind in (*STARTS, "reminder", "escalation")
    )


def called_by(step: Decision, level: Level, policy: Policy, now: datetime) -> tuple[str, ...]:
    """Whom a later step of the chain would tell at `now`, by id; nobody if the chain lost it."""
    later = steps_of(policy, level).later
    team = policy.teams.get(step.team or "")
    if team is None or not 0 < step.step <= len(later):
        return ()
    return tuple(each.id for each in roster.told(team, later[step.step - 1].to, policy, now).people)


def waiting_to_hear(
    told: Iterable[Notice], changes: Sequence[Change], *, taker: str, taken_at: datetime
) -> tuple[str, ...]:
    """The persons who believe that nobody has it: those told since it was last taken.

    `taken_at` is when `taker` took it, who is left out himself.
    """
    before = [each.at for each in changes if each.kind == "acknowledged" and each.at < taken_at]
    since = max(before, default=None)
    return tuple(
        dict.fromkeys(
            each.person
            for each in told
            if each.person != taker and (since is None or each.created_at > since)
        )
    )


def rules_of(decisions: Iterable[Decision], before: Iterable[Notice]) -> tuple[str, ...]:
    """The rules that matched; of what only follows, those by which it was told `before`."""
    matched = tuple(dict.fromkeys(each.rule for each in decisions if each.rule))
    told_by = (why for notice in before for why in notice.why if why.code == "rule")
    return matched or tuple(dict.fromkeys(str(why.values.get("rule", "")) for why in told_by))


def step_why(step: EscalationStep) -> Why:
    """What a step says once its time has come and nobody has taken the incident."""
    minutes = step.after / timedelta(minutes=1)
    return Why(_STEP, {"minutes": minutes, "to": step.to})


def by_office(who: str | None, policy: Policy) -> dict[str, Scalar]:
    """Somebody as the value `by` of a reason: by office in both languages where he is known."""
    person = policy.people.get(who or "")
    named: dict[str, Scalar] = {"by": who or "–"}
    return named if person is None else named | {"by_th": person.role.th, "by_en": person.role.en}


def reasons_as_it_stands(of: Decision) -> tuple[Why, ...]:
    """The reasons of a decision as they are true now.

    A step whose time has not come is worded as what will be done; one that was withdrawn has told
    nobody, so that only why it was withdrawn is left.
    """
    if of.step == 0 or of.state == "done":
        return of.why
    if of.state == "due":
        return tuple(replace(why, code="next_step") if why.code == _STEP else why for why in of.why)
    return tuple(why for why in of.why if why.code != _STEP)
