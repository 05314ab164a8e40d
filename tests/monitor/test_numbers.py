"""Numbers keep who said them and when; conflicting ones stand side by side; copies count once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.review import confirmed_by
from monitor.incidents.numbers import numbers
from storage.records import Figure, Hazard, Item, ItemValues, Reading, Role, Tag
from tests.alerts import policies
from tests.monitor.deeds import NOW


def told(
    minutes: int, publisher: str, title: str, tier: str = "media", **figures: float
) -> tuple[Item, datetime]:
    at = NOW + timedelta(minutes=minutes)
    found = tuple(Figure(kind, value, f"{value:g} {kind}") for kind, value in figures.items())
    item = policies.item(
        publisher=publisher, tier=tier, first_seen_at=at,
        values=ItemValues(title, published_at=at),
        reading=Reading(tags=(Tag("natural", 0.99),), figures=found),
    )  # fmt: skip
    return item, at


def test_each_publisher_stands_with_its_newest_number_and_the_past_is_kept() -> None:
    (dead,) = numbers(
        [
            told(0, "Wire", "Quake kills 20", dead=20),
            told(5, "State TV", "At least 35 dead after strong earthquake in the north", dead=35),
            told(9, "Wire", "Toll of quake rises to 144", dead=144),
        ]
    )
    assert [(each.publisher, each.value) for each in dead.now] == [("Wire", 144), ("State TV", 35)]
    assert [each.value for each in dead.history] == [20, 35, 144]
    assert dead.differ


def test_a_copy_of_a_wire_story_counts_once() -> None:
    story = "Earthquake kills 20 people in northern Myanmar, officials say"
    (dead,) = numbers([told(0, "Wire", story, dead=20), told(5, "Paper", story, dead=20)])
    assert [each.publisher for each in dead.now] == ["Wire"]
    assert not dead.differ


def test_the_same_number_again_is_no_news() -> None:
    (dead,) = numbers(
        [told(0, "Wire", "Quake kills 20", dead=20), told(5, "Wire", "20 dead in quake", dead=20)]
    )
    assert len(dead.history) == 1


def test_a_sources_own_facts_are_numbers_and_people_come_first() -> None:
    quake, at = told(0, "USGS", "M 7.9", tier="official")
    values = ItemValues("M 7.9", hazard=Hazard(type="EQ", magnitude=7.9))
    later = ItemValues("M 7.7", hazard=Hazard(type="EQ", magnitude=7.7))
    found = numbers(
        [
            (replace(quake, values=values), at),
            (replace(quake, values=later), at + timedelta(minutes=20)),
            told(30, "Wire", "12 dead", dead=12),
        ]
    )
    assert [each.kind for each in found] == ["dead", "magnitude"]
    assert [each.value for each in found[1].history] == [7.9, 7.7]
    assert [each.value for each in found[1].now] == [7.7]


def test_ministries_give_no_numbers_and_nothing_confirms_but_authorities() -> None:
    spoken, at = told(0, "MFA", "Condolences for the 20 dead", dead=20)
    agency, _ = told(0, "USGS", "M 7.7", tier="official")
    assert numbers([(replace(spoken, role=Role.COMMUNICATION), at)]) == ()
    assert confirmed_by([spoken, agency]) == ("USGS",)


def test_an_aftershock_stands_apart_from_the_earthquake_and_the_strongest_is_told() -> None:
    def shock(minutes: int, magnitude: float, publisher: str = "Network") -> tuple[Item, datetime]:
        item, at = told(minutes, publisher, f"M {magnitude}, {minutes}", tier="official")
        at_place = NOW + timedelta(minutes=minutes)
        facts = Hazard(type="EQ", magnitude=magnitude, depth_km=10, event_at=at_place)
        return replace(item, id=minutes, values=replace(item.values, hazard=facts)), at

    found = {
        each.kind: each
        for each in numbers([shock(0, 7.4), shock(40, 5.8), shock(70, 5.8), shock(90, 5.3)], NOW)
    }
    assert [each.value for each in found["magnitude"].now] == [7.4]
    assert [each.value for each in found["depth_km"].history] == [10]
    assert [each.value for each in found["aftershock"].now] == [5.8]
    assert [each.value for each in found["aftershock"].history] == [5.8, 5.8, 5.3]
    assert not any(each.differ for each in found.values())


def test_a_smaller_toll_of_hours_before_contradicts_nobody() -> None:
    (dead,) = numbers(
        [
            told(0, "Local", "Quake: 4 dead in the north of the island", dead=4),
            told(300, "Wire", "57 killed as rescue goes on", dead=57),
        ]
    )
    assert [each.value for each in dead.now] == [57, 4]
    assert not dead.differ
