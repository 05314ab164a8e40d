"""The edition that may leave the desk: what must not be in it is taken out of the content itself.

Taken out before anything is worded, so that no template, picture or file can bring it back.
"""

from __future__ import annotations

from dataclasses import replace

from alerts.digest.content import Deliveries, DigestContent, IncidentEntry
from alerts.digest.parts import Desk
from storage.records import DigestEdits, NationalsStatus


def onward(content: DigestContent, home_country: str) -> DigestContent:
    """The content without acknowledgements, officers, rankings, delivery proof and rules.

    Of the home ministry only what it said stays, never that nothing of it was seen. Feeds that
    failed are counted, not named. The status of our people stays with its numbers, source and time.
    """
    edits = DigestEdits(content.edits.bottom_line_th, content.edits.bottom_line_en)
    return replace(
        content,
        unacknowledged=(),
        median_ack_s=None,
        incidents=tuple(_entry(each) for each in content.incidents),
        not_alerted=(),
        not_alerted_total=0,
        repeats=0,
        blind_spots=(),
        speakers_lost=tuple(each for each in content.speakers_lost if each != home_country),
        deliveries=Deliveries(),
        shadow=(),
        exercises=0,
        missed=(),
        edits=replace(edits, picked=content.edits.picked),
        desk=Desk(),
        hours=(),
        trends={name: each for name, each in content.trends.items() if name != "notices"},
        week=None,
    )


def _entry(of: IncidentEntry) -> IncidentEntry:
    incident = replace(
        of.incident,
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledged_level=None,
        level_why=(),
        floor=None,
        floor_why=(),
        held=(),
    )
    return replace(
        of,
        incident=incident,
        changes=tuple(
            replace(each, by="", why=())
            for each in of.changes
            if each.kind
            not in ("acknowledged", "unacknowledged", "dismissed", "note", "home_silent")
        ),
        communications=tuple(
            replace(each, delay_s=None, by="")
            for each in of.communications
            if each.channel is None  # what came by telephone stays at the desk
        ),
        nationals=_unsigned(of.nationals),
        nationals_before=_unsigned(of.nationals_before),
    )


def _unsigned(of: NationalsStatus | None) -> NationalsStatus | None:
    """The status with its numbers, source and time, without who wrote it down and his note."""
    return of if of is None else replace(of, by="", note="")
