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
from monitor.config.faults import Fault, FileFault, hint, said
from monitor.config.missionsfile import path_beside
from monitor.config.yamlfile import fault_at

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
    calendar = path_beside(path, name)
    if not calendar.exists():
        what = said("no_file_beside", name=repr(name))
        raise fault_at(path, data, ("teams", team, "calendar"), what)
    return (*read_calendar(calendar, people, zone), *found)


def _written(
    path: Path, data: Any, overrides: list[schema.Override], zone: ZoneInfo, team: int
) -> Iterator[Override]:
    for number, each in enumerate(overrides):
        starts = each.starts.replace(tzinfo=zone).astimezone(UTC)
        ends = each.ends.replace(tzinfo=zone).astimezone(UTC)
        location = ("teams", team, "overrides", number)
        if not timedelta(0) < ends - starts <= LONGEST:
            raise fault_at(path, data, location, said("override_length", days=str(LONGEST.days)))
        if each.primary is None and each.backup is None:
            raise fault_at(path, data, location, said("override_empty"))
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
        raise FileFault(Fault(path, said("calendar_packages"))) from error
    try:
        text = path.read_bytes()
        if len(text) > _LARGEST:
            raise FileFault(Fault(path, said("calendar_large", most=f"{_LARGEST:,}")))
        calendar = icalendar.Calendar.from_ical(text)
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        events = recurring_ical_events.of(calendar).between(changed - _BACK, changed + _AHEAD)
    except OSError as error:
        raise FileFault(Fault(path, said("unreadable", why=error.strerror or error))) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileFault(Fault(path, said("no_calendar", why=error))) from error
    if len(events) > _MOST:
        raise FileFault(Fault(path, said("calendar_events", most=f"{_MOST:,}")))
    found = [_override(path, event, people, zone) for event in events]
    return tuple(sorted(found, key=lambda each: each.starts))


def _override(path: Path, event: Any, people: Collection[str], zone: ZoneInfo) -> Override:
    summary = str(event.get("SUMMARY", "")).strip()
    primary, _, backup = (part.strip() for part in summary.partition("/"))
    for name in filter(None, (primary, backup)):
        if name not in people:
            what = said(
                "calendar_person", event=repr(summary), given=repr(name), hint=hint(name, people)
            )
            raise FileFault(Fault(path, what))
    if not summary:
        raise FileFault(Fault(path, said("calendar_nobody")))
    starts = _moment(event["DTSTART"].dt, zone)
    ends = _moment(event["DTEND"].dt, zone) if "DTEND" in event else starts + timedelta(days=1)
    return Override(starts, ends, primary or None, backup or None, path.name)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
