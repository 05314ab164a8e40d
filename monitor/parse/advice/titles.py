"""Travel advice that comes as RSS or Atom: level and country from the item's own fields."""

from __future__ import annotations

import re

from monitor.parse.advice.common import set_advice
from monitor.parse.advice.prose import LAST_CHANGE, told_in
from monitor.parse.advice.us import set_us_advice
from monitor.parse.countries import country_named
from monitor.parse.draft import Draft
from monitor.parse.text import plain
from monitor.parse.xmlsafe import Element, children, local, spaces_of, text_of

_STATE = re.compile(r"//(?:cadataapi\.|www\.)?travel\.state\.gov/", re.I)
_GOVUK = re.compile(r"//www\.gov\.uk/foreign-travel-advice/([a-z0-9-]+)", re.I)
_NORWAY = re.compile(r"^(.+?)\s+[-–]\s+reiseinformasjon\s*$", re.I)
# The ministry grades only in words of the text: against all travel, or against what is not needed.
_NORWEGIAN = re.compile(
    r"fraråder\s+(?:alle\s+reiser|reiser\s+som\s+ikke\s+er\s+strengt\s+nødvendige)"
    r"(?:\s+(?:til|i)\s+([^.;,]{1,160}))?",
    re.I,
)
_SMARTRAVELLER = "smartraveller.gov.au/schema"
_AUSTRALIA = {
    "exercise normal safety precautions": "1",
    "exercise a high degree of caution": "2",
    "reconsider your need to travel": "3",
    "do not travel": "4",
}


def add_advice(draft: Draft, element: Element) -> bool:
    """Read travel advice off an item; True when it is one line of a whole list."""
    if any(_SMARTRAVELLER in space for space in spaces_of(element)):
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
        told = told_in((draft.title, plain(draft.summary)), code)
        set_advice(
            draft,
            name=name,
            country=code,
            level=", ".join(told.levels) if told else None,
            wording=told.wording if told else None,
            partial=told is not None and told.partial,
        )
        draft.flags.append(LAST_CHANGE)
        del draft.keys[before:]  # the page is the identity here
        return False
    title = draft.title[:500].strip()
    norway = _NORWAY.match(title) if "reiseinformasjon" in title.casefold() else None
    if norway:
        words = _NORWEGIAN.search(plain(draft.summary))
        said = words.group().strip() if words else None
        name = norway.group(1).strip().casefold()
        place = ((words.group(1) if words else None) or "").strip().casefold()
        set_advice(
            draft,
            name=norway.group(1),
            country=country_named(norway.group(1), "no"),
            wording=said,
            partial=bool(place) and place not in (name, f"hele {name}", "landet"),
        )
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
    chosen = whole or (levels[0] if levels else ("", "", ""))
    coverage, words, number = chosen
    partial = bool(coverage) and whole is None and coverage.casefold() != name.casefold()
    known = _AUSTRALIA.get(words.strip().lower().rstrip("."))
    if words and known is None:
        draft.flags.append("unknown_wording")
    if not words and number:
        draft.flags.append("level_by_number")
    beside = [found for found in levels if found is not chosen]  # areas with levels of their own
    areas = [f"{area}: {said or step}" for area, said, step in beside if area]
    country = country_named(name) or country_named(coverage)
    set_advice(
        draft,
        name=name,
        country=country,
        level=known or number or None,
        wording=words or None,
        partial=partial,
        area="; ".join([coverage, *areas] if partial else areas) or None,
        key=country,  # an area's name must not change the identity
    )
    draft.categories.extend(f"level {step}" for _, _, step in levels if step)
