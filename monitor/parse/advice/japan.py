"""Japan's foreign ministry open data: danger levels by country, and notices (mails).

Each riskLevelN is 0 or 1 and several may be 1: the highest then holds for part of the country
only. Country codes are the ministry's own, padded telephone codes, and stay text.
"""

from __future__ import annotations

from monitor.parse.advice.common import set_advice
from monitor.parse.countries import country_named
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.xmlsafe import Element, Xml, child, children, local, text_at, text_of
from storage.records import Place

_ZONE = "Asia/Tokyo"
_WORDS = {
    "4": "退避してください。渡航は止めてください。（退避勧告）",
    "3": "渡航は止めてください。（渡航中止勧告）",
    "2": "不要不急の渡航は止めてください。",
    "1": "十分注意してください。",
}
_SET = ("1", "y", "true")


def read_mofa_japan(xml: Xml, hints: Hints) -> Document:
    """A country's levels, if the file has them, and every notice of the file."""
    root = xml.root
    drafts: list[Draft] = []
    for holder in [root, *(part for part in root.iter() if local(part) == "country")]:
        if any(child(holder, f"riskLevel{n}") is not None for n in range(1, 5)):
            drafts.append(_levels(holder, root))
    drafts.extend(_notice(part) for part in root.iter() if local(part) == "mail")
    updated = read_date(
        root.get("lastModified", "") or text_at(root, "lastModified") or None, _ZONE
    )
    return Document(
        "mofa_japan",
        finish_all(drafts, hints),
        title="外務省 海外安全情報",
        language="ja",
        updated=updated.at if updated else None,
        partly=xml.cut,
        notes=xml.notes,
    )


def _named(element: Element) -> tuple[str, str]:
    """Name and code of the country inside an element, or of the element itself."""
    inner = child(element, "country")
    holder = inner if inner is not None else element
    return text_at(holder, "name"), text_at(holder, "cd")


def _levels(holder: Element, root: Element) -> Draft:
    name, code = _named(holder)
    found = [n for n in "4321" if text_at(holder, f"riskLevel{n}").lower() in _SET]
    infection = [n for n in "4321" if text_at(holder, f"infectionLevel{n}").lower() in _SET]
    wording = _WORDS[found[0]] if found else "危険情報なし"
    modified = root.get("lastModified", "")
    draft = Draft(
        title=f"{name}: {text_at(holder, 'riskTitle') or wording}",
        summary=text_at(holder, "riskLead"),
        language="ja",
        native_id=f"country {code}" if code else None,
        published=read_date(text_at(holder, "riskLeaveDate") or modified or None, _ZONE),
        categories=[f"感染症危険情報レベル{infection[0]}"] if infection else [],
    )
    set_advice(
        draft,
        name=name,
        country=country_named(name, "ja"),
        level=found[0] if found else "0",
        wording=wording,
        partial=len(found) > 1,
        key=code or None,
    )
    return draft


def _notice(mail: Element) -> Draft:
    number = text_at(mail, "keyCd")
    places = []
    for country in children(mail, "country"):
        name = text_at(country, "name") or text_of(child(country, "countryName"))
        if name:
            places.append(Place(name, country_named(name, "ja")))
    return Draft(
        title=text_at(mail, "title"),
        summary=text_at(mail, "lead") or text_at(mail, "mainText"),
        link=text_at(mail, "infoUrl") or None,
        native_id=number or None,
        language="ja",
        published=read_date(text_at(mail, "leaveDate") or None, _ZONE),
        categories=[text_at(mail, "infoName"), text_at(mail, "infoType")],
        places=places,
    )
