"""An incident as others may see it: made field by field, so that nothing leaves by oversight.

What officers wrote (titles, notes, who has it), and what is known of our people, has no field here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.oncall.channels import public_titles
from storage.records import Change, Figure, Incident, Level

_REVISES = ("level_raised", "level_lowered", "corrected", "figure", "withdrawn", "lifted", "closed")
_ENDS = ("withdrawn", "lifted", "closed")
_FIGURES = ("magnitude", "depth_km", "wind_kmh", "category", "height_m", "dead", "injured")
# CAP 1.2, section 3.2.2: the category of an event by its hazard, else by ours.
CAP_HAZARD = {
    **dict.fromkeys(("EQ", "TS", "VO", "LS", "MS", "AV"), "Geo"),
    **dict.fromkeys(("FL", "FF", "TC", "EC", "ST", "VW", "TO", "SS", "DR", "HT", "CW"), "Met"),
    **dict.fromkeys(("WF", "FR"), "Fire"),
}
CAP_CATEGORY = {"natural": "Other", "health": "Health", "human_made": "Safety"}


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the incident that others were given: when, and what became of it."""

    n: int
    at: datetime
    kind: str  # Alert, Update or Cancel, as CAP has it


@dataclass(frozen=True, slots=True)
class Shared:
    """The incident for others. `figures` are what sources tell of the event, with their publisher.

    The toll is that of the event as public sources give it, never that of our nationals.
    """

    number: str
    level: Level
    title_en: str
    title_th: str
    hazard: str | None
    categories: tuple[str, ...]
    countries: tuple[str, ...]
    place: str | None
    lat: float | None
    lon: float | None
    event_at: datetime | None
    opened_at: datetime
    state: str
    exercise: bool
    severity: str | None
    urgency: str | None
    certainty: str | None
    sources: int
    independent_sources: int
    figures: tuple[Figure, ...]
    versions: tuple[Version, ...]

    @property
    def updated_at(self) -> datetime:
        """When the last version was made."""
        return self.versions[-1].at


def shared(of: Incident, changes: Sequence[Change]) -> Shared:
    """What others may see of the incident; `changes` are its timeline, oldest first."""
    title_en, title_th = public_titles(of)
    versions = [Version(1, of.opened_at, "Alert")]
    for each in changes:
        if each.kind in _REVISES and each.at > versions[-1].at:
            kind = "Cancel" if each.kind in _ENDS else "Update"
            versions.append(Version(len(versions) + 1, each.at, kind))
    return Shared(
        number=of.number,
        level=of.level,
        title_en=title_en,
        title_th=title_th,
        hazard=of.hazard,
        categories=of.categories,
        countries=of.countries,
        place=None if "place" in of.held else of.place,
        lat=of.lat,
        lon=of.lon,
        event_at=of.event_at,
        opened_at=of.opened_at,
        state=of.state,
        exercise=of.exercise,
        severity=of.severity,
        urgency=of.urgency,
        certainty=of.certainty,
        sources=of.sources,
        independent_sources=of.independent_sources,
        figures=tuple(each for each in of.figures if each.kind in _FIGURES and each.source),
        versions=tuple(versions),
    )


def as_json(of: Shared) -> dict[str, Any]:
    """The incident for programs; docs/operations.md describes it."""
    return {
        "version": 1,
        "notice": "not a public warning",
        "number": of.number,
        "level": of.level.name,
        "title": {"en": of.title_en, "th": of.title_th},
        "hazard": of.hazard,
        "categories": list(of.categories),
        "countries": list(of.countries),
        "place": of.place,
        "position": None if of.lat is None or of.lon is None else [of.lat, of.lon],
        "event_at": of.event_at.isoformat() if of.event_at else None,
        "opened_at": of.opened_at.isoformat(),
        "updated_at": of.updated_at.isoformat(),
        "state": of.state,
        "exercise": of.exercise,
        "sources": of.sources,
        "independent_sources": of.independent_sources,
        "figures": [
            {"kind": each.kind, "value": each.value, "publisher": each.source,
             "at": each.at.isoformat() if each.at else None}
            for each in of.figures
        ],
    }  # fmt: skip
