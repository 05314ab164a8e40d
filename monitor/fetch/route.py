"""Where a fetch goes: reading addresses, following redirects, and what may be sent where."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpx
import yarl

from monitor.fetch.addresses import literal, why_closed
from monitor.fetch.faults import Fault
from monitor.fetch.result import Request

MAX_REDIRECTS = 5
MAX_URL = 8 * 1024
_HOST = re.compile(r"[a-z0-9_.-]{1,253}")
_PORTS = {"http": 80, "https": 443}
# Ours to set: they steer the connection or how the body is read.
_OURS = frozenset(
    [
        "accept-encoding", "connection", "content-length", "cookie2", "host", "if-modified-since",
        "if-none-match", "keep-alive", "range", "te", "transfer-encoding", "upgrade",
    ]
)  # fmt: skip
_HARMLESS = frozenset(["accept", "accept-language", "user-agent", "referer", "cache-control"])
_AUTHORITY = re.compile(r"\s*(?:https?:)?//(?:[^/?#]*@)?(?:\[([^\]/?#]+)\]|([^:/?#]+))", re.I)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class Hop:
    """One address on the way; `text` is all of it, `host` and `port` are where that is.

    `home`: every hop so far stayed at the configured origin. Only then do the feed's own headers
    go along and the administrator's exceptions hold; once left, coming back does not restore
    them, since it is then somebody else who chose the address.
    """

    url: httpx.URL
    text: str
    host: str  # in its network form, an IPv6 address without brackets
    port: int
    home: bool = True
    permanent: bool = True  # 301 and 308 only so far
    count: int = 0  # of redirects before this one
    visited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Secrets:
    """The feed's own headers, ready to send, and whether any of them may be a credential."""

    headers: Mapping[str, str]
    credentials: bool


def start(request: Request) -> tuple[Hop, Secrets]:
    """The first hop and the feed's own headers; raises Fault (cannot_resolve) for no address."""
    return _started(request.url, tuple(request.headers.items()))


# One feed list comes again and again; a list longer than this is read afresh at every poll.
@lru_cache(maxsize=16_384)
def _started(address: str, own: tuple[tuple[str, str], ...]) -> tuple[Hop, Secrets]:
    url = parsed(address)
    if url is None:
        raise Fault("cannot_resolve", "The address is not a valid web address.")
    headers: dict[str, str] = {}
    if url.userinfo:
        # RFC 7617; the parts come decoded
        pair = f"{url.username}:{url.password}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
    for name, value in own:
        if name.lower() in _OURS:
            continue
        if header_fault(name, value) is not None:
            raise Fault("config_error", f"A header of this feed {header_fault(name, value)}.")
        if name.lower() == "authorization":
            headers.pop("Authorization", None)
        headers[name] = value
    url = _bare(url)
    text = str(url)
    secrets = Secrets(headers, any(name.lower() not in _HARMLESS for name in headers))
    port = url.port or _PORTS[url.scheme]
    return Hop(url, text, _host(url), port, visited=frozenset([text])), secrets


def header_fault(name: str, value: str) -> str | None:
    """What is wrong with a feed's own header, to follow its name; None when it can be sent."""
    if not _TOKEN.fullmatch(name):
        return "has a name that is not one word of ASCII letters, digits and hyphens"
    if not one_line(value):
        return "has a line break or a control character in its value"
    return None


def follow(hop: Hop, status: int, location: str | None, *, credentials: bool) -> Hop:
    """The hop that a redirect leads to; raises Fault (redirect_refused).

    `credentials`: the request that was redirected carried a secret of the feed.
    """
    if location is None:
        raise _refused(status, "a redirect without one clear target")
    if hop.count >= MAX_REDIRECTS:
        raise _refused(status, f"more than {MAX_REDIRECTS} redirects")
    url = parsed(location, hop.url)
    if url is None:
        raise _refused(status, "a redirect to something that is no web address")
    if credentials and hop.home and hop.url.scheme == "https" and url.scheme == "http":
        raise _refused(status, "a redirect from https to http while a password is in use")
    url = _bare(url)
    text = str(url)
    if text in hop.visited:
        raise _refused(status, f"redirects go round in a circle at {hop.host}")
    return Hop(
        url,
        text,
        _host(url),
        url.port or _PORTS[url.scheme],
        home=hop.home and _origin(url) == _origin(hop.url),
        permanent=hop.permanent and status in (301, 308),
        count=hop.count + 1,
        visited=hop.visited | {text},
    )


def one_line(text: str) -> bool:
    """Whether a text can be a header's value."""
    return _VALUE.fullmatch(text) is not None


def parsed(text: str, base: httpx.URL | None = None) -> httpx.URL | None:
    """An http or https address that both our readers of addresses read alike; else None.

    Raises Fault (blocked_address) for a closed address in a spelling that neither accepts.
    """
    if len(text) > MAX_URL:
        return None
    try:
        url = base.join(text) if base is not None else httpx.URL(text)
        if url.scheme not in _PORTS or not url.host or url.port == 0:
            return None
        address = literal(_host(url))
        if address is not None and str(address) != _host(url):
            # 2130706433 and the like, as the name service would read it
            url = url.copy_with(host=str(address))
        # httpx decides what is allowed, the transport's own reader decides where it goes: a
        # difference between two readers is how such checks are got around.
        seen = yarl.URL(str(url))
        host, port = _host(url), url.port or _PORTS[url.scheme]
        same_host = (
            seen.raw_host == host if address is None else literal(seen.host or "") == address
        )
        alike = same_host and (seen.scheme, seen.port) == (url.scheme, port)
        if alike and (address is not None or _HOST.fullmatch(host)):
            return url
    except (httpx.InvalidURL, ValueError):  # UnicodeError is a ValueError
        pass
    _refuse_if_closed(text)
    return None


def _refuse_if_closed(text: str) -> None:
    """Tell a closed address in an odd spelling from an address that is merely wrong."""
    found = _AUTHORITY.match(text)
    host = unicodedata.normalize("NFKC", found[1] or found[2]) if found else ""
    address = literal(host)
    why = why_closed(address) if address is not None else None
    if why is not None:
        raise Fault("blocked_address", f"{host} is not a public address: {why}.")


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").strip("[]")


def _bare(url: httpx.URL) -> httpx.URL:
    """The address without name, password and fragment."""
    if not url.userinfo and not url.fragment:
        return url  # copying means reading it all again
    return url.copy_with(userinfo=b"", fragment=None)


def _origin(url: httpx.URL) -> tuple[str, bytes, int]:
    return url.scheme, url.raw_host, url.port or _PORTS[url.scheme]


def _refused(status: int, why: str) -> Fault:
    return Fault("redirect_refused", f"HTTP {status}: {why}.", status=status)
