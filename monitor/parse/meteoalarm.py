"""MeteoAlarm's JSON: CAP alerts with the XML names as members."""

from __future__ import annotations

from monitor.parse import cap
from monitor.parse.capmodel import Alert, Area, Info, Pair
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Json, Object, as_object, as_objects, strings, text


def is_meteoalarm(data: Object) -> bool:
    """Whether this is a country's warnings; an empty list of them is a quiet day."""
    if data.get("warnings") == []:
        return True
    return any("alert" in warning for warning in as_objects(data.get("warnings"))[:1])


def read_meteoalarm(data: Object, hints: Hints) -> Document:
    """One entry per warning; its language blocks are merged as in any CAP alert."""
    alerts = [as_object(warning.get("alert")) for warning in as_objects(data.get("warnings"))]
    drafts = [cap.draft_of(_alert(found), hints) for found in alerts if found]
    return Document("meteoalarm", finish_all(drafts, hints), partly=len(drafts) < len(alerts))


def _alert(found: Object) -> Alert:
    return Alert(
        identifier=text(found, "identifier"),
        sender=text(found, "sender"),
        sent=text(found, "sent"),
        status=text(found, "status"),
        msg_type=text(found, "msgType"),
        source=text(found, "source"),
        note=text(found, "note"),
        references=text(found, "references"),
        incidents=text(found, "incidents"),
        infos=tuple(_info(info) for info in as_objects(found.get("info"))),
    )


def _info(found: Object) -> Info:
    return Info(
        language=text(found, "language"),
        categories=tuple(strings(found.get("category"))),
        event=text(found, "event"),
        responses=tuple(strings(found.get("responseType"))),
        urgency=text(found, "urgency"),
        severity=text(found, "severity"),
        certainty=text(found, "certainty"),
        effective=text(found, "effective"),
        onset=text(found, "onset"),
        expires=text(found, "expires"),
        sender_name=text(found, "senderName"),
        headline=text(found, "headline"),
        description=text(found, "description"),
        instruction=text(found, "instruction"),
        web=text(found, "web"),
        parameters=_pairs(found.get("parameter")),
        event_codes=_pairs(found.get("eventCode")),
        areas=tuple(_area(area) for area in as_objects(found.get("area"))),
    )


def _area(found: Object) -> Area:
    return Area(
        description=text(found, "areaDesc"),
        polygons=tuple(strings(found.get("polygon"))),
        circles=tuple(strings(found.get("circle"))),
        geocodes=_pairs(found.get("geocode")),
    )


def _pairs(value: Json) -> tuple[Pair, ...]:
    return tuple((text(pair, "valueName"), text(pair, "value")) for pair in as_objects(value))
