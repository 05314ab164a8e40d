"""Thai Meteorological Department lists in XML or JSON: earthquakes of the year, and warnings.

Neither kind has an id. Times of quakes are UTC, those of warnings local, in Buddhist years at
times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.parse import geo, hazardcodes
from monitor.parse.dates import Moment, read_date, read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, as_objects, text
from monitor.parse.xmlsafe import Element, Xml, child, local, text_at
from storage.records import Hazard, Place

_ZONE = "Asia/Bangkok"
_Facts = Callable[[str], str]  # a field's text by its name, empty where it is missing
_QUAKES, _WARNINGS = "DailyEarthquakes", ("Warning", "WarningNews", "WeatherWarningNews")


def is_tmd(root: Element) -> bool:
    """Whether the document holds the department's quakes or warnings, whatever its root."""
    return any(_is_row(element) for element in root.iter())


def read_tmd(xml: Xml, hints: Hints) -> Document:
    """The list's entries; neither kind has an id, so their own values make one."""
    rows = [element for element in xml.root.iter() if _is_row(element)]
    drafts = [_draft(local(element), _xml_facts(element)) for element in rows]
    header = child(xml.root, "header")
    built = text_at(header, "lastBuildDate") if header is not None else ""
    return _document(drafts, hints, built, partly=xml.cut, notes=xml.notes)


def is_tmd_json(data: Object) -> bool:
    """Whether the JSON object is one of the same lists."""
    return any(True for _ in _rows(data)) or any(name in data for name in (_QUAKES, *_WARNINGS))


def read_tmd_json(data: Object, hints: Hints) -> Document:
    """The same entries from the JSON form."""
    drafts = [_draft(name, _json_facts(row)) for name, row in _rows(data)]
    built = text(as_object(data.get("header")), "lastBuildDate")
    return _document(drafts, hints, built)


def _document(
    drafts: list[Draft], hints: Hints, built: str, partly: bool = False, notes: tuple[str, ...] = ()
) -> Document:
    moment = read_date(built or None, _ZONE)
    return Document(
        "tmd",
        finish_all(drafts, hints),
        title="กรมอุตุนิยมวิทยา",
        language="th",
        updated=moment.at if moment else None,
        partly=partly,
        notes=notes,
    )


def _is_row(element: Element) -> bool:
    name = local(element)
    if name == _QUAKES:
        return len(element) > 0
    return name in _WARNINGS and child(element, "IssueNo") is not None


def _rows(data: Object) -> Iterator[tuple[str, Object]]:
    """The rows of either list, at the top or one level down."""
    for holder in (data, *(as_object(data[name]) for name in data)):
        for row in as_objects(holder.get(_QUAKES)):
            yield _QUAKES, row
        for name in _WARNINGS:
            for row in as_objects(holder.get(name)):
                if "IssueNo" in row:
                    yield name, row


def _xml_facts(element: Element) -> _Facts:
    return lambda name: text_at(element, name)


def _json_facts(row: Object) -> _Facts:
    return lambda name: text(row, name).strip()


def _draft(kind: str, facts: _Facts) -> Draft:
    return _quake(facts) if kind == _QUAKES else _warning(facts)


def _quake(facts: _Facts) -> Draft:
    origin = read_utc(facts("DateTimeUTC") or None)
    where = geo.point(facts("Latitude"), facts("Longitude"))
    place = facts("OriginThai")
    english = facts("OriginEnglish")
    magnitude = facts("Magnitude")
    depth = facts("Depth")
    summary = (f"ขนาด {magnitude}", f"ลึก {depth} กม." if depth else "", place, english)
    rounded = f"{where[0]:.1f},{where[1]:.1f}" if where else place
    return Draft(
        title=facts("TitleThai") or f"แผ่นดินไหวขนาด {magnitude} {place}",
        summary=" · ".join(part for part in summary if part),
        native_id=f"{origin.at.isoformat()} {rounded}" if origin else None,
        language="th",
        published=origin,
        places=[Place(english or place or None, None, *(where or (None, None)))],
        hazard=Hazard(
            type="EQ",
            magnitude=geo.number(magnitude or None),
            depth_km=geo.number(depth or None),
            event_at=origin.at if origin else None,
        ),
    )


def _warning(facts: _Facts) -> Draft:
    issue = facts("IssueNo")
    announced = facts("AnnounceDateTime") or facts("AnnounceDate")
    headline = facts("HeadlineThai")
    title = facts("TitleThai") or headline
    return Draft(
        title=title,
        summary=facts("DescriptionThai") or headline,
        link=facts("WebUrlThai") or None,
        native_id=f"{announced} {issue}".strip() or None,  # the number restarts with each event
        language="th",
        published=_local(announced),
        effective=_local(facts("EffectStartDate")),
        expires=_local(facts("EffectEndDate")),
        places=[Place(None, "TH")],
        hazard=Hazard(type=hazardcodes.of_event(f"{title} {headline}"), event=title or None),
    )


def _local(raw: str) -> Moment | None:
    return read_date(raw or None, _ZONE)
