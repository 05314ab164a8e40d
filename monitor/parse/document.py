"""`parse`: bytes in, a document out, or the named reason why there is none."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from lxml import etree

from monitor.parse import cap, sniff
from monitor.parse.advice.japan import read_mofa_japan
from monitor.parse.capxml import Signatures, alerts_in, not_operational, read_alert
from monitor.parse.encoding import decode
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.feeds import read_feed, read_rest
from monitor.parse.identity import finish_all
from monitor.parse.jma import read_jma
from monitor.parse.jsonparts import Json
from monitor.parse.jsonroute import read_json
from monitor.parse.text import cut, tidy, title_text
from monitor.parse.tmd import read_tmd
from monitor.parse.xmlsafe import Xml, read_xml

_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89abAB-F])")
# Where a feed begins that a fault of its server's program has put its own words before.
_LATE_START = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:RDF)[\s>]", re.I)
LIMIT_BYTES = 8 * 1024 * 1024
JSON_LIMIT_BYTES = 16 * 1024 * 1024
# Twice and more what honest documents of that size hold; a count takes milliseconds.
MAX_JSON_PARTS = 1_000_000  # lists and objects
MAX_JSON_COMMAS = 3_000_000
MAX_TAGS = 1_500_000  # opening and closing ones
_BEFORE_JSON = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"
_JSON_STARTS = (b"{", b"[")
# What hostile input can make the libraries raise; a parser must turn it into that feed's result.
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RecursionError,
    TypeError, ValueError, etree.LxmlError,
)  # fmt: skip


def parse(body: bytes, hints: Hints) -> Document:
    """The entries of a document of any format we know, decided by its content.

    Raises NotAFeed with a named state, and nothing else, whatever the bytes are.
    """
    try:
        return _parse(body, hints)
    except _FAULTS as fault:
        raise NotAFeed(
            "parse_error", f"The document cannot be read: {type(fault).__name__}."
        ) from fault


def _parse(body: bytes, hints: Hints) -> Document:
    most = JSON_LIMIT_BYTES if body[:64].lstrip(_BEFORE_JSON)[:1] in _JSON_STARTS else LIMIT_BYTES
    if len(body) > most:
        size, mib = len(body) / 2**20, most // 2**20
        raise NotAFeed("too_large", f"The document has {size:.1f} MiB; {mib} MiB are read at most.")
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"):
        raise NotAFeed("empty", "The answer is empty.")
    if body.startswith(b"\x1f\x8b"):
        raise NotAFeed("bad_encoding", "The answer is still compressed (gzip).")
    decoded = decode(body, hints)
    text = decoded.text.lstrip()
    if not text:
        raise NotAFeed("empty", "The answer is empty.")
    document = _by_shape(text, hints)
    notes, title = (*decoded.notes, *document.notes), title_text(document.title)
    if notes == document.notes and title == document.title:
        return document
    return replace(document, notes=notes, title=title)


def _by_shape(text: str, hints: Hints, *, again: bool = False) -> Document:
    if text[0] in "{[":
        if text.count("[") + text.count("{") > MAX_JSON_PARTS or text.count(",") > MAX_JSON_COMMAS:
            raise _too_many("JSON document", "lists, objects and values")
        return read_json(_loaded(text), hints)
    if hints.format == "page" and hints.selector:
        return _read_page(text, hints)
    if sniff.is_page(text):
        raise sniff.refuse_page(text, hints.url)
    if "<" not in text[:4000]:
        raise NotAFeed(
            "not_a_feed", f'Neither XML nor JSON came, but "{cut(tidy(text[:200]), 60)}".'
        )
    if text.count("<") > MAX_TAGS:
        raise _too_many("document", "elements")
    late = None if again else _LATE_START.search(text, 1, 8000)
    if late is not None and text[0] != "<":
        return _from(late.start(), text, hints)
    if hints.last is not None and (rest := read_rest(text, hints)) is not None:
        return rest
    xml = read_xml(text)
    kind = sniff.route(xml.root)
    if kind == "feed":
        return read_feed(xml, hints)
    if kind in ("cap", "edxl"):
        return _read_cap(xml, hints)
    if kind == "jma":
        return read_jma(xml, hints)
    if kind == "mofa_japan":
        return read_mofa_japan(xml, hints)
    if kind == "tmd":
        return read_tmd(xml, hints)
    if kind == "page":
        raise sniff.refuse_page(text, hints.url)
    if alerts_in(xml.root):
        return _read_cap(xml, hints)
    if late is not None:
        return _from(late.start(), text, hints)
    name = tidy(str(xml.root.tag))[:80]
    # an interface's own error message, often
    words = cut(tidy(" ".join(map(str, xml.root.itertext()))[:600]), 200)
    said = f': "{words}"' if words else "."
    raise NotAFeed("not_a_feed", f"An XML document with the root <{name}> is no feed we know{said}")


def _read_page(text: str, hints: Hints) -> Document:
    from monitor.parse.page import read_page  # its library only where a list has such a feed

    refused = sniff.refuse_page(text, hints.url)
    if refused.state != "not_a_feed":  # a login or a check for robots came in its place
        raise refused
    return read_page(text, hints)


def _too_many(what: str, parts: str) -> NotAFeed:
    """Told before anything is read: millions of tiny parts cost far more than their bytes."""
    return NotAFeed("too_large", f"The {what} has too many elements: millions of {parts}.")


def _from(start: int, text: str, hints: Hints) -> Document:
    document = _by_shape(text[start:], hints, again=True)
    return replace(document, notes=(*document.notes, "something else stands before the feed"))


def _read_cap(xml: Xml, hints: Hints) -> Document:
    signatures = Signatures(hints)
    alerts = [read_alert(element, signatures) for element in alerts_in(xml.root)]
    if not alerts:
        if xml.cut:
            raise NotAFeed("truncated", "The document ends before its first alert.")
        raise NotAFeed("not_a_feed", "An alert envelope without any alert.")
    drafts = [cap.draft_of(alert, hints) for alert in alerts]
    mark = not_operational(xml.root)
    for draft in drafts:
        if mark and draft.status == "actual":
            draft.status = mark
    entries = finish_all(drafts, hints)
    return Document("cap", entries, partly=xml.cut, notes=(*xml.notes, *signatures.notes))


def _loaded(text: str) -> Json:
    try:
        data: Json = json.loads(text)
        return _without_unstorable(data) if _UNSTORABLE.search(text) else data
    except RecursionError as fault:
        raise NotAFeed("parse_error", "The JSON is nested too deeply.") from fault
    except ValueError as fault:
        state = "parse_error" if text.rstrip()[-1] in "}]" else "truncated"
        raise NotAFeed(state, f"The JSON cannot be read: {tidy(str(fault))[:150]}") from fault


def _without_unstorable(value: Json) -> Json:
    """The same JSON without NUL and lone surrogates, which no database takes."""
    if isinstance(value, str):
        return re.sub("[\x00\ud800-\udfff]", "", value)
    if isinstance(value, list):
        return [_without_unstorable(item) for item in value]
    if isinstance(value, dict):
        return {
            re.sub("[\x00\ud800-\udfff]", "", name): _without_unstorable(item)
            for name, item in value.items()
        }
    return value
