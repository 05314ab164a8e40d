"""What the elements of a feed or of one entry say, taken one after the other as feedparser does.

The order decides: which title wins, what a second summary is, whether an id is also the link.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from urllib.parse import urljoin

from monitor.parse.bounds import MAX_ALIKE, MAX_PERSON
from monitor.parse.dates import Moment, read_date
from monitor.parse.entry import Hints
from monitor.parse.fastnames import ATOM, LANG
from monitor.parse.xmlsafe import Element, text_of

_TEXT_TYPES = frozenset(("text", "plain", "html", "text/plain", "text/html"))
_PAGE_TYPES = frozenset(("html", "text/html", "xhtml", "application/xhtml+xml"))
_PERMANENT = ("isPermaLink", "ispermalink")
_AUTHOR, _NAME = f"{{{ATOM}}}author", f"{{{ATOM}}}name"
_ABOUT_PEOPLE = frozenset((_NAME, f"{{{ATOM}}}email", f"{{{ATOM}}}uri"))
# Addresses that joining with another one would not change.
_WHOLE = re.compile(
    r"https?://[A-Za-z0-9._:@-]+(?:/[^\s;?#\x7f]*)?(?:\?[^\s#\x7f]+)?(?:#[^\s\x7f]+)?"
)
_OPAQUE = re.compile(r"(?:tag|urn):(?!//)[!-~]+")
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+,.-]*://)/+")
_SEMICOLON = re.compile(r"&([A-Za-z0-9_]+);")
_MAIL = r"[A-Za-z0-9_.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,4}"
_MAIL_NAME = re.compile(rf"{_MAIL}(?:\s*\(([^()@<>&]*)\))?")
_CONTROLS = re.compile("[\x80-\x9f]")
_WINDOWS = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


class Refused(Exception):
    """Something here is feedparser's to decide."""


