"""A web server on loopback whose feeds a test sets, changes and counts.

It runs in a thread of its own, so that processes and programs in the test's own loop can ask it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DRIP_S = 0.2
TYPES = {"json": "application/json", "geojson": "application/geo+json"}


@dataclass(frozen=True, slots=True)
class Page:
    """One document. `drips`: it arrives byte by byte until the reader has had enough."""

    body: bytes
    status: int = 200
    content_type: str = "application/xml"
    drips: bool = False


@dataclass(slots=True)
class FeedServer:
    """The running server: put documents in, look at what was asked."""

    port: int
    pages: dict[str, Page | Callable[[], Page]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)  # answered with 304
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        """For MONITOR_ALLOW_HOSTS: feeds may not reach loopback otherwise."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """The address of a document."""
        return f"http://{self.host}/{path}"

    def put(
        self,
        path: str,
        body: str | bytes,
        *,
        status: int = 200,
        content_type: str | None = None,
        drips: bool = False,
    ) -> str:
        """Set or replace a document; its address."""
        data = body.encode() if isinstance(body, str) else body
        guessed = TYPES.get(path.rpartition(".")[2], "application/xml")
        self.pages[path] = Page(data, status, content_type or guessed, drips)
        return self.url(path)


@contextmanager
def feedserver() -> Iterator[FeedServer]:
    """Run a server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path = self.path.lstrip("/")
            held.asked[path] += 1
            page = held.pages.get(path, Page(b"not here", 404, "text/plain"))
            page = page() if callable(page) else page
            with suppress(ConnectionError):
                self._drip() if page.drips else self._answer(path, page)

        def _answer(self, path: str, page: Page) -> None:
            mark = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            if page.status == 200 and self.headers.get("If-None-Match") == mark:
                held.unchanged[path] += 1
                self.send_response(304)
                self.send_header("ETag", mark)
                self.end_headers()
                return
            self.send_response(page.status)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(page.body)))
            if page.status == 200:
                self.send_header("ETag", mark)
            self.end_headers()
            self.wfile.write(page.body)

        def _drip(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not held.closing.wait(DRIP_S):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    held = FeedServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield held
    finally:
        held.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def eventually(condition: Callable[[], object], within_s: float, what: str = "") -> None:
    """Wait until `condition` holds; fails after `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.05)
