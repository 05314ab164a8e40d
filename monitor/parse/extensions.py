"""Fields beyond RSS and Atom, read from the raw XML because feedparser loses parts of them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from monitor.parse import geo, hazardcodes
from monitor.parse.cap import add_fields
from monitor.parse.capxml import fields_as_alert, has_cap_fields
from monitor.parse.dates import read_date, read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Hints, Key
from monitor.parse.gdacs import GdacsFields, add_gdacs
from monitor.parse.publishers import add_publisher
from monitor.parse.xmlsafe import Element, children, local, namespace, spaces_of, text_of
from storage.records import Hazard, Place

_EMSC_ID = re.compile(r"(?:[?&]id=|/)(\d{5,9})(?:\D|$)")
_USGS_URN = re.compile(r"urn:earthquake-usgs-gov:([a-z]{2}):([A-Za-z0-9]+)")
_USGS_TITLE = re.compile(r"^\s*M\s*(-?\d+(?:\.\d+)?)\b")
_PTWC_FIELD = re.compile(r"Category:\s*+(?:</[^>]{0,200}>\s*+)?([A-Za-z]{1,80})")
_ATCF = re.compile(r"\b([a-z]{2}\d{6})\b", re.I)


_GEO_NAMES = (
    "{*}lat", "{*}long", "{*}lon", "{*}point", "{*}pos", "{*}polygon", "{*}line", "{*}box",
    "{*}posList", "{*}lowerCorner", "{*}circle",
)  # fmt: skip


class Fields:
    """The direct children of an entry, found by local name and a part of the namespace."""

    def __init__(self, element: Element) -> None:
        self._element = element

    def element(self, space: str, name: str) -> Element | None:
        """The first child `name` whose namespace contains `space`, at any depth of two."""
        for part in children(self._element, name):
            if space in namespace(part):
                return part
        return None

    def text(self, space: str, name: str) -> str:
        """That child's text, or empty."""
        return text_of(self.element(space, name))


def extend(draft: Draft, element: Element, hints: Hints) -> None:
    """Read the extension fields of one `<item>` or `<entry>` onto its draft."""
    fields = Fields(element)
    where = _where(element) if _may_say_where(element) else None
    spaces = spaces_of(element)
    joined = _joined(spaces)
    if "gdacs" in joined:
        _gdacs(draft, fields, where)
    elif "emsc" in joined:
        _emsc(draft, fields, where)
    elif has_cap_fields(element, spaces):
        add_fields(draft, fields_as_alert(element), hints)
    elif "tmd.go.th" in joined:
        _tmd(draft, fields, where)
    elif "nhc.noaa.gov" in joined:
        _nhc(draft, element, hints)
    elif draft.native_id and (usgs := _USGS_URN.search(draft.native_id)):
        _usgs(draft, fields, usgs.group(1) + usgs.group(2))
    elif "tsunami.gov/events" in (draft.link or ""):
        _tsunami_centre(draft)
    else:
        add_publisher(draft, hints)
    if where and not any(place.lat is not None for place in draft.places):
        if draft.places:
            draft.places[0] = replace(draft.places[0], lat=where[0], lon=where[1])
        else:
            draft.places.append(Place(None, None, *where))
    number = hazardcodes.glide(f"{draft.link} {draft.summary[:2000]}")
    if number and (draft.hazard is None or draft.hazard.glide == number):
        draft.hazard = draft.hazard or Hazard(type=hazardcodes.of_glide(number), glide=number)
        draft.events.append(Key("glide", number))


@lru_cache(maxsize=256)
def _joined(spaces: frozenset[str]) -> str:
    return " ".join(spaces).lower()


def _may_say_where(element: Element) -> bool:
    """Whether any element inside is of a namespace for places."""
    joined = _joined(spaces_of(element))
    if "geo" in joined or "gml" in joined:
        return True
    return any(len(part) and _may_say_where(part) for part in element)


def _where(element: Element) -> tuple[float, float] | None:
    """The entry's point: W3C geo, GeoRSS simple or GML, in that order of trust."""
    lat = lon = ""
    shape: tuple[float, float] | None = None
    for part in element.iter(*_GEO_NAMES):
        space, name = namespace(part).lower(), local(part)
        if "geo" not in space and "gml" not in space:
            continue
        if name == "lat":
            lat = lat or text_of(part)
        elif name in ("long", "lon"):
            lon = lon or text_of(part)
        elif name in ("point", "pos") and shape is None:
            shape = geo.first_pair(text_of(part))
        elif name in ("polygon", "line", "box", "posList", "lowerCorner") and shape is None:
            shape = geo.centre_of_text(text_of(part))
        elif name == "circle" and shape is None:
            shape = geo.first_pair(text_of(part))
    return geo.point(lat, lon) if lat and lon else shape


def _gdacs(draft: Draft, fields: Fields, where: tuple[float, float] | None) -> None:
    severity, population = (
        fields.element("gdacs", "severity"),
        fields.element("gdacs", "population"),
    )

    def text(name: str) -> str:
        return fields.text("gdacs", name)

    add_gdacs(
        draft,
        GdacsFields(
            event_type=text("eventtype"),
            event_id=text("eventid"),
            episode_id=text("episodeid"),
            alert_level=text("alertlevel"),
            episode_alert_level=text("episodealertlevel"),
            severity_text=text_of(severity),
            severity_value="" if severity is None else severity.get("value", ""),
            severity_unit="" if severity is None else severity.get("unit", ""),
            population_text=text_of(population),
            population_value="" if population is None else population.get("value", ""),
            country=text("country"),
            countries=tuple(re.split(r"[\s,;]+", text("iso3"))),
            glide=text("glide"),
            is_current=text("iscurrent"),
            event_name=text("eventname"),
            starts=text("fromdate"),
            ends=text("todate"),
        ),
        where,
    )


