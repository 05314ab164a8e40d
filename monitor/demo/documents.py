"""The feeds of the demo as documents: RSS, Atom, CAP, GeoJSON, as their kind of publisher does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TypeAlias
from xml.etree import ElementTree as ET

from monitor.demo.scenario import Event, Scenario, Source

Entries: TypeAlias = Sequence[tuple[Event, datetime]]

_ATOM = "http://www.w3.org/2005/Atom"
_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_GDACS = "http://www.gdacs.org"
_GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_ADVICE = "https://smartraveller.gov.au/schema/rss/travel_advisories/"
_SENDER = "warnings@tsunami.example"

for _prefix, _space in (("gdacs", _GDACS), ("geo", _GEO), ("ta", _ADVICE)):
    ET.register_namespace(_prefix, _space)


def document(scenario: Scenario, source: Source, now: datetime) -> tuple[bytes, str]:
    """The feed as it stands at `now`, and its content type."""
    write, content_type = _SHAPES[source.shape]
    return write(source, scenario.published(source.id, now)), content_type


def link_of(source: Source, event: Event) -> str:
    """Where an entry leads: a page that does not exist, on a host that cannot."""
    return f"https://{source.id}.demo.example/{event.id.replace(' ', '-')}"


# --- RSS and what is built on it ---------------------------------------------------------------


def _rss(source: Source, entries: Entries) -> bytes:
    root, channel = _channel(source, entries)
    for event, first in entries:
        _item(channel, source, event, first)
    return _xml(root)


def _gdacs(source: Source, entries: Entries) -> bytes:
    root, channel = _channel(source, entries)
    for event, first in entries:
        item = _item(channel, source, event, first)
        for name, field in (
            ("eventtype", "type"), ("eventid", "id"), ("alertlevel", "alert"),
            ("country", "country"), ("iso3", "iso3"),
        ):  # fmt: skip
            _sub(item, f"{{{_GDACS}}}{name}", event.id if field == "id" else event.text(field))
        _sub(item, f"{{{_GDACS}}}fromdate", _rfc822(_moment(event, "origin")))
        _sub(item, f"{{{_GDACS}}}iscurrent", "true")
        severity = _sub(item, f"{{{_GDACS}}}severity", event.text("severity"))
        if event.text("mag"):
            severity.attrib.update(unit="M", value=event.text("mag"))
        if people := event.text("population"):
            text = f"{int(people):,} people within 100 km"
            _sub(item, f"{{{_GDACS}}}population", text).attrib.update(unit="people", value=people)
        _sub(item, f"{{{_GEO}}}lat", event.text("lat"))
        _sub(item, f"{{{_GEO}}}long", event.text("lon"))
    return _xml(root)


def _australia(source: Source, entries: Entries) -> bytes:
    """The whole list of countries every time, each with the level and wording in force."""
    root, channel = _channel(source, entries)
    for event, _ in sorted(entries, key=lambda each: each[0].id):
        item = ET.SubElement(channel, "item")
        _sub(item, "title", event.id)
        _sub(item, "description", event.text("text"))
        _sub(item, "link", link_of(source, event))
        _sub(item, "pubDate", _rfc822(event.at))
        warning = ET.SubElement(item, f"{{{_ADVICE}}}warnings")
        _sub(warning, f"{{{_ADVICE}}}coverage", event.id)
        _sub(warning, f"{{{_ADVICE}}}description", event.text("wording"))
        _sub(warning, f"{{{_ADVICE}}}level", f"{event.text('level')}/5")
    return _xml(root)


def _channel(source: Source, entries: Entries) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _sub(channel, "title", source.name)
    _sub(channel, "link", f"https://{source.id}.demo.example/")
    _sub(channel, "description", "An invented feed of the demo.")
    if language := source.listed.get("language"):
        _sub(channel, "language", str(language))
    if entries:
        _sub(channel, "lastBuildDate", _rfc822(max(event.at for event, _ in entries)))
    return root, channel


def _item(channel: ET.Element, source: Source, event: Event, first: datetime) -> ET.Element:
    item = ET.SubElement(channel, "item")
    _sub(item, "title", event.text("title"))
    _sub(item, "description", event.text("text"))
    _sub(item, "link", link_of(source, event))
    _sub(item, "guid", f"{source.id}:{event.id}").set("isPermaLink", "false")
    _sub(item, "pubDate", _rfc822(first))
    return item


# --- Atom, and CAP inside it -------------------------------------------------------------------


def _atom(source: Source, entries: Entries) -> bytes:
    root = _atom_root(source, entries)
    for event, first in entries:
        entry = _atom_entry(root, source, event, first)
        _sub(entry, "summary", event.text("text"))
    return _xml(root)


def _cap(source: Source, entries: Entries) -> bytes:
    sent = {event.id: _iso(event.at) for event, _ in entries}
    root = _atom_root(source, entries)
    for event, first in entries:
        entry = _atom_entry(root, source, event, first)
        content = _sub(entry, "content", "")
        content.set("type", "application/cap+xml")
        content.append(_cap_alert(source, event, sent))
    return _xml(root)


def _atom_root(source: Source, entries: Entries) -> ET.Element:
    root = ET.Element("feed", xmlns=_ATOM)
    _sub(root, "title", source.name)
    _sub(root, "id", f"tag:{source.id}.demo.example,2026:feed")
    if entries:
        _sub(root, "updated", _iso(max(event.at for event, _ in entries)))
    return root


def _atom_entry(root: ET.Element, source: Source, event: Event, first: datetime) -> ET.Element:
    entry = ET.SubElement(root, "entry")
    _sub(entry, "id", f"tag:{source.id}.demo.example,2026:{event.id}")
    _sub(entry, "title", event.text("title") or event.text("headline"))
    _sub(entry, "published", _iso(first))
    _sub(entry, "updated", _iso(event.at))
    ET.SubElement(entry, "link", href=link_of(source, event))
    return entry


def _cap_alert(source: Source, event: Event, sent: dict[str, str]) -> ET.Element:
    """An alert of the Common Alerting Protocol 1.2."""
    alert = ET.Element("alert", xmlns=_CAP)
    _sub(alert, "identifier", event.id)
    _sub(alert, "sender", _SENDER)
    _sub(alert, "sent", _iso(event.at))
    _sub(alert, "status", event.text("status") or "Actual")
    _sub(alert, "msgType", event.text("kind"))
    _sub(alert, "scope", "Public")
    if referred := event.fields.get("references"):
        _sub(alert, "references", " ".join(f"{_SENDER},{name},{sent[name]}" for name in referred))
    info = ET.SubElement(alert, "info")
    _sub(info, "language", "en")
    _sub(info, "category", "Geo")
    for name in ("event", "urgency", "severity", "certainty"):
        _sub(info, name, event.text(name))
    _sub(info, "expires", _iso(_moment(event, "expires")))
    _sub(info, "senderName", source.name)
    _sub(info, "headline", event.text("headline"))
    _sub(info, "description", event.text("text"))
    if instruction := event.text("instruction"):
        _sub(info, "instruction", instruction)
    _sub(info, "web", link_of(source, event))
    origin = _iso(_moment(event, "origin"))
    for name, value in (("EventOriginTime", origin), ("Magnitude", event.text("mag"))):
        parameter = ET.SubElement(info, "parameter")
        _sub(parameter, "valueName", name)
        _sub(parameter, "value", value)
    area = ET.SubElement(info, "area")
    _sub(area, "areaDesc", event.text("area"))
    _sub(area, "circle", event.text("circle"))
    geocode = ET.SubElement(area, "geocode")
    _sub(geocode, "valueName", "ISO3166-1")
    _sub(geocode, "value", event.text("country"))
    return alert


# --- lists of their own ------------------------------------------------------------------------


def _geojson(source: Source, entries: Entries) -> bytes:
    """Earthquakes as seismic networks list them: times in milliseconds, depth third."""
    features = [
        {
            "type": "Feature",
            "id": event.id,
            "properties": {
                "mag": event.fields["mag"],
                "place": event.text("place"),
                "time": _milliseconds(_moment(event, "origin")),
                "updated": _milliseconds(event.at),
                "url": link_of(source, event),
                "status": event.text("status"),
                "tsunami": int(bool(event.fields.get("tsunami"))),
                "ids": f",{event.id},",
                "type": "earthquake",
                "title": f"M {event.text('mag')} - {event.text('place')}",
            },
            "geometry": {
                "type": "Point",
                "coordinates": [event.fields[name] for name in ("lon", "lat", "depth")],
            },
        }
        for event, _ in entries
    ]
    whole = {
        "type": "FeatureCollection",
        "metadata": {"title": source.name},
        "features": features,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _japan(source: Source, entries: Entries) -> bytes:
    """Danger levels by country, and notices: the form of the Japanese ministry's open data."""
    root = ET.Element("opendata", lastModified=_tokyo(max(event.at for event, _ in entries)))
    for event, first in entries:
        if event.fields.get("notice"):
            mail = ET.SubElement(root, "mail")
            _sub(mail, "keyCd", event.id)
            _sub(mail, "infoName", "スポット情報")
            _sub(mail, "title", event.text("title"))
            _sub(mail, "lead", event.text("text"))
            _sub(mail, "leaveDate", _tokyo(first))
            _sub(mail, "infoUrl", link_of(source, event))
            holder = ET.SubElement(mail, "country")
            _sub(holder, "name", event.text("country"))
            continue
        country = ET.SubElement(root, "country")
        _sub(country, "cd", event.id)
        _sub(country, "name", event.text("country"))
        _sub(country, "riskTitle", event.text("title"))
        _sub(country, "riskLead", event.text("text"))
        _sub(country, "riskLeaveDate", _tokyo(event.at))
        for level in range(1, 5):
            _sub(country, f"riskLevel{level}", str(int(level in event.fields["levels"])))
    return _xml(root)


_SHAPES: dict[str, tuple[Callable[[Source, Entries], bytes], str]] = {
    "rss": (_rss, "application/rss+xml; charset=utf-8"),
    "gdacs": (_gdacs, "application/rss+xml; charset=utf-8"),
    "australia": (_australia, "application/rss+xml; charset=utf-8"),
    "atom": (_atom, "application/atom+xml; charset=utf-8"),
    "cap": (_cap, "application/atom+xml; charset=utf-8"),
    "geojson": (_geojson, "application/geo+json"),
    "japan": (_japan, "application/xml; charset=utf-8"),
}


def _sub(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _moment(event: Event, name: str) -> datetime:
    return datetime.fromisoformat(event.text(name)).astimezone(UTC)


def _rfc822(at: datetime) -> str:
    return format_datetime(at)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _tokyo(at: datetime) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%Y/%m/%d %H:%M:%S}"
