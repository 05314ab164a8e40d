"""Sets the demo up: a folder of its own, its settings, its feeds, its page."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.policy import Policy
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.settings import Listen, Settings
from monitor.demo.mailcopies import Copy, copy_mails
from monitor.demo.replay import Replay, Step
from monitor.demo.scenario import Scenario, feeds_yaml, read_scenario
from monitor.demo.server import HOST, feed_server, loopback_socket
from monitor.demo.story import Story
from monitor.errors import ConfigError, MonitorError
from monitor.service import listening_socket, page
from monitor.serving import served
from storage import incidents, schema
from storage.database import Database
from storage.lock import InstanceLock

MARK = ".demo"  # stands in every folder that a demo made, and in no other
DATABASE = "monitor.db"
USUAL_MODEL = Path("var") / "model"  # below the working folder
PORTS_TRIED = 20
LINE_S = 0.2  # the time a line is given to be read
STEP_S = 0.15
PREFACE = (
    "A recorded crisis. Everything in it is invented for this demo; only the places are real.",
    "Feeds on this machine publish it, and the program reads, links, decides and mails as it",
    "does every day. FLASH: act now. ALERT: look within the hour. WATCH: follow. INFO: on file.",
    "",
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the onlooker asked for. `speed` 2 is twice as fast; None makes no pauses."""

    folder: Path
    speed: float | None = 1.0
    with_page: bool = True
    colour: bool = False
    stay: bool = False  # the page goes on after the story until Ctrl-C


@dataclass(frozen=True, slots=True)
class Played:
    """A demo that has been played, and where what it made can be found."""

    settings: Settings
    page: str | None
    mails: tuple[Copy, ...]
    gravest: str | None  # the number of the incident at the highest level
    seconds: float


@asynccontextmanager
async def staged(
    base: Settings,
    policy: Policy,
    folder: Path,
    scenario: Scenario,
    *,
    base_url: str,
) -> AsyncIterator[tuple[Program, SetClock]]:
    """The program over an empty database in `folder`, its feeds served on loopback.

    `base` gives the model and the words. Nothing of it that leads outside is taken over: no
    database, no mail server, no proxy. Raises ConfigError when the folder holds something else.
    """
    clock = SetClock(scenario.starts)
    _clear(folder)
    bound = loopback_socket()
    port = bound.getsockname()[1]
    (folder / "feeds.yaml").write_text(
        feeds_yaml(scenario.sources, f"http://{HOST}:{port}"), encoding="utf-8"
    )
    settings = replace(
        base,
        var=folder,
        feeds=folder / "feeds.yaml",
        database_url=f"sqlite:///{folder / DATABASE}",
        smtp_url=None,
        mail_from="Crisis Monitor demo <demo@monitor.example>",
        base_url=base_url,
        heartbeat_url=None,
        proxy=None,
        secret_key=None,
        allow_hosts=(f"{HOST}:{port}",),
    )
    with closing(bound), InstanceLock(folder / DATABASE, "monitor demo"):
        database = Database(settings.database_url)
        schema.upgrade(database)
        feedlist = read_feedlist(settings.feeds)
        program = build(settings, feedlist, policy, database=database, clock=clock)
        try:
            feeds_app = feed_server(scenario, clock)
            async with served(feeds_app, bound, name="demo feeds", graceful_s=1):
                yield program, clock
        finally:
            await program.close()


def with_model_at_hand(base: Settings) -> Settings:
    """`base` with the model of the program's usual folder where its own has none that runs here.

    A demo in a folder of its own must not train what stands beside it already.
    """
    from classifiers.cache import card_of
    from classifiers.errors import ModelError

    for folder in (base.model_dir, base.var.parent / "model", USUAL_MODEL):
        with suppress(ModelError):
            if card_of(folder) is not None:
                return replace(base, model_dir=folder)
    return base


class Pace:
    """Gives the onlooker time to read; the program's own work counts as part of it."""

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._until = time.monotonic()

    async def rest(self, lines: int) -> None:
        """Wait until `lines` lines can have been read since the last ones."""
        if self._speed is None or not lines:
            return
        now = time.monotonic()
        self._until = max(self._until, now - STEP_S) + (STEP_S + LINE_S * lines) / self._speed
        await asyncio.sleep(max(0.0, self._until - now))


