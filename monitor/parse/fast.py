"""RSS 2.0 and Atom 1.0 straight from the strict tree, with the very result of feedparser.

Only for documents that lxml accepted as they are and in which every element is one whose
treatment by feedparser is known here (`fastnames.py`, `fastvalues.py`); at the first thing that
is not, nothing is returned and feedparser reads the document.
"""

from __future__ import annotations

import re

from monitor.parse.bounds import (
    MAX_ALIKE,
    MAX_ATTRIBUTES,
    MAX_ELEMENTS,
    MAX_ENTRIES,
    MAX_PERSON,
    PEOPLE,
)
from monitor.parse.entry import Hints
from monitor.parse.fastnames import ATOM, ENTRY, FEED, LANG, names_are_plain, purpose
from monitor.parse.fastvalues import (
    ENTRY_STEPS,
    FEED_STEPS,
    Part,
    Refused,
    Step,
    is_whole,
    language_of,
)
from monitor.parse.feedvalues import EntryValues, FeedValues, longest_wait, page_of
from monitor.parse.xmlsafe import Element, Xml, local, text_of

_ENTRY_TAGS = ("item", f"{{{ATOM}}}entry")
_SPEAKING = frozenset(("rss", "feed", "item", "entry"))  # may name the language of all in them
_PICTURE = frozenset(["title", "link", "url", "width", "height", "description"])
# Uses of elements that read no attributes, so that any are as good as none.
_INDIFFERENT = frozenset(
    ["leaf", "person", "position", "inert", "unknown", "picture", "entry", None]
)
_HEAD = re.compile(r"(?:\s|<!--(?:(?!<!).)*?-->|<\?xml-stylesheet\b[^>?]*\?>)*<(?=[A-Za-z])", re.S)


def read(xml: Xml, entries: list[Element], hints: Hints) -> FeedValues | None:
    """The values of the document, or None when feedparser must read it.

    `entries` are all elements of that name anywhere in it; each must be one that was read.
    """
    if xml.broken or len(entries) > MAX_ENTRIES or xml.text.count("<") >= MAX_ELEMENTS:
        return None
    if hints.url and not is_whole(hints.url):
        return None
    head = _HEAD.match(xml.text)
    if head is None or xml.text.find("<?", head.end()) >= 0 or not names_are_plain(xml):
        return None
    try:
        feed = _Reader(hints).document(xml.root)
    except Refused:
        return None
    return feed if len(feed.entries) == len(entries) else None


