"""Counts over the incidents of a digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.digest.parts import DayCount
from storage.records import Level

if TYPE_CHECKING:
    from alerts.digest.content import IncidentFacts


def open_levels(of: Iterable[IncidentFacts]) -> dict[str, int]:
    """How many stand open at each level now."""
    counts = {level.name: 0 for level in sorted(Level, reverse=True)}
    for each in of:
        if each.incident.state in ("open", "quiet"):
            counts[each.incident.level.name] += 1
    return counts


def open_before(of: Iterable[IncidentFacts]) -> dict[str, int]:
    """How many stood open at each level when the period began."""
    counts = {level.name: 0 for level in sorted(Level, reverse=True)}
    for each in of:
        if each.level_before is not None:
            counts[each.level_before.name] += 1
    return counts


def home_silent(of: Iterable[IncidentFacts]) -> tuple[str, ...]:
    """Open incidents of ALERT or above of which others have spoken, and no feed of ours has."""
    return tuple(
        each.incident.number
        for each in of
        if each.incident.level >= Level.ALERT
        and each.incident.state == "open"
        and each.communications
        and not any(spoke.home for spoke in each.communications)
    )


def without(
    opened: Mapping[str, int], left_out: Iterable[IncidentFacts], start: datetime
) -> dict[str, int]:
    """The incidents opened per level since `start`, but for those that an officer left out."""
    counts = dict(opened)
    for each in left_out:
        name = each.incident.level.name
        if each.incident.opened_at >= start and counts.get(name):
            counts[name] -= 1
    return counts


def days_without(
    days: Sequence[DayCount], left_out: Iterable[IncidentFacts], end: datetime
) -> tuple[DayCount, ...]:
    """The counts of the days up to `end`, oldest first, but for incidents that were left out."""
    counted = [dict(each.counts) for each in days]
    for each in left_out:
        back = (end - each.incident.opened_at) // timedelta(days=1)
        category = next(iter(each.incident.categories), "")
        if each.incident.level < Level.WATCH or not 0 <= back < len(counted):
            continue
        if counted[-1 - back].get(category):
            counted[-1 - back][category] -= 1
    return tuple(replace(day, counts=counts) for day, counts in zip(days, counted, strict=True))
