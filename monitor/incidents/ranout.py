"""Warnings that have run out without anybody's word: what the level is without them.

Silence is no all-clear, so the incident stays in the queue (WATCH); but what nobody warns of any
more wakes nobody. What has happened (people, an earthquake's size) counts on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts import levels
from alerts.policy import Policy
from monitor.incidents.messages import in_force
from storage.records import Incident, Item, Level, Role, Why

LEAST = Level.WATCH


def without_expired(
    incident: Incident,
    members: Sequence[Item],
    policy: Policy,
    level: Level,
    *,
    now: datetime,
) -> tuple[Level, tuple[Why, ...]] | None:
    """The lower level with its reasons once every warning has expired; None where that is not so.

    `level` is the one by all that `members` (oldest first) say.
    """
    if level <= LEAST or not incident.severity or incident.lifted or incident.withdrawn:
        return None
    ended = _all_expired(members, now)
    if ended is None:
        return None
    still = {
        f"{item.publisher}: {item.values.hazard.alert_level}"
        for item in members
        if item.values.hazard and not _has_expired(item, now)
    }
    given = tuple(each for each in incident.alert_levels if each in still)
    calm = replace(incident, severity="Minor", urgency="Past", certainty=None, alert_levels=given)
    lower, whys = levels.level_of(calm, policy)
    if lower >= level:
        return None
    expired = Why("warnings_expired", {"at": ended.isoformat(), "level": level.name})
    if lower < LEAST:  # what made it INFO would contradict the level that it keeps
        return LEAST, (expired, *levels.exposure_of(incident, policy).whys)
    return lower, (expired, *whys)


def _all_expired(members: Sequence[Item], now: datetime) -> datetime | None:
    """When the last of the warnings that nobody ended ran out; None while one holds on."""
    if not any(_has_expired(item, now) for item in members):
        return None
    signals = [item for item in members if item.role is Role.SIGNAL]
    ends = [
        item.values.expires_at
        for item in in_force(signals)
        if item.values.hazard is not None and item.values.hazard.severity
    ]
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) and max(known) <= now else None


def _has_expired(item: Item, now: datetime) -> bool:
    return item.values.expires_at is not None and item.values.expires_at <= now
