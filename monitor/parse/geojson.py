"""GeoJSON: USGS earthquakes, NWS alerts, GDACS events, and any other feature collection."""

from __future__ import annotations

import ast
import json
from dataclasses import replace

from monitor.parse import cap, geo, hazardcodes
from monitor.parse.capmodel import Alert, Area, Info
from monitor.parse.countries import country_named, iso2
from monitor.parse.dates import read_date, read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.gdacs import GdacsFields, add_gdacs
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Json, Object, as_object, as_objects, flag, stamp, strings, text
from monitor.parse.observatories import read_emsc_quake, read_geonet_volcano
from monitor.parse.swic import read_swic
from storage.records import Hazard, Place

_USGS_KINDS = {
    "earthquake": "EQ",
    "volcanic eruption": "VO",
    "landslide": "LS",
    "explosion": "explosion",
}


def is_geojson(data: Object) -> bool:
    """Whether this is a FeatureCollection or a single Feature."""
    return text(data, "type") in ("FeatureCollection", "Feature")


def read_geojson(data: Object, hints: Hints) -> Document:
    """The document of a FeatureCollection or a single Feature."""
    features = as_objects(data.get("features")) if "features" in data else [data]
    drafts = [_feature(feature, hints) for feature in features]
    meta = as_object(data.get("metadata"))
    notes, short = _shortfall(data, len(features))
    updated = read_date(stamp(meta, "generated") or stamp(data, "updated", "timeStamp"))
    return Document(
        format="geojson",
        entries=finish_all(drafts, hints),
        title=text(meta, "title") or text(data, "title"),
        updated=updated.at if updated else None,
        partly=short,
        notes=notes,
    )


def _shortfall(data: Object, came: int) -> tuple[tuple[str, ...], bool]:
    """What a server says that it left out: some send only a page of their warnings."""
    said = geo.number(data.get("numberMatched")) or geo.number(data.get("totalFeatures"))
    if said is None or said <= came:
        return (), False
    return (f"the server sent {came} of {said:.0f} entries",), True


def _feature(feature: Object, hints: Hints) -> Draft:
    found = as_object(feature.get("properties"))
    where = geo.centre_of_geometry(feature.get("geometry"))
    if "eventtype" in found and "eventid" in found:
        return _gdacs(found, where)
    if "mag" in found and "ids" in found:
        return _usgs(feature, found, where)
    if "unid" in found and "flynn_region" in found:
        return read_emsc_quake(found, where)
    if "volcanoID" in found:
        return read_geonet_volcano(found, where)
    if "msgType" in found or "messageType" in found or text(found, "@type") == "wx:Alert":
        return _nws(feature, found, where, hints)
    if "capurl" in found:
        return read_swic(found, where)
    return _any(feature, found, where, hints)


def _usgs(feature: Object, found: Object, where: tuple[float, float] | None) -> Draft:
    origin = read_date(stamp(found, "time"))
    ids = [part for part in text(found, "ids").split(",") if part]
    preferred = text(feature, "id")
    ids = list(dict.fromkeys([*([preferred] if preferred else []), *ids]))
    kind = text(found, "type").lower() or "earthquake"
    place = text(found, "place")
    position = as_object(feature.get("geometry")).get("coordinates")
    depth = position[2] if isinstance(position, list) and len(position) > 2 else None
    tsunami = flag(found, "tsunami")
    size = geo.number(found.get("mag"))
    details = [
        f"Magnitude {size:g}" if size is not None else "",
        f"depth {geo.number(depth):g} km" if geo.number(depth) is not None else "",
        place,
    ]
    draft = Draft(
        title=text(found, "title") or f"M {text(found, 'mag')} - {place}",
        summary=", ".join(part for part in details if part),
        link=text(found, "url") or None,
        native_id=preferred or None,
        language="en",
        published=origin,
        updated=read_date(stamp(found, "updated")),
        categories=[kind],
        places=[Place(place or None, None, *(where or (None, None)))],
        hazard=Hazard(
            type=_USGS_KINDS.get(kind),
            alert_level=text(found, "alert") or None,
            magnitude=size,
            depth_km=geo.number(depth),
            event_id=preferred or None,
            event=kind,
            event_at=origin.at if origin else None,
            tsunami="see the tsunami centres" if tsunami else None,
        ),
        keys=[Key("usgs", part) for part in ids],
        events=[Key("usgs", part) for part in ids],
        merge_key=f"usgs {preferred}" if preferred else None,
    )
    status = text(found, "status").lower()
    if status == "automatic":
        draft.flags.append("automatic")
    elif status == "deleted":
        draft.message_type = "cancel"
        draft.flags.append("withdrawn")
    return draft


