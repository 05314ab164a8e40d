"""A day with dead, silent, flooding, moved and changed feeds: what the officer was told, and when.

The whole program with a clock that is set; `python -m tests.flow.test_feed_day` prints the diary.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts import feedhealth, words
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.fetch.result import Fetched
from storage import feeds, schema
from storage.database import Database
from tests.fakes import FakeFetcher, FakeMailer, items, rss

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
STEP = timedelta(minutes=10)
LIST = """\
defaults: {every: 10m, timezone: UTC}
feeds:
  - {name: Steady, url: "https://steady.example/", kind: news}
  - {name: Dead, url: "https://dead.example/", kind: hazard, priority: true}
  - {name: Silent, url: "https://silent.example/", kind: news}
  - {name: Flood, url: "https://flood.example/", kind: news}
  - {name: Moved, url: "https://moved.example/", kind: news}
  - {name: Shrunk, url: "https://shrunk.example/", kind: news}
  - {name: Login, url: "https://login.example/", kind: ministry, country: MM}
"""
NEW = "https://moved.example/new"


def _serve(fetcher: FakeFetcher, number: int, now: datetime) -> None:
    """What the sites answer in step `number` of the day (each ten minutes)."""

    def put(name: str, count: int, first: int) -> Fetched:
        titles = [f"{name} story {first - n}" for n in range(count)]
        url = f"https://{name}.example/"
        body = rss(*[dict(each) for each in items(titles, now, first)])
        return Fetched("ok", "", status=200, body=body, url=url)

    found: dict[str, Any] = {
        "steady": put("steady", 10, number + 10),
        "dead": put("dead", 10, number + 10),
        "silent": put("silent", 10, min(number, 12) + 10),
        "flood": put("flood", 10, number + 10),
        "moved": put("moved", 10, number + 10),
        "shrunk": put("shrunk", 10, number + 10),
        "login": put("login", 10, number + 10),
    }
    if 18 <= number < 60:  # 03:00 to 10:00
        found["dead"] = Fetched("timed_out", "30 s passed", url="https://dead.example/")
    if number == 30:
        found["flood"] = put("flood", 2500, 9000)
    if number >= 40:
        found["moved"] = replace(found["moved"], moved_to=NEW, url=NEW)
    if 50 <= number < 55:
        found["shrunk"] = put("shrunk", 1, 900 + number)
    if number >= 70:
        page = b"<html><title>Sign in</title><form><input type=password></form></html>"
        found["login"] = Fetched("ok", "", status=200, body=page, url="https://login.example/")
    fetcher.documents = {f"https://{name}.example/": each for name, each in found.items()}


async def day(folder: Path) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """The changes of state as the page shows them (when, feed, state), and the mails."""
    path = folder / "feeds.yaml"
    path.write_text(LIST, encoding="utf-8")
    settings = read_settings(
        {"MONITOR_FEEDS": str(path), "MONITOR_VAR": str(folder),
         "MONITOR_MODEL_DIR": str(folder / "none")}
    )  # fmt: skip
    words.load(None)
    clock, fetcher, mailer = SetClock(START), FakeFetcher(), FakeMailer()
    database = Database(settings.database_url)
    schema.upgrade(database)
    program: Program = build(
        settings, read_feedlist(path), read_policy(ROOT / "alerts.yaml"), database=database,
        clock=clock, fetcher=fetcher, mailer=mailer,
    )  # fmt: skip
    shown: dict[str, str] = {}
    diary: list[tuple[str, str, str]] = []
    mails: list[tuple[str, str]] = []
    try:
        await program.take_over_list()
        for number in range(144):
            now = START + number * STEP
            clock.set(now)
            _serve(fetcher, number, now)
            await program.poll_all()
            await program.watch()
            await program.deliver()
            for state in await program.writer.read(feeds.states):
                key = feedhealth.shown_state(state, now)
                key = "ok" if key in ("not_modified", "unchanged") else key
                if shown.get(state.name) != key:
                    diary.append((f"{now:%H:%M}", state.name, key))
                    shown[state.name] = key
            for recipient, mime in mailer.sent:
                if recipient == "duty-primary@ministry.example":
                    message = email.message_from_bytes(mime, policy=email.policy.default)
                    if message["X-Crisis-Kind"] == "feed":
                        mails.append((f"{now:%H:%M}", str(message["Subject"])))
            mailer.sent.clear()
    finally:
        await program.close()
    return diary, mails


@pytest.mark.campaign
@pytest.mark.asyncio
async def test_a_day_of_troubles_is_told_when_it_happens(tmp_path: Path) -> None:
    diary, mails = await day(tmp_path)
    told: dict[str, list[tuple[str, str]]] = {}
    for when, name, key in diary:
        told.setdefault(name, []).append((when, key))
    assert told["Steady"] == [("00:00", "ok")]
    assert told["Dead"] == [("00:00", "ok"), ("03:00", "timed_out"), ("10:00", "ok")]
    assert [key for _, key in told["Silent"]] == ["ok", "silent"]
    assert told["Silent"][1][0] == "08:10"  # more than six hours after its last news at 02:00
    assert ("05:00", "flood") in told["Flood"]
    assert told["Moved"] == [("00:00", "ok"), ("07:00", "moved")]
    assert ("08:20", "drop") in told["Shrunk"]
    assert told["Shrunk"][-1] == ("09:10", "ok")
    assert told["Login"][-1] == ("11:40", "login_page")
    assert [when for when, _ in mails] == ["03:20", "10:00"]  # 30 minutes after the last success


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        events, letters = asyncio.run(day(Path(place)))
    lines = [*(("page", *event) for event in events), *(("mail", *each) for each in letters)]
    for line in sorted(lines, key=lambda each: each[1]):
        print(*line)  # noqa: T201
