"""A small desk for tests: items arrive one by one as the pipeline hands them on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.config.policyfile import read_policy
from monitor.incidents.officer import Deed
from monitor.incidents.take import Taker
from storage import incidents, items
from storage.database import Connection
from storage.records import (
    Advice,
    Hazard,
    Incident,
    Item,
    ItemValues,
    Place,
    Reading,
    Role,
    Tag,
)
from tests.storage import make

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
POLICY = read_policy(Path(__file__).parents[2] / "alerts.yaml")


@dataclass
class Desk:
    """Items come, officers act, time passes."""

    conn: Connection
    now: datetime = NOW
    by: str = "duty-primary"
    count: int = 0
    policy: Any = field(default_factory=lambda: POLICY)

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def deed(self) -> Deed:
        """The officer at work now."""
        return Deed(self.conn, self.policy, self.by, self.now)

    def comes(
        self,
        title: str,
        *,
        feed: str = "wire",
        country: str | None = "LA",
        hazard: str | None = "FL",
        labels: tuple[str, ...] = ("natural",),
        events: tuple[tuple[str, str], ...] = (),
        speaker: str | None = None,
        home: bool = False,
        communication: str | None = None,
        advice: Advice | None = None,
        nationals: str = "unknown",
        facts: Hazard | None = None,
        places: tuple[Place, ...] = (),
        tier: str = "media",
    ) -> Item:
        """An item of a feed, taken into incidents; as it is afterwards."""
        self.count += 1
        role = Role.COMMUNICATION if communication else Role.SIGNAL
        kind = "ministry" if communication else "news"
        feed_id = make.feed_id(
            self.conn, self.now, feed, kind=kind, country=speaker, home=home,
            publisher=feed.upper(), tier=tier,
        )  # fmt: skip
        values = ItemValues(
            title, link=f"https://{feed}.example/{self.count}", published_at=self.now,
            advice=advice, hazard=facts, places=places,
        )  # fmt: skip
        reading = Reading(
            tags=tuple(Tag(label, 0.95) for label in labels),
            hazard=hazard,
            countries=(country,) if country else (),
            communication=communication,
            nationals=nationals,
        )
        item_id = items.insert(
            self.conn, feed_id=feed_id, role=role, values=values,
            content_hash=f"hash {self.count}", keys=[("id", str(self.count)), *events],
            reading=reading, now=self.now,
        )  # fmt: skip
        taker = Taker(self.conn, self.policy, now=self.now)
        taker.take_new(items.get(self.conn, item_id), events, hold=None)
        taker.finish()
        return self.item(item_id)

    def item(self, item_id: int) -> Item:
        """An item as it is now."""
        return items.get(self.conn, item_id)

    def incident(self, incident_id: int | None) -> Incident:
        """An incident as it is now."""
        assert incident_id is not None
        return incidents.get(self.conn, incident_id)

    def kinds(self, of: Incident) -> list[str]:
        """The kinds of the lines of its timeline."""
        return [change.kind for change in incidents.changes(self.conn, of.id)]
