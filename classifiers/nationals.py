"""What a text says of people of the home country: nothing, none hurt, some there, some harmed.

The words for a country's people stand in `nationals.toml`, one table a country, so that any
ministry can add its own. Names of persons are never read.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from classifiers.errors import CorpusError
from classifiers.text import Prepared, fold

UNKNOWN, NONE_REPORTED, REPORTED, HARMED = "unknown", "none_reported", "reported", "harmed"
_FILE = Path(__file__).parent / "nationals.toml"

_PART = re.compile(r"[.;!?\n]\s|\n|\s{2,}|[。！？]")
_TELLING = 4  # letters from which a piece of a phrase is not found in every other text
_REACH = 70  # characters on either side in which a word still speaks of these people


@dataclass(frozen=True, slots=True)
class _Words:
    needed: tuple[str, ...]  # one of them stands wherever `people` matches; a fast first look
    people: re.Pattern[str]
    not_people: re.Pattern[str] | None
    none_hurt: re.Pattern[str]
    harmed: re.Pattern[str]
    held: re.Pattern[str]
    freed: re.Pattern[str]


def find_nationals(prepared: Prepared, home_country: str) -> tuple[str, tuple[str, ...]]:
    """The status of nationals of `home_country` (ISO code) and the words that say so.

    `none_reported` needs the text to say so; silence is `unknown`. `harmed` means dead,
    injured, missing, held or the like, near the word for the people; who was held and is free
    again is `reported`.
    """
    words = _words(home_country)
    if words is None:
        return UNKNOWN, ()
    if not any(piece in prepared.folded for piece in words.needed):
        return UNKNOWN, ()
    best, evidence = UNKNOWN, ""
    rank = {UNKNOWN: 0, NONE_REPORTED: 1, REPORTED: 2, HARMED: 3}
    for start, end in _parts(prepared.folded):
        part = prepared.folded[start:end]
        for match in words.people.finditer(part):
            if words.not_people and words.not_people.search(
                part, max(0, match.start() - 30), match.end() + 30
            ):
                continue
            low, high = max(0, match.start() - _REACH), match.end() + _REACH
            status, said = _status(words, part[low:high])
            if rank[status] > rank[best]:
                at = start + low + said[0] if said else start + match.start()
                to = start + low + said[1] if said else start + match.end()
                span = (min(at, start + match.start()), max(to, start + match.end()))
                best, evidence = status, prepared.text[span[0] : span[1]].strip(" ,.;:")
    return best, (evidence,) if evidence else ()


def _status(words: _Words, near: str) -> tuple[str, tuple[int, int] | None]:
    none_hurt = words.none_hurt.search(near)
    if none_hurt:
        return NONE_REPORTED, none_hurt.span()
    harmed = words.harmed.search(near)
    if harmed:
        return HARMED, harmed.span()
    held = words.held.search(near)
    freed = words.freed.search(near) if held else None
    if held:
        return (REPORTED, freed.span()) if freed else (HARMED, held.span())
    return REPORTED, None


def _parts(text: str) -> list[tuple[int, int]]:
    edges = [0]
    for match in _PART.finditer(text):
        edges.append(match.end())
    edges.append(len(text))
    return [(a, b) for a, b in pairwise(edges) if b > a]


@cache
def _words(home_country: str) -> _Words | None:
    tables = _tables()
    own, shared = tables.get(home_country.upper()), tables["shared"]
    if own is None:
        return None
    not_people = own.get("not_people", [])
    return _Words(
        needed=_needed(own),
        people=re.compile("|".join([_any(own["people"]).pattern, *_generic(own, shared)])),
        not_people=_any(not_people) if not_people else None,
        none_hurt=_any(shared["none_hurt"] + own.get("none_hurt", [])),
        harmed=_any(shared["harmed"]),
        held=_any(shared["held"]),
        freed=_any(shared["freed"]),
    )


def _needed(own: dict[str, list[str]]) -> tuple[str, ...]:
    """Pieces of which each text about these people holds at least one, as few as will do."""
    adjectives = [
        piece
        for key in ("adjectives", "adjectives_thai")
        for word in own.get(key, [])
        for piece in fold(word).split()
    ]
    phrases = [*adjectives, *(fold(word).rstrip("*") for word in own["people"])]
    chosen = set()
    for phrase in phrases:
        pieces = [*re.split("[ _*]+", phrase), *(word for word in adjectives if word in phrase)]
        long = [piece for piece in pieces if len(piece) >= _TELLING] or pieces
        chosen.add(max(long, key=lambda piece: (sum(piece in p for p in phrases), len(piece))))
    return tuple(sorted(p for p in chosen if not any(o in p for o in chosen - {p})))


def _generic(own: dict[str, list[str]], shared: dict[str, list[str]]) -> list[str]:
    """Patterns for the country's adjective with a word for people ("Thai crew", ลูกเรือไทย)."""
    patterns = []
    if own.get("adjectives"):
        persons = _any(shared["persons"]).pattern
        # One word may stand between: "Thai construction workers".
        patterns.append(rf"(?:{_any(own['adjectives']).pattern})\s(?:[\w-]+\s)?(?:{persons})")
    if own.get("adjectives_thai"):
        persons = _any(shared["persons_thai"]).pattern
        patterns.append(rf"(?:{persons})(?:ชาว)?(?:{_any(own['adjectives_thai']).pattern})")
    return patterns


def _any(words: list[str]) -> re.Pattern[str]:
    def one(word: str) -> str:
        word = fold(unicodedata.normalize("NFC", word))
        body = re.escape(word.rstrip("*")).replace(r"\ ", r"\s").replace("_", r"\S+")
        body = body.replace(r"\*", r"\w*")
        latin = word[0].isascii()
        return (r"\b" if latin else "") + body + (r"\b" if latin and not word.endswith("*") else "")

    return re.compile("|".join(one(word) for word in sorted(words, key=len, reverse=True)))


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    """The tables of `nationals.toml`; raises CorpusError when it cannot be read."""
    try:
        loaded = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{_FILE.name}: {error}") from error
    return {country: dict(table) for country, table in loaded.items()}
