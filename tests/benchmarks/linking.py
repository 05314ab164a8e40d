"""An item to its incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from monitor.incidents.link import choose
from monitor.incidents.subject import Subject
from storage.records import ItemValues, Level, Reading, Role, Sketch, Tag

AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
COUNTRIES = ("LA", "MM", "KH", "ID", "PH", "JP", "US", "FR", "KE", "BR")
HAZARDS = ("FL", "EQ", "EP", "explosion", "WF")
ROUNDS = 20


def _sketches() -> list[Sketch]:
    pairs = islice(cycle((c, h) for c in COUNTRIES for h in HAZARDS), 2000)
    return [
        Sketch(
            id=number, number=f"2026-{number:04d}", hazard=hazard, categories=("natural",),
            countries=(country,), lat=None, lon=None, event_at=None,
            opened_at=AT - timedelta(hours=number % 60), last_item_at=AT, level=Level.WATCH,
            exercise=False, figures=(),
            titles=tuple(f"Event {number} reported near town {n}" for n in range(4)),
        )
        for number, (country, hazard) in enumerate(pairs, 1)
    ]  # fmt: skip


def against_many() -> tuple[int, str]:
    """One pass over all candidates, nothing joined."""
    sketches = _sketches()
    reading = Reading(tags=(Tag("natural", 0.9),), hazard="FL", countries=("LA",))
    for number in range(ROUNDS):
        values = ItemValues(title=f"Villages under water after night of rain, {number} homes gone")
        subject = Subject(values, reading, (), Role.SIGNAL, "news", "Wire", None, AT)
        choose(subject, {}, sketches)
    return ROUNDS, "item"
