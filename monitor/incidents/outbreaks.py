"""Which disease a headline is about: an outbreak is one of a disease in a country."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from storage.records import Place

_OF_PLACES = re.compile(
    r"crim[eé]an?[\s-]congo|crim[eé]e-congo|конго-крымск\w*|ไครเมียนคองโก"
    r"|sudan (?:virus|ebolavirus)|virus soudan|virus del sud[áa]n|ebola sudan"
    r"|middle east respiratory|west nile|rio bravo|kyasanur forest|zaire ebolavirus",
    re.IGNORECASE,
)
LONGEST = 600  # letters of a text that are looked at
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class _Finder:
    """One pattern for all names, the disease of each of its groups, and how names begin.

    The pattern is slow, so it is tried only where a name may begin: `words` are the first letters
    of those that count as whole words, `pairs` the first two of those that stand anywhere, of
    which `first` finds the first.
    """

    pattern: re.Pattern[str]
    keys: tuple[str, ...]
    words: frozenset[str]
    first: re.Pattern[str]
    pairs: frozenset[str]


@cache
def _finder() -> _Finder:
    text = files(__package__).joinpath("diseases.toml").read_text(encoding="utf-8")
    keys: list[str] = []
    groups: list[str] = []
    words: set[str] = set()
    pairs: set[str] = set()
    # What is told most precisely is looked for first: bird flu before flu.
    for key, names in sorted(tomllib.loads(text).items(), key=lambda each: -each[0].count(".")):
        forms = "|".join(map(_form, sorted(names, key=len, reverse=True)))
        keys.append(key)
        groups.append(f"({forms})")
        words.update(_start(name) for name in names if not _UNSPACED.search(name))
        pairs.update(name[:2] for name in names if _UNSPACED.search(name))
    first = re.compile(f"[{re.escape(''.join(sorted({pair[0] for pair in pairs})))}]")
    return _Finder(
        re.compile("|".join(groups)), tuple(keys), frozenset(words), first, frozenset(pairs)
    )


def _form(name: str) -> str:
    escaped = re.escape(name).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return escaped if _UNSPACED.search(name) else rf"\b{escaped}\b"


def _start(name: str) -> str:
    word = _WORD.match(name)
    return word.group()[:3] if word else name[:1]


@lru_cache(maxsize=2**12)  # an incident's headlines are read anew with each item that joins
def diseases_in(text: str) -> frozenset[str]:
    """The diseases that a text names, each as told most precisely."""
    finder = _finder()
    text = text.casefold()[:LONGEST]
    found: set[str] = set()
    end = 0
    for place in _beginnings(text, finder):
        if place >= end and (hit := finder.pattern.match(text, place)) and hit.lastindex:
            found.add(finder.keys[hit.lastindex - 1])
            end = hit.end()
    if not found:
        return frozenset()
    found = set(most_precise(found))
    if len(found) > 1:  # what names a class of viruses or of fevers only, beside its own name
        found -= {"haemorrhagic", "covid"}
    return frozenset(found)


def _beginnings(text: str, finder: _Finder) -> list[int]:
    """Where in the folded text a name may begin, in order."""
    starts = finder.words
    places: list[int] = []
    if not starts.isdisjoint([word[:3] for word in _WORD.findall(text)]):
        places = [hit.start() for hit in _WORD.finditer(text) if hit.group()[:3] in starts]
    if not _UNSPACED.search(text):
        return places
    for hit in finder.first.finditer(text):
        if text[hit.start() : hit.start() + 2] in finder.pairs:
            places.append(hit.start())
    return sorted(places)


def most_precise(found: Iterable[str]) -> frozenset[str]:
    """Without those that another one tells more precisely: Ebola, no fever of any kind."""
    told = frozenset(found)
    return told - {key for key in told if any(other.startswith(f"{key}.") for other in told)}


def same_diseases(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """True when one of ours is one of theirs, or one side tells it less precisely."""
    others = tuple(theirs)
    return any(
        one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
        for one in ours
        for other in others
    )


def countries_of_names(title: str, places: Iterable[Place]) -> frozenset[str]:
    """The countries that only the name of a disease holds: Crimean-Congo fever, Sudan virus."""
    if not _OF_PLACES.search(title):
        return frozenset()
    rest = _OF_PLACES.sub(" ", title).casefold()
    held = [place for place in places if place.country and place.name]
    elsewhere = {place.country for place in held if str(place.name).casefold() in rest}
    return frozenset(str(place.country) for place in held if place.country not in elsewhere)
