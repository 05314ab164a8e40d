"""Travel advice that comes as RSS or Atom: level and country from the item's own fields."""

from __future__ import annotations

import re

from monitor.parse.advice.common import set_advice
from monitor.parse.advice.us import set_us_advice
from monitor.parse.countries import country_named
from monitor.parse.draft import Draft
from monitor.parse.entry import Key
from monitor.parse.xmlsafe import Element, children, local, namespace, text_of

_STATE = re.compile(r"//(?:cadataapi\.|www\.)?travel\.state\.gov/", re.I)
_GOVUK = re.compile(r"//www\.gov\.uk/foreign-travel-advice/([a-z0-9-]+)", re.I)
_NORWAY = re.compile(r"^(.+?)\s+[-–]\s+reiseinformasjon\s*$", re.I)
_SMARTRAVELLER = "smartraveller.gov.au/schema"
_AUSTRALIA = {
    "exercise normal safety precautions": "1",
    "exercise a high degree of caution": "2",
    "reconsider your need to travel": "3",
    "do not travel": "4",
}


def add_advice(draft: Draft, element: Element) -> bool:
    """Read travel advice off an item; True when it is one line of a whole list."""
    if any(_SMARTRAVELLER in namespace(part) for part in element):
        _smartraveller(draft, element)
        return True
    if _STATE.search(draft.link or "") and re.search(
        r"level\s+[1-4]|travel\s+advis|worldwide caution", draft.title, re.I
    ):
        tags = [text_of(part) for part in children(element, "category")]
        set_us_advice(draft, tags)
        return True
    govuk = _GOVUK.search(draft.link or draft.native_id or "")
    if govuk:
        name = draft.title.removesuffix(" travel advice").strip()
        before = len(draft.keys)
        code = country_named(name) or country_named(govuk.group(1).replace("-", " "))
        set_advice(draft, name=name, country=code)
        del draft.keys[before:]  # the page is the identity here
        return False
    norway = _NORWAY.match(draft.title.strip())
    if norway:
        set_advice(draft, name=norway.group(1), country=country_named(norway.group(1), "no"))
    return False


def _smartraveller(draft: Draft, element: Element) -> None:
    """Australia: the words decide, the number (N/5 or N) only stands beside them."""
    name = draft.title.strip()
    levels: list[tuple[str, str, str]] = []
    for block in children(element, "warnings"):
        facts = {local(part): text_of(part) for part in block}
        levels.append(
            (facts.get("coverage", ""), facts.get("description", ""), facts.get("level", ""))
        )
    whole = next(
        (found for found in levels if country_named(found[0]) == country_named(name)), None
    )
    coverage, words, number = whole or (levels[0] if levels else ("", "", ""))
    partial = bool(coverage) and whole is None and coverage.casefold() != name.casefold()
    known = _AUSTRALIA.get(words.strip().lower().rstrip("."))
    if words and known is None:
        draft.flags.append("unknown_wording")
    if not words and number:
        draft.flags.append("level_by_number")
    set_advice(
        draft,
        name=name,
        country=country_named(name) or country_named(coverage),
        level=known or number or None,
        wording=words or None,
        partial=partial,
        area=coverage if partial else None,
    )
    if draft.advice and draft.advice.country:  # an area's name must not change the identity
        draft.keys[-1] = Key("advice", draft.advice.country)