async def play(
    base: Settings, policy: Policy, options: Options, say: Callable[[str], None]
) -> Played:
    """Play the whole story and tell it line by line through `say`."""
    started = time.monotonic()
    listen, bound = _page_socket(base) if options.with_page else (None, None)
    url = listen.url if listen else None
    scenario = read_scenario()
    base = with_model_at_hand(base)
    async with AsyncExitStack() as stack:
        if bound is not None:
            stack.enter_context(closing(bound))
        program, clock = await stack.enter_async_context(
            staged(base, policy, options.folder, scenario, base_url=url or base.base_url)
        )
        story = Story(ZoneInfo(policy.timezone), options.colour)
        for line in PREFACE:
            say(line)
        if not program.classifiers.load():
            say("The classifier is trained on this machine, once; that takes about half a minute.")
            await program.classifiers.ensure(lambda line: say(f"  {line}"))
        if program.classifiers.state != "ready":
            say(f"The trained classifier is not there ({program.classifiers.detail or 'missing'}):")
            say("simple keyword rules read the texts, and the story may differ in details.")
        if bound is not None:
            await stack.enter_async_context(page(program, bound))
            say(f"The desk page is open at {url} (English: top right). Reload it as you read on.")
        say("")

        pace = Pace(options.speed)

        async def watch(step: Step) -> None:
            opening = not story.begun
            lines = story.opening(step, len(scenario.sources)) if opening else story.lines(step)
            for line in lines:
                say(line)
            await pace.rest(len(lines))

        await Replay(program, clock, scenario, watch).run()
        copies = copy_mails(program.settings.outbox_dir, options.folder / "mails", story.zone)
        listed = await program.writer.read(lambda conn: incidents.listing(conn, limit=1))
        gravest = listed[0].number if listed else None
        lasting = url if options.stay else None  # else it is gone when this is read
        played = Played(
            program.settings, lasting, tuple(copies), gravest, time.monotonic() - started
        )
        for line in farewell(played):
            say(line)
        if options.stay and bound is not None:
            say(f"\nThe page stays open at {url}; Ctrl-C ends the demo.")
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    return played


def farewell(played: Played) -> list[str]:
    """Where what the demo made can be opened, and what to try with it."""
    folder = played.settings.var
    variables = (
        f"MONITOR_VAR={folder} MONITOR_DATABASE_URL={played.settings.database_url} "
        f"MONITOR_FEEDS={played.settings.feeds} MONITOR_MODEL_DIR={played.settings.model_dir}"
    )
    return [
        "",
        f"That was the demo: {len(played.mails)} mails, in {played.seconds:.0f} seconds.",
        "",
        f"  mails to open in a browser   {folder / 'mails' / 'index.html'}",
        f"  the same mails as files      {played.settings.outbox_dir}",
        *([f"  the desk page                {played.page}"] if played.page else []),
        f"  everything else              {folder}",
        "",
        "Ask the demo's database with the commands of the program:",
        f"  export {variables}",
        "  monitor incidents list --all",
        *([f"  monitor incidents show {played.gravest}"] if played.gravest else []),
        "  monitor feeds list",
        "Nothing of this touched your own database or sent a mail to anybody.",
    ]


def _page_socket(base: Settings) -> tuple[Listen, socket.socket]:
    """The page's socket at the wanted port, or at the next that is free."""
    first = base.listen.port
    for port in range(first, first + PORTS_TRIED):
        listen = Listen(base.listen.host, port)
        with suppress(MonitorError):
            return listen, listening_socket(replace(base, listen=listen))
    return base.listen, listening_socket(base)


def _clear(folder: Path) -> None:
    """An empty folder with our mark. Raises ConfigError if it holds what no demo has made."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise ConfigError(
                f"{folder} holds something that no demo has made: name another folder with --dir"
            )
        with InstanceLock(folder / DATABASE, "monitor demo"):
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("made by monitor demo; it is deleted by the next one\n")
