"""A desk to look at: a stand-in program on a real database, and a browser on its machine."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx

from alerts.policy import Both, Mission, Policy
from monitor.app import Program
from monitor.clock import SetClock
from monitor.config.feedlist import Feed, FeedList
from monitor.config.settings import Listen, Settings
from monitor.desk.app import desk
from monitor.errors import ConfigError
from monitor.writer import Writer
from storage.database import Database
from tests.alerts import policies

SCRIPT = "<script>alert('live')</script>"
BIDI = "\u202egnorw\u202c"
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)  # a Sunday, 15:30 in Bangkok
OFFICE = "https://desk.ministry.example"


@dataclass
class State:
    """What the pages read of the classifiers."""

    state: str = "ready"
    detail: str = ""


@dataclass
class StandIn:
    """What the pages read of the program."""

    settings: Settings
    feedlist: FeedList
    policy: Policy
    database: Database
    writer: Writer
    clock: SetClock
    classifiers: State = field(default_factory=State)
    config_fault: ConfigError | None = None
    fault_since: datetime | None = None
    faults_told: frozenset[str] | None = None


def feed(name: str, **changes: Any) -> Feed:
    """A feed of the list."""
    values: dict[str, Any] = {
        "name": name,
        "url": f"https://{name.casefold()}.example/rss.xml",
        "kind": "hazard",
        "publisher": name,
        "id": None,
        "alternates": (),
        "country": None,
        "organisation": None,
        "coverage": ("world",),
        "language": "en",
        "tier": "official",
        "category": None,
        "priority": False,
        "every": timedelta(minutes=15),
        "timezone": "UTC",
        "encoding": None,
        "format": "auto",
        "selector": None,
        "headers": {},
        "home": False,
        "enabled": True,
        "tags": (),
        "note": "",
        "line": 1,
    }
    return Feed(**values | changes)


LIST = (
    feed("Quakes", priority=True, organisation="UN"),
    feed("Ministry-JP", kind="ministry", country="JP"),
    feed("Ministry-TH", kind="ministry", country="TH", home=True),
    feed("Hostile" + SCRIPT, id="hostile", url="https://hostile.example/x", kind="news"),
    feed("Silent", kind="news", country="GB"),
    feed("Unused", enabled=False, kind="news"),
)


def settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a desk on this machine."""
    values: dict[str, Any] = {
        "var": folder,
        "feeds": folder / "feeds.yaml",
        "alerts": folder / "alerts.yaml",
        "model_dir": folder / "model",
        "listen": Listen("127.0.0.1", 8080),
        "database_url": f"sqlite:///{folder / 'monitor.db'}",
        "smtp_url": "smtp://mail.ministry.example",
        "mail_from": "Crisis Monitor <monitor@ministry.example>",
        "base_url": OFFICE,
    }
    return Settings(**values | changes)


def stand_in(url: str, folder: Path, now: datetime, **changes: Any) -> StandIn:
    """A program on the database at `url`, standing still at `now`."""
    database = Database(url)
    if not (folder / "feeds.yaml").exists():
        (folder / "feeds.yaml").write_text(_as_file(LIST), encoding="utf-8")
    missions = (Mission("yangon", Both("สถานเอกอัครราชทูต ณ กรุงย่างกุ้ง", "Embassy, Yangon"), "MM"),)
    values: dict[str, Any] = {
        "settings": settings(folder, database_url=url),
        "feedlist": FeedList(folder / "feeds.yaml", LIST),
        "policy": policies.policy(missions=missions),
        "database": database,
        "writer": Writer(database),
        "clock": SetClock(now),
    }
    return StandIn(**values | changes)


def _as_file(feeds: tuple[Feed, ...]) -> str:
    """The feeds as a list that somebody wrote."""
    lines = [
        json.dumps({"name": each.name, "url": each.url, "kind": each.kind, "enabled": each.enabled})
        for each in feeds
    ]
    return "feeds:\n" + "".join(f"  - {line}\n" for line in lines)


def client(program: StandIn, **headers: str) -> httpx.AsyncClient:
    """A browser on the desk's machine."""
    transport = httpx.ASGITransport(app=desk(cast(Program, program)), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers=headers)
