"""Duty that is not the roster's: the overrides of `alerts.yaml`, and a calendar file beside it.

An event of the calendar is a stretch of duty: its summary names a person of `alerts.yaml` by id,
and `ID / ID` names primary and backup. Recurrences, exceptions and time zones are the libraries'.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alerts.policy import Override
from monitor.config import policyschema as schema
from monitor.config.missionsfile import path_beside
from monitor.config.words_near import near
from monitor.config.yamlfile import line_of
from monitor.errors import ConfigError

LONGEST = timedelta(days=62)
_AHEAD, _BACK = timedelta(days=1100), timedelta(days=40)
_MOST, _LARGEST = 5_000, 2_000_000


def overrides_of(path: Path, data: Any, parsed: schema.File, team: int) -> tuple[Override, ...]:
    """The team's overrides: the calendar's first, so that the file's own lines stand above them.

    Raises ConfigError.
    """
    zone = ZoneInfo(parsed.home.timezone)
    found = list(_written(path, data, parsed.teams[team].overrides, zone, team))
    name = parsed.teams[team].calendar
    if name is None:
        return tuple(found)
    people = [each.id for each in parsed.people]
    return (*read_calendar(path_beside(path, name), people, zone), *found)


def _written(
    path: Path, data: Any, overrides: list[schema.Override], zone: ZoneInfo, team: int
) -> Iterator[Override]:
    for number, each in enumerate(overrides):
        starts = each.starts.replace(tzinfo=zone).astimezone(UTC)
        ends = each.ends.replace(tzinfo=zone).astimezone(UTC)
        line = line_of(data, ("teams", team, "overrides", number))
        if not timedelta(0) < ends - starts <= LONGEST:
            raise ConfigError(
                f"{path}:{line}: overrides: it must end after it starts, and within "
                f"{LONGEST.days} days: write a new roster for longer"
            )
        if each.primary is None and each.backup is None:
            raise ConfigError(f"{path}:{line}: overrides: name a primary, a backup or both")
        yield Override(starts, ends, each.primary, each.backup, each.note)


def read_calendar(path: Path, people: Collection[str], zone: ZoneInfo) -> tuple[Override, ...]:
    """The stretches of duty in an iCalendar file, from 40 days before it was last changed
    to three years after.

    An event of whole days runs from midnight to midnight in `zone`. Raises ConfigError.
    """
    try:
        import icalendar  # with the recurrences 0.2 s, and only teams with a calendar need them
        import recurring_ical_events
    except ImportError as error:
        raise ConfigError(
            f"{path}: reading calendars needs two packages that are not installed: "
            "`pip install crisis-communication-monitor[calendar]`"
        ) from error
    try:
        text = path.read_bytes()
        if len(text) > _LARGEST:
            raise ConfigError(f"{path}: the calendar is larger than {_LARGEST} bytes")
        calendar = icalendar.Calendar.from_ical(text)
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        events = recurring_ical_events.of(calendar).between(changed - _BACK, changed + _AHEAD)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: this is no iCalendar file that can be read: {error}") from error
    if len(events) > _MOST:
        raise ConfigError(f"{path}: more than {_MOST} events: leave out what is past")
    found = [_override(path, event, people, zone) for event in events]
    return tuple(sorted(found, key=lambda each: each.starts))


def _override(path: Path, event: Any, people: Collection[str], zone: ZoneInfo) -> Override:
    summary = str(event.get("SUMMARY", "")).strip()
    primary, _, backup = (part.strip() for part in summary.partition("/"))
    for name in filter(None, (primary, backup)):
        if name not in people:
            raise ConfigError(
                f"{path}: the event {summary!r} names {name!r}, nobody of alerts.yaml"
                f"{near(name, people)}: write ID or ID / ID"
            )
    if not summary:
        raise ConfigError(f"{path}: an event has no summary: write who has duty")
    starts = _moment(event["DTSTART"].dt, zone)
    ends = _moment(event["DTEND"].dt, zone) if "DTEND" in event else starts + timedelta(days=1)
    return Override(starts, ends, primary or None, backup or None, path.name)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
