"""What is asked of the fetcher, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One feed to read; `etag` and `last_modified` are what its last answer carried.

    `headers` may hold secrets, and so may the address (`https://name:password@host/`): both go
    to the configured origin only, and neither is shown when the request is printed. `priority`:
    served before the other feeds that wait for the same host.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    etag: str | None = None
    last_modified: str | None = None
    user_agent: str | None = None
    priority: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """How one fetch ended.

    `state` is one of: ok, not_modified, cannot_resolve, refused, timed_out, tls, http_4xx,
    http_5xx, unasked_304, rate_limited, gone, challenge_page, login_page, too_large, truncated,
    bad_encoding, redirect_refused, blocked_address, config_error. An answer that is no valid
    HTTP is http_5xx without a `status`: a fault of the publisher's system. `detail` is one plain
    line for the log and the page.
    """

    state: str
    detail: str
    status: int | None = None
    body: bytes | None = None  # decoded; only when `state` is ok
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    url: str = ""  # the address that answered, after redirects, without name and password
    moved_to: str | None = None  # where 301 and 308 alone lead
    retry_after: timedelta | None = None  # as asked, at most a year; the caller sets its limit
    max_age: timedelta | None = None  # Cache-Control max-age less Age
    certificate_ends: datetime | None = None  # of the site that answered, where it has one
    duration_ms: int = 0  # waiting for a free place at the host included


class Fetcher(Protocol):
    """Reads feeds from the network."""

    async def fetch(self, request: Request) -> Fetched:
        """How the fetch ended; never raises for anything that the network does."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
