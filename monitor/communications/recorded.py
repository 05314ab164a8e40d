"""What officers hear where no feed of ours reads: a ministry's words, and how our people are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from monitor.incidents.afresh import work_out
from monitor.incidents.officer import Deed, with_held
from storage import incidents
from storage.records import Incident

HARM = ("dead", "injured", "missing", "unreached", "held")


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
    """Write down that a ministry spoke on a channel that no feed carries."""
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

    `status`: unknown, none_reported, reported, confirmed or none_checked.
    """
    incidents.note_nationals(
        deed.conn, incident_id=of.id, at=at, status=status, counts=counts, source=source,
        note=note, by=deed.by, now=deed.now,
    )  # fmt: skip
    shown = status
    if status == "confirmed" and not any(counts.get(kind) for kind in HARM):
        shown = "confirmed_safe"
    after = work_out(
        deed.conn, replace(of, nationals=shown, held=with_held(of.held, "nationals")), deed.policy,
        now=deed.now, before=of, by=deed.by,
    )  # fmt: skip
    deed.audit(
        "status of nationals", of, before={"status": of.nationals},
        after={"status": status, "counts": dict(counts), "source": source},
    )  # fmt: skip
    return after
