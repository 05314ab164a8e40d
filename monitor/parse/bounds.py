"""What feedparser may be given: the document without what makes it run for seconds.

Its time grows with the square of an author field, of the attributes of a tag and, more slowly,
with the number of entries. Nothing an officer would read is lost by these cuts.
"""

from __future__ import annotations

import re

from lxml import etree

from monitor.parse.xmlsafe import Element, Xml, local

MAX_ENTRIES = 5000
_MAX_ATTRIBUTES = 60
_MAX_PERSON = 1000
_PEOPLE = frozenset(
    ("author", "contributor", "creator", "email", "managingEditor", "name", "owner", "publisher",
     "webMaster")
)  # fmt: skip
_LONG_PERSON = re.compile(
    r"(<(?:\w{1,20}:)?(?:" + "|".join(sorted(_PEOPLE)) + r")\b[^<>]{0,200}>"
    r"(?:<!\[CDATA\[)?[^<]{1000})[^<]+"
)
_LONG_TAG = re.compile(r"<([\w:]{1,60})\s[^<>]{20000,}>")
_ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.I)


def bounded(xml: Xml, entries: list[Element]) -> bytes:
    """The document as UTF-8, with at most MAX_ENTRIES of its `entries`.

    The tree is changed where it must be; a broken document is cut as text.
    """
    if xml.broken:
        return _bounded_text(xml.text).encode("utf-8", errors="replace")
    touched = False
    for entry in entries[MAX_ENTRIES:]:
        parent = next(entry.iterancestors(), None)
        if parent is not None:
            parent.remove(entry)
            touched = True
    for element in xml.root.iter():
        if not isinstance(element.tag, str):
            continue
        if len(element.attrib) > _MAX_ATTRIBUTES:
            for name in list(element.attrib)[_MAX_ATTRIBUTES:]:
                del element.attrib[name]
            touched = True
        if local(element) in _PEOPLE and len(element.text or "") > _MAX_PERSON:
            element.text = (element.text or "")[:_MAX_PERSON]
            touched = True
    if not touched:
        return xml.text.encode("utf-8", errors="replace")
    return bytes(etree.tostring(xml.root, encoding="utf-8"))


def _bounded_text(text: str) -> str:
    text = _LONG_PERSON.sub(r"\1", text)
    text = _LONG_TAG.sub(r"<\1>", text)
    for count, end in enumerate(_ENTRY_END.finditer(text), start=1):
        if count == MAX_ENTRIES:
            return text[: end.end()]
    return text