class Part:
    """What a feed or one of its entries says, as it is read; None: not said.

    Each `take_…` reads one element; `depth` is 1 for a direct child of the feed or entry.
    Raises Refused where feedparser does something that is not done here.
    """

    title = author = guid = language = ""
    published = updated = created = ""
    ttl = period = frequency = ""
    link: str | None = None
    summary: str | None = None
    _title_at: int | None = None
    _title_guard = -1
    _titles = 0
    _summary_at: int | None = None
    _listed = False  # a full text was among the elements
    _structured: bool | None = None  # authors as elements, or as plain text

    def __init__(self, lang: str, hints: Hints) -> None:
        self.lang = lang
        self.title_lang = ""
        self._hints = hints
        self.contents: list[str] = []
        self.alternates: list[str] = []
        self.authors: list[str] = []
        self.tags: list[list[str | None]] = []

    def take_leaf(self, element: Element, depth: int) -> None:
        """An element that says nothing to us."""
        if len(element):
            raise Refused

    def take_person(self, element: Element, depth: int) -> None:
        """Somebody's name that says nothing to us, but is cut for feedparser when it is long."""
        if len(element) or len(element.text or "") > MAX_PERSON:
            raise Refused

    def take_published(self, element: Element, depth: int) -> None:
        """`pubDate`, `published` or `issued`: the last counts."""
        self.published = _own_text(element, depth)

    def take_updated(self, element: Element, depth: int) -> None:
        """`updated`, `modified`, `lastBuildDate` or `dc:date`: the last counts."""
        self.updated = _own_text(element, depth)

    def take_created(self, element: Element, depth: int) -> None:
        """`created`."""
        self.created = _own_text(element, depth)

    def take_language(self, element: Element, depth: int) -> None:
        """`language` or `dc:language`."""
        self.language = _own_text(element, depth)

    def take_ttl(self, element: Element, depth: int) -> None:
        """`ttl`, in minutes."""
        self.ttl = _bare_text(element, depth)

    def take_period(self, element: Element, depth: int) -> None:
        """`sy:updatePeriod`."""
        self.period = _bare_text(element, depth)

    def take_frequency(self, element: Element, depth: int) -> None:
        """`sy:updateFrequency`."""
        self.frequency = _bare_text(element, depth)

    def take_feed_title(self, element: Element, depth: int) -> None:
        """The title of the feed; a second one is feedparser's to decide."""
        _plain_only(element)
        self.title = _own_text(element, depth)
        self._titles += 1
        if self._titles > 1:
            raise Refused

    def take_feed_link(self, element: Element, depth: int) -> None:
        """A link of the feed."""
        self._take_link(element, depth, entry=False)

    def take_link(self, element: Element, depth: int) -> None:
        """A link of an entry."""
        self._take_link(element, depth, entry=True)

    def _take_link(self, element: Element, depth: int, *, entry: bool) -> None:
        if depth != 1 or len(element) or element.get("url") or element.get("uri"):
            raise Refused
        href = element.get("href")
        rel = element.get("rel", "alternate").lower()
        if href is not None:
            href = self._joined(href)
            if rel == "alternate":
                self.alternates.append(href)
                if element.get("type", "text/html").lower() in _PAGE_TYPES:
                    self.link = href
            return
        text = self._address(element, joined=True)
        if entry:
            text = text.replace("&amp;", "&")
        self.link = _SEMICOLON.sub(r"&\1", text)
        if rel == "alternate":
            self.alternates.append(self.link)

    def take_guid(self, element: Element, depth: int) -> None:
        """`guid` or `id`, which is the link as well where none stands before it."""
        names = element.keys()
        if depth != 1 or len(element) or len(names) > 1:
            raise Refused
        permanent = not names or element.get(names[0]) == "true" or names[0] not in _PERMANENT
        self.guid = self._address(element, joined=permanent)
        if permanent and self.link is None:
            self.link = self.guid

    def take_title(self, element: Element, depth: int) -> None:
        """The title of an entry: the first that is not empty."""
        if depth != 1:
            raise Refused
        if self._take_title(element, depth):
            self._title_guard = depth

    def take_media_title(self, element: Element, depth: int) -> None:
        """The title of a picture, which stands in until the entry's own comes."""
        self._take_title(element, depth)

    def _take_title(self, element: Element, depth: int) -> str:
        _plain_only(element)
        text = leaf_text(element)
        if -1 < self._title_guard <= depth:
            return text
        if self._title_at is None or depth <= self._title_at:
            self.title, self._title_at = text, depth
        self.title_lang = language_of(element, self.lang)
        return text

    def take_no_more_title(self, element: Element, depth: int) -> None:
        """`source` or `image`, after which another title may win."""
        if depth != 1 or len(element):
            raise Refused
        self._title_guard = -1

    def take_words(self, element: Element, depth: int) -> None:
        """A summary."""
        if depth != 1:
            raise Refused
        self.take_media_words(element, depth)

    def take_media_words(self, element: Element, depth: int) -> None:
        """A summary; a second one counts as the full text, if there was none before."""
        _plain_only(element)
        text = leaf_text(element)
        if self.summary is not None and not self._listed:
            self._listed = True
            self.contents.append(text)
        elif self._summary_at is None or depth <= self._summary_at:
            self.summary, self._summary_at = text, depth

    def take_content(self, element: Element, depth: int) -> None:
        """A full text, which is the summary as well where none stands before it."""
        if depth != 1:
            raise Refused
        _plain_only(element)
        text = leaf_text(element)
        self._listed = True
        self.contents.append(text)
        if self.summary is None:
            self.summary = text

    def take_author(self, element: Element, depth: int) -> None:
        """An author as a name, as an address with a name, or as elements."""
        structured = len(element) > 0
        if depth != 1 or self._structured not in (None, structured):
            raise Refused
        self._structured = structured
        if structured:
            self.authors.append(_named(element))
            return
        if len(element.text or "") > MAX_PERSON:
            raise Refused
        self.author = text = leaf_text(element)
        if "@" in text:
            mail = _MAIL_NAME.fullmatch(text)
            if mail is None:
                raise Refused
            text = (mail.group(1) or "").strip()
        self.authors.append(text)

    def take_category(self, element: Element, depth: int) -> None:
        """A category: its attributes are one, its text completes that or is another."""
        if depth != 1 or len(element) or len(self.tags) > MAX_ALIKE:
            raise Refused
        said = dict(element.items())
        if said:
            tag = [said.get("term"), said.get("scheme", said.get("domain")), said.get("label")]
            if any(tag) and tag not in self.tags:
                self.tags.append(tag)
        text = leaf_text(element)
        if not text:
            return
        if self.tags and not self.tags[-1][0]:
            self.tags[-1][0] = text
        elif [text, None, None] not in self.tags:
            self.tags.append([text, None, None])

    def moment(self, raw: str) -> Moment | None:
        """The time that `raw` means, None for no text; feedparser tries what we cannot read."""
        if not raw:
            return None
        moment = read_date(raw, self._hints.timezone)
        if moment is None:
            raise Refused
        return moment

    def _address(self, element: Element, *, joined: bool) -> str:
        text = (element.text or "").strip()
        if text and joined:
            text = self._joined(text)
        return text if text.isascii() else _mended(text)

    def _joined(self, address: str) -> str:
        if _WHOLE.fullmatch(address) or _OPAQUE.fullmatch(address):
            return address
        try:
            return urljoin(self._hints.url, _SLASHES.sub(r"\1", address))
        except ValueError:
            return ""


