"""XML that may be hostile or broken, read with lxml without entities, network or DTD.

The text is repaired first (the DOCTYPE goes, HTML entities become characters, characters that
XML forbids are dropped), so that feedparser and lxml read the very same document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from monitor.parse.entry import NotAFeed
from monitor.parse.text import tidy


class Element(Protocol):
    """The part of lxml's element that we use (lxml brings no types of its own)."""

    text: str | None
    attrib: MutableMapping[str, str]

    @property
    def tag(self) -> object:
        """`{namespace}name`, or no text at all for comments and instructions."""

    def get(self, key: str, default: str, /) -> str:
        """An attribute."""

    def iter(self) -> Iterator[Element]:
        """The element and all below it, in document order."""

    def itertext(self) -> Iterator[object]:
        """All texts inside."""

    def iterancestors(self) -> Iterator[Element]:
        """The elements around it, innermost first."""

    def remove(self, element: Element, /) -> None:
        """Take a direct child away."""

    def __iter__(self) -> Iterator[Element]: ...

    def __len__(self) -> int: ...

    def __hash__(self) -> int: ...


_DECLARATION = re.compile(r"<\?xml\s[^>]{0,400}?\?>")
_FIRST_TAG = re.compile(r"<[A-Za-z_]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_VERBATIM = re.compile(r"<!\[CDATA\[|<!--")
_REFERENCE = re.compile(r"&(?:#([xX][0-9a-fA-F]{1,8}|[0-9]{1,8});|([A-Za-z][A-Za-z0-9]{0,40});)?")
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Xml:
    """A document's root element, the repaired text, and what had to be read over.

    `broken` says that the strict reader refused it; `cut` that its end is missing.
    """

    root: Element
    text: str
    notes: tuple[str, ...] = ()
    broken: bool = False
    cut: bool = False


def local(element: Element) -> str:
    """The element's name without namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """The element's namespace, empty where it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Direct children called `name`, whatever their namespace."""
    return (child for child in element if local(child) == name)


def child(element: Element, name: str) -> Element | None:
    """The first direct child called `name`."""
    return next(children(element, name), None)


def at(element: Element, *path: str) -> Element | None:
    """The element that the names of `path` lead to, the first at each step."""
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = child(found, name)
    return found


def text_of(element: Element | None) -> str:
    """All text inside an element, stripped; empty for None."""
    if element is None:
        return ""
    return "".join(part for part in element.itertext() if isinstance(part, str)).strip()


def text_at(element: Element, *path: str) -> str:
    """Stripped text of the element that `path` leads to, or empty."""
    return text_of(at(element, *path))


def repair(text: str) -> str:
    """The same document without declaration, DOCTYPE and forbidden characters.

    Entities that XML itself does not know become their characters, or plain text where nobody
    knows them; this is what makes an entity bomb harmless.
    """
    text = _FORBIDDEN.sub("", text).lstrip()
    first = _FIRST_TAG.search(text)
    if first:  # a declaration after a blank or a comment is common, and forbidden
        head = _DECLARATION.sub("", text[: first.start()], count=1)
        text = head + text[first.start() :]
    bare = _without_doctype(text)
    if "&" not in bare:
        return bare
    unknown = "" if bare != text else None  # entities of a DTD that is gone say nothing
    return "".join(
        part if verbatim else _REFERENCE.sub(lambda match: _referred(match, unknown), part)
        for verbatim, part in _sections(bare)
    )


def read_xml(text: str) -> Xml:
    """The tree of a document, strictly if possible, else as much of it as can be recovered.

    Raises NotAFeed("parse_error") when not even a root element is left.
    """
    fixed = repair(text)
    data = fixed.encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(data, _reader(recover=False))
        return Xml(root, fixed)
    except (etree.XMLSyntaxError, ValueError) as fault:
        said = _plain(fault)
    try:
        recovered = etree.fromstring(data, _reader(recover=True))
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise NotAFeed("parse_error", f"The XML cannot be read: {_plain(fault)}") from fault
    if recovered is None or not local(recovered):
        raise NotAFeed("parse_error", f"The XML cannot be read: {said}")
    tail = fixed[-200:].rstrip().lower()
    cut = not tail.endswith(f"{local(recovered).lower()}>")
    note = f"not well-formed XML: {said}"
    return Xml(recovered, fixed, (note,), broken=True, cut=cut)


def _reader(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=recover,
        remove_pis=True,
    )


def _plain(fault: Exception) -> str:
    return tidy(str(fault).partition(" (<string>")[0])[:200]


def _sections(text: str) -> Iterator[tuple[bool, str]]:
    """The text in pieces: whether CDATA or a comment, and the piece."""
    start = 0
    while (opening := _VERBATIM.search(text, start)) is not None:
        closing = "]]>" if opening.group() != "<!--" else "-->"
        end = text.find(closing, opening.end())
        end = len(text) if end < 0 else end + len(closing)
        yield False, text[start : opening.start()]
        yield True, text[opening.start() : end]
        start = end
    yield False, text[start:]


def _without_doctype(text: str) -> str:
    start = re.search(r"<!DOCTYPE\b", text[:20_000], re.I)
    if start is None:
        return text
    opening = re.compile(r"[\[>]").search(text, start.end())
    if opening is None:
        return text
    end = opening.end()
    if opening.group() == "[":
        closing = re.compile(r"\]\s*>").search(text, end)
        if closing is None:
            return text
        end = closing.end()
    return text[: start.start()] + text[end:]


def _referred(match: re.Match[str], unknown: str | None) -> str:
    """What a reference stands for; `unknown` is put for entities that nobody knows."""
    number, name = match.group(1), match.group(2)
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        if code in (0x26, 0x3C, 0x3E, 0x22, 0x27):
            return match.group()
        if 0x80 <= code <= 0x9F:  # numbers that mean Windows-1252, as every browser reads them
            return bytes([code]).decode("cp1252", errors="replace")
        if code > 0x10FFFF or not code:
            return "\ufffd"
        return _FORBIDDEN.sub("\ufffd", chr(code))
    if name in _PREDEFINED:
        return match.group()
    if name:
        known = html.unescape(f"&{name};")
        if not known.startswith("&"):
            return known
        return f"&amp;{name};" if unknown is None else unknown
    return "&amp;"
