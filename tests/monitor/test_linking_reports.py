"""Reports in words join the event that instruments measured, and ministries' advice follows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.incidents.link import advised, choose
from monitor.incidents.subject import Subject
from storage.records import Advice, Figure, ItemValues, Level, Place, Reading, Role, Sketch, Tag

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
SHOCK = NOW - timedelta(hours=5)
MANADO = Place("Manado", "ID", 1.48, 124.85)
SULAWESI = Place("Sulawesi", "ID", -1.8, 120.5)  # the middle of an island, far from the shock


def report(title: str, hazard: str | None, *places: Place, role: Role = Role.SIGNAL) -> Subject:
    """A text whose places and hazard were read from its words."""
    reading = Reading(tags=(Tag("natural", 0.9),), hazard=hazard, countries=("ID",), places=places)
    values = ItemValues(title=title, published_at=NOW)
    return Subject(values, reading, (), role, "news", "Wire", None, NOW)


def advice(country: str, hazard: str | None = None) -> Subject:
    values = ItemValues(title=country, published_at=NOW, advice=Advice(country, "3", "Reconsider"))
    reading = Reading(hazard=hazard, countries=(country,))
    return Subject(values, reading, (), Role.COMMUNICATION, "advice", "Advice", "AU", NOW)


def quake(number: int = 1, *, opened_at: datetime = SHOCK, **more: object) -> Sketch:
    """An incident that a seismic network opened west of Manado."""
    said: dict[str, object] = {
        "hazard": "EQ", "categories": ("natural",), "countries": ("ID",), "lat": 1.44,
        "lon": 124.15, "event_at": opened_at, "last_item_at": NOW - timedelta(hours=1),
        "level": Level.FLASH, "exercise": False, "titles": ("M 7.4 - 77 km W of Manado",),
        "figures": (Figure("magnitude", 7.4),),
    }  # fmt: skip
    return Sketch(id=number, number=f"2026-{number:04d}", opened_at=opened_at, **{**said, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "hazard", "place"),
    [
        ("Gempa kuat guncang wilayah utara", "EQ", SULAWESI),
        ("Empat orang tewas, puluhan rumah rusak", "EQ", MANADO),
        ("Waves kill 11 in coastal villages", "TS", SULAWESI),
        ("แรงงานไทย 2 คนสูญหาย", "TS", MANADO),
    ],
    ids=["quake, island", "quake, town", "tsunami, island", "tsunami, town"],
)
def test_a_report_of_a_shock_or_its_tsunami_joins_the_measured_one(
    title: str, hazard: str, place: Place
) -> None:
    assert choose(report(title, hazard, place), {}, [quake()]).incident_id == 1


def test_a_report_a_day_later_joins_by_a_place_where_it_was_felt() -> None:
    old = quake(opened_at=NOW - timedelta(hours=30))
    near, far = report("Bantuan tiba", "EQ", MANADO), report("Bantuan tiba", "EQ", SULAWESI)
    assert choose(near, {}, [old]).incident_id == 1
    assert choose(far, {}, [old]).opens


def test_a_report_of_another_magnitude_is_another_shock() -> None:
    subject = report("Magnitude 5.1 earthquake", "EQ", SULAWESI)
    other = Subject(
        subject.values,
        Reading(
            tags=subject.reading.tags,
            hazard="EQ",
            countries=("ID",),
            figures=(Figure("magnitude", 5.1),),
        ),
        (), Role.SIGNAL, "news", "Wire", None, NOW,
    )  # fmt: skip
    assert choose(other, {}, [quake()]).opens


def test_changed_advice_follows_the_gravest_recent_incident_of_its_country() -> None:
    graver, lesser = quake(1), quake(2, level=Level.ALERT, hazard=None)
    link = advised(advice("ID"), [lesser, graver])
    assert link is not None
    assert link.incident_id == 1
    assert [why.code for why in link.why] == ["link_advice"]


@pytest.mark.parametrize(
    "sketch",
    [
        quake(level=Level.WATCH),
        quake(countries=("PH",)),
        quake(exercise=True),
        quake(opened_at=NOW - timedelta(days=4)),
    ],
    ids=["not grave", "another country", "a drill", "too long ago"],
)
def test_changed_advice_does_not_follow_what_it_cannot_be_about(sketch: Sketch) -> None:
    assert advised(advice("ID"), [sketch]) is None


def test_advice_that_names_another_hazard_is_about_something_else() -> None:
    assert advised(advice("ID", "EP"), [quake()]) is None
