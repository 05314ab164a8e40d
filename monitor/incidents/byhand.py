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

    Only what would open an incident of its own, or a communication that fits none, is asked.
    """
    if link.incident_id is not None or not (link.opens or subject.role is Role.COMMUNICATION):
        return link
    fitting = [each for each in sketches if each.awaits and _fits(subject, each)]
    if not fitting:
        return link
    newest = max(fitting, key=lambda each: (each.opened_at, -each.id))
    return Link(newest.id, False, (Why("link_awaited", {"number": newest.number}),))


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
