"""Watching the watchers: one mail when a priority feed is dark, one when it is back."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts import feedhealth, words
from alerts.policy import Policy
from monitor.config.policyfile import read_policy
from monitor.config.settings import Settings, read_settings
from monitor.ingest.habits import SETTLED, Habit, Seen, language_of, learn, read, write
from monitor.watching import watch_feeds
from storage import feeds, outbox, schema
from storage.database import Database
from storage.records import FeedIdentity, FeedState, Notice, PollResult

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass(slots=True)
class Desk:
    """A database with feeds whose polls a test makes up."""

    database: Database
    policy: Policy
    settings: Settings

    def poll(self, key: str, at: datetime, state: str = "ok", detail: str = "") -> None:
        with self.database.write() as conn:
            known = feeds.state_of(conn, key)
            assert known is not None
            result = PollResult(state, at, detail, ok=state == "ok", new=0)
            feeds.record_poll(conn, known.id, result, due_at=at + timedelta(minutes=5))

    def watch(self, at: datetime) -> int:
        with self.database.write() as conn:
            return watch_feeds(conn, self.policy, self.settings, now=at)

    def mails(self) -> list[Notice]:
        with self.database.read() as conn:
            return outbox.between(conn, START - timedelta(days=1), START + timedelta(days=9))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    words.load(None)
    settings = read_settings(
        {"MONITOR_VAR": str(tmp_path), "MONITOR_BASE_URL": "https://desk.example"}
    )
    database = Database(settings.database_url)
    schema.upgrade(database)
    with database.write() as conn:
        feeds.sync(
            conn,
            [
                FeedIdentity(key, key.upper(), f"https://{key}.example/", "hazard", key, priority=p)
                for key, p in (("one", True), ("two", True), ("calm", False))
            ],
            START,
        )
    yield Desk(database, read_policy(ROOT / "alerts.yaml"), settings)
    database.close()


def _body(notice: Notice) -> str:
    message = email.message_from_bytes(notice.mime, policy=email.policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_dark_priority_feed_is_mailed_once_and_once_when_it_is_back(desk: Desk) -> None:
    for key in ("one", "two", "calm"):
        desk.poll(key, START)
    for minutes in range(5, 120, 5):
        at = START + timedelta(minutes=minutes)
        desk.poll("one", at, "timed_out", "30 s passed")
        desk.poll("calm", at, "refused")
        made = desk.watch(at)
        assert made == (2 if minutes == 30 else 0), minutes  # owner and duty officer
    told = desk.mails()
    assert {each.recipient for each in told} == {
        "duty-desk-admin@ministry.example", "duty-primary@ministry.example",
    }  # fmt: skip
    assert all("ONE" in each.subject and each.kind == "feed" for each in told)
    body = _body(told[0])
    for word in ("timed_out",):
        assert words.say(f"feed.{word}.remedy", "th") in body
        assert words.say(f"feed.{word}.remedy", "en") in body
    assert "CALM" not in body
    back = START + timedelta(minutes=121)
    desk.poll("one", back)
    assert desk.watch(back) == 2
    assert desk.watch(back + timedelta(minutes=1)) == 0
    assert "readable again" in _body(desk.mails()[-1])


def test_feeds_that_go_dark_together_are_one_mail(desk: Desk) -> None:
    for key in ("one", "two"):
        desk.poll(key, START)
        desk.poll(key, START + timedelta(minutes=10), "cannot_resolve")
    assert desk.watch(START + timedelta(minutes=31)) == 2
    assert all("ONE" in _body(each) and "TWO" in _body(each) for each in desk.mails())


def test_a_feed_that_never_worked_and_a_short_failure(desk: Desk) -> None:
    desk.poll("one", START, "refused")
    assert desk.watch(START + timedelta(minutes=1)) == 0
    desk.poll("two", START)
    desk.poll("two", START + timedelta(minutes=5), "refused")
    desk.watch(START + timedelta(minutes=6))
    desk.poll("two", START + timedelta(minutes=10))
    desk.watch(START + timedelta(minutes=11))
    assert desk.watch(START + timedelta(minutes=31)) == 2
    assert all("TWO" not in _body(each) for each in desk.mails())


def test_a_feed_taken_off_the_list_is_not_called_back(desk: Desk) -> None:
    desk.poll("one", START, "refused")
    assert desk.watch(START) == 0
    assert desk.watch(START + timedelta(minutes=31)) == 2
    with desk.database.write() as conn:
        feeds.sync(conn, [], START + timedelta(minutes=40))
    assert desk.watch(START + timedelta(minutes=41)) == 0


def _taught(documents: int = 6) -> Habit:
    habit, odd, _ = learn(None, Seen("rss", 40, 40, "th"))
    for _ in range(documents):
        habit, odd, _ = learn(habit, Seen("rss", 40, 40, "th"))
        assert odd is None
    return habit


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Seen("rss", 3, 3, None), "drop"),
        (Seen("rss", 40, 0, None), "undated"),
        (Seen("rss", 40, 40, "ja"), "language_changed"),
        (Seen("atom", 40, 40, "th"), "format_changed"),
        (Seen("rss", 30, 20, None), None),
        (Seen("rss", 0, 0, None), "drop"),
    ],
)
def test_what_is_odd_about_a_document_has_a_name(seen: Seen, state: str | None) -> None:
    _, odd, detail = learn(_taught(), seen)
    assert odd == state
    if state:
        assert feedhealth.odd("ok", detail) == state


def test_what_stays_odd_becomes_the_habit() -> None:
    habit = _taught()
    for number in range(1, SETTLED + 1):
        habit, odd, _ = learn(habit, Seen("atom", 5, 5, "en"))
        assert (odd is None) == (number == SETTLED)
    assert habit.format == "atom"
    assert learn(habit, Seen("atom", 5, 5, "en"))[1] is None


def test_a_flood_does_not_make_the_usual_size_odd() -> None:
    habit, odd, _ = learn(_taught(), Seen("rss", 2500, 2500, "th"))
    assert odd is None
    assert learn(habit, Seen("rss", 40, 40, "th"))[1] is None


def test_a_habit_is_kept_as_text_and_an_unknown_text_is_none() -> None:
    habit = _taught()
    assert read(write(habit)) == habit
    assert read(None) is read("") is read("{") is read("{}") is None
    assert language_of(["th"] * 4) is None
    assert language_of(["th", "en"] * 3) is None
    assert language_of(["th"] * 5) == "th"


def test_a_certificate_that_ends_soon_is_a_warning_of_a_working_feed() -> None:
    state = FeedState(
        1, "a", "A", "https://a.example", "news", "A", None, "media", False, False, True,
        state="ok", certificate_ends=START + timedelta(days=10),
    )  # fmt: skip
    assert feedhealth.shown_state(state, START) == "tls_soon"
    assert feedhealth.shown_state(state, START - timedelta(days=10)) == "ok"
