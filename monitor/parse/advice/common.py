"""What all readers of travel advice share: one country, one line, one identity."""

from __future__ import annotations

from monitor.parse.countries import country_named
from monitor.parse.draft import Draft
from monitor.parse.entry import Key
from monitor.parse.text import cut, tidy
from storage.records import Advice, Place


def set_advice(
    draft: Draft,
    *,
    name: str,
    country: str | None,
    level: str | None = None,
    wording: str | None = None,
    partial: bool = False,
    area: str | None = None,
    key: str | None = None,
) -> None:
    """Make `draft` the advice about one country.

    `country` is its ISO code if the publisher gives one, else it is found by `name`. `key` is
    the publisher's stable code where a part of a country has a line of its own.
    """
    code = country or country_named(name)
    draft.advice = Advice(
        country=code,
        level=level,
        wording=cut(tidy(wording), 300) if wording else None,
        partial=partial,
        area=area,
    )
    if not draft.places:
        draft.places = [Place(name or None, code)]
    value = key or (f"{code}:{area}" if code and area else code) or tidy(name).casefold()
    if value:
        draft.keys.append(Key("advice", value))
