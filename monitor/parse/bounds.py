"""What feedparser may be given: the document without what makes it run for seconds.

Its time grows with the square of an author field, of the attributes of a tag, of the categories
of an entry and of nested base addresses and, more slowly, with the number of entries and tags.
Nothing an officer would read is lost by these cuts.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from lxml import etree

from monitor.parse.xmlsafe import Element, Xml, local, text_of

MAX_ENTRIES = 5000
MAX_ATTRIBUTES = 60
MAX_PERSON = 1000
MAX_ALIKE = 300  # children of one name in one parent, entries apart
MAX_ELEMENTS = 100_000
_MAX_DEPTH = 200
PEOPLE = frozenset(
    ("author", "contributor", "creator", "email", "managingEditor", "name", "owner", "publisher",
     "webMaster")
)  # fmt: skip
_ENTRIES = frozenset(("item", "entry"))
_LONG_PERSON = re.compile(
    r"(<(?:\w{1,20}:)?(?:" + "|".join(sorted(PEOPLE)) + r")\b[^<>]{0,200}>"
    r"(?:<!\[CDATA\[)?[^<]{1000})[^<]+"
)
_LONG_TAG = re.compile(r"<([\w:]{1,60})\s[^<>]{20000,}>")
_ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.I)
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]*+(?::[\w.-]++)?+)[^<>]*+>")


def bounded(xml: Xml, entries: list[Element]) -> bytes:
    """The document as UTF-8, with at most MAX_ENTRIES of its `entries`.

    The tree is changed where it must be; a broken document is cut as text, and only where that
    text is beyond all measure does feedparser get what lxml made of it.
    """
    if xml.broken and not _excessive(xml.text):
        return _bounded_text(xml.text).encode("utf-8", errors="replace")
    touched = xml.broken
    for entry in entries[MAX_ENTRIES:]:
        parent = next(entry.iterancestors(), None)
        if parent is not None:
            parent.remove(entry)
            touched = True
    elements = list(islice(xml.root.iter(), MAX_ELEMENTS))
    if len(elements) == MAX_ELEMENTS:
        _end_after(elements[-1])
        touched = True
    for element in elements:
        if isinstance(element.tag, str):
            touched = _bound(element) or touched
    if not touched:
        return xml.text.encode("utf-8", errors="replace")
    return bytes(etree.tostring(xml.root, encoding="utf-8"))


def _end_after(last: Element) -> None:
    """Take away all that follows `last` in the document."""
    for part in list(last):
        last.remove(part)
    inner = last
    for parent in last.iterancestors():
        parts = list(parent)
        for part in parts[parts.index(inner) + 1 :]:
            parent.remove(part)
        inner = parent


def _bound(element: Element) -> bool:
    """Cut one element's attributes, children and names; True if there was anything to cut."""
    touched = False
    if len(element.attrib) > MAX_ATTRIBUTES:
        for name in list(element.attrib)[MAX_ATTRIBUTES:]:
            del element.attrib[name]
        touched = True
    if len(element) > MAX_ALIKE:
        alike: Counter[str] = Counter()
        for part in list(element):
            name = local(part)
            alike[name] += 1
            if alike[name] > MAX_ALIKE and name not in _ENTRIES:
                element.remove(part)
                touched = True
    if local(element) in PEOPLE and (len(element) or len(element.text or "") > MAX_PERSON):
        said = text_of(element)
        if len(said) > MAX_PERSON:
            for part in list(element):
                element.remove(part)
            element.text = said[:MAX_PERSON]
            touched = True
    return touched


def _excessive(text: str) -> bool:
    """Whether broken XML is nested too deeply, or has too much of what costs feedparser dear."""
    opened: list[str] = []
    alike: Counter[str] = Counter()  # since the last beginning of an entry
    person = -1  # where the outermost name of a person began
    for count, tag in enumerate(_TAG.finditer(text)):
        name = tag.group(2).rpartition(":")[2]
        if count > MAX_ELEMENTS or (0 <= person < tag.start() - 2 * MAX_PERSON):
            return True
        if name in _ENTRIES:
            alike.clear()
        alike[name] += not tag.group(1)
        if name in ("category", "subject", "keywords") and alike[name] > MAX_ALIKE:
            return True
        if tag.group().endswith("/>"):
            continue
        if not tag.group(1):
            opened.append(name)
            if name in PEOPLE and person < 0:
                person = tag.end()
            if len(opened) > _MAX_DEPTH:
                return True
        elif name in opened:
            while opened.pop() != name:
                pass
            if not PEOPLE.intersection(opened):
                person = -1
    return False


def _bounded_text(text: str) -> str:
    text = _LONG_PERSON.sub(r"\1", text)
    text = _LONG_TAG.sub(r"<\1>", text)
    for count, end in enumerate(_ENTRY_END.finditer(text), start=1):
        if count == MAX_ENTRIES:
            return text[: end.end()]
    return text
