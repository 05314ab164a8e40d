"""The colour of an alert that a text gives: green, yellow, orange or red, with its words.

It is the source's own scale; what one service calls orange another may call red.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.lexicon import COLOURS, Hit


def find_colour(hits: Sequence[Hit]) -> tuple[str | None, str]:
    """The highest alert colour among the lexicon's hits and its words; (None, "") for none."""
    own = [hit for hit in hits if hit.key.startswith("alert:")]
    best = max(own, key=lambda hit: rank(hit.key), default=None)
    return (None, "") if best is None else (best.key.removeprefix("alert:"), best.words)


def rank(colour: str) -> int:
    """1 for green to 4 for red."""
    return COLOURS.index(colour.removeprefix("alert:")) + 1