class _Reader:
    """Reads one document. `_for_feed` and `_for_entry` hold what each tag turned out to be."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._for_feed: dict[object, tuple[Step, bool]] = {}
        self._for_entry: dict[object, tuple[Step, bool]] = {}
        self._shapes: set[tuple[object, ...]] = set()
        self._entries: list[EntryValues] = []
        self._lang = ""
        self._feed_steps: dict[str, Step] = {
            **FEED_STEPS,
            "inert": self._inside_feed,
            "unknown": self._inside_feed,
            "picture": self._picture,
            "entry": self._entry,
        }
        self._entry_steps: dict[str, Step] = {
            **ENTRY_STEPS,
            "inert": self._inside_entry,
            "unknown": self._inside_entry,
            "position": self._position,
        }

    def document(self, root: Element) -> FeedValues:
        """The values of an `<rss>` with one channel, or of an Atom `<feed>`."""
        self._check_attributes(root, root.keys())
        self._lang = language_of(root, "")
        feed = Part(self._lang, self._hints)
        feed.language = self._lang.replace("_", "-")
        top = self._top(root)
        for element in top:
            self._feed_element(feed, element, 1)
        if len(top) - len(self._entries) > MAX_ALIKE:
            raise Refused
        return FeedValues(
            title=feed.title,
            link=feed.link or "",
            language=feed.language,
            updated=feed.moment(feed.updated) or feed.moment(feed.published),
            wait=longest_wait(feed.ttl, feed.period, feed.frequency),
            entries=self._entries,
        )

    def _top(self, root: Element) -> Element:
        """The element that holds the entries."""
        if root.tag == f"{{{ATOM}}}feed":
            return root
        channels = [part for part in root if isinstance(part.tag, str)]
        if root.tag != "rss" or [part.tag for part in channels] != ["channel"]:
            raise Refused
        names = channels[0].keys()
        if any(_local_name(name) in ("lastmod", "href", "lang") for name in names):
            raise Refused
        self._check_attributes(channels[0], names)
        return channels[0]

    def _feed_element(self, feed: Part, element: Element, depth: int) -> None:
        tag = element.tag
        known = self._for_feed.get(tag)
        if known is None:
            if not isinstance(tag, str):
                return  # a comment
            use = purpose(element, FEED)
            known = (self._feed_steps.get(use or "", _refuse), use not in _INDIFFERENT)
            self._for_feed[tag] = known
        step, reads_attributes = known
        names = element.keys()
        if names:
            self._check(element, names, reads_attributes)
        step(feed, element, depth)

    def _entry_element(self, entry: Part, element: Element, depth: int) -> None:
        tag = element.tag
        known = self._for_entry.get(tag)
        if known is None:
            if not isinstance(tag, str):
                return
            use = purpose(element, ENTRY)
            known = (self._entry_steps.get(use or "", _refuse), use not in _INDIFFERENT)
            self._for_entry[tag] = known
        step, reads_attributes = known
        names = element.keys()
        if names:
            self._check(element, names, reads_attributes)
        step(entry, element, depth)

    def _entry(self, feed: Part, element: Element, depth: int) -> None:
        if depth != 1 or element.tag not in _ENTRY_TAGS or len(element) > MAX_ALIKE:
            raise Refused
        names = element.keys()
        if any(_local_name(name) in ("lastmod", "href", "about") for name in names):
            raise Refused
        entry = Part(language_of(element, self._lang), self._hints)
        for part in element:
            self._entry_element(entry, part, 1)
        published = entry.moment(entry.published) or entry.moment(entry.created)
        same = published and entry.updated and entry.updated == entry.published
        own = entry.link or ""
        self._entries.append(
            EntryValues(
                title=entry.title,
                title_language=entry.title_lang,
                summary=entry.summary or "",
                content=next((text for text in entry.contents if text.strip()), ""),
                own_link=own,
                link=page_of(own, entry.alternates),
                native_id=entry.guid,
                language=entry.language,
                published=published,
                updated=published if same else entry.moment(entry.updated),
                authors=[name for name in entry.authors if name] or [entry.author],
                categories=[tag[0] or tag[2] or "" for tag in entry.tags],
            )
        )

    def _inside_feed(self, feed: Part, element: Element, depth: int) -> None:
        if "opengis" in str(element.tag):
            raise Refused
        _check_size(element)
        for child in element:
            self._feed_element(feed, child, depth + 1)

    def _inside_entry(self, entry: Part, element: Element, depth: int) -> None:
        if element.keys() and "opengis" in str(element.tag):
            raise Refused
        _check_size(element)
        for child in element:
            self._entry_element(entry, child, depth + 1)

    def _position(self, entry: Part, element: Element, depth: int) -> None:
        """feedparser fails on a position that stands in no point."""
        if len(element) or local(next(element.iterancestors())) != "Point":
            raise Refused

    def _picture(self, feed: Part, element: Element, depth: int) -> None:
        _check_size(element)
        for child in element:
            if isinstance(child.tag, str):
                if depth != 1 or child.tag not in _PICTURE or len(child):
                    raise Refused
                self._check_attributes(child, child.keys())

    def _check(self, element: Element, names: list[str], reads_attributes: bool) -> None:
        """Refuse attributes that this element may not have; each combination is checked once."""
        shape = (element.tag, reads_attributes, *names)
        if shape in self._shapes:
            return
        self._check_attributes(element, names)
        if reads_attributes and not all(map(_is_ordinary, names)):
            raise Refused
        if not any(_local_name(name) == "lang" for name in names):
            self._shapes.add(shape)

    def _check_attributes(self, element: Element, names: list[str]) -> None:
        """Refuse attributes that change how others are read."""
        if len(names) > MAX_ATTRIBUTES:
            raise Refused
        for name in names:
            plain = _local_name(name)
            if plain == "base" or not plain.isascii():
                raise Refused
            if plain == "lang" and name not in ("lang", LANG):
                raise Refused
            if plain == "lang" and len(element) and local(element) not in _SPEAKING:
                raise Refused


def _local_name(name: str) -> str:
    """An attribute's name without namespace, in lower case."""
    return name.rpartition("}")[2].lower()


def _is_ordinary(name: str) -> bool:
    """Whether an attribute is what it seems: feedparser reads capitals and prefixes otherwise."""
    if name in ("isPermaLink", LANG):
        return True
    return name == name.lower() and "}" not in name and name != "mode"


def _check_size(element: Element) -> None:
    """Refuse what would be cut for feedparser: too many children, too long a name."""
    if len(element) > MAX_ALIKE:
        raise Refused
    if len(element) and local(element) in PEOPLE and len(text_of(element)) > MAX_PERSON:
        raise Refused


def _refuse(part: Part, element: Element, depth: int) -> None:
    raise Refused
