"""Two JSON interfaces of the United Nations: WHO outbreak news and ReliefWeb."""

from __future__ import annotations

import re

from monitor.parse import geo, hazardcodes
from monitor.parse.countries import countries_in, country_named, iso2
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, as_objects, flag, stamp, text
from monitor.parse.text import plain
from storage.records import Hazard, Place

_STATES = ("alert", "ongoing", "past")  # of a ReliefWeb disaster
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]\s+|\s+[-\u2010-\u2015\u2212]\s*")
_RISK = re.compile(r"\brisk\b.{0,200}\b(?:very high|high|moderate|low)\b", re.I)
_WHO_PAGE = "https://www.who.int/emergencies/disease-outbreak-news/item/"


def is_who(data: Object) -> bool:
    """Whether this is WHO's list of Disease Outbreak News (an OData envelope)."""
    first = as_objects(data.get("value"))[:1]
    if not first:  # the service answers so when nothing matches
        return data.get("value") == [] and "diseaseoutbreaknews" in text(data, "@odata.context")
    return any(name in first[0] for name in ("DonId", "UrlName", "ItemDefaultUrl"))


def read_who(data: Object, hints: Hints) -> Document:
    """Outbreak news; each follow-up is an item of its own."""
    drafts = []
    for found in as_objects(data.get("value")):
        path = text(found, "ItemDefaultUrl", "UrlName").lstrip("/")
        override = text(found, "OverrideTitle") if flag(found, "UseOverrideTitle") else ""
        title = override or " ".join(
            part for part in (text(found, "Title"), text(found, "TitleSuffix")) if part
        )
        disease, places = _who_title(title)
        drafts.append(
            Draft(
                title=title,
                summary=text(found, "Summary", "Overview", "Epidemiology", "Assessment"),
                link=_WHO_PAGE + path if path else None,
                native_id=text(found, "Id", "DonId") or None,
                language="en",
                published=read_date(stamp(found, "PublicationDateAndTime", "PublicationDate")),
                updated=read_date(stamp(found, "LastModified")),
                categories=["Disease Outbreak News"],
                places=places,
                hazard=Hazard(
                    type="EP",
                    event=disease or None,
                    event_id=text(found, "DonId") or None,
                    severity_text=_who_risk(text(found, "Assessment")),
                ),
            )
        )
    return Document("who", finish_all(drafts, hints), title="Disease Outbreak News", language="en")


def _who_title(title: str) -> tuple[str, list[Place]]:
    """Disease and places of a title "Disease - Country"; dashes of every kind are in use."""
    parts = _DASH.split(plain(title, 300))
    if len(parts) < 2:
        return plain(title, 300), []
    name = parts[-1].strip()
    return " - ".join(parts[:-1]), [
        *(Place(name, code) for code in countries_in(name)[:1]),
        *(Place(None, code) for code in countries_in(name)[1:]),
    ] or [Place(name)]


def _who_risk(assessment: str) -> str | None:
    """The sentence of the assessment that names a risk level, in WHO's words."""
    for sentence in re.split(r"(?<=[.;])\s+", plain(assessment)):
        if _RISK.search(sentence):
            return sentence
    return None


def is_reliefweb(data: Object) -> bool:
    """Whether this is an answer of the ReliefWeb API."""
    first = as_objects(data.get("data"))[:1]
    if not first:
        return data.get("data") == [] and "totalCount" in data
    return "fields" in first[0] and "id" in first[0]


def read_reliefweb(data: Object, hints: Hints) -> Document:
    """Disasters or reports; the GLIDE number joins them with every other source."""
    drafts = [_reliefweb(record) for record in as_objects(data.get("data"))]
    return Document("reliefweb", finish_all(drafts, hints), title="ReliefWeb", language="en")


def _reliefweb(record: Object) -> Draft:
    found = as_object(record.get("fields"))
    dates = as_object(found.get("date"))
    glide = hazardcodes.glide(text(found, "glide"))
    places = []
    for country in as_objects(found.get("country")) or as_objects(found.get("primary_country")):
        spot = as_object(country.get("location"))
        where = geo.point(spot.get("lat"), spot.get("lon"))
        code = iso2(text(country, "iso3")) or country_named(text(country, "name"))
        places.append(Place(text(country, "name") or None, code, *(where or (None, None))))
    draft = Draft(
        title=text(found, "title", "name"),
        summary=text(found, "description", "body", "body-html"),
        link=text(found, "url", "url_alias") or text(record, "href") or None,
        native_id=f"reliefweb {text(record, 'id')}",
        language="en",
        published=read_date(stamp(dates, "created", "original")),
        updated=read_date(stamp(dates, "changed")),
        categories=[text(kind, "name") for kind in as_objects(found.get("type"))],
        places=places,
        keys=[Key("id", f"reliefweb {text(record, 'id')}")],
    )
    status = text(found, "status")
    kind = text(as_object(found.get("primary_type")), "name") or next(
        (text(kind, "name") for kind in as_objects(found.get("type"))), ""
    )
    if glide or "glide" in found or status in _STATES:
        draft.hazard = Hazard(
            type=hazardcodes.of_glide(glide) or hazardcodes.of_event(kind),
            glide=glide,
            event=kind or None,
            alert_level=status or None,
            current=status in _STATES[:2] if status in _STATES else None,
        )
    if glide:
        draft.events.append(Key("glide", glide))
    return draft
