"""Identities of events that a link or a plain text names: anybody's page on one event.

Agencies' own feeds give theirs in fields; a newspaper or a ministry gives them in a link or in a
sentence. A text that names two of one kind is a survey and identifies neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from monitor.parse.hazardcodes import glides

Identity = tuple[str, str]
LONGEST = 4000  # letters of a text that are looked at

_PAGES = re.compile(r"https?://[^\s<>\"']+")
_DON = re.compile(r"(?<![\w-])(?:(20\d\d)-)DON(\d{3,4})(?!\w)", re.IGNORECASE)
_USGS = re.compile(r"/earthquakes/eventpage/([a-z]{2}[a-z0-9]{6,12})(?![a-z0-9])", re.IGNORECASE)
_EMSC = re.compile(r"[?&]id=(\d{5,9})(?!\w)")
_AGENCIES = ("earthquake.usgs.gov", "emsc-csem.org", "emsc.eu", "gdacs.org")
_GDACS_KINDS = frozenset(["EQ", "TC", "FL", "VO", "DR", "WF", "TS"])


def identities_in(link: str | None, title: str, summary: str) -> tuple[Identity, ...]:
    """The events that the item names, each kind at most once."""
    text = f"{link or ''} {title} {summary[:LONGEST]}"
    if not any(sign in text for sign in ("http", "-DON", "-don", "-20", "-19")):
        return ()
    found: dict[str, set[str]] = {}
    for kind, value in _all(text):
        found.setdefault(kind, set()).add(value)
    return tuple((kind, *values) for kind, values in found.items() if len(values) == 1)  # type: ignore[misc]


def _all(text: str) -> Iterator[Identity]:
    for number in glides(text):
        yield "glide", number
    lowered = text.lower()
    if "-don" in lowered:
        for year, number in _DON.findall(text):
            yield "who_don", f"{year}-DON{number}"
    if not any(name in lowered for name in _AGENCIES):  # as in nearly all
        return
    for page in _PAGES.findall(text):
        try:
            parts = urlsplit(page.replace("&amp;", "&"))
        except ValueError:
            continue
        host = (parts.hostname or "").removeprefix("www.")
        if host == "earthquake.usgs.gov" and (event := _USGS.search(parts.path)):
            yield "usgs", event.group(1).lower()
        elif host in ("emsc-csem.org", "emsc.eu"):
            if number_ := _EMSC.search(f"{parts.path}?{parts.query}"):
                yield "emsc", number_.group(1)
        elif host == "gdacs.org":
            asked = {key.lower(): values[0] for key, values in parse_qs(parts.query).items()}
            kind, number = asked.get("eventtype", "").upper(), asked.get("eventid", "")
            if kind in _GDACS_KINDS and number.isdigit():
                yield "gdacs", f"{kind}{number}"
