"""Both readers of RSS and Atom give the same documents: on real ones and on built ones."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.parse.encoding import decode
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.fast import read
from monitor.parse.feeds import read_feed
from monitor.parse.sniff import route
from monitor.parse.xmlsafe import Xml, read_xml
from tests.monitor.parse.feedshapes import feeds

FEEDS = Path(__file__).parents[4] / "shared" / "feeds"
HINTS = (Hints(), Hints(url="https://feeds.example/news/rss.xml", timezone="Asia/Bangkok"))


def xml_of(body: bytes) -> Xml:
    return read_xml(decode(body, Hints()).text)


def outcome(body: bytes, hints: Hints, *, quick: bool) -> Document | tuple[str, str]:
    try:
        return read_feed(xml_of(body), hints, quick=quick)
    except NotAFeed as refused:
        return refused.state, refused.detail


def is_read_fast(body: bytes, hints: Hints = HINTS[1]) -> bool:
    xml = xml_of(body)
    return read(xml, list(xml.root.iter("{*}item", "{*}entry")), hints) is not None


def names() -> list[str]:
    if not (FEEDS / "INDEX.tsv").exists():
        return []
    with (FEEDS / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["file"] for row in rows if row["file"].endswith(".xml")]


@pytest.mark.skipif(
    not (FEEDS / "INDEX.tsv").exists(), reason="the real documents are not part of the project"
)
@pytest.mark.parametrize("name", names())
def test_both_readers_give_the_same_document_of_a_real_feed(name: str) -> None:
    body = (FEEDS / name).read_bytes()
    if route(xml_of(body).root) != "feed":
        pytest.skip("not RSS or Atom")
    for hints in HINTS:
        assert outcome(body, hints, quick=True) == outcome(body, hints, quick=False)


@pytest.mark.skipif(
    not (FEEDS / "INDEX.tsv").exists(), reason="the real documents are not part of the project"
)
def test_most_real_feeds_are_read_fast() -> None:
    bodies = [(FEEDS / name).read_bytes() for name in names()]
    found = [is_read_fast(body) for body in bodies if route(xml_of(body).root) == "feed"]
    assert sum(found) > len(found) / 2


@given(feeds(), st.sampled_from(HINTS))
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
def test_both_readers_give_the_same_document_of_a_built_feed(body: bytes, hints: Hints) -> None:
    assert outcome(body, hints, quick=True) == outcome(body, hints, quick=False)
