"""What the rules decided of an incident, one line for each rule and outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts import clean
from alerts.chain import reasons_as_it_stands
from monitor.desk.voice import Moment, Voice
from storage.records import Decision, Why

_SAY_NOTHING = {"not_material", "duplicate_of"}  # of use to programs, not to a reader
_SAYS_LITTLE = {"told_before", "never_told"}  # of teams that nobody had told anything


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule with one outcome: how often, the first and the last time, and the newest reasons."""

    rule: str
    team: str
    state: str
    count: int
    first: Moment | None
    last: Moment | None
    why: tuple[str, ...]
    told: bool


def outcomes(found: Iterable[Decision], voice: Voice) -> tuple[Outcome, ...]:
    """The outcomes that tell a reader something: who was told before who was not."""
    groups: dict[tuple[object, ...], list[Decision]] = {}
    for each in found:
        if not is_noise(each):
            groups.setdefault(_kind(each), []).append(each)
    made = [(_outcome(group, voice), group[-1].made_at) for group in groups.values()]
    made.sort(key=lambda pair: pair[1], reverse=True)
    made.sort(key=lambda pair: not pair[0].told)
    return tuple(outcome for outcome, _ in made)


def is_noise(of: Decision) -> bool:
    """A change of which nobody need be told, by no rule's word."""
    codes = {why.code for why in of.why}
    unheard = of.state == "dropped" and not of.rule and codes <= _SAYS_LITTLE
    return unheard or (of.team is None and codes <= _SAY_NOTHING)


def rule_name(of: Decision, voice: Voice) -> str:
    """The rule by the name that officers gave it."""
    names = {rule.id: rule.name.in_(voice.language) for rule in voice.policy.rules}
    return names.get(of.rule) or clean.one_line(of.rule, 80) or voice.say("desk.no_rule")


def team_name(name: str | None, voice: Voice) -> str:
    """A team by its name; "nobody" for None."""
    if name is None:
        return voice.say("desk.nobody")
    known = voice.policy.teams.get(name)
    return known.name.in_(voice.language) if known else clean.one_line(name, 80)


def state_of(of: Decision, voice: Voice) -> str:
    """What became of it; one whose time has passed goes out as soon as the program runs."""
    if of.shadow:
        return voice.say("label.shadow")
    if of.state == "due" and of.due_at is not None:
        key = "overdue" if of.due_at <= voice.now else "due"
        return voice.say(f"desk.decision.{key}")
    return voice.say_or(f"desk.decision.{of.state}", of.state)


def _kind(of: Decision) -> tuple[object, ...]:
    """Those of one kind stand in one line; without a rule the reason tells them apart."""
    due = of.due_at if of.state == "due" else None
    codes = () if of.team else tuple(why.code for why in of.why)
    if of.state == "dropped":  # why it was dropped is the last that was added
        codes = tuple(why.code for why in of.why[-1:])
    return of.rule, of.team, of.state, of.shadow, of.step > 0, due, codes


def _outcome(group: Sequence[Decision], voice: Voice) -> Outcome:
    newest = group[-1]
    state = state_of(newest, voice)
    if newest.state == "due" and newest.due_at is not None and not newest.shadow:
        state = f"{state} ({voice.say('desk.due', at=_short(newest.due_at, voice))})"
    return Outcome(
        rule=rule_name(newest, voice),
        team=team_name(newest.team, voice),
        state=state,
        count=len(group),
        first=voice.moment(group[0].made_at),
        last=voice.moment(newest.made_at),
        why=voice.reasons(_beside_rule(newest)),
        told=newest.team is not None,
    )


def _beside_rule(of: Decision) -> tuple[Why, ...]:
    """The reasons as they stand now, without the rule's name, which stands in front of them."""
    whys = reasons_as_it_stands(of)
    return tuple(why for why in whys if why.code != "rule" or why.values.get("rule") != of.rule)


def _short(at: datetime, voice: Voice) -> str:
    moment = voice.moment(at)
    return moment.text if moment else ""
