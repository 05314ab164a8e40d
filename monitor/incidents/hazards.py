"""Which hazards belong together, to which category each belongs, and how long each lasts."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

NATURAL = frozenset(
    "EQ TS VO FL FF TC EC ST VW TO SS LS MS AV DR HT CW WF IN".split()  # noqa: SIM905 - a table
)
HEALTH = frozenset(["EP", "cluster", "pandemic", "animal_disease", "mass_poisoning"])

# Hazards of one family may be one event told in two ways: a storm and its floods, an
# explosion and its fire. Conflict words are used for the same events by different sources.
_FAMILIES: tuple[frozenset[str], ...] = (
    frozenset(["EQ", "TS"]),
    frozenset(["FL", "FF", "TC", "EC", "ST", "VW", "SS", "LS", "MS", "dam_failure", "TO"]),
    frozenset(["VO"]),
    frozenset(["WF", "haze", "HT", "DR", "FR"]),
    frozenset(["CW", "AV", "EC"]),
    HEALTH,
    frozenset(
        ["FR", "AC", "industrial_accident", "explosion", "chemical", "radiological", "oil_spill"]
    ),
    frozenset(["explosion", "bombing", "attack", "strike"]),
    frozenset(["shooting", "attack", "unrest"]),
    frozenset(["armed_conflict", "border_clash", "strike", "attack", "CE"]),
    frozenset(["unrest", "coup", "emergency_rule"]),
    frozenset(["coup", "armed_conflict"]),
    frozenset(["detention", "arrest", "kidnapping", "hostage", "trafficking"]),
    frozenset(["transport_accident", "vessel_seized"]),
    frozenset(["airspace_closed", "airport_closed", "armed_conflict", "strike", "VO"]),
    frozenset(["border_closed", "border_clash"]),
    frozenset(["building_collapse", "AC", "EQ", "infrastructure_failure"]),
    frozenset(["cyber", "infrastructure_failure"]),
)

AFTERMATH = frozenset(["arrest", "detention"])  # they follow events of every kind

# How long an incident takes further items of its kind after the last one.
_LONG = {
    **dict.fromkeys(HEALTH, timedelta(days=60)),
    "TC": timedelta(days=8),
    "DR": timedelta(days=60),
    "VO": timedelta(days=14),
    "FL": timedelta(days=7),
    "WF": timedelta(days=5),
    "haze": timedelta(days=5),
    "CE": timedelta(days=14),
}
_USUAL = timedelta(days=3)
LONGEST = timedelta(days=60)


def category_of(hazard: str | None) -> str | None:
    """The category a hazard belongs to, None for OT and unknown ones."""
    if hazard is None or hazard == "OT":
        return None
    if hazard in NATURAL:
        return "natural"
    return "health" if hazard in HEALTH else "human_made"


def related(one: str | None, other: str | None) -> bool:
    """True when both are known and may be told of one event: an earthquake and its tsunami."""
    if one is None or other is None:
        return False
    return other in kin(one)


@lru_cache(maxsize=512)
def kin(hazard: str | None) -> tuple[str, ...]:
    """The hazards that may be told of one event with this one, itself among them."""
    if hazard is None:
        return ()
    family = {each for group in _FAMILIES if hazard in group for each in group}
    return tuple(sorted({hazard, *family}))


def contrary(one: str | None, other: str | None) -> bool:
    """True when both are known and no event is told as both: a shooting and an explosion."""
    if one is None or other is None or {one, other} & AFTERMATH:
        return False
    return not related(one, other)


def window(hazard: str | None) -> timedelta:
    """How long after its last item an incident of this hazard still takes new ones."""
    return _LONG.get(hazard or "", _USUAL)
