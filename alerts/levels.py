"""The level of an incident: what the desk must do, from what is known of it, with the reasons.

Exposure comes before size: an event wakes somebody only if it concerns us. docs/levels.md tells
the same in plain words; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from alerts.conditions import largest
from alerts.parts import IN_TOWN_KM, distance_km
from alerts.policy import Policy
from storage.records import Incident, Level, Why

CURRENT_FOR = timedelta(days=30)
_KM_OF_DEGREE = 111.0  # of latitude, a little less than it is
_COLOUR = re.compile(r"\b(red|orange)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Whether and why the event concerns us. `near`: at home or in a neighbouring country.

    `unknown`: no country is known, so that it can neither be said to concern us nor not to.
    """

    exposed: bool
    near: bool
    unknown: bool
    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    level: Level
    why: Why


def level_of(incident: Incident, policy: Policy) -> tuple[Level, tuple[Why, ...]]:
    """The level with every threshold that was passed, weightiest first, then the exposure.

    A pure function of the incident; its `floor` holds what officers and signals set. A lifted
    warning counts no more, but what has happened to people does. Below the incident's own
    `floor` it does not fall, but for a drill or a withdrawal.
    """
    calm = _calm(incident)
    if calm is not None:
        return Level.INFO, (calm,)
    level, whys = _by_facts(incident, policy)
    if incident.floor is not None and incident.floor > level:
        return incident.floor, (*incident.floor_why, *whys)
    return level, whys


def _by_facts(incident: Incident, policy: Policy) -> tuple[Level, tuple[Why, ...]]:
    exposure = exposure_of(incident, policy)
    if incident.lifted:
        return _lifted(incident, policy, exposure)
    signs = sorted(_signs(incident, policy, exposure), key=lambda sign: -sign.level)
    # What makes a WATCH of an incident explains nothing about one that is more than that.
    if not signs or signs[0].level <= Level.WATCH:
        signs += _moderate(incident, policy, exposure)
    if not signs:
        return Level.INFO, _quiet(incident, policy)
    level = signs[0].level
    return level, _told_once([sign.why for sign in signs], exposure)


def exposure_of(incident: Incident, policy: Policy) -> Exposure:
    """Whether the event concerns us: place, our nationals, or one of our missions nearby."""
    here = set(incident.countries)
    near = policy.countries_of(("home", "neighbours"))
    whys: list[Why] = []
    if policy.home_country in here:
        whys.append(Why("exposure_home", {"countries": policy.home_country}))
    regions = {name: policy.countries_of((name,)) for name in policy.levels.exposure_regions}
    abroad = here - {policy.home_country}
    concerned = [name for name, members in regions.items() if abroad & members]
    if concerned:
        found = sorted(abroad & frozenset[str]().union(*regions.values()))
        values = {"countries": ",".join(found), "regions": ",".join(concerned)}
        whys.append(Why("exposure_region", values))
    if incident.nationals in ("reported", "harmed", "confirmed"):
        whys.append(Why("exposure_nationals"))
    whys += _missions_near(incident, policy)
    unknown = not here and not whys
    if unknown:
        whys.append(Why("exposure_unknown"))
    elif not whys:
        whys.append(Why("no_exposure"))
    exposed = whys[0].code not in ("no_exposure", "exposure_unknown")
    return Exposure(exposed, bool(here & near), unknown, tuple(whys))


def _calm(incident: Incident) -> Why | None:
    """What makes any size harmless: a drill, a withdrawal."""
    if incident.exercise:
        return Why("exercise")
    return Why("withdrawn") if incident.withdrawn else None


def _lifted(
    incident: Incident, policy: Policy, exposure: Exposure
) -> tuple[Level, tuple[Why, ...]]:
    """What stands when the danger is over: our people, the dead and hurt, calls to leave."""
    signs = [
        *_nationals(incident),
        *_dead(incident, policy, exposure),
        *_leave_calls(incident, policy, exposure),
        *_casualties(incident),
    ]
    if not signs:
        return Level.INFO, (Why("lifted"),)
    signs.sort(key=lambda sign: -sign.level)
    return signs[0].level, _told_once([*(sign.why for sign in signs), Why("lifted")], exposure)


