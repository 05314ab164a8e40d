"""An incident's title, made from facts, in Thai and English."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alerts import words
from classifiers.thainames import is_thai, thai_name
from monitor.incidents.places import is_country
from monitor.incidents.subject import figure
from storage.records import Incident

LONGEST_PLACE = 60
NEARBY = frozenset(["EQ", "TS", "TC", "EC", "ST", "TO"])  # they happen around a place, not in it
_SIDES = frozenset(["northern", "southern", "eastern", "western", "central"])
_AWAY = re.compile(r"^\s*\d+\s*km\s+[NSEW]{1,3}\s+of\s+", re.IGNORECASE)


def titled(incident: Incident) -> tuple[str, str]:
    """English and Thai title: country, what happened, how big, where; an officer's own stays.

    One that officers have emptied keeps the title by which it was known.
    """
    if "title" in incident.held or incident.confirmation == "no_source":
        return incident.title_en, incident.title_th
    return _title(incident, "en"), _title(incident, "th")


def _title(incident: Incident, language: str) -> str:
    where = words.countries(incident.countries[:2], language, short=True)
    if incident.hazard is None and not incident.categories:
        by_hand = "opened" in incident.held
        what = words.say("title.unknown" if by_hand else "title.advice", language)
    elif incident.hazard is None:
        what = words.category(incident.categories[0], language)
    else:
        what = words.hazard(incident.hazard, language)
    magnitude = figure(incident.figures, "magnitude")
    dead = figure(incident.figures, "dead")
    if magnitude is not None and incident.hazard in ("EQ", "TS"):
        # A magnitude is the earthquake's; a tsunami has none of its own.
        key = "title.tsunami" if incident.hazard == "TS" else "title.magnitude"
        what = words.say(key, language, what=what, magnitude=f"{magnitude:.1f}")
    elif dead:
        what = words.say("title.dead", language, what=what, dead=f"{dead:,.0f}")
    place = _place(incident, language)
    if place:
        away = incident.hazard in NEARBY or _AWAY.match(incident.place or "")
        what = words.say("title.near" if away else "title.in", language, what=what, place=place)
        if language == "th" and is_thai(
            place
        ):  # which stands at the word before it, as Latin letters do not
            what = what.replace(f" {place}", place)
    if not incident.countries and place:
        return what
    return words.say("title.whole", language, country=where, what=what)


def _place(incident: Incident, language: str) -> str | None:
    """The place without the distance in front and the country behind; None if nothing is left.

    In Thai by its Thai name, where the gazetteer knows one.
    """
    parts = [
        part
        for part in (each.strip() for each in _AWAY.sub("", incident.place or "").split(","))
        if part and not is_country(part, incident.countries)
    ]
    if language == "th":
        parts = [_in_thai(part, incident.countries) for part in parts]
        place = " ".join(parts[:2]) if all(map(is_thai, parts[:2])) else ", ".join(parts[:2])
    else:
        place = ", ".join(parts[:2])
    return place if place and len(place) <= LONGEST_PLACE else None


def _in_thai(part: str, countries: Sequence[str]) -> str:
    """A place by its Thai name, also one of which a side is named ("northern Luzon")."""
    whole = thai_name(part, countries)
    if whole is not None:
        return whole
    side, _, rest = part.partition(" ")
    name = thai_name(rest, countries) if rest else None
    if name is None or side.casefold() not in _SIDES:
        return part
    return words.say(f"title.{side.casefold()}", "th", place=name)
