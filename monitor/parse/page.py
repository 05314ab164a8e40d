"""`format: page`: a web page without a feed; each link that a CSS selector finds is an entry.

The last resort for a ministry that has no feed. Nothing is run and nothing else is loaded; what
the page does not say (most have no dates) stays unsaid.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree

from monitor.parse.dates import Moment, read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.identity import finish_all
from monitor.parse.links import absolute
from monitor.parse.text import cut, tidy

MOST = 500
MAX_TAGS = 200_000
NO_MATCH = "no link of the page matches the selector"
_ROWS = frozenset(["li", "tr", "article", "dd", "div", "section"])
_FAR = 4  # elements around a link that may hold its date


def read_page(text: str, hints: Hints) -> Document:
    """The links that the selector finds, in the order of the page. Raises NotAFeed."""
    if text.count("<") > MAX_TAGS:
        raise NotAFeed("too_large", "The page has too many elements.")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        raise NotAFeed("parse_error", "The page cannot be read as HTML.")
    drafts: dict[str, Draft] = {}
    for element in root.xpath(xpath_of(hints.selector or "a"))[:MOST]:
        draft = _draft(element, hints)
        if draft is not None and draft.link is not None:
            drafts.setdefault(draft.link, draft)
    if not drafts:
        raise NotAFeed("not_a_feed", f"{NO_MATCH} {hints.selector!r}.")
    title = root.findtext(".//title")
    language = root.get("lang")
    return Document(
        "page", finish_all([*drafts.values()], hints), title=tidy(title or ""), language=language
    )


@lru_cache(maxsize=64)
def xpath_of(selector: str) -> str:
    """The selector as XPath. Raises ValueError with what is wrong with it."""
    from cssselect import HTMLTranslator, SelectorError

    try:
        return str(HTMLTranslator().css_to_xpath(selector))
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector ({error})") from error


def _draft(element: Any, hints: Hints) -> Draft | None:
    link = element if element.tag == "a" else next(element.iter("a"), None)
    target = absolute(link.get("href"), hints.url) if link is not None else None
    if link is None or target is None or not target.startswith(("http://", "https://")):
        return None
    title = tidy(" ".join(link.itertext())) or tidy(link.get("title") or "")
    if not title:
        return None
    return Draft(
        title=cut(title, 300),
        link=target,
        native_id=target,
        language=hints.language,
        published=_date(link, hints.timezone),
    )


def _date(link: Any, zone: str) -> Moment | None:
    """The one time that stands beside the link, in its row."""
    around = link
    for _ in range(_FAR):
        around = around.getparent()
        if around is None:
            return None
        times = list(around.iter("time"))
        if len(times) == 1:
            return read_date(times[0].get("datetime") or tidy(" ".join(times[0].itertext())), zone)
        if times or (around.tag in _ROWS and len(list(around.iter("a"))) > 3):
            return None
    return None
