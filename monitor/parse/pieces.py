"""The text of a feed cut at its entries, to tell those that stand there as they did before.

The cuts are made in the text alone. They are right only for a document that is well-formed and
whose tree has as many entries, all beside each other, as there are pieces (`fast.py` sees to
that): then every opening is one, nothing but blanks lies between an entry's end and the next
opening, and so every end is one as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zlib import crc32

from monitor.parse.entry import Hints
from monitor.parse.fastnames import ATOM
from monitor.parse.fastvalues import language_of
from monitor.parse.feedvalues import FeedValues
from monitor.parse.xmlsafe import Element

_DIGEST = 16  # bytes


@dataclass(frozen=True, slots=True)
class Pieces:
    """A document: what stands before its entries, each of them, and what stands behind them.

    `name` is that of the entries' elements.
    """

    name: str
    head: str
    entries: tuple[str, ...]
    tail: str

    def digests(self) -> list[bytes]:
        """A digest of each entry's text."""
        return [
            hashlib.blake2b(text.encode(), digest_size=_DIGEST).digest() for text in self.entries
        ]

    def without(self, places: Collection[int]) -> str:
        """The document with an empty element in the place of each of these entries."""
        empty = f"<{self.name}/>"
        shown = (empty if at in places else text for at, text in enumerate(self.entries))
        return "".join((self.head, *shown, self.tail))


def pieces_of(text: str) -> Pieces | None:
    """The pieces of a document, None where they cannot be told from each other by the text."""
    name = "item" if "</item>" in text else "entry"
    opening, end = f"<{name}", f"</{name}>"
    *parts, tail = text.split(end)
    if not parts or text.count(opening) != len(parts) or text.count(f"</{name}") != len(parts):
        return None
    start = parts[0].find(opening)
    head, parts[0] = parts[0][:start], parts[0][max(start, 0) :]
    entries = []
    for part in parts:
        entry = part.lstrip(" \t\r\n")
        if not entry.startswith(opening) or entry[len(opening)] not in " \t\r\n>":
            return None
        entries.append(entry + end)
    if start < 0 or text.count("xmlns") != head.count("xmlns") or "xml:id" in text:
        return None
    return Pieces(name, head, tuple(entries), tail)


def top_of(root: Element) -> Element | None:
    """The element whose children the entries of RSS or Atom are."""
    return root if root.tag == f"{{{ATOM}}}feed" else next(root.iterchildren("channel"), None)


def around_of(root: Element, feed: FeedValues, hints: Hints) -> str:
    """A digest of all that decides how an entry is read and does not stand in it."""
    top = top_of(root)
    spaces = sorted(top.nsmap.items(), key=str) if top is not None else ()
    decides = (
        root.tag, spaces, language_of(root, ""), feed.link, feed.language, hints.url,
        hints.timezone, hints.language, hints.format, hints.selector, hints.encoding,
        hints.certificates, hints.reading,
    )  # fmt: skip
    return hashlib.blake2b(repr(decides).encode(), digest_size=_DIGEST).hexdigest()


def checksums(claims: Iterable[str]) -> tuple[int, ...]:
    """Claims as `Mark` keeps them: two that are different may look the same, never the reverse."""
    return tuple([crc32(claim.encode("utf-8", "surrogatepass")) for claim in claims])
