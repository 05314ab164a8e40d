"""Fuzz target: the small readers below the formats: dates, texts, links, codes, encodings."""

from __future__ import annotations

import math
from datetime import UTC

from monitor.parse import charsets, countries, encoding, geo, hazardcodes, links
from monitor.parse.dates import Moment, read_date, read_utc
from monitor.parse.entry import Hints, NotAFeed
from monitor.parse.text import cut, plain, tidy, title_text
from monitor.parse.vtec import message_type, read_vtec
from monitor.parse.xmlsafe import repair, sections
from tests.fuzz import seeds
from tests.fuzz.invariants import UNSEEN, Broken, check_link

_WORDS = (
    "Mon, 16 Feb 2026 22:50:00 +0700", "2026-01-02T03:04:05.678Z", "16 ก.พ. 2569 เวลา 22.50 น.",
    "令和8年1月2日 午後3時4分", "2/16/26 3:04 pm EST", "20260102T030405Z", "1767323045000",
    "ngày 2 tháng 1 năm 2026", "1. Januar 2026", "/O.NEW.KABC.FL.W.0001.260102T0304Z-260103T0304Z/",
    "TC-2026-000001-LAO", "17.9,102.6 18.0,102.7", "-6.1 109.2", "https://a.example/?utm_source=x#b",
    "https://www.google.com/url?q=https://a.example/", "//a.example:99999/", "<p>a&amp;amp;b</p>",
    "<b>&lt;script&gt;", "Laos, Viet Nam and the Republic of Korea", "ภาษาไทย ก็ ำ",
)  # fmt: skip


def beginnings() -> tuple[bytes, ...]:
    """Texts to begin with."""
    words = tuple(word.encode() for word in _WORDS)
    return (*words, *seeds.PAGES, "น้ำท่วม".encode("cp874"), "地震".encode("cp932"))


def run(body: bytes) -> None:
    """Read some bytes in every way; raises Broken."""
    text = body.decode("utf-8", errors="replace")
    for zone in ("UTC", "Asia/Bangkok", "America/St_Johns", "no/zone"):
        _check_moment(read_date(text, zone))
    _check_moment(read_utc(text))
    for limit in (1, 2, 10, 500):
        _hold(len(plain(text, limit)) <= limit, "plain keeps its limit")
        _hold(len(cut(text, limit)) <= limit, "cut keeps its limit")
    for said in (tidy(text), title_text(text), plain(text)):
        _hold(not UNSEEN.search(said), f"unseen characters in {said!r}")
        _hold(tidy(said) == said, f"tidy twice is not tidy once: {said!r}")
    for base in ("", "https://feeds.example/a/b?c#d", "feed:x"):
        link = links.opened(text, base)
        if link is not None:
            check_link(link)
            links.identity(link)
            links.names_a_page(link)
    codes = read_vtec(text)
    _hold(message_type(codes, "alert") in ("alert", "update", "cancel"), "the type of VTEC")
    hazardcodes.of_glide(hazardcodes.glide(text))
    hazardcodes.of_event(text)
    number = geo.number(text)
    _hold(number is None or math.isfinite(number), "a number that is none")
    for where in (geo.first_pair(text), geo.centre_of_text(text)):
        _hold(where is None or (abs(where[0]) <= 90 and abs(where[1]) <= 180), f"{where}")
    for code in (*countries.countries_in(text), countries.iso2(text)):
        _hold(code is None or (len(code) == 2 and code.isupper()), f"the country {code!r}")
    for language in (None, "th", "ja"):
        body.decode(charsets.guess(body, language), errors="replace")
    try:
        encoding.decode(body, Hints(content_type=text[:60], encoding=text[:12])).text.encode()
    except NotAFeed:
        pass
    except UnicodeEncodeError as fault:
        raise Broken(f"decoding gave half a surrogate pair: {fault}") from fault
    for verbatim, part in sections(repair(text)):
        _hold(verbatim or "<!DOCTYPE" not in part, "a DOCTYPE is left")


def _check_moment(moment: Moment | None) -> None:
    if moment is not None:
        _hold(moment.at.utcoffset() == UTC.utcoffset(None), f"not in UTC: {moment}")
        _hold(1899 <= moment.at.year <= 2101, f"the year of {moment}")


def _hold(true: bool, promise: str) -> None:
    if not true:
        raise Broken(promise)
