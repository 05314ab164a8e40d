"""`monitor feeds list`: what stands beside the state that the last poll left."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli.common import shown_width
from monitor.cli.feeds import run_list
from monitor.cli.lines import wrapped
from monitor.config.feedlist import identity, read_feedlist
from storage import feeds, schema
from storage.database import Database
from storage.records import PollResult

LIST = """\
feeds:
  - {name: Quiet, url: "https://quiet.example/rss", kind: news}
  - {name: Moving, url: "https://old.example/rss", kind: news}
  - {name: Flapping, url: "https://flap.example/rss", kind: news}
  - {name: Gone, url: "https://gone.example/rss", kind: news}
  - {name: Expired, url: "https://late.example/rss", kind: news}
"""


class _Asked:
    def __init__(self) -> None:
        self.json, self.lang = True, "en"


def test_silence_moves_parking_and_the_finer_reasons_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    path = tmp_path / "feeds.yaml"
    path.write_text(LIST, encoding="utf-8")
    url = f"sqlite:///{tmp_path}/monitor.db"
    for name, text in (("FEEDS", path), ("VAR", tmp_path), ("DATABASE_URL", url)):
        monkeypatch.setenv(f"MONITOR_{name}", str(text))
    database = Database(url)
    schema.upgrade(database)
    new, due_at = "https://new.example/rss", now + timedelta(hours=2)
    tls = "No secure connection to late.example: its certificate has expired (x)."
    with database.write() as conn:
        listed = read_feedlist(path, {}).feeds
        known = feeds.sync(
            conn, [identity(feed.name.lower(), feed) for feed in listed], now - timedelta(days=9)
        )
        for key, result, more in (
            ("quiet", PollResult("ok", now - timedelta(hours=20), ok=True, new=1), {}),
            ("quiet", PollResult("unchanged", now, ok=True), {"usual_gap_s": 3600.0}),
            ("moving", PollResult("ok", now, ok=True, moved_to=new), {"moved_count": 3}),
            ("flapping", PollResult("ok", now, ok=True, moved_to=new), {"moved_count": 2}),
            ("gone", PollResult("gone", now, "HTTP 410 Gone"), {"parked": True}),
            ("expired", PollResult("tls", now, tls), {}),
        ):
            feeds.record_poll(conn, known[key].id, result, due_at=due_at, **more)
    database.close()
    run_list(_Asked())  # type: ignore[arg-type]
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert {name: row["state_key"] for name, row in rows.items()} == {
        "Quiet": "silent", "Moving": "moved", "Flapping": "ok", "Gone": "gone", "Expired": "tls",
    }  # fmt: skip
    assert {name: row["moved_to"] for name, row in rows.items() if row["moved_to"]} == {
        "Moving": new
    }
    assert new in rows["Moving"]["error"]
    assert "never changes it by itself" in rows["Moving"]["error"]
    assert rows["Gone"]["parked"]
    assert "asked again once a day" in rows["Gone"]["error"]
    assert rows["Gone"]["next_poll"]
    assert "clock" in rows["Expired"]["error"]


def test_a_feed_that_is_off_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "feeds.yaml").write_text(
        "feeds:\n  - {name: On, url: https://a.example/, kind: news}\n"
        "  - {name: Off, url: https://b.example/, kind: news, enabled: false,\n"
        "     reason: needs a key}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("MONITOR_FEEDS", str(tmp_path / "feeds.yaml"))
    monkeypatch.setenv("MONITOR_VAR", str(tmp_path))
    run_list(_Asked())  # type: ignore[arg-type]
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert {name: row["error"] for name, row in rows.items()} == {"On": None, "Off": "needs a key"}


def test_the_list_fits_a_terminal_and_tells_only_of_feeds_in_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "กรมอุตุนิยมวิทยา " * 6
    (tmp_path / "feeds.yaml").write_text(
        f"feeds:\n  - {{name: {name.strip()}, url: https://a.example/, kind: news, country: TH}}\n"
        "  - {name: Broken, url: https://b.example/, kind: news}\n",
        encoding="utf-8",
    )
    url = f"sqlite:///{tmp_path}/monitor.db"
    for key, text in (("FEEDS", tmp_path / "feeds.yaml"), ("VAR", tmp_path), ("DATABASE_URL", url)):
        monkeypatch.setenv(f"MONITOR_{key}", str(text))
    monkeypatch.setattr("monitor.cli.lines.width_of_terminal", lambda: 80)
    database, now = Database(url), datetime.now(UTC)
    schema.upgrade(database)
    with database.write() as conn:
        listed = read_feedlist(tmp_path / "feeds.yaml", {}).feeds
        known = feeds.sync(conn, [identity(feed.name.lower(), feed) for feed in listed], now)
        page = "A web page came instead of a feed."
        result = PollResult("not_a_feed", now, page)
        feeds.record_poll(conn, known["broken"].id, result, due_at=now)
    database.close()
    asked = _Asked()
    asked.json, asked.lang = False, "th"
    run_list(asked)  # type: ignore[arg-type]
    lines = capsys.readouterr().out.splitlines()
    assert all(shown_width(line) <= 80 for line in lines[:-1])
    assert lines[0].startswith("ฟีด")
    assert "…" in lines[2]
    assert not lines[3].startswith(" "), "a feed that is well needs one line"
    told = "\n".join(lines[4:])
    for said in ("สาเหตุ:", "วิธีแก้:", "[ได้หน้าเว็บแทนฟีด]", "ขัดข้องหรือควรตรวจ 1"):
        assert said in told


def test_long_words_are_parted_where_no_mark_is_left_alone() -> None:
    for line in wrapped("ไม่มีที่ว่าง" * 20, 30, "  "):
        assert shown_width(line) <= 30
        assert unicodedata.category(line.strip()[0]) != "Mn"
