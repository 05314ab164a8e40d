"""A good edit of the configuration is live; a broken one leaves the last good one in force."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from monitor.app import Program
from monitor.config.feedlist import FeedList, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.desk.banner import banner
from monitor.desk.page import Ask
from monitor.desk.voice import Voice
from monitor.reload import files_watched, reload_configuration
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
    assert "missions.yaml" in (program.config_fault or "")
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
