"""How much each sign weighs. Fitted on our own stream (docs/decisions/0008), then rounded."""

from __future__ import annotations

from monitor.incidents.evidence import Evidence

BIAS = -1.8
WEIGHTS = {
    "words": 2.0,
    "names": 0.8,
    "unusual": 0.9,
    "same_place": 2.7,
    "far": -2.7,
    "same_hazard": 1.3,
    "related_hazard": 0.2,
    "other_hazard": -1.0,
    "same_country": 0.5,
    "no_country": -0.5,
    "new_place": -0.4,
    "placeless": 0.8,
    "covered": 1.9,
    "same_figure": 0.9,
    "same_number": 0.9,
    "other_numbers": 0.0,
    "smaller_toll": -1.6,
    "same_storm": 1.4,
    "other_storm": -4.0,  # a rule, not a fit: another name is another storm
    "same_disease": 0.5,
    "other_disease": -4.0,  # the same for diseases
    "other_language": 1.9,  # then likeness of the words tells nothing
    "unsure": 0.1,
    "proper": 0.2,
    "goes_on": -0.7,
    "begins": -1.9,
    "late": -1.2,
    "days": -1.0,
}
ENOUGH = -0.1  # logarithm of the odds from which an item joins
KIN = -1.5  # from which a new incident is told as related

_PARTS = tuple(WEIGHTS.items())


def weigh(signs: Evidence) -> float:
    """The logarithm of the odds that the item is of the incident."""
    return BIAS + sum(float(getattr(signs, name)) * weight for name, weight in _PARTS)
