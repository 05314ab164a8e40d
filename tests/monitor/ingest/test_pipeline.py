"""A warning's country: from the source's fields, else from its area's words, else its feed's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classifiers.keywords import KeywordClassifier
from classifiers.reader import Reader
from classifiers.tags import Text
from monitor.config.feedlist import Feed
from monitor.incidents.alone import alone
from monitor.ingest.pipeline import (
    Arrival,
    Candidate,
    Prepared,
    prepare,
)
from monitor.ingest.reading import reading_of, settled_by_source
from monitor.parse.entry import Document, Entry, Key
from storage.database import Database
from storage.records import FeedState, Hazard, Incident, ItemValues, Place

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def feed_of(
    *,
    coverage: tuple[str, ...] = ("world",),
    country: str | None = None,
    kind: str = "hazard",
    tier: str = "official",
) -> Feed:
    return Feed(
        name="Warnings", url="https://warnings.example/cap", kind=kind, publisher="Centre", id="w",
        alternates=(), country=country, organisation=None, coverage=coverage, language=None,
        tier=tier, category=None, priority=False, every=timedelta(minutes=15), timezone="UTC",
        encoding=None, format="auto", selector=None, headers={}, home=False, enabled=True,
        tags=(), note="", line=0,
    )  # fmt: skip


def warned(url: str, feed: Feed, *places: Place, title: str = "Tsunami Warning") -> Incident:
    """The incident that a warning of this feed makes."""
    values = ItemValues(title=title, published_at=NOW, places=places, hazard=Hazard(type="TS"))
    candidate = prepared(url, feed, values)
    assert candidate.reading is not None
    return alone(candidate.entry.values, candidate.reading, now=NOW)


def prepared(url: str, feed: Feed, values: ItemValues) -> Candidate:
    """An entry of these values, as it is when it was read and is not stored yet."""
    (candidate,) = all_prepared(url, feed, values).candidates
    return candidate


def all_prepared(url: str, feed: Feed, *many: ItemValues) -> Prepared:
    """A document of entries of these values, read and not stored yet."""
    entries = tuple(Entry(values, (Key("id", str(n)),)) for n, values in enumerate(many))
    state = FeedState(
        id=1, key="f", name=feed.name, url=feed.url, kind=feed.kind, publisher=feed.publisher,
        country=feed.country, tier=feed.tier, home=False, priority=False, listed=True,
    )  # fmt: skip
    database = Database(url)
    with database.read() as conn:
        arrival = Arrival(feed, state, Document("cap", entries))
        (found,) = prepare(conn, [arrival], Reader(KeywordClassifier()), now=NOW)
    database.close()
    return found


def test_the_words_of_an_area_name_the_country(sqlite_url: str) -> None:
    incident = warned(sqlite_url, feed_of(), Place("Phuket, Thailand", None, 7.9, 98.4))
    assert incident.countries == ("TH",)


def test_the_sources_own_country_stands_alone(sqlite_url: str) -> None:
    incident = warned(sqlite_url, feed_of(coverage=("TH",)), Place("Bali, Thailand road", "ID"))
    assert incident.countries == ("ID",)


@pytest.mark.parametrize(
    ("feed", "countries"),
    [
        (feed_of(coverage=("TH",)), ("TH",)),
        (feed_of(coverage=("TH", "MM")), ()),
        (feed_of(coverage=("world",), country="US"), ()),
        (feed_of(coverage=("asean",)), ()),
        (feed_of(coverage=("TH",), tier="media"), ()),
        (feed_of(coverage=("TH",), kind="news"), ()),
    ],
    ids=["one", "two", "sits somewhere", "a region", "no authority", "news"],
)
def test_an_authority_of_one_country_warns_that_country(
    sqlite_url: str, feed: Feed, countries: tuple[str, ...]
) -> None:
    assert warned(sqlite_url, feed, Place("northern coast")).countries == countries


def settled(title: str, *flags: str) -> tuple[str, ...]:
    values = ItemValues(title=title, flags=flags, hazard=Hazard(type="TS", event="Tsunami"))
    tags = Reader(KeywordClassifier()).classify([Text(title, "", "en", "hazard")])[0]
    return settled_by_source(reading_of(tags), values, feed_of()).flags


def test_what_a_source_says_of_a_drill_or_an_end_holds_whatever_its_text_reads_like() -> None:
    title = "Tsunami warning for the coast of Phuket"
    assert settled(title) == ()
    assert settled(title, "drill_words") == ("exercise",)
    assert settled(title, "all_clear") == ("all_clear",)
    assert settled("Drill: tsunami warning", "drill_words").count("exercise") == 1


def test_a_time_in_the_future_is_kept_as_written_and_sorts_nothing(sqlite_url: str) -> None:
    far, soon = NOW + timedelta(days=400), NOW + timedelta(minutes=5)
    for published, updated, kept in (
        (far, NOW, (None, NOW)), (NOW, far, (NOW, None)), (soon, None, (soon, None)),
        (far, far, (None, None)),
    ):  # fmt: skip
        values = ItemValues(title="Flood", published_at=published, updated_at=updated)
        found = prepared(sqlite_url, feed_of(), values).entry.values
        assert (found.published_at, found.updated_at) == kept
        raw = f"date_raw: {far.isoformat()}"
        assert (raw in found.flags and "date_future" in found.flags) is (
            far in (published, updated)
        )


def test_of_a_flood_what_the_source_calls_a_hazard_is_taken_first(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.ingest.pipeline.MOST_NEW", 3)
    news = [
        ItemValues(title=f"News {hours}", published_at=NOW - timedelta(hours=hours))
        for hours in range(4)
    ]
    warning = ItemValues(
        title="Tsunami", published_at=NOW - timedelta(hours=9), hazard=Hazard(type="TS")
    )
    found = all_prepared(sqlite_url, feed_of(), *news, warning)
    titles = [each.entry.values.title for each in found.candidates]
    assert (titles, found.deferred) == (["Tsunami", "News 1", "News 0"], 2)
