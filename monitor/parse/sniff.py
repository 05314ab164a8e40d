"""What a document is, by its content: the root element, the shape of the JSON, or a web page.

Names and content types are not believed: with status 200 come maintenance pages, bot checks,
empty answers and pages about feeds.
"""

from __future__ import annotations

import re

from monitor.parse.entry import NotAFeed
from monitor.parse.links import absolute
from monitor.parse.text import tidy
from monitor.parse.tmd import is_tmd
from monitor.parse.xmlsafe import Element, local, namespace

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|script|meta)\b", re.I)
_FEED_LINK = re.compile(r"<link\b[^>]{0,1000}>", re.I)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.I)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)", re.I)
_CHALLENGE = re.compile(
    r"just a moment|cf-chl|cf_chl|challenge-platform|checking your browser|verify(?:ing)? you are "
    r"(?:a )?human|ddos-guard|incapsula|_incap_|perimeterx|px-captcha|captcha|access denied|"
    r"attention required|awswaf|aws-waf|akamai|enable javascript and cookies|"
    r"bot (?:check|protection)",
    re.I,
)
_LOGIN = re.compile(
    r"""type\s*=\s*["']?password|\b(?:log ?in|sign ?in|เข้าสู่ระบบ|ログイン|로그인|đăng nhập)\b""",
    re.I,
)


def is_page(text: str) -> bool:
    """Whether the text is an HTML page."""
    head = text[:8000].lstrip()
    while head.startswith("<!--"):
        head = head.partition("-->")[2].lstrip()
    return bool(_PAGE.match(head))


def refuse_page(text: str, url: str) -> NotAFeed:
    """The named reason why an HTML page is no feed, with the feed it links to, if any."""
    head = text[:200_000]
    found = _feed_link(head, url)
    title = re.search(r"<title\b[^<>]{0,300}>([^<]{0,200})", head, re.I)
    name = tidy(title.group(1)) if title else ""
    said = f' with the title "{name}"' if name else ""
    if found is None and _CHALLENGE.search(head):
        return NotAFeed("challenge_page", f"A page that checks for robots came instead{said}.")
    if found is None and _LOGIN.search(head):
        return NotAFeed("login_page", f"A page that asks to log in came instead{said}.")
    return NotAFeed("not_a_feed", f"A web page came instead of a feed{said}.", found)


def route(root: Element) -> str:
    """The reader for an XML document: feed, cap, edxl, jma, mofa_japan, tmd or unknown."""
    name, space = local(root), namespace(root)
    lowered = name.lower()
    if lowered in ("rss", "rdf", "feed") or (lowered == "channel" and not space):
        return "feed"
    if lowered == "alert":
        return "cap"
    if name == "EDXLDistribution" or lowered in ("alerts", "capalerts"):
        return "edxl"
    if name == "Report" and "kishou.go.jp" in space:
        return "jma"
    if name == "opendata":
        return "mofa_japan"
    if lowered == "html":
        return "page"
    if name.startswith("DailySeismicEvents") or is_tmd(root):
        return "tmd"
    return "unknown"


def _feed_link(head: str, url: str) -> str | None:
    for tag in _FEED_LINK.findall(head):
        if _FEED_TYPE.search(tag):
            href = _HREF.search(tag)
            link = absolute(href.group(1).replace("&amp;", "&"), url) if href else None
            if link:
                return link
    return None
