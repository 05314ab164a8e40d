"""What our own reader of RSS and Atom takes, and what it leaves to feedparser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable

import pytest
from feedparser.mixin import _FeedParserMixin

from monitor.parse import fastnames
from monitor.parse.bounds import MAX_ALIKE, MAX_ATTRIBUTES, MAX_PERSON
from monitor.parse.entry import Document, Hints
from tests.monitor.parse.feedshapes import SPACES
from tests.monitor.parse.test_fast_agreement import HINTS, is_read_fast, outcome

_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
_ITEM = """<title>Flood</title><link>https://news.example/1</link><guid>a1</guid>
<pubDate>Sat, 14 Mar 2026 06:00:00 GMT</pubDate>
<description>Rivers &lt;b&gt;rise&lt;/b&gt;</description>
<dc:creator>Press office</dc:creator><category>Water</category>"""


def rss(item: str = "", channel: str = "", root: str = "", head: str = "") -> bytes:
    return (
        f'{head}<rss version="2.0" {SPACES} {root}><channel><title>News</title>{channel}'
        f"<item>{_ITEM}{item}</item></channel></rss>"
    ).encode()


def atom(entry: str = "", root: str = "") -> bytes:
    return (
        f"<feed {_ATOM} {SPACES} {root}><title>News</title><id>urn:x</id>"
        f'<entry><title>Flood</title><link href="https://news.example/1"/><id>urn:a</id>'
        f"<updated>2026-03-14T06:00:00Z</updated>{entry}</entry></feed>"
    ).encode()


FAST = {
    "rss": rss(),
    "atom": atom(),
    "language": rss(channel="<language>th</language>", root='xml:lang="en"'),
    "full text": rss("<content:encoded>Longer</content:encoded>"),
    "picture": rss("<media:group><media:title>Photo</media:title></media:group>"),
    "extension": rss("<own:level code='2'>High</own:level>"),
    "place": rss("<georss:point>17.9 102.6</georss:point>"),
    "cap fields": atom("<cap:event>Flood</cap:event><cap:severity>Severe</cap:severity>"),
    "author": atom("<author><name>Desk</name><email>desk@office.example</email></author>"),
    "mail": rss("<author>desk@office.test (Desk)</author>"),
    "second summary": rss("<summary>again</summary>"),
    "comment": rss("<!-- said beside -->"),
    "style sheet": rss(head='<?xml version="1.0"?><?xml-stylesheet href="/x.xsl"?>'),
    "own namespace in the middle": rss(
        '<late:x xmlns:late="https://feeds.example/late">1</late:x>'
    ),
}
SLOW = {
    "not well-formed": rss("<b>"),
    "entity of a DTD": rss(head='<!DOCTYPE rss [<!ENTITY a "b">]>', item="<own:x>&a;</own:x><b>"),
    "base address": rss('<own:x xml:base="https://other.example/">1</own:x>'),
    "base without prefix": rss('<own:x base="https://other.example/">1</own:x>'),
    "base of the root": atom(root='xml:base="https://other.example/"'),
    "nested entry": rss("<item><title>Inner</title></item>"),
    "entry in an extension": rss("<own:x><entry>1</entry></own:x>"),
    "entry of another namespace": rss("<own:item>1</own:item>"),
    "xhtml": atom('<content type="xhtml"><div>a</div></content>'),
    "base64": atom('<content type="image/png">aGk=</content>'),
    "base64 as mode": atom('<content mode="base64">aGk=</content>'),
    "markup in a title": rss("<title>a<b>b</b></title>"),
    "comment in a title": rss("<title>a<!-- b -->c</title>"),
    "two titles of the feed": rss(channel="<title>Again</title>"),
    "unreadable date": rss("<dc:date>soon</dc:date>"),
    "another name for a date": rss("<date>2026-03-14</date>"),
    "name that feedparser uses": rss("<title_detail>x</title_detail>"),
    "prefix that feedparser uses": rss('<psc:x xmlns:psc="https://feeds.example/p">1</psc:x>'),
    "prefix with two meanings": rss('<own:x xmlns:own="https://feeds.example/other">1</own:x>'),
    "known namespace under a wrong prefix": rss(root='xmlns:cc="http://search.yahoo.com/mrss"'),
    "default namespace in the middle": rss('<x xmlns="https://feeds.example/x">1</x>'),
    "namespace that only feedparser knows": rss(
        '<a:b xmlns:a="http://xmlns.com/foaf/0.1/">1</a:b>'
    ),
    "page in xhtml": rss('<h:body xmlns:h="http://www.w3.org/1999/xhtml">a</h:body>'),
    "picture of an entry with parts": rss("<image><title>a</title></image>"),
    "odd part of a picture": rss(channel="<image><own:x>1</own:x></image>"),
    "text input": rss(channel="<textInput><title>a</title></textInput>"),
    "two kinds of authors": rss(
        '<a:author xmlns:a="http://www.w3.org/2005/Atom"><a:name>B</a:name></a:author>'
    ),
    "author without a name": atom("<author><email>desk@office.example</email></author>"),
    "mail address that feedparser cuts": rss("<author>desk@office.example (Desk)</author>"),
    "odd mail address": rss("<author>Desk &lt;desk@office.example&gt;</author>"),
    "link under another attribute": rss('<link url="https://news.example/2"/>'),
    "attributes in capitals": rss('<link HREF="https://news.example/2"/>'),
    "attribute of an extension": rss('<link own:href="https://news.example/2"/>'),
    "position without a point": rss("<gml:pos>1 2</gml:pos>"),
    "shape of GML": rss("<gml:Polygon>1 2</gml:Polygon>"),
    "language around others": rss(
        '<media:group lang="th"><media:title>a</media:title></media:group>'
    ),
    "about": rss().replace(b"<item>", b'<item xmlns:r="urn:r" r:about="https://news.example/9">'),
    "podcast": rss(channel="<itunes:owner><itunes:name>Desk</itunes:name></itunes:owner>"),
    "summary of the feed": rss(channel="<itunes:summary>All</itunes:summary>"),
    "keywords": rss("<media:keywords>a, b</media:keywords>"),
    "instruction": rss("<?php 1 ?>"),
    "two channels": rss().replace(b"</rss>", b"<channel/></rss>"),
    "long name": rss(f"<dc:creator>{'x' * (MAX_PERSON + 1)}</dc:creator>"),
    "many attributes": rss(
        "<own:x " + " ".join(f'a{n}="1"' for n in range(MAX_ATTRIBUTES + 1)) + "/>"
    ),
    "many alike": rss("<category>a</category>" * (MAX_ALIKE + 1)),
    "alert inside": atom(
        '<content type="text/xml"><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/></content>'
    ),
    "rss 1.0": rss().replace(b'version="2.0"', b'version="2.0" xmlns="http://purl.org/rss/1.0/"'),
    "atom 0.3": atom().replace(b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#"),
    "another root": rss().replace(b"<rss", b"<RSS").replace(b"</rss", b"</RSS"),
    "name beyond ASCII": rss("<\u0e01>1</\u0e01>"),
}


@pytest.mark.parametrize("body", FAST.values(), ids=FAST)
def test_an_ordinary_feed_is_read_fast_with_the_same_result(body: bytes) -> None:
    assert is_read_fast(body)
    for hints in HINTS:
        fast = outcome(body, hints, quick=True)
        assert isinstance(fast, Document)
        assert fast == outcome(body, hints, quick=False)


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
def test_what_feedparser_treats_in_its_own_way_is_left_to_it(body: bytes) -> None:
    assert not is_read_fast(body)
    for hints in HINTS:
        assert outcome(body, hints, quick=True) == outcome(body, hints, quick=False)


@pytest.mark.parametrize("url", ["news/rss.xml", "https://a.example/x;y", "file:///tmp/rss.xml"])
def test_a_feed_of_an_odd_address_is_left_to_feedparser(url: str) -> None:
    hints = Hints(url=url)
    assert not is_read_fast(rss(), hints)
    assert outcome(rss(), hints, quick=True) == outcome(rss(), hints, quick=False)


def test_a_feed_whose_own_link_is_no_address_is_read_all_the_same() -> None:
    for quick in (True, False):
        found = outcome(rss(channel="<link>https://[::1</link>"), Hints(), quick=quick)
        assert isinstance(found, Document)
        assert [entry.values.title for entry in found.entries] == ["Flood"]


def test_the_reference_parser_is_not_even_imported_for_an_ordinary_feed() -> None:
    code = (
        "import sys; from monitor.parse.document import parse;"
        "from monitor.parse.entry import Hints;"
        "parse(sys.stdin.buffer.read(), Hints()); print('feedparser' in sys.modules)"
    )
    for body, loaded in ((rss(), b"False"), (rss("<date>2026-03-14</date>"), b"True")):
        done = subprocess.run(
            [sys.executable, "-c", code], input=body, capture_output=True, check=True
        )
        assert done.stdout.strip() == loaded


def handled() -> Iterable[str]:
    """Every name to which the installed feedparser gives a meaning of its own."""
    for name in dir(_FeedParserMixin):
        match = re.match(r"_(?:start|end)_(\w+)", name)
        if match:
            yield match.group(1).lower()


def test_every_name_that_feedparser_handles_is_known_or_refused() -> None:
    prefixes = fastnames.RESERVED_PREFIXES
    for name in handled():
        prefix, _, rest = name.partition("_")
        if rest:
            assert prefix in prefixes
        else:
            tables = (fastnames.ENTRY, fastnames.FEED)
            assert any(name in table for table in tables) or name in fastnames.RESERVED_NAMES
            for table in tables:
                assert name in table or name in fastnames.RESERVED_NAMES or name in HARMLESS, name


HARMLESS = frozenset(("enclosure",))  # feedparser only notes a link; of a feed, nobody asks for it


def test_every_namespace_that_feedparser_knows_is_known_or_refused() -> None:
    for uri, prefix in _FeedParserMixin.namespaces.items():
        known = fastnames.known_namespace(uri)
        assert known in (None, prefix)
        assert known is not None or not uri or fastnames.foreign_namespace(uri), uri
        assert not prefix or prefix.lower() in fastnames.RESERVED_PREFIXES


def test_elements_of_a_prefix_that_feedparser_handles_one_by_one_are_listed_or_refused() -> None:
    for name in handled():
        prefix, _, rest = name.partition("_")
        full = f"{prefix}:{rest}"
        if not rest or prefix not in fastnames.OPEN:
            continue
        for table in (fastnames.ENTRY, fastnames.FEED):
            assert full in table or full in fastnames.CLOSED, full
