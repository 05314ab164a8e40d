"""Knows place names in our languages: countries, regions, cities, peoples.

All comes from `places_data/` (README.md there tells whence).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from classifiers.errors import CorpusError
from classifiers.text import fold

FOLDER = Path(__file__).parent / "places_data"
_ONE_PLACE_A_LINE = ("regions.tsv", "provinces.tsv", "cities.tsv")


class Place(NamedTuple):
    """A place as the gazetteer knows it. `kind`: country, region, city, people, office."""

    name: str
    country: str
    kind: str
    lat: float | None = None
    lon: float | None = None


@cache
def places() -> tuple[Place, ...]:
    """The places, of those with one folded name the first; `terms.spot` numbers them so."""
    named: dict[str, Place] = {}
    for place in (
        *_located("regions.tsv", "region"),
        *_hints("countries.tsv", "country"),
        *_hints("demonyms.tsv", "people"),
        *_hints("offices.tsv", "office"),
        *_located("cities.tsv", "city"),
        *_located("provinces.tsv", "region"),
        *_located("world.tsv", "region"),
    ):
        name = fold(place.name)
        held = named.get(name)
        if held is None:
            named[name] = place if place.lat is not None else _within(place, name, named)
        elif held.lat is None and held.kind == "city" and held.country == place.country:
            named[name] = held._replace(lat=place.lat, lon=place.lon)  # another file has its point
    for name, place in list(named.items()):
        stem = _stem(name)
        if stem is not None:
            named.setdefault(stem, place)
    return tuple(named.values())


def _within(place: Place, name: str, named: Mapping[str, Place]) -> Place:
    """A region without a point, with that of the place whose name its own begins with."""
    if place.kind == "region":
        for end in range(len(name) - 1, _LEAST_STEM, -1):
            whole = named.get(name[:end].rstrip())
            if whole and whole.country == place.country and whole.lat is not None:
                return place._replace(lat=whole.lat, lon=whole.lon)
    return place


def names() -> list[str]:
    """The folded names of the places, in their order; a place's second one is its stem."""
    found: dict[str, None] = {}
    for place in places():
        name = fold(place.name)
        found[name if name not in found else _stem(name) or name] = None
    return list(found)


# Russian names change their endings: what the case may put behind a stem.
CASES = re.compile(
    "(?:а|я|у|ю|е|и|ы|й|ь|ом|ем|ём|ой|ей|ию|ией|ии|ия|ие|ью|ам|ям|ами|ями|ах|ях|ов)?"
    "(?![\u0400-\u04ff])|"
    "(?:ь?ск)?(?:ой|ая|ую|ий|ого|ому|ом|ие|их)(?= (?:област|кра|район|республик|губерн))"
)
_CHANGING = re.compile("(?:ия|ея|[аяьйы])$")
_LEAST_STEM = 4


def _stem(name: str) -> str | None:
    """What of a Russian name stays in all its cases; None for a name that keeps its form."""
    if not "\u0400" <= name[0] <= "\u04ff":
        return None
    *before, last = name.split(" ")
    if any(not word.endswith("ая") for word in before) or "-" in last:
        return None
    stem = _CHANGING.sub(lambda end: end.group()[:-1] if len(end.group()) > 1 else "", last)
    return stem if not before and stem != last and len(stem) >= _LEAST_STEM else None


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    path = FOLDER / name
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != columns or len(cells[0]) != 2 or not cells[-1].strip():
            raise CorpusError(f"{name}:{number}: {columns} columns expected, country code first")
        cells[0] = sys.intern(cells[0])  # one code for all places of a country
        yield cells


def _located(file: str, kind: str) -> Iterator[Place]:
    for country, lat, lon, names in _rows(file, 4):
        where = (float(lat), float(lon)) if lat and lon else (None, None)
        for name in names.split("|"):
            yield Place(unicodedata.normalize("NFC", name.strip()), country, kind, *where)


def spellings(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """How else these places, given as (country, name), are written in all our languages.

    Names that are not known are absent. A line without a point may list several places of one
    country, so that only names in other scripts than ours are taken from it.
    """
    asked = {(country, fold(name)): (country, name) for country, name in wanted}
    countries = {country for country, _ in asked}
    found: dict[tuple[str, str], dict[str, None]] = {}
    for file in _ONE_PLACE_A_LINE:
        for country, lat, _, joined in _rows(file, 4):
            if country not in countries:
                continue
            names = [unicodedata.normalize("NFC", name.strip()) for name in joined.split("|")]
            said = {fold(name) for name in names}
            whole = f" {fold(names[0])} "  # Frankfurt am Main is Frankfurt as well
            for (of, name), key in asked.items():
                if of == country and (name in said or f" {name} " in whole):
                    others = (each for each in names if lat or each[0] > "\u024f")
                    found.setdefault(key, {}).update(dict.fromkeys(others))
    return {
        key: tuple(each for each in others if fold(each) != fold(key[1]))
        for key, others in found.items()
    }


def _hints(file: str, kind: str) -> Iterator[Place]:
    for country, names in _rows(file, 2):
        for name in names.split("|"):
            yield Place(unicodedata.normalize("NFC", name.strip()), country, kind)


@cache
def thai_names() -> frozenset[str]:
    """Thai place names that are long enough to help the word cutter and break nothing."""
    return frozenset(
        place.name
        for place in places()
        if len(place.name) >= 5 and all("\u0e01" <= char <= "\u0e4e" for char in place.name)
    )