def _gdacs(found: Object, where: tuple[float, float] | None) -> Draft:
    severity = as_object(_nested(found.get("severitydata")))
    affected = as_objects(_nested(found.get("affectedcountries")))
    urls = as_object(_nested(found.get("url")))
    codes = [text(country, "iso2", "iso3") for country in affected] or [text(found, "iso3")]
    draft = Draft(
        title=text(found, "htmldescription", "name", "description"),
        summary=" ".join(
            part for part in (text(found, "description"), text(severity, "severitytext")) if part
        ),
        link=text(urls, "report", "details") or None,
        native_id=f"{text(found, 'eventtype')}{text(found, 'eventid')}",
        language="en",
        published=read_utc(stamp(found, "fromdate")),
        updated=read_utc(stamp(found, "datemodified")),
        flags=["provisional"] if flag(found, "istemporary") else [],
    )
    names = [text(country, "countryname") for country in affected]
    add_gdacs(
        draft,
        GdacsFields(
            event_type=text(found, "eventtype"),
            event_id=text(found, "eventid"),
            episode_id=text(found, "episodeid"),
            alert_level=text(found, "alertlevel"),
            episode_alert_level=text(found, "episodealertlevel"),
            severity_text=text(severity, "severitytext"),
            severity_value=text(severity, "severity"),
            severity_unit=text(severity, "severityunit"),
            country=text(found, "country") or ", ".join(name for name in names if name),
            countries=tuple(code for code in codes if code),
            glide=text(found, "glide"),
            is_current=str(flag(found, "iscurrent")) if "iscurrent" in found else "",
            event_name=text(found, "eventname"),
            starts=text(found, "fromdate"),
            ends=text(found, "todate"),
        ),
        where,
    )
    return draft


def _nested(value: Json) -> Json:
    """The value itself, or what a text holds that is JSON or has single quotes instead."""
    if not isinstance(value, str):
        return value
    raw = value[:10_000]
    for read, written in (
        (json.loads, raw),
        (ast.literal_eval, raw),
        (json.loads, raw.replace("'", '"')),
    ):
        try:
            found: Json = read(written)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return found
    return None


def _nws(feature: Object, found: Object, where: tuple[float, float] | None, hints: Hints) -> Draft:
    codes = as_object(found.get("geocode"))
    area = Area(
        description=text(found, "areaDesc"),
        circles=(f"{where[0]},{where[1]} 0",) if where else (),
        geocodes=tuple((name, code) for name in codes for code in strings(codes[name])),
    )
    parameters = as_object(found.get("parameters"))
    info = Info(
        language=text(found, "language") or "en-US",
        categories=tuple(strings(found.get("category"))),
        event=text(found, "event"),
        responses=tuple(strings(found.get("response"))),
        urgency=text(found, "urgency"),
        severity=text(found, "severity"),
        certainty=text(found, "certainty"),
        effective=text(found, "effective"),
        onset=text(found, "onset"),
        expires=text(found, "ends", "expires"),
        sender_name=text(found, "senderName"),
        headline=text(found, "headline"),
        description=text(found, "description"),
        instruction=text(found, "instruction"),
        web=text(feature, "id") or text(found, "@id", "web"),
        parameters=tuple(
            (name, value) for name in parameters for value in strings(parameters[name])
        ),
        areas=(area,),
    )
    references = found.get("references")
    named = [
        ",".join((text(part, "sender"), text(part, "identifier"), text(part, "sent")))
        for part in as_objects(references)
    ]
    return cap.draft_of(
        Alert(
            identifier=text(found, "id"),
            sender=text(found, "sender"),
            sent=text(found, "sent"),
            status=text(found, "status"),
            msg_type=text(found, "messageType", "msgType"),
            references=" ".join(named)
            if named
            else (references if isinstance(references, str) else ""),
            infos=(info,),
        ),
        hints,
    )


def _any(feature: Object, found: Object, where: tuple[float, float] | None, hints: Hints) -> Draft:
    kind = hazardcodes.of_event(text(found, "event", "type", "category", "hazard"))
    size = geo.number(found.get("magnitude") or found.get("mag"))
    country = text(found, "country", "countryname", "place", "location", "region")
    code = iso2(text(found, "iso2", "iso3", "countryCode", "country_code"))
    code = code or country_named(text(found, "country", "countryname"))
    draft = Draft(
        title=text(found, "title", "headline", "name", "event"),
        summary=text(found, "summary", "description", "details", "content"),
        link=text(found, "url", "link", "web", "href") or None,
        native_id=text(feature, "id") or text(found, "id", "guid", "identifier") or None,
        language=text(found, "language", "lang") or None,
        published=read_date(
            stamp(found, "published", "date", "time", "sent", "created", "pubDate", "starttime"),
            hints.timezone,
        ),
        updated=read_date(
            stamp(found, "updated", "modified", "lastupdate", "last_updated"), hints.timezone
        ),
        expires=read_date(stamp(found, "expires"), hints.timezone),
        places=[Place(country or None, code, *(where or (None, None)))],
    )
    draft.places = [place for place in draft.places if place != Place()]
    if kind or size is not None:
        draft.hazard = Hazard(type=kind, magnitude=size, event=text(found, "event", "type") or None)
        depth = geo.number(found.get("depth"))
        if depth is not None and size is not None:
            draft.hazard = replace(draft.hazard, type=kind or "EQ", depth_km=abs(depth))
    return draft
