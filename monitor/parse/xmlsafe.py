"""XML that may be hostile or broken, read with lxml without entities, network or DTD.

The text is repaired first (the DOCTYPE goes, HTML entities become characters, characters that
XML forbids are dropped), so that feedparser and lxml read the very same document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, overload

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

    @property
    def prefix(self) -> str | None:
        """The prefix that the document writes before the name, None where it writes none."""

    @property
    def nsmap(self) -> Mapping[str | None, str]:
        """The namespaces known here, by prefix."""

    @overload
    def get(self, key: str, /) -> str | None: ...
    @overload
    def get(self, key: str, default: str, /) -> str:
        """An attribute, or `default`."""

    def keys(self) -> list[str]:
        """The names of its attributes."""

    def items(self) -> list[tuple[str, str]]:
        """Its attributes."""

    def iter(self, *names: str) -> Iterator[Element]:
        """The element and all below it, in document order; only those with one of `names`."""

    def iterchildren(self, *names: str) -> Iterator[Element]:
        """The elements directly below it; only those with one of `names`."""

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
_REFERENCE = re.compile(  # any but XML's own five
    r"&(?!(?:amp|lt|gt|quot|apos);)"
    r"(?:#([xX][0-9a-fA-F]{1,8}|[0-9]{1,8});|([A-Za-z][A-Za-z0-9]{0,40});)?"
)
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
_OWN_REFERENCES = ("&lt;", "&gt;", "&amp;", "&quot;", "&apos;")
_DOCTYPE = "<!DOCTYPE"
_MAX_DOCTYPES = 10


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
    return _split(element.tag)[1]


def namespace(element: Element) -> str:
    """The element's namespace, empty where it has none."""
    return _split(element.tag)[0]


@lru_cache(maxsize=1024)
def _split(tag: object) -> tuple[str, str]:
    """Namespace and name of a tag, both empty for comments and instructions."""
    if not isinstance(tag, str):
        return "", ""
    space, _, name = tag.rpartition("}")
    return space[1:] if space else "", name


def spaces_of(element: Element) -> frozenset[str]:
    """The namespaces of its direct children, empty for a name without any."""
    return _spaces(tuple([part.tag for part in element]))


@lru_cache(maxsize=512)
def _spaces(tags: tuple[object, ...]) -> frozenset[str]:
    return frozenset(_split(tag)[0] for tag in tags)


def children(element: Element, name: str) -> Iterator[Element]:
    """Direct children called `name`, whatever their namespace."""
    return element.iterchildren(f"{{*}}{name}")


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
    if not len(element):
        return (element.text or "").strip() if isinstance(element.tag, str) else ""
    return "".join(part for part in element.itertext() if isinstance(part, str)).strip()


def text_at(element: Element, *path: str) -> str:
    """Stripped text of the element that `path` leads to, or empty."""
    return text_of(at(element, *path))


def repair(text: str) -> str:
    """The same document without declaration, DOCTYPE and forbidden characters.

    Entities that XML itself does not know become their characters, or plain text where nobody
    knows them; this is what makes an entity bomb harmless.
    """
    text = (_FORBIDDEN.sub("", text) if _has_forbidden(text) else text).lstrip()
    first = _FIRST_TAG.search(text)
    if first:  # a declaration after a blank or a comment is common, and forbidden
        head = _DECLARATION.sub("", text[: first.start()], count=1)
        text = head + text[first.start() :]
    bare = _without_doctype(text)
    if _DOCTYPE not in bare and bare.count("&") == sum(map(bare.count, _OWN_REFERENCES)):
        return bare
    unknown = "" if bare != text else None  # entities of a DTD that is gone say nothing
    return "".join(
        part if verbatim else _REFERENCE.sub(lambda match: _referred(match, unknown), _tame(part))
        for verbatim, part in sections(bare)
    )


def _has_forbidden(text: str) -> bool:
    """Whether characters stand in the text that XML does not allow (much faster than to look)."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return True
    kept = data.translate(None, _CONTROLS)
    return len(kept) != len(data) or "\ufffe" in text or "\uffff" in text


def read_xml(text: str) -> Xml:
    """The tree of a document, strictly if possible, else as much of it as can be recovered.

    Raises NotAFeed("parse_error") when not even a root element is left.
    """
    fixed = repair(text)
    data = fixed.encode("utf-8", errors="replace")
    try:
        return Xml(etree.fromstring(data, _reader(recover=False)), fixed)
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


def strictly(fixed: str) -> Xml | None:
    """The tree of a text that `repair` made, None if it is not well-formed."""
    try:
        return Xml(etree.fromstring(fixed.encode(), _reader(recover=False)), fixed)
    except (etree.XMLSyntaxError, ValueError):
        return None


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


def sections(text: str) -> Iterator[tuple[bool, str]]:
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


def _tame(part: str) -> str:
    """No DOCTYPE where none may stand: some reader might take it for one all the same."""
    return part.replace(_DOCTYPE, "&lt;!DOCTYPE")


def _without_doctype(text: str) -> str:
    """The text without any DOCTYPE before the root, behind however many comments."""
    kept: list[str] = []
    start = at = 0
    while len(kept) < _MAX_DOCTYPES:
        at += len(text[at : at + 4096]) - len(text[at : at + 4096].lstrip())
        closing = "-->" if text.startswith("<!--", at) else "?>"
        if text[at : at + 9].upper() == _DOCTYPE:
            kept.append(text[start:at])
            start = at = _end_of_doctype(text, at)
        elif text.startswith(("<!--", "<?"), at) and (end := text.find(closing, at + 2)) > 0:
            at = end + len(closing)
        elif not text[at : at + 1].isspace():
            break
    if kept:
        return "".join((*kept, text[start:]))
    found = re.search(r"<!DOCTYPE\b", text[:20_000], re.I)  # after something that is no XML
    return text[: found.start()] + text[_end_of_doctype(text, found.start()) :] if found else text


def _end_of_doctype(text: str, start: int) -> int:
    """Where the DOCTYPE ends; where nothing ends it, after its keyword."""
    opening = re.compile(r"[\[>]").search(text, start)
    if opening is None:
        return start + len(_DOCTYPE)
    if opening.group() == ">":
        return opening.end()
    closing = re.compile(r"\]\s*+>").search(text, opening.end())
    return closing.end() if closing else start + len(_DOCTYPE)


def _referred(match: re.Match[str], unknown: str | None) -> str:
    """What a reference stands for; `unknown` is put for entities that nobody knows."""
    number, name = match.group(1), match.group(2)
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        if code in (0x26, 0x3C, 0x3E, 0x22, 0x27, 0x0D):  # a bare CR would be read as a LF
            return match.group()
        if 0x80 <= code <= 0x9F:  # numbers that mean Windows-1252, as every browser reads them
            return bytes([code]).decode("cp1252", errors="replace")
        if code > 0x10FFFF or not code:
            return "\ufffd"
        return _FORBIDDEN.sub("\ufffd", chr(code))
    if name:
        known = html.unescape(f"&{name};")
        if not known.startswith("&"):
            return known
        return f"&amp;{name};" if unknown is None else unknown
    return "&amp;"
