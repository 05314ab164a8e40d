"""Two events stay two incidents, however near in time, in kind or in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.incidents.link import choose
from monitor.incidents.places import is_country
from monitor.incidents.subject import Subject
from storage.records import Figure, ItemValues, Level, Place, Reading, Role, Sketch, Tag

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
BANGKOK = Place("Bangkok", "TH", 13.75, 100.5)
HANOI = Place("Hanoi", "VN", 21.02, 105.84)
DA_NANG = Place("Da Nang", "VN", 16.07, 108.22)
YANGON = Place("Yangon", "MM", 16.81, 96.16)
MANDALAY = Place("Mandalay", "MM", 21.97, 96.08)
CHIANG_RAI = Place("Chiang Rai", "TH", 19.91, 99.83)
CHIANG_MAI = Place("Chiang Mai", "TH", 18.79, 98.98)


def report(
    title: str,
    hazard: str | None,
    *places: Place,
    countries: tuple[str, ...] | None = None,
    labels: tuple[str, ...] = ("natural",),
    figures: tuple[Figure, ...] = (),
    flags: tuple[str, ...] = (),
) -> Subject:
    reading = Reading(
        tags=tuple(Tag(label, 0.9) for label in labels),
        hazard=hazard,
        countries=countries
        if countries is not None
        else tuple(dict.fromkeys(p.country for p in places if p.country)),
        places=places,
        figures=figures,
        flags=flags,
    )
    values = ItemValues(title=title, published_at=NOW)
    return Subject(values, reading, (), Role.SIGNAL, "news", "Wire", None, NOW)


def incident(
    title: str,
    hazard: str | None,
    place: Place,
    *,
    category: str = "natural",
    measured: bool = False,
    figures: tuple[Figure, ...] = (),
) -> Sketch:
    return Sketch(
        id=1, number="2026-0001", hazard=hazard, categories=(category,),
        countries=(place.country or "",), lat=place.lat, lon=place.lon,
        event_at=NOW - timedelta(minutes=10) if measured else None,
        opened_at=NOW - timedelta(minutes=10), last_item_at=NOW - timedelta(minutes=5),
        level=Level.ALERT, exercise=False, figures=figures, titles=(title,),
    )  # fmt: skip


QUAKE = incident("M 7.1 - 5 km N of Bangkok", "EQ", BANGKOK, measured=True)
BLAST = incident("Explosion in Bangkok kills 60", "explosion", BANGKOK, category="human_made")


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("Bangkok stock market crash wipes out billions", ()),
        ("Political earthquake in Bangkok as court removes prime minister", ()),
        ("Political earthquake in Bangkok as court removes prime minister", ("human_made",)),
        ("Rally in Bangkok", ("natural",)),
    ],
)
def test_what_only_names_the_town_does_not_join_its_earthquake(
    title: str, labels: tuple[str, ...]
) -> None:
    assert choose(report(title, None, BANGKOK, labels=labels), {}, [QUAKE]).incident_id is None


def test_a_place_in_a_reports_words_is_no_epicentre() -> None:
    link = choose(report("Earthquake felt in Bangkok", "EQ", BANGKOK), {}, [QUAKE])
    assert link.incident_id == 1
    assert link.why[0].code not in ("link_same_quake", "link_aftershock")


@pytest.mark.parametrize("hazard", [None, "transport_accident"])
def test_a_crash_abroad_of_a_plane_from_the_town_is_another_event(hazard: str | None) -> None:
    muan = Place("Muan", "KR", 34.99, 126.48)
    title = "Plane from Bangkok crashes at Muan airport, 179 dead, two Thai nationals aboard"
    for countries in (("KR", "TH"), ("TH", "KR")):
        crash = report(title, hazard, muan, BANGKOK, countries=countries, labels=("human_made",))
        assert choose(crash, {}, [BLAST]).opens


@pytest.mark.parametrize("countries", [("TH",), ()])
def test_a_shooting_is_no_explosion(countries: tuple[str, ...]) -> None:
    title = "Gunman opens fire at Bangkok mall, three dead"
    shot = report(title, "shooting", BANGKOK, countries=countries, labels=("human_made",))
    assert choose(shot, {}, [BLAST]).opens


def test_nearly_the_same_words_join_though_the_hazard_was_read_otherwise() -> None:
    again = report(
        "Explosion in Bangkok kills 60", "transport_accident", BANGKOK, labels=("human_made",)
    )
    assert choose(again, {}, [BLAST]).incident_id == 1


def test_a_country_named_in_passing_joins_only_by_nearly_the_same_words() -> None:
    pattani = report(
        "Explosion at fireworks plant in Malaysia, Thai teams help", "explosion",
        Place("Kedah", "MY", 6.1, 100.4), countries=("MY", "TH"), labels=("human_made",),
    )  # fmt: skip
    assert choose(pattani, {}, [BLAST]).opens


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Flood in Hanoi leaves 3 dead", "FL", HANOI), ("Typhoon hits Da Nang", "TC", DA_NANG)),
        (("Cyclone batters Yangon", "TC", YANGON), ("Cyclone batters Mandalay", "TC", MANDALAY)),
        (("Floods in Chiang Rai", "FL", CHIANG_RAI), ("Floods in Chiang Mai", "FL", CHIANG_MAI)),
        (("Cyclone Hits Yangon", "TC", YANGON), ("Cyclone Hits Mandalay", "TC", MANDALAY)),
    ],
)
def test_events_of_one_kind_at_places_far_apart_are_two(
    first: tuple[str, str, Place], second: tuple[str, str, Place]
) -> None:
    assert choose(report(*second), {}, [incident(*first)]).opens


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Typhoon Yagi lashes Hanoi", "TC", HANOI), ("Typhoon Yagi hits Da Nang", "TC", DA_NANG)),
        (("พายุยางิถล่มฮานอย", "TC", HANOI), ("พายุยางิถล่มดานัง", "TC", DA_NANG)),
        (("Floods in Hanoi and Da Nang", "FL", HANOI), ("Floods in Da Nang", "FL", DA_NANG)),
        (
            ("Floods hit Chiang Rai", "FL", CHIANG_RAI),
            ("Floods hit Thailand", "FL", Place("Thailand", "TH", 15.0, 101.0)),
        ),
    ],
    ids=["one storm", "one storm in Thai", "both places named", "the whole country"],
)
def test_one_event_at_several_places_stays_one(
    first: tuple[str, str, Place], second: tuple[str, str, Place]
) -> None:
    assert choose(report(*second), {}, [incident(*first)]).incident_id == 1


def test_a_toll_that_both_tell_speaks_for_one_event_at_two_places() -> None:
    toll = (Figure("dead", 60),)
    first = incident("Floods kill 60 around Chiang Rai", "FL", CHIANG_RAI, figures=toll)
    again = report("Chiang Mai floods kill 60", "FL", CHIANG_MAI, figures=toll)
    assert choose(again, {}, [first]).incident_id == 1


def test_a_look_back_joins_no_live_warning_and_says_why() -> None:
    phuket = Place("Phuket", "TH", 7.89, 98.4)
    for labels in ((), ("natural",)):
        memory = report(
            "20 years on: survivors remember the tsunami of Phuket", "TS", phuket,
            labels=labels, flags=("retrospective",),
        )  # fmt: skip
        warning = incident("Tsunami warning of Phuket, survivors remember", "TS", phuket)
        link = choose(memory, {}, [warning])
        assert (link.incident_id, link.opens, link.why[0].code) == (None, False, "retrospective")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Laos", "LA"), ("Lao PDR", "LA"), ("ลาว", "LA"), ("Burma", "MM"), ("พม่า", "MM"),
        ("เมียนมา", "MM"), ("Korea", "KR"), ("America", "US"), ("Thailand", "TH"),
        ("ประเทศไทย", "TH"), ("Viet Nam", "VN"), ("Vietnam", "VN"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_other_names(name: str, code: str) -> None:
    assert is_country(name, (code,))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bangkok", "TH"),
        ("เชียงใหม่", "TH"),
        ("Mexico City", "MX"),
        ("Attapeu", "LA"),
        ("Georgia", "US"),
    ],
)
def test_a_town_is_no_country(name: str, code: str) -> None:
    assert not is_country(name, (code,))


def test_a_word_that_names_no_place_joins_nothing() -> None:
    known = incident("Flood in Chiang Rai kills 12", "FL", CHIANG_RAI)
    assert choose(report("Flood", "FL"), {}, [known]).opens
