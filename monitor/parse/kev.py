"""CISA's catalogue of known exploited vulnerabilities: the whole catalogue each time.

A weakness stands in it once, by its CVE number; a later change of its row is a revision.
"""

from __future__ import annotations

from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_objects, stamp, text
from storage.records import Hazard

_RECORD = "https://nvd.nist.gov/vuln/detail/"


def is_kev(data: Object) -> bool:
    """Whether this is the catalogue."""
    rows = as_objects(data.get("vulnerabilities"))
    return isinstance(data.get("vulnerabilities"), list) and (
        "catalogVersion" in data or any("cveID" in row for row in rows[:3])
    )


def read_kev(data: Object, hints: Hints) -> Document:
    """One entry per weakness; its day of entry in the catalogue is its publication."""
    released = read_date(stamp(data, "dateReleased"))
    rows = as_objects(data.get("vulnerabilities"))
    return Document(
        "kev",
        finish_all([_weakness(row) for row in rows], hints),
        title=text(data, "title") or "Known Exploited Vulnerabilities",
        language="en",
        updated=released.at if released else None,
        is_list=True,
    )


def _weakness(row: Object) -> Draft:
    number = text(row, "cveID").strip().upper()
    name = text(row, "vulnerabilityName") or " ".join(
        part for part in (text(row, "vendorProject"), text(row, "product")) if part
    )
    ransom = text(row, "knownRansomwareCampaignUse")
    due = text(row, "dueDate")
    parts = (
        text(row, "shortDescription"),
        f"Required action: {text(row, 'requiredAction')}" if text(row, "requiredAction") else "",
        f"Due date: {due}." if due else "",
        f"Known ransomware campaign use: {ransom}." if ransom else "",
    )
    return Draft(
        title=": ".join(part for part in (number, name) if part),
        summary=" ".join(part for part in parts if part),
        link=_RECORD + number if number.startswith("CVE-") else None,
        native_id=number or None,
        language="en",
        published=read_date(stamp(row, "dateAdded")),
        categories=[text(row, "vendorProject"), text(row, "product")],
        hazard=Hazard(type="cyber", event=name or None, severity_text=ransom or None),
        keys=[Key("id", number)] if number else [],
    )
