"""The short ways through dates, texts, links and pickling say what the long ways say."""

from __future__ import annotations

import pickle
import re
import unicodedata
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse import text
from monitor.parse.dates import read_date
from monitor.parse.document import parse
from monitor.parse.drills import labelled
from monitor.parse.entry import Hints
from monitor.parse.fastdates import usual_time
from monitor.parse.fastpack import packed, unpacked
from monitor.parse.fasttext import simply_stripped
from monitor.parse.links import absolute, identity, names_a_page
from monitor.parse.text import tidy
from monitor.parse.xmlsafe import repair
from tests.monitor.parse.test_fast import FAST

_AT = st.builds(
    lambda at, minutes: at.replace(tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(datetime(1890, 1, 1), datetime(2110, 1, 1)),  # noqa: DTZ001 - the zone comes next
    st.integers(-14 * 60, 14 * 60),
)
_ZONES = ("UTC", "Asia/Bangkok", "Europe/London", "Asia/Jerusalem", "Africa/Abidjan")
_DATES = st.one_of(
    _AT.map(format_datetime),
    _AT.map(lambda at: format_datetime(at).replace("+0000", "GMT")),
    _AT.map(lambda at: at.replace(microsecond=0).isoformat()),
    _AT.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"),
    st.sampled_from(
        ["Sat, 31 Feb 2026 06:00:00 GMT", "2026-02-30T06:00:00Z", "Sat, 14 Mär 2026 06:00:00 GMT",
         "2026-03-14T24:00:00Z", "2026-03-14T06:00:60Z", "2569-03-14T06:00:00Z",
         "0001-01-01T00:00:00Z"]
    ),
)  # fmt: skip
_TAGS = (
    "<p>", "</p>", "<P class='a b'>", "<div>", "</div>", "<br>", "<br/>", "</br>", "<b>", "</b>",
    '<a href="https://news.example/?a=1&amp;b=2">', "</a>", "<a href='x' title=\"y>\">",
    "<img src=x>",
    "<span\n class=\"c\">", "</span>", "<i>", "</i>", "<em>", "</strong>", "<li>", "</ul>", "<h1>",
    "<table>", "<td>", "<script>", "</script>", "<!-- c -->", "<", ">", "<3", "<p", "\"", "'", "=",
    "<a x'y=\"z' w>", "<u/>", "<DIV >", "<sub>", "<font color=red>", "<pre>\n", "<textarea>",
)  # fmt: skip
_REFERENCES = (
    "&amp;", "&lt;", "&gt;", "&nbsp;", "&#39;", "&#8217;", "&quot;", "&", "& ", "&copy;", "&copy2",
    "&#1;", "&amp;lt;", "&lt;b&gt;", "amp;", "lt;", "&#x2019;", "&apos;", "&notin;",
)  # fmt: skip
_WORDS = ("word", " ", "\n", "flood", "น้ำท่วม", "\u00a0", "a.b", "café", "\t", "x  y")
_MARKUP = st.lists(
    st.one_of(st.sampled_from(_WORDS), st.sampled_from(_TAGS[:27]),
              st.sampled_from(_REFERENCES[:8]), st.sampled_from(_TAGS),
              st.sampled_from(_REFERENCES)),
    max_size=14,
).map("".join)  # fmt: skip


@given(_DATES, st.sampled_from(_ZONES))
@settings(max_examples=400, deadline=None)
def test_a_usual_date_means_what_the_thorough_reading_says(raw: str, zone: str) -> None:
    usually, thoroughly = usual_time(raw), read_date(f" {raw}", zone)
    if usually is not None:
        assert thoroughly is not None
        assert (usually, ()) == (thoroughly.at, thoroughly.flags)
        assert usually.utcoffset() == timedelta(0)


def test_the_two_usual_ways_to_write_a_date_are_read_quickly() -> None:
    at = datetime.fromisoformat("2026-03-14T06:00:00Z")
    for raw in (
        "Sat, 14 Mar 2026 06:00:00 GMT", "Sat, 14 Mar 2026 13:00:00 +0700", "2026-03-14T06:00:00Z",
        "2026-03-14T13:00:00+07:00",
    ):  # fmt: skip
        assert usual_time(raw) == at


def by_sanitiser(markup: str) -> str:
    """What the markup comes to by the sanitiser alone, with white space collapsed."""
    cleaned = nh3.clean(
        markup, tags=text._BLOCKS, attributes={}, clean_content_tags=text._SILENT,
        strip_comments=True,
    )  # fmt: skip
    return tidy(text.html.unescape(re.sub(r"<[^<>]*>", " ", cleaned)))


@given(_MARKUP)
@settings(max_examples=1500, deadline=None)
def test_simple_markup_comes_off_as_the_sanitiser_takes_it_off(markup: str) -> None:
    simple = simply_stripped(markup)
    if simple is not None:
        assert tidy(text.html.unescape(simple)) == by_sanitiser(markup)


def test_paragraphs_and_links_are_simple_markup() -> None:
    said = '<p>Rivers rise &amp; fall.</p><p><a href="https://news.example/1">More</a></p>'
    assert simply_stripped(said) is not None
    assert text.plain(said) == "Rivers rise & fall. More"


@pytest.mark.parametrize(
    "markup",
    ["<script>x</script>", "a </div> b", "<p", "a &copy; b", "<!-- c -->", "<ul><li>a</ul>"],
)
def test_other_markup_is_left_to_the_sanitiser(markup: str) -> None:
    assert simply_stripped(markup) is None


def removed(line: str) -> str:
    """A line tidied character by character, by the rule itself."""
    line = text._NONCHARACTER.sub("", text._DROPPED.sub("", line))
    line = text._JOINER.sub(text._kept_joiner, line)
    return unicodedata.normalize("NFC", text._SPACE.sub(" ", line)).strip()


def test_every_character_is_tidied_as_the_rule_says() -> None:
    for start in (
        *range(0, 0x3200),
        *range(0xA000, 0xA100),
        *range(0xD800, 0x10000, 7),
        *range(0xE0000, 0xE0200),
        *range(0x1F000, 0x1F700),
        0xFFA0,
        0xFEFF,
        0x10FFFF,
    ):
        line = f" a  {chr(start)} b{chr(start)}c"
        assert tidy(line) == removed(line), hex(start)  # fmt: skip


@pytest.mark.parametrize(
    "link",
    ["https://www.news.example/a/b/", "http://news.example:8080/x", "https://news.example:443/",
     "http://news.example:80/a", "https://news.example/a@b", "https://a.example/%E0%B8%81/",
     "https://www.www.example//"],
)  # fmt: skip
def test_a_plain_link_is_read_as_any_other(link: str) -> None:
    for base in ("", "https://feeds.example/rss.xml"):
        assert absolute(link, base) == absolute(f" {link}", base) == link
    assert identity(link) == identity(f"{link}?utm_source=rss")
    assert names_a_page(link) is bool(link.partition("://")[2].partition("/")[2].strip("/"))


@given(st.lists(st.sampled_from(
    ["&lt;", "&amp;", "&copy;", "&#233;", "&", "&#x1;", "<![CDATA[&copy;]]>", "a", "\x01", "\ufffe",
     "<!DOCTYPE x>", "\ud800", "é", "&apos;", "\r\n"]
)).map("".join))  # fmt: skip
def test_repairing_a_document_twice_changes_nothing_more(said: str) -> None:
    once = repair(f"<rss>{said}</rss>")
    assert repair(once) == once
    assert not re.search("[\x01\ufffe\ud800]", once)


@pytest.mark.parametrize("body", FAST.values(), ids=FAST)
def test_a_document_arrives_from_a_worker_as_it_was(body: bytes) -> None:
    document = parse(body, Hints())
    data = packed(document)
    assert unpacked(data) == document == pickle.loads(pickle.dumps(document))  # noqa: S301 - ours
    assert len(data) < len(pickle.dumps(document))


@pytest.mark.parametrize(
    ("headline", "drill"),
    [("THIS IS ONLY A TEST of the sirens", True), ("The following is a drill", True),
     ("นี่คือการฝึกซ้อม", True), ("This is the flood report", False)],
)  # fmt: skip
def test_a_sentence_that_says_drill_is_still_found(headline: str, drill: bool) -> None:
    assert labelled(headline) is drill
