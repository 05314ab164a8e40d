"""BMKG earthquake JSON (Indonesia): autogempa, gempaterkini, gempadirasakan.

`gempa` is an object in one file and a list in the others; "DateTime" is UTC while "Tanggal"
and "Jam" are local; numbers are text.
"""

from __future__ import annotations

import re

from monitor.parse import geo
from monitor.parse.dates import Moment, read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, as_objects, text
from storage.records import Hazard, Place


def is_bmkg(data: Object) -> bool:
    """Whether this is one of the agency's earthquake files."""
    return "Infogempa" in data


def read_bmkg(data: Object, hints: Hints) -> Document:
    """The earthquakes of one file; the source gives no id, so time and position make one."""
    quakes = as_objects(as_object(data.get("Infogempa")).get("gempa"))
    return Document(
        "bmkg",
        finish_all([_quake(quake) for quake in quakes], hints),
        title="BMKG",
        language="id",
    )


def _quake(quake: Object) -> Draft:
    origin = read_date(text(quake, "DateTime") or None) or _local(quake)
    where = geo.first_pair(text(quake, "Coordinates")) or _signed(quake)
    size, depth = (
        geo.number(text(quake, "Magnitude") or None),
        geo.number(text(quake, "Kedalaman") or None),
    )
    region, potential, felt = (
        text(quake, "Wilayah"),
        text(quake, "Potensi"),
        text(quake, "Dirasakan"),
    )
    magnitude = text(quake, "Magnitude")
    parts = [
        f"Kedalaman {text(quake, 'Kedalaman')}" if depth is not None else "",
        potential,
        f"Dirasakan: {felt}" if felt else "",
    ]
    place = f"{round(where[0], 2)},{round(where[1], 2)}" if where else region
    return Draft(
        title=f"Gempa M {magnitude} - {region}",
        summary=". ".join(part for part in parts if part),
        native_id=f"{origin.at.isoformat() if origin else text(quake, 'Tanggal', 'Jam')} {place}",
        language="id",
        published=origin,
        places=[Place(region or None, None, *(where or (None, None)))],
        hazard=Hazard(
            type="EQ",
            magnitude=size,
            depth_km=depth,
            event_at=origin.at if origin else None,
            tsunami=potential or None,
        ),
    )


def _local(quake: Object) -> Moment | None:
    """Tanggal and Jam; months may be in Indonesian, the zone is WIB, WITA or WIT."""
    return read_date(f"{text(quake, 'Tanggal')} {text(quake, 'Jam')}", "Asia/Jakarta")


def _signed(quake: Object) -> tuple[float, float] | None:
    """Lintang LU/LS (north, south) and Bujur BT/BB (east, west)."""
    lat, lon = geo.number(text(quake, "Lintang") or None), geo.number(text(quake, "Bujur") or None)
    if lat is None or lon is None:
        return None
    south = re.search(r"LS", text(quake, "Lintang"))
    west = re.search(r"BB", text(quake, "Bujur"))
    return geo.point(-lat if south else lat, -lon if west else lon)
