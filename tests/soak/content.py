"""What the healthy feeds say: made-up news and hazards that depend on feed and number alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.documents import Quake, Story, cap, news, quakes
from tests.soak.plan import Source

ENTRIES = 20
CHANGES_EVERY_S = 450.0  # about every tenth visit finds something new
PRIORITY_CHANGES_EVERY_S = 100.0
COUNTRIES = (
    "Peru", "Kenya", "Norway", "Chile", "Ghana", "Fiji", "Nepal", "Spain", "Greece", "Cuba",
    "Mongolia", "Tonga", "Egypt", "Iceland", "Poland", "Japan", "Brazil", "Canada", "Senegal",
    "Oman", "Tunisia", "Belize", "Zambia", "Latvia", "Samoa", "Jordan", "Malta", "Panama",
)  # fmt: skip
NEAR = ("Myanmar", "Laos", "Malaysia", "Cambodia", "Vietnam", "Indonesia", "Philippines")
CRISES = ("Flood", "Wildfire", "Landslide", "Cholera outbreak", "Storm", "Drought", "Heat wave")
TOPICS = (
    "the budget", "a new railway line", "school meals", "the football league", "a film festival",
    "fishing quotas", "an art museum", "the rice price", "city buses", "a trade visit",
)  # fmt: skip
CAP_EVENTS = ("Flood", "Cyclone", "Wildfire", "Volcanic eruption")


def version(source: Source, since_start_s: float) -> int:
    """The number of the newest entry that the feed has at this time; it only ever grows."""
    every = PRIORITY_CHANGES_EVERY_S if source.priority else CHANGES_EVERY_S
    phase = random.Random(source.number).uniform(0, every)  # noqa: S311 - no secret
    return ENTRIES + int((since_start_s + phase) // every)


def document(
    source: Source,
    newest: int,
    start: datetime,
    marks: list[tuple[int, datetime]],
    entries: int = ENTRIES,
) -> bytes:
    """The feed's document: its newest entries, and the marked ones it has published."""
    numbers = range(newest - entries + 1, newest + 1)
    if source.form == "quakes":
        found = [_quake(source, number, _at(source, number, start)) for number in numbers]
        found += [_marked_quake(mark, at) for mark, at in marks]
        return quakes(found).encode()
    if source.form == "cap":
        if marks:
            return _marked_cap(*marks[-1]).encode()
        return _cap(source, newest, _at(source, newest, start)).encode()
    stories = [_story(source, number, _at(source, number, start)) for number in numbers]
    if source.form == "atom":
        return _atom(source, stories).encode()
    return news(stories, title=source.name).encode()


def token(mark: int) -> str:
    """The word by which a marked item is found again in mails and in the database."""
    return f"Mark{mark:04d}"


def _at(source: Source, number: int, start: datetime) -> datetime:
    every = PRIORITY_CHANGES_EVERY_S if source.priority else CHANGES_EVERY_S
    return start + timedelta(seconds=(number - ENTRIES - 1) * every)


def _dice(source: Source, number: int) -> random.Random:
    return random.Random(source.number * 1_000_003 + number)  # noqa: S311 - no secret


def _story(source: Source, number: int, at: datetime) -> Story:
    dice = _dice(source, number)
    country = dice.choice(COUNTRIES)
    if dice.random() < 0.1:
        title = f"{dice.choice(CRISES)} reported in {country}, authorities say"
        summary = f"Officials in {country} are watching the situation, report {number}."
    else:
        topic = dice.choice(TOPICS)
        title = f"{country}: council {number % 97} debates {topic} in session {number}"
        summary = f"The {dice.choice(('morning', 'evening'))} session on {topic} went on. " * 3
    return Story(f"s{source.number}-{number}", title, at, summary)


def _quake(source: Source, number: int, at: datetime) -> Quake:
    dice = _dice(source, number)
    return Quake(
        f"n{source.number}-{number}",
        round(dice.uniform(2.0, 4.6), 1),
        at,
        place=f"{dice.randrange(5, 90)} km W of Station {number}, {dice.choice(COUNTRIES)}",
        lat=round(dice.uniform(-60, 60), 3),
        lon=round(dice.uniform(-179, 179), 3),
    )


def _marked_quake(mark: int, at: datetime) -> Quake:
    """A great earthquake in a place of its own, in our neighbourhood."""
    return Quake(
        f"mark-{mark}",
        7.2,
        at - timedelta(seconds=30),
        place=f"{10 + mark} km N of {token(mark)} Town, {NEAR[mark % len(NEAR)]}",
        lat=-85 + 17.0 * (mark % 11),
        lon=-175 + 29.0 * (mark % 12),
    )


def _cap(source: Source, number: int, at: datetime) -> str:
    dice = _dice(source, number)
    country = dice.choice(COUNTRIES)
    return cap(
        f"c{source.number}-{number}",
        at,
        event=dice.choice(CAP_EVENTS),
        headline=f"Advisory {number} of station {source.number} in {country}",
        severity="Minor",
        area=f"District {number}, {country}",
    )


def _marked_cap(mark: int, at: datetime) -> str:
    country = NEAR[mark % len(NEAR)]
    event = CAP_EVENTS[mark // len(NEAR) % len(CAP_EVENTS)]
    return cap(
        f"mark-{mark}",
        at,
        event=event,
        headline=f"{event} at {token(mark)} in {country}",
        area=f"{token(mark)} Province, {country}",
    )


def _atom(source: Source, stories: list[Story]) -> str:
    entries = "".join(
        f"<entry><id>urn:soak:{each.id}</id><title>{each.title}</title>"
        f"<link href='https://wire.example/{each.id}'/><updated>{each.at.isoformat()}</updated>"
        f"<summary>{each.summary}</summary></entry>"
        for each in stories
    )
    updated = max(each.at for each in stories).isoformat()
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:soak:{source.number}</id><title>{source.name}</title><updated>{updated}</updated>"
        f"{entries}</feed>"
    )


def http_date(at: datetime) -> str:
    """For Last-Modified."""
    return format_datetime(at.astimezone(UTC), usegmt=True)
