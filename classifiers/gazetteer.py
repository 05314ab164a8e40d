"""Knows place names in our languages: countries, regions, cities, peoples.

Countries come from CLDR (Babel), the rest from `places_data/` (README.md there tells whence).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classifiers.errors import CorpusError
from classifiers.language import LANGUAGES
from classifiers.text import fold

FOLDER = Path(__file__).parent / "places_data"

_BRACKET = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AQ", "IO", "UM"})
# CLDR names that are ordinary words in a headline.
_SKIP = frozenset({"reunion", "jersey", "mo", "le", "yu"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the gazetteer knows it. `kind`: country, region, city, people, office."""

    name: str
    country: str
    kind: str
    lat: float | None = None
    lon: float | None = None


Finder = Callable[[str], list[tuple[int, int, int]]]


@cache
def gazetteer() -> tuple[tuple[Place, ...], Finder]:
    """The places, one per folded name, and a finder of (place index, start, end) in folded text."""
    from ahocorasick_rs import AhoCorasick

    named: dict[str, Place] = {}
    for place in (
        *_located("regions.tsv", "region"),
        *_countries(),
        *_hints("demonyms.tsv", "people"),
        *_hints("offices.tsv", "office"),
        *_located("cities.tsv", "city"),
        *_located("provinces.tsv", "region"),
    ):
        named.setdefault(fold(place.name), place)
    automaton = AhoCorasick(tuple(named))

    def find(text: str) -> list[tuple[int, int, int]]:
        return automaton.find_matches_as_indexes(text, overlapping=True)

    return tuple(named.values()), find


def _countries() -> Iterator[Place]:
    from babel import Locale

    for language in LANGUAGES:
        for code, full in Locale.parse(language).territories.items():
            if len(code) != 2 or not code.isalpha() or code in _NOT_COUNTRIES:
                continue
            variants = [_BRACKET.sub(" ", full).strip(), *_BRACKET.findall(full)]
            if "(" not in full and "（" not in full:
                variants = [full]
            for raw in variants:
                name = unicodedata.normalize("NFC", raw).replace("\u2019", "'")
                if len(name) >= (4 if name.isascii() else 2) and fold(name) not in _SKIP:
                    yield Place(name, code, "country")


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    path = FOLDER / name
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != columns or len(cells[0]) != 2 or not cells[-1].strip():
            raise CorpusError(f"{name}:{number}: {columns} columns expected, country code first")
        yield cells


def _located(file: str, kind: str) -> Iterator[Place]:
    for country, lat, lon, names in _rows(file, 4):
        where = (float(lat), float(lon)) if lat and lon else (None, None)
        for name in names.split("|"):
            yield Place(unicodedata.normalize("NFC", name.strip()), country, kind, *where)


def _hints(file: str, kind: str) -> Iterator[Place]:
    for country, names in _rows(file, 2):
        for name in names.split("|"):
            yield Place(unicodedata.normalize("NFC", name.strip()), country, kind)


@cache
def thai_names() -> frozenset[str]:
    """Thai place names that are long enough to help the word cutter and break nothing."""
    places, _ = gazetteer()
    return frozenset(
        place.name
        for place in places
        if len(place.name) >= 5 and all("\u0e01" <= char <= "\u0e4e" for char in place.name)
    )
