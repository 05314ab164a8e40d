"""A CAP alert to one entry: the officer's language, the worst block, every area.

Blocks in several languages are one alert said several times: Thai is preferred, then English.
Blocks in one language are parts of the alert: their areas add up, the worst one gives severity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.parse import geo, hazardcodes
from monitor.parse.capmodel import SIGNATURE_FLAGS, SIGNATURE_WHY, Alert, Area, Info
from monitor.parse.countries import country_numbered, iso2
from monitor.parse.dates import Moment, read_date
from monitor.parse.draft import Draft, language_code, note_unread
from monitor.parse.entry import Hints, Key
from monitor.parse.vtec import Vtec, message_type, read_vtec
from storage.records import Hazard, Place

_STATUS = {"actual", "exercise", "system", "test", "draft"}
_TYPES = {"alert": "alert", "update": "update", "cancel": "cancel", "ack": "ack", "error": "error"}
_SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
_URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
_CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
_CERTAINTY_OLD = {"very likely": "Likely"}  # CAP 1.0
_LANGUAGES = ("th", "en")
_WMO_COUNTRY = re.compile(r"2\.49\.0\.[01]\.(\d{3})\.")
_ISO_GEOCODE = re.compile(r"iso.?3166", re.I)
_MAX_PLACES = 200
_NOT_OPERATIONAL = {"T", "E"}
_PASSED = ("EQ", "TS", "VO")  # what is past when it is told: "past" then ends nothing


def draft_of(alert: Alert, hints: Hints) -> Draft:
    """The draft of one alert; an alert without any info block (a bare cancel) works too."""
    infos = _chosen(alert.infos)
    worst = min(infos, key=_rank) if infos else Info()
    # the official axes are the worst of the alert, whichever language states them
    axes = min(alert.infos, key=_rank) if alert.infos else worst
    codes = read_vtec(
        " ".join(value for info in infos for name, value in info.parameters if name == "VTEC")
    )
    declared = _TYPES.get(alert.msg_type.lower(), "alert")
    kind = message_type(codes, declared)
    if declared == "cancel":
        kind = "cancel"
    references = alert.references.split()
    draft = Draft(
        title=worst.headline or _title(alert, worst),
        summary=_summary(infos, worst),
        link=worst.web or None,
        language=language_code(worst.language) or ("en" if infos and not worst.language else None),
        published=read_date(alert.sent, hints.timezone),
        effective=_earliest([info.onset or info.effective for info in infos], hints),
        expires=_latest([info.expires for info in infos], hints),
        status=_status(alert.status, {code.mode for code in codes}),
        message_type=kind,
        references=references,
        authors=list(dict.fromkeys(filter(None, (info.sender_name for info in infos)))),
        categories=[name for info in infos for name in (*info.categories, info.event)],
        places=_places(alert, infos),
        hazard=replace(
            _hazard(axes, worst, [code.phenomenon for code in codes], hints),
            ends_at=_ends_at(infos, codes, hints),
        ),
    )
    if alert.signature:
        draft.flags.append(SIGNATURE_FLAGS[alert.signature])
    if alert.signature_why:
        draft.flags.append(SIGNATURE_WHY + alert.signature_why)
    for code in codes:
        draft.flags.append(f"vtec_{code.action.lower()}")
        draft.event_codes.append(code.event)
        draft.events.append(Key("vtec", code.event))
    if alert.identifier:
        # The day is part of it: a publisher who uses a number again speaks of something else,
        # one who only sends the same message anew does so within hours.
        day = f"{draft.published.at:%Y-%m-%d}" if draft.published else ""
        draft.native_id = f"{alert.sender},{alert.identifier}\x1f{day}"
        draft.keys.append(Key("cap", alert.triple))
        draft.message_id = _same_time(alert.triple)
        draft.events.append(Key("cap", draft.message_id))
        draft.merge_key = f"cap {alert.triple}"
    note_unread(draft, alert.sent)
    draft.events.extend(Key("cap_ref", _same_time(reference)) for reference in references)
    if _is_all_clear(infos, kind, draft.hazard):
        draft.flags.append("all_clear")
    for info in infos[:1]:
        quake = info.parameter("EventIDKey")
        if quake and "usgs" in alert.sender:
            draft.events.append(Key("usgs", quake))
    return draft


def _same_time(triple: str) -> str:
    """The triple with its time in UTC: others refer to a message in another zone's time."""
    sender, comma, rest = triple.partition(",")
    identifier, other, sent = rest.rpartition(",")
    moment = read_date(sent) if comma and other else None
    if moment is None or moment.flags:
        return triple
    return f"{sender},{identifier},{moment.at:%Y-%m-%dT%H:%M:%SZ}"


def _is_all_clear(infos: tuple[Info, ...], kind: str, hazard: Hazard | None) -> bool:
    """Whether every block says that the danger is over, by its response or its urgency."""
    passed = kind == "update" and (hazard is None or hazard.type not in _PASSED)
    return bool(infos) and all(
        "allclear" in (word.lower() for word in info.responses)
        or (passed and info.urgency.strip().lower() == "past")
        for info in infos
    )


def add_fields(draft: Draft, alert: Alert, hints: Hints) -> None:
    """Put the CAP fields of an Atom entry onto the draft made from the entry itself."""
    extra = draft_of(alert, hints)
    draft.status, draft.message_type = extra.status, extra.message_type
    draft.effective, draft.expires = extra.effective, extra.expires
    draft.hazard = extra.hazard
    draft.message_id, draft.event_codes = extra.message_id, extra.event_codes
    draft.references.extend(extra.references)
    draft.categories.extend(extra.categories)
    draft.places.extend(extra.places)
    draft.flags.extend(extra.flags)
    draft.events.extend(extra.events)


