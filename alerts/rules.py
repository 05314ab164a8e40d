"""What the rules say about one incident change: which teams are told, or why nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.case import PLAIN, Case, Tools
from alerts.conditions import EASING, fits, level_suffices, matches
from alerts.policy import Condition, Policy, Rule
from storage.records import Change, Incident, Item, Level, NewDecision, Scalar, Silence, Why

__all__ = ["decide", "matches", "silenced_by", "silenced_why", "too_old"]

STALE_AFTER = timedelta(days=30)

# What every rule is asked about; other kinds only concern rules that ask for them by name.
_NEWS = ("opened", "level_raised", "corrected", "figure", "nationals", "reopened", "warned")
_SPEAKING = ("communication", "advice")
_HOLDS = ("first_sight", "stale", "expired", "cancelled_before", "retrospective", "test")


def decide(
    incident: Incident,
    change: Change,
    item: Item | None,
    policy: Policy,
    *,
    now: datetime,
    silences: Sequence[Silence] = (),
    before: Incident | None = None,
    tools: Tools = PLAIN,
) -> list[NewDecision]:
    """What the rules say about `change`: one decision per matching rule and team.

    When nobody is told, the list holds one decision with no team, whose `why` says why not.
    Decisions of shadow rules stand beside either. `item` is the item that made the change, None
    when an officer or the passing of time made it. Decisions are due after the level's wait.
    `before` is the incident as it was: with it, a rule that begins to hold because one more
    report joined (a second independent source, a country) tells its teams as well. `tools` are
    what the conditions need from elsewhere.
    """
    case = Case(incident, change, item, policy, now, tools)
    held = _held(incident, change, item, policy, now, silences)
    if held is not None:
        return [_nobody(held)]
    due_at = now + policy.timing.group_wait.get(incident.level, timedelta(0))
    follow = _follow_up(incident, change, case, due_at)
    if follow:
        return follow
    live: list[NewDecision] = []
    shadow: list[NewDecision] = []
    missed: list[Why] = []
    asked = False
    for rule in policy.rules:
        if not rule.enabled or not _asks_for(rule.when, incident, change):
            continue
        asked = True
        holds, whys = fits(rule.when, case)
        if not holds:
            continue
        if not level_suffices(rule.when, case):
            if change.kind != "joined":
                missed.append(below(rule, case))
            continue
        if not _is_new(rule.when, case, before):
            continue
        for team in rule.teams:
            if team not in policy.teams:
                missed.insert(0, Why("unknown_team", {**_named(rule), "team": team}))
                continue
            why = (Why("rule", _named(rule)), *whys)
            decision = NewDecision(rule.id, team, due_at, why, shadow=rule.shadow)
            (shadow if rule.shadow else live).append(decision)
    if live:
        return live + shadow
    if change.kind == "corrected" and incident.level > Level.INFO:
        return [*_to_the_told(policy, _teams_told_by(policy), due_at), *shadow]
    if not missed:
        if change.kind == "joined":
            missed.append(Why("duplicate_of", {"number": incident.number}))
        elif asked or change.kind in _NEWS + EASING:
            missed.append(Why("no_rule"))
        else:
            missed.append(Why("not_material", {"change": change.kind}))
    return [_nobody(_nearest(missed)), *shadow]


def _follow_up(
    incident: Incident, change: Change, case: Case, due_at: datetime
) -> list[NewDecision]:
    """Who hears of an easing change: no rule matches it, those hear of it who were told before.

    An end concerns every team that any rule tells, a fall of the level those whose rules take the
    incident but for its level; the ticker knows who was told. Rules on trial are asked as ever.
    """
    if change.kind not in EASING:
        return []
    asked = [
        rule
        for rule in case.policy.rules
        if rule.enabled and _asks_for(rule.when, incident, change) and fits(rule.when, case)[0]
    ]
    if change.kind == "level_lowered":
        teams = dict.fromkeys(team for rule in asked if not rule.shadow for team in rule.teams)
    else:
        teams = dict.fromkeys(_teams_told_by(case.policy))
    shadow = [
        NewDecision(rule.id, team, due_at, (Why("told_before"),), shadow=True)
        for rule in asked
        if rule.shadow
        for team in rule.teams
    ]
    live = _to_the_told(case.policy, teams, due_at)
    return [*live, *shadow] if live else []


def _to_the_told(policy: Policy, teams: Iterable[str], due_at: datetime) -> list[NewDecision]:
    why = (Why("told_before"),)
    return [NewDecision("", team, due_at, why) for team in teams if team in policy.teams]


def _teams_told_by(policy: Policy) -> list[str]:
    """The teams that the rules in force tell, each once."""
    rules = (rule for rule in policy.rules if rule.enabled and not rule.shadow)
    return list(dict.fromkeys(team for rule in rules for team in rule.teams))


def silenced_by(
    incident: Incident,
    item: Item | None,
    silences: Iterable[Silence],
    policy: Policy,
    *,
    now: datetime,
) -> Silence | None:
    """The silence that keeps this incident quiet at `now`, if any.

    A FLASH passes every silence but one of this very incident. All parts that a silence names
    must hold; one that names nothing silences nothing.
    """
    for silence in silences:
        if not silence.starts_at <= now < silence.ends_at:
            continue
        if silence.incident_id is not None:
            if silence.incident_id == incident.id:
                return silence
        elif incident.level < Level.FLASH and _covers(silence, incident, item, policy):
            return silence
    return None


def too_old(items: Iterable[Item], last: datetime, *, now: datetime) -> Why | None:
    """Why nobody needs to hear of an incident that is only arranged anew: every item of it is old.

    `last` is when the incident had its last item; it counts where none is left.
    """
    newest = max((max(_dated(item), default=item.first_seen_at) for item in items), default=last)
    return _stale(newest, now) if newest < now - STALE_AFTER else None


def silenced_why(silence: Silence) -> Why:
    """Who silenced it, until when and why, as a reason."""
    return Why(
        "silenced",
        {
            "owner": silence.owner,
            "until": silence.ends_at.isoformat(),
            "because": silence.reason,
            "silence": silence.id,
        },
    )


# --- why nothing goes out --------------------------------------------------------------------


def _held(
    incident: Incident,
    change: Change,
    item: Item | None,
    policy: Policy,
    now: datetime,
    silences: Sequence[Silence],
) -> Why | None:
    """What keeps the change from the rules altogether, weightiest first."""
    if incident.exercise:
        return Why("exercise")
    if incident.state == "merged":
        return Why("merged")
    if not _material(change):
        return Why("not_material", {"change": change.kind})
    if change.kind not in EASING and item is not None:
        held = _item_holds(item, now)
        if held is not None:
            return held
    silence = silenced_by(incident, item, silences, policy, now=now)
    return silenced_why(silence) if silence is not None else None


def _item_holds(item: Item, now: datetime) -> Why | None:
    values = item.values
    for why in item.disposition:
        if why.code in _HOLDS:
            return why
    if values.status != "actual":
        return Why("exercise" if values.status == "exercise" else "test")
    if "retrospective" in item.reading.flags:
        return Why("retrospective")
    dated = _dated(item)
    in_force = values.expires_at is not None and values.expires_at > now
    if dated and max(dated) < now - STALE_AFTER and not in_force:
        return _stale(max(dated), now)
    return None


def _dated(item: Item) -> list[datetime]:
    return [at for at in (item.values.published_at, item.values.updated_at) if at is not None]


def _stale(at: datetime, now: datetime) -> Why:
    return Why("stale", {"days": (now - at).days})


def _material(change: Change) -> bool:
    """What the machine closes or reopens, and figures other than more dead, tell nobody."""
    if change.kind in ("closed", "reopened"):
        return change.by != "machine"
    if change.kind == "figure":
        return _dead(change.new) > _dead(change.old)
    return True


def _dead(figure: str | None) -> float:
    """The number of dead in a change's `old` or `new` ("dead 144"); 0 for any other figure."""
    kind, _, value = (figure or "").partition(" ")
    try:
        return float(value.replace(",", "")) if kind == "dead" else 0.0
    except ValueError:
        return 0.0


