"""US State Department: the JSON list and the RSS, both the whole list each time.

The link is no identity (two forms stand side by side) and Country-Tag is FIPS 10-4, in which
AU is Austria; the country's name in the title comes first.
"""

from __future__ import annotations

import re

from monitor.parse.advice.common import set_advice
from monitor.parse.advice.fips import FIPS
from monitor.parse.countries import country_named
from monitor.parse.dates import Moment, read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, stamp, strings, text
from monitor.parse.links import identity
from monitor.parse.text import plain, title_text

_LEVEL = re.compile(r"Level\s+([1-4])\s*:?\s*([A-Za-z ]*[A-Za-z])?", re.I)
_TITLE_END = re.compile(r"\s+(?:[-–—]\s*(?:See\s+Summar|Level\b)|Travel\s+Advis).*$", re.I | re.S)
_SHARED = re.compile(r"see\s+summar", re.I)
_EVENING = re.compile(r"(\d{4}-\d\d-\d\d)T(?:20:00:00(?:\.0+)?-04|19:00:00(?:\.0+)?-05):?00$")
_UNCHANGED = re.compile(
    r"no changes? to the (?:travel )?advisory level|"
    r"reissued after periodic review (?:without|with (?:minor|no)) ",
    re.I,
)
_TELLING = re.compile(r"departure|advisory\s+level|periodic\s+review", re.I)
_DEPARTURE = re.compile(
    r"(?<!lifted the )(?<!lifted )(?<!ended the )(?<!terminated the )(?<!of the )"
    r"\border(?:ed|s)(?: the)? departure\b(?! (?:status )?(?:was|has been|is) "
    r"(?:lifted|ended|terminated))",
    re.I,
)
_WORDS = {
    "1": "Exercise Normal Precautions",
    "2": "Exercise Increased Caution",
    "3": "Reconsider Travel",
    "4": "Do Not Travel",
}


def is_us_list(found: list[Object]) -> bool:
    """Whether the JSON list is the State Department's."""
    return bool(found) and all("Title" in item and "Link" in item for item in found[:3])


def read_us_list(found: list[Object], hints: Hints) -> Document:
    """One entry per advisory; a country listed twice stays once, with the newest."""
    drafts = []
    for item in found:
        draft = Draft(
            title=text(item, "Title"),
            summary=text(item, "Summary"),
            link=text(item, "Link") or None,
            language="en",
            published=_day(item, "Published"),
            updated=_day(item, "Updated"),
        )
        set_us_advice(draft, strings(item.get("Category")))
        drafts.append(draft)
    return Document("us", finish_all(drafts, hints), "Travel Advisories", "en", is_list=True)


def _day(item: Object, name: str) -> Moment | None:
    """The publisher's calendar day: its midnight is written as 8 in the evening before."""
    raw = stamp(item, name)
    evening = _EVENING.match(raw) if isinstance(raw, str) else None
    return read_date(evening.group(1) if evening else raw)


def set_us_advice(draft: Draft, tags: list[str]) -> None:
    """Read country and level of a US advisory from its title, else from its tags."""
    title = title_text(draft.title)
    name = _TITLE_END.sub("", title).strip(" -–—")
    level = _LEVEL.search(title) or next(filter(None, map(_LEVEL.search, tags)), None)
    code = country_named(name) or next((FIPS[tag] for tag in tags if tag in FIPS), None)
    number = level.group(1) if level else None
    said = plain(draft.summary) if _TELLING.search(draft.summary) else ""
    if _UNCHANGED.search(said[:600]):
        draft.flags.append("editorial")
    departure = _DEPARTURE.search(said)
    words = _WORDS[number] if number else None
    if departure:  # counts as a change even when the level stays
        draft.flags.append("ordered_departure")
        words = f"{words}; ordered departure" if words else "Ordered departure"
    # one title on several rows with different levels: only the page tells them apart
    shared = _SHARED.search(title) is not None and draft.link is not None
    page = identity(draft.link) if shared and draft.link else ""
    set_advice(
        draft,
        name=name,
        country=code,
        level=number,
        wording=words,
        key=f"{code or ''}:{page}" if shared else _line(code, name),
    )
    if draft.keys and not shared:
        draft.merge_key = f"advice {draft.keys[-1].value}"


def _line(code: str | None, name: str) -> str:
    """What names the line: the country, or for parts and groups of countries their name."""
    folded = name.casefold()
    if code is None or "," in name or folded in ("gaza", "west bank"):
        return f"{code or ''}:{folded}"
    return code
