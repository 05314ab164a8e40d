"""Places of events: which names mean a whole country, and which events are too far apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from alerts import words
from monitor.incidents.geometry import distance_km
from monitor.parse.countries import country_named
from storage.records import Place

APART_KM = 120.0
_STORM = re.compile(
    r"\b(?:typhoon|cyclone|hurricane|(?:tropical|super) (?:storm|cyclone|typhoon|depression)"
    r"|storm|taifun|topan|siklon|bão|cyclone tropical|ouragan)\s+[\"'“‘(]?(\w{3,})",
    re.IGNORECASE,
)
_STORM_UNSPACED = re.compile(
    r"(?:ไต้ฝุ่น|ไซโคลน|โซนร้อน|พายุ|台风|颱風|台風|태풍)[\s\"'“‘「『《]*(?:第\s*)?([^\W_]{2,3})"
)
# What headlines put where a storm's name may stand.
_HEADLINE = (
    "hits hit batters lashes slams strikes kills leaves makes nears heads brings moves forces "
    "causes sweeps threatens approaches smashes rips devastates destroys displaces floods warning "
    "warnings watch alert surge death toll deaths damage season over off near and has was with "
    "force may could track path victims survivors relief"
)
_NO_NAME = frozenset(_HEADLINE.split())
_NO_NAME_UNSPACED = ("ถล่ม", "พัด", "เข้า", "ขึ้น", "ซัด", "รุนแ", "登", "来", "袭", "上陸", "接近")


def is_country(name: str, codes: Sequence[str]) -> bool:
    """True when `name` is but another way to write one of these countries: Laos, พม่า, America."""
    return _is_country(name, tuple(codes))


@lru_cache(maxsize=2**12)  # an incident's places are looked at again with each item that joins
def _is_country(name: str, codes: tuple[str, ...]) -> bool:
    said = name.strip().casefold().removeprefix("ประเทศ")
    if not said or country_named(name) in codes:
        return bool(said)
    spoken = set(re.findall(r"[^\W_]+", said))
    for full in (form for code in codes for form in _forms(code)):
        if said == full or (said.isascii() and spoken <= set(re.findall(r"[^\W_]+", full))):
            return True
        if not said.isascii() and len(said) >= 3 and full.endswith(said):
            return True  # Thai writes what kind of country it is in front, without a space
    return False


@lru_cache(maxsize=512)
def _forms(code: str) -> tuple[str, ...]:
    """The names of a country in Thai and English, in full, in short and what stands in brackets."""
    from babel import Locale

    found: list[str] = []
    for language in ("en", "th"):
        for short in (False, True):
            found.append(words.country(code, language, short=short))
        territories = Locale(language).territories
        found.append(str(territories.get(code, "")))
        found.append(str(territories.get(f"{code}-alt-short", "")))
    if code == "US":
        found += ["United States of America", "สหรัฐ"]
    split = (part for name in found for part in (name, *re.split(r"[()（）]", name)))
    return tuple(dict.fromkeys(part.strip().casefold() for part in split if part.strip()))


def local(places: Sequence[Place]) -> list[Place]:
    """The places with a map point that are smaller than a country."""
    return [
        place
        for place in places
        if place.lat is not None
        and place.lon is not None
        and not (place.name and place.country and is_country(place.name, (place.country,)))
    ]


def far_apart(
    places: Sequence[Place], point: tuple[float, float] | None, titles: Sequence[str]
) -> bool:
    """True when every place read from a text lies far from an incident at `point`.

    Never when a side names no place, or when the incident's headlines name one of the places.
    """
    named = local(places)
    if point is None or not named:
        return False
    heard = " ".join(titles).casefold()
    if any(place.name and place.name.casefold() in heard for place in named):
        return False
    return all(
        distance_km(place.lat, place.lon, *point) > APART_KM
        for place in named
        if place.lat is not None and place.lon is not None
    )


def same_storm(title: str, titles: Sequence[str]) -> bool:
    """True when both call a storm by the same name: the places on its way lie far apart."""
    return bool(_storms(title) & {name for each in titles for name in _storms(each)})


def _storms(title: str) -> set[str]:
    spaced = (name.casefold() for name in _STORM.findall(title) if name[:1].isupper())
    unspaced = (
        name.casefold()
        for name in _STORM_UNSPACED.findall(title)
        if not name.startswith(_NO_NAME_UNSPACED)
    )
    return {name for name in (*spaced, *unspaced) if name not in _NO_NAME}
