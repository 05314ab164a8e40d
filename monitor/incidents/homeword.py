"""Our own ministry's newest word on our people: pointed to, never taken as a confirmed status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts.safe import says_safe
from monitor.incidents.facts import is_dismissed
from storage.records import Item, NationalsStatus


@dataclass(frozen=True, slots=True)
class HomeWord:
    """The item by which it spoke, when, and whether it says that people are safe."""

    item: Item
    at: datetime
    safe: bool


def home_word(items: Iterable[Item], known: Iterable[NationalsStatus]) -> HomeWord | None:
    """Its newest word on the status of our people; None once an officer has written one later."""
    said = [
        HomeWord(item, _at(item), says_safe(item))
        for item in items
        if item.home and item.reading.communication == "nationals_status" and not is_dismissed(item)
    ]
    newest = max(said, key=lambda each: (each.at, each.item.id), default=None)
    written = [each.recorded_at for each in known if each.by != "machine"]
    if newest is None or (written and max(written) >= newest.item.first_seen_at):
        return None
    return newest


def _at(item: Item) -> datetime:
    return min(item.values.published_at or item.first_seen_at, item.first_seen_at)
