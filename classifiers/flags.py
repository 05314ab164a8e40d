"""Exercise, all-clear, retrospective: what takes the urgency out of a text."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.lexicon import Hit
from classifiers.text import Prepared

# How many different words the summary alone must hold; reports of new events often compare
# with old ones, and speak of what was lifted or restored elsewhere.
_NEEDED_IN_SUMMARY = {"exercise": 1, "all_clear": 3, "retrospective": 2}


def find_flags(prepared: Prepared, hits: Sequence[Hit]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The flags a text earns and the words for each, in the same order.

    A flag word in the title decides; in the summary alone it takes more.
    """
    flags: dict[str, str] = {}
    for name in ("exercise", "all_clear", "retrospective"):
        own = [hit for hit in hits if hit.key == f"flag:{name}"]
        in_title = [hit for hit in own if hit.start < prepared.title_end]
        if in_title:
            flags[name] = in_title[0].words
        elif len({hit.term for hit in own}) >= _NEEDED_IN_SUMMARY[name]:
            flags[name] = own[0].words
    return tuple(flags), tuple(flags.values())
