"""How long each ministry takes from the first signal to its first word, per hazard.

For review after the event; it stands in no digest, for a ranking of ministries is undiplomatic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from storage import incidents
from storage.records import Communication, Level

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Delay:
    """One ministry and hazard: how many incidents it spoke about, and its delays in seconds.

    A ministry that spoke before the first signal that we saw counts as 0. `hazard` None: all.
    """

    country: str | None
    publisher: str
    hazard: str | None
    incidents: int
    median_s: float
    fastest_s: float
    slowest_s: float


def delays(conn: Connection, since: datetime, *, min_level: Level = Level.WATCH) -> list[Delay]:
    """The delays of the incidents with an item from `since` on; per ministry and per hazard.

    Communications that officers recorded count too. Exercises do not.
    """
    found: dict[tuple[str, str | None], list[float]] = defaultdict(list)
    names: dict[str, tuple[str | None, str]] = {}
    states = ("open", "quiet", "closed")
    for incident in incidents.listing(
        conn, states=states, min_level=min_level, since=since, limit=MOST
    ):
        if incident.exercise:
            continue
        spoken = incidents.communications(conn, incident.id, by_hand=True)
        for key, said in _first(spoken).items():
            if said.delay_s is None:
                continue
            names.setdefault(key, (said.speaker, said.publisher))
            for hazard in dict.fromkeys((None, incident.hazard)):
                found[key, hazard].append(max(0.0, said.delay_s))
    rows = [
        Delay(*names[key], hazard, len(times), median(times), min(times), max(times))
        for (key, hazard), times in found.items()
    ]
    return sorted(
        rows, key=lambda row: (row.country or "~", row.publisher, row.hazard or "", row.median_s)
    )


def _first(spoken: Iterable[Communication]) -> dict[str, Communication]:
    """The first word of each country; of an organisation by its name."""
    found: dict[str, Communication] = {}
    for each in sorted(spoken, key=lambda each: each.at):
        found.setdefault(each.speaker or each.publisher, each)
    return found
