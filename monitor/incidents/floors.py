"""The level of an incident, with the least that it is held to: what an officer set, or what
ministries' own steps call for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts import levels
from alerts.policy import Policy
from monitor.incidents.facts import is_dismissed
from monitor.incidents.ranout import without_expired
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


def judged(
    incident: Incident,
    members: Sequence[Item],
    policy: Policy,
    *,
    now: datetime,
    item: Item | None = None,
) -> tuple[Level, tuple[Why, ...]]:
    """The level with its reasons; of one whose items officers dismissed, who did.

    Warnings that have all expired by `now` raise it no more, and the reasons say so. `item` is the
    one that was touched now, if one was.
    """
    level, whys = levels.level_of(incident, policy)
    lower = without_expired(incident, members, policy, level, now=now)
    if lower is not None:
        return lower
    dismissed = bool(members) and all(map(is_dismissed, members))
    if dismissed and not incident.categories and incident.floor is None:
        return level, (Why("dismissed", {"who": (item or members[-1]).reading.corrected_by}),)
    return level, whys
