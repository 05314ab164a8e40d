"""What the desk teaches: its corrections first, official sources of one purpose sparingly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from classifiers.lessons import Lesson
from monitor.config.feedlist import FeedList, read_feedlist
from monitor.teaching import MOST_OF_A_PUBLISHER, gather, has_one_purpose
from storage import corrections, itemreads, items
from storage.database import Database
from storage.records import Hazard, ItemValues, Judgement, Reading, Tag
from tests.storage import make

NOW = datetime(2026, 3, 28, 6, 20, tzinfo=UTC)
NATURAL = Reading(tags=(Tag("natural", 1.0),))
FEEDS = """
defaults: {every: 15m, timezone: UTC}
feeds:
  - {name: QUAKES, url: "https://q.example/", kind: hazard, publisher: Seismic office,
     tier: official, category: natural}
  - {name: OUTBREAKS, url: "https://o.example/", kind: health, publisher: Health office,
     tier: un, category: health}
  - {name: PAPER, url: "https://p.example/", kind: news, publisher: Paper, tier: media}
"""


@pytest.fixture
def conn(sqlite_url: str) -> Iterator[Connection]:
    """A write transaction; nothing here depends on the kind of database."""
    database = Database(sqlite_url)
    with database.write() as connection:
        yield connection
    database.close()


@pytest.fixture
def feedlist(tmp_path: Path) -> FeedList:
    """Three feeds, two of them of one purpose."""
    path = tmp_path / "feeds.yaml"
    path.write_text(FEEDS, encoding="utf-8")
    return read_feedlist(path, {})


def put(conn: Connection, feed: str, title: str, reading: Reading, **more: object) -> int:
    values = ItemValues(title, **more)  # type: ignore[arg-type]
    return make.item_id(
        conn, make.feed_id(conn, NOW, feed), NOW, title=title, values=values, reading=reading
    )


def quake(conn: Connection, title: str, reading: Reading = NATURAL, **more: object) -> int:
    return put(conn, "quakes", title, reading, hazard=Hazard(type="EQ"), **more)


def test_feeds_of_one_purpose_are_official_and_named_so(feedlist: FeedList) -> None:
    assert [each.name for each in feedlist.feeds if has_one_purpose(each)] == [
        "QUAKES", "OUTBREAKS",
    ]  # fmt: skip
    assert not has_one_purpose(replace(feedlist.feeds[0], kind="advice"))
    assert not has_one_purpose(replace(feedlist.feeds[0], tier="media"))
    assert not has_one_purpose(replace(feedlist.feeds[0], category=None))


def test_an_official_item_teaches_the_category_of_its_feed_and_is_marked(
    conn: Connection, feedlist: FeedList
) -> None:
    quake(conn, "M 5.1, north of Fiji", summary="Depth 10 km")
    put(conn, "outbreaks", "Cholera, Malawi", Reading(tags=(Tag("health", 0.2, sure=False),)))
    put(conn, "paper", "Flood", NATURAL, hazard=Hazard(type="FL"))
    taught = gather(conn, feedlist)
    assert taught.lessons == (
        Lesson(("natural",), "M 5.1, north of Fiji", "Depth 10 km", "official"),
        Lesson(("health",), "Cholera, Malawi", "", "official"),
    )
    assert "1 of Seismic office" in taught.as_text()


@pytest.mark.parametrize(
    ("values", "reading"),
    [
        ({"status": "exercise"}, NATURAL),
        ({"message_type": "cancel"}, NATURAL),
        ({"flags": ("withdrawn",)}, NATURAL),
        ({}, replace(NATURAL, flags=("all_clear",))),
        ({}, replace(NATURAL, flags=("retrospective",))),
    ],
    ids=["drill", "cancelled", "withdrawn", "all clear", "looks back"],
)
def test_drills_ends_and_memories_teach_nothing(
    conn: Connection, feedlist: FeedList, values: dict[str, object], reading: Reading
) -> None:
    quake(conn, "M 5.1", reading, **values)
    assert gather(conn, feedlist).lessons == ()


def test_an_item_whose_own_fields_name_no_such_hazard_teaches_nothing(
    conn: Connection, feedlist: FeedList
) -> None:
    put(conn, "quakes", "New web page of the seismic office", Reading())
    put(conn, "outbreaks", "Director meets donors", Reading())
    put(conn, "outbreaks", "Fire in the archive", NATURAL, hazard=Hazard(type="FR"))
    assert gather(conn, feedlist).lessons == ()


def test_headlines_that_differ_in_numbers_count_once_and_a_publisher_has_a_cap(
    conn: Connection, feedlist: FeedList
) -> None:
    for number in range(5):
        quake(conn, f"M {number}.{number} near Fiji")
    assert len(gather(conn, feedlist).lessons) == 1
    for number in range(MOST_OF_A_PUBLISHER + 5):
        quake(conn, f"M 5 near {chr(0x4E00 + number)}")
    assert len(gather(conn, feedlist).lessons) == MOST_OF_A_PUBLISHER


def test_an_officers_word_on_an_official_item_teaches_instead(
    conn: Connection, feedlist: FeedList
) -> None:
    item = itemreads.get(conn, quake(conn, "M 5.1 test message"))
    corrections.add(conn, item, Judgement(), corrected=("categories",), by="desk", note="", at=NOW)
    items.reread(conn, item.id, item.reading)
    taught = gather(conn, feedlist)
    assert taught.lessons == (Lesson((), "M 5.1 test message", "", "correction"),)
    assert taught.counts == (("officers' corrections", 1),)


def test_an_empty_store_teaches_nothing(conn: Connection, feedlist: FeedList) -> None:
    assert "nothing yet" in gather(conn, feedlist).as_text()
