"""What of a day the digest keeps, in which order: the gravest first, near misses before noise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alerts import phrases
from storage.records import Change, Incident, Item, Level

if TYPE_CHECKING:
    from alerts.digest.content import IncidentFacts

PEOPLE = ("confirmed", "harmed", "reported")  # what is known of ours, gravest first


def weight(of: IncidentFacts) -> tuple[int, int, bool, float]:
    """Sorts incidents: by level, then by what is known of our people, open ones first."""
    incident = of.incident
    people = PEOPLE.index(incident.nationals) if incident.nationals in PEOPLE else len(PEOPLE)
    closed = incident.state in ("closed", "merged")
    return (-incident.level, people, closed, -incident.last_item_at.timestamp())


def nearness(item: Item) -> tuple[bool, int, float]:
    """Near misses first: what belongs to an incident, then what was classified for sure.

    More of what was told already comes last.
    """
    repeats = any(each.code == "not_material" for each in item.disposition)
    near = 0 if item.incident_id is not None else 1 if item.reading.categories else 2
    return (repeats, near, -item.first_seen_at.timestamp())


def asked_at(incident: Incident) -> datetime:
    """Since when an answer was waited for: its level's beginning, if it was answered since."""
    answered = incident.acknowledged_at
    began = incident.level_since
    return began if answered is not None and began <= answered else incident.opened_at


def mattered(of: IncidentFacts) -> bool:
    """At WATCH or above now, when the period began, or at some time in it."""
    reached = {change.old for change in of.changes if change.kind == "level_lowered"}
    was = max(of.incident.level, of.level_before or Level.INFO)
    return was >= Level.WATCH or any(level.name in reached for level in Level if level)


def moved(changes: Sequence[Change]) -> list[Change]:
    """The changes, oldest first, each figure from its first number of the period to its last."""
    kept: list[Change] = []
    for place, each in enumerate(changes):
        name = (each.new or "").partition(" ")[0]
        later = any(
            other.kind == each.kind and (other.new or "").partition(" ")[0] == name
            for other in changes[place + 1 :]
        )
        if each.kind != "figure" or each.old or not later:  # else a later one has it as its old
            kept.append(each)
    return phrases.collapsed(kept)
