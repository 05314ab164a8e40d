"""What speaks for one event beside likeness, what never does, and what is only related."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.policy import Policy
from monitor.config.policyfile import read_policy
from monitor.incidents.headline import headline, numbers
from monitor.incidents.outbreaks import diseases_in, same_diseases
from monitor.incidents.stream import Placed, Stream
from monitor.incidents.subject import told_at
from storage.records import Figure, Hazard, Item, ItemValues, Place, Reading, Role, Tag

NOW = datetime(2031, 9, 3, 6, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(ROOT / "alerts.yaml")


class Feed:
    """Puts items into a stream, one after the other."""

    def __init__(self, policy: Policy) -> None:
        self.stream = Stream(policy)
        self.count = 0

    def say(
        self, title: str, hazard: str | None, country: str | None, *places: Place,
        hours: float = 0.0, kind: str = "news", publisher: str = "Wire", label: str = "natural",
        facts: Hazard | None = None, language: str = "en", figures: tuple[Figure, ...] = (),
        events: tuple[tuple[str, str], ...] = (), given: tuple[Place, ...] = (),
    ) -> Placed:  # fmt: skip
        self.count += 1
        at = NOW + timedelta(hours=hours)
        reading = Reading(
            tags=(Tag(label, 0.9),) if label else (),
            hazard=hazard,
            language=language,
            countries=(country,) if country else (),
            places=places,
            figures=figures,
        )
        values = ItemValues(title=title, published_at=at, hazard=facts, places=given)
        role = Role.COMMUNICATION if kind == "ministry" else Role.SIGNAL
        item = Item(
            self.count, 1, publisher, kind, publisher, "official", False, None, role, at, 1,
            values, reading,
        )  # fmt: skip
        return self.stream.take(item, events)


@pytest.fixture
def feed(policy: Policy) -> Feed:
    return Feed(policy)


def shock(magnitude: float, lat: float, lon: float, hours: float = 0.0) -> dict[str, object]:
    facts = Hazard(type="EQ", magnitude=magnitude, event_at=NOW + timedelta(hours=hours))
    place = Place("off the coast", "ID", lat, lon)
    return {"facts": facts, "given": (place,), "kind": "hazard", "hours": hours}


def test_a_cyclone_advisory_joins_no_flood_of_its_country_by_words(feed: Feed) -> None:
    kelantan = Place("Kota Bharu", "MY", 6.13, 102.24)
    flood = feed.say("Flood warning issued for Kota Bharu, Malaysia", "FL", "MY", kelantan,
                     kind="hazard")  # fmt: skip
    storm = feed.say("Cyclone warning issued for Kota Kinabalu, Malaysia", "TC", "MY",
                     Place("Kota Kinabalu", "MY", 6.0, 116.1), kind="hazard", hours=1)  # fmt: skip
    assert storm.opened
    assert storm.incident_id != flood.incident_id


def test_bulletins_from_one_form_are_told_apart_by_their_places(feed: Feed) -> None:
    first = feed.say("Flood warning", "FL", "DE", kind="hazard",
                     given=(Place("Koblenz", "DE", 50.36, 7.59),))  # fmt: skip
    other = feed.say("Flood warning", "FL", "DE", kind="hazard", hours=1,
                     given=(Place("Dresden", "DE", 51.05, 13.74),))  # fmt: skip
    again = feed.say("Flood warning: update", "FL", "DE", kind="hazard", hours=2,
                     given=(Place("Koblenz", "DE", 50.36, 7.59),))  # fmt: skip
    assert (first.opened, other.opened) == (True, True)
    assert again.incident_id == first.incident_id


def test_a_title_without_real_words_matches_nothing(feed: Feed) -> None:
    feed.say("12 – 3/4", "FL", "LA")
    assert feed.say("12 – 3/4", "FL", "LA", hours=40, publisher="Other").opened


def test_an_inland_quake_joins_no_tsunami_warning_far_away(feed: Feed) -> None:
    warning = feed.say("Tsunami warning", "TS", "ID", kind="hazard",
                       given=(Place("coast", "ID", -8.0, 110.0),))  # fmt: skip
    inland = feed.say("M 6.1 - inland", "EQ", "ID", **shock(6.1, -1.5, 120.5, 1))  # type: ignore[arg-type]
    assert inland.incident_id != warning.incident_id


def test_a_tsunami_bulletin_joins_the_quake_that_has_just_shaken_its_coast(feed: Feed) -> None:
    quake = feed.say("M 7.6 - Molucca Sea", "EQ", "ID", **shock(7.6, 1.4, 126.3))  # type: ignore[arg-type]
    waves = feed.say("Tsunami bulletin number 1", "TS", "ID", kind="hazard", hours=0.3,
                     given=(Place("Bitung", "ID", 1.44, 125.19),))  # fmt: skip
    assert waves.incident_id == quake.incident_id


def test_a_graver_aftershock_is_an_incident_of_its_own_and_related(feed: Feed) -> None:
    parent = feed.say("M 5.8 - Flores", "EQ", "ID", **shock(5.8, -8.1, 121.6))  # type: ignore[arg-type]
    small = feed.say("M 5.1 - Flores", "EQ", "ID", **shock(5.1, -8.2, 121.7, 3))  # type: ignore[arg-type]
    assert small.incident_id == parent.incident_id
    grave = shock(5.7, -8.2, 121.65, 5)
    facts = replace(grave["facts"], severity="Extreme", urgency="Immediate",  # type: ignore[type-var]
                    certainty="Observed", alert_level="Red")  # fmt: skip
    own = feed.say("M 5.7 - Flores", "EQ", "ID", **{**grave, "facts": facts})  # type: ignore[arg-type]
    assert own.relates_to == parent.incident_id
    assert own.why[0].code == "aftershock_graver"
    levels = [feed.stream.level_of(each.incident_id or 0) for each in (parent, own)]
    assert levels[0] < levels[1]


def test_an_aftershock_months_later_is_a_quake_of_its_own(feed: Feed) -> None:
    feed.say("M 5.8 - Flores", "EQ", "ID", **shock(5.8, -8.1, 121.6))  # type: ignore[arg-type]
    later = feed.say("M 5.0 - Flores", "EQ", "ID", **shock(5.0, -8.2, 121.7, 24 * 20))  # type: ignore[arg-type]
    assert later.opened


def test_one_storm_is_one_incident_over_borders_and_words(feed: Feed) -> None:
    first = feed.say("Typhoon Kosmara slams into Tacloban", "TC", "PH")
    other = feed.say("Vietnam braces for Typhoon Kosmara", "TC", "VN", hours=30)
    named = feed.say("Kosmara weakens, three dead", None, "VN", hours=40)
    else_ = feed.say("Typhoon Lanfei nears Vietnam", "TC", "VN", hours=41)
    assert first.incident_id == other.incident_id == named.incident_id
    assert else_.opened


def test_an_outbreak_is_one_of_a_disease_in_a_country(feed: Feed) -> None:
    say = {"label": "health", "kind": "health"}
    first = feed.say("Cholera in Angola", "EP", "AO", **say)  # type: ignore[arg-type]
    later = feed.say("Choléra – Angola (mise à jour 4)", "EP", "AO", hours=24 * 40, **say)  # type: ignore[arg-type]
    other = feed.say("Marburg virus disease in Angola", "EP", "AO", hours=24 * 40, **say)  # type: ignore[arg-type]
    assert first.incident_id == later.incident_id
    assert other.opened


def test_tellers_in_two_languages_meet_by_place_hazard_and_number(feed: Feed) -> None:
    hue = Place("Hue", "VN", 16.46, 107.6)
    first = feed.say("Floods in Hue, Vietnam, kill 19", "FL", "VN", hue)
    thai = feed.say("น้ำท่วมเว้ เวียดนาม เสียชีวิต 19 ราย", "FL", "VN", hue, language="th", hours=4)
    assert thai.incident_id == first.incident_id


def test_sub_events_of_a_war_open_their_own_and_are_related(feed: Feed) -> None:
    say = {"label": "human_made"}
    kharkiv, odesa = Place("Kharkiv", "UA", 49.99, 36.23), Place("Odesa", "UA", 46.48, 30.72)
    first = feed.say("Missile hits flats in Kharkiv, Ukraine, nine dead", "strike", "UA", kharkiv,
                     **say)  # type: ignore[arg-type]  # fmt: skip
    other = feed.say("Drones hit grain silo in Odesa, Ukraine", "strike", "UA", odesa, hours=2,
                     **say)  # type: ignore[arg-type]  # fmt: skip
    assert other.opened
    assert other.incident_id != first.incident_id


def test_a_thousand_copies_are_one_incident(feed: Feed) -> None:
    placed = {
        feed.say("Blast at plant in Surat, India, kills 13", "explosion", "IN", label="human_made",
                 hours=number / 100, publisher=f"Copy {number % 7}").incident_id
        for number in range(300)
    }  # fmt: skip
    assert len(placed) == 1


def test_contradictory_chains_and_references_never_seen_end_in_one_stated_result(
    feed: Feed,
) -> None:
    one, two = ("cap", "a,1"), ("cap", "b,1")
    first = feed.say("Gale warning", "VW", "ES", kind="hazard", events=(one,))
    second = feed.say("Snow warning", "SS", "AT", kind="hazard", events=(two,))
    both = feed.say("Update", "VW", "ES", kind="hazard", events=(two, one))
    unseen = feed.say("Update", "HT", "FR", kind="hazard", events=(("cap", "never seen"),))
    assert both.incident_id == second.incident_id  # the first identity that is known decides
    assert first.incident_id != second.incident_id
    assert unseen.opened


def test_an_item_that_says_nothing_opens_nothing(feed: Feed) -> None:
    placed = feed.say("", None, None, label="")
    assert (placed.incident_id, placed.why[0].code) == (None, "no_crisis")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Forty-seven pupils, 1,200 soldiers", {"47", "1200"}),
        ("M 7.1 in 2031, 3 dead", {"7.1"}),
        ("no number", set()),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_forms_of_a_word_are_one_word() -> None:
    assert headline("Killed: miners trapped").words & headline("trap kills miner").words >= {
        "kill", "miner",
    }  # fmt: skip


def test_a_disease_told_more_precisely_is_the_same_disease() -> None:
    assert same_diseases(diseases_in("Bird flu in Vietnam"), diseases_in("H5N1 in Hanoi"))
    assert not same_diseases(diseases_in("H5N1 in Hanoi"), diseases_in("H7N9 in Hanoi"))


@pytest.mark.parametrize("stamp", ["03/09/2031 05:21", "9/3/2031 5:21:00 AM", "2031-09-03T05:21Z"])
def test_the_time_of_day_in_a_notice_is_that_of_the_event(stamp: str) -> None:
    assert told_at(f"Earthquake {stamp}", "", NOW) == NOW.replace(hour=5, minute=21)
