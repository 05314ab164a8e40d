"""Which disease a headline is about: an outbreak is one of a disease in a country."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]")


@cache
def _finder() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One pattern for all names, and the disease of each of its groups."""
    text = files(__package__).joinpath("diseases.toml").read_text(encoding="utf-8")
    keys: list[str] = []
    groups: list[str] = []
    # What is told most precisely is looked for first: bird flu before flu.
    for key, names in sorted(tomllib.loads(text).items(), key=lambda each: -each[0].count(".")):
        forms = "|".join(map(_form, sorted(names, key=len, reverse=True)))
        keys.append(key)
        groups.append(f"({forms})")
    return re.compile("|".join(groups)), tuple(keys)


def _form(name: str) -> str:
    escaped = re.escape(name).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return escaped if _UNSPACED.search(name) else rf"\b{escaped}\b"


@lru_cache(maxsize=2**13)
def diseases_in(text: str) -> frozenset[str]:
    """The diseases that a text names, each as told most precisely."""
    pattern, keys = _finder()
    found = {keys[match.lastindex - 1] for match in pattern.finditer(text.casefold()[:600])
             if match.lastindex}  # fmt: skip
    found -= {key for key in found if any(other.startswith(f"{key}.") for other in found)}
    if found - {"haemorrhagic"}:
        found.discard("haemorrhagic")  # a class that names none of its own
    return frozenset(found)


def same_diseases(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """True when one of ours is one of theirs, or one side tells it less precisely."""
    others = tuple(theirs)
    return any(
        one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
        for one in ours
        for other in others
    )
