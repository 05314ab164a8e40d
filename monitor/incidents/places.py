"""Places of events: which names mean a whole country, and which are smaller."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from alerts import words
from monitor.parse.countries import country_named
from storage.records import Place


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
