"""Items to incidents in memory, by the very choice and facts that the program uses.

For replays: nothing is stored, nobody is told. What memory holds is bounded by the time in which
incidents take items, not by the number of items seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts import levels
from alerts.policy import Policy
from monitor.incidents.alone import empty
from monitor.incidents.facts import derive
from monitor.incidents.hazards import LONGEST
from monitor.incidents.link import advised
from monitor.incidents.placing import place
from monitor.incidents.subject import subject_of
from monitor.incidents.window import Window, sketch_of
from storage.records import Incident, Item, Level, Why

MOST_OWNERS = 100_000  # identities of events, the oldest forgotten first
Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an item went: the running number of its incident, None for none, and why.

    `relates_to` is the incident that the one it opened is a part of.
    """

    incident_id: int | None
    opened: bool
    why: tuple[Why, ...]
    relates_to: int | None = None


class Stream:
    """One stream of items, first come, first linked."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._window = Window()
        self._owners: dict[Identity, int] = {}
        self._incidents: dict[int, Incident] = {}
        self._members: dict[int, list[Item]] = {}
        self._opened = 0

    def __len__(self) -> int:
        """How many incidents are held: those that may still take items."""
        return len(self._incidents)

    def level_of(self, incident_id: int) -> Level:
        """The level of an incident that may still take items."""
        return self._incidents[incident_id].level

    def take(self, item: Item, events: Sequence[Identity]) -> Placed:
        """Link one item; `item.first_seen_at` is the time at which it comes."""
        now = item.first_seen_at
        self._forget(now)
        subject = subject_of(item, events, now)
        owners = {key: self._owners[key] for key in events if key in self._owners}
        link = place(subject, item, owners, self._window, self._policy)
        if link.incident_id is None and not link.opens and item.values.advice is not None:
            link = advised(subject, self._window) or link
        incident_id = link.incident_id
        if incident_id is None:
            if not link.opens:
                return Placed(None, False, link.why)
            self._opened += 1
            incident_id = self._opened
        for key in events:
            self._owners.setdefault(key, incident_id)
        while len(self._owners) > MOST_OWNERS:
            del self._owners[next(iter(self._owners))]
        if incident_id not in self._incidents:  # it was forgotten, and an identity names it again
            self._incidents[incident_id] = replace(empty(now), id=incident_id)
            self._members[incident_id] = []
        self._grow(incident_id, item)
        return Placed(incident_id, link.opens, link.why, link.relates_to)

    def _grow(self, incident_id: int, item: Item) -> None:
        members = self._members[incident_id]
        members.append(item)
        after = derive(self._incidents[incident_id], members)
        level, _ = levels.level_of(after, self._policy)
        after = replace(after, level=level)
        self._incidents[incident_id] = after
        self._window.put(sketch_of(after, members))

    def _forget(self, now: datetime) -> None:
        for incident_id in self._window.drop_before(now - LONGEST):
            del self._incidents[incident_id], self._members[incident_id]
