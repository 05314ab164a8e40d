"""Warnings of Australia's Bureau of Meteorology as its own JSON service gives them."""

from __future__ import annotations

from monitor.parse import hazardcodes
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_objects, stamp, text
from storage.records import Hazard, Place


def is_bom(data: Object) -> bool:
    """Whether this is the Bureau's list of warnings."""
    first = as_objects(data.get("data"))[:1]
    if not first:
        return data.get("data") == [] and "metadata" in data
    return "short_title" in first[0] and "phase" in first[0]


def read_bom(data: Object, hints: Hints) -> Document:
    """One entry per warning; its phase says whether it is new, renewed or at its end."""
    drafts = [_warning(row) for row in as_objects(data.get("data"))]
    return Document("bom", finish_all(drafts, hints), "Bureau of Meteorology", "en")


def _warning(row: Object) -> Draft:
    number, phase = text(row, "id"), text(row, "phase").lower()
    kind = text(row, "type").replace("_", " ")
    title = text(row, "title", "short_title")
    issued = read_date(stamp(row, "issue_time"))
    return Draft(
        title=title,
        summary=" · ".join(part for part in (text(row, "state"), phase) if part),
        native_id=number or None,
        language="en",
        published=issued,
        expires=read_date(stamp(row, "expiry_time")),
        message_type={"new": "alert", "cancelled": "cancel"}.get(phase, "update"),
        categories=[kind],
        places=[Place(text(row, "state") or None, "AU")],
        hazard=Hazard(
            type=hazardcodes.of_event(kind) or hazardcodes.of_event(title),
            alert_level=text(row, "warning_group_type") or None,
            event=text(row, "short_title") or None,
        ),
        keys=[Key("id", number)] if number else [],
    )