Step = Callable[[Part, Element, int], None]


def is_whole(address: str) -> bool:
    """Whether joining this address with another one would leave it as it is."""
    return _WHOLE.fullmatch(address) is not None


def language_of(element: Element, around: str) -> str:
    """The language of an element: its own, or that of what is around it."""
    own = element.get(LANG)
    if own is None:
        own = element.get("lang")
    return around if own is None else own


def leaf_text(element: Element) -> str:
    """The text of an element without children, as feedparser mends it."""
    text = element.text
    if not text:
        return ""
    text = text.strip()
    return text if text.isascii() else _mended(text)


def _mended(text: str) -> str:
    """UTF-8 that was taken for Latin-1 and encoded again, and Windows-1252 controls."""
    with contextlib.suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_WINDOWS) if _CONTROLS.search(text) else text


def _plain_only(element: Element) -> None:
    """Refuse texts that are not plain or escaped: inline markup, base64."""
    if len(element):
        raise Refused
    kind = element.get("type")
    if kind is not None and kind.lower() not in _TEXT_TYPES:
        raise Refused


def _own_text(element: Element, depth: int) -> str:
    if depth != 1 or len(element):
        raise Refused
    return leaf_text(element)


def _bare_text(element: Element, depth: int) -> str:
    if element.keys():
        raise Refused
    return _own_text(element, depth)


def _named(element: Element) -> str:
    """The one name in an Atom author."""
    if element.tag != _AUTHOR or len(text_of(element)) > MAX_PERSON:
        raise Refused
    names = []
    for child in element:
        if child.tag not in _ABOUT_PEOPLE or len(child) or child.keys():
            raise Refused
        if child.tag == _NAME:
            names.append(leaf_text(child))
    if len(names) != 1 or not names[0]:
        raise Refused
    return names[0]


BOTH_STEPS: dict[str, Step] = {
    "leaf": Part.take_leaf,
    "person": Part.take_person,
    "published": Part.take_published,
    "updated": Part.take_updated,
    "created": Part.take_created,
    "guid": Part.take_guid,
    "language": Part.take_language,
}
FEED_STEPS: dict[str, Step] = {
    **BOTH_STEPS,
    "title": Part.take_feed_title,
    "link": Part.take_feed_link,
    "ttl": Part.take_ttl,
    "period": Part.take_period,
    "frequency": Part.take_frequency,
}
ENTRY_STEPS: dict[str, Step] = {
    **BOTH_STEPS,
    "title": Part.take_title,
    "media_title": Part.take_media_title,
    "words": Part.take_words,
    "media_words": Part.take_media_words,
    "content": Part.take_content,
    "link": Part.take_link,
    "author": Part.take_author,
    "category": Part.take_category,
    "no_more_title": Part.take_no_more_title,
}
