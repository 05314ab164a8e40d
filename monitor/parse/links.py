"""Links of entries: absolute, http or https, and one spelling for each when compared."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, parse_qsl, quote, urlencode, urljoin, urlsplit

_MAX_LENGTH = 4096
_MAX_WRAPPINGS = 3
_TRACKING = re.compile(
    r"^(?:utm_\w+|at_\w+|mc_[ce]id|mkt_tok|fbclid|gclid|dclid|yclid|msclkid|igshid|xtor|"
    r"cmpid|ns_(?:campaign|mchannel|source|linkname|fee)|ocid|sref|smid|partner|feedtype|_hs\w+|"
    r"wt_mc|traffic_source|guccounter)$",
    re.I,
)
_PLAIN = re.compile(
    r"https?://([a-z0-9][a-z0-9.-]*)(:[1-9][0-9]{1,3})?(/[A-Za-z0-9/._~%+,=&@!$*-]*)"
    r"(\?[A-Za-z0-9/._~%+,=&:@!$*-]+)?(#[A-Za-z0-9/._~%+,=&:-]+)?"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_TRACKING_FRAGMENT = re.compile(r"^(?:utm_|xtor=|ref=|at_|echobox=)", re.I)


def absolute(raw: str | None, base: str = "") -> str | None:
    """The link as an absolute http(s) address, or None when it is no such thing."""
    if not raw:
        return None
    if _PLAIN.fullmatch(raw) and len(raw) <= _MAX_LENGTH:
        return raw  # as nearly all are: nothing to join, to remove or to encode
    text = re.sub(r"[\s\x00-\x1f\x7f]+", "", raw) if "\n" in raw or "\t" in raw else raw.strip()
    text = _CONTROL.sub("", text)  # urlsplit reads over those at the beginning, a browser does not
    text = text.replace(" ", "%20")
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    if "@" in parts.netloc:  # a name before the host is there to be taken for the host
        joined = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if re.search(r"[\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069<>\"\\]", joined):
        joined = quote(joined, safe=":/?#[]@!$&'()*+,;=%~")
    return joined


@lru_cache(maxsize=512)
def opened(raw: str | None, base: str = "") -> str | None:
    """The address to open: absolute, and taken out of a search engine's redirect."""
    link = absolute(raw, base)
    return _unwrapped(link) if link else None


@lru_cache(maxsize=512)
def identity(link: str) -> str:
    """One spelling for links that mean the same page; for comparing, not for opening.

    Scheme, `www.`, tracking parameters, default ports and a last slash do not count. The
    fragment does: some publishers tell incidents apart by nothing else.
    """
    plain = _PLAIN.fullmatch(link)
    if plain and not plain.group(4) and not plain.group(5):
        host, port, path = plain.group(1, 2, 3)
        port = "" if port in (None, ":80", ":443") else port
        return f"{host.removeprefix('www.')}{port}{path.rstrip('/')}"
    parts = urlsplit(link)
    host = (parts.hostname or "").lower().removeprefix("www.")
    try:
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        port = ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([pair for pair in pairs if not _TRACKING.match(pair[0])])
    path = parts.path.rstrip("/")
    spelled = f"{host}{port}{path}"
    if query:
        spelled += f"?{query}"
    if parts.fragment and not _TRACKING_FRAGMENT.match(parts.fragment):
        spelled += f"#{parts.fragment}"
    return spelled


def names_a_page(link: str) -> bool:
    """Whether the link leads deeper than a site's front page, so that it can identify."""
    plain = _PLAIN.fullmatch(link)
    if plain:
        return bool(plain.group(3).strip("/") or plain.group(4) or plain.group(5))
    parts = urlsplit(link)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


def _unwrapped(link: str) -> str:
    lowered = link.lower()
    if "google" not in lowered and "bing" not in lowered:
        return link
    for _ in range(_MAX_WRAPPINGS):
        parts = urlsplit(link)
        inner = _inner(parts, (parts.hostname or "").lower())
        found = absolute(inner) if inner is not None else None
        if found is None:
            break
        link = found
    return link


def _inner(parts: SplitResult, host: str) -> str | None:
    if re.search(r"(?:^|\.)google\.[a-z.]{2,6}$", host) and parts.path == "/url":
        names: tuple[str, ...] = ("url", "q")
    elif (
        host.endswith("bing.com") and parts.path.lower().endswith("/apiclick.aspx")
    ) or host == "news.google.com":
        names = ("url",)
    else:
        return None
    query = parse_qs(parts.query)
    return next((query[name][0] for name in names if name in query), None)
