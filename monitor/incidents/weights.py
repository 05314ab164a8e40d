"""How much each sign weighs. Fitted on our own stream (docs/decisions/0008), then rounded."""

from __future__ import annotations

from operator import attrgetter, mul

from monitor.incidents.evidence import Evidence

BIAS = -1.3
WEIGHTS = {
    "words": 2.5,
    "names": 0.4,
    "unusual": 1.3,
    "same_place": 3.2,
    "far": -3.5,
    "same_hazard": 1.0,
    "related_hazard": 0.2,
    "other_hazard": -1.4,
    "same_country": 0.7,
    "no_country": -0.8,
    "new_place": -0.4,
    "placeless": 1.2,
    "covered": 1.5,
    "same_figure": 0.5,
    "same_number": 1.3,
    "other_numbers": -0.8,
    "smaller_toll": -1.8,
    "same_storm": 2.1,
    "other_storm": -4.0,  # a rule, not a fit: another name is another storm
    "same_disease": 0.7,
    "other_disease": -4.0,  # the same for diseases
    "other_language": 1.9,  # then likeness of the words tells nothing
    "unsure": -1.3,
    "days": -2.7,
}
ENOUGH = 0.2  # logarithm of the odds from which an item joins
KIN = -1.5  # from which a new incident is told as related

_SIGNS = attrgetter(*WEIGHTS)
_WEIGHTS = tuple(WEIGHTS.values())


def weigh(signs: Evidence) -> float:
    """The logarithm of the odds that the item is of the incident."""
    return BIAS + float(sum(map(mul, _SIGNS(signs), _WEIGHTS)))