def _told_once(whys: list[Why], exposure: Exposure) -> tuple[Why, ...]:
    """`whys`, then the exposure; that our nationals are concerned is not said twice."""
    said = any(why.code.startswith("nationals_") for why in whys)
    kept = (why for why in exposure.whys if not (said and why.code == "exposure_nationals"))
    return (*whys, *kept)


def _signs(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    yield from _nationals(incident)
    yield from _tsunami(incident, policy, exposure)
    yield from _leave_calls(incident, policy, exposure)
    yield from _source_scale(incident, exposure)
    yield from _quake(incident, policy, exposure)
    yield from _dead(incident, policy, exposure)
    yield from _grave_hazard(incident, policy, exposure)


def _big(exposure: Exposure) -> Level:
    """The level of a great event: FLASH where it concerns us.

    Where the country is not known, half a step is safer than silence: ALERT.
    """
    if exposure.exposed:
        return Level.FLASH
    return Level.ALERT if exposure.unknown else Level.WATCH


def _middling(exposure: Exposure) -> Level:
    return Level.ALERT if exposure.exposed else Level.WATCH


def _nationals(incident: Incident) -> Iterator[_Sign]:
    if incident.nationals == "reported":
        level = Level.ALERT if incident.categories else Level.WATCH
        yield _Sign(level, Why("nationals_reported"))
    if incident.nationals not in ("harmed", "confirmed"):
        return
    past = incident.event_at is not None and (
        incident.last_item_at - incident.event_at > CURRENT_FOR
    )
    if past:
        yield _Sign(Level.WATCH, Why("nationals_harmed_past"))
    else:
        yield _Sign(Level.FLASH, Why(f"nationals_{incident.nationals}"))


def _tsunami(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    if incident.hazard != "TS" or _is(incident.severity, "minor"):
        return
    coasts = sorted(set(incident.countries) & policy.countries_of(policy.levels.covered_coasts))
    warning = _is(incident.severity, "extreme", "severe")
    if coasts:
        code = "tsunami_warning" if warning else "tsunami"
        level = Level.FLASH if warning else Level.ALERT
        yield _Sign(level, Why(code, {"countries": ",".join(coasts)}))
    elif exposure.unknown and warning:
        yield _Sign(Level.ALERT, Why("tsunami_unknown"))


def _leave_calls(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    count, threshold = incident.leave_calls, policy.levels.leave_calls
    if count >= threshold:
        yield _Sign(Level.FLASH, Why("leave_calls", {"count": count, "threshold": threshold}))
    elif count:
        yield _Sign(_middling(exposure), Why("leave_call", {"count": count}))


def _source_scale(incident: Incident, exposure: Exposure) -> Iterator[_Sign]:
    values = {
        "severity": _cap(incident.severity),
        "urgency": _cap(incident.urgency),
        "certainty": _cap(incident.certainty),
    }
    happening = _is(incident.urgency, "immediate") or _is(incident.certainty, "observed")
    if _is(incident.severity, "extreme") and happening and not _is(incident.urgency, "past"):
        yield _Sign(_big(exposure), Why("cap_extreme", values))
    elif _is(incident.severity, "extreme", "severe"):
        yield _Sign(_middling(exposure), Why("cap_severe", values))
    elif _is(incident.severity, "moderate"):
        yield _Sign(Level.WATCH, Why("cap_moderate", values))
    for given in incident.alert_levels:
        colour = _COLOUR.search(given)
        if colour is None:
            continue
        red = colour.group(1).lower() == "red"
        level = _big(exposure) if red else _middling(exposure)
        yield _Sign(level, Why("source_red" if red else "source_orange", {"given": given}))


def _quake(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    magnitude = largest(incident, "magnitude")
    if magnitude is None or incident.hazard not in ("EQ", "TS", None) or not incident.categories:
        return
    limits = policy.levels
    if magnitude >= limits.big_magnitude:
        level, threshold, code = _big(exposure), limits.big_magnitude, "magnitude"
    elif magnitude >= limits.alert_magnitude:
        level, threshold, code = _middling(exposure), limits.alert_magnitude, "magnitude"
    elif exposure.near and magnitude >= limits.alert_magnitude_near:
        level, threshold, code = Level.ALERT, limits.alert_magnitude_near, "magnitude_near"
    elif magnitude >= limits.watch_magnitude:
        level, threshold, code = Level.WATCH, limits.watch_magnitude, "magnitude"
    else:
        return
    yield _Sign(level, Why(code, {"magnitude": magnitude, "threshold": threshold}))


def _dead(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    if not incident.categories:
        return  # a number alone may be a film's, a match's or a year's
    dead, limits = largest(incident, "dead") or 0.0, policy.levels
    mass, mass_near = limits.mass_casualty_dead, limits.mass_casualty_dead_near
    if exposure.near and dead >= mass_near:
        level, code, threshold = Level.FLASH, "dead_mass_near", mass_near
    elif dead >= mass:
        level = Level.FLASH if exposure.exposed else Level.ALERT
        code, threshold = "dead_mass", mass
    elif exposure.near and dead >= limits.alert_dead_near:
        level, code, threshold = Level.ALERT, "dead_near", limits.alert_dead_near
    elif dead >= limits.alert_dead:
        level, code, threshold = _middling(exposure), "dead", limits.alert_dead
    else:
        return
    yield _Sign(level, Why(code, {"dead": dead, "threshold": threshold}))


def _grave_hazard(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    if incident.hazard in policy.levels.grave_hazards and incident.categories:
        yield _Sign(_middling(exposure), Why("hazard_grave", {"hazard": incident.hazard}))


def _moderate(incident: Incident, policy: Policy, exposure: Exposure) -> Iterator[_Sign]:
    """What lifts a classified incident out of the search-only level."""
    if not incident.categories or _minor_quake(incident, policy) is not None:
        return
    yield from _casualties(incident)
    if incident.independent_sources >= 2:
        why = Why("several_sources", {"count": incident.independent_sources})
        yield _Sign(Level.WATCH, why)
    if exposure.exposed and incident.hazard is not None:
        categories = ",".join(incident.categories)
        yield _Sign(Level.WATCH, Why("category_sure", {"categories": categories}))


def _casualties(incident: Incident) -> Iterator[_Sign]:
    toll = [
        f"{kind}={value:g}"
        for kind in ("dead", "missing", "injured", "displaced", "cases")
        if (value := largest(incident, kind))
    ]
    if toll and incident.categories:
        yield _Sign(Level.WATCH, Why("casualties", {"figures": ",".join(toll)}))


def _quiet(incident: Incident, policy: Policy) -> tuple[Why, ...]:
    """Why an incident stays search-only."""
    minor = _minor_quake(incident, policy)
    if minor is not None:
        return (minor,)
    if not incident.categories:
        return (Why("unsure_only"),)
    categories = Why("category_sure", {"categories": ",".join(incident.categories)})
    return (categories, Why("facts_few"))


def _minor_quake(incident: Incident, policy: Policy) -> Why | None:
    magnitude, threshold = largest(incident, "magnitude"), policy.levels.watch_magnitude
    if incident.hazard != "EQ" or magnitude is None or magnitude >= threshold:
        return None
    if largest(incident, "dead"):
        return None
    return Why("minor_quake", {"magnitude": magnitude, "threshold": threshold})


def _missions_near(incident: Incident, policy: Policy) -> Iterator[Why]:
    if incident.lat is None or incident.lon is None:
        return
    for mission in policy.missions:
        if mission.at is None:
            continue
        if abs(incident.lat - mission.at[0]) * _KM_OF_DEGREE > policy.levels.mission_km:
            continue  # most are too far north or south
        km = distance_km(incident.lat, incident.lon, *mission.at)
        if km <= policy.levels.mission_km:
            named = {"mission": mission.id, "mission_th": mission.name.th}
            named["mission_en"] = mission.name.en
            if km < IN_TOWN_KM:
                yield Why("exposure_mission_town", {**named, "km": IN_TOWN_KM})
            else:
                yield Why("exposure_mission", {**named, "km": round(km)})


def _is(value: str | None, *wanted: str) -> bool:
    return value is not None and value.strip().casefold() in wanted


def _cap(value: str | None) -> str:
    return value.strip().capitalize() if value else "Unknown"
