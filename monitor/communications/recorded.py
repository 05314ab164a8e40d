"""What officers hear where no feed of ours reads: a ministry's words, and how our people are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.incidents.afresh import work_out
from monitor.incidents.officer import Deed, not_merged, with_held
from monitor.incidents.people import HARM, in_force, shown
from monitor.refusal import NotDone
from storage import incidents
from storage.records import Communication, Incident

if TYPE_CHECKING:
    from storage.database import Connection

LONG_BEFORE = timedelta(days=30)  # advice may come before the event, but not years before
EARLY = timedelta(days=1)  # before the event is known of: worth a second look
MOST_PEOPLE = 10_000_000
__all__ = ["HARM", "entries", "entry_said", "record", "set_nationals", "take_back"]


def record(
    deed: Deed,
    of: Incident,
    *,
    at: datetime,
    country: str | None,
    publisher: str,
    channel: str,
    kind: str,
    title: str,
    link: str | None,
) -> Incident:
    """Write down that a ministry spoke on a channel that no feed carries.

    Raises NotDone for a time long before the event, and for an incident that was merged.
    """
    not_merged(deed, of)
    not_long_before(of, at)
    home = country == deed.policy.home_country
    incidents.record_communication(
        deed.conn, incident_id=of.id, at=at, speaker=country, publisher=publisher, home=home,
        channel=channel, kind=kind, title=title, link=link, by=deed.by, now=deed.now,
    )  # fmt: skip
    deed.change(of, "communication", None, f"{publisher} ({channel})")
    deed.audit(
        "record communication", of,
        after={"country": country, "channel": channel, "kind": kind, "at": at.isoformat()},
    )  # fmt: skip
    return of


def entries(conn: Connection, of: Incident) -> list[Communication]:
    """What officers recorded of the incident, oldest first."""
    spoken = incidents.communications(conn, of.id, by_hand=True)
    return [each for each in spoken if each.entry is not None]


def take_back(deed: Deed, of: Incident, entry: int | None, reason: str) -> Incident:
    """Take back what was recorded by mistake; without `entry` the only one there is.

    Who did it, when and why stays in the time line, and all that it said in the audit log. Raises
    NotDone where it is not clear which one is meant.
    """
    not_merged(deed, of)
    known = entries(deed.conn, of)
    if not known:
        raise NotDone("no_entry", number=of.number)
    chosen = [each for each in known if each.entry == entry]
    if not chosen and (entry is not None or len(known) > 1):
        zone = ZoneInfo(deed.policy.timezone)
        said = "; ".join(f"{each.entry}: {entry_said(each, zone)}" for each in known)
        raise NotDone("which_entry", number=of.number, entries=said)
    (gone,) = chosen or known
    incidents.unrecord_communication(deed.conn, of.id, gone.entry or 0)
    deed.change(of, "taken_back", f"{gone.publisher} ({gone.channel})", reason)
    deed.audit(
        "take back communication", of, after={"reason": reason},
        before={"country": gone.speaker, "publisher": gone.publisher, "channel": gone.channel,
                "kind": gone.kind, "title": gone.title, "at": gone.at.isoformat(), "by": gone.by},
    )  # fmt: skip
    return of


def entry_said(of: Communication, zone: ZoneInfo) -> str:
    """A record in a few words that both languages share: where, and when at home."""
    return f"{of.publisher} ({of.channel}, {of.at.astimezone(zone):%Y-%m-%d %H:%M})"


def not_long_before(of: Incident, at: datetime) -> None:
    """Raises NotDone for a time that can only be a slip of the year."""
    start = _start(of)
    if at < start - LONG_BEFORE:
        raise NotDone("long_before", at=at.isoformat(), number=of.number, days=(start - at).days)


def _start(of: Incident) -> datetime:
    return min(of.event_at or of.opened_at, of.opened_at)


def set_nationals(
    deed: Deed,
    of: Incident,
    status: str,
    counts: Mapping[str, int],
    *,
    source: str,
    note: str,
    at: datetime,
) -> Incident:
    """Say what is known of our people; from then on no source changes it, but new reports are told.

    `status`: unknown, none_reported, reported, confirmed or none_checked. What speaks of a later
    time stays in force, and this one is kept beside it. Raises NotDone.
    """
    not_merged(deed, of)
    not_long_before(of, at)
    for count in counts.values():
        if count > MOST_PEOPLE:
            raise NotDone("many_people", count=count)
    incidents.note_nationals(
        deed.conn, incident_id=of.id, at=at, status=status, counts=counts, source=source,
        note=note, by=deed.by, now=deed.now,
    )  # fmt: skip
    holds = in_force(incidents.nationals_of(deed.conn, of.id))
    nationals = shown(holds) if holds is not None else status
    after = work_out(
        deed.conn, replace(of, nationals=nationals, held=with_held(of.held, "nationals")),
        deed.policy, now=deed.now, before=of, by=deed.by,
    )  # fmt: skip
    deed.audit(
        "status of nationals", of, before={"status": of.nationals},
        after={"status": status, "counts": dict(counts), "source": source, "at": at.isoformat(),
               "in_force": nationals},
    )  # fmt: skip
    return after


def kept_beside(deed: Deed, of: Incident, at: datetime) -> datetime | None:
    """The time of which the status in force speaks, where that is later than `at`."""
    holds = in_force(incidents.nationals_of(deed.conn, of.id))
    return holds.at if holds is not None and holds.at > at else None


def is_early(of: Incident, at: datetime) -> bool:
    """Whether a ministry would have spoken well before anything is known to have happened."""
    return at < _start(of) - EARLY
