"""Counts over the incidents of a digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from storage.records import Level

if TYPE_CHECKING:
    from alerts.digest import IncidentFacts


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
