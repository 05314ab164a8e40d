"""Earthquakes: which notices tell of one shock, which of an aftershock, which were felt there.

Seismic networks publish within the hour, each with its own magnitude and place; words play no
part, for every notice of a network has the same. Reports come for days and name where it was felt.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.incidents.evidence import SUMMARY, closest_km, places_in
from monitor.incidents.geometry import aftershock_days, aftershock_radius_km, distance_km, felt_km
from monitor.incidents.subject import Subject, figure, first_point, told_at
from storage.records import Sketch, Trace, Why

SAME_SHOCK = timedelta(minutes=20)
SAME_NOTICE = timedelta(hours=1)  # when only the time of publication is known
SAME_KM = 200.0
MAGNITUDES_DIFFER = 1.0  # between networks
NOWHERE_DIFFER = 0.3  # of notices that name no country
REPORTS_DIFFER = 0.6  # between a report and a network
REPORTED = timedelta(hours=36)
BEFORE = timedelta(hours=2)


def is_notice(subject: Subject) -> bool:
    """Whether a network speaks, which measures, and not a report of what was felt."""
    given = subject.event_at is not None and first_point(subject.values.places) is not None
    return given or (subject.feed_kind == "hazard" and subject.hazard == "EQ")


def same_shock(subject: Subject, sketch: Sketch) -> tuple[float, Why] | None:
    """For a network's notice: whether it is of the incident's shock or an aftershock of it."""
    point = first_point(subject.values.places)
    known = figure(sketch.figures, "magnitude")
    km = None
    if point is not None and sketch.lat is not None and sketch.lon is not None:
        km = distance_km(*point, sketch.lat, sketch.lon)
    if _is_known(subject, sketch, km):
        return 9.0, Why("link_same_quake", {"km": round(km or 0.0)})
    ours = subject.magnitude
    if km is None or known is None or ours is None or ours >= known:
        return None
    after = subject.at - (sketch.event_at or sketch.opened_at)
    if km <= aftershock_radius_km(known) and after <= timedelta(days=aftershock_days(known)):
        return 7.0, Why("link_aftershock", {"km": round(km), "magnitude": ours})
    return None


def _is_known(subject: Subject, sketch: Sketch, km: float | None) -> bool:
    if km is not None and km > SAME_KM:
        return False
    if any(_same_text(subject, trace) for trace in sketch.traces):
        return True
    ours, theirs = set(subject.countries), set(sketch.countries)
    if km is None and ours and theirs and not ours & theirs:
        return False
    if sketch.event_at is not None and subject.event_at is not None:
        return abs(subject.at - sketch.event_at) <= SAME_SHOCK and near_magnitude(
            subject.magnitude, figure(sketch.figures, "magnitude"), MAGNITUDES_DIFFER
        )
    apart = MAGNITUDES_DIFFER if km is not None or ours & theirs else NOWHERE_DIFFER
    return any(_same_notice(subject, trace, apart) for trace in sketch.traces)


def _same_text(subject: Subject, trace: Trace) -> bool:
    """The same notice once more: it tells of a time of day, or it came a short while ago."""
    ours = (subject.values.title, subject.values.summary[:SUMMARY], subject.publisher)
    if ours != (trace.title, trace.summary, trace.publisher):
        return False
    apart = timedelta.max if trace.at is None else abs(subject.at - trace.at)
    return apart <= (SAME_SHOCK if _stamp(subject) else SAME_NOTICE * 6)


def _same_notice(subject: Subject, trace: Trace, apart: float) -> bool:
    """Two notices of one shock. A network that tells no time of day repeats its own magnitude."""
    if trace.at is None or trace.feed_kind != "hazard":
        return False
    stamped = _stamp(subject) is not None or subject.event_at is not None
    if subject.magnitude is None or trace.magnitude is None:
        return stamped and abs(subject.at - trace.at) <= timedelta(minutes=2)
    if not stamped and trace.publisher == subject.publisher:
        apart = 0.0
    limit = SAME_SHOCK if stamped else SAME_NOTICE
    return abs(subject.at - trace.at) <= limit and near_magnitude(
        subject.magnitude, trace.magnitude, apart
    )


def _stamp(subject: Subject) -> datetime | None:
    return told_at(subject.values.title, subject.values.summary, subject.seen_at)


def may_report(subject: Subject, sketch: Sketch) -> bool:
    """Whether words may tell of the incident's shock: by size, by time and by where it is felt."""
    known = figure(sketch.figures, "magnitude")
    if not near_magnitude(subject.magnitude, known, REPORTS_DIFFER):
        return False
    shook = sketch.event_at or sketch.opened_at
    if subject.at < shook - BEFORE:
        return False
    km = closest_km(subject.located, places_in(sketch))
    return km is None or km <= felt_km(known)


def soon_after(subject: Subject, sketch: Sketch) -> bool:
    """Whether a report comes while nobody needs to say which earthquake is meant."""
    return abs(subject.at - (sketch.event_at or sketch.opened_at)) <= REPORTED / 2


def near_magnitude(one: float | None, other: float | None, apart: float) -> bool:
    """True when they differ by no more than `apart`, or one is not known."""
    return one is None or other is None or abs(one - other) <= apart + 1e-6
