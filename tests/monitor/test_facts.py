"""What is known of an incident follows from its items, and from nothing said in passing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.review import confirmation
from monitor.incidents.facts import derive
from storage.records import (
    Figure,
    Hazard,
    Incident,
    Item,
    ItemValues,
    Level,
    Place,
    Reading,
    Role,
    Tag,
)

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
EMPTY = Incident(
    id=1, year=2026, seq=1, title_en="", title_th="", hazard=None, categories=(),
    level=Level.INFO, level_why=(), state="open", exercise=False, countries=(), place=None,
    lat=None, lon=None, event_at=None, opened_at=NOW, last_item_at=NOW, level_since=NOW,
    figures=(), nationals="unknown", confirmation="one_source", sources=1, independent_sources=1,
)  # fmt: skip


def item(
    number: int,
    publisher: str = "Network",
    *,
    tier: str = "official",
    hazard: Hazard | None = None,
    message_type: str = "alert",
    places: tuple[Place, ...] = (),
    home: bool = False,
    reading: Reading | None = None,
) -> Item:
    """An item that came `number` minutes after the first."""
    return Item(
        id=number, feed_id=1, feed_name=publisher, feed_kind="hazard", publisher=publisher,
        tier=tier, home=home, speaker=None,
        role=Role.COMMUNICATION if home else Role.SIGNAL,
        first_seen_at=NOW + timedelta(minutes=number), revision=1,
        values=ItemValues(
            title=f"report {number}", hazard=hazard, message_type=message_type, places=places
        ),
        reading=reading or Reading(),
    )  # fmt: skip


def shock(minutes: int, magnitude: float, depth_km: float = 20.0) -> Hazard:
    return Hazard(
        type="EQ",
        magnitude=magnitude,
        depth_km=depth_km,
        event_at=NOW + timedelta(minutes=minutes),
    )


WARNING = Hazard(type="TS", severity="Extreme", urgency="Immediate", certainty="Observed")
ENDED = Hazard(type="TS", severity="Minor", urgency="Past", certainty="Observed")


def test_an_aftershock_does_not_shrink_the_earthquake_it_follows() -> None:
    found = derive(EMPTY, [item(1, hazard=shock(0, 7.4, 31)), item(80, hazard=shock(75, 5.8))])
    figures = {figure.kind: figure.value for figure in found.figures}
    assert figures == {"magnitude": 7.4, "depth_km": 31.0}
    assert found.event_at == NOW


def test_a_revised_reading_of_the_same_shock_counts() -> None:
    found = derive(
        EMPTY,
        [item(1, "Other", tier="un", hazard=shock(0, 7.1)), item(9, hazard=shock(-1, 7.4))],
    )
    assert {f.value for f in found.figures if f.kind == "magnitude"} == {7.4}


def test_the_end_of_a_tsunami_warning_does_not_end_the_earthquake() -> None:
    found = derive(
        EMPTY,
        [
            item(1, "Seismic network", hazard=shock(0, 7.4)),
            item(5, "Tsunami centre", hazard=WARNING),
            item(170, "Tsunami centre", hazard=ENDED, message_type="cancel"),
        ],
    )
    assert not found.lifted
    assert found.hazard == "EQ"


def test_a_cancelled_warning_gives_no_severity_any_more() -> None:
    members = [
        item(1, "Seismic network", hazard=shock(0, 7.4)),
        item(5, "Tsunami centre", hazard=WARNING),
    ]
    assert derive(EMPTY, members).severity == "Extreme"
    ended = item(170, "Tsunami centre", hazard=ENDED, message_type="cancel")
    assert derive(EMPTY, [*members, ended]).severity is None


def test_one_publishers_cancellation_leaves_the_warning_of_another_in_force() -> None:
    found = derive(
        EMPTY,
        [
            item(1, "Centre A", hazard=WARNING),
            item(2, "Centre B", hazard=WARNING),
            item(9, "Centre A", hazard=ENDED, message_type="cancel"),
        ],
    )
    assert found.severity == "Extreme"


def test_a_warning_alone_is_lifted_when_it_is_cancelled() -> None:
    found = derive(
        EMPTY,
        [
            item(1, "Tsunami centre", hazard=WARNING),
            item(9, "Tsunami centre", hazard=ENDED, message_type="cancel"),
        ],
    )
    assert found.lifted


def test_an_all_clear_in_words_ends_what_was_only_told_in_words() -> None:
    blast = Reading(hazard="explosion")
    clear = Reading(hazard="FR", flags=("all_clear",))
    assert derive(EMPTY, [item(1, reading=blast), item(9, reading=clear)]).lifted


def test_a_country_named_in_passing_is_none_of_the_events_countries() -> None:
    there, passing = Reading(countries=("ID",)), Reading(countries=("ID", "TH"))
    many = [item(n, reading=there) for n in range(1, 4)]
    assert derive(EMPTY, [*many, item(9, reading=passing)]).countries == ("ID",)
    assert derive(EMPTY, [item(1, reading=there), item(2, reading=passing)]).countries == (
        "ID",
        "TH",
    )


def test_a_country_that_a_source_gives_as_the_place_stays() -> None:
    there = [item(n, reading=Reading(countries=("ID",))) for n in range(1, 7)]
    given = item(9, places=(Place("coast", "PH", 7.0, 126.0),))
    assert derive(EMPTY, [*there, given]).countries == ("ID", "PH")


@pytest.mark.parametrize(
    ("home", "kind", "status"),
    [
        (True, "nationals_status", "reported"),
        (True, "consular", "harmed"),  # a hotline notice tells of nobody's safety
        (False, "nationals_status", "harmed"),  # others do not speak for our people
    ],
)
def test_only_the_home_ministrys_own_report_makes_less_of_harmed_nationals(
    home: bool, kind: str, status: str
) -> None:
    missing = item(1, reading=Reading(nationals="harmed"))
    later = item(9, home=home, reading=Reading(nationals="reported", communication=kind))
    assert derive(EMPTY, [missing, later]).nationals == status


def test_a_toll_is_still_the_largest_that_is_told() -> None:
    low = Reading(figures=(Figure("dead", 11, "11 dead"),))
    high = Reading(figures=(Figure("dead", 34, "34 dead"),))
    found = derive(EMPTY, [item(1, "Wire", reading=high), item(2, "Paper", reading=low)])
    assert [(f.kind, f.value) for f in found.figures] == [("dead", 34)]


SURE = (Tag("natural", 0.9),)


def test_a_look_back_and_what_is_surely_no_crisis_add_nothing() -> None:
    warning = item(1, "Centre", hazard=WARNING, places=(Place("Phuket", "TH", 7.9, 98.4),))
    memory = Reading(
        tags=SURE, hazard="TS", countries=("ID",), flags=("retrospective",),
        figures=(Figure("dead", 5400, "killed 5,400"),),
    )  # fmt: skip
    vague = Reading(countries=("LK",), figures=(Figure("dead", 900, "900 dead"),))
    alone = derive(EMPTY, [warning])
    found = derive(
        EMPTY,
        [
            warning,
            item(5, "Paper", tier="media", reading=memory),
            item(6, "Blog", tier="other", reading=vague),
        ],
    )
    assert found.figures == ()
    assert found.countries == ("TH",)
    assert (found.sources, found.independent_sources) == (1, 1)
    assert found.confirmation == alone.confirmation


def toll(dead: int) -> Reading:
    return Reading(tags=SURE, figures=(Figure("dead", dead, f"{dead} dead"),))


def test_tolls_that_differ_by_more_than_half_are_disputed_and_the_larger_counts() -> None:
    for first, second in ((60, 20), (20, 60)):
        found = derive(
            EMPTY,
            [item(1, "Wire", reading=toll(first)), item(9, "Paper", reading=toll(second))],
        )
        assert found.confirmation == "disputed"
        assert [figure.value for figure in found.figures] == [60]


@pytest.mark.parametrize(
    "members",
    [
        [item(1, "Wire", reading=toll(50)), item(9, "Paper", reading=toll(60))],
        [item(1, "Wire", reading=toll(20)), item(9, "Wire", reading=toll(60))],
        [item(1, "Wire", reading=toll(20)), item(300, "Paper", reading=toll(60))],
    ],
    ids=["nearly the same", "one publisher", "grown since"],
)
def test_tolls_that_are_near_or_have_grown_are_not_disputed(members: list[Item]) -> None:
    assert derive(EMPTY, members).confirmation == "official"


def test_many_items_of_one_publisher_count_once() -> None:
    often = [
        item(n, "Paper", tier="media", reading=Reading(tags=SURE, hazard="FL", countries=("LA",)))
        for n in range(1, 9)
    ]
    others = [
        item(n, f"Wire {n}", tier="wire",
             reading=Reading(tags=SURE, hazard="dam_failure", countries=("KH",)))
        for n in (20, 21)
    ]  # fmt: skip
    found = derive(EMPTY, [*often, *others])
    assert found.hazard == "dam_failure"
    assert found.countries == ("KH", "LA")
    assert found.sources == 3


def test_the_middle_of_a_country_is_no_place_of_an_event() -> None:
    laos = Place("Laos", "LA", 18.2, 103.9)
    attapeu = Place("Attapeu", "LA", 15.0, 106.8)
    whole = derive(EMPTY, [item(1, reading=Reading(tags=SURE, places=(laos,)))])
    assert (whole.place, whole.lat) == (None, None)
    found = derive(EMPTY, [item(1, reading=Reading(tags=SURE, places=(laos, attapeu)))])
    assert (found.place, found.lat) == ("Attapeu", 15.0)


def test_a_category_that_one_report_of_many_gives_in_passing_is_not_the_events() -> None:
    def report(number: int, *labels: str, corrected: tuple[str, ...] = ()) -> Item:
        reading = Reading(tags=tuple(Tag(each, 0.9) for each in labels), corrected=corrected)
        return item(number, f"Paper {number}", tier="media", reading=reading)

    quake = [report(number, "natural") for number in range(1, 3)]
    both = ("natural", "human_made")
    assert derive(EMPTY, [*quake, report(4, *both)]).categories == both, "one of three"
    many = [report(number, "natural") for number in range(1, 7)]
    assert derive(EMPTY, [*many, report(8, *both)]).categories == ("natural",)
    judged = report(9, "human_made", corrected=("categories",))
    assert derive(EMPTY, [*many, judged]).categories == both


def test_what_only_a_side_of_a_conflict_says_is_claimed_until_another_source_tells_it() -> None:
    def report(number: int, *claimed: str) -> Item:
        reading = Reading(tags=(Tag("human_made", 0.9),), hazard="strike", claimed_by=claimed)
        return item(number, f"Paper {number}", tier="media", reading=reading)

    alone = [report(1, "the army says"), report(2, "rebels claim")]
    found = derive(EMPTY, alone)
    assert found.confirmation == "claimed"
    said = confirmation(found, alone, "en")
    assert said.startswith("claimed by a party (")
    assert "the army says" in said
    assert derive(EMPTY, [*alone, report(3)]).confirmation == "several"
