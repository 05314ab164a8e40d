"""Which kind of communication a ministry's text is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from classifiers.lexicon import Hit
from classifiers.text import Prepared

MINISTRY_KINDS = frozenset({"ministry", "advice"})

# Ties go to the kind on which a duty officer must act sooner.
_ORDER = (
    "departure",
    "nationals_status",
    "travel_advice",
    "condolence",
    "entry_health",
    "aid_offer",
    "consular",
    "clarification",
    "statement",
)


def find_communication(prepared: Prepared, hits: Sequence[Hit]) -> str | None:
    """The communication kind of a ministry's or advice feed's text; None for other feeds.

    Words in the title count three times those of the summary; `other` when none is there.
    An advice feed's text without any such word is travel advice.
    """
    if prepared.feed_kind not in MINISTRY_KINDS:
        return None
    scores: dict[str, float] = defaultdict(float)
    seen: set[tuple[str, str]] = set()
    for hit in hits:
        name = hit.key.removeprefix("comm:")
        if name == hit.key or (name, hit.term) in seen:
            continue
        seen.add((name, hit.term))
        # A spokesperson stands in most press items; the word says little about the kind.
        weight = 0.5 if name == "statement" else 1.0
        scores[name] += weight * (3.0 if hit.start < prepared.title_end else 1.0)
    if prepared.feed_kind == "advice":
        scores["travel_advice"] += 2.0
    if not scores:
        return "other"
    return max(scores, key=lambda name: (scores[name], -_ORDER.index(name)))
