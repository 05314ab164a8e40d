"""What the rules decided of an incident, one line for each rule and outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts import clean, phrases
from alerts.chain import reasons_as_it_stands
from alerts.conditions import EASING
from monitor.desk.voice import Moment, Voice
from storage.records import Change, Decision, Why

_SAY_NOTHING = {"not_material", "duplicate_of"}  # of use to programs, not to a reader
_SAYS_LITTLE = {"told_before", "never_told"}  # of teams that nobody had told anything
_OF_A_RULE = ("rule", "told_before", "match_")  # begin the reasons that a rule gives


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule with one outcome: how often, the first and the last time, and the newest reasons.

    `times` says of how many changes it was, `span` from when to when; empty for a single one.
    """

    rule: str
    team: str
    state: str
    times: str
    span: str
    at: Moment | None
    why: tuple[str, ...]
    told: bool


def outcomes(
    found: Iterable[Decision], changes: Iterable[Change], voice: Voice, *, taken: bool
) -> tuple[Outcome, ...]:
    """The outcomes that tell a reader something: who was told before who was not.

    While somebody has it (`taken`) no later step calls anybody; those that wait stand in one line.

    What only goes to those who were told before (an all-clear, a lower level) matched no rule: it
    stands once for each team, with what it was.
    """
    kinds = {each.id: each.kind for each in changes}
    groups: dict[tuple[object, ...], list[Decision]] = {}
    for each in (_rests(of) if taken else of for of in found):
        if not is_noise(each):
            groups.setdefault(_kind(each, kinds), []).append(each)
    made = [(_outcome(group, kinds, voice), group[-1].made_at) for group in groups.values()]
    made.sort(key=lambda pair: pair[1], reverse=True)
    made.sort(key=lambda pair: not pair[0].told)
    return tuple(outcome for outcome, _ in made)


def is_noise(of: Decision) -> bool:
    """A change of which nobody need be told, by no rule's word."""
    codes = {why.code for why in of.why}
    unheard = of.state == "dropped" and not of.rule and codes <= _SAYS_LITTLE
    return unheard or (of.team is None and codes <= _SAY_NOTHING)


def _rests(of: Decision) -> Decision:
    """A step of the chain that waits, as it stands while somebody has the incident."""
    waits = of.step > 0 and of.state == "due" and not of.shadow
    return replace(of, state="rests", due_at=None) if waits else of


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


def _kind(of: Decision, kinds: Mapping[int, str]) -> tuple[object, ...]:
    """Those of one kind stand in one line; without a rule the reason tells them apart."""
    due = of.due_at if of.state == "due" else None
    codes = () if of.team else tuple(why.code for why in of.why)
    if of.state == "dropped":  # why it was dropped is the last that was added
        codes = tuple(why.code for why in of.why[-1:])
    if _eases(of, kinds):
        return "", of.team, of.state, of.shadow, due
    return of.rule, of.team, of.state, of.shadow, of.step > 0, due, codes


def _eases(of: Decision, kinds: Mapping[int, str]) -> bool:
    """Whether it is only for those who were told before, whatever the rule asks for."""
    return of.team is not None and kinds.get(of.change_id) in EASING


def _outcome(group: Sequence[Decision], kinds: Mapping[int, str], voice: Voice) -> Outcome:
    newest = group[-1]
    easing = _eases(newest, kinds)
    state = state_of(newest, voice)
    if newest.state == "due" and newest.due_at is not None and not newest.shadow:
        state = f"{state} ({voice.say('desk.due', at=_short(newest.due_at, voice))})"
    of = dict.fromkeys(each.change_id for each in group)
    first, last = _short(group[0].made_at, voice), _short(newest.made_at, voice)
    return Outcome(
        rule=voice.say("desk.to_the_told") if easing else rule_name(newest, voice),
        team=team_name(newest.team, voice),
        state=state,
        times=voice.say("show.times", count=len(of)) if len(of) > 1 else "",
        span=f"{first} – {last}" if len(of) > 1 and first != last else "",
        at=voice.moment(newest.made_at),
        why=_eased(newest, of, kinds, voice) if easing else voice.reasons(_beside_rule(newest)),
        told=newest.team is not None,
    )


def _beside_rule(of: Decision) -> tuple[Why, ...]:
    """The reasons as they stand now, without the rule's name, which stands in front of them."""
    whys = reasons_as_it_stands(of)
    return tuple(why for why in whys if why.code != "rule" or why.values.get("rule") != of.rule)


def _eased(
    newest: Decision, changes: Iterable[int], kinds: Mapping[int, str], voice: Voice
) -> tuple[str, ...]:
    """What it was that eased, each once, and why nobody had to be told where that is so."""
    known = dict.fromkeys(kinds[each] for each in changes if each in kinds)
    told = (phrases.sentence(voice.say_or(f"change_kind.{kind}", kind)) for kind in known)
    left = (why for why in newest.why if not why.code.startswith(_OF_A_RULE))
    return (*told, *voice.reasons(tuple(left)))


def _short(at: datetime, voice: Voice) -> str:
    moment = voice.moment(at)
    return moment.text if moment else ""
