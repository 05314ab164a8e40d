"""A warning of severity Extreme that joins an open incident: news if graver, or of a new area.

The level may stay as it is (it may be the highest already), and whoever has the incident must
still hear of it. A repeated warning for the same area is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.case import plain
from monitor.incidents.messages import is_clear
from storage.records import Incident, Item, Role

_AUTHORITIES = ("official", "un")
_MOST_NAMES = 6


def new_warning(
    before: Incident, others: Sequence[Item], item: Item, *, joins: bool, now: datetime
) -> tuple[str | None, str] | None:
    """The severity before and the area in words; None if `item` is no such warning.

    `others` are the incident's items without it. One that is only revised (`joins` is False) is
    news by its severity alone.
    """
    if not _is_extreme(item, now) or is_clear(item):
        return None
    area = _names([item])
    if not before.severity or before.severity.casefold() != "extreme":
        return before.severity or "Unknown", _said(area, item)
    known = {plain(name) for name in _names(each for each in others if _is_extreme(each, None))}
    fresh = [name for name in area if plain(name) not in known]
    if not joins or not fresh:
        return None
    return "Extreme", _said(fresh, item)


def _is_extreme(item: Item, now: datetime | None) -> bool:
    values, hazard = item.values, item.values.hazard
    over = now is not None and values.expires_at is not None and values.expires_at <= now
    return (
        hazard is not None
        and (hazard.severity or "").casefold() == "extreme"
        and (hazard.urgency or "").casefold() != "past"
        and item.role is Role.SIGNAL
        and item.tier in _AUTHORITIES
        and values.status == "actual"
        and values.message_type in ("alert", "update")
        and not over
    )


def _names(items: Iterable[Item]) -> list[str]:
    found = (place.name or place.country or "" for item in items for place in item.values.places)
    return list(dict.fromkeys(name for name in found if name))


def _said(area: Sequence[str], item: Item) -> str:
    shown = ", ".join(area[:_MOST_NAMES])
    more = f" +{len(area) - _MOST_NAMES}" if len(area) > _MOST_NAMES else ""
    return f"{shown}{more} ({item.publisher})" if shown else item.publisher
