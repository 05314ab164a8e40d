"""Reads the meaning of one HTTP answer: which state it stands for and what its headers tell."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus

from monitor.fetch.faults import Fault
from monitor.fetch.fields import Fields
from monitor.fetch.result import Fetched
from monitor.fetch.retry_after import max_age, retry_after

REDIRECTS = frozenset([301, 302, 303, 307, 308])
PERMANENT = frozenset([301, 308])
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1024}")  # what may be sent back as it came
_ADVICE = {
    401: "it asks for a name and password",
    402: "it asks for payment",
    403: "it does not let this program or this network in",
    404: "there is nothing at this address",
    406: "it has no form of this feed that we can read",
    407: "the proxy asks for a name and password",
    408: "it says that it waited too long for our request",
    451: "withheld for legal reasons",
    511: "this network asks to log in before it lets anything through",
}
_NAMED = {408: "timed_out", 429: "rate_limited", 511: "login_page"}
_WELL = {200: "HTTP 200 OK", 304: "HTTP 304 Not Modified"}


def status_words(status: int) -> str:
    """`HTTP 503 Service Unavailable`: the standard's words, never those of the server."""
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def refusal(status: int, fields: Fields, now: datetime, *, conditional: bool) -> Fault | None:
    """The fault that an answer's status stands for; None when it is a body, 304 or a redirect.

    `conditional`: the request carried validators, without which a 304 means nothing.
    """
    if status == 200 or (status == 304 and conditional) or status in REDIRECTS:
        return None
    words = status_words(status)
    if status == 206:
        words = f"{words}: a part of the feed came, although we asked for all of it."
        return Fault("truncated", words, status=status)
    if 200 <= status <= 299:
        return None
    wait = _retry_after(fields, now)
    if status == 304:
        words = f"{words}, although we asked for the whole feed: the server answers wrongly, or a"
        return Fault("unasked_304", f"{words} cache on the way to it does.", status=status)
    if status == 410:
        return Fault("gone", words, status=status)
    if 300 <= status <= 399:
        return Fault("redirect_refused", f"{words} is not followed.", status=status)
    if status in _ADVICE:
        words = f"{words}: {_ADVICE[status]}"
    state = _NAMED.get(status, "http_4xx" if 400 <= status <= 499 else "http_5xx")
    return Fault(state, words, status=status, retry_after=wait)


def fetched(
    status: int,
    fields: Fields,
    body: bytes | None,
    *,
    url: str,
    moved_to: str | None,
    duration_ms: int,
    certificate_ends: datetime | None = None,
) -> Fetched:
    """The good result of an answer; without a body it is the answer "not modified"."""
    cache_control = fields.get(b"cache-control")
    return Fetched(
        state="not_modified" if body is None else "ok",
        detail=_WELL.get(status) or status_words(status),
        status=status,
        body=body,
        content_type=(fields.get(b"content-type") or "")[:200],
        etag=_validator(fields.get(b"etag")),
        last_modified=_validator(fields.get(b"last-modified")),
        url=url,
        moved_to=moved_to,
        max_age=max_age(cache_control, fields.get(b"age")) if cache_control else None,
        certificate_ends=certificate_ends,
        duration_ms=duration_ms,
    )


def check_body(fields: Fields, limit: int) -> None:
    """Raise Fault when a body is announced that is too large or in a form nobody asked for."""
    length = fields.get(b"content-length")
    if length is not None and length.isascii() and length.isdigit():
        if len(length) > 15 or int(length) > limit:
            size = f"{limit / 2**20:.4g} MiB"
            raise Fault("too_large", f"The body is announced as larger than {size}.")
        return
    transfer = fields.get(b"transfer-encoding")
    if transfer is not None and transfer.lower() not in ("chunked", "identity", ""):
        raise Fault("bad_encoding", "The body came in a transfer coding that was not offered.")


def sendable(validator: str | None) -> bool:
    """Whether a kept validator can go into a header."""
    return validator is not None and _VALIDATOR.fullmatch(validator) is not None


def _validator(value: str | None) -> str | None:
    return value if sendable(value) else None


def _retry_after(fields: Fields, now: datetime) -> timedelta | None:
    return retry_after(fields.get(b"retry-after"), date=fields.get(b"date"), now=now)
