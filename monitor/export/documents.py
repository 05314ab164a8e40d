"""CAP 1.2 messages and the Atom feed of incidents, for partners that the operator has chosen.

Scope is Restricted and every text says "not a public warning": warning the public belongs to the
national agencies. The order of the elements is that of the CAP 1.2 schema (OASIS, 1 July 2010).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # only written here, never read
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from alerts import words
from alerts.message import domain_of, plain_address
from monitor.config.settings import Settings
from monitor.export.view import CAP_CATEGORY, CAP_HAZARD, Shared, Version
from storage.records import Level

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
NOT_PUBLIC = {"en": "Not a public warning", "th": "ไม่ใช่การเตือนภัยต่อสาธารณะ"}
RESTRICTION = "For the recipients agreed with the ministry; not a public warning"
_LIFE = timedelta(hours=24)
_LANGUAGES = {"en": "en-GB", "th": "th-TH"}
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
_SEVERITY = {Level.FLASH: "Extreme", Level.ALERT: "Severe", Level.WATCH: "Moderate"}
_RADIUS_KM = 100


def cap(of: Shared, settings: Settings) -> bytes:
    """The newest version of the incident as a CAP 1.2 message."""
    ET.register_namespace("", CAP)
    newest = of.versions[-1]
    root = ET.Element(f"{{{CAP}}}alert")

    def add(parent: ET.Element, name: str, text: str) -> ET.Element:
        child = ET.SubElement(parent, f"{{{CAP}}}{name}")
        child.text = _clean(text)
        return child

    add(root, "identifier", identifier(of, newest, settings))
    add(root, "sender", _sender(settings))
    add(root, "sent", _time(newest.at))
    add(root, "status", "Exercise" if of.exercise else "Actual")
    add(root, "msgType", newest.kind)
    add(root, "scope", "Restricted")
    add(root, "restriction", RESTRICTION)
    note = NOT_PUBLIC["en"] + (" (exercise)" if of.exercise else "")
    add(root, "note", note)
    if len(of.versions) > 1:
        earlier = [
            f"{_sender(settings)},{identifier(of, each, settings)},{_time(each.at)}"
            for each in of.versions[:-1]
        ]
        add(root, "references", " ".join(earlier))
    add(root, "incidents", of.number)
    for language in ("th", "en"):
        info = ET.SubElement(root, f"{{{CAP}}}info")
        add(info, "language", _LANGUAGES[language])
        for category in cap_categories(of):
            add(info, "category", category)
        add(info, "event", words.hazard(of.hazard, language))
        add(info, "urgency", _one_of(URGENCY, of.urgency))
        add(info, "severity", _one_of(SEVERITY, of.severity or _SEVERITY.get(of.level)))
        add(info, "certainty", _one_of(CERTAINTY, of.certainty))
        add(info, "expires", _time(newest.at + _LIFE))
        add(info, "headline", _title(of, language)[:160])
        add(info, "description", f"{NOT_PUBLIC[language]}. {_title(of, language)}")
        area = ET.SubElement(info, f"{{{CAP}}}area")
        add(area, "areaDesc", _where(of, language))
        if of.lat is not None and of.lon is not None:
            add(area, "circle", f"{of.lat:.3f},{of.lon:.3f} {_RADIUS_KM}")
        for code in of.countries:
            geocode = ET.SubElement(area, f"{{{CAP}}}geocode")
            add(geocode, "valueName", "ISO 3166-1 alpha-2")
            add(geocode, "value", code)
    return _written(root)


def cap_categories(of: Shared) -> list[str]:
    """The event's categories as CAP names them, at least one."""
    by_hazard = CAP_HAZARD.get(of.hazard or "")
    named = (
        [by_hazard] if by_hazard else [CAP_CATEGORY.get(each, "Other") for each in of.categories]
    )
    return list(dict.fromkeys(named)) or ["Other"]


def atom(incidents: Sequence[Shared], settings: Settings, *, now: datetime) -> bytes:
    """The incidents as an Atom feed, newest change first."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")

    def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
        child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        child.text = _clean(text) or None
        return child

    ordered = sorted(incidents, key=lambda each: each.updated_at, reverse=True)
    add(root, "id", f"{settings.base_url}/export/incidents.atom")
    add(root, "title", f"{words.say('word.product', 'en')} – {NOT_PUBLIC['en']}")
    add(root, "updated", _time(ordered[0].updated_at if ordered else now))
    author = add(root, "author")
    add(author, "name", words.say("word.product", "en"))
    add(root, "rights", RESTRICTION)
    for each in ordered:
        entry = add(root, "entry")
        add(entry, "id", f"tag:{domain_of(settings.mail_from)},2026:{each.number}")
        mark = "[EXERCISE] " if each.exercise else ""
        add(entry, "title", f"{mark}[{each.level.name}] {each.title_en}")
        add(entry, "updated", _time(each.updated_at))
        add(entry, "published", _time(each.opened_at))
        for category in each.categories:
            add(entry, "category", term=category)
        if "cap" in settings.export:
            href = f"{settings.base_url}/export/{each.number}.cap.xml"
            add(entry, "link", rel="alternate", type="application/cap+xml", href=href)
        summary = f"{NOT_PUBLIC['en']}. {each.title_en}. {each.title_th}"
        add(entry, "summary", summary)
    return _written(root)


def identifier(of: Shared, version: Version, settings: Settings) -> str:
    """The identifier of one version: the same whenever it is written."""
    return f"{domain_of(settings.mail_from)}.{of.number}.{version.n}"


def _sender(settings: Settings) -> str:
    return plain_address(settings.mail_from) or "monitor@localhost"


def _title(of: Shared, language: str) -> str:
    title = of.title_th if language == "th" else of.title_en
    mark = "EXERCISE / ฝึกซ้อม: " if of.exercise else ""
    return f"{mark}{title}"


def _one_of(known: Sequence[str], given: str | None) -> str:
    return given if given is not None and given in known else "Unknown"


def _where(of: Shared, language: str) -> str:
    countries = words.countries(of.countries, language)
    return f"{of.place}, {countries}" if of.place else countries


def _time(at: datetime) -> str:
    """As CAP wants it: whole seconds, and the zone as an offset, never Z."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _clean(text: str) -> str:
    from alerts import clean

    return clean.one_line(text, 2000)


def _written(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
