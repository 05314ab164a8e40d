"""`alerts.yaml`: from the supervisors' file to the plain values that `alerts` decides on."""

from __future__ import annotations

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
from monitor.config.faults import said
from monitor.config.holidaysfile import read_holidays
from monitor.config.missionsfile import Missions, path_beside, read_missions
from monitor.config.policyrefs import check_missions, settle_references
from monitor.config.yamlfile import fault_at, faults_of, plain, read_yaml
from monitor.errors import ConfigError
from storage.records import Level

# The word of [fault.remedy] that says what to write, by the name of the key.
_REMEDIES = {
    **{key: key for key in ("country", "email", "notify", "to", "roster", "overrides", "calendar",
                            "holidays", "quiet", "near", "day", "missions", "when")},
    "hours": "quiet",
    "role": "both",
    "name": "both",
    "ministry": "both",
    "th": "thai",
    "en": "english",
}  # fmt: skip


def read_policy(path: Path) -> Policy:
    """The policy in the file. Raises ConfigError naming file, line, key and remedy."""
    data = read_yaml(path)
    try:
        parsed = schema.File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, _REMEDIES, schema.File) from error
    settle_references(path, data, parsed)
    missions_file = _beside(path, data, parsed.missions, "missions")
    found = read_missions(missions_file, parsed.regions) if missions_file else Missions()
    holidays_file = _beside(path, data, parsed.holidays, "holidays")
    check_missions(path, data, parsed, found)
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


def files_named(path: Path) -> tuple[Path, ...]:
    """The files that it names, whatever else is wrong with it or with them; none if unreadable."""
    try:
        data = plain(read_yaml(path))
    except ConfigError:
        return ()
    if not isinstance(data, dict):
        return ()
    teams = data.get("teams")
    listed = teams if isinstance(teams, list) else []
    names = [data.get("missions"), data.get("holidays")]
    names += [each.get("calendar") for each in listed if isinstance(each, dict)]
    return tuple(path_beside(path, name) for name in names if isinstance(name, str) and name)


def _beside(path: Path, data: Any, name: str | None, *location: str | int) -> Path | None:
    """Where the named file is. Raises FileFault at the line that names one that is not there."""
    if name is None:
        return None
    found = path_beside(path, name)
    if not found.exists():
        raise fault_at(path, data, location, said("no_file_beside", name=repr(name)))
    return found


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
