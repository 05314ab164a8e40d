"""Thai Meteorological Department lists in XML: earthquakes of the year, and warnings.

Neither kind has an id. Times of quakes are UTC, those of warnings local, in Buddhist years at
times.
"""

from __future__ import annotations

from monitor.parse import geo, hazardcodes
from monitor.parse.dates import read_date, read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.xmlsafe import Element, Xml, child, local, text_at
from storage.records import Hazard, Place


def read_tmd(xml: Xml, hints: Hints) -> Document:
    """The list's entries; neither kind has an id, so their own values make one."""
    root = xml.root
    drafts: list[Draft] = []
    for element in root:
        name = local(element)
        if name == "DailyEarthquakes":
            drafts.append(_quake(element))
        elif name in ("Warning", "WarningNews") and len(element):
            drafts.append(_warning(element, hints))
    if not drafts and text_at(root, "IssueNo"):
        drafts.append(_warning(root, hints))
    header = child(root, "header")
    built = (
        read_date(text_at(header, "lastBuildDate"), "Asia/Bangkok") if header is not None else None
    )
    return Document(
        "tmd",
        finish_all(drafts, hints),
        title="กรมอุตุนิยมวิทยา",
        language="th",
        updated=built.at if built else None,
        partly=xml.cut,
        notes=xml.notes,
    )


def _quake(element: Element) -> Draft:
    origin = read_utc(text_at(element, "DateTimeUTC") or None)
    where = geo.point(text_at(element, "Latitude"), text_at(element, "Longitude"))
    place = text_at(element, "OriginThai")
    english = text_at(element, "OriginEnglish")
    magnitude = text_at(element, "Magnitude")
    depth = text_at(element, "Depth")
    summary = (f"ขนาด {magnitude}", f"ลึก {depth} กม." if depth else "", place, english)
    rounded = f"{where[0]:.1f},{where[1]:.1f}" if where else place
    return Draft(
        title=text_at(element, "TitleThai") or f"แผ่นดินไหวขนาด {magnitude} {place}",
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


def _warning(element: Element, hints: Hints) -> Draft:
    zone = "Asia/Bangkok"
    issue = text_at(element, "IssueNo")
    announced = text_at(element, "AnnounceDateTime") or text_at(element, "AnnounceDate")
    title = text_at(element, "TitleThai") or text_at(element, "HeadlineThai")
    headline = text_at(element, "HeadlineThai")
    return Draft(
        title=title,
        summary=text_at(element, "DescriptionThai") or headline,
        link=text_at(element, "WebUrlThai") or None,
        native_id=f"{announced} {issue}".strip() or None,  # the number restarts with each event
        language="th",
        published=read_date(announced or None, zone),
        effective=read_date(text_at(element, "EffectStartDate") or None, zone),
        expires=read_date(text_at(element, "EffectEndDate") or None, zone),
        places=[Place(None, "TH")],
        hazard=Hazard(type=hazardcodes.of_event(f"{title} {headline}"), event=title or None),
    )
