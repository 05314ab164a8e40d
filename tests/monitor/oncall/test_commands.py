"""The commands of on-call work, as a supervisor gives them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config.dutycalendar import read_calendar
from monitor.config.settings import read_settings
from monitor.oncall.stretches import as_calendar, from_its_start, stretches
from storage import incidents
from storage import oncall as kept
from storage.database import Database
from tests import oncall

Run = Callable[..., str]
BANGKOK = ZoneInfo("Asia/Bangkok")


@pytest.fixture
def run(typed: Run, sqlite_url: str, tmp_path: Path) -> Run:
    """Run a command on a database with one FLASH in it; what it printed."""
    settings = read_settings({"MONITOR_VAR": str(tmp_path / "var")})
    with Database(sqlite_url).write() as conn:
        oncall.told(conn, settings, datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
    return typed


def test_deeds_are_done_by_command_and_refused_in_one_sentence(run: Run, sqlite_url: str) -> None:
    number = "2026-0001"
    assert "is assigned to" in run("incidents", "assign", number, "head-of-desk")
    assert "is snoozed" in run("incidents", "snooze", number, "--for", "4h")
    listed = run("incidents", "list")
    assert "assigned to the head of desk · snoozed until" in listed
    assert "1 incident at FLASH or above" in run("incidents", "list", "--level", "flash")
    thai = run("incidents", "list", "--lang", "th")
    assert "มอบหมายแล้ว: หัวหน้าเวร · พักการเตือน ถึง" in thai
    assert "ผู้ดูแลและการพักการเตือน" in thai
    (short,) = json.loads(run("incidents", "list", "--json"))
    assert short["assigned_to"] == "head-of-desk"
    assert short["snoozed_until"] is not None
    assert "no longer snoozed" in run("incidents", "snooze", number, "--end")
    assert "is taken by duty-primary" in run("ack", f"#{number}", "--by", "duty-primary")
    assert "already" in run("ack", number, "--by", "duty-backup")
    refused = run("incidents", "escalate", number, code=2)
    assert "2026-0001 is taken: give it back first" in refused
    assert "open again" in run("ack", number, "--undo")
    assert "nobody has acknowledged" in run("ack", number, "--undo", code=2)
    assert "write for example 90s" in run("incidents", "snooze", number, "--for", "x", code=2)
    run("incidents", "close", number, "--reason", "over")
    assert "closed or part of another" in run("ack", number, code=2)
    with Database(sqlite_url).read() as conn:
        assert incidents.get(conn, 1).acknowledged_at is None
        assert kept.care_of(conn, 1).assigned_to == "head-of-desk"


def test_the_roster_is_printed_with_its_hand_overs(run: Run) -> None:
    said = run("roster", "--days", "3")
    assert "Crisis duty desk, times of Asia/Bangkok" in said
    rows = json.loads(run("roster", "--days", "3", "--json"))
    assert {row["primary"] for row in rows} == {"duty-primary"}
    assert all(one["to"] == other["from"] for one, other in pairwise(rows))
    assert "no team 'nobody'" in run("roster", "--team", "nobody", code=2)
    assert "takes 1 to 400" in run("roster", "--days", "0", code=2)


def test_a_printed_calendar_is_read_back_as_the_same_duty(run: Run, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    duty = oncall.POLICY.teams["duty"]
    found = stretches(duty, oncall.POLICY, now, now + timedelta(days=3))
    path = tmp_path / "duty.ics"
    path.write_text(as_calendar(found, duty, oncall.POLICY, now), encoding="utf-8", newline="")
    read = read_calendar(path, list(oncall.POLICY.people), BANGKOK)
    assert [(each.starts, each.ends, each.primary, each.backup) for each in read] == [
        (each.starts, each.ends, each.primary, each.backup) for each in found
    ]


def test_a_printed_calendar_names_its_events_alike_whenever_it_is_printed(run: Run) -> None:
    duty, policy = oncall.POLICY.teams["duty"], oncall.POLICY
    known = []
    for now in (datetime(2026, 3, 14, 6, 1, 7, tzinfo=UTC), datetime(2026, 3, 14, 9, tzinfo=UTC)):
        found = stretches(duty, policy, now, datetime(2026, 3, 17, tzinfo=UTC))
        whole = from_its_start(found, duty, policy)
        text = as_calendar(whole, duty, policy, now)
        known.append([line for line in text.splitlines() if line.startswith(("UID", "DTSTART"))])
    assert known[0] == known[1] != []


def test_drill_mode_is_shown_by_the_desk_s_clock(run: Run) -> None:
    assert "normal" in run("mode")
    until = (datetime.now(UTC) + timedelta(hours=2)).astimezone(BANGKOK)
    said = run("mode", "drill", "--reason", "yearly", "--until", until.isoformat())
    assert f"drill until {until:%Y-%m-%d %H:%M} (Asia/Bangkok)" in said
    assert f"drill until {until:%Y-%m-%d %H:%M} (Asia/Bangkok), by " in run("mode")
    assert json.loads(run("mode", "--json"))[0]["mode"] == "drill"


def test_export_is_off_until_the_operator_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "export as cap is off" in run("export", "cap", "2026-0001", code=2)
    monkeypatch.setenv("MONITOR_EXPORT", "cap, json")
    assert "<scope>Restricted</scope>" in run("export", "cap", "2026-0001")
    assert "write the number" in run("export", "cap", code=2)
    assert "not for export" in run("export", "cap", "2026-0099", code=2)
    assert json.loads(run("export", "json", "2026-0001"))[0]["number"] == "2026-0001"
