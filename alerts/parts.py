"""Parts of a condition about place, source, time and probability; each holds or not, with why."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

from alerts.case import Case, plain
from alerts.hours import within
from alerts.policy import Condition, Near, Policy
from storage.records import Incident, Item, Scalar, Why

Found = tuple[bool, tuple[Why, ...]]
NO: Found = (False, ())
UNASKED: Found = (True, ())
_EARTH_KM = 6371.0
# What is told of a city is told of its middle: nearer than this, a number would say more than
# anybody knows.
IN_TOWN_KM = 25


def cap(condition: Condition, incident: Incident) -> Found:
    """Severity, urgency and certainty of a warning, in CAP's own words."""
    whys: list[Why] = []
    for name, wanted, has in (
        ("severity", condition.severities, incident.severity),
        ("urgency", condition.urgencies, incident.urgency),
        ("certainty", condition.certainties, incident.certainty),
    ):
        given = has.strip().capitalize() if has else "Unknown"
        if not wanted:
            continue
        if given not in wanted:
            return NO
        whys.append(Why(f"match_{name}", {"found": given}))
    return True, tuple(whys)


def near(condition: Condition, case: Case) -> Found:
    """Within so many kilometres of a point or of one of our missions."""
    if not condition.near:
        return UNASKED
    incident = case.incident
    if incident.lat is None or incident.lon is None:
        return (True, (Why("match_place_unknown"),)) if condition.unknown_place else NO
    for wanted in condition.near:
        for at, name in _points(wanted, case.policy):
            km = distance_km(incident.lat, incident.lon, *at)
            if km <= wanted.km:
                values = {**name, "km": round(km), "threshold": wanted.km}
                return True, (Why("match_near", values),)
    return NO


def origin(condition: Condition, item: Item | None) -> Found:
    """The feed by its name; a tag of the feed list, or a word under which the source files it."""
    if not (condition.feeds or condition.tags):
        return UNASKED
    if item is None:
        return NO
    whys: list[Why] = []
    for wanted, roads in (
        (condition.feeds, (("match_feed", (item.feed_name,)),)),
        (
            condition.tags,
            (("match_feed_tag", item.feed_tags), ("match_tag", item.values.source_categories)),
        ),
    ):
        if not wanted:
            continue
        asked = {plain(each) for each in wanted}
        found = {code: [each for each in has if plain(each) in asked] for code, has in roads}
        if not any(found.values()):
            return NO
        whys += [Why(code, {"found": ", ".join(each)}) for code, each in found.items() if each]
    return True, tuple(whys)


def advice(condition: Condition, case: Case) -> Found:
    """The step of the common scale that the item's travel advice stands on."""
    least = condition.min_advice_step
    if least is None:
        return UNASKED
    step = None if case.item is None else case.tools.advice_step(case.item)
    if step is None:
        unknown = Why("match_number_unknown", {"kind": "advice_step"})
        return (True, (unknown,)) if condition.unknown_number else NO
    if step < least:
        return NO
    return True, (Why("match_advice_step", {"value": step, "threshold": least}),)


def probability(condition: Condition, case: Case) -> Found:
    """How sure the classifier is of the surest of the categories that are asked for."""
    least = condition.min_probability
    if least is None:
        return UNASKED
    tags = () if case.item is None else case.item.reading.tags
    scores = [
        tag.score for tag in tags if not condition.categories or tag.label in condition.categories
    ]
    if not scores:
        unknown = Why("match_number_unknown", {"kind": "probability"})
        return (True, (unknown,)) if condition.unknown_number else NO
    if max(scores) < least:
        return NO
    values = {"value": round(max(scores) * 100), "threshold": round(least * 100)}
    return True, (Why("match_probability", values),)


def clock(condition: Condition, case: Case) -> Found:
    """The time of day by the home clock, and whether it is day or night to the desk."""
    whys: list[Why] = []
    if condition.hours:
        zone = ZoneInfo(case.policy.timezone)
        until = within(condition.hours, case.policy.holidays, zone, case.now)
        if until is None:
            return NO
        whys.append(Why("match_hours", {"at": case.now.isoformat()}))
    if condition.at_night is not None:
        if case.night is not condition.at_night:
            return NO
        whys.append(Why("match_night" if condition.at_night else "match_day"))
    return True, tuple(whys)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great-circle distance between two points in degrees, in kilometres."""
    a, b = math.radians(lat1), math.radians(lat2)
    across = math.radians(lon2 - lon1)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _points(wanted: Near, policy: Policy) -> list[tuple[tuple[float, float], dict[str, Scalar]]]:
    if wanted.at is not None:
        name = wanted.name or f"{wanted.at[0]:g}, {wanted.at[1]:g}"
        return [(wanted.at, {"place": name})]
    return [
        (each.at, {"place_th": each.name.th, "place_en": each.name.en})
        for each in policy.missions
        if each.at is not None and wanted.mission in ("any", each.id)
    ]
