"""Which feeds there are: the same for the server that plays them and for the judge of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.soak.hostility import KINDS

PRIORITY_EVERY_S = 10
MOST_HOSTS = 200
TOLD, TOLD_VISITS = "/_told", "/_told/visits"  # where the server tells what it has seen
HOSTILE_SHARE = 20  # one feed in so many
WELL = frozenset(["ok", "not_modified", "unchanged"])
FORMS = ("rss", "atom", "rss", "quakes", "rss", "atom", "cap", "rss", "atom", "rss")
VALIDATORS = ("etag", "etag", "none", "etag", "date", "etag", "etag", "none", "etag", "etag")


@dataclass(frozen=True, slots=True)
class Source:
    """One feed: where it is, how it behaves, and in which states it may end.

    `form` is how a healthy one is written, or the kind of a hostile one. `validator`: what its
    answers carry (etag, date, none). `gzip`: whether it compresses.
    """

    number: int
    name: str
    host: str
    form: str
    every_s: int
    priority: bool
    hostile: bool
    validator: str
    gzip: bool
    states: frozenset[str]

    @property
    def path(self) -> str:
        """Where it lives at its host."""
        return f"/{self.number}"

    def url(self, port: int) -> str:
        """Its address."""
        return f"http://{self.host}:{port}{self.path}"


def sources(feeds: int, *, still: bool = False) -> list[Source]:
    """The plan for so many feeds: 20 of priority (a tenth of fewer than 200), the rest ordinary.

    `still`: all are well and carry an ETag, to be answered with 304.

    A twentieth is hostile; those have hosts of their own, two by two, since two places at a host
    are all that its feeds may take and a dripping one would hold up its neighbours by right.
    """
    priority = min(20, max(1, feeds // 10))
    bad = 0 if still else feeds // HOSTILE_SHARE
    hosts = min(MOST_HOSTS, max(4, feeds // 8))
    planned = [_healthy(number, hosts, number < priority) for number in range(feeds - bad)]
    if still:
        return [replace(each, validator="etag") for each in planned]
    kinds = list(KINDS)
    return planned + [_hostile(feeds - bad + at, at, _kind(kinds, at)) for at in range(bad)]


def hosts_of(planned: Sequence[Source]) -> list[str]:
    """Every address that the server must listen on."""
    return sorted({each.host for each in planned})


def feed_list(planned: Sequence[Source], port: int) -> str:
    """The `feeds.yaml` of the plan."""
    lines = ["defaults: {timezone: UTC}", "feeds:"]
    for each in planned:
        kind = "hazard" if each.form in ("quakes", "cap") else "news"
        lines.append(
            f'  - {{name: "{each.name}", url: "{each.url(port)}", kind: {kind}, '
            f"every: {each.every_s}s, tier: official, priority: {str(each.priority).lower()}}}"
        )
    return "\n".join(lines) + "\n"


def _healthy(number: int, hosts: int, priority: bool) -> Source:
    form = ("cap" if number % 3 == 2 else "quakes") if priority else FORMS[number % len(FORMS)]
    at = number % hosts
    return Source(
        number=number,
        name=f"{'Priority' if priority else 'Feed'} {number} {form}",
        host=f"127.10.{at // 100}.{1 + at % 100}",
        form=form,
        every_s=PRIORITY_EVERY_S if priority else 30 + number % 31,
        priority=priority,
        hostile=False,
        validator=VALIDATORS[number // 2 % len(VALIDATORS)],
        gzip=number % 3 == 0,
        states=WELL,
    )


def _hostile(number: int, at: int, kind: str) -> Source:
    return Source(
        number=number,
        name=f"Hostile {number} {kind.replace('_', ' ')}",
        host=f"127.66.0.{1 + at // 2 % 200}",
        form=kind,
        every_s=30 + number % 31,
        priority=False,
        hostile=True,
        validator="none",
        gzip=False,
        states=KINDS[kind].states,
    )


def _kind(kinds: Sequence[str], at: int) -> str:
    """Every kind once before any comes again; the flood only once."""
    again = [kind for kind in kinds if kind != "flood"]
    return kinds[at] if at < len(kinds) else again[(at - len(kinds)) % len(again)]
