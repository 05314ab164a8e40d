"""The least level of an incident: what an officer set, or what ministries' own steps call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alerts.policy import Policy
from storage.records import Change, Incident, Item, Level, Why


def raised(incident: Incident, level: Level, why: Why) -> Incident:
    """The incident with `level` as its least; a higher floor stays as it is."""
    if incident.floor is not None and incident.floor >= level:
        return incident
    return replace(incident, floor=level, floor_why=(why,))


def by_advice(
    incident: Incident, changes: Sequence[Change], item: Item, policy: Policy
) -> Incident:
    """What a change of travel advice among `changes` makes of the incident.

    It is looked at in the digest; advice about the home country is looked at within the hour.
    """
    if not any(change.kind == "advice" for change in changes):
        return incident
    why = {"publisher": item.publisher}
    if item.values.advice is not None and item.values.advice.country == policy.home_country:
        return raised(incident, Level.ALERT, Why("advice_about_home", why))
    return raised(incident, Level.WATCH, Why("link_advice", why))
