"""An item to its incident, among 20,000 that may take it; and a whole stream replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from monitor.config.policyfile import read_policy
from monitor.incidents.link import choose
from monitor.incidents.stream import Stream
from monitor.incidents.subject import Subject
from monitor.incidents.window import Window
from storage.records import Item, ItemValues, Level, Place, Reading, Role, Sketch, Tag, Trace

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
COUNTRIES = "LA MM KH ID PH JP US FR KE BR IN CN TR MX NG UA PK CD ES VN".split()  # noqa: SIM905
HAZARDS = ("FL", "EQ", "EP", "explosion", "WF", "transport_accident", "attack", "strike", None)
EVENTS = (
    "Floods cut off {place}, {dead} dead and hundreds of homes under water",
    "Blast in {place} kills {dead}, cause is not known",
    "Gunmen attack market in {place}, at least {dead} people killed",
    "Bus plunges into ravine near {place}, {dead} passengers dead",
    "Wildfire near {place} forces thousands from their homes",
    "Cholera spreads in {place}: {dead} deaths in a week",
)
INCIDENTS = 20_000
ROUNDS = 50
REPLAYED = 5_000  # items of a replay, a minute apart; `--replay` changes it
AGAIN = 0.4  # the share of them that go on about an event of the last days


def name(rng: Random) -> str:
    """A place name that no gazetteer has."""
    return "".join(rng.choice(("ka", "lo", "mi", "ra", "ten", "vu", "sha", "dor")) for _ in "abc")


@cache
def window() -> Window:
    """Incidents of two months in twenty countries, as a busy desk has them."""
    rng = Random(1)  # noqa: S311 - the same every time
    return Window(_sketch(number, rng) for number in range(1, INCIDENTS + 1))


def _sketch(number: int, rng: Random) -> Sketch:
    country, hazard = rng.choice(COUNTRIES), rng.choice(HAZARDS)
    place = Place(name(rng).title(), country, rng.uniform(-40, 60), rng.uniform(-120, 140))
    seen = AT - timedelta(minutes=rng.randint(0, 60 * 24 * 3))
    titles = tuple(
        rng.choice(EVENTS).format(place=place.name, dead=rng.randint(2, 90))
        for _ in range(rng.randint(1, 4))
    )
    traces = tuple(
        Trace(title, language="en", at=seen, hazard=hazard, countries=(country,), places=(place,))
        for title in titles
    )
    return Sketch(
        id=number, number=f"2026-{number:04d}", hazard=hazard, categories=("human_made",),
        countries=(country,), lat=place.lat, lon=place.lon, event_at=None, opened_at=seen,
        last_item_at=seen, level=Level.WATCH, exercise=False, figures=(), titles=titles,
        traces=traces,
    )  # fmt: skip


def subjects(count: int) -> Iterator[Subject]:
    """Items of the same kinds, of new events."""
    rng = Random(2)  # noqa: S311 - the same every time
    for _ in range(count):
        country, hazard = rng.choice(COUNTRIES), rng.choice(HAZARDS)
        place = Place(name(rng).title(), country, rng.uniform(-40, 60), rng.uniform(-120, 140))
        title = rng.choice(EVENTS).format(place=place.name, dead=rng.randint(2, 90))
        reading = Reading(
            tags=(Tag("human_made", 0.9),), hazard=hazard, language="en", countries=(country,),
            places=(place,),
        )  # fmt: skip
        values = ItemValues(title=title, published_at=AT)
        yield Subject(values, reading, (), Role.SIGNAL, "news", "Wire", None, AT)


def against_many() -> tuple[int, str]:
    """Each item against 20,000 open and recent incidents."""
    known = window()
    for subject in subjects(ROUNDS):
        choose(subject, {}, known)
    return ROUNDS, "item"


def items(count: int) -> Iterator[Item]:
    """A stream of `count` items, a minute apart: new events and what follows of them."""
    rng = Random(3)  # noqa: S311 - the same every time
    going_on: deque[Item] = deque(maxlen=2_000)
    for number, subject in enumerate(subjects(count), 1):
        now = AT + timedelta(minutes=number)
        values, reading = replace(subject.values, published_at=now), subject.reading
        if going_on and rng.random() < AGAIN:
            before = rng.choice(going_on)
            values, reading = replace(before.values, published_at=now), before.reading
            values = replace(values, title=f"{values.title}, officials in {rng.randint(2, 9)} say")
        item = Item(
            id=number, feed_id=1, feed_name="Wire", feed_kind="news",
            publisher=f"Wire {rng.randint(1, 40)}", tier="wire", home=False, speaker=None,
            role=Role.SIGNAL, first_seen_at=now, revision=1, values=values, reading=reading,
        )  # fmt: skip
        if number % 3 == 0:
            going_on.append(item)
        yield item


def replay() -> tuple[int, str]:
    """A stream from its start: linked, worked out, aged and forgotten."""
    stream = Stream(read_policy(ROOT / "alerts.yaml"))
    for item in items(REPLAYED):
        stream.take(item, ())
    return REPLAYED, "item"