def _chosen(infos: tuple[Info, ...]) -> tuple[Info, ...]:
    """The blocks of the best language; a block without language is English by the standard."""
    languages = [language_code(info.language) or "en" for info in infos]
    wanted = next(
        (code for code in _LANGUAGES if code in languages), languages[0] if languages else ""
    )
    return tuple(info for info, code in zip(infos, languages, strict=True) if code == wanted)


def _place_in(scale: tuple[str, ...], word: str) -> int:
    lowered = word.lower()
    return next((i for i, name in enumerate(scale) if name.lower() == lowered), len(scale))


def _rank(info: Info) -> tuple[int, int, int]:
    return (
        _place_in(_SEVERITY, info.severity),
        _place_in(_URGENCY, info.urgency),
        _place_in(_CERTAINTY, _CERTAINTY_OLD.get(info.certainty.lower(), info.certainty)),
    )


def _word(scale: tuple[str, ...], word: str) -> str | None:
    """The CAP word in its official spelling; other words stay as they are."""
    word = _CERTAINTY_OLD.get(word.strip().lower(), word.strip())
    return next((name for name in scale if name.lower() == word.lower()), word[:60] or None)


def _status(word: str, vtec_modes: set[str]) -> str:
    lowered = word.strip().lower()
    if vtec_modes and vtec_modes <= _NOT_OPERATIONAL:
        return "test"
    return lowered if lowered in _STATUS else "actual"  # an unknown word must not hide an alert


def _title(alert: Alert, info: Info) -> str:
    area = info.areas[0].description if info.areas else ""
    if info.event:
        return f"{info.event}: {area}" if area else info.event
    if alert.note:
        return alert.note
    named = ", ".join(
        part.split(",")[1] for part in alert.references.split() if part.count(",") >= 2
    )
    return f"{alert.msg_type or 'Alert'} {named or alert.identifier}".strip()


def _summary(infos: tuple[Info, ...], worst: Info) -> str:
    ordered = [worst, *(info for info in infos if info is not worst)] if infos else []
    texts = (text for info in ordered for text in (info.description, info.instruction))
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _ends_at(infos: tuple[Info, ...], codes: Sequence[Vtec], hints: Hints) -> datetime | None:
    """When the event itself ends: a message expires before it, and is then sent anew."""
    told = _latest([info.parameter("eventEndingTime") for info in infos], hints)
    ends = [code.ends for code in codes if code.ends is not None]
    return max(([told.at] if told else []) + ends, default=None)


def _earliest(raws: list[str], hints: Hints) -> Moment | None:
    moments = [moment for raw in raws if raw and (moment := read_date(raw, hints.timezone))]
    return min(moments, key=lambda moment: moment.at, default=None)


def _latest(raws: list[str], hints: Hints) -> Moment | None:
    moments = [moment for raw in raws if raw and (moment := read_date(raw, hints.timezone))]
    return max(moments, key=lambda moment: moment.at, default=None)


def _places(alert: Alert, infos: tuple[Info, ...]) -> list[Place]:
    whole = _WMO_COUNTRY.search(f"{alert.identifier}.")
    country = country_numbered(whole.group(1)) if whole else None
    areas = [area for info in infos for area in info.areas]
    if not areas:
        areas = [area for info in alert.infos for area in info.areas]
    places = [_place(area, country) for area in areas[:_MAX_PLACES]]
    return list(dict.fromkeys(place for place in places if place != Place()))


def _place(area: Area, country: str | None) -> Place:
    middle = next(
        (pair for circle in area.circles if (pair := geo.first_pair(circle))),
        None,
    ) or next((pair for shape in area.polygons if (pair := geo.centre_of_text(shape))), None)
    for name, value in area.geocodes:
        if _ISO_GEOCODE.search(name):
            country = iso2(re.split(r"[-_]", value)[0]) or country
        elif name.upper() in ("UGC", "FIPS6", "SAME"):
            country = country or "US"
    lat, lon = middle or (None, None)
    return Place(area.description or None, country, lat, lon)


def _hazard(axes: Info, info: Info, phenomena: list[str], hints: Hints) -> Hazard:
    same = next((value for name, value in info.event_codes if name.upper() == "SAME"), "")
    kind = next((key for code in phenomena if (key := hazardcodes.VTEC_PHENOMENA.get(code))), None)
    kind = kind or hazardcodes.SAME.get(same) or hazardcodes.of_event(info.event)
    kind = kind or hazardcodes.of_event(axes.event)
    found = Hazard(
        type=kind,
        severity=_word(_SEVERITY, axes.severity),
        urgency=_word(_URGENCY, axes.urgency),
        certainty=_word(_CERTAINTY, axes.certainty),
        alert_level=info.parameter("awareness_level", "WarningLevel", "AlertLevel", "alertlevel")
        or None,
        event=info.event or None,
        response=info.responses[0] if info.responses else None,
    )
    if kind in ("EQ", "TS"):
        origin = read_date(info.parameter("EventTime", "EventOriginTime") or None, hints.timezone)
        found = replace(
            found,
            magnitude=geo.number(info.parameter("Magnitude", "EventPreliminaryMagnitude") or None),
            depth_km=_depth(info.parameter("Depth", "EventDepth")),
            event_at=origin.at if origin else None,
            event_id=info.parameter("EventIDKey", "EventID") or None,
        )
    return found


def _depth(text: str) -> float | None:
    value = geo.number(text or None)
    if value is None:
        return None
    miles = re.match(r"\s*[\d.]+\s*mi", text)
    return round(value * 1.609344, 1) if miles else value
