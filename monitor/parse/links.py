"""Links of entries: absolute, http or https, and one spelling for each when compared."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, parse_qsl, quote, urlencode, urljoin, urlsplit

_MAX_LENGTH = 4096
_TRACKING = re.compile(
    r"^(?:utm_\w+|at_\w+|mc_[ce]id|mkt_tok|fbclid|gclid|dclid|yclid|msclkid|igshid|xtor|"
    r"cmpid|ns_(?:campaign|mchannel|source|linkname|fee)|ocid|sref|smid|partner|feedtype|_hs\w+|"
    r"wt_mc|traffic_source|guccounter)$",
    re.I,
)
_TRACKING_FRAGMENT = re.compile(r"^(?:utm_|xtor=|ref=|at_|echobox=)", re.I)


def absolute(raw: str | None, base: str = "") -> str | None:
    """The link as an absolute http(s) address, or None when it is no such thing."""
    if not raw:
        return None
    text = re.sub(r"[\s\x00-\x1f\x7f]+", "", raw) if "\n" in raw or "\t" in raw else raw.strip()
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
    if re.search(r"[\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069<>\"\\]", joined):
        joined = quote(joined, safe=":/?#[]@!$&'()*+,;=%~")
    return joined


def opened(raw: str | None, base: str = "") -> str | None:
    """The address to open: absolute, and taken out of a search engine's redirect."""
    link = absolute(raw, base)
    return _unwrapped(link) if link else None


def identity(link: str) -> str:
    """One spelling for links that mean the same page; for comparing, not for opening.

    Scheme, `www.`, tracking parameters, default ports and a last slash do not count. The
    fragment does: some publishers tell incidents apart by nothing else.
    """
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
    parts = urlsplit(link)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


def _unwrapped(link: str) -> str:
    parts = urlsplit(link)
    host = (parts.hostname or "").lower()
    inner = _inner(parts, host)
    if inner is None:
        return link
    found = absolute(inner)
    return found if found else link


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
