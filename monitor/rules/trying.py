"""One made-up incident put to the rules: which hold, who is told when, and why. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from alerts import rules
from alerts.case import Case
from alerts.conditions import EASING, fits, level_suffices
from alerts.levels import level_of
from alerts.policy import Policy
from alerts.roster import told
from alerts.situation import Situation
from alerts.ticker import plan
from monitor.errors import MonitorError
from monitor.incidents.alone import empty
from monitor.incidents.hazards import category_of
from monitor.incidents.titles import titled
from monitor.rules.tools import TOOLS
from storage.records import (
    Advice,
    Change,
    Decision,
    Figure,
    Incident,
    Item,
    ItemValues,
    Level,
    Reading,
    Role,
    Tag,
    Why,
)

_SPOKEN = frozenset(["communication", "advice"])


@dataclass(frozen=True, slots=True)
class Asked:
    """The example: the incident, the change that touches it and the item that makes it."""

    incident: Incident
    change: Change
    item: Item


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """What one rule says. `outcome`: tells, shadow, below_level, no_match, off."""

    rule: str
    outcome: str
    teams: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class TellsAt:
    """Somebody is told at a time. `kind`: alert, waits (until then), escalation."""

    at: datetime
    person: str
    kind: str
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """The whole answer; `nobody` says why nobody is told, where nobody is."""

    asked: Asked
    rules: tuple[RuleSaid, ...]
    tells: tuple[TellsAt, ...]
    nobody: tuple[Why, ...]


def example(given: Mapping[str, Any], policy: Policy, now: datetime) -> Asked:
    """The example that these values describe; the level follows from them unless it is given.

    Raises MonitorError for a key that means nothing.
    """
    unknown = [key for key in given if key not in KEYS]
    if unknown:
        raise MonitorError(f"{unknown[0]!r} is no part of an example: write {', '.join(KEYS)}")
    hazard = given.get("hazard")
    categories = tuple(given.get("categories") or filter(None, (category_of(hazard),)))
    point = given.get("point") or (None, None)
    made = replace(
        empty(now),
        hazard=hazard,
        categories=categories,
        countries=tuple(given.get("countries") or ()),
        lat=point[0],
        lon=point[1],
        event_at=now,
        figures=tuple(
            Figure(kind, float(value), at=now)
            for kind, value in (given.get("figures") or {}).items()
        ),
        nationals=given.get("nationals") or "unknown",
        severity=given.get("severity"),
        urgency=given.get("urgency"),
        certainty=given.get("certainty"),
        sources=int(given.get("sources") or 1),
        independent_sources=int(given.get("sources") or 1),
        leave_calls=int(given.get("leave_calls") or 0),
        exercise=bool(given.get("exercise")),
    )
    en, th = titled(made)
    title = given.get("title") or en
    made = replace(made, title_en=title, title_th=given.get("title") or th)
    level, whys = level_of(made, policy)
    if given.get("level"):
        level = Level[str(given["level"])]
        whys = (Why("officer_set", {"by": "rules test"}),)
    made = replace(made, level=level, level_why=whys)
    return Asked(made, _change(given, now), _item(given, made, title, now))


KEYS = (
    "title", "hazard", "categories", "countries", "point", "figures", "nationals", "severity",
    "urgency", "certainty", "sources", "leave_calls", "exercise", "level", "change", "feed",
    "feed_kind", "tier", "communication", "advice", "speaker", "probability", "tags",
)  # fmt: skip


def tried(asked: Asked, policy: Policy, now: datetime) -> Tried:
    """Put the example to the rules at `now`, and to the ticker at the times that follow."""
    incident, change, item = asked.incident, asked.change, asked.item
    made = rules.decide(incident, change, item, policy, now=now, tools=TOOLS)
    case = Case(incident, change, item, policy, now, TOOLS)
    told_by = {each.rule for each in made if each.team is not None}
    eases = change.kind in EASING and any(each.team is not None for each in made)
    said = []
    for rule in policy.rules:
        holds, whys = fits(rule.when, case)
        if not rule.enabled:
            outcome = "off"
        elif holds and eases and not rule.shadow:
            outcome = "tells"
        elif rule.id in told_by:
            outcome = "shadow" if rule.shadow else "tells"
        elif holds and not level_suffices(rule.when, case):
            outcome, whys = "below_level", (rules.below(rule, case),)
        else:
            outcome, whys = "no_match", ()
        said.append(RuleSaid(rule.id, outcome, rule.teams, whys))
    live = [each for each in made if each.team is not None and not each.shadow]
    nobody = () if live else next((each.why for each in made if each.team is None), ())
    due = [
        Decision(
            id=n, incident_id=incident.id, change_id=change.id, rule=each.rule, team=each.team,
            due_at=each.due_at, why=each.why, state="due", shadow=False, step=0,
            level=incident.level, made_at=now,
        )
        for n, each in enumerate(live)
    ]  # fmt: skip
    return Tried(asked, tuple(said), tuple(_when(asked, due, policy)), nobody)


def _when(asked: Asked, due: list[Decision], policy: Policy) -> list[TellsAt]:
    if not due or due[0].due_at is None:
        return []
    at = due[0].due_at
    planned = plan(Situation(asked.incident, tuple(due), (asked.change,)), policy, now=at)
    found = [TellsAt(at, each.person.id, each.kind, each.why) for each in planned.notices]
    by_id = {each.id: each for each in due}
    for id, until, why in planned.postponed:
        team = policy.teams[by_id[id].team or ""]
        for person in told(team, "primary", policy, at).people:
            found.append(TellsAt(until, person.id, "waits", (why,)))
    for step in planned.follow_ups:
        to = next(str(why.values["to"]) for why in step.why if why.code == "escalation")
        then = step.due_at or at
        for person in told(policy.teams[step.team or ""], to, policy, then).people:
            found.append(TellsAt(then, person.id, "escalation", step.why[-1:]))
    unique = {(each.at, each.person, each.kind): each for each in found}
    return sorted(unique.values(), key=lambda each: (each.at, each.person))


def _change(given: Mapping[str, Any], now: datetime) -> Change:
    kind = given.get("change") or "opened"
    opened = timedelta(0) if kind == "advice" else timedelta(microseconds=1)
    return Change(1, 0, now + opened, kind)


def _item(given: Mapping[str, Any], of: Incident, title: str, now: datetime) -> Item:
    spoken = bool(given.get("communication")) or (given.get("change") in _SPOKEN)
    score = given.get("probability")
    advice = given.get("advice")
    return Item(
        id=1,
        feed_id=1,
        feed_name=given.get("feed") or "example",
        feed_kind=given.get("feed_kind") or ("ministry" if spoken else "hazard"),
        publisher=given.get("feed") or "example",
        tier=given.get("tier") or "official",
        home=False,
        speaker=given.get("speaker"),
        role=Role.COMMUNICATION if spoken else Role.SIGNAL,
        first_seen_at=now,
        revision=1,
        values=ItemValues(
            title,
            published_at=now,
            source_categories=tuple(given.get("tags") or ()),
            advice=Advice((of.countries or (None,))[0], None, advice) if advice else None,
        ),
        reading=Reading(
            tags=tuple(Tag(each, 1.0 if score is None else float(score)) for each in of.categories),
            countries=of.countries,
            communication=given.get("communication"),
        ),
    )
