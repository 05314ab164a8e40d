"""The recorded crisis as plain values, read from `timeline.yaml` and `feeds.yaml` beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True)
class Source:
    """One feed of the demo. `shape` names the format it is served in, `listed` is its entry of
    a `feeds.yaml`, its address still missing."""

    id: str
    shape: str
    name: str
    listed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One publication: what `feed` says from `at` on. A later one of the same `id` replaces it.

    `fields` are those that the feed's shape needs; `say` explains it to the onlooker.
    """

    feed: str
    id: str
    at: datetime
    say: str
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A field as one line of text, empty when the event has none of that name."""
        value = self.fields.get(name)
        return "" if value is None else " ".join(str(value).split())


@dataclass(frozen=True, slots=True)
class Act:
    """What an officer does: `by` acknowledges the incident of this hazard in this country."""

    at: datetime
    by: str
    hazard: str
    country: str
    say: str


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which a feed answers with an HTTP error instead of a document."""

    feed: str
    starts: datetime
    ends: datetime
    status: int
    say: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole story; events, acts and outages in the order of their times."""

    starts: datetime
    ends: datetime
    sources: tuple[Source, ...]
    events: tuple[Event, ...]
    acts: tuple[Act, ...]
    outages: tuple[Outage, ...]

    def moves(self, feed: str) -> tuple[datetime, ...]:
        """When what this feed's address answers changes."""
        spoken = [event.at for event in self.events if event.feed == feed]
        broken = [
            at for each in self.outages if each.feed == feed for at in (each.starts, each.ends)
        ]
        return tuple(sorted({*spoken, *broken}))

    def published(self, feed: str, now: datetime) -> list[tuple[Event, datetime]]:
        """The entries that the feed holds at `now`, newest first, each with when it first came."""
        first: dict[str, datetime] = {}
        newest: dict[str, Event] = {}
        for event in self.events:
            if event.feed == feed and event.at <= now:
                first.setdefault(event.id, event.at)
                newest[event.id] = event
        found = [(event, first[event.id]) for event in newest.values()]
        return sorted(found, key=lambda each: each[0].at, reverse=True)

    def outage(self, feed: str, now: datetime) -> Outage | None:
        """The outage that the feed has at `now`."""
        found = (o for o in self.outages if o.feed == feed and o.starts <= now < o.ends)
        return next(found, None)


def read_scenario() -> Scenario:
    """The recorded crisis that comes with the program."""
    told = _yaml("timeline.yaml")
    return Scenario(
        starts=_moment(told["starts"]),
        ends=_moment(told["ends"]),
        sources=tuple(_source(each) for each in _yaml("feeds.yaml")),
        events=tuple(sorted((_event(each) for each in told["events"]), key=lambda e: e.at)),
        acts=tuple(
            Act(_moment(each["at"]), each["by"], **each["about"], say=each["say"])
            for each in told["acts"]
        ),
        outages=tuple(
            Outage(
                each["feed"], _moment(each["starts"]), _moment(each["ends"]),
                int(each["status"]), each["say"],
            )
            for each in told["outages"]
        ),
    )  # fmt: skip


def feeds_yaml(sources: Sequence[Source], address: str) -> str:
    """A `feeds.yaml` in which every feed stands under `address`."""
    import json

    lines = ["# The feeds of the demo; their addresses work while the demo runs.", "feeds:"]
    for source in sources:
        entry = {**source.listed, "url": f"{address}/{source.id}", "tags": ["demo"]}
        lines.append(f"  - {json.dumps(entry, ensure_ascii=False)}")  # JSON is YAML
    return "\n".join(lines) + "\n"


def _source(found: dict[str, Any]) -> Source:
    listed = {name: value for name, value in found.items() if name != "shape"}
    return Source(found["id"], found["shape"], found["name"], listed)


def _event(found: dict[str, Any]) -> Event:
    known = ("feed", "id", "at", "say")
    fields = {name: value for name, value in found.items() if name not in known}
    say = " ".join(found.get("say", "").split())
    return Event(found["feed"], str(found["id"]), _moment(found["at"]), say, fields)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _yaml(name: str) -> Any:
    text = (files("monitor.demo") / name).read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)
