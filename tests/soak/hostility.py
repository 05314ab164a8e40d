"""The kinds of hostile feeds, and the states in which the program must put each of them."""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.documents import Story, news
from tests.hostile import Page, Seen, bomb, forever, head, redirect, reply, sends, silence

XML = "Content-Type: application/rss+xml"
FLOOD, FLOOD_EVERY_S = 3_000, 1_200
STORIES = 20
READ = frozenset(["ok", "not_modified", "unchanged"])


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be hostile: what is answered now, and the states that it may end in."""

    answer: Callable[[], Page | bytes]
    states: frozenset[str]


def _kind(answer: Callable[[], Page | bytes], *states: str) -> Kind:
    return Kind(answer, frozenset(states))


async def _reset(writer: asyncio.StreamWriter, seen: Seen) -> None:
    """Half of a body, then the connection is torn down."""
    writer.write(head(200, [XML, "Content-Length: 4000"]) + b"<rss>")
    await writer.drain()
    taken: socket.socket = writer.get_extra_info("socket")
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _hang_up(writer: asyncio.StreamWriter, seen: Seen) -> None:
    """The connection is closed without a word."""


def _stories(mark: Callable[[int], tuple[str, str]], count: int) -> bytes:
    """A feed whose guids and titles `mark` makes."""
    at = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    told = []
    for number in range(count):
        guid, title = mark(number)
        told.append(Story(guid, title, at + timedelta(seconds=number)))
    return news(told).encode()


def _flood() -> bytes:
    """Thousands of entries at once, and others after a while."""
    turn = int(time.monotonic() // FLOOD_EVERY_S)
    body = _stories(
        lambda number: (f"flood-{turn}-{number}", f"Notice {number} of list {turn} is published"),
        FLOOD,
    )
    return reply(body, headers=[XML])


def _new_guids() -> bytes:
    """The same stories at every visit, under identities and links never seen before."""
    mark = secrets.token_hex(4)
    body = _stories(
        lambda number: (f"{mark}-{number}", f"Council {number} meets on its agenda"), STORIES
    )
    return reply(body, headers=[XML])


def _edited() -> bytes:
    """The same identities at every visit, each with another title."""
    mark = secrets.token_hex(4)
    body = _stories(lambda number: (f"edited-{number}", f"Council {number} says {mark}"), STORIES)
    return reply(body, headers=[XML])


def _moved() -> bytes:
    """Moved for good to another feed of this host, which is well."""
    return redirect("/moved-here", 301)


_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12)
    )
    + b"]><rss version='2.0'><channel><item><title>&a11;</title></item></channel></rss>"
)
_DEEP = b"<rss>" + b"<a>" * 200_000
_LOGIN = (
    b"<html><head><title>Sign in</title></head><body><form><input type='password'></form></body>"
    b"</html>"
)
_GARBAGE = bytes(range(256)) * 64
_BOMB = bomb(64)
_DRIP = forever(head(200, [XML, "Content-Length: 100000"]), b" ", pause_s=0.2)
_SLOW_HEADERS = forever(b"HTTP/1.1 200 OK\r\n", b"X-Wait: yes\r\n", pause_s=0.5)
_ENDLESS = forever(head(200, [XML, "Connection: close"]) + b"<rss>", b"x" * 65_536)

# The order matters to short runs, which have room for the first few only.
KINDS: dict[str, Kind] = {
    "drip": _kind(lambda: _DRIP, "timed_out"),
    "endless": _kind(lambda: _ENDLESS, "too_large"),
    "bomb": _kind(lambda: reply(_BOMB, headers=[XML, "Content-Encoding: gzip"]), "too_large"),
    "reset": _kind(lambda: _reset, "truncated", "refused"),
    "new_guids": _kind(_new_guids, *READ),
    "flood": _kind(_flood, *READ, "flood"),
    "garbage": _kind(lambda: reply(_GARBAGE, headers=[XML]), "bad_encoding", "not_a_feed"),
    "unavailable": _kind(lambda: reply(b"later", 503), "http_5xx"),
    "loop": _kind(lambda: redirect("/loop"), "redirect_refused"),
    "truncated": _kind(
        lambda: sends(head(200, [XML, "Content-Length: 9000"]) + b"<rss><channel>"), "truncated"
    ),
    "edited": _kind(_edited, *READ),
    "entities": _kind(  # to be refused, or to be read without what the entities stand for
        lambda: reply(_ENTITIES, headers=[XML]), "parse_error", "not_a_feed", "no_entries", *READ
    ),
    "mute": _kind(lambda: silence, "timed_out"),
    "slow_headers": _kind(lambda: _SLOW_HEADERS, "timed_out"),
    "deep": _kind(
        lambda: reply(_DEEP, headers=[XML]), "parse_error", "not_a_feed", "truncated", "too_large"
    ),
    "inside": _kind(lambda: redirect("http://169.254.169.254/latest"), "blocked_address"),
    "hang_up": _kind(lambda: _hang_up, "refused"),
    "login": _kind(
        lambda: reply(_LOGIN, headers=["Content-Type: text/html"]), "login_page", "not_a_feed"
    ),
    "limited": _kind(lambda: reply(b"", 429, ["Retry-After: 20"]), "rate_limited"),
    "headers": _kind(
        lambda: reply(b"", headers=[f"X-Much-{n}: {'y' * 1000}" for n in range(80)]), "too_large"
    ),
    "gone": _kind(lambda: reply(b"", 410), "gone"),
    "missing": _kind(lambda: reply(b"", 404), "http_4xx"),
    "empty": _kind(lambda: reply(b"", headers=[XML]), "empty"),
    "moved": _kind(_moved, *READ, "moved"),
}
