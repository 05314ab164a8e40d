"""A good edit of the configuration is live; a broken one leaves the last good one in force."""

from __future__ import annotations

import email
import email.policy
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from monitor.app import Program
from monitor.cli import main
from monitor.config.feedlist import FeedList, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.desk.banner import banner
from monitor.desk.page import Ask
from monitor.desk.voice import Voice
from monitor.faulty import SETTLED, standing, tell_of_fault
from monitor.reload import files_watched, reload_configuration
from monitor.rules.changes import begin, listing, note
from storage import outbox
from storage.records import Notice
from tests.monitor.desk import world

ROOT = Path(__file__).parents[2]


class Running:
    """What reloading needs of a program, beside what the pages need."""

    def __init__(self, program: world.StandIn) -> None:
        self._program = program
        self.taken = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._program, name)

    def use(self, feedlist: FeedList, policy: object) -> None:
        self.feedlist, self.policy = feedlist, policy

    def mails(self) -> list[Notice]:
        with self.database.read() as conn:
            return outbox.recent(conn, 100)

    async def take_over_list(self) -> None:
        self.taken += 1


@pytest.fixture
def running(sqlite_url: str, tmp_path: Path) -> Iterator[Running]:
    """A program on the shipped rules and missions and one feed."""
    for name in ("alerts.yaml", "missions.yaml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "feeds.yaml").write_text(
        "feeds:\n  - {name: Wire, url: https://wire.example/rss, kind: news, publisher: Wire,"
        " coverage: [world], language: en, tier: wire}\n",
        encoding="utf-8",
    )
    program = world.stand_in(sqlite_url, tmp_path, world.NOW)
    found = Running(program)
    found.use(read_feedlist(tmp_path / "feeds.yaml", {}), read_policy(tmp_path / "alerts.yaml"))
    yield found
    program.writer.close()
    program.database.close()


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def contact(running: Running) -> str:
    return next(each.contact for each in running.policy.missions if each.id == "yangon")


@pytest.mark.asyncio
async def test_a_contact_that_the_ministry_enters_is_in_force_without_a_restart(
    running: Running, tmp_path: Path
) -> None:
    program = cast(Program, running)
    missions = tmp_path / "missions.yaml"
    assert missions.resolve() in files_watched(program)
    assert contact(running) == ""
    edit(missions, 'contact: ""', 'contact: "Duty officer, all hours"')
    assert await reload_configuration(program)
    assert contact(running) == "Duty officer, all hours"
    assert running.taken == 1


@pytest.mark.asyncio
async def test_a_broken_missions_file_leaves_the_last_good_one_and_is_told_at_the_desk(
    running: Running, tmp_path: Path
) -> None:
    program, missions = cast(Program, running), tmp_path / "missions.yaml"
    before = running.policy
    edit(missions, "country: MM", "country: Atlantis")
    assert not await reload_configuration(program)
    assert running.policy is before
    assert "missions.yaml" in str(program.config_fault)
    voice = Voice("th", before, world.NOW)
    with running.database.read() as conn:
        shown = banner(conn, Ask(program, voice, "/", {}, {}))
    assert any("missions.yaml" in each.text and each.grave for each in shown.notices)
    missions.unlink()
    assert not await reload_configuration(program)
    assert running.policy is before
    shutil.copyfile(ROOT / "missions.yaml", missions)
    assert await reload_configuration(program)
    assert program.config_fault is None


@pytest.mark.asyncio
async def test_a_change_of_the_rules_is_written_down_with_what_changed(
    running: Running, tmp_path: Path
) -> None:
    program, alerts = cast(Program, running), tmp_path / "alerts.yaml"
    edit(alerts, "magnitude: 5.5}", "magnitude: 5.6}")
    edit(alerts, "  watch_magnitude: 5.0", "  watch_magnitude: 4.9")
    assert await reload_configuration(program)
    edit(alerts, "# Who is told", "# Who, then, is told")  # a comment changes no rule
    assert await reload_configuration(program)
    with running.database.read() as conn:
        (change,) = listing(conn)
    assert change.at == world.NOW
    english, thai = change.lines("en"), change.lines("th")
    assert english[0].startswith("rules changed: ")
    assert english[1] == "level thresholds changed: watch_magnitude"
    assert thai[1] == "แก้ไขเกณฑ์ระดับ: watch_magnitude"


def test_a_change_made_while_the_program_stood_still_is_written_down_at_the_start(
    running: Running, tmp_path: Path
) -> None:
    alerts, settings = tmp_path / "alerts.yaml", running.settings
    begin(settings, read_policy(alerts), running.database, world.NOW)
    edit(alerts, "id: alert-asean", "id: alert-region")
    for _ in range(2):  # the second start finds nothing new
        begin(settings, read_policy(alerts), running.database, world.NOW)
    with running.database.read() as conn:
        (change,) = listing(conn)
    assert change.lines("en") == ("rules added: alert-region", "rules removed: alert-asean")


