"""An officer's word on an item: kept, put over the reading, and taken to its incident."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.policy import Policy
from monitor.errors import MonitorError
from monitor.incidents.take import Taker
from monitor.ingest.pipeline import hold_of
from storage import audit, corrections, incidents, itemreads, items
from storage.codec import encode
from storage.records import Correction, Incident, Item, Judgement

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Ask:
    """What the officer sets; None leaves it as it is. An empty value means that there is none.

    `hazard` is a hazard key or an empty text.
    """

    categories: tuple[str, ...] | None = None
    hazard: str | None = None
    countries: tuple[str, ...] | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The names of what is set."""
        parts = (
            ("categories", self.categories),
            ("hazard", self.hazard),
            ("countries", self.countries),
        )
        return tuple(name for name, value in parts if value is not None)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of a correction: the item as it stands, and its incident before and after."""

    correction: Correction
    item: Item
    before: Incident | None
    after: Incident | None


def correct(
    conn: Connection, policy: Policy, item_id: int, ask: Ask, *, by: str, note: str, now: datetime
) -> Corrected:
    """Correct an item on `conn`, which its owner commits.

    "No crisis" also means no hazard. Raises StorageError if there is no such item, MonitorError
    if nothing is to be set.
    """
    if not ask.named:
        raise MonitorError("say what to correct: --categories, --hazard or --countries")
    if ask.categories == () and ask.hazard is None:
        ask = replace(ask, hazard="")
    item = itemreads.get(conn, item_id)
    was = incidents.get(conn, item.incident_id) if item.incident_id is not None else None
    now_said = corrections.judgement_of(item.reading)
    after = Judgement(
        categories=now_said.categories if ask.categories is None else ask.categories,
        unsure=now_said.unsure if ask.categories is None else (),
        hazard=now_said.hazard if ask.hazard is None else (ask.hazard or None),
        countries=now_said.countries if ask.countries is None else ask.countries,
    )
    made = corrections.add(conn, item, after, corrected=ask.named, by=by, note=note, at=now)
    items.reread(conn, item.id, item.reading)  # storage puts the correction over it
    audit.record(
        conn, at=now, who=by, action="correct", subject=f"item {item.id}",
        before=encode(made.before), after=encode(made.after),
    )  # fmt: skip
    item = itemreads.get(conn, item.id)
    hold = hold_of(item.values, now=now, first_sight=False, is_list=False)
    taker = Taker(conn, policy, now=now)
    taker.take_corrected(item, by=by, hold=hold)
    taker.finish()
    item = itemreads.get(conn, item.id)
    became = incidents.get(conn, item.incident_id) if item.incident_id is not None else None
    return Corrected(made, item, was, became)
