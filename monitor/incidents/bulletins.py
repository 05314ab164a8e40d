"""Bulletins of agencies: made from a form, so that their words say nothing of which event it is.

Place, storm and the very same text do; what only has the form's words in common is another event.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

from monitor.incidents import shocks
from monitor.incidents.evidence import SUMMARY, Told, closest_km, places_in
from monitor.incidents.hazards import related
from monitor.incidents.subject import Subject, figure
from storage.records import Sketch, Trace, Why

CLOSE_KM = 60.0
STORM_KM = 600.0  # that a storm's middle moves between two bulletins
STORMS = frozenset(["TC", "EC"])
SHAKEN = frozenset(["EQ", "TS"])
WAVES = timedelta(hours=12)  # that bulletins about a tsunami follow its earthquake
SOON = timedelta(days=2)


def is_bulletin(subject: Subject) -> bool:
    """Whether an agency's feed of hazards speaks."""
    return subject.feed_kind == "hazard"


def same_bulletin(subject: Subject, sketch: Sketch, told: Told) -> tuple[float, Why] | None:
    """How well a bulletin agrees with an incident that bulletins alone tell of, and why."""
    if not related(subject.hazard, sketch.hazard):
        return None
    ours = subject.headline
    shared = [code for code in subject.countries if code in sketch.countries]
    country = shared[0] if shared else None
    shaken = {subject.hazard, sketch.hazard} <= SHAKEN
    if shaken:
        return _of_the_shock(subject, sketch, country)
    named = {*_names(subject), *ours.storms}
    if ours.storms & told.storms:
        return 6.0, Why("link_storm", {"country": country})
    if ours.storms and told.storms:
        return None
    soon = abs(subject.at - sketch.last_item_at) <= SOON
    km = closest_km(subject.located, places_in(sketch))
    storm = {subject.hazard, sketch.hazard} <= STORMS
    reach = STORM_KM if storm else CLOSE_KM
    if (
        ours.words
        and (km is None or km <= reach)
        and any(_copies(subject, trace) for trace in sketch.traces)
    ):
        return 5.0, Why("link_words", {"percent": 100, "country": country})
    if km is not None and km <= reach:
        return (4.0 - km / 1000, Why("link_place", {"country": country})) if soon else None
    areas = {name for trace in sketch.traces for place in trace.places if (name := place.name)}
    if km is None and shared and soon and named & {area.casefold() for area in areas}:
        return 3.5, Why("link_place", {"country": country})
    return None


def _of_the_shock(
    subject: Subject, sketch: Sketch, country: str | None
) -> tuple[float, Why] | None:
    """A tsunami bulletin is of the earthquake that it names or that has just shaken its coasts."""
    soon = abs(subject.at - (sketch.event_at or sketch.opened_at)) <= WAVES
    if not soon or not shocks.may_report(subject, sketch):
        return None
    near = closest_km(subject.located, places_in(sketch)) is not None
    sizes = subject.magnitude is not None and figure(sketch.figures, "magnitude") is not None
    if country or near or sizes:
        return 5.0, Why("link_hazard_country_time", {"country": country})
    return None


def _names(subject: Subject) -> set[str]:
    return {place.name.casefold() for place in subject.values.places if place.name}


def _copies(subject: Subject, trace: Trace) -> bool:
    """The same text with the same numbers, soon after."""
    said = f"{subject.values.title} {subject.values.summary[:SUMMARY]}"
    if _plain(said) != _plain(f"{trace.title} {trace.summary}"):
        return False
    return trace.at is None or abs(subject.at - trace.at) <= SOON


@lru_cache(maxsize=2**11)  # an incident's texts are compared with each bulletin that may join
def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()
