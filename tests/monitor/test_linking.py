"""One event is one incident, and two events are two; every link says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.incidents.geometry import aftershock_radius_km, distance_km
from monitor.incidents.link import choose
from monitor.incidents.subject import Subject
from storage.records import (
    Advice,
    Figure,
    Hazard,
    ItemValues,
    Level,
    Place,
    Reading,
    Role,
    Sketch,
    Tag,
)

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def subject(title: str = "", **more: object) -> Subject:
    hazard = more.pop("hazard", None)
    labels = more.pop("labels", ("natural",))
    figures = more.pop("figures", ())
    countries = more.pop("countries", ())
    flags = more.pop("flags", ())
    values = ItemValues(
        title=title,
        published_at=more.pop("at", NOW),
        hazard=more.pop("facts", None),
        places=more.pop("places", ()),
        advice=more.pop("advice", None),
        status=more.pop("status", "actual"),
    )
    reading = Reading(
        tags=tuple(Tag(label, 0.9) for label in labels),
        hazard=hazard,
        countries=countries,
        figures=figures,
        flags=flags,
    )
    return Subject(
        values=values,
        reading=reading,
        events=tuple(more.pop("events", ())),
        role=more.pop("role", Role.SIGNAL),
        feed_kind="news",
        publisher=str(more.pop("publisher", "Wire")),
        speaker=None,
        seen_at=NOW,
    )


def sketch(number: int = 1, **more: object) -> Sketch:
    base: dict[str, object] = {
        "id": number,
        "number": f"2026-{number:04d}",
        "hazard": "FL",
        "categories": ("natural",),
        "countries": ("LA",),
        "lat": None,
        "lon": None,
        "event_at": None,
        "opened_at": NOW - timedelta(hours=5),
        "last_item_at": NOW - timedelta(hours=2),
        "level": Level.WATCH,
        "exercise": False,
        "figures": (),
        "titles": ("Floods cut road in northern Laos, hundreds evacuated",),
    }
    return Sketch(**{**base, **more})  # type: ignore[arg-type]


def quake(magnitude: float, lat: float, lon: float, at: datetime, **more: object) -> Subject:
    facts = Hazard(type="EQ", magnitude=magnitude, event_at=at)
    place = Place(None, "ID", lat, lon)
    return subject(f"M {magnitude} earthquake", facts=facts, places=(place,), at=at, **more)


QUAKE = {
    "hazard": "EQ",
    "countries": ("ID",),
    "lat": -8.5,
    "lon": 120.0,
    "event_at": NOW - timedelta(hours=3),
    "opened_at": NOW - timedelta(hours=3),
    "figures": (Figure("magnitude", 7.4),),
    "titles": ("M 7.4 - Flores region",),
}


def test_a_known_identity_decides_whatever_the_words_say() -> None:
    link = choose(
        subject("Something quite different", events=[("gdacs", "EQ1")]),
        {("gdacs", "EQ1"): 7},
        [sketch(1)],
    )
    assert (link.incident_id, link.why[0].code) == (7, "link_identity")


def test_alike_words_about_one_country_join() -> None:
    link = choose(
        subject(
            "Hundreds evacuated as floods cut road in northern Laos",
            hazard="FL",
            countries=("LA",),
        ),
        {},
        [sketch(1)],
    )
    assert (link.incident_id, link.why[0].code) == (1, "link_words_place")


def test_the_same_hazard_in_another_country_opens_its_own() -> None:
    link = choose(
        subject("Floods cut road in northern Vietnam, hundreds evacuated", hazard="FL",
                countries=("VN",)),
        {},
        [sketch(1)],
    )  # fmt: skip
    assert link.incident_id is None
    assert link.opens


def test_two_stations_telling_of_one_shock_join_it() -> None:
    again = quake(7.1, -8.7, 120.2, NOW - timedelta(hours=3, minutes=-1))
    assert choose(again, {}, [sketch(1, **QUAKE)]).why[0].code == "link_same_quake"


def test_a_smaller_shock_nearby_is_an_aftershock() -> None:
    after = quake(5.3, -8.6, 120.3, NOW)
    link = choose(after, {}, [sketch(1, **QUAKE)])
    assert (link.incident_id, link.why[0].code) == (1, "link_aftershock")


def test_a_shock_far_away_is_an_event_of_its_own() -> None:
    link = choose(quake(5.3, 3.0, 97.0, NOW), {}, [sketch(1, **QUAKE)])
    assert (link.incident_id, link.opens) == (None, True)


def test_a_larger_shock_is_no_aftershock() -> None:
    link = choose(quake(7.9, -8.6, 120.3, NOW), {}, [sketch(1, **QUAKE)])
    assert link.incident_id is None


def test_a_drill_never_joins_a_real_incident() -> None:
    drill = quake(7.4, -8.5, 120.0, NOW - timedelta(hours=3), status="exercise")
    assert choose(drill, {}, [sketch(1, **QUAKE)]).incident_id is None


def test_an_old_incident_takes_no_more_items() -> None:
    old = sketch(1, last_item_at=NOW - timedelta(days=20), opened_at=NOW - timedelta(days=21))
    link = choose(
        subject("Floods cut road in northern Laos, hundreds evacuated", hazard="FL",
                countries=("LA",)),
        {},
        [old],
    )  # fmt: skip
    assert link.opens


def test_a_ministry_speaking_of_the_country_and_its_crisis_joins() -> None:
    said = subject(
        "Embassy asks nationals in affected provinces to register",
        hazard="FL",
        countries=("LA",),
        role=Role.COMMUNICATION,
    )
    assert choose(said, {}, [sketch(1)]).why[0].code == "link_communication"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"labels": ()}, "no_crisis"),
        ({"flags": ("all_clear",)}, "nothing_to_lift"),
        ({"flags": ("retrospective",)}, "retrospective"),
        ({"advice": Advice("LA", "3", "Reconsider")}, "advice_unchanged"),
    ],
)
def test_what_is_no_event_opens_nothing_and_says_why(more: dict[str, object], code: str) -> None:
    link = choose(subject("Words", countries=("PE",), **more), {}, [])
    assert (link.incident_id, link.opens, link.why[0].code) == (None, False, code)


def test_among_equals_the_oldest_incident_wins() -> None:
    item = subject("Floods cut road in northern Laos, hundreds evacuated", hazard="FL",
                   countries=("LA",))  # fmt: skip
    assert choose(item, {}, [sketch(9), sketch(4)]).incident_id == 4


def test_distances_are_those_of_the_globe() -> None:
    assert distance_km(13.75, 100.5, 18.79, 98.99) == pytest.approx(583, abs=5)
    assert aftershock_radius_km(5.0) == 30
    assert aftershock_radius_km(7.7) == pytest.approx(253, rel=0.05)


def test_one_text_at_points_far_apart_tells_of_two_shocks() -> None:
    first = sketch(1, **{**QUAKE, "titles": ("M 7.2 earthquake",), "event_at": NOW})
    assert choose(quake(7.2, 3.0, 97.0, NOW), {}, [first]).opens
