"""NASA's EONET: natural events that satellites follow, each with its track of positions."""

from __future__ import annotations

import re

from monitor.parse import geo, hazardcodes
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_objects, stamp, text
from storage.records import Hazard, Place

_KINDS = {
    "drought": "DR", "earthquakes": "EQ", "floods": "FL", "landslides": "LS", "volcanoes": "VO",
    "wildfires": "WF",
}  # fmt: skip
_GDACS_TYPE = re.compile(r"\beventtype=([A-Z]{2})\b", re.I)
_GDACS_ID = re.compile(r"\beventid=(\d+)\b", re.I)


def is_eonet(data: Object) -> bool:
    """Whether this is EONET's list of events."""
    events = data.get("events")
    first = as_objects(events)[:1]
    if not first:
        return events == [] and "EONET" in text(data, "title")
    return "geometry" in first[0] and "categories" in first[0]


def read_eonet(data: Object, hints: Hints) -> Document:
    """One entry per event; its newest position is its place."""
    drafts = [_event(event) for event in as_objects(data.get("events"))]
    return Document(
        "eonet", finish_all(drafts, hints), title=text(data, "title") or "EONET", language="en"
    )


def _event(event: Object) -> Draft:
    number = text(event, "id")
    title = text(event, "title")
    track = as_objects(event.get("geometry"))
    newest = track[-1] if track else {}
    categories = as_objects(event.get("categories"))
    kind = next(
        (found for each in categories if (found := _KINDS.get(text(each, "id")))), None
    ) or hazardcodes.of_event(title)
    where = geo.centre_of_geometry(newest)
    sources = as_objects(event.get("sources"))
    draft = Draft(
        title=title,
        summary=text(event, "description"),
        link=next((text(source, "url") for source in sources), "") or text(event, "link") or None,
        native_id=number or None,
        language="en",
        published=read_date(stamp(track[0], "date")) if track else None,
        updated=read_date(stamp(event, "closed") or stamp(newest, "date")),
        authors=[text(source, "id") for source in sources],
        categories=[text(each, "title", "id") for each in categories],
        places=[Place(None, None, *where)] if where else [],
        hazard=Hazard(
            type=kind,
            event=title or None,
            event_id=number or None,
            current=event.get("closed") is None,
            severity_value=geo.number(newest.get("magnitudeValue")),
            severity_unit=text(newest, "magnitudeUnit") or None,
        ),
        keys=[Key("id", number)] if number else [],
    )
    for source in sources:
        page = text(source, "url")
        named, counted = _GDACS_TYPE.search(page), _GDACS_ID.search(page)
        if named and counted and "gdacs.org" in page:
            draft.events.append(Key("gdacs", f"{named.group(1).upper()}{counted.group(1)}"))
    return draft
