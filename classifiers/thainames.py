"""The Thai names of places, for titles: what the gazetteer's rows give beside a Latin name.

Apart from `gazetteer.py`, whose text is part of a model's key: words for a title change no model.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from functools import cache

from classifiers.gazetteer import FOLDER
from classifiers.text import fold

_FILES = ("regions.tsv", "provinces.tsv", "world.tsv", "cities.tsv")
_LATIN_BEFORE = "\u0250"


def thai_name(name: str, countries: Iterable[str]) -> str | None:
    """The Thai name of a place in one of these countries; None where the gazetteer has none."""
    known, folded = _names(), fold(name)
    return next((known[of] for code in countries if (of := (code, folded)) in known), None)


def is_thai(text: str) -> bool:
    """Whether the text begins with a Thai letter."""
    return bool(text) and "\u0e00" < text[0] < "\u0e7f"


@cache
def _names() -> dict[tuple[str, str], str]:
    """Thai names by country and folded name in Latin letters; the first row of a name holds."""
    found: dict[tuple[str, str], str] = {}
    for file in _FILES:
        for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            country, *_, joined = line.split("\t")
            names = [unicodedata.normalize("NFC", name.strip()) for name in joined.split("|")]
            thai = next(filter(is_thai, names), None)
            for name in names if thai else ():
                if name[:1] < _LATIN_BEFORE:
                    found.setdefault((sys.intern(country), fold(name)), str(thai))
    return found