@pytest.mark.asyncio
async def test_faulty_rules_are_mailed_once_as_such_to_their_keeper_and_to_who_has_duty(
    running: Running, tmp_path: Path
) -> None:
    program, alerts = cast(Program, running), tmp_path / "alerts.yaml"
    edit(alerts, 'at: "07:00"', 'at: "7 am"')
    assert not await reload_configuration(program)
    await tell_of_fault(program)
    assert running.mails() == []  # it may be a save half done
    running.clock.move(SETTLED)
    for _ in range(2):
        await tell_of_fault(program)
    told = running.mails()
    assert sorted(each.recipient for each in told) == [
        "duty-desk-admin@ministry.example", "duty-primary@ministry.example",
    ]  # fmt: skip
    mail = email.message_from_bytes(told[0].mime, policy=email.policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    body = str(part.get_content())
    assert "alerts.yaml" in str(mail["Subject"])
    assert re.search(r"alerts\.yaml:\d+: at \(digest 'daily'\): '7 am' is no time of day", body)
    assert "'7 am' ไม่ใช่เวลา" in body
    assert "you keep the alert rules or have duty" in body
    assert "/feeds" not in body
    with running.database.read() as conn:
        assert [each.what for each in standing(conn)] == ["rules"]
    edit(alerts, 'at: "7 am"', 'at: "07:00"')
    assert await reload_configuration(program)
    program.faults_told = None  # as after a restart
    await tell_of_fault(program)
    assert any("ถูกต้องแล้ว" in each.subject for each in running.mails())
    with running.database.read() as conn:
        assert standing(conn) == []


def test_the_history_of_the_rules_is_printed_in_the_reader_s_language(
    running: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = read_policy(tmp_path / "alerts.yaml")
    edit(tmp_path / "alerts.yaml", "id: alert-asean", "id: alert-region")
    with running.database.write() as conn:
        note(conn, before, read_policy(tmp_path / "alerts.yaml"), world.NOW)
    monkeypatch.setenv("MONITOR_VAR", str(tmp_path))
    monkeypatch.setenv("MONITOR_ALERTS", str(tmp_path / "alerts.yaml"))
    monkeypatch.setenv("MONITOR_DATABASE_URL", running.database.url)
    assert main(["rules", "history", "--lang", "th"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "22 พ.ย. 2569 15.30 น.", "  เพิ่มกฎ: alert-region", "  ลบกฎ: alert-asean",
    ]  # fmt: skip
    assert main(["rules", "history", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["parts"]["rules"]["added"] == ["alert-region"]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//duty//
BEGIN:VEVENT
UID:one@ministry.example
DTSTAMP:{stamp}
DTSTART:{start}
DTEND:{end}
SUMMARY:{who}
END:VEVENT
END:VCALENDAR
"""


def duty_of(who: str) -> str:
    day = world.NOW.strftime("%Y%m%d")
    return CALENDAR.format(
        stamp=f"{day}T000000Z", start=f"{day}T000000Z", end=f"{day}T235900Z", who=who
    ).replace("\n", "\r\n")


async def look_once(program: Program, seen: list[object]) -> None:
    """What the watching does at each look: read anew if a watched file has changed."""
    found = [(path, path.exists() and path.stat().st_mtime_ns) for path in files_watched(program)]
    if found != seen:
        seen[:] = found
        await reload_configuration(program)


@pytest.mark.asyncio
@pytest.mark.parametrize("missing", [False, True])
async def test_a_calendar_that_was_faulty_when_first_named_is_mended_at_that_file_alone(
    running: Running, tmp_path: Path, missing: bool
) -> None:
    program, calendar = cast(Program, running), tmp_path / "duty.ics"
    if not missing:
        calendar.write_text(duty_of("duty-nobody"), encoding="utf-8")
    edit(
        tmp_path / "alerts.yaml",
        "    head: head-of-desk",
        "    head: head-of-desk\n    calendar: duty.ics",
    )
    seen: list[object] = []
    for _ in range(2):
        await look_once(program, seen)
    assert "duty.ics" in str(program.config_fault)
    calendar.write_text(duty_of("head-of-desk"), encoding="utf-8")
    await look_once(program, seen)
    assert program.config_fault is None
    assert running.policy.teams["duty"].overrides[0].primary == "head-of-desk"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("line", "name", "broken"),
    [
        ("missions: missions.yaml", "ours-missions.yaml", "missions: {"),
        ("holidays: holidays.yaml", "ours-holidays.yaml", "every_year: {"),
    ],
)
async def test_a_named_file_that_was_faulty_when_first_named_is_mended_at_that_file_alone(
    running: Running, tmp_path: Path, line: str, name: str, broken: str
) -> None:
    program, key = cast(Program, running), line.partition(":")[0]
    (tmp_path / name).write_text(broken, encoding="utf-8")
    edit(tmp_path / "alerts.yaml", line, f"{key}: {name}")
    seen: list[object] = []
    for _ in range(2):
        await look_once(program, seen)
    assert name in str(program.config_fault)
    shutil.copyfile(ROOT / f"{key}.yaml", tmp_path / name)
    await look_once(program, seen)
    assert program.config_fault is None
