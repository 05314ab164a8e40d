"""The feed list is edited while the program runs: bad files, good ones, by hand and by program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alerts import words
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.config.together import read_together
from monitor.reload import reload_configuration, tell_of_fault
from monitor.tuning import deeds, history
from monitor.tuning.deeds import Desk
from storage import feeds, outbox
from storage.records import Notice
from tests.fakes import FakeFetcher, FakeMailer
from tests.monitor.test_watching import START

ROOT = Path(__file__).parents[2]
GOOD = """\
feeds:
  - {name: A, url: "https://a.example/rss", kind: news}
  - {name: B, url: "https://b.example/rss", kind: news}
"""
BOMB = "\n".join(
    [
        "a: &a [x, x]",
        *(f"{n}: &{n} [*{m}, *{m}]" for m, n in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
)

BAD: list[tuple[str, bytes, str]] = [
    (
        "half written",
        b'feeds:\n  - {name: A, url: "https://a.ex',
        "a quotation mark that opens on this line is not closed",
    ),
    ("a tab", b"feeds:\n\t- name: A\n", "a tab stands at the start"),
    ("a key twice", b"feeds:\n  - name: A\n    name: B\n", "stands twice"),
    ("a name twice", GOOD.replace("name: B", "name: A").encode(), "is taken by the feed in line 2"),
    ("an unknown key", GOOD.replace("kind", "knid", 1).encode(), "unknown key"),
    ("an alias bomb", BOMB.encode(), "alias"),
    ("an object", b"feeds: !!python/object/apply:os.system [ls]\n", "a tag"),
    ("a NUL byte", GOOD.encode() + b"\0", "NUL byte"),
    ("not UTF-8", b"feeds: [] # \xff\n", "not UTF-8"),
    ("emptied", b"", "the file is empty"),
    ("too large", GOOD.encode() + b"#" * (2 * 2**20), "larger than 2 MiB"),
    ("nothing enabled", b"feeds: []\n", "no feed is enabled"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "feeds.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def _program(place: Path) -> Program:
    settings = read_settings(
        {"MONITOR_FEEDS": str(place / "feeds.yaml"), "MONITOR_VAR": str(place), "MONITOR_ALERTS":
         str(ROOT / "alerts.yaml")}
    )  # fmt: skip
    words.load(None)
    from storage import schema
    from storage.database import Database

    database = Database(settings.database_url)
    schema.upgrade(database)
    return build(
        settings, read_feedlist(settings.feeds), read_policy(settings.alerts), database=database,
        clock=SetClock(START), fetcher=FakeFetcher(), mailer=FakeMailer(),
    )  # fmt: skip


async def _names(program: Program) -> set[str]:
    states = await program.writer.read(feeds.states)
    return {state.name for state in states if state.listed}


async def _mails(program: Program) -> list[Notice]:
    return await program.writer.read(
        lambda conn: outbox.between(conn, START.replace(year=2020), START.replace(year=2030))
    )


def _moved(program: Program, seconds: float) -> None:
    from datetime import timedelta

    clock = program.clock
    assert isinstance(clock, SetClock)
    clock.move(timedelta(seconds=seconds))


@pytest.mark.asyncio
@pytest.mark.parametrize(("raw", "told"), [each[1:] for each in BAD], ids=[each[0] for each in BAD])
async def test_a_bad_file_leaves_the_last_good_one_in_force_and_is_told(
    place: Path, raw: bytes, told: str
) -> None:
    program = _program(place)
    path = place / "feeds.yaml"
    try:
        await program.take_over_list()
        assert await reload_configuration(program)
        path.write_bytes(raw)
        assert not await reload_configuration(program)
        assert told in str(program.config_fault)
        assert str(path) in str(program.config_fault)
        assert await _names(program) == {"A", "B"}
        await tell_of_fault(program)
        assert await _mails(program) == []  # a save half done is no reason for a mail
        for seconds in (21, 30, 600):
            _moved(program, seconds)
            await tell_of_fault(program)
        (mail,) = await _mails(program)
        assert mail.recipient == "duty-desk-admin@ministry.example"
        path.write_text(GOOD.replace("name: B", "name: C"), encoding="utf-8")
        assert await reload_configuration(program)
        await tell_of_fault(program)
        await tell_of_fault(program)
        assert program.config_fault is None
        assert await _names(program) == {"A", "C"}
        assert len(await _mails(program)) == 2
    finally:
        await program.close()


@pytest.mark.asyncio
async def test_a_byte_order_mark_is_no_fault_and_an_edit_by_program_keeps_it(place: Path) -> None:
    program, path = _program(place), place / "feeds.yaml"
    try:
        await program.take_over_list()
        path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("name: B", "name: C").encode())
        assert await reload_configuration(program)
        assert await _names(program) == {"A", "C"}
        desk = Desk(program.settings, program.policy, program.database, "feed desk", START, {})
        deeds.disable(desk, ["C"], reason="trial")
        assert path.read_bytes().startswith(b"\xef\xbb\xbffeeds:")
        assert await reload_configuration(program)
        assert await _names(program) == {"A"}
    finally:
        await program.close()


@pytest.mark.asyncio
async def test_a_list_that_has_not_changed_is_not_read_again(place: Path) -> None:
    program = _program(place)
    try:
        listed, feeds_file, alerts = program.feedlist, place / "feeds.yaml", ROOT / "alerts.yaml"
        assert read_together(feeds_file, alerts, {}, listed)[0] is listed
        feeds_file.write_text(GOOD + "# a remark\n", encoding="utf-8")
        assert read_together(feeds_file, alerts, {}, listed)[0] is not listed
    finally:
        await program.close()


@pytest.mark.asyncio
@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
async def test_a_file_that_may_not_be_read_is_told(place: Path) -> None:
    program = _program(place)
    try:
        (place / "feeds.yaml").chmod(0)
        assert not await reload_configuration(program)
        assert "cannot be read" in str(program.config_fault)
    finally:
        await program.close()


@pytest.mark.asyncio
async def test_an_edit_by_program_is_in_force_and_one_by_hand_is_kept_in_the_history(
    place: Path,
) -> None:
    program = _program(place)
    try:
        await program.take_over_list()
        desk = Desk(program.settings, program.policy, program.database, "feed desk", START, {})
        deeds.disable(desk, ["B"], reason="trial")
        assert await reload_configuration(program)
        assert await _names(program) == {"A"}
        path = place / "feeds.yaml"
        path.write_text(GOOD.replace("a.example", "other.example"), encoding="utf-8")
        assert await reload_configuration(program)
        past = await program.writer.read(history.listing)
        assert [each.who for each in past] == [history.BY_HAND, "feed desk"]
        (mail,) = await _mails(program)  # the save took back that B was off
        assert "undone" in mail.subject or "ทับ" in mail.subject
        assert await _names(program) == {"A", "B"}
    finally:
        await program.close()


@pytest.mark.asyncio
async def test_a_byte_order_mark_changes_nothing_and_an_edit_by_program_is_in_force(
    place: Path,
) -> None:
    program = _program(place)
    try:
        await program.take_over_list()
        path = place / "feeds.yaml"
        path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("name: B", "name: C").encode())
        assert await reload_configuration(program)
        assert program.config_fault is None
        assert await _names(program) == {"A", "C"}
        desk = Desk(program.settings, program.policy, program.database, "feed desk", START, {})
        deeds.disable(desk, ["C"], reason="trial")
        assert await reload_configuration(program)
        assert await _names(program) == {"A"}
        assert path.read_text(encoding="utf-8").count("\ufeff") <= 1
    finally:
        await program.close()


@pytest.mark.asyncio
async def test_a_feed_that_is_off_until_a_time_is_read_again_from_then_on(place: Path) -> None:
    text = GOOD.replace("kind: news}\n", "kind: news, enabled: false, until: 2026-11-24}\n", 1)
    (place / "feeds.yaml").write_text(text, encoding="utf-8")
    program = _program(place)
    try:
        await program.take_over_list()
        assert await _names(program) == {"B"}
        await program.follow_list()
        assert await _names(program) == {"B"}
        _moved(program, 11 * 3600)  # midnight of 24 November in Bangkok is 17:00 UTC of the 23rd
        await program.follow_list()
        assert await _names(program) == {"A", "B"}
    finally:
        await program.close()


def test_five_thousand_feeds_are_one_list(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    row = '  - {{name: F{n}, url: "https://f{n}.example/rss", kind: news}}\n'
    text = "".join(row.format(n=number) for number in range(5000))
    path.write_text(f"feeds:\n{text}", encoding="utf-8")
    assert len(read_feedlist(path).feeds) == 5000
