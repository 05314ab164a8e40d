"""Edits of the list as officers make them: checked, in one step, kept, and taken back."""

from __future__ import annotations

import email
import email.policy
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts import words
from monitor.config.feedlist import identities, identity, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.errors import ConfigError, MonitorError
from monitor.tuning import byhand, deeds, history, listfile
from monitor.tuning.deeds import Desk
from storage import feeds, outbox, schema
from storage.database import Database

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LIST = """\
# ours
feeds:
  # Thai sources
  - name: One  # first
    url: https://one.example/rss
    kind: news
    country: TH

  - {name: Two, url: "https://two.example/rss", kind: hazard}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "feeds.yaml"
    path.write_text(LIST, encoding="utf-8")
    settings = read_settings(
        {"MONITOR_FEEDS": str(path), "MONITOR_VAR": str(tmp_path), "MONITOR_ALERTS":
         str(ROOT / "alerts.yaml")}
    )  # fmt: skip
    words.load(None)
    database = Database(settings.database_url)
    schema.upgrade(database)
    yield Desk(settings, read_policy(settings.alerts), database, "feed desk", NOW, {})
    database.close()


def _text(desk: Desk) -> str:
    return desk.settings.feeds.read_text(encoding="utf-8")


def _past(desk: Desk) -> list[history.Past]:
    with desk.database.read() as conn:
        return history.listing(conn)


def test_a_change_is_kept_with_who_and_why_and_can_be_taken_back(desk: Desk) -> None:
    deeds.disable(desk, ["One"], reason="sends old news", until=NOW + timedelta(days=7))
    feed = desk.current().named("One")
    assert (feed.enabled, feed.reason) == (False, "sends old news")
    assert feed.read_at(NOW + timedelta(days=7), "UTC")
    assert not feed.read_at(NOW + timedelta(days=6), "UTC")
    (past,) = _past(desk)
    assert (past.who, past.why, past.deed, past.names) == (
        "feed desk", "sends old news", "disable", ("One",),
    )  # fmt: skip
    assert past.before == LIST
    deeds.undo(desk, None)
    assert _text(desk) == LIST
    deeds.undo(desk, None)  # taking back what was taken back
    assert _text(desk) == past.after


def test_enabling_leaves_no_trace_in_the_file(desk: Desk) -> None:
    deeds.disable(desk, ["two"], reason="trial")
    deeds.enable(desk, ["TWO"])
    assert _text(desk) == LIST
    with pytest.raises(MonitorError, match="enabled already"):
        deeds.enable(desk, ["One"])


def test_a_new_feed_is_written_beside_those_of_its_country(desk: Desk) -> None:
    url = "https://three.example/rss"
    deeds.add(desk, {"name": "Three", "url": url, "kind": "news", "country": "TH"})
    assert [feed.name for feed in desk.current().feeds] == ["One", "Three", "Two"]
    assert "    country: TH\n  - name: Three\n" in _text(desk)


def test_what_would_make_a_faulty_list_is_refused_and_nothing_changes(desk: Desk) -> None:
    for values, told in (
        ({"every": "soon"}, r"feeds\.yaml:\d+: every \(feed 'One'\)"),
        ({"url": "https://two.example/rss"}, "taken by the feed in line"),
        ({"coverage": ["Atlantis"]}, "no country code and no region"),
        ({"name": "two"}, "taken"),
    ):
        with pytest.raises(ConfigError, match=told):
            deeds.edit(desk, "One", values)
    with pytest.raises(ConfigError, match="nothing would be watched"):
        deeds.disable(desk, ["One", "Two"], reason="no")
    assert _text(desk) == LIST
    assert _past(desk) == []
    assert [path.name for path in desk.settings.feeds.parent.glob(".feeds*")] == []


def test_a_change_by_hand_in_between_is_told_and_not_overwritten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand = LIST.replace("first", "edited by hand")
    real = listfile.raw_of

    def meanwhile(path: Path) -> bytes:
        if (path.parent / f".{path.name}.seen").exists():
            desk.settings.feeds.write_text(by_hand, encoding="utf-8")
        (path.parent / f".{path.name}.seen").touch()
        return real(path)

    monkeypatch.setattr(listfile, "raw_of", meanwhile)
    with pytest.raises(ConfigError, match="changed by somebody else meanwhile"):
        deeds.remove(desk, ["Two"])
    assert _text(desk) == by_hand
    assert _past(desk) == []


def test_changes_by_hand_stand_in_the_history_and_can_be_undone(desk: Desk) -> None:
    deeds.edit(desk, "One", {"every": "5m"})
    mine = _text(desk)
    desk.settings.feeds.write_text(mine.replace("5m", "7m"), encoding="utf-8")
    kept = deeds.look_at_file(desk)
    assert kept is not None
    assert (kept.who, kept.names) == (history.BY_HAND, ("One",))
    assert deeds.look_at_file(desk) is None
    deeds.undo(desk, None)
    assert _text(desk) == mine
    first = _past(desk)[-1].id
    with pytest.raises(MonitorError, match="followed by"):
        deeds.undo(desk, first)
    deeds.undo(desk, first, and_later=True)
    assert _text(desk) == LIST


def test_an_editor_that_saves_what_it_had_open_is_found_out(desk: Desk) -> None:
    deeds.edit(desk, "One", {"every": "5m"})
    saved = LIST.replace("https://two.example/rss", "https://two.example/new")
    assert [past.names for past in byhand.overtaken(_past(desk), saved)] == [("One",)]
    kept = _text(desk).replace("https://two.example/rss", "https://two.example/new")
    assert byhand.overtaken(_past(desk), kept) == []


def test_two_changes_of_one_feed_are_both_lost_to_a_copy_older_than_both(desk: Desk) -> None:
    deeds.edit(desk, "One", {"every": "5m"})
    deeds.edit(desk, "One", {"every": "7m"})
    _save_by_hand(desk, _text(desk).replace("second", "a remark of somebody"))
    lost = byhand.overtaken(_past(desk), LIST)
    assert [each.deed for each in lost] == ["edit", "edit"]


@pytest.mark.parametrize("first", ["history", "edit", "undo"])
def test_the_owner_is_told_of_an_old_copy_whoever_comes_upon_it_first(
    desk: Desk, first: str
) -> None:
    deeds.edit(desk, "One", {"every": "5m"})
    desk.settings.feeds.write_text(LIST, encoding="utf-8")
    match first:
        case "history":
            deeds.look_at_file(desk)
        case "edit":
            deeds.edit(desk, "Two", {"every": "7m"})
        case _:
            deeds.undo(desk, None)
    assert deeds.look_at_file(desk) is None
    with desk.database.read() as conn:
        (told,) = outbox.recent(conn, 10)
    assert told.recipient == desk.policy.owner
    message = email.message_from_bytes(told.mime, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert "changed: One (feed desk)" in body.get_content()


def _save_by_hand(desk: Desk, text: str) -> None:
    desk.settings.feeds.write_text(text, encoding="utf-8")
    deeds.look_at_file(desk)


def test_a_renamed_feed_and_one_with_a_new_address_keep_their_history(desk: Desk) -> None:
    def follow() -> dict[str, tuple[int, str, str]]:
        with desk.database.write() as conn:
            listed = identities(desk.current().feeds, feeds.states(conn))
            feeds.sync(conn, [identity(key, feed) for key, feed in listed.items()], NOW)
            return {s.name: (s.id, s.key, s.url) for s in feeds.states(conn) if s.listed}

    before = follow()
    deeds.edit(desk, "One", {"name": "Uno", "url": "https://uno.example/rss"})
    assert desk.current().named("Uno").id == "one"
    deeds.edit(desk, "Two", {"url": "https://two.example/new"})
    after = follow()
    assert after["Uno"] == (before["One"][0], "one", "https://uno.example/rss")
    assert after["Two"][0] == before["Two"][0]


def test_a_link_to_the_list_stays_a_link_and_its_rights_stay(desk: Desk, tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    desk.settings.feeds.rename(real)
    real.chmod(0o640)
    desk.settings.feeds.symlink_to(real)
    deeds.edit(desk, "One", {"every": "5m"})
    assert desk.settings.feeds.is_symlink()
    assert "every: 5m" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(desk: Desk) -> None:
    desk.settings.feeds.parent.chmod(0o500)
    try:
        with pytest.raises(ConfigError, match="let the program's account write"):
            deeds.edit(desk, "One", {"every": "5m"})
    finally:
        desk.settings.feeds.parent.chmod(0o700)


def test_until_needs_a_feed_that_is_off(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(LIST.replace("country: TH", "until: 2026-12-01"), encoding="utf-8")
    with pytest.raises(ConfigError, match="the feed is on"):
        read_feedlist(path)


def test_a_change_of_comments_says_that_it_is_about_no_feed(desk: Desk) -> None:
    deeds.edit(desk, "One", {"every": "5m"})
    _save_by_hand(desk, "# a remark of somebody\n" + _text(desk))
    newest = _past(desk)[0]
    assert newest.who == history.BY_HAND
    assert newest.named("en") == "no feed (a comment, or the file's defaults)"
    assert "ไม่มีฟีดใดเปลี่ยน" in newest.named("th")
