"""WMO's Severe Weather Information Centre: all national warnings in force, as GeoJSON.

Feature ids are made per request; only `capurl`, the path of the national CAP message, lasts.
The list gives neither headline nor position; those stand in that message.
"""

from __future__ import annotations

from monitor.parse import geo, hazardcodes
from monitor.parse.countries import iso2
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Key
from monitor.parse.jsonparts import Object, stamp, text
from storage.records import Hazard, Place

_MESSAGES = "https://severeweather.wmo.int/v2/cap-alerts/"
_SCALES = {
    "s": ("Minor", "Moderate", "Severe", "Extreme"),
    "u": ("Past", "Future", "Expected", "Immediate"),
    "c": ("Unlikely", "Possible", "Likely", "Observed"),
}


def read_swic(found: Object, where: tuple[float, float] | None) -> Draft:
    """The draft of one warning of the list; s, u and c count from 1, in CAP's order."""
    path = text(found, "capurl").strip()
    event = text(found, "event")
    area = text(found, "areaDesc", "areadesc")
    sender = path.lstrip("/").partition("/")[0]
    country = iso2(sender.partition("-")[0])
    title = ": ".join(part for part in (event, area) if part)
    return Draft(
        title=text(found, "headline") or title,
        summary=text(found, "description") or area,
        link=_MESSAGES + path.lstrip("/") if path else None,
        native_id=path or None,
        published=read_date(stamp(found, "sent"), "UTC"),
        effective=read_date(stamp(found, "onset", "effective"), "UTC"),
        expires=read_date(stamp(found, "expires"), "UTC"),
        authors=[sender],
        places=[Place(area or None, country, *(where or (None, None)))],
        hazard=Hazard(
            type=hazardcodes.of_event(event),
            severity=_word(found, "s"),
            urgency=_word(found, "u"),
            certainty=_word(found, "c"),
            event=event or None,
        ),
        keys=[Key("id", path)] if path else [],
    )


def _word(found: Object, name: str) -> str | None:
    step = geo.number(found.get(name))
    return _SCALES[name][int(step) - 1] if step is not None and 1 <= step <= 4 else None
