"""Entries that stand in a feed as before are not read again, and nobody can tell the difference."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from monitor.ingest import recall
from monitor.parse import document
from monitor.parse.entry import Document, Hints
from storage.database import Database
from tests.fakes import item
from tests.monitor.ingest.test_polling import FLOOD, START, World

# What the feed publishes: titles, and the words of an entry that is edited later.
POOL = [
    FLOOD, "Minister opens trade fair", "Earthquake of magnitude 6.1 strikes northern Myanmar",
    "Cholera outbreak in Cox's Bazar: 40 cases", "Bus falls into a ravine in Nepal, 14 dead",
    "Airport closed after volcanic ash reaches Bali", "Football: the cup final is drawn",
]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str) -> Iterator[World]:
    made = World(tmp_path, sqlite_url)
    made.known()
    yield made
    made.run(made.program.close)


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """Every document that is parsed from now on."""
    found: list[Document] = []
    parse = document.parse

    def parsed(body: bytes, hints: Hints) -> Document:
        found.append(parse(body, hints))
        return found[-1]

    monkeypatch.setattr(document, "parse", parsed)
    return found


def forget(database: Database) -> None:
    with database.write() as conn:
        conn.execute(text("DELETE FROM feed_trace"))


def all_rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """What the tables of feeds, items and incidents hold, without how long a poll took."""
    queries = {
        "item": "SELECT * FROM item ORDER BY id",
        "item_key": "SELECT * FROM item_key ORDER BY item_id, kind, value",
        "item_revision": "SELECT * FROM item_revision ORDER BY item_id, n",
        "item_category": "SELECT * FROM item_category ORDER BY item_id, category",
        "incident": "SELECT * FROM incident ORDER BY id",
        "incident_item": "SELECT incident_id, item_id FROM incident_item ORDER BY 1, 2",
        "decision": "SELECT incident_id, rule, due_at FROM decision ORDER BY id",
        "poll": "SELECT at, state, detail, entries, new, revised, deferred, lost FROM poll"
        " ORDER BY id",
        "feed": "SELECT state, detail, habit, usual_gap_s, last_news_at, body_digest, due_at"
        " FROM feed ORDER BY id",
    }
    with database.read() as conn:
        return {name: [tuple(row) for row in conn.execute(text(q))] for name, q in queries.items()}


def published(seed: int) -> Iterator[list[dict[str, str]]]:
    """The feed poll after poll: entries come, go, change, move, and stand there twice."""
    dice = Random(seed)  # noqa: S311 - no secret
    entries = {number: item(number, title, START) for number, title in enumerate(POOL)}
    for _ in range(6):
        chosen = dice.sample(sorted(entries), k=dice.randint(2, len(entries)))
        if dice.random() < 0.4:
            changed = dice.choice(chosen)
            title = f"{POOL[changed]}, {dice.randint(2, 99)} injured"
            entries[changed] = item(changed, title, START)
        if dice.random() < 0.2:
            chosen.append(chosen[0])
        shown = [entries[number] for number in chosen]
        if dice.random() < 0.3:  # another story under the identity of one of them
            shown.append({**entries[chosen[0]], "title": "Under the same id", "link": "/other"})
        yield shown


@pytest.mark.parametrize("seed", range(2))
def test_a_feed_of_which_nothing_is_remembered_gives_the_same_database(
    seed: int, tmp_path: Path, sqlite_template: Path, documents: list[Document]
) -> None:
    found = []
    for name in ("with", "without"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(sqlite_template, folder / "monitor.db")
        world = World(folder, f"sqlite:///{folder}/monitor.db")
        world.known()
        for shown in published(seed):
            if name == "without":
                forget(world.database)
            world.news(*shown)
            world.clock.move(timedelta(minutes=10))
        found.append(all_rows(world.database))
        world.run(world.program.close)
    assert found[0] == found[1]
    assert found[0]["item"]
    half = len(documents) // 2
    assert any(each.kept for each in documents[:half])
    assert not any(each.kept for each in documents[half:])


def test_only_what_is_new_is_read_and_all_entries_are_counted(
    world: World, documents: list[Document]
) -> None:
    old = [item(number, title, START) for number, title in enumerate(POOL)]
    world.news(*old)
    world.clock.move(timedelta(minutes=10))
    report = world.news(item(99, "Landslide blocks a road in Nepal", START), *old)
    assert [entry.values.title for entry in documents[-1].entries] == [
        "Landslide blocks a road in Nepal"
    ]
    assert (report.entries, report.new, report.revised, report.dated) == (8, 1, 0, 8)


def test_an_entry_whose_item_was_changed_meanwhile_is_read_again(
    world: World, documents: list[Document]
) -> None:
    old = [item(number, title, START) for number, title in enumerate(POOL)]
    world.news(*old)
    with world.database.write() as conn:
        conn.execute(
            text("UPDATE item SET hash = '2:other' WHERE title = :title"), {"title": FLOOD}
        )
    report = world.news(*old[1:], old[0])
    assert [entry.values.title for entry in documents[-1].entries] == [FLOOD]
    assert report.revised == 1


def test_another_version_of_the_readers_reads_everything_again(
    world: World, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [item(number, title, START) for number, title in enumerate(POOL)]
    world.news(*old)
    monkeypatch.setattr(recall, "_code_key", lambda: "another")
    world.news(*old[1:], old[0])
    assert len(documents[-1].entries) == len(POOL)


def test_a_stale_feed_stays_stale_though_none_of_its_entries_is_read(
    world: World, documents: list[Document]
) -> None:
    old = [item(number, title, START) for number, title in enumerate(POOL)]
    world.news(*old)
    world.clock.move(timedelta(days=40))
    report = world.news(*old[1:], old[0])
    assert (documents[-1].entries, len(documents[-1].kept)) == ((), len(POOL))
    assert (report.state, report.stale, report.entries) == ("stale", True, 7)


def test_a_time_far_ahead_is_believed_once_it_comes_though_its_entry_stays(world: World) -> None:
    ahead = item(1, FLOOD, START + timedelta(days=3))
    world.news(ahead, item(2, POOL[1], START - timedelta(days=60)))
    world.clock.move(timedelta(days=3))
    report = world.news(item(2, POOL[1], START - timedelta(days=60)), ahead)
    assert report.state == "ok"
