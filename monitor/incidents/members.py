"""The items of the incidents of late, so that one that joins does not read all others again.

They are handed from transaction to transaction and are as stored, but for what linking does not
look at: of which incident an item is now, and why it told nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storage import itemreads
from storage.records import Item

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 2048  # items that are kept from one transaction to the next, some 2.5 KiB each
KEPT = timedelta(minutes=5)  # what nothing has joined for so long is let go: see `trim`


class Members:
    """The items of incidents, oldest first, as they stand in the transaction under way."""

    def __init__(self) -> None:
        self._of: dict[int, list[Item]] = {}  # by incident, the one used last stands last
        self._used_at: dict[int, datetime] = {}  # by incident, since the transaction before
        self._holders: dict[int, set[int]] = {}  # by item

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def opened(self, incident_id: int) -> None:
        """An incident that has no item yet."""
        self._of[incident_id] = []

    def with_item(self, conn: Connection, incident_id: int, item: Item) -> Sequence[Item]:
        """The incident's items, `item` among them as it is now."""
        held = self._of.pop(incident_id, None)
        self._used_at.pop(incident_id, None)
        if held is None:
            held = itemreads.of_incident(conn, incident_id)
            for each in held:
                self._holders.setdefault(each.id, set()).add(incident_id)
        self._of[incident_id] = held
        held[:] = [each for each in held if each.id != item.id] + [_as_linked(item, held)]
        held.sort(key=lambda each: (each.first_seen_at, each.id))
        self._holders.setdefault(item.id, set()).add(incident_id)
        return held

    def revised(self, item: Item) -> None:
        """Take the item as it is now, in every incident that has it."""
        for incident_id in self._holders.get(item.id, ()):
            held = self._of[incident_id]
            held[:] = [_as_linked(item, held) if each.id == item.id else each for each in held]

    def trim(self, now: datetime) -> None:
        """Let go of the incidents that have waited longest, until no more than MOST items stay.

        Also of those that nothing has joined for KEPT: most never get another item, and what a
        few minutes bring is there soon after the start, where MOST items take hours to fill.
        """
        many = len(self)
        for incident_id in list(self._of):
            used_at = self._used_at.setdefault(incident_id, now)
            if many <= MOST and now - used_at <= KEPT:
                continue
            gone = self._of.pop(incident_id)
            del self._used_at[incident_id]
            many -= len(gone)
            for each in gone:
                holders = self._holders[each.id]
                holders.discard(incident_id)
                if not holders:
                    del self._holders[each.id]


def _as_linked(item: Item, held: Sequence[Item]) -> Item:
    """A newer reading of an item, which came into its incident in the same way as before."""
    brought = any(each.brought for each in held if each.id == item.id)
    return replace(item, brought=brought) if brought != item.brought else item
