"""Which numbers and times of an incident's items are those of the event, and which are old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from storage.records import Item, Role

GROWING = frozenset(["dead", "injured", "missing", "displaced", "affected", "cases"])
OF_THE_SHOCK = frozenset(["magnitude", "depth_km"])
SAME_SHOCK_APART = timedelta(minutes=20)
TOLLS_GROW = timedelta(hours=1)


def is_another_shock(item: Item, event_at: datetime | None) -> bool:
    """True for an aftershock: its size is not that of the earthquake it follows."""
    own = item.values.hazard.event_at if item.values.hazard else None
    return own is not None and event_at is not None and abs(own - event_at) > SAME_SHOCK_APART


def told_at(item: Item) -> datetime:
    """When the item says what it says."""
    return item.values.updated_at or item.values.published_at or item.first_seen_at


def first_published(items: Iterable[Item]) -> datetime | None:
    """When the first report was published, as far as its source says; never after we saw it."""
    times = (
        item.values.published_at
        for item in items
        if item.role is Role.SIGNAL
        and item.values.published_at is not None
        and item.values.published_at <= item.first_seen_at
    )
    return min(times, default=None)


def overtaken(kind: str, value: float, at: datetime, largest: float, largest_at: datetime) -> bool:
    """Whether a smaller toll is only older than the largest, and contradicts nobody: tolls grow."""
    return kind in GROWING and value < largest and at < largest_at - TOLLS_GROW
