"""Which of our missions is responsible for an incident, how far it is, and which department."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from alerts import clean, dates, words
from alerts.maps import LEAST_KM, Mark, bounds_around, region_map
from alerts.parts import IN_TOWN_KM, distance_km
from alerts.policy import Both, Mission, Part, Policy
from storage.records import Incident

MAP_KM = 2500  # a mission farther away would leave nothing to see of the place itself
ALONE_KM = 1200.0
# Scripts without spaces between words, or with endings behind them.
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
_THAI = re.compile("[\u0e00-\u0e7f]")
MOST = 4  # missions that are named; a war of eight countries would fill the page


@dataclass(frozen=True, slots=True)
class Responsible:
    """One mission: `part` is the part of its country that the incident names, if it does.

    `km` is the distance from where it works now to the incident's point, None where either is
    not known. `nearest`: it is not known to be responsible, but nearer than the one that is.
    """

    mission: Mission
    country: str
    km: int | None
    part: str | None = None
    nearest: bool = False


def responsible(incident: Incident, policy: Policy) -> tuple[Responsible, ...]:
    """The responsible missions, the nearest to the people first; empty where the file has none.

    One whose part of the country is named comes before the embassy. Where a point is known but no
    part is named, a consulate that is nearer than the embassy is named beside it.
    """
    found: list[Responsible] = []
    for country in incident.countries:
        if country != policy.home_country:
            found += _of_country(incident, country, policy)
    first: dict[str, Responsible] = {}
    for each in found:
        first.setdefault(each.mission.id, each)
    return tuple(first.values())[:MOST]


def department(incident: Incident, policy: Policy) -> tuple[Both, bool] | None:
    """The geographic department of the incident's first foreign country, and whether confirmed."""
    for country in incident.countries:
        if country == policy.home_country:
            continue
        for each in policy.departments:
            if country in policy.countries_of(each.countries):
                return each.name, each.confirmed
    return None


def lines(incident: Incident, policy: Policy, language: str) -> tuple[str, ...]:
    """What is said of it at the desk: missions with distance and contact, department, registered.

    For an event at home alone there is no mission, and nothing is said. That no contact has been
    entered is for the desk to mend; `named` alone does not say it.
    """
    found = [_line(each, language) for each in responsible(incident, policy)]
    abroad = [code for code in incident.countries if code != policy.home_country]
    if not found and (abroad or not incident.countries):
        found.append(words.say("mail.mission_unknown", language))
    of = department(incident, policy)
    if of is not None:
        name = _marked(clean.one_line(of[0].in_(language), 120), of[1], language)
        found.append(words.say("mission.department", language, department=name))
    for code in abroad:
        registered = policy.registered.get(code)
        if registered is None:
            continue
        said = words.say(
            "mission.registered", language, country=code, count=dates.number(registered.count)
        )
        if registered.as_of is not None:
            day = dates.day(registered.as_of, language, weekday=False)
            said = words.say("mission.as_of", language, said=said, day=day)
        found.append(said)
    return tuple(found)


def distances(incident: Incident, policy: Policy, language: str) -> tuple[str, ...]:
    """How far the missions on the map are, for those who cannot see it."""
    return tuple(
        words.say(
            "map.away",
            language,
            mission=clean.one_line(each.mission.name.in_(language), 120),
            km=dates.kilometres(each.km),
        )
        for each in responsible(incident, policy)
        if each.km is not None and each.km <= MAP_KM
    )


def incident_map(incident: Incident, policy: Policy) -> bytes | None:
    """A PNG of where it happened with the responsible missions near it; None where it cannot be.

    A map is an extra: whatever is wrong with it, the mail goes out without.
    """
    if incident.lat is None or incident.lon is None or not abs(incident.lat) <= 90:
        return None
    marks = [Mark(incident.lat, incident.lon, incident.level)]
    for each in responsible(incident, policy):
        at = each.mission.at
        if at is not None and each.km is not None and each.km <= MAP_KM:
            seat = each.mission.works_from
            marks.append(Mark(*at, label=seat.city if seat is not None else each.mission.city))
    try:
        # Without a mission to go by, the reader needs more of the coasts around.
        bounds = bounds_around(marks, least_km=LEAST_KM if marks[1:] else ALONE_KM)
        return region_map(tuple(marks), bounds=bounds)
    except (ImportError, OSError, ValueError, KeyError):
        return None


