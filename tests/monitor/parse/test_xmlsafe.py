from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Hints, NotAFeed
from monitor.parse.xmlsafe import read_xml, text_of


def titles(text: str) -> list[str]:
    return [entry.values.title for entry in parse(text.encode(), Hints()).entries]


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not show")
    document = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss><channel><item><title>a&x;b</title></item></channel></rss>"
    )
    assert titles(document) == ["ab"]


def test_an_entity_bomb_stays_small() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    document = (
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss><channel>'
        "<item><title>a&l9;</title></item></channel></rss>"
    )
    assert titles(document) == ["a"]


def test_a_harmless_doctype_is_read_over() -> None:
    document = (
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://dtd.example/rss.dtd">'
        "<rss version='0.91'><channel><item><title>a&nbsp;&eacute;</title></item></channel></rss>"
    )
    assert titles(document) == ["a é"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("a&#xD800;b", "a\ufffdb"),
        ("quote &#146; here", "quote ’ here"),
        ("AT&T &unknown; now", "AT&T &unknown; now"),
        ("a\x08b", "ab"),
        ("<![CDATA[a & b &eacute;]]>", "a & b é"),
        ("&#99999999;", "\ufffd"),
    ],
    ids=["surrogate", "windows number", "bare ampersand", "control", "cdata", "too large"],
)
def test_faults_inside_text_are_repaired(inside: str, expected: str) -> None:
    assert titles(f"<rss><channel><item><title>{inside}</title></item></channel></rss>") == [
        expected
    ]


def test_a_declaration_after_a_comment_is_no_fault() -> None:
    xml = read_xml("<!-- c -->\n<?xml version = '1.0' encoding='utf-8'?>\n<a>x</a>")
    assert not xml.broken
    assert text_of(xml.root) == "x"


def test_a_missing_end_is_told() -> None:
    xml = read_xml("<rss><channel><item><title>x</title></item><item><tit")
    assert xml.broken
    assert xml.cut
    assert any("not well-formed" in note for note in xml.notes)


def test_a_cut_document_gives_what_it_has_and_says_so() -> None:
    document = parse(b"<rss><channel><item><title>x</title></item><item><title>y", Hints())
    assert document.partly
    assert document.entries[0].values.title == "x"


def test_a_document_cut_before_its_first_entry_is_truncated() -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(b"<rss><channel><title>a", Hints())
    assert caught.value.state == "truncated"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item><title>x</title><author>"
        + b"a" * 200_000
        + b"</author></item></channel></rss>",
        b"<rss><channel><item><title>x</title><author>"
        + b"a" * 200_000
        + b"</author></item><b></channel></rss>",
        b"<rss><channel><item "
        + b" ".join(b'a%d="1"' % n for n in range(20_000))
        + b"><title>x</title></item></channel></rss>",
        b"<rss><channel><item><title>" + b"<![CDATA[" * 100_000,
        b"<!---->" * 2000 + b"<x",
        b"<a>" * 100_000,
    ],
    ids=["author", "author in broken xml", "attributes", "open cdata", "comments", "depth"],
)
def test_known_slow_shapes_are_read_in_bounded_time(body: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(NotAFeed):
        parse(body, Hints())
    assert time.process_time() - started < 5
