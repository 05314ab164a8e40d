"""India's SACHET list (NDMA): a JSON array of the warnings of all states, in force now.

`severity` is WATCH, ALERT or WARNING, the publisher's own scale and not CAP's. Times are in
IST, which means +05:30 here. `centroid` is longitude first; the globe tells the two apart.
"""

from __future__ import annotations

from monitor.parse import geo, hazardcodes
from monitor.parse.dates import Moment, read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, stamp, text
from storage.records import Hazard, Place

_ZONE = "Asia/Kolkata"
_LONGITUDES = (66.0, 99.0)  # of India with its islands; its latitudes are 6 to 38


def is_sachet(found: list[Object]) -> bool:
    """Whether the JSON list is SACHET's."""
    return bool(found) and all(
        "severity" in row and ("severity_color" in row or "disaster_type" in row)
        for row in found[:3]
    )


def read_sachet(found: list[Object], hints: Hints) -> Document:
    """One entry per warning."""
    drafts = [_warning(row) for row in found]
    return Document("sachet", finish_all(drafts, hints), title="SACHET", language="en")


def _warning(row: Object) -> Draft:
    kind = text(row, "disaster_type")
    area = text(row, "area_description")
    level = text(row, "severity")
    colour = text(row, "severity_color")
    begins = _moment(row, "effective_start_time")
    number = text(row, "identifier")
    where = _middle(text(row, "centroid"))
    draft = Draft(
        title=": ".join(part for part in (" ".join((level, kind)).strip(), area) if part),
        summary=text(row, "warning_message"),
        native_id=number or f"{kind} {area} {text(row, 'effective_start_time')}",
        language=text(row, "actual_lang") or "en",
        published=begins,
        effective=begins,
        expires=_moment(row, "effective_end_time"),
        authors=[text(row, "alert_source")],
        categories=[kind] if kind else [],
        places=[Place(area or None, "IN", *(where or (None, None)))],
        hazard=Hazard(
            type=hazardcodes.of_event(kind),
            alert_level=level or None,
            event=kind or None,
            severity_text=f"{level} ({colour})" if colour else None,
        ),
    )
    if number:
        draft.keys.append(Key("id", number))
    return draft


def _moment(row: Object, name: str) -> Moment | None:
    return read_date(stamp(row, name), _ZONE)


def _middle(raw: str) -> tuple[float, float] | None:
    """The point, whichever of the two numbers is India's longitude."""
    first, _, second = raw.partition(",")
    east = geo.number(first or None)
    if east is not None and _LONGITUDES[0] <= east <= _LONGITUDES[1]:
        return geo.point(second or None, first)
    return geo.point(first or None, second or None)
