"""How much each sign weighs. Fitted on our own stream (docs/decisions/0008), then rounded."""

from __future__ import annotations

from monitor.incidents.evidence import Evidence

BIAS = -1.9
WEIGHTS = {
    "words": 2.1,
    "names": 1.0,
    "unusual": 0.7,
    "same_place": 2.6,
    "far": -2.5,
    "same_hazard": 1.1,
    "related_hazard": -0.2,
    "other_hazard": -0.8,
    "same_country": 0.8,
    "no_country": -0.9,
    "new_place": -0.3,
    "placeless": 0.9,
    "covered": 2.0,
    "same_figure": 0.8,
    "same_number": 0.9,
    "other_numbers": -0.2,
    "smaller_toll": -1.4,
    "same_storm": 3.5,  # a rule, not a fit: its name is an identity
    "other_storm": -4.0,  # a rule, not a fit: another name is another storm
    "same_disease": 0.4,
    "other_disease": -4.0,  # the same for diseases
    "other_language": 1.4,  # then likeness of the words tells nothing
    "unsure": 0.0,
    "proper": 1.7,
    "only": 1.6,
    "goes_on": -0.9,
    "begins": -1.9,
    "late": -1.1,
    "days": -1.0,
}
ENOUGH = -0.6  # logarithm of the odds from which an item joins
KIN = -1.5  # from which a new incident is told as related

_PARTS = tuple(WEIGHTS.items())


def weigh(signs: Evidence) -> float:
    """The logarithm of the odds that the item is of the incident."""
    return BIAS + sum(float(getattr(signs, name)) * weight for name, weight in _PARTS)
