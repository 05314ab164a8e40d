"""JMA telegrams (xml.kishou.go.jp Report): the linked messages behind JMA's Atom feeds.

Control/Status tells a drill from the real thing, Head/InfoType a correction (訂正) or a
withdrawal (取消) from an issue. The lifting of a warning is no withdrawal: it is an ordinary
issue whose areas fall to none.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.parse import geo
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft, note_unread
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.xmlsafe import Element, Xml, child, children, local, text_at, text_of
from storage.records import Hazard, Place

_STATUS = {"通常": "actual", "訓練": "exercise", "試験": "test"}
_TYPES = {"発表": "alert", "訂正": "update", "取消": "cancel", "遅延": "alert"}
_COORDINATE = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?/")
_HAZARDS = (("津波", "TS"), ("地震", "EQ"), ("震源", "EQ"), ("震度", "EQ"), ("噴火", "VO"),
            ("火山", "VO"), ("降灰", "VO"), ("台風", "TC"), ("洪水", "FL"), ("土砂", "LS"),
            ("竜巻", "TO"), ("高温", "HT"))  # fmt: skip
_LIFTED = ("津波なし", "解除", "なし")


def read_jma(xml: Xml, hints: Hints) -> Document:
    """The one entry of a telegram."""
    root = xml.root
    control, head, body = child(root, "Control"), child(root, "Head"), child(root, "Body")
    draft = _draft(control, head, body)
    updated = draft.published.at if draft.published else None
    return Document(
        "jma",
        finish_all([draft], hints),
        title=_at(control, "Title"),
        language="ja",
        updated=updated,
        partly=xml.cut,
        notes=xml.notes,
    )


def _draft(control: Element | None, head: Element | None, body: Element | None) -> Draft:
    title = _at(head, "Title") or _at(control, "Title")
    headline = _at(head, "Headline", "Text")
    event = _at(head, "EventID")
    serial = _at(head, "Serial")
    info_type = _at(head, "InfoType")
    reported = _at(head, "ReportDateTime")
    kind = _hazard_key(f"{_at(control, 'Title')} {title} {_at(head, 'InfoKind')}")
    warnings = _warnings(head)
    told = [headline, *_body_texts(body)]
    draft = Draft(
        title=title if not headline else f"{_spaced(title)}: {headline}",
        summary="\n".join(dict.fromkeys(part for part in told if part)),
        native_id="/".join(
            part for part in (event, _at(control, "Title"), serial, info_type, reported) if part
        ),
        language="ja",
        published=read_date(reported or None, "Asia/Tokyo"),
        updated=read_date(_at(control, "DateTime") or None, "UTC"),
        effective=read_date(_at(head, "TargetDateTime") or None, "Asia/Tokyo"),
        expires=read_date(_at(head, "ValidDateTime") or None, "Asia/Tokyo"),
        status=_STATUS.get(_at(control, "Status"), "actual"),
        message_type=_TYPES.get(info_type, "alert"),
        authors=[_at(control, "PublishingOffice")],
        categories=[_at(control, "Title"), _at(head, "InfoKind"), *warnings],
        places=_places(head, body),
        hazard=_hazard(kind, event, serial, head, body, warnings),
    )
    note_unread(draft, reported, _at(control, "DateTime"))
    draft.keys = [Key("id", draft.native_id)] if draft.native_id else []
    if event and kind in ("EQ", "TS"):  # a volcano's EventID is its number, the same for ever
        draft.events.extend(Key("jma", part) for part in event.split())
    if draft.message_type == "cancel":
        draft.flags.append("withdrawn")
    if warnings and all(any(word in name for word in _LIFTED) for name in warnings):
        draft.flags.append("all_clear")
    return draft


def _hazard(
    kind: str | None,
    event: str,
    serial: str,
    head: Element | None,
    body: Element | None,
    warnings: list[str],
) -> Hazard:
    quake = _first(body, "Earthquake")
    origin = read_date(text_at(quake, "OriginTime"), "Asia/Tokyo") if quake is not None else None
    size = _first(quake, "Magnitude")
    where = _coordinate(_first(quake, "Coordinate"))
    intensity = text_of(_first(body, "MaxInt"))
    return Hazard(
        type=kind,
        alert_level=warnings[0] if warnings else None,
        magnitude=geo.number(text_of(size))
        if size is not None and text_of(size) != "NaN"
        else None,
        depth_km=where[2] if where else None,
        event_id=event or None,
        episode_id=serial or None,
        event=_at(head, "InfoKind") or None,
        event_at=origin.at if origin else None,
        severity_text=_size_in_words(size) or (f"最大震度{intensity}" if intensity else None),
    )


def _size_in_words(size: Element | None) -> str | None:
    """What JMA says of a magnitude that it cannot give yet: "beyond 8", or unknown."""
    if size is None or text_of(size) != "NaN":
        return None
    return unicodedata.normalize("NFKC", size.get("description", "")) or None


def _warnings(head: Element | None) -> list[str]:
    """The kinds of warning in the headline, in document order: the worst stands first."""
    headline = child(head, "Headline") if head is not None else None
    if headline is None:
        return []
    items = [item for part in children(headline, "Information") for item in children(part, "Item")]
    names = [text_at(item, "Kind", "Name") for item in items]
    return list(dict.fromkeys(name for name in names if name))[:30]


def _places(head: Element | None, body: Element | None) -> list[Place]:
    places: list[Place] = []
    centre = _first(body, "Hypocenter")
    if centre is not None:
        where = _coordinate(_first(centre, "Coordinate"))
        name = text_at(centre, "Area", "Name") or None
        detailed = text_at(centre, "Area", "DetailedName")
        lat, lon = (where[0], where[1]) if where else (None, None)
        # a distant quake's hypocentre lies abroad; its country is for the coordinates to tell
        places.append(Place(detailed or name, None, lat, lon))
    elif body is not None:
        for area in body.iter():
            if local(area) == "Area" and (found := _coordinate(child(area, "Coordinate"))):
                places.append(Place(text_at(area, "Name") or None, "JP", found[0], found[1]))
                break
    if head is not None:
        areas = (text_at(area, "Name") for area in head.iter() if local(area) == "Area")
        known = {place.name for place in places} | {""}
        places.extend(Place(name, "JP") for name in dict.fromkeys(areas) if name not in known)
    return places[:200]


def _coordinate(element: Element | None) -> tuple[float, float, float | None] | None:
    """Latitude, longitude, depth in km from ISO 6709 text; degrees, or degrees and minutes."""
    match = _COORDINATE.search(text_of(element)) if element is not None else None
    if match is None:
        return None
    found = geo.point(_degrees(match.group(1), 2), _degrees(match.group(2), 3))
    if found is None:
        return None
    metres = geo.number(match.group(3))
    depth = -metres / 1000 if metres is not None and metres <= 0 else None
    return found[0], found[1], depth


def _degrees(text: str, width: int) -> float:
    whole = text[1:].partition(".")[0]
    value = float(text[1:])
    if len(whole) > width:  # degrees and minutes: +3624.38 is 36 degrees 24.38 minutes
        value = round(int(whole[:-2]) + (value - int(whole[:-2]) * 100) / 60, 4)
    return -value if text[0] == "-" else value


def _body_texts(body: Element | None) -> list[str]:
    if body is None:
        return []
    wanted = (
        "Text",
        "VolcanoHeadline",
        "VolcanoActivity",
        "VolcanoPrevention",
    )
    return [
        text_of(part) for part in body.iter() if local(part) in wanted and len(text_of(part)) < 4000
    ][:12]


def _hazard_key(words: str) -> str | None:
    return next((key for word, key in _HAZARDS if word in words), None)


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _first(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((part for part in element.iter() if local(part) == name), None)


def _at(element: Element | None, *path: str) -> str:
    return text_at(element, *path) if element is not None else ""
