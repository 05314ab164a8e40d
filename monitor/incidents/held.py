"""What officers have set of an incident stands, whatever its sources say."""

from __future__ import annotations

from dataclasses import replace

from storage.records import Incident

MOST_COUNTRIES = 8


def as_held(incident: Incident, found: Incident) -> Incident:
    """`found`, with what officers have set in `incident` as they set it.

    Countries that an officer named stay, and those that sources name stand behind them.
    """
    held = incident.held
    if "hazard" in held:
        found = replace(found, hazard=incident.hazard)
    if "categories" in held:
        found = replace(found, categories=incident.categories)
    if "countries" in held:
        both = dict.fromkeys((*incident.countries, *found.countries))
        found = replace(found, countries=tuple(both)[:MOST_COUNTRIES])
    if "place" in held:
        found = replace(found, place=incident.place, lat=incident.lat, lon=incident.lon)
    if "nationals" in held:
        found = replace(found, nationals=incident.nationals)
    if "exercise" in held:
        found = replace(found, exercise=incident.exercise)
    return found
