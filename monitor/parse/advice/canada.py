"""Global Affairs Canada: all countries in one object keyed by ISO code. Levels start at 0."""

from __future__ import annotations

from monitor.parse.advice.common import set_advice
from monitor.parse.countries import iso2
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, flag, stamp, text
from monitor.parse.text import plain

_EDITORIAL = ("editorial", "regular text update", "mandatory annual review")


def is_canada(data: Object) -> bool:
    """Whether this is the Canadian list: countries that have an advisory state."""
    countries = as_object(data.get("data"))
    first = next(iter(countries.values()), None)
    return "advisory-state" in as_object(first)


def read_canada(data: Object, hints: Hints) -> Document:
    """One entry per country with its level, 0 to 3, and the English wording."""
    countries = as_object(data.get("data"))
    drafts = [_country(code, as_object(countries[code])) for code in countries]
    generated = as_object(as_object(data.get("metadata")).get("generated"))
    updated = read_date(stamp(generated, "timestamp"))
    return Document(
        "canada",
        finish_all(drafts, hints),
        title="Travel Advice and Advisories",
        language="en",
        updated=updated.at if updated else None,
        is_list=True,
    )


def _country(code: str, found: Object) -> Draft:
    english = as_object(found.get("eng"))
    published = as_object(found.get("date-published"))
    name = plain(text(english, "name") or text(found, "country-eng"), 200)
    wording = plain(text(english, "advisory-text"), 300)
    kind = text(found, "recent-updates-type")
    slug = text(english, "url-slug")
    draft = Draft(
        title=f"{name}: {wording}" if wording else name,
        summary=text(english, "recent-updates"),
        link=f"https://travel.gc.ca/destinations/{slug}" if slug else None,
        native_id=code,
        language="en",
        # the local text has no zone; the number is right
        published=read_date(stamp(published, "timestamp"))
        or read_date(stamp(published, "asp", "date"), "America/Toronto"),
        categories=[kind],
    )
    if kind.lower().startswith(_EDITORIAL) or "editorial" in kind.lower():
        draft.flags.append("editorial")
    if flag(found, "has-regional-advisory"):
        draft.flags.append("regional_advisory")
    whole = iso2(code)
    country = whole or iso2(code.partition("-")[0])
    set_advice(
        draft,
        name=name,
        country=country,
        level=text(found, "advisory-state") or None,
        wording=wording or None,
        partial=False,
        area=None if whole else name,
        key=code,
    )
    return draft
