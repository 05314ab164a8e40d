"""`alerts.yaml`: from the supervisors' file to the plain values that `alerts` decides on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import (
    ValidationError,
)

from alerts.hours import Holidays
from alerts.policy import (
    DigestPlan,
    EscalationStep,
    LevelPolicy,
    Override,
    Person,
    Policy,
    Rule,
    Shift,
    Team,
    Timing,
    VoicePolicy,
)
from monitor.config import policyschema as schema
from monitor.config.dutycalendar import overrides_of
from monitor.config.feedschema import KINDS, TIERS
from monitor.config.holidaysfile import read_holidays
from monitor.config.missionsfile import Missions, path_beside, read_missions
from monitor.config.words_near import near
from monitor.config.yamlfile import faults_of, line_of, plain, read_yaml, whose
from monitor.errors import ConfigError
from monitor.names import known_country
from storage.records import Level

_REMEDIES = {
    "country": "write the ISO code of two capital letters, for example TH",
    "email": "write a mail address, for example desk@ministry.example",
    "notify": "write the ids of teams in brackets, for example [duty]",
    "to": 'write a time such as "20:00" for a shift, a list of team ids for a digest',
    "roster": 'write one \'- {days: daily, from: "08:00", to: "20:00", primary: …}\' per shift',
    "overrides": "write one '- {from: \"2026-04-13 08:00\", to: …, primary: …}' each",
    "role": "write {th: …, en: …}",
    "calendar": "write the name of an iCalendar file beside this one, for example duty.ics",
    "holidays": "write the name of a file beside this one, for example holidays.yaml",
    "quiet": 'write [{from: "22:00", to: "06:00"}]',
    "hours": 'write [{from: "22:00", to: "06:00"}]',
    "near": "write [{km: 300, mission: any}] or [{km: 100, at: [13.75, 100.5]}]",
    "day": 'write {from: "06:00", to: "22:00"}',
    "missions": "write the name of a file beside this one, for example missions.yaml",
    "when": "write the conditions, for example {min_level: ALERT, countries: [asean]}",
}


def read_policy(path: Path) -> Policy:
    """The policy in the file. Raises ConfigError naming file, line, key and remedy."""
    data = read_yaml(path)
    try:
        parsed = schema.File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, _REMEDIES) from error
    _check_references(path, data, parsed)
    missions_file = path_beside(path, parsed.missions) if parsed.missions else None
    found = read_missions(missions_file, parsed.regions) if missions_file else Missions()
    holidays_file = path_beside(path, parsed.holidays) if parsed.holidays else None
    _check_missions(path, data, parsed, found)
    return Policy(
        home_country=parsed.home.country,
        timezone=parsed.home.timezone,
        languages=tuple(parsed.home.languages),
        ministry=parsed.home.ministry.both(),
        owner=parsed.home.owner,
        regions={name: tuple(codes) for name, codes in parsed.regions.items()},
        people={
            each.id: Person(
                each.id,
                each.role.both(),
                each.email,
                each.language,
                tuple(each.channels),
                quiet=tuple(hours.hours() for hours in each.quiet),
            )
            for each in parsed.people
        },
        teams={
            each.id: _team(each, overrides_of(path, data, parsed, index))
            for index, each in enumerate(parsed.teams)
        },
        rules=tuple(
            Rule(
                id=each.id,
                name=each.name.both(),
                when=each.when.condition(),
                teams=tuple(each.notify),
                shadow=each.shadow,
                enabled=each.enabled,
            )
            for each in parsed.rules
        ),
        levels=_levels(parsed.levels),
        timing=Timing(
            group_wait={level: getattr(parsed.timing.wait, level.name) for level in Level},
            update_gap=parsed.timing.update_gap,
            flood_count=parsed.timing.flood.count,
            flood_window=parsed.timing.flood.within,
            flapping_count=parsed.timing.flapping.changes,
            flapping_window=parsed.timing.flapping.within,
            flapping_hold=parsed.timing.flapping.hold,
            rounds={level: getattr(parsed.timing.rounds, level.name) for level in Level},
        ),
        escalation={
            level: tuple(
                EscalationStep(step.after, step.to)
                for step in getattr(parsed.escalation, level.name, [])
            )
            for level in Level
        },
        digests=tuple(_digest(each) for each in parsed.digests),
        nationals_words=tuple(parsed.home.nationals),
        missions=found.missions,
        departments=found.departments,
        registered=found.registered or {},
        missions_file=missions_file,
        voices=VoicePolicy(**parsed.voices.model_dump()),
        calendars=tuple(path_beside(path, each.calendar) for each in parsed.teams if each.calendar),
        day=parsed.day.hours() if parsed.day else None,
        holidays=read_holidays(holidays_file) if holidays_file else Holidays(),
        holidays_file=holidays_file,
    )


def _digest(digest: schema.Digest) -> DigestPlan:
    return DigestPlan(
        id=digest.id,
        at=digest.at,
        teams=tuple(digest.to),
        days=digest.days,
        covers=digest.covers,
        draft=digest.draft,
        onward=tuple(digest.onward),
    )


def _team(team: schema.Team, overrides: tuple[Override, ...]) -> Team:
    return Team(
        id=team.id,
        name=team.name.both(),
        members=tuple(team.members),
        roster=tuple(
            Shift(shift.days, shift.starts, shift.ends, shift.primary, shift.backup)
            for shift in team.roster
        ),
        head=team.head,
        overrides=overrides,
        channels=tuple(team.channels),
        quiet=tuple(each.hours() for each in team.quiet),
    )


def _levels(levels: schema.Levels) -> LevelPolicy:
    return LevelPolicy(
        exposure_regions=tuple(levels.exposure),
        covered_coasts=tuple(levels.coasts),
        mass_casualty_dead=levels.mass_casualty.dead,
        mass_casualty_dead_near=levels.mass_casualty.dead_near,
        alert_dead=levels.alert.dead,
        alert_dead_near=levels.alert.dead_near,
        big_magnitude=float(levels.big_magnitude),
        alert_magnitude=float(levels.alert.magnitude),
        alert_magnitude_near=float(levels.alert.magnitude_near),
        watch_magnitude=float(levels.watch_magnitude),
        mission_km=float(levels.mission_km),
        leave_calls=levels.leave_calls,
        grave_hazards=tuple(levels.grave_hazards),
    )


def _check_references(path: Path, data: Any, parsed: schema.File) -> None:
    """Names that point elsewhere in the file must point at something."""
    people = _unique(path, data, "people", [each.id for each in parsed.people])
    teams = _unique(path, data, "teams", [each.id for each in parsed.teams])
    _unique(path, data, "rules", [each.id for each in parsed.rules])
    _unique(path, data, "digests", [each.id for each in parsed.digests])

    def known(name: str, choice: Iterable[str], what: str, *location: str | int) -> None:
        if name not in choice:
            key = ".".join(str(x) for x in location)
            raise ConfigError(
                f"{path}:{line_of(data, location)}: {key}{whose(data, location)}: "
                f"{name!r} is no known {what}{near(name, choice) or _one_of(choice)}"
            )

    def place(name: str, what: str, *location: str | int) -> None:
        if not known_country(name):
            known(name, ("home", *parsed.regions), what, *location)

    for index, team in enumerate(parsed.teams):
        for member in team.members:
            known(member, people, "person", "teams", index, "members")
        if team.head:
            known(team.head, people, "person", "teams", index, "head")
        for number, other in enumerate(team.overrides):
            for holder in filter(None, (other.primary, other.backup)):
                known(holder, people, "person", "teams", index, "overrides", number)
        for number, shift in enumerate(team.roster):
            for holder in filter(None, (shift.primary, shift.backup)):
                known(holder, people, "person", "teams", index, "roster", number)
    for index, digest in enumerate(parsed.digests):
        for name in digest.to:
            known(name, teams, "team", "digests", index, "to")
        for name in digest.onward:
            known(name, people, "person", "digests", index, "onward")
    for name in (*parsed.levels.exposure, *parsed.levels.coasts):
        place(name, "country code or region", "levels")
    hazards = hazard_keys()
    for name in parsed.levels.grave_hazards:
        known(name, hazards, "hazard", "levels", "grave_hazards")
    choices: Mapping[str, Iterable[str]] = {
        "hazards": hazards,
        "feed_kinds": KINDS,
        "tiers": TIERS,
        "communications": schema.COMMUNICATIONS,
        "changes": schema.CHANGES,
        "figures": schema.FIGURES,
    }
    for index, rule in enumerate(parsed.rules):
        for name in rule.notify:
            known(name, teams, "team", "rules", index, "notify")
        for condition in _walk(rule.when):
            for key, choice in choices.items():
                for name in getattr(condition, key):
                    known(name, choice, key.rstrip("s"), "rules", index, "when", key)
            for name in condition.countries:
                place(name, "country code or region", "rules", index, "when", "countries")
            magnitude = condition.figures.get("magnitude", 0)
            if magnitude > 10:
                raise ConfigError(
                    f"{path}:{line_of(data, ('rules', index, 'when', 'figures'))}: figures "
                    f"(rule {rule.id!r}): no magnitude is {magnitude:g}: write one from 0 to 10"
                )


def _check_missions(path: Path, data: Any, parsed: schema.File, found: Missions) -> None:
    """A mission that a rule names must be in the missions file."""
    choice = ("any", *(each.id for each in found.missions))
    for index, rule in enumerate(parsed.rules):
        for condition in _walk(rule.when):
            for each in condition.near:
                if each.mission is not None and each.mission not in choice:
                    location = ("rules", index, "when")
                    raise ConfigError(
                        f"{path}:{line_of(data, location)}: near{whose(data, location)}: "
                        f"{each.mission!r} is no mission of the missions file"
                        f"{near(each.mission, choice) or _one_of(choice)}"
                    )


def hazard_keys() -> tuple[str, ...]:
    """The hazards that the catalogue of words knows."""
    from alerts import words

    return tuple(words.current().hazards)


def _one_of(choice: Iterable[str]) -> str:
    shown = [*choice]
    more = f" or another of {len(shown)}" if len(shown) > 20 else ""
    return f": write one of {', '.join(shown[:20])}{more}"


def _walk(condition: schema.Condition) -> Iterable[schema.Condition]:
    yield condition
    for each in (*condition.any, *condition.all, *condition.none):
        yield from _walk(each)


def _unique(path: Path, data: Any, section: str, ids: list[str]) -> list[str]:
    for index, name in enumerate(ids):
        if name in ids[:index]:
            raise ConfigError(
                f"{path}:{line_of(data, (section, index))}: {section}: the id {name!r} stands "
                "twice: give each its own"
            )
    return ids
