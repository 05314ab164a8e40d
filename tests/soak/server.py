"""The feed server, a process of its own: `python -m tests.soak.server FEEDS …`.

It prints its port, serves every feed of the plan on that feed's own loopback address, publishes
a marked item now and then on a priority feed, and tells at `/_told` what it has seen. It ends
with its standard input, so that it never outlives who started it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import os
import resource
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.hostile import Seen, head, reply
from tests.soak import content
from tests.soak.hostility import KINDS
from tests.soak.plan import TOLD, TOLD_VISITS, Source, hosts_of, sources

TYPES = {"quakes": "application/geo+json", "cap": "application/cap+xml"}
OPEN_FILES = 8192


@dataclass(slots=True)
class Visits:
    """What was asked of one feed, and how often nothing had changed."""

    at_s: list[float] = field(default_factory=list)
    unchanged: int = 0


@dataclass(slots=True)
class Held:
    """The document of one feed, made anew only when it has changed."""

    version: tuple[int, int] = (-1, -1)
    changed: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    plain: bytes = b""
    etag: str = ""


@dataclass(slots=True)
class Network:
    """All feeds. `still`: nothing ever changes and nothing is marked."""

    planned: list[Source]
    still: bool
    entries: int = content.ENTRIES
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    started_s: float = field(default_factory=time.monotonic)
    visits: dict[int, Visits] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    marks: dict[int, list[tuple[int, datetime]]] = field(default_factory=dict)
    open: int = 0
    most_open: int = 0

    def mark(self, number: int) -> None:
        """Publish marked item `number` on the priority feed whose turn it is."""
        priority = [each for each in self.planned if each.priority]
        source = priority[number % len(priority)]
        self.marks.setdefault(source.number, []).append((number, datetime.now(UTC)))

    def told(self, *, visits: bool = False) -> dict[str, Any]:
        """Everything seen so far, for the judge; `visits`: with the age of each visit."""
        now_s = time.monotonic()
        return {
            "open": self.open,
            "most_open": self.most_open,
            "asked": sum(len(each.at_s) for each in self.visits.values()),
            "unchanged": sum(each.unchanged for each in self.visits.values()),
            "ages": {
                number: [round(now_s - at_s, 2) for at_s in each.at_s]
                for number, each in self.visits.items()
                if visits
            },
            "marks": {mark: at.isoformat() for told in self.marks.values() for mark, at in told},
            "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    def answer(self, source: Source, headers: dict[str, str]) -> bytes:
        """What a healthy feed answers."""
        held = self._document(source)
        validators = []
        if source.validator == "etag":
            validators = [f"ETag: {held.etag}"]
            same = headers.get("if-none-match") == held.etag
        else:
            modified = content.http_date(held.changed)
            validators = [f"Last-Modified: {modified}"] if source.validator == "date" else []
            same = source.validator == "date" and headers.get("if-modified-since") == modified
        if same:
            self.visits[source.number].unchanged += 1
            return head(304, validators)
        body, packed = held.plain, []
        if source.gzip and "gzip" in headers.get("accept-encoding", ""):
            body, packed = gzip.compress(body, 5), ["Content-Encoding: gzip"]
        kind = TYPES.get(source.form, "application/xml")
        return reply(body, headers=[f"Content-Type: {kind}", *packed, *validators])

    def _document(self, source: Source) -> Held:
        marks = self.marks.get(source.number, [])
        since_s = 0.0 if self.still else time.monotonic() - self.started_s
        version = content.version(source, since_s), len(marks)
        held = self.held.setdefault(source.number, Held())
        if held.version != version:
            held.version, held.changed = version, datetime.now(UTC)
            held.plain = content.document(source, version[0], self.started, marks, self.entries)
            held.etag = f'"{hashlib.sha256(held.plain).hexdigest()[:16]}"'
        return held


class Server:
    """Speaks HTTP for the network on every address of the plan."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._by_path = {each.path: each for each in network.planned}
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self) -> int:
        """Listen on every address at one port; the port."""
        for _ in range(20):
            servers: list[asyncio.Server] = []
            port = 0
            try:
                for host in ("127.0.0.1", *hosts_of(self._network.planned)):
                    servers.append(
                        await asyncio.start_server(self._accept, host, port, limit=2**18)
                    )
                    port = servers[-1].sockets[0].getsockname()[1]
            except OSError:  # somebody has this port at one of the addresses
                for server in servers:
                    server.close()
                continue
            return port
        raise SystemExit("no port is free at all addresses of the plan")

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        network = self._network
        network.open += 1
        network.most_open = max(network.most_open, network.open)
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client is done
        finally:
            writer.transport.abort()
            network.open -= 1

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = asked.strip().split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = {name.lower(): text.strip() for name, _, text in pairs}
        path = first.split(" ")[1]
        source = self._by_path.get(path)
        if source is None:
            writer.write(self._aside(path))
            await writer.drain()
            return True
        self._network.visits.setdefault(source.number, Visits()).at_s.append(time.monotonic())
        page = (
            KINDS[source.form].answer() if source.hostile else self._network.answer(source, headers)
        )
        if isinstance(page, bytes):
            writer.write(page)
            await writer.drain()
            return True
        answering = asyncio.ensure_future(page(writer, Seen(path, headers)))
        leaving = asyncio.ensure_future(reader.read(1))  # ends when the client hangs up
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)
        await writer.drain()
        writer.close()  # after all of it has gone out
        await writer.wait_closed()
        return False

    def _aside(self, path: str) -> bytes:
        if path in (TOLD, TOLD_VISITS):
            told = self._network.told(visits=path == TOLD_VISITS)
            return reply(json.dumps(told).encode())
        if path == "/moved-here":
            source = next(each for each in self._network.planned if each.form == "rss")
            return self._network.answer(source, {})
        if path == "/loop":
            answer = KINDS["loop"].answer()
            assert isinstance(answer, bytes)
            return answer
        return reply(b"not here", 404)


async def serve(network: Network, mark_every_s: float) -> None:
    """Serve until standard input ends."""
    port = await Server(network).listen()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, lambda: _read_on(ended))
    number = 0
    while not ended.is_set():
        try:
            async with asyncio.timeout(mark_every_s or None):
                await ended.wait()
        except TimeoutError:
            network.mark(number)
            number += 1


def _read_on(ended: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        ended.set()


def main() -> None:
    """Serve the plan that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", type=int)
    parser.add_argument("--mark-every", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--entries", type=int, default=content.ENTRIES)
    parser.add_argument("--still", action="store_true", help="nothing changes, nothing is hostile")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, hard), hard))
    planned = sources(options.feeds, still=options.still)
    asyncio.run(serve(Network(planned, options.still, options.entries), options.mark_every))


if __name__ == "__main__":
    main()
