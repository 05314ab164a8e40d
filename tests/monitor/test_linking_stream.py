"""Our own stream through the program: as good as it was, and the same after every restart."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from alerts.policy import Policy
from classifiers.keywords import KeywordClassifier
from classifiers.reader import Reader
from monitor.config.policyfile import read_policy
from monitor.incidents.stream import Identity, Placed, Stream
from monitor.incidents.take import Taker
from monitor.linking import linked, read_lines
from storage import feeds, incidents, itemreads, items
from storage.database import Database
from storage.items import NewItem
from storage.records import FeedIdentity, Incident, Item

ROOT = Path(__file__).resolve().parents[2]
STREAM = ROOT / "tests" / "data" / "linking" / "stream.jsonl"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(ROOT / "alerts.yaml")


@pytest.fixture
def sqlite_urls(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """Addresses of fresh databases."""

    def made() -> Iterator[str]:
        for number in range(2):
            path = tmp_path / f"{number}.db"
            shutil.copyfile(sqlite_template, path)
            yield f"sqlite:///{path}"

    return made()


class Caught:
    """Takes the items as they come, in the place of a stream."""

    def __init__(self) -> None:
        self.items: list[tuple[Item, tuple[Identity, ...]]] = []

    def take(self, item: Item, events: Sequence[Identity]) -> Placed:
        self.items.append((item, tuple(events)))
        return Placed(None, False, ())


@cache
def rows() -> tuple[dict[str, object], ...]:
    return tuple(json.loads(line) for line in STREAM.read_text(encoding="utf-8").splitlines())


@cache
def of_slice(name: str, count: int) -> tuple[tuple[Item, tuple[Identity, ...]], ...]:
    """The first items of a slice with what keyword rules read from them."""
    chosen = [json.dumps(row) for row in rows() if row["slice"] == name][:count]
    caught = Caught()
    classifier = Reader(KeywordClassifier(), home_country="TH")
    list(linked(read_lines(chosen, pytest.fail), classifier, caught))  # type: ignore[arg-type]
    return tuple(caught.items)


def publishers(name: str) -> list[FeedIdentity]:
    """The feeds of the slice's first items."""
    return [
        FeedIdentity(
            each.publisher, each.publisher, f"https://{number}.example/", each.feed_kind,
            each.publisher, country=each.speaker, tier=each.tier,
        )
        for number, each in enumerate({i.publisher: i for i, _ in of_slice(name, 70)}.values())
    ]  # fmt: skip


def stored(database: Database, policy: Policy, name: str, *, restarts: bool) -> list[int | None]:
    """The incidents that the writer gives the items, each in a transaction of its own."""
    placed: list[int | None] = []
    held = database
    with database.write() as conn:
        ids = feeds.sync(conn, publishers(name), of_slice(name, 70)[0][0].first_seen_at)
        known = {key: state.id for key, state in ids.items()}
    for item, events in of_slice(name, 70):
        now = item.first_seen_at
        if restarts:
            held = Database(database.secret_url)
        with held.write() as conn:
            new = NewItem(known[item.publisher], item.role, item.values, "hash", [], item.reading)
            (item_id,) = items.insert_many(conn, [new], now=now)
            taker = Taker(conn, policy, now=now)
            placed.append(taker.take_new(itemreads.get(conn, item_id), events, hold=None))
            taker.finish()
        if restarts:
            held.close()
    return placed


def incidents_of(database: Database) -> list[Incident]:
    """All incidents with everything that is known of them."""
    with database.read() as conn:
        return sorted(incidents.listing(conn, limit=1000), key=lambda each: each.id)


@pytest.mark.parametrize("name", ["wire", "warnings"])
def test_a_program_killed_after_every_item_gives_the_same_incidents_and_facts(
    sqlite_urls: Iterator[str], policy: Policy, name: str
) -> None:
    whole = Database(next(sqlite_urls))
    straight = stored(whole, policy, name, restarts=False)
    kept = incidents_of(whole)
    whole.close()
    broken = Database(next(sqlite_urls))
    again = stored(broken, policy, name, restarts=True)
    read_again = incidents_of(broken)
    broken.close()
    assert straight == again
    assert kept == read_again
    assert len(set(straight)) > 5


@pytest.mark.parametrize("name", ["wire", "warnings", "bulletins"])
def test_the_stream_in_memory_and_the_program_agree(
    sqlite_urls: Iterator[str], policy: Policy, name: str
) -> None:
    database = Database(next(sqlite_urls))
    kept = stored(database, policy, name, restarts=False)
    database.close()
    stream = Stream(policy)
    placed = [stream.take(item, events).incident_id for item, events in of_slice(name, 70)]
    assert kept == placed


def test_our_own_stream_is_as_large_and_mixed_as_it_is_said_to_be() -> None:
    real = {row["incident"] for row in rows() if row["incident"] is not None}
    assert len(rows()) >= 1500
    assert len(real) >= 100
    assert len({row["language"] for row in rows()}) >= 10


def test_bulletins_and_outbreak_notices_are_told_apart_without_a_fault(policy: Policy) -> None:
    for name in ("bulletins", "networks", "warnings"):
        stream = Stream(policy)
        gold = [row["incident"] for row in rows() if row["slice"] == name]
        placed = [stream.take(*each).incident_id for each in of_slice(name, 10_000)]
        found: dict[object, set[object]] = {}
        for real, incident in zip(gold, placed, strict=True):
            found.setdefault(incident, set()).add(real)
        assert all(len(each) == 1 for each in found.values()), name


def test_memory_is_bounded_by_the_window(policy: Policy) -> None:
    stream = Stream(policy)
    for item, events in of_slice("health", 10_000):
        stream.take(item, events)
    assert 0 < len(stream) < 43


def test_a_line_that_is_no_item_is_told_with_its_number() -> None:
    wrong: list[str] = []
    given = ['{"id": 1, "title": "x"}', "[1]", "", '{"id": 3, "title": "y"}', "{"]
    assert [line.id for line in read_lines(given, wrong.append)] == [1, 3], "it goes on"
    assert [each.partition(" is")[0] for each in wrong] == ["line 2", "line 5"]
