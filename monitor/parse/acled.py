"""ACLED's conflict events: rows of one event each, a day old to a week, revised in place.

Nothing grades them; the number of dead is in the text, from where the classifier reads it.
"""

from __future__ import annotations

from monitor.parse import geo
from monitor.parse.countries import country_named
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_objects, stamp, text
from storage.records import Hazard, Place


def is_acled(data: Object) -> bool:
    """Whether this is an answer of ACLED's read service."""
    first = as_objects(data.get("data"))[:1]
    return bool(first) and "event_id_cnty" in first[0]


def read_acled(data: Object, hints: Hints) -> Document:
    """One entry per event; its number stays when the row is revised."""
    drafts = [_event(row) for row in as_objects(data.get("data"))]
    return Document("acled", finish_all(drafts, hints), title="ACLED", language="en")


def _event(row: Object) -> Draft:
    number = text(row, "event_id_cnty")
    kind, finer = text(row, "event_type"), text(row, "sub_event_type")
    spots = [text(row, name) for name in ("location", "admin1", "country")]
    place = ", ".join(dict.fromkeys(spot for spot in spots if spot))
    dead = geo.number(text(row, "fatalities") or None)
    where = geo.point(text(row, "latitude") or None, text(row, "longitude") or None)
    parts = (text(row, "notes"), f"Fatalities: {dead:.0f}." if dead else "")
    return Draft(
        title=": ".join(part for part in (finer or kind, place) if part),
        summary=" ".join(part for part in parts if part),
        native_id=number,
        language="en",
        published=read_date(stamp(row, "event_date")),
        updated=read_date(stamp(row, "timestamp")),
        authors=[text(row, "source")],
        categories=[kind, finer],
        places=[
            Place(place or None, country_named(text(row, "country")), *(where or (None, None)))
        ],
        hazard=Hazard(event=finer or kind or None, event_id=number or None),
        keys=[Key("id", number)] if number else [],
    )
