"""A small desk for tests: items arrive one by one as the pipeline hands them on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.communications.heard import Heard
from monitor.config.policyfile import read_policy
from monitor.incidents.officer import Deed
from monitor.incidents.take import Taker
from storage import decisions, feeds, incidents, itemreads, items
from storage.database import Connection
from storage.records import (
    Advice,
    FeedIdentity,
    Figure,
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


STEPS = {
    1: "Exercise normal precautions",
    2: "Exercise increased caution",
    3: "Avoid non-essential travel",
    4: "Avoid all travel",
}


@dataclass
class Desk:
    """Items come, officers act, time passes."""

    conn: Connection
    now: datetime = NOW
    by: str = "duty-primary"
    count: int = 0
    feeds: dict[str, FeedIdentity] = field(default_factory=dict)
    lists: dict[tuple[str, str], int] = field(default_factory=dict)
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
        figures: tuple[Figure, ...] = (),
    ) -> Item:
        """An item of a feed, taken into incidents; as it is afterwards."""
        self.count += 1
        role = Role.COMMUNICATION if communication else Role.SIGNAL
        kind = "ministry" if communication else "news"
        self.feeds[feed] = make.identity(
            feed, kind=kind, country=speaker, home=home, publisher=feed.upper(), tier=tier
        )
        feed_id = feeds.sync(self.conn, list(self.feeds.values()), self.now)[feed].id
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
            figures=figures,
        )
        item_id = items.insert(
            self.conn, feed_id=feed_id, role=role, values=values,
            content_hash=f"hash {self.count}", keys=[("id", str(self.count)), *events],
            reading=reading, now=self.now,
        )  # fmt: skip
        taker, heard = Taker(self.conn, self.policy, now=self.now), Heard()
        item = self.item(item_id)
        heard.note_first(item, (), self.now)
        heard.note(item, taker.take_new(item, events, hold=None))
        taker.finish()
        heard.finish(self.conn, self.policy, self.now)
        return self.item(item_id)

    def advises(
        self, speaker: str, step: int, country: str = "LA", *, partial: bool = False
    ) -> Item:
        """The list of a ministry says this of a country; the first time is no change."""
        feed, words = f"advice-{speaker.casefold()}", STEPS[step]
        advice = Advice(country, str(step), words, partial)
        known = self.lists.get((speaker, country))
        if known is None:
            item = self.comes(
                f"{country}: {words}", feed=feed, country=country, hazard=None, labels=(),
                speaker=speaker, communication="travel_advice", advice=advice, tier="official",
            )  # fmt: skip
            self.lists[speaker, country] = item.id
            return item
        before = self.item(known)
        self.count += 1
        values = replace(before.values, title=f"{country}: {words}", advice=advice,
                         published_at=self.now)  # fmt: skip
        items.revise(
            self.conn, known, values=values, content_hash=f"hash {self.count}", changed=("advice",),
            reading=before.reading, keys=(), now=self.now,
        )  # fmt: skip
        taker, heard = Taker(self.conn, self.policy, now=self.now), Heard()
        after = self.item(known)
        taken = taker.take_revised(before, after, (), hold=None)
        heard.note_revised(self.conn, before, after, (), taken, self.now)
        taker.finish()
        heard.finish(self.conn, self.policy, self.now)
        return self.item(known)

    def rules(self, of: Incident, kind: str) -> set[str]:
        """The rules that hold for the changes of this kind."""
        wanted = {each.id for each in incidents.changes(self.conn, of.id) if each.kind == kind}
        found = decisions.of_incident(self.conn, of.id)
        return {each.rule for each in found if each.change_id in wanted and each.team}

    def item(self, item_id: int) -> Item:
        """An item as it is now."""
        return itemreads.get(self.conn, item_id)

    def incident(self, incident_id: int | None) -> Incident:
        """An incident as it is now."""
        assert incident_id is not None
        return incidents.get(self.conn, incident_id)

    def kinds(self, of: Incident) -> list[str]:
        """The kinds of the lines of its timeline."""
        return [change.kind for change in incidents.changes(self.conn, of.id)]
