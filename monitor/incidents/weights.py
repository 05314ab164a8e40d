"""How much each sign weighs. Fitted on our own stream (docs/decisions/0008), then rounded."""

from __future__ import annotations

from operator import mul

from monitor.incidents.evidence import Evidence

BIAS = -2.1
WEIGHTS = {
    "words": 2.1,
    "names": 0.9,
    "unusual": 0.7,
    "same_place": 2.6,
    "far": -2.6,
    "same_hazard": 1.4,
    "related_hazard": -0.1,
    "other_hazard": -0.8,
    "same_country": 1.0,
    "no_country": -1.0,
    "new_place": -0.4,
    "placeless": 1.2,
    "covered": 2.0,
    "same_figure": 0.8,
    "same_number": 0.9,
    "other_numbers": -0.1,
    "smaller_toll": -1.5,
    "same_storm": 3.5,  # a rule, not a fit: its name is an identity
    "other_storm": -4.0,  # a rule, not a fit: another name is another storm
    "same_disease": 0.4,
    "other_disease": -4.0,  # the same for diseases
    "other_language": 1.5,  # then likeness of the words tells nothing
    "unsure": 0.0,
    "proper": 1.7,
    "only": 0.9,
    "goes_on": -0.9,
    "begins": -1.8,
    "late": -1.0,
    "days": -0.9,
}
ENOUGH = -0.6  # logarithm of the odds from which an item joins
KIN = -1.5  # from which a new incident is told as related

_WEIGHTS = tuple(WEIGHTS[name] for name in Evidence._fields)


def weigh(signs: Evidence) -> float:
    """The logarithm of the odds that the item is of the incident."""
    return BIAS + float(sum(map(mul, signs, _WEIGHTS)))
