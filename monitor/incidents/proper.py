"""Names in a headline that no list of places knows, and whether it goes on with a known story."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from monitor.incidents.headline import LONGEST, once, stem

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?:^|[.!?:;–—|]\s+|[\"“‘'«(])\s*$")
_MOST = 0.6  # share of capitals from which all words of a headline are written so
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]")


@lru_cache(maxsize=2**12)
def names_in(text: str) -> frozenset[str]:
    """The stems of words with a capital inside a sentence; none where all words have one."""
    text = text[:LONGEST]
    words = list(_WORD.finditer(text))
    large = [each for each in words if each.group()[0].isupper() and len(each.group()) > 3]
    long = sum(len(each.group()) > 3 for each in words)
    if long > 3 and len(large) > long * _MOST:
        return frozenset()
    return once(
        frozenset(
            stem(each.group().casefold())
            for each in large
            if not _SENTENCE.search(text[max(0, each.start() - 3) : each.start()])
        )
    )


@cache
def _cues() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = tomllib.loads(files(__package__).joinpath("turns.toml").read_text(encoding="utf-8"))
    later = [cue for name, cues in lists.items() if name != "first" for cue in cues]
    spaced = "|".join(_form(cue) for cue in later if not _UNSPACED.search(cue))
    unspaced = "|".join(re.escape(cue) for cue in later if _UNSPACED.search(cue))
    first = "|".join(lists["first"])
    return re.compile(rf"\b(?:{spaced})\b"), re.compile(unspaced), re.compile(rf"^(?:{first})\b")


def _form(cue: str) -> str:
    return re.escape(cue).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")


@lru_cache(maxsize=2**12)
def goes_on(text: str) -> bool:
    """Whether the words are those of a later turn: a toll that rises, a funeral, an arrest."""
    text = text[:LONGEST].casefold()
    spaced, unspaced, _ = _cues()
    return bool(spaced.search(text) or unspaced.search(text))


@lru_cache(maxsize=2**12)
def begins(text: str) -> bool:
    """Whether it tells of something as nobody did before: "A bus falls", "Two trains collide"."""
    return bool(_cues()[2].search(text[:LONGEST].casefold())) and not goes_on(text)
