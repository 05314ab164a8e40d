"""What is left out because it stood in the last document is all that a whole reading finds old."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, Last, NotAFeed
from monitor.parse.pieces import pieces_of
from tests.monitor.parse.feedshapes import feeds

FEEDS = Path(__file__).parents[4] / "shared" / "feeds"
HINTS = Hints(url="https://feeds.example/news/rss.xml", timezone="Asia/Bangkok")
HEAD = (
    '<rss version="2.0"><channel><title>Office</title><link>https://office.example/</link>'
    "<lastBuildDate>Sat, 14 Mar 2026 06:00:00 GMT</lastBuildDate>"
)
TAIL = "</channel></rss>"


def story(number: int, words: str = "Rivers rise", more: str = "") -> str:
    return (
        f"<item><title>{words} {number}</title><link>https://office.example/{number}</link>"
        f"<guid>https://office.example/{number}</guid>"
        f"<pubDate>Sat, 14 Mar 2026 06:{number:02}:00 GMT</pubDate>{more}</item>"
    )


def feed(*entries: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    return "\n".join((head, *entries, tail)).encode()


def last_of(document: Document) -> Last:
    marks = [entry.mark for entry in document.entries if entry.mark is not None]
    return Last(document.around, {mark.digest: mark.claims for mark in marks})


def read(body: bytes, hints: Hints = HINTS) -> Document | str:
    try:
        return parse(body, hints)
    except NotAFeed as refused:
        return refused.state


def by_digest(entry: Entry) -> bytes | None:
    return entry.mark.digest if entry.mark is not None else None


def left_out(before: bytes, after: bytes, hints: Hints = HINTS) -> int:
    """How many entries of `after` need no reading; all else must be as a whole reading tells it."""
    first, whole = read(before, hints), read(after, hints)
    if isinstance(first, str):
        return 0
    rest = read(after, replace(hints, last=last_of(first)))
    if isinstance(whole, str) or isinstance(rest, str):
        assert rest == whole
        return 0
    for name in (field.name for field in fields(Document)):
        if name not in ("entries", "kept"):
            assert getattr(rest, name) == getattr(whole, name), name
    old = {by_digest(entry): entry for entry in first.entries}
    kept = [entry for entry in whole.entries if by_digest(entry) in rest.kept]
    assert len(set(rest.kept)) == len(rest.kept) == len(kept)
    for entry in kept:
        assert entry == old[by_digest(entry)]
        assert entry.mark == old[by_digest(entry)].mark
    others = [entry for entry in whole.entries if by_digest(entry) not in rest.kept]
    assert list(rest.entries) == others
    assert [entry.mark for entry in rest.entries] == [entry.mark for entry in others]
    return len(rest.kept)


def test_one_new_entry_of_four_is_all_that_is_read() -> None:
    old = [story(number) for number in range(3)]
    assert left_out(feed(*old), feed(story(3), *old)) == 3


def test_a_changed_an_absent_and_a_moved_entry_leave_the_others_out() -> None:
    old = [story(number) for number in range(5)]
    changed = feed(old[4], old[0], story(1, "Rivers fall"), old[2])
    assert left_out(feed(*old), changed) == 3


def test_a_new_date_of_the_whole_feed_leaves_its_entries_out() -> None:
    old = [story(number) for number in range(3)]
    assert left_out(feed(*old), feed(*old, head=HEAD.replace("06:00:00", "07:00:00"))) == 3


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("office.example/<", "other.example/<"),
        HEAD.replace("<title>", "<language>th</language><title>"),
        HEAD.replace('"2.0"', '"2.0" xml:lang="th"'),
        HEAD.replace('"2.0"', '"2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'),
    ],
)
def test_a_feed_that_hands_down_something_else_is_read_whole(head: str) -> None:
    old = [story(number) for number in range(3)]
    assert left_out(feed(*old), feed(*old, story(4), head=head)) == 0


@pytest.mark.parametrize(
    "change",
    [{"timezone": "UTC"}, {"language": "th"}, {"reading": "2"}, {"url": "https://a.example/"}],
)
def test_another_way_of_reading_reads_all(change: dict[str, str]) -> None:
    old = [story(number) for number in range(3)]
    first = parse(feed(*old), HINTS)
    other = parse(feed(*old, story(4)), replace(HINTS, last=last_of(first), **change))
    assert other.kept == ()
    assert len(other.entries) == 4


def test_an_entry_that_claims_the_id_of_an_old_one_is_read_with_it() -> None:
    old = [story(number) for number in range(3)]
    reused = story(7).replace("<guid>https://office.example/7", "<guid>https://office.example/1")
    assert left_out(feed(*old), feed(reused, *old)) == 0


def test_an_entry_that_stands_there_twice_is_read_with_its_double() -> None:
    old = [story(number) for number in range(3)]
    assert left_out(feed(*old), feed(*old, old[1])) == 0


def test_entries_that_share_an_id_are_read_each_time_and_the_others_left_out() -> None:
    shared = [
        story(7),
        story(8).replace("<guid>https://office.example/8", "<guid>https://office.example/7"),
    ]
    old = [story(number) for number in range(3)]
    assert left_out(feed(*old, *shared), feed(story(5), *old, *shared)) == 3
    assert left_out(feed(*old, *shared), feed(*old, shared[0])) == 3


@pytest.mark.parametrize(
    "after",
    [
        feed(story(3), "<!--", story(0), "-->", story(1)),
        feed(story(3), "<description><![CDATA[", story(0), "]]></description>", story(1)),
        feed(story(3), "<own>", story(0), "</own>", story(1)),
        feed(story(3), '<own a="', story(0), '"/>', story(1)),
        feed(story(3), "<item>", story(0), "</item>", story(1)),
        feed(story(3), "said between", story(0), story(1)),
        feed(story(3), story(0), story(1), "<item/>"),
        feed(story(3), story(0), "<item ><title>A</title></item >", story(1)),
        feed(story(3), story(0), story(1), tail="</channel>"),
        feed(story(3), story(0), story(1), tail="</channel></rss><rss/>"),
        feed(story(3).replace("</item>", "<![CDATA[</item>\n<item>]]></item>"), story(0), story(1)),
        feed(story(3, more="<!--</item><item>-->"), story(0), story(1)),
    ],
)
def test_what_only_looks_like_an_old_entry_is_read_with_all_the_rest(after: bytes) -> None:
    assert left_out(feed(*map(story, range(3))), after) == 0


def test_an_entry_with_a_cap_alert_beside_old_ones_is_read_with_them() -> None:
    cap = (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier>'
        "<sender>office.example</sender><sent>2026-03-14T06:00:00Z</sent></alert>"
    )
    old = [story(number) for number in range(3)]
    assert left_out(feed(*old), feed(story(3, more=cap), *old)) == 0


def test_a_document_without_any_entry_of_before_is_read_whole() -> None:
    assert left_out(feed(story(1)), feed(story(2), story(3))) == 0


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the real documents are not part of the project")
def test_real_documents_without_some_entries_or_with_changed_ones_read_as_a_whole() -> None:
    random, spared = Random(7), 0  # noqa: S311 - not for secrets
    for path in sorted(FEEDS.glob("*.xml")):
        body = path.read_bytes()
        try:
            text = body.decode()
        except UnicodeDecodeError:
            continue
        pieces = pieces_of(text)
        if pieces is None or len(body) > 400_000:
            continue
        some = [each for each in pieces.entries if random.random() < 0.7]
        first = "".join((pieces.head, *some, pieces.tail)).encode()
        spared += left_out(first, body) > 0
        mixed = [each.replace("the", "The") if random.random() < 0.2 else each for each in some]
        random.shuffle(mixed)
        left_out(body, "".join((pieces.head, *mixed, pieces.tail)).encode())
    assert spared >= 10


@given(
    st.lists(feeds(), min_size=2, max_size=3),
    st.lists(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=6),
        min_size=2,
        max_size=2,
    ),
    st.sampled_from([(0, 0), (0, 1)]),
    st.sampled_from([HINTS, Hints()]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_built_documents_of_any_entries_of_before_read_as_a_whole(
    bodies: list[bytes], chosen: list[list[tuple[int, int]]], heads: tuple[int, int], hints: Hints
) -> None:
    cut = [pieces for body in bodies if (pieces := pieces_of(body.decode())) is not None]
    if not cut:
        return
    cut = [each for each in cut if each.name == cut[0].name]
    documents = []
    for places, head in zip(chosen, heads, strict=True):
        around = cut[head % len(cut)]
        texts = [
            one.entries[place % len(one.entries)]
            for source, place in places
            for one in (cut[source % len(cut)],)
        ]
        documents.append("\n".join((around.head, *texts, around.tail)).encode())
    left_out(documents[0], documents[1], hints)
    left_out(documents[0], documents[0], hints)
