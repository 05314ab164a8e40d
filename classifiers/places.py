"""Finds places in a text, and decides in which country the *event* is.

A headline often names several countries: where it happened, who spoke about it, whose people
were hurt. Each hit gets points for what stands around it; the country with most points wins,
and others that come close are kept beside it.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from classifiers.errors import CorpusError
from classifiers.gazetteer import CASES, FOLDER, Place
from classifiers.gazetteer import places as known_places
from classifiers.lexicon import is_bounded
from classifiers.tags import PlaceHit
from classifiers.terms import Span
from classifiers.text import Prepared

# Thai province names that are ordinary words as well count only behind จ. or จังหวัด.
_THAI_AFTER_WORD = re.compile(r"(?:จ\.|จังหวัด|เมือง|อ\.|อำเภอ|ชาว)\s?$")
_THAI_WORDLIKE = frozenset({"เลย", "ตาก", "น่าน", "แพร่", "ตราด", "ปาย"})
# Of these, some are read behind "in" and "at" as well: no verb follows there.
_THAI_AFTER_IN = re.compile(r"(?:ใน|ที่)\s?$")
_THAI_AFTER_IN_TOO = frozenset({"น่าน", "ตราด", "ปาย"})
# Short names in Latin letters that are also names of persons or words of other languages.
_LATIN_WORDLIKE = frozenset({"nan", "tak", "trat", "pai", "udon", "ubon"})
# Names that mean something else when this stands in the same text (or right behind the name).
_NOT_THE_COUNTRY = {
    "georgia": re.compile(
        r"atlanta|savannah, ga|bulldogs|u\.s\.|sheriff|governor|county|georgia tech"
    ),
    "jordan": re.compile(r"michael jordan|air jordan|nba|sneaker|jordan spieth|jordan brand"),
    "chad": re.compile(r"chad (?:smith|kroeger|[a-z]+ (?:said|says)\b)|hanging chad"),
}
# A Thai text that names a district or subdistrict this way speaks of Thailand.
_THAI_LOCAL = re.compile(r"(?:^|[\s(])(?:จ|อ|ต|ม)\.\s?[\u0e01-\u0e4e]|ตำบล|อำเภอ|จังหวัด")
_PROVINCE = re.compile(r"\s*(?:province|district|floods?|flooding|airport)\b")
_POINTS = {"country": 2.0, "region": 2.2, "city": 2.0, "people": 0.9, "office": 1.0}
_NEAR_BEST = 0.62
_MOST = 6


_CONTEXT = FOLDER / "context.toml"


@cache
def _context() -> dict[str, re.Pattern[str]]:
    """The patterns of `context.toml`; raises CorpusError when one cannot be read."""
    try:
        patterns = tomllib.loads(_CONTEXT.read_text(encoding="utf-8"))
        return {name: re.compile(text, re.VERBOSE) for name, text in patterns.items()}
    except (tomllib.TOMLDecodeError, re.error) as error:
        raise CorpusError(f"{_CONTEXT.name}: {error}") from error


class Found(NamedTuple):
    """A gazetteer hit at its place in the text."""

    place: Place
    start: int
    end: int


def find_places(
    prepared: Prepared, found: Sequence[Found], home_country: str = "TH"
) -> tuple[tuple[str, ...], tuple[PlaceHit, ...]]:
    """Countries of the event (ISO codes, likeliest first) and the places the text names.

    `found` is what `find_all` gave for the same text. A country is given only if something in
    the text points to it; at most six.
    """
    points: dict[str, float] = defaultdict(float)
    fallback: dict[str, float] = defaultdict(float)
    previous: tuple[Found, float] | None = None
    for hit in found:
        score, second_choice = _points(prepared, hit, home_country)
        between = prepared.folded[previous[0].end : hit.start] if previous else ""
        if previous and previous[1] > 0 and _context()["between"].fullmatch(between):
            score = max(score, previous[1])
            second_choice = False
        if second_choice:
            fallback[hit.place.country] = max(fallback[hit.place.country], score)
        else:
            points[hit.place.country] += score
            previous = (hit, score)
    best = {country: score for country, score in points.items() if score > 0.5}
    if not best:
        best = {country: score for country, score in fallback.items() if score > 0}
    if not best and _THAI_LOCAL.search(prepared.folded):
        best = {"TH": 1.0}
    top = max(best.values(), default=0.0)
    ordered = sorted(best, key=lambda country: -best[country])
    countries = tuple(c for c in ordered if best[c] >= top * _NEAR_BEST)[:_MOST]
    hits = dict.fromkeys(
        PlaceHit(prepared.text[f.start : f.end], f.place.country, f.place.lat, f.place.lon)
        for f in found
        if f.place.kind in ("country", "region", "city")
    )
    return countries, tuple(sorted(hits, key=lambda hit: hit.country not in countries))


def find_all(prepared: Prepared, spotted: Sequence[Span]) -> list[Found]:
    """Every gazetteer name in the text, none covering another, longest first from the left.

    `spotted` is what `terms.spot` found.
    """
    if not spotted:
        return []
    places = known_places()
    cased: bool | None = None
    found: list[Found] = []
    covered = 0
    for number, start, end in spotted:
        if start < covered:
            continue
        if not is_bounded(prepared, start, end, prefix=False):
            ending = _case(prepared, start, end)
            if ending is None and not _titled(prepared, start, end):
                continue
            end = ending or end
        if cased is None:
            cased = _is_cased(prepared.text)
        place = places[number]
        if not _plausible(prepared, place, start, end, cased):
            continue
        covered = end
        found.append(Found(place, start, end))
    return found


def _case(prepared: Prepared, start: int, end: int) -> int | None:
    """Where a Russian name that stands in one of its cases ends; None where it is none."""
    text = prepared.folded
    if not "\u0400" <= text[start] <= "\u04ff" or end - start < _LEAST_CYRILLIC:
        return None
    if (start and "\u0400" <= text[start - 1] <= "\u04ff") or not prepared.text[start].isupper():
        return None
    ending = CASES.match(text, end)
    return ending.end() if ending else None


def _titled(prepared: Prepared, start: int, end: int) -> bool:
    """Whether a Thai name was cut as one word with "city" or "country" before it."""
    if end not in prepared.edges or end - start < _LEAST_TITLED:
        return False
    return prepared.folded.endswith(("กรุง", "เมือง", "ประเทศ", "จังหวัด", "เกาะ", "รัฐ"), 0, start)


_LEAST_CYRILLIC, _LEAST_TITLED = 3, 4
_UPPER, _LOWER = string.ascii_uppercase.encode(), string.ascii_lowercase.encode()


def _is_cased(text: str) -> bool:
    """Whether capitals tell anything here: some words have them and some have not."""
    signs = text.encode("ascii", "ignore")
    without_upper = signs.translate(None, _UPPER)
    upper = len(signs) - len(without_upper)
    lower = len(without_upper) - len(without_upper.translate(None, _LOWER))
    return 0 < upper < (upper + lower) * 0.7


def _plausible(prepared: Prepared, place: Place, start: int, end: int, cased: bool) -> bool:
    shown, name = prepared.text[start:end], prepared.folded[start:end]
    if name[0] < "\u0250" and name[0].isalpha():
        if cased and not shown[0].isupper() and not place.name[0].islower():
            return False
        if name in _LATIN_WORDLIKE:
            return _in_context(prepared, start, end)
        if len(name) <= 3 and name.isascii() and (not shown.isupper() or not cased):
            return False
    if "\u0e01" <= name[0] <= "\u0e4e":
        if start not in prepared.edges or end not in prepared.edges:
            return end - start >= 7 or _titled(prepared, start, end)
        if name in _THAI_WORDLIKE:
            before = prepared.folded[max(0, start - 8) : start]
            if name in _THAI_AFTER_IN_TOO and _THAI_AFTER_IN.search(before):
                return True
            return bool(_THAI_AFTER_WORD.search(before))
    if "\uac00" <= name[0] <= "\ud7a3" and len(name) < 3:
        # Korean two-syllable names also end other words; they must start one.
        return start == 0 or not prepared.folded[start - 1].isalpha()
    other = _NOT_THE_COUNTRY.get(name)
    return other is None or not other.search(prepared.folded)


def _in_context(prepared: Prepared, start: int, end: int) -> bool:
    text = prepared.folded
    before, after = text[max(0, start - 45) : start], text[end : end + 45]
    context = _context()
    return bool(context["before_locative"].search(before) or _PROVINCE.match(after))


def _points(prepared: Prepared, hit: Found, home_country: str) -> tuple[float, bool]:
    """Points of one hit, and whether it counts only when nothing better is there."""
    text, place = prepared.folded, hit.place
    before, after = text[max(0, hit.start - 45) : hit.start], text[hit.end : hit.end + 45]
    in_title = hit.start < prepared.title_end
    score = _POINTS[place.kind] * (1.0 if in_title else 0.55)
    if _context()["before_mission"].search(before):
        return score, True
    if _context()["before_owner"].search(before) or _context()["after_owner"].match(after):
        return score * 0.2, True
    if _context()["before_person"].search(before):
        return score * 0.4, True
    if _context()["before_travel"].search(before):
        return score + 3.0, False
    if place.kind == "office":
        return score, True
    if place.kind == "people":
        if _context()["after_person"].match(after) or place.country == home_country:
            return score * 0.5, True
        return score, False
    if _context()["after_speaker"].match(after):
        return score * 0.5, True
    if _context()["before_locative"].search(before):
        return score + (2.5 if in_title else 1.4), False
    if _context()["after_event"].match(after):
        return score + 1.0, False
    if _context()["before_from"].search(before):
        return score * 0.7, False
    if place.kind == "country" and _context()["after_person"].match(after):
        return score * 0.5, True
    return score, False