def _asks_for(condition: Condition, incident: Incident, change: Change) -> bool:
    """A ministry speaking is news to rules that ask for it, not to every earthquake rule."""
    if change.kind in _NEWS or change.kind in EASING or change.kind == "joined":
        return True
    if change.kind == "advice" and change.at <= incident.opened_at:
        return True  # the advice opened the incident, there is no other "opened"
    return any(
        change.kind in part.changes or (change.kind in _SPEAKING and bool(part.communications))
        for part in _all_parts(condition)
    )


def _is_new(condition: Condition, case: Case, before: Incident | None) -> bool:
    """Whether one more report makes the rule hold that did not hold before."""
    joined = case.change.kind == "joined"
    if not joined or any("joined" in part.changes for part in _all_parts(condition)):
        return True
    if before is not None:
        return not matches(condition, replace(case, incident=before, item=None))[0]
    return any(
        part.min_independent_sources == case.incident.independent_sources
        for part in _all_parts(condition)
    )


def _all_parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    for inner in (*condition.any_of, *condition.all_of):
        yield from _all_parts(inner)


def _nearest(missed: Sequence[Why]) -> Why:
    """The reason to give: a team that is not there, else the rule that asked for the least."""

    def asked(why: Why) -> tuple[bool, int]:
        threshold = why.values.get("threshold")
        return why.code != "unknown_team", Level[str(threshold)] if threshold else 0

    return min(missed, key=asked)


def _nobody(why: Why) -> NewDecision:
    return NewDecision(rule="", team=None, due_at=None, why=(why,))


def below(rule: Rule, case: Case) -> Why:
    """Why the level does not suffice for the rule."""
    night = rule.when.night_level is not None and case.night
    threshold = case.least(rule.when) or case.incident.level
    levels = {"level": case.incident.level.name, "threshold": threshold.name}
    return Why("below_level_night" if night else "below_level", {**_named(rule), **levels})


def _named(rule: Rule) -> dict[str, Scalar]:
    return {"rule": rule.id, "rule_th": rule.name.th, "rule_en": rule.name.en}


def _covers(silence: Silence, incident: Incident, item: Item | None, policy: Policy) -> bool:
    feeds = () if item is None else (item.feed_name, str(item.feed_id))
    parts: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
        (policy.countries_of(silence.countries), incident.countries),
        (frozenset(silence.hazards), (incident.hazard or "",)),
        (frozenset(silence.feeds), feeds),
    )
    asked = [(wanted, have) for wanted, have in parts if wanted]
    return bool(asked) and all(wanted.intersection(have) for wanted, have in asked)
