"""An incident that an officer opened waits for the first source that tells of it.

The officer's few words are seldom those of a headline, so the first report is taken by kind,
country and time. From then on the report's own words link what follows, as always.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from monitor.incidents.geometry import distance_km
from monitor.incidents.hazards import category_of, related
from monitor.incidents.link import Link
from monitor.incidents.subject import Subject
from storage.records import Role, Sketch, Why

WAITS = timedelta(days=3)
BEFORE = timedelta(days=1)  # the report may be older than the telephone call
NEAR_KM = 300.0


def awaited(subject: Subject, link: Link, sketches: Collection[Sketch]) -> Link:
    """`link`, or the incident opened by hand that `subject` is the first to tell of.

    Only what would open an incident of its own, or a communication that fits none, is asked. One
    that goes there by kind, country and time alone is said to be what it waited for.
    """
    waiting = {each.id: each for each in sketches if each.awaits}
    chosen = waiting.get(link.incident_id) if link.incident_id is not None else None
    if chosen is not None and link.why[0].code == "link_hazard_country_time":
        return _first_of(chosen)
    if link.incident_id is not None or not (link.opens or subject.role is Role.COMMUNICATION):
        return link
    fitting = [each for each in waiting.values() if _fits(subject, each)]
    if not fitting:
        return link
    newest = max(fitting, key=lambda each: (each.opened_at, -each.id))
    return _first_of(newest, link.relates_to)


def _first_of(sketch: Sketch, relates_to: int | None = None) -> Link:
    """The link to what waited; what the item would have been a part of stays told as related."""
    why = Why("link_awaited", {"number": sketch.number})
    return Link(sketch.id, False, (why,), relates_to if relates_to != sketch.id else None)


def _fits(subject: Subject, sketch: Sketch) -> bool:
    if subject.drill != sketch.exercise or not set(subject.countries) & set(sketch.countries):
        return False
    if not -BEFORE <= subject.at - sketch.opened_at <= WAITS or not _one_kind(subject, sketch):
        return False
    point = subject.point
    if point is None or sketch.lat is None or sketch.lon is None:
        return True
    return distance_km(*point, sketch.lat, sketch.lon) <= NEAR_KM


def _one_kind(subject: Subject, sketch: Sketch) -> bool:
    """Related hazards; where one is not known, a category that both have."""
    if subject.hazard is not None and sketch.hazard is not None:
        return related(subject.hazard, sketch.hazard)
    ours = {*subject.reading.categories, category_of(subject.hazard)} - {None}
    theirs = {*sketch.categories, category_of(sketch.hazard)} - {None}
    return bool(ours & theirs)