def _emsc(draft: Draft, fields: Fields, where: tuple[float, float] | None) -> None:
    origin = read_date(fields.text("emsc", "time") or None)
    number = _EMSC_ID.search(draft.link or draft.native_id or "")
    event = number.group(1) if number else None
    draft.hazard = Hazard(
        type="EQ",
        magnitude=geo.number(
            re.sub(r"^[A-Za-z]+\d?\s", "", fields.text("emsc", "magnitude")) or None
        ),
        depth_km=geo.number(fields.text("emsc", "depth") or None),
        event_id=event,
        event_at=origin.at if origin else None,
        severity_text=fields.text("emsc", "magnitude") or None,
    )
    region = re.sub(r"^\s*[A-Za-z]{1,3}\s*[\d.]+\s*", "", draft.title).strip()
    draft.places = [Place(region or None, None, *(where or (None, None)))]
    if fields.text("", "status").upper() == "AUTOMATIC":
        draft.flags.append("automatic")
    if event:
        draft.keys.append(Key("emsc", event))
        draft.events.append(Key("emsc", event))


def _usgs(draft: Draft, fields: Fields, event: str) -> None:
    size = _USGS_TITLE.match(draft.title)
    metres = geo.number(fields.text("georss", "elev") or None)
    origin = read_date(
        next(iter(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", draft.summary)), None)
    )
    if origin is None and draft.updated:
        origin = draft.updated
    draft.hazard = Hazard(
        type="EQ",
        magnitude=geo.number(size.group(1)) if size else None,
        depth_km=round(-metres / 1000, 2) if metres is not None and metres <= 0 else None,
        event_id=event,
        event_at=origin.at if origin else None,
    )
    region = re.sub(r"^\s*M\s*-?[\d.]+\s*[-,]?\s*", "", draft.title).strip()
    draft.places = [Place(region or None)]
    draft.keys.append(Key("usgs", event))
    draft.events.append(Key("usgs", event))


def _tmd(draft: Draft, fields: Fields, where: tuple[float, float] | None) -> None:
    origin = read_utc(fields.text("tmd.go.th", "time") or None)
    number = re.search(r"earthquake=(\d+)", draft.link or "")
    draft.hazard = Hazard(
        type="EQ",
        magnitude=geo.number(fields.text("tmd.go.th", "magnitude") or None),
        depth_km=geo.number(fields.text("tmd.go.th", "depth") or None),
        event_id=number.group(1) if number else None,
        event_at=origin.at if origin else None,
    )
    draft.published = draft.published or origin
    draft.places = [Place(draft.title.strip() or None, None, *(where or (None, None)))]


def _nhc(draft: Draft, element: Element, hints: Hints) -> None:
    cyclone = next((part for part in element.iter() if local(part) == "Cyclone"), None)
    if cyclone is None:
        return
    facts = {local(part): text_of(part) for part in cyclone}
    middle = geo.first_pair(facts.get("center", ""))
    code = _ATCF.search(facts.get("atcf", ""))
    draft.hazard = Hazard(
        type="TC",
        event=" ".join(filter(None, (facts.get("type"), facts.get("name")))) or None,
        event_id=code.group(1).upper() if code else None,
        severity_text=facts.get("headline") or None,
        severity_value=geo.number(facts.get("wind") or None),
        severity_unit="mph" if "mph" in facts.get("wind", "") else None,
    )
    draft.places = [Place(None, None, *middle)] if middle else []
    if code:  # the guid changes with each advisory; the storm's number does not
        draft.keys.append(Key("atcf", code.group(1).upper()))
        draft.events.append(Key("atcf", code.group(1).upper()))
        draft.merge_key = f"atcf {code.group(1).upper()}"
    else:
        draft.flags.append("cyclone_without_number")


def _tsunami_centre(draft: Draft) -> None:
    """PTWC and NTWC: the level is the word after Category in the summary, never the title."""
    category = _PTWC_FIELD.search(draft.summary)
    size = re.search(r"Magnitude:\s*+(?:</[^>]{0,200}>\s*+)?(\d{1,9}(?:\.\d{1,9})?)", draft.summary)
    draft.hazard = Hazard(
        type="TS",
        alert_level=category.group(1) if category else None,
        magnitude=geo.number(size.group(1)) if size else None,
        tsunami=category.group(1) if category else None,
    )
    issued = re.search(r"\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d UTC", draft.summary)
    draft.published = draft.published or (read_utc(issued.group()) if issued else None)
    region = " ".join(draft.title.split())
    draft.places = [Place(region or None)]
    if category and category.group(1).lower() not in draft.title.lower():
        draft.title = f"Tsunami {category.group(1)}: {region}"  # the title is only the place
    number = re.search(r"/(\d{6,})/(\d+)/", draft.link or "")
    if number:
        draft.hazard = replace(draft.hazard, event_id=number.group(1), episode_id=number.group(2))
        draft.events.append(Key("tsunami_gov", number.group(1)))
    if category and category.group(1).lower() == "cancellation":
        draft.message_type = "cancel"
