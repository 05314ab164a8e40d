"""GeoJSON: USGS earthquakes, NWS alerts, GDACS events, and any other feature collection."""

from __future__ import annotations

import json
from dataclasses import replace

from monitor.parse import cap, geo, hazardcodes
from monitor.parse.capmodel import Alert, Area, Info
from monitor.parse.dates import read_date, read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.gdacs import GdacsFields, add_gdacs
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Json, Object, as_object, as_objects, flag, stamp, strings, text
from storage.records import Hazard, Place

_USGS_KINDS = {
    "earthquake": "EQ",
    "volcanic eruption": "VO",
    "landslide": "LS",
    "explosion": "explosion",
}
_MAX_FEATURES = 20_000


def read_geojson(data: Object, hints: Hints) -> Document:
    """The document of a FeatureCollection or a single Feature."""
    features = as_objects(data.get("features")) if "features" in data else [data]
    drafts = [_feature(feature, hints) for feature in features[:_MAX_FEATURES]]
    meta = as_object(data.get("metadata"))
    updated = read_date(stamp(meta, "generated") or stamp(data, "updated", "timeStamp"))
    return Document(
        format="geojson",
        entries=finish_all(drafts, hints),
        title=text(meta, "title") or text(data, "title"),
        updated=updated.at if updated else None,
        partly=len(features) > _MAX_FEATURES,
    )


def _feature(feature: Object, hints: Hints) -> Draft:
    found = as_object(feature.get("properties"))
    where = geo.centre_of_geometry(feature.get("geometry"))
    if "eventtype" in found and "eventid" in found:
        return _gdacs(found, where)
    if "mag" in found and "ids" in found:
        return _usgs(feature, found, where)
    if "msgType" in found or "messageType" in found or text(found, "@type") == "wx:Alert":
        return _nws(feature, found, where, hints)
    if "capurl" in found:
        return _swic(found, where, hints)
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
    severity = _nested(found.get("severitydata"))
    affected = _nested_list(found.get("affectedcountries"))
    urls = _nested(found.get("url"))
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
            is_current="true" if flag(found, "iscurrent") else "false",
            event_name=text(found, "eventname"),
            starts=text(found, "fromdate"),
            ends=text(found, "todate"),
        ),
        where,
    )
    return draft


def _nested(value: Json) -> Object:
    """An object, also when it came as text with single quotes."""
    if isinstance(value, str):
        try:
            return as_object(json.loads(value.replace("'", '"')[:10_000]))
        except ValueError:
            return {}
    return as_object(value)


def _nested_list(value: Json) -> list[Object]:
    if isinstance(value, str):
        try:
            return as_objects(json.loads(value.replace("'", '"')[:10_000]))
        except ValueError:
            return []
    return as_objects(value)


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


def _swic(found: Object, where: tuple[float, float] | None, hints: Hints) -> Draft:
    """WMO's list of national warnings: only `capurl` lasts, ids are made per request."""
    scales = {
        "s": ("Unknown", "Minor", "Moderate", "Severe", "Extreme"),
        "u": ("Unknown", "Past", "Future", "Expected", "Immediate"),
        "c": ("Unknown", "Unlikely", "Possible", "Likely", "Observed"),
    }

    def word(name: str) -> str | None:
        step = geo.number(found.get(name))
        return scales[name][int(step)] if step is not None and 0 <= step <= 4 else None

    event = text(found, "event")
    return Draft(
        title=text(found, "headline") or event,
        summary=text(found, "description"),
        native_id=text(found, "capurl"),
        published=read_date(stamp(found, "sent"), "UTC"),
        effective=read_date(stamp(found, "onset", "effective"), "UTC"),
        expires=read_date(stamp(found, "expires"), "UTC"),
        places=[Place(text(found, "areaDesc", "areadesc") or None, None, *(where or (None, None)))],
        hazard=Hazard(
            type=hazardcodes.of_event(event),
            severity=word("s"),
            urgency=word("u"),
            certainty=word("c"),
            event=event or None,
        ),
        keys=[Key("id", text(found, "capurl"))],
    )


def _any(feature: Object, found: Object, where: tuple[float, float] | None, hints: Hints) -> Draft:
    kind = hazardcodes.of_event(text(found, "event", "type", "category", "hazard"))
    size = geo.number(found.get("magnitude") or found.get("mag"))
    country = text(found, "country", "countryname", "place", "location", "region")
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
        places=[Place(country or None, None, *(where or (None, None)))],
    )
    draft.places = [place for place in draft.places if place != Place()]
    if kind or size is not None:
        draft.hazard = Hazard(type=kind, magnitude=size, event=text(found, "event", "type") or None)
        depth = geo.number(found.get("depth"))
        if depth is not None and size is not None:
            draft.hazard = replace(draft.hazard, type=kind or "EQ", depth_km=abs(depth))
    return draft
