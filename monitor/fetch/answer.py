"""Reads the meaning of one HTTP answer: which state it stands for and what its headers tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx

from monitor.fetch.faults import Fault
from monitor.fetch.result import Fetched
from monitor.fetch.retry_after import max_age, retry_after

MAX_HEADER_BYTES = 64 * 1024
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
    451: "withheld for legal reasons",
}


def check_size(headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Raise Fault (too_large) when the headers pass 64 KiB in all."""
    if sum(len(name) + len(value) + 4 for name, value in headers) > MAX_HEADER_BYTES:
        raise Fault("too_large", "The response headers are larger than 64 KiB.")


def status_words(status: int) -> str:
    """`HTTP 503 Service Unavailable`: the standard's words, never those of the server."""
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def refusal(response: httpx.Response, now: datetime, *, conditional: bool) -> Fault | None:
    """The fault that an answer's status stands for; None when it is a body, 304 or a redirect.

    `conditional`: the request carried validators, without which a 304 means nothing.
    """
    status = response.status_code
    if 200 <= status <= 299 or status in REDIRECTS or (status == 304 and conditional):
        return None
    words = status_words(status)
    wait = _retry_after(response, now)
    if status == 304:
        words = f"{words}, although we asked for the whole feed: the server answers wrongly, or a"
        return Fault("http_5xx", f"{words} cache on the way to it does.", status=status)
    if status == 410:
        return Fault("gone", words, status=status)
    if status == 429:
        return Fault("rate_limited", words, status=status, retry_after=wait)
    if 300 <= status <= 399:
        return Fault("redirect_refused", f"{words} is not followed.", status=status)
    if status in _ADVICE:
        words = f"{words}: {_ADVICE[status]}"
    state = "http_4xx" if 400 <= status <= 499 else "http_5xx"
    return Fault(state, words, status=status, retry_after=wait)


def fetched(response: httpx.Response, url: str, body: bytes | None) -> Fetched:
    """The good result of an answer; without a body it is the answer "not modified"."""
    headers = response.headers
    return Fetched(
        state="not_modified" if body is None else "ok",
        detail=status_words(response.status_code),
        status=response.status_code,
        body=body,
        content_type=headers.get("content-type", "")[:200],
        etag=_validator(headers.get("etag")),
        last_modified=_validator(headers.get("last-modified")),
        url=url,
        max_age=max_age(headers.get("cache-control"), headers.get("age")),
    )


def check_length(response: httpx.Response, limit: int) -> None:
    """Raise Fault (too_large) when the announced length alone passes `limit`."""
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > limit):
        raise Fault("too_large", f"The body is announced as larger than {limit / 2**20:.4g} MiB.")


def sendable(validator: str | None) -> bool:
    """Whether a kept validator can go into a header."""
    return validator is not None and _VALIDATOR.fullmatch(validator) is not None


def _validator(value: str | None) -> str | None:
    return value if sendable(value) else None


def _retry_after(response: httpx.Response, now: datetime) -> timedelta | None:
    headers = response.headers
    return retry_after(headers.get("retry-after"), date=headers.get("date"), now=now)
