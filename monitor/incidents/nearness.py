"""What means nearly the same as an incident's headlines, where sentence vectors are installed.

Nearness only proposes. Vectors hold "leave" and "stay", Myanmar and Japan for nearly the same, so
that a sign of the event itself (place, number, name, hazard and country) must confirm it. A vector
is a function of the headline alone: the same stream gives the same incidents after every restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.incidents.evidence import Evidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 0.5  # cosine of a headline and the closest one of the incident
REACH = 1.5  # how far below the limit the weighed signs may be


def installed() -> bool:
    """Whether there are vectors on this machine."""
    from classifiers import meaning

    return meaning.is_installed()


def nearness(title: str, titles: Sequence[str]) -> float:
    """The cosine of `title` and the closest of `titles`, 0 when there is nothing to compare."""
    if not title.strip():
        return 0.0
    ours = _vector(title)
    return max((float(ours @ _vector(each)) for each in titles if each.strip()), default=0.0)


def confirmed(signs: Evidence) -> bool:
    """Whether a sign of the event itself agrees with the proposal, and none speaks against it."""
    if signs.begins or signs.far or signs.other_hazard or signs.smaller_toll:
        return False
    numbers = signs.same_number + signs.same_figure > 0
    place = signs.same_place and not signs.other_numbers
    kind = signs.same_country and (signs.same_hazard or signs.related_hazard)
    return bool(place or signs.same_storm or numbers or kind or signs.names >= 2)


@lru_cache(maxsize=2**12)
def _vector(title: str) -> NDArray[np.float32]:
    from classifiers import meaning
    from classifiers.tags import Text
    from classifiers.text import prepare

    encoder = meaning.find_encoder()
    assert encoder is not None  # noqa: S101 - `installed` was asked
    found: NDArray[np.float32] = encoder.encode([prepare(Text(title))])[0]
    return found
