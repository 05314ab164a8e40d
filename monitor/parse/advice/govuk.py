"""FCDO travel advice from the GOV.UK content API: the index, and one country.

The index tells when a country changed and what, never its alert status; only the country's
own document does. `public_updated_at` is the date of advice; `updated_at` moves by itself.
"""

from __future__ import annotations

from monitor.parse.advice.common import set_advice
from monitor.parse.advice.prose import LAST_CHANGE, told_in
from monitor.parse.countries import country_named
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, as_objects, stamp, strings, text

_STATUS = (
    ("avoid_all_travel_to_whole_country", "FCDO advises against all travel to {}", False),
    ("avoid_all_but_essential_travel_to_whole_country",
     "FCDO advises against all but essential travel to {}", False),
    ("avoid_all_travel_to_parts", "FCDO advises against all travel to parts of {}", True),
    ("avoid_all_but_essential_travel_to_parts",
     "FCDO advises against all but essential travel to parts of {}", True),
)  # fmt: skip
_SITE = "https://www.gov.uk"
_SLUGS = {"the-occupied-palestinian-territories": "PS", "palestine": "PS", "ivory-coast": "CI"}


def is_govuk(data: Object) -> bool:
    """Whether this is a travel advice document of the content API."""
    return text(data, "schema_name", "document_type") in ("travel_advice_index", "travel_advice")


def read_govuk(data: Object, hints: Hints) -> Document:
    """One entry per country of the index, or the one country."""
    index = text(data, "schema_name", "document_type") == "travel_advice_index"
    pages = as_objects(as_object(data.get("links")).get("children")) if index else [data]
    drafts = [_country(page, full=not index) for page in pages]
    updated = read_date(stamp(data, "public_updated_at"))
    return Document(
        "govuk",
        finish_all(drafts, hints),
        title=text(data, "title"),
        language=text(data, "locale") or None,
        updated=updated.at if updated and not index else None,
        is_list=index,
    )


def _country(page: Object, *, full: bool) -> Draft:
    details = as_object(page.get("details"))
    country = as_object(details.get("country"))
    path = text(page, "base_path")
    slug = text(country, "slug") or path.rpartition("/")[2]
    name = text(country, "name") or text(page, "title").removesuffix(" travel advice")
    statuses = strings(details.get("alert_status"))
    known = [found for found in _STATUS if found[0] in statuses]
    wording = "; ".join(sentence.format(name) for _, sentence, _ in known)
    change = " ".join(text(details, "change_description").split())
    draft = Draft(
        title=f"{name}: {wording}" if wording else text(page, "title") or f"{name} travel advice",
        summary=change or text(page, "description"),
        link=_SITE + path if path else None,
        native_id=_SITE + path if path else None,
        language=text(page, "locale") or "en",
        published=read_date(stamp(page, "public_updated_at")),
        updated=read_date(stamp(details, "reviewed_at")) if full else None,
        categories=statuses,
    )
    told = None if full else told_in((change,), _code(slug, name))
    if not full:
        draft.flags.append(LAST_CHANGE)
    level = (", ".join(found[0] for found in known) or "none") if full else None
    set_advice(
        draft,
        name=name,
        country=_code(slug, name),
        level=", ".join(told.levels) if told else level,
        wording=told.wording if told else wording or None,
        partial=told.partial if told else bool(known) and known[0][2],
    )
    return draft


def _code(slug: str, name: str) -> str | None:
    return _SLUGS.get(slug) or country_named(name) or country_named(slug.replace("-", " "))
