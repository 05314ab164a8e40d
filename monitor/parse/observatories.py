"""GeoJSON features of two observatories: EMSC's earthquakes and GeoNet's volcanic alert levels."""

from __future__ import annotations

from monitor.parse import geo
from monitor.parse.dates import read_date, read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Key
from monitor.parse.jsonparts import Object, stamp, text
from storage.records import Hazard, Place

_EMSC_PAGE = "https://www.emsc-csem.org/Earthquake/earthquake.php?id="


def read_emsc_quake(found: Object, where: tuple[float, float] | None) -> Draft:
    """One earthquake of EMSC's event service; `lat` and `lon` are fields of their own as well.

    `source_id` is the number that the RSS feed has in its links, `unid` the service's own id.
    """
    origin = read_utc(stamp(found, "time"))
    size = geo.number(found.get("mag"))
    kind = text(found, "magtype")
    depth = geo.number(found.get("depth"))
    region = text(found, "flynn_region")
    spot = geo.point(found.get("lat"), found.get("lon")) or where
    number = text(found, "source_id") if "EMSC" in text(found, "source_catalog") else ""
    graded = f"{kind or 'M'} {size:.1f}" if size is not None else ""
    return Draft(
        title=" - ".join(part for part in (graded, region) if part),
        summary=f"Depth {abs(depth):g} km, {text(found, 'auth')}" if depth is not None else "",
        link=_EMSC_PAGE + number if number else None,
        native_id=text(found, "unid"),
        language="en",
        published=origin,
        updated=read_utc(stamp(found, "lastupdate")),
        places=[Place(region or None, None, *(spot or (None, None)))],
        hazard=Hazard(
            type="EQ",
            magnitude=size,
            depth_km=abs(depth) if depth is not None else None,
            event_id=number or text(found, "unid") or None,
            event_at=origin.at if origin else None,
            severity_text=graded or None,
        ),
        keys=[Key("id", text(found, "unid")), *([Key("emsc", number)] if number else [])],
        events=[Key("emsc", number)] if number else [],
    )


def read_geonet_volcano(found: Object, where: tuple[float, float] | None) -> Draft:
    """The alert level of one New Zealand volcano; the list always holds all of them, undated."""
    name = text(found, "volcanoTitle", "volcanoID")
    level, colour = text(found, "level"), text(found, "acc")
    said = [f"Volcanic Alert Level {level}" if level else "", colour and f"aviation code {colour}"]
    return Draft(
        title=f"{name}: {', '.join(part for part in said if part)}",
        summary=" ".join(
            part for part in (text(found, "activity"), text(found, "hazards")) if part
        ),
        native_id=text(found, "volcanoID"),
        language="en",
        updated=read_date(stamp(found, "updated")),
        places=[Place(name, "NZ", *(where or (None, None)))],
        hazard=Hazard(
            type="VO",
            event=name,
            alert_level=level or None,
            severity_text=", ".join(part for part in said if part) or None,
        ),
        keys=[Key("id", text(found, "volcanoID"))],
    )
