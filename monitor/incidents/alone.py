"""The incident that one item alone would make; nothing is stored."""

from __future__ import annotations

from datetime import datetime

from monitor.incidents.facts import derive
from storage.records import Incident, Item, ItemValues, Level, Reading, Role


def alone(
    values: ItemValues,
    reading: Reading,
    *,
    now: datetime,
    publisher: str = "",
    tier: str = "other",
    role: Role = Role.SIGNAL,
    feed_kind: str = "news",
) -> Incident:
    """An unnumbered incident made of this item, with everything that follows from it."""
    item = Item(
        id=0,
        feed_id=0,
        feed_name=publisher,
        feed_kind=feed_kind,
        publisher=publisher,
        tier=tier,
        home=False,
        speaker=None,
        role=role,
        first_seen_at=now,
        revision=1,
        values=values,
        reading=reading,
    )
    return derive(empty(now), [item])


def empty(now: datetime) -> Incident:
    """An incident of which nothing is known yet."""
    return Incident(
        id=0,
        year=now.year,
        seq=0,
        title_en="",
        title_th="",
        hazard=None,
        categories=(),
        level=Level.INFO,
        level_why=(),
        state="open",
        exercise=False,
        countries=(),
        place=None,
        lat=None,
        lon=None,
        event_at=None,
        opened_at=now,
        last_item_at=now,
        level_since=now,
        figures=(),
        nationals="unknown",
        confirmation="one_source",
        sources=1,
        independent_sources=1,
    )
