"""The processes of a run: the feed server and the program; each is ended by its number."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.office import MONITOR, ROOT, Office, free_port
from tests.soak import processes
from tests.soak.plan import TOLD, TOLD_VISITS
from tests.soak.processes import Process

END_S = 10.0
PAGE_S = 60.0
NETS = "127.10.0.0/16 127.66.0.0/16"  # of the plan's hosts, for MONITOR_ALLOW_HOSTS

POLICY = """\
home:
  country: TH
  timezone: Asia/Bangkok
  languages: [th, en]
  ministry: {th: กระทรวงการต่างประเทศ, en: Ministry of Foreign Affairs}
  owner: duty-desk-admin@ministry.example
  nationals: [คนไทย, Thai national]
regions:
  asean: [BN, KH, ID, LA, MY, MM, PH, SG, TH, TL, VN]
  neighbours: [MM, LA, KH, MY]
people:
  - {id: duty, role: {th: เวร, en: duty officer}, email: duty@ministry.example, language: both}
teams:
  - {id: desk, name: {th: เวร, en: Desk}, members: [duty]}
rules:
  - id: flash-anywhere
    name: {th: เหตุระดับวิกฤตทุกแห่ง, en: FLASH anywhere}
    when: {min_level: FLASH, unknown_country: true}
    notify: [desk]
timing:
  flood: {count: 1000, within: 10m}
"""


@dataclass(frozen=True, slots=True)
class FeedServer:
    """The running server of the feeds."""

    process: subprocess.Popen[bytes]
    port: int

    def told(self, *, visits: bool = False) -> dict[str, Any]:
        """What it has seen so far; see `Network.told`."""
        address = f"http://127.0.0.1:{self.port}{TOLD_VISITS if visits else TOLD}"
        with urlopen(address, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def feed_server(*arguments: str) -> Iterator[FeedServer]:
    """Run `tests.soak.server` with these arguments."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.server", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for whoever started the run
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield FeedServer(process, int(process.stdout.readline() or 0))
    finally:
        process.stdin.close()  # it ends with its input
        process.stdout.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(slots=True)
class Program:
    """`monitor run`, and every process that was ever seen below it."""

    process: subprocess.Popen[bytes]
    url: str
    said: Path
    seen: dict[tuple[int, int], Process]

    def look(self) -> list[Process]:
        """Its processes now, the main one first; [] once it is gone."""
        found = processes.tree(self.process.pid)
        self._remember(found)
        return found

    def page_ms(self, path: str) -> float:
        """How long a page of the desk takes; one that fails counts as one that never came."""
        began = time.monotonic()
        try:
            with urlopen(self.url + path, timeout=PAGE_S) as answer:  # noqa: S310 - our own server
                answer.read()
        except OSError:
            return PAGE_S * 1000
        return (time.monotonic() - began) * 1000

    def stop(self) -> tuple[int | None, float, list[Process]]:
        """Press Ctrl-C: its exit code (None if it had to be killed), the seconds it took, and
        those of its processes that outlived it."""
        self.look()
        began = time.monotonic()
        code: int | None = None
        with suppress(subprocess.TimeoutExpired):
            self.process.send_signal(signal.SIGINT)
            code = self.process.wait(END_S)
        took = time.monotonic() - began
        return code, took, self.end()

    def end(self) -> list[Process]:
        """Kill whatever is left; those that were."""
        if self.process.poll() is None:
            self._remember(processes.tree(self.process.pid, held=False))
            self.process.kill()
        self.process.wait()
        left = [each for each in self.seen.values() if processes.alive(each)]
        if left:  # a worker whose parent has just gone is about to end by itself
            time.sleep(1.0)
            left = [each for each in left if processes.alive(each)]
        for each in left:
            with suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
        return left

    def _remember(self, found: Iterable[Process]) -> None:
        self.seen.update({(each.pid, each.began): each for each in found})


@contextmanager
def program(office: Office, **environ: str) -> Iterator[Program]:
    """Run the program in its folder until the page is up; nothing of it is left at the end."""
    port = free_port()
    said = office.folder / "run.log"
    with said.open("wb") as stderr:
        process = subprocess.Popen(
            [*MONITOR, "run"],
            cwd=office.folder,
            env=office.env(MONITOR_LISTEN=f"127.0.0.1:{port}", **environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
    running = Program(process, f"http://127.0.0.1:{port}", said, {})
    try:
        _wait_for_page(running)
        yield running
    finally:
        running.end()


def _wait_for_page(running: Program, within_s: float = 300.0) -> None:
    ends = time.monotonic() + within_s
    while "The desk page is at" not in running.said.read_text(encoding="utf-8", errors="replace"):
        if running.process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"the program did not start: {running.said.read_text()[-2000:]}")
        time.sleep(0.2)


def make_office(folder: Path, model_dir: Path, feeds: str) -> Office:
    """A folder in which the program runs, with this feed list and one rule."""
    folder.mkdir(parents=True, exist_ok=True)
    office = Office(folder, model_dir)
    office.write(office.feeds, feeds)
    office.write(folder / "alerts.yaml", POLICY)
    return office
