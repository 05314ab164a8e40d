"""Whether a report on our people is a good one: it says that they are safe."""

from __future__ import annotations

import re

from storage.records import Item

# "Safety" and "not safe" are none of it; a source's own words, so Thai and English suffice.
_SAFE = re.compile(r"(?<!ความ)(?<!ไม่)ปลอดภัย|(?<!not )(?<!un)\bsafe\b(?! travel)", re.IGNORECASE)


def says_safe(item: Item) -> bool:
    """True when its words say that people are safe."""
    return _SAFE.search(f"{item.values.title}\n{item.values.summary}") is not None


def good_word(item: Item | None) -> str | None:
    """The sentence, under `[change]`, of a report that our people are safe; None for any other.

    Our own ministry's word is told as its own. Neither is a status that is confirmed.
    """
    if item is None or item.reading.nationals == "harmed" or not says_safe(item):
        return None
    if item.home and item.reading.communication == "nationals_status":
        return "nationals_home_safe"
    return "nationals_safe" if item.reading.nationals == "reported" else None
