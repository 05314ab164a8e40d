"""What is wrong with rules that can be read: hours without anybody, rules that can never hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import words
from alerts.hours import NO_HOLIDAYS, within
from alerts.policy import Condition, EscalationStep, Policy, Rule, Team
from alerts.roster import CHANNELS, on_duty
from monitor.config.faults import Said, said
from monitor.oncall.channels import in_use

ROSTER_DAYS = 14
_SOME_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
_SPEAKING = frozenset(["communication", "advice"])
_SHAKING = frozenset(["magnitude", "depth_km"])
# Parts of a condition of which any value suffices, and those that ask for at least so much.
_ANY_OF = frozenset(
    ["categories", "hazards", "countries", "nationals", "feed_kinds", "tiers", "communications",
     "changes", "severities", "urgencies", "certainties", "feeds", "tags"]
)  # fmt: skip
_AT_LEAST = frozenset(
    ["min_level", "min_independent_sources", "min_advice_step", "min_probability"]
)


def faults(policy: Policy, now: datetime, channels: Collection[str] = ()) -> list[Said]:
    """What could leave somebody untold; empty when nothing could.

    `channels` are those that the settings know. `rules check` and `doctor` both tell these.
    """
    return [
        *_gaps(policy, now),
        *_unreachable(policy),
        *_quiet(policy, now),
        *_heads(policy),
        *_same_twice(policy),
        *_roads(policy, channels),
    ]


def notes(policy: Policy, now: datetime) -> list[Said]:
    """What a supervisor should know and need not mend at once."""
    found: list[Said] = []
    placeholders = [each.id for each in policy.people.values() if each.email.endswith(".example")]
    if placeholders:
        found.append(said("check.placeholders", people=", ".join(placeholders)))
    if policy.holidays_file is not None:
        year = now.astimezone(ZoneInfo(policy.timezone)).year
        name = policy.holidays_file.name
        if policy.holidays.unconfirmed:
            found.append(said("check.unconfirmed", file=name, days=policy.holidays.unconfirmed))
        if not any(day.year == year + 1 for day in policy.holidays.dated):
            wanted = {"year": str(year + 1), "thai_year": str(year + 1 + 543)}
            found.append(said("check.no_next_year", file=name, **wanted))
    asks = [rule.id for rule in policy.rules if rule.enabled and _has_night_level(rule.when)]
    for rule in policy.rules:
        if rule.enabled and rule.when == Condition():
            found.append(said("check.everything", rule=rule.id))
        if rule.enabled and (keys := sorted(set(_empty(rule.when)))):
            found.append(said("check.empty_list", rule=rule.id, keys=", ".join(keys)))
        night = rule.enabled and rule.when.at_night and _has_holidays(policy)
        if night and _misses(rule.when, policy):
            found.append(said("check.holidays_only", rule=rule.id))
    if asks and policy.day is None:
        found.append(said("check.no_day", rule=asks[0]))
    steps = [name for name, chain in policy.escalation.items() if _by_channels(chain)]
    without = [team.id for team in policy.teams.values() if not _has_channel(team, policy)]
    if steps and without:
        found.append(said("check.no_channel", level=steps[0].name, teams=", ".join(without)))
    return found


def _by_channels(chain: Iterable[EscalationStep]) -> bool:
    return any(step.to == CHANNELS for step in chain)


def _has_channel(team: Team, policy: Policy) -> bool:
    members = (policy.people[id] for id in team.members if id in policy.people)
    return bool(team.channels) or any(each.channels for each in members)


def _gaps(policy: Policy, now: datetime) -> Iterator[Said]:
    """Stretches of the coming days in which a team with a roster has nobody on duty."""
    zone = ZoneInfo(policy.timezone)
    start = now.replace(minute=0, second=0, microsecond=0)
    step = timedelta(minutes=15)
    steps = range(ROSTER_DAYS * 24 * 4)
    for team in policy.teams.values():
        if not team.roster:
            continue
        empty = [
            start + step * n
            for n in steps
            if on_duty(team, policy, start + step * n).primary is None
        ]
        if empty:
            first = empty[0].astimezone(zone)
            yield said(
                "check.gap", team=team.id, hours=f"{len(empty) / 4:g}", days=ROSTER_DAYS,
                first=f"{first:%Y-%m-%d %H:%M}", clock=policy.timezone,
            )  # fmt: skip


def _quiet(policy: Policy, now: datetime) -> Iterator[Said]:
    """Who has duty in his own quiet hours: an ALERT would wait, and nobody else would hear."""
    zone = ZoneInfo(policy.timezone)
    start = now.replace(minute=0, second=0, microsecond=0)
    for team in policy.teams.values():
        told: set[str] = set()
        for hour in range(7 * 24):
            at = start + timedelta(hours=hour)
            duty = on_duty(team, policy, at)
            for place in ("primary", "backup"):
                person = getattr(duty, place)
                if person is None or place in told:
                    continue
                quiet = (*team.quiet, *policy.people[person].quiet)
                if quiet and within(quiet, policy.holidays, zone, at) is not None:
                    told.add(place)
                    first = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
                    yield said(f"check.quiet_{place}", team=team.id, person=person, first=first)


def _heads(policy: Policy) -> Iterator[Said]:
    """A head who is no member is left out where the whole team is told."""
    for team in policy.teams.values():
        if team.head is not None and team.head not in team.members:
            yield said("check.head", team=team.id, person=team.head)


def _same_twice(policy: Policy) -> Iterator[Said]:
    """Who is his own backup: nobody else would be called as the next in line."""
    for team in policy.teams.values():
        places: list[tuple[str | None, str | None, Said | str]]
        places = [(each.primary, each.backup, said("check.in_roster")) for each in team.roster]
        places += [(each.primary, each.backup, each.note or "override") for each in team.overrides]
        found = {
            (primary, where if isinstance(where, str) else ""): where
            for primary, backup, where in places
            if primary is not None and primary == backup
        }
        for (person, _), where in found.items():
            yield said("check.same_twice", team=team.id, person=person, where=where)


def _roads(policy: Policy, channels: Collection[str]) -> Iterator[Said]:
    """Channels that people or teams name and the settings do not know."""
    for name, where in in_use(policy).items():
        if name not in channels:
            kind, _, who = where.partition(" ")
            whose = said(f"check.of_{kind}", name=who)
            yield said("check.unknown_channel", whose=whose, channel=name)


def _unreachable(policy: Policy) -> Iterator[Said]:
    """Rules that can never tell anybody anything new."""
    for rule in policy.rules:
        if rule.enabled:
            for why in _never(rule.when, policy):
                yield said("check.never", rule=rule.id, why=why)
    live = [rule for rule in policy.rules if rule.enabled and not rule.shadow]
    told = {team for rule in live for team in rule.teams}
    for team in policy.teams.values():
        if team.id not in told:
            yield said("check.untold_team", team=team.id)
        if not any(policy.people[each].email for each in team.members if each in policy.people):
            yield said("check.no_address", team=team.id)
    if not policy.digests:
        yield said("check.no_digest")
    yield from _covered(live)


def _never(when: Condition, policy: Policy) -> Iterator[Said]:
    if when.countries and not policy.countries_of(when.countries):
        yield said("check.no_countries")
    known = words.current().hazards
    of = {each for key in when.hazards if key in known for each in known[key].categories}
    if when.categories and of and not of & set(when.categories):
        yield said(
            "check.other_category",
            hazards=", ".join(when.hazards),
            categories=", ".join(when.categories),
        )
    asked = frozenset(when.changes)
    if when.communications and asked and not asked & _SPEAKING:
        yield said("check.no_speaking")
    if _SHAKING & when.figures.keys() and when.hazards and not {"EQ", "TS"} & set(when.hazards):
        yield said("check.no_magnitude", hazards=", ".join(when.hazards))
    if when.max_depth_km is not None and when.figures.get("depth_km", 0) > when.max_depth_km:
        yield said("check.depth")
    if _misses(when, policy) and not (when.at_night and _has_holidays(policy)):
        yield said(
            "check.by_day", when=said("check.the_night" if when.at_night else "check.the_day")
        )
    if any(replace(inner, empty=()) == Condition() for inner in when.none_of):
        yield said("check.empty_none")
    elif any(_follows(inner, when, policy) for inner in when.none_of):
        yield said("check.own_none")
    for inner in when.all_of:
        yield from _never(inner, policy)
    if when.any_of and all([*_never(inner, policy)] for inner in when.any_of):
        yield said("check.no_any")


def _empty(when: Condition) -> Iterator[str]:
    yield from when.empty
    for inner in (*when.any_of, *when.all_of, *when.none_of):
        yield from _empty(inner)


def _misses(when: Condition, policy: Policy) -> bool:
    """Whether its hours and the day or night that it asks for never meet on an ordinary day."""
    if when.at_night is None or not when.hours or policy.day is None:
        return False
    zone, step = ZoneInfo(policy.timezone), timedelta(minutes=15)
    for n in range(7 * 24 * 4):
        at = _SOME_MONDAY + step * n
        night = within((policy.day,), NO_HOLIDAYS, zone, at) is None
        if night is when.at_night and within(when.hours, NO_HOLIDAYS, zone, at) is not None:
            return False
    return True


def _has_holidays(policy: Policy) -> bool:
    return bool(policy.holidays.yearly or policy.holidays.dated)


def _follows(inner: Condition, when: Condition, policy: Policy) -> bool:
    """Whether `inner` holds whenever `when` does, as far as that shows part by part."""
    if when.unknown_country > inner.unknown_country or when.unknown_number > inner.unknown_number:
        return False
    none = Condition()
    for part in fields(Condition):
        asked, given = getattr(inner, part.name), getattr(when, part.name)
        if asked == getattr(none, part.name) or part.name.startswith(("unknown_", "empty")):
            continue
        if part.name == "countries":
            asked, given = policy.countries_of(asked), policy.countries_of(given)
        if part.name in _ANY_OF:
            follows = bool(given) and set(given) <= set(asked)
        elif part.name in _AT_LEAST and when.night_level == inner.night_level:
            follows = given is not None and given >= asked
        else:
            follows = given == asked
        if not follows:
            return False
    return True


def _covered(live: list[Rule]) -> Iterator[Said]:
    """Two rules that ask the same of everything: the second adds nothing."""
    for n, rule in enumerate(live):
        for earlier in live[:n]:
            if earlier.when == rule.when and set(rule.teams) <= set(earlier.teams):
                yield said("check.twice", rule=rule.id, other=earlier.id)


def _has_night_level(when: Condition) -> bool:
    inner = (*when.any_of, *when.all_of)
    return when.night_level is not None or any(_has_night_level(each) for each in inner)
