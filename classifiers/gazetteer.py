"""Knows place names in our languages: countries, regions, cities, peoples.

All comes from `places_data/` (README.md there tells whence).
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from classifiers.errors import CorpusError
from classifiers.text import fold

FOLDER = Path(__file__).parent / "places_data"


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
    ):
        named.setdefault(fold(place.name), place)
    return tuple(named.values())


def names() -> list[str]:
    """The folded names of the places, in their order."""
    return [fold(place.name) for place in places()]


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