def named(of: Responsible, language: str) -> str:
    """A mission by name, with its distance and what else must be known of it."""
    mission = of.mission
    parts = [_marked(clean.one_line(mission.name.in_(language), 120), mission.confirmed, language)]
    if of.km is not None:
        key = "mission.in_town" if of.km < IN_TOWN_KM else "mission.away"
        parts.append(words.say(key, language, km=dates.kilometres(max(of.km, IN_TOWN_KM))))
    if of.part:
        part = _part_in(of, language)
        parts.append(words.say("mission.part", language, part=clean.one_line(part, 60)))
    if of.nearest:
        parts.append(words.say("mission.nearest", language))
    seat = mission.works_from
    if seat is not None:
        city = f"{clean.one_line(seat.city, 60)}, {words.country(seat.country, language)}"
        parts.append(words.say("mission.works_from", language, city=city))
    if mission.contact:
        parts.append(clean.one_line(mission.contact, 200))
    return " · ".join(parts)


def _part_in(of: Responsible, language: str) -> str:
    """What the part of the country is called in the reader's language, as far as it is known."""
    known = (
        other
        for part in of.mission.parts
        for other, name in part.spelled
        if language == "th" and name == of.part and _THAI.match(other)
    )
    return next(known, of.part or "")


def _line(of: Responsible, language: str) -> str:
    said = named(of, language)
    if not of.mission.contact:
        said = f"{said} · {words.say('mission.no_contact', language)}"
    return words.say("mail.mission", language, mission=said)


def _marked(name: str, confirmed: bool, language: str) -> str:
    return name if confirmed else words.say("mission.unconfirmed", language, name=name)


def _of_country(incident: Incident, country: str, policy: Policy) -> Iterator[Responsible]:
    whole = [each for each in policy.missions if country in each.whole]
    partly = [
        (each, part) for each in policy.missions for part in each.parts if part.country == country
    ]
    text = _folded(" ".join((incident.place or "", incident.title_en, incident.title_th)))
    matched = [
        Responsible(each, country, _km(incident, each), part=name)
        for each, part in partly
        if (name := _named_in(text, part))
    ]
    yield from sorted(matched, key=_near)
    found = sorted((Responsible(each, country, _km(incident, each)) for each in whole), key=_near)
    yield from found
    if matched or not partly:
        return
    least = min((each.km for each in found if each.km is not None), default=None)
    beside = min(
        (Responsible(each, country, _km(incident, each), nearest=True) for each, _ in partly),
        key=_near,
    )
    if beside.km is not None and (least is None or beside.km < least):
        yield beside


def _near(of: Responsible) -> tuple[int, str]:
    return (of.km if of.km is not None else 99_999, of.mission.id)


def _km(incident: Incident, mission: Mission) -> int | None:
    if incident.lat is None or incident.lon is None or mission.at is None:
        return None
    return round(distance_km(incident.lat, incident.lon, *mission.at))


def _named_in(text: str, part: Part) -> str | None:
    """The name of the part of a country that the text has, in whatever language it has it."""
    found = next((name for name in part.names if _says(text, name)), None)
    return found or next((name for other, name in part.spelled if _says(text, other)), None)


def _says(text: str, name: str) -> bool:
    """Whether the name stands in the text as a word of its own, where its script parts words."""
    if _UNPARTED.match(name):
        return _folded(name) in text
    return re.search(rf"(?<!\w){re.escape(_folded(name))}(?!\w)", text) is not None


def _folded(text: str) -> str:
    """Without capitals and accents; the marks of Thai and its like are letters and stay."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not "\u0300" <= sign <= "\u036f")
