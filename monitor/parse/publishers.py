"""RSS items of publishers that have no fields of their own: known by where the item links to.

What they state in a fixed place, the title's pattern or a marked element, is read here; the
rest of the text is the classifier's work.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.parse import geo, hazardcodes
from monitor.parse.countries import countries_in, country_named, iso2
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Hints
from monitor.parse.text import plain
from storage.records import Hazard, Place

_CDC = re.compile(r"^(?:Level\s+([1-4])|(Watch|Alert|Warning))\s*(?:[-–—:]|,)\s*(.+)$", re.I)
_IN = re.compile(r"^(.+?)\s+in\s+(?:the\s+)?([A-Z].*)$")
_CDC_WORDS = {
    "1": "Practice Usual Precautions",
    "2": "Practice Enhanced Precautions",
    "3": "Reconsider Nonessential Travel",
    "4": "Avoid All Travel",
}
_TAGGED = re.compile(
    r"""<div[^>]{0,80}\bclass=["'][^"'>]{0,60}\bcountry\b[^"'>]{0,60}["'][^>]{0,80}>(.{0,600}?)</div>""",
    re.I | re.S,
)
_RELIEF_TITLE = re.compile(r"^([^:]{2,120}):\s*(.+?)\s+[-–]\s+[A-Z][a-z]{2}\s+\d{4}\s*$")
_VOLCANO_TITLE = re.compile(r"^\s*([^()]{2,80}?)\s*\(([^()]{2,60})\)")
_VOLCANO_STATE = re.compile(
    r"\b(?:new (?:eruptive )?(?:activity/)?(?:activity|unrest)|continuing (?:eruptive )?activity)"
    r"(?:/unrest)?\b",
    re.I,
)
_VOLCANO_NUMBER = re.compile(r"wvar=GVP\.WVAR\d{8}-(\d{6})", re.I)
_DAY_AND_TIME = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?")
_SPANISH_SIZE = re.compile(r"magnitud\s+(\d+(?:[.,]\d+)?)", re.I)
_EMBASSY = re.compile(r"^([a-z]{2})\.usembassy\.gov$")
_HOSTS = ("cdc.gov", "reliefweb.int", "volcano.si.edu", "ign.es", "usembassy.gov")


def add_publisher(draft: Draft, hints: Hints) -> None:
    """Read place, hazard and level off an item whose link names its publisher."""
    link = draft.link or draft.native_id or ""
    lowered = link.lower()
    if not any(name in lowered for name in _HOSTS):  # as for nearly all
        return
    host = _host(link)
    if host.endswith("cdc.gov") and "/travel/notices" in (draft.link or ""):
        _cdc(draft)
    elif host.endswith("reliefweb.int"):
        _reliefweb(draft)
    elif host.endswith("volcano.si.edu"):
        _volcano(draft)
    elif host.endswith("ign.es"):
        _spanish_quake(draft, hints)
    elif embassy := _EMBASSY.match(host):
        code = iso2(embassy.group(1))
        if code and not draft.places:
            draft.places.append(Place(None, code))


def _host(link: str) -> str:
    try:
        return (urlsplit(link.strip()[:2000]).hostname or "").lower()
    except ValueError:  # an address that is none
        return ""


def _cdc(draft: Draft) -> None:
    """A travel health notice: "Level 2 - Disease in Place", or older words for the level."""
    title = plain(draft.title, 300)
    graded = _CDC.match(title)
    rest = graded.group(3) if graded else title
    level = (graded.group(1) or graded.group(2)) if graded else None
    named = _IN.match(rest)
    if named:
        codes = countries_in(named.group(2))
        draft.places = [Place(named.group(2), codes[0] if codes else None)]
        draft.places.extend(Place(None, code) for code in codes[1:])
    number = level if level and level.isdecimal() else None
    draft.hazard = Hazard(
        type="EP",
        event=named.group(1) if named else rest or None,
        alert_level=f"Level {number}" if number else level,
        severity_text=_CDC_WORDS[number] if number else None,
    )


def _reliefweb(draft: Draft) -> None:
    """A disaster or report: its countries are marked in the description."""
    names = [plain(found, 300) for found in _TAGGED.findall(draft.summary[:20_000])]
    title = _RELIEF_TITLE.match(plain(draft.title, 300))
    joined = names[0].partition(":")[2].strip() or names[0] if names else ""
    where = joined or (title.group(1) if title else "")
    codes = countries_in(where)
    if where and not draft.places:
        draft.places = [Place(where, codes[0] if codes else None)]
        draft.places.extend(Place(None, code) for code in codes[1:])
    number = hazardcodes.glide(f"{draft.link} {draft.summary[:4000]}")
    if title and number:
        draft.hazard = Hazard(
            type=hazardcodes.of_glide(number) or hazardcodes.of_event(title.group(2)),
            glide=number,
            event=title.group(2),
        )


def _spanish_quake(draft: Draft, hints: Hints) -> None:
    """An earthquake of Spain's IGN: date and time stand in the title only, without a zone."""
    said = f"{draft.title} {plain(draft.summary)}"
    size = _SPANISH_SIZE.search(said)
    if "terremoto" not in said.lower():
        return
    stamp = _DAY_AND_TIME.search(said)
    origin = read_date(stamp.group(), hints.timezone) if stamp else None
    draft.published = draft.published or origin
    draft.hazard = Hazard(
        type="EQ",
        magnitude=geo.number(size.group(1)) if size else None,
        event_at=origin.at if origin else None,
    )


def _volcano(draft: Draft) -> None:
    """The weekly report of the Smithsonian and the USGS: "Volcano (Country)" and its state."""
    title = plain(draft.title, 300)
    named = _VOLCANO_TITLE.match(title)
    state = _VOLCANO_STATE.search(title)
    number = _VOLCANO_NUMBER.search(f"{draft.link} {draft.native_id}")
    draft.hazard = Hazard(
        type="VO",
        event=named.group(1) if named else None,
        event_id=number.group(1) if number else None,
        alert_level=state.group() if state else None,
    )
    if named and not draft.places:
        draft.places.append(Place(named.group(1), country_named(named.group(2))))
