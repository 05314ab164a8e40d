"""Whose word it is: what a side of a conflict says is its claim, never confirmed.

The words stand in `claims.toml`. Only texts with a hazard of violence are asked: of a flood the
army may well speak as a witness.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from classifiers.errors import CorpusError
from classifiers.lexicon import Hit
from classifiers.places import Found
from classifiers.text import Prepared, fold

_FILE = Path(__file__).parent / "claims.toml"
_VIOLENT = frozenset(
    ["armed_conflict", "border_clash", "strike", "attack", "bombing", "shooting", "hostage",
     "kidnapping", "vessel_seized", "explosion"]
)  # fmt: skip
# Letters between the side and its verb; between the verb and the side that follows it.
_AFTER, _AFTER_DENSE, _BEFORE = 28, 48, 8
_END = re.compile(r"[.,;!?\n。！？，]")
_DENSE = re.compile("[\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff]")  # spaces stand between phrases
_COLON = re.compile(r"(?:\s(?!\d)[^\s:]{1,14}){0,2}\s?[:：]")


class _Words(NamedTuple):
    party: re.Pattern[str]
    says: re.Pattern[str]
    claims: re.Pattern[str]


def find_claim(
    prepared: Prepared, hits: Sequence[Hit], found: Sequence[Found], countries: Sequence[str]
) -> tuple[str, ...]:
    """The words by which a side of the conflict tells the news; () where nobody is marked so.

    `found` are the places of the text, `countries` those of the event: a government speaks as a
    side when the fighting is in its country and another country is named beside it.
    """
    strong = {hit.hazard in _VIOLENT for hit in hits if hit.hazard and not hit.weak}
    hinted = any(hit.hazard in _VIOLENT for hit in hits)
    if not (True in strong or (hinted and not strong)):
        return ()
    words, text = _words(), prepared.folded
    for party in words.party.finditer(text):
        reach = _AFTER_DENSE if _DENSE.match(party.group()) else _AFTER
        after = _clause(text[party.end() : party.end() + reach])
        verb = words.claims.search(after) or words.says.search(after) or _COLON.match(after)
        if verb is not None:
            return (_shown(prepared, party.start(), party.end() + verb.end()),)
        low = max(0, party.start() - _AFTER)
        before = text[low : party.start()]
        for verb in words.says.finditer(before):
            if len(before) - verb.end() <= _BEFORE and not _END.search(before, verb.end()):
                return (_shown(prepared, low + verb.start(), party.end()),)
    claim = words.claims.search(text)
    if claim is not None:
        return (_shown(prepared, *claim.span()),)
    return _government(prepared, found, countries, words)


def _government(
    prepared: Prepared, found: Sequence[Found], countries: Sequence[str], words: _Words
) -> tuple[str, ...]:
    named = {hit.place.country for hit in found}
    for hit in found:
        if hit.place.country not in countries or len(named) < 2:
            continue
        after = _clause(prepared.folded[hit.end : hit.end + _BEFORE + 2])
        verb = words.says.match(after.lstrip())
        if verb is not None and hit.place.kind in ("country", "region", "city"):
            skipped = len(after) - len(after.lstrip())
            return (_shown(prepared, hit.start, hit.end + skipped + verb.end()),)
    return ()


def _clause(text: str) -> str:
    return _END.split(text, maxsplit=1)[0]


def _shown(prepared: Prepared, start: int, end: int) -> str:
    return prepared.text[start:end].strip(" ,.;:：")


@cache
def _words() -> _Words:
    """The patterns of `claims.toml`; raises CorpusError when it cannot be read."""
    try:
        lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        return _Words(*(re.compile(_any(lists[name])) for name in _Words._fields))
    except (tomllib.TOMLDecodeError, KeyError, re.error) as error:
        raise CorpusError(f"{_FILE.name}: {error}") from error


def _any(words: list[str]) -> str:
    spaced, other = [], []
    for raw in words:
        word = fold(unicodedata.normalize("NFC", raw))
        body = re.escape(word.rstrip("*")) + ("" if word.endswith("*") else r"(?!\w)")
        # Thai and what lies behind it writes words together; Korean only what follows them.
        if word[0] < "\u0e00":
            spaced.append(body)
        else:
            other.append(re.escape(word.rstrip("*")))
    spaced.sort(key=len, reverse=True)
    other.sort(key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(spaced)})|{'|'.join(other)}"
