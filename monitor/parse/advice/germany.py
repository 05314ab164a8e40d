"""Auswärtiges Amt: one object of countries by number, four flags, no scale.

A flag that is false is not "normal": cautions then stand in the text only. The list's own
lastModified is that of some entry, months old, and is not used.
"""

from __future__ import annotations

from monitor.parse.advice.common import set_advice
from monitor.parse.countries import iso2
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, flag, stamp, text

_FLAGS = (
    ("warning", "Reisewarnung", False),
    ("situationWarning", "Reisewarnung (besondere Lage)", False),
    ("partialWarning", "Teilreisewarnung", True),
    ("situationPartWarning", "Teilreisewarnung (besondere Lage)", True),
)
_NO_WARNING = "Reise- und Sicherheitshinweise"


def is_germany(data: Object) -> bool:
    """Whether this is the German list or one country's page."""
    return any("partialWarning" in entry for _, entry in _entries(data))


def read_germany(data: Object, hints: Hints) -> Document:
    """One entry per country; level is the name of the flag that is set, or "none"."""
    found = _entries(data)
    drafts = [_country(number, entry) for number, entry in found]
    return Document(
        "germany",
        finish_all(drafts, hints),
        title=_NO_WARNING,
        language="de",
        is_list=len(found) > 1,
    )


def _entries(data: Object) -> list[tuple[str, Object]]:
    response = as_object(data.get("response"))
    return [
        (number, as_object(response[number]))
        for number in response
        if isinstance(response[number], dict)
    ]


def _country(number: str, entry: Object) -> Draft:
    level, wording, partial = next(
        (found for found in _FLAGS if flag(entry, found[0])), ("none", _NO_WARNING, False)
    )
    name = text(entry, "countryName")
    draft = Draft(
        title=f"{name}: {wording}",
        summary=text(entry, "lastChanges", "content"),
        native_id=number,
        language="de",
        published=read_date(stamp(entry, "effective")),
        updated=read_date(stamp(entry, "lastModified")),
        categories=[wording],
    )
    country = iso2(text(entry, "countryCode")) or iso2(text(entry, "iso3CountryCode"))
    set_advice(draft, name=name, country=country, level=level, wording=wording, partial=partial)
    return draft
