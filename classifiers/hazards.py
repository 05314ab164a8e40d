"""Names the hazard that a text tells of, with the words that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from classifiers.lexicon import Hit, category_of
from classifiers.text import Prepared

# Where two hazards are named, the one that says more about the event wins: a quake that sets
# off landslides is a quake, a typhoon that floods is a typhoon, a fire after a blast a blast.
_CARRIES = {
    "TS": 7,
    "pheic": 7,
    "EQ": 3,
    "VO": 3,
    "TC": 2,
    "FF": 1,
    "transport_accident": 1,
    "building_collapse": 1,
    "industrial_accident": 1,
    "border_clash": 1,
    "strike": 1,
    "bombing": 1,
    "shooting": 1,
    "hostage": 1,
    "coup": 2,
    "emergency_rule": 0.5,
    "radiological": 1,
    "dam_failure": 1,
    "animal_disease": 1,
    "unrest": 1,
    "airspace_closed": 1,
    # what another event brings about
    "infrastructure_failure": -1,
    "airport_closed": -1,
    "CE": -1,
}
# A word that only hints at the second says what the first was: a blast in a mine, of a bomb.
_SHARPENED = {
    "explosion": ("industrial_accident", "bombing", "VO"),
    "attack": ("strike", "bombing"),
}
_TITLE, _SUMMARY, _WEAK = 3.0, 1.0, 0.34


def find_hazard(
    prepared: Prepared, hits: Sequence[Hit], categories: Sequence[str] = ()
) -> tuple[str | None, tuple[str, ...]]:
    """The hazard key that the lexicon hits speak for, and their words; (None, ()) if none does.

    With `categories` given, hazards of those categories come first.
    """
    scores: dict[str, float] = defaultdict(float)
    seen: set[tuple[str, str]] = set()
    for hit in hits:
        hazard = hit.hazard
        if hazard is None or (hazard, hit.term) in seen:
            continue
        seen.add((hazard, hit.term))
        place = _TITLE if hit.start < prepared.title_end else _SUMMARY
        scores[hazard] += place * (_WEAK if hit.weak else 1.0)
    strong = {hit.hazard for hit in hits if hit.hazard and not hit.weak}
    named = {hazard: score for hazard, score in scores.items() if hazard in strong}
    if not named:
        named = {h: s for h, s in scores.items() if s >= _TITLE * _WEAK * 2}
    if not named and _somebody_hurt(hits):
        # "Blast in … kills 5": one weak word says what happened when people were hurt by it.
        named = {h: s for h, s in scores.items() if s >= _TITLE * _WEAK}
        named = {h: s for h, s in named.items() if category_of(h) in categories}
    if categories:
        fitting = {h: s for h, s in named.items() if category_of(h) in categories}
        named = fitting or named
    if not named:
        return None, ()
    best = max(named, key=lambda h: (named[h] + _CARRIES.get(h, 0), h))
    hinted = {hit.hazard for hit in hits if hit.hazard}
    sharper = [h for h in _SHARPENED.get(best, ()) if h in hinted]
    best = sharper[0] if sharper else best
    words = (hit.words for hit in hits if hit.hazard == best)
    return best, tuple(dict.fromkeys(words))[:4]


def _somebody_hurt(hits: Sequence[Hit]) -> bool:
    return any(hit.key == "+crisis" for hit in hits)
