"""GDACS events, from the RSS fields and from the API's GeoJSON: one reading for both.

Identity is event type and event id; the episode is the update counter. The alert level is
GDACS's own scale of expected impact and is kept beside severity, never as severity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.parse import geo, hazardcodes
from monitor.parse.countries import countries_in, iso2
from monitor.parse.dates import read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Key
from storage.records import Hazard, Place

_DEPTH = re.compile(r"depth\s*+(?::\s*+)?([\d.]{1,40})\s*km", re.I)


@dataclass(frozen=True, slots=True)
class GdacsFields:
    """What GDACS says of one event, as text; every field may be missing.

    `countries` are ISO codes of either length, `country` a name or a list of names.
    """

    event_type: str = ""
    event_id: str = ""
    episode_id: str = ""
    alert_level: str = ""
    episode_alert_level: str = ""
    severity_text: str = ""
    severity_value: str = ""
    severity_unit: str = ""
    population_text: str = ""
    population_value: str = ""
    country: str = ""
    countries: tuple[str, ...] = ()
    glide: str = ""
    is_current: str = ""
    event_name: str = ""
    starts: str = ""
    ends: str = ""


def add_gdacs(draft: Draft, fields: GdacsFields, where: tuple[float, float] | None) -> None:
    """Fill hazard, places and identities of a draft from GDACS's fields (times are UTC)."""
    kind = fields.event_type.strip().upper()
    event = f"{kind}{fields.event_id.strip()}" if kind and fields.event_id.strip() else None
    glide = hazardcodes.glide(fields.glide)
    value = geo.number(fields.severity_value or None)
    unit = fields.severity_unit.strip()
    depth = _DEPTH.search(fields.severity_text)
    people = geo.number(fields.population_value or None)
    starts, ends = read_utc(fields.starts or None), read_utc(fields.ends or None)
    quake = kind == "EQ"
    draft.hazard = Hazard(
        type=hazardcodes.GDACS.get(kind),
        alert_level=fields.alert_level.strip() or None,
        episode_alert_level=fields.episode_alert_level.strip() or None,
        magnitude=value if quake and unit.upper() == "M" and value else None,
        depth_km=geo.number(depth.group(1)) if depth else None,
        population=int(people) if people is not None and 0 <= people < 1e10 else None,
        event_id=event,
        episode_id=fields.episode_id.strip() or None,
        glide=glide,
        event=fields.event_name.strip() or None,
        event_at=starts.at if starts else None,
        ends_at=ends.at if ends else None,
        current=_truth(fields.is_current),
        severity_text=fields.severity_text.strip() or None,
        severity_value=value,
        severity_unit=unit or None,
        population_text=fields.population_text.strip() or None,
    )
    draft.places = _places(fields, where)
    if event:
        draft.keys.append(Key("gdacs", event))
        draft.events.append(Key("gdacs", event))
        draft.merge_key = f"gdacs {event}"
    if glide:
        draft.events.append(Key("glide", glide))


def _places(fields: GdacsFields, where: tuple[float, float] | None) -> list[Place]:
    lat, lon = where or (None, None)
    codes = tuple(code for raw in fields.countries if (code := iso2(raw)))
    codes = tuple(dict.fromkeys((*codes, *countries_in(fields.country))))
    name = fields.country.strip() or None
    first = Place(name, codes[0] if codes else None, lat, lon)
    return [first, *(Place(None, code) for code in codes[1:])] if first != Place() else []


def _truth(word: str) -> bool | None:
    return {"true": True, "false": False, "1": True, "0": False}.get(word.strip().lower())


def text_of_mapping(found: Mapping[str, object], name: str) -> str:
    """A JSON member as text, empty for null or for what is no plain value."""
    value = found.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""
