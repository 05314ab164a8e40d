"""What linking keeps is bounded by the incidents at hand, and its short ways lead to the same."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest

from monitor.config.policyfile import read_policy
from monitor.incidents import outbreaks
from monitor.incidents.evidence import Evidence
from monitor.incidents.hazards import LONGEST
from monitor.incidents.headline import headline
from monitor.incidents.link import choose
from monitor.incidents.stream import Stream
from monitor.incidents.subject import Subject
from monitor.incidents.weights import BIAS, WEIGHTS, weigh
from monitor.incidents.window import RECENT, SPARE_AGES, Window
from storage.records import (
    Figure,
    Hazard,
    Item,
    ItemValues,
    Level,
    Place,
    Reading,
    Role,
    Sketch,
    Tag,
    Trace,
)

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
SYLLABLES = ("ka", "lo", "mi", "ra", "ten", "vu", "sha", "dor")


def sketch(number: int, rng: Random, at: datetime, titles: int = 1) -> Sketch:
    name = "".join(rng.choice(SYLLABLES) for _ in "abc").title()
    place = Place(name, "LA", rng.uniform(14, 20), rng.uniform(100, 106))
    told = tuple(f"Floods cut off {name}, {rng.randint(5, 90)} dead" for _ in range(titles))
    return Sketch(
        id=number, number=f"2026-{number:04d}", hazard="FL", categories=("natural",),
        countries=("LA",), lat=place.lat, lon=place.lon, event_at=None, opened_at=at,
        last_item_at=at, level=Level.WATCH, exercise=False, figures=(), titles=told,
        traces=tuple(Trace(title, language="en", at=at, places=(place,)) for title in told),
    )  # fmt: skip


def subject(title: str, at: datetime) -> Subject:
    reading = Reading(
        tags=(Tag("natural", 0.9),), hazard="FL", language="en", countries=("LA",),
        places=(Place("Pakse", "LA", 15.1, 105.8),),
    )  # fmt: skip
    values = ItemValues(title=title, published_at=at)
    return Subject(values, reading, (), Role.SIGNAL, "news", "Wire", None, at)


def item(number: int, at: datetime) -> Item:
    of = subject(f"Floods cut off village {number}, {number % 80} dead", at)
    return Item(
        id=number, feed_id=1, feed_name="Wire", feed_kind="news", publisher="Wire", tier="wire",
        home=False, speaker=None, role=Role.SIGNAL, first_seen_at=at, revision=1,
        values=of.values, reading=of.reading,
    )  # fmt: skip


def test_incidents_that_age_out_of_the_window_leave_nothing_behind() -> None:
    rng = Random(1)  # noqa: S311 - the same every time
    window = Window()
    most = 0
    for number in range(1, 1001):
        now = AT + timedelta(hours=12 * number)
        window.drop_before(now - LONGEST)
        window.put(sketch(number, rng, now))
        choose(subject("Floods in Pakse kill 12", now), {}, window)
        most = max(most, window.sizes()["incidents"])
    assert most <= 2 * LONGEST / timedelta(days=1) + 1
    sizes = window.sizes()
    assert sizes["told"] <= sizes["incidents"]
    assert sizes["leading"] == sizes["leads"]
    assert sizes["of_lands"] == sizes["lands"] == 2 * sizes["incidents"]
    window.drop_before(AT + timedelta(days=5000))
    assert not any(window.sizes().values())


def test_an_incident_that_changes_all_the_time_is_kept_once() -> None:
    rng = Random(1)  # noqa: S311 - the same every time
    window = Window()
    one = sketch(1, rng, AT)
    for minute in range(5000):
        window.put(replace(one, last_item_at=AT + timedelta(minutes=minute)))
    assert window.sizes()["ages"] <= SPARE_AGES + 3
    assert window.sizes()["of_lands"] == 2
    assert window.drop_before(AT + timedelta(minutes=4999)) == []
    assert window.drop_before(AT + timedelta(minutes=5000)) == [1]


def test_what_an_incident_tells_is_made_ready_once_until_it_changes() -> None:
    rng = Random(1)  # noqa: S311 - the same every time
    window = Window(sketch(number, rng, AT) for number in range(1, 6001))
    first = [window.told(each) for each in window]
    again = [window.told(each) for each in window]
    assert all(one is other for one, other in zip(first, again, strict=True))
    window.put(replace(sketch(7, rng, AT), titles=("Dam breaks near Attapeu",)))
    assert window.told(window.get(7) or sketch(7, rng, AT)).heard == "dam breaks near attapeu"
    assert window.held_by("attapeu") == 1
    assert window.held_by("flood") == 5999


def test_of_a_countrys_incidents_the_newest_are_looked_at_in_any_order_of_coming() -> None:
    rng = Random(2)  # noqa: S311 - the same every time
    made = [
        replace(
            sketch(number, rng, AT + timedelta(hours=rng.randint(0, 40))),
            titles=(), traces=(), lat=None, lon=None,
        )
        for number in range(1, 120)
    ]  # fmt: skip
    window = Window(made)
    moved = [replace(each, last_item_at=each.last_item_at - timedelta(hours=9)) for each in made]
    for each in rng.sample(moved, 60):
        window.put(each)
    newest = sorted(window, key=lambda each: (each.last_item_at, each.id))[-RECENT:]
    found = window.candidates(subject("?", AT))
    assert {each.id for each in found} == {each.id for each in newest}


def test_a_stream_forgets_an_incident_and_takes_an_identity_of_it_again() -> None:
    stream = Stream(read_policy(ROOT / "alerts.yaml"))
    known = (("gdacs", "FL100"),)
    first = stream.take(item(1, AT), known)
    later = AT + LONGEST + timedelta(days=9)
    stream.take(item(2, later), ())
    again = stream.take(item(3, later), known)
    assert first.incident_id == again.incident_id == 1
    assert not again.opened
    assert stream.take(item(4, later), known).incident_id == 1


def test_diseases_are_found_as_if_their_names_were_looked_for_everywhere() -> None:
    finder = outbreaks._finder()
    text = files("monitor.incidents").joinpath("diseases.toml").read_text(encoding="utf-8")
    names = [name.replace("*", "") for each in tomllib.loads(text).values() for name in each]
    rng = Random(3)  # noqa: S311 - the same every time
    for name in names:
        other, between = rng.choice(names), rng.choice(["", " ", "-", "_", ", ", "ที่"])
        for said in (f"In {name}{between}{other}", f"โรค{name}ใน{other} {name}", f"{name}x{other}"):
            folded = said.casefold()
            plain = [(hit.start(), hit.lastindex) for hit in finder.pattern.finditer(folded)]
            beginnings = outbreaks._beginnings(folded, finder)
            assert {start for start, _ in plain} <= set(beginnings), said
            found = {finder.keys[index - 1] for _, index in plain if index}
            found -= {each for each in found if any(o.startswith(f"{each}.") for o in found)}
            if len(found) > 1:
                found -= {"haemorrhagic", "covid"}
            assert outbreaks.diseases_in(said) == found, said


@pytest.mark.parametrize("seed", range(3))
def test_signs_are_weighed_by_their_names(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - the same every time
    signs = Evidence(**{name: rng.random() for name in Evidence._fields})
    told = sum(getattr(signs, name) * weight for name, weight in WEIGHTS.items())
    assert weigh(signs) == pytest.approx(BIAS + told)


def test_headlines_share_their_words() -> None:
    one, other = headline("Floods cut off Pakse"), headline("Pakse cut off by floods")
    shared = {id(word) for word in one.words} & {id(word) for word in other.words}
    assert len(shared) == len(one.words & other.words) > 2


def shock(number: int, rng: Random) -> tuple[Subject, Sketch]:
    """A network's notice, and an incident of it a while ago."""
    lat, lon = round(rng.uniform(-20, 20), 2), round(rng.uniform(170, 190), 2)
    place = Place(f"{number} km", None, lat, lon if lon <= 180 else lon - 360)
    size = round(rng.uniform(4.0, 8.8), 1)
    at = AT - timedelta(minutes=rng.randint(0, 60 * 24 * 20))
    values = ItemValues(
        title=f"M {size}", published_at=at, places=(place,),
        hazard=Hazard("EQ", event_at=at, magnitude=size),
    )  # fmt: skip
    notice = Subject(values, Reading(hazard="EQ"), (), Role.SIGNAL, "hazard", "Net", None, AT)
    figures = (Figure("magnitude", size, "", "Net", at),)
    held = Sketch(
        id=number, number=f"2026-{number:04d}", hazard="EQ", categories=("natural",), countries=(),
        lat=place.lat, lon=place.lon, event_at=at, opened_at=at, last_item_at=at,
        level=Level.WATCH, exercise=False, figures=figures, titles=(values.title,),
        traces=(Trace(values.title, at=at, feed_kind="hazard", hazard="EQ", places=(place,)),),
    )  # fmt: skip
    return notice, held


def test_a_notice_finds_its_shock_as_if_all_shocks_were_looked_at() -> None:
    rng = Random(4)  # noqa: S311 - the same every time
    known = [shock(number, rng)[1] for number in range(1, 401)]
    window = Window(known)
    joined = set()
    for number in range(401, 601):
        notice, _ = shock(number, rng)
        one, other = choose(notice, {}, window), choose(notice, {}, known)
        assert one == other
        joined.add(one.incident_id)
        assert len(window.candidates(notice)) < len(known)
    assert len(joined) > 10
    window.drop_before(AT + timedelta(days=1))
    assert not any(window.sizes().values())
