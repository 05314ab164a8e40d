from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.parse.document import (
    JSON_LIMIT_BYTES,
    LIMIT_BYTES,
    MAX_JSON_COMMAS,
    MAX_JSON_PARTS,
    MAX_TAGS,
    parse,
)
from monitor.parse.entry import Document, Hints, NotAFeed

STATES = {
    "not_a_feed",
    "json_not_feed",
    "login_page",
    "challenge_page",
    "empty",
    "truncated",
    "bad_encoding",
    "parse_error",
    "too_large",
}
SAMPLES = (
    b"<rss><channel><title>c</title><item><title>Flood</title><link>http://m.example/1</link>"
    b"<pubDate>Mon, 16 Feb 2026 22:50:00 +0700</pubDate><guid>1</guid></item></channel></rss>",
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title>t</title>'
    b"<updated>2026-01-01T00:00:00Z</updated></entry></feed>",
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>'
    b"i</identifier><sender>s</sender>"
    b"<sent>2026-01-01T00:00:00Z</sent><status>Actual</status><msgType>Alert</msgType><info>"
    b"<event>Flood</event><area><areaDesc>x</areaDesc><polygon>"
    b"1,2 3,4 1,2</polygon></area></info></alert>",
    b'{"type":"FeatureCollection","features":[{"id":"a","properties":{"mag":5,"ids":",a,b,","time":'
    b'1395409267500},"geometry":{"type":"Point","coordinates":[1,2,3]}}]}',
    b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","content_text":"x"}]}',
    b'<Report xmlns="http://xml.kishou.go.jp/jmaxml1/"><Control><Status>x</Status></Control><Head>'
    b"<EventID>1</EventID></Head><Body/></Report>",
    b'{"data":{"TH":{"advisory-state":1,"eng":{"name":"Thailand"}}}}',
    b'{"response":{"1":{"partialWarning":true,"countryCode":"TH"}}}',
    b'{"Infogempa":{"gempa":{"DateTime":"2026-02-16T06:15:30+00:00","Coordinates":"-6,109"}}}',
)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"", "empty"),
        (b" \r\n\xef\xbb\xbf", "empty"),
        (b"[]", "empty"),
        (b"{}", "empty"),
        (b"Err", "not_a_feed"),
        (b"\x1f\x8b\x08\x00aaaa", "bad_encoding"),
        (b'{"error": {"message": "appname is not approved"}}', "json_not_feed"),
        (b"<html><body>Maintenance</body></html>", "not_a_feed"),
        (b"<!-- x --><!DOCTYPE html><title>Just a moment...</title>", "challenge_page"),
        (b'<html><form action="/login"><input type="password"></form></html>', "login_page"),
        (
            b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><p/></html>",
            "not_a_feed",
        ),
        (b"<wml/>", "not_a_feed"),
        (b'{"type":"FeatureCollection","features":[{"a":1', "truncated"),
        (b"[" * 200_000, "parse_error"),
        (b"<rss>" + b" " * LIMIT_BYTES + b"</rss>", "too_large"),
        (b"[1, 2, 3]", "json_not_feed"),
        (b'{"type": }', "parse_error"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, state: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body, Hints())
    assert caught.value.state == state
    assert caught.value.detail


@pytest.mark.parametrize(
    "body",
    [
        b"x\x07\r\nBcc: a@m.example",
        b"<html><title>a\x1b[31m\r\nb</title></html>",
        b'{"error": "a\\r\\nb\\u202e"}',
        b"<x\x85\n>",
    ],
)
def test_a_refusals_words_are_one_clean_line(body: bytes) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body, Hints())
    assert caught.value.detail.isprintable()


def test_a_page_that_links_to_a_feed_tells_its_address() -> None:
    page = (
        b'<html><head><link href="/rss.xml?a=1&amp;b=2" type="application/rss+xml"></head></html>'
    )
    with pytest.raises(NotAFeed) as caught:
        parse(page, Hints(url="https://m.example/news/"))
    assert caught.value.found == "https://m.example/rss.xml?a=1&b=2"


def test_an_empty_collection_is_a_document_without_entries() -> None:
    document = parse(b'{"type":"FeatureCollection","features":[]}', Hints())
    assert document.entries == ()
    assert document.format == "geojson"


def test_json_that_no_database_could_store_is_cleaned() -> None:
    body = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"id": "\ud800a\x00", "properties": {"title": "x"}}],
        }
    ).encode()
    key = parse(body, Hints()).entries[0].keys[0]
    assert key.value == "a"


def test_the_content_type_is_not_believed() -> None:
    document = parse(SAMPLES[0], Hints(content_type="application/json"))
    assert document.format == "rss"


@pytest.mark.parametrize("body", SAMPLES)
def test_every_sample_gives_one_entry(body: bytes) -> None:
    assert len(parse(body, Hints()).entries) == 1


@pytest.mark.parametrize(
    "junk",
    [b"<br />\n<b>Warning</b>: include(): failed in /x.php on line 3<br />\n", b"notice: <b>\n"],
)
def test_a_servers_own_words_before_the_feed_do_not_hide_it(junk: bytes) -> None:
    feed = b"<?xml version='1.0'?><rss><channel><item><title>Flood</title></item></channel></rss>"
    document = parse(junk + feed, Hints())
    assert [entry.values.title for entry in document.entries] == ["Flood"]
    assert "something else stands before the feed" in document.notes


def test_a_feed_is_looked_for_behind_other_words_only_once() -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(b"<br/>" + b"<?xml version='1.0'?><b/>" * 300, Hints())
    assert caught.value.state == "not_a_feed"


def test_the_parts_of_an_interfaces_error_are_kept_apart() -> None:
    body = b"<error><code>500</code><message>Backend down</message></error>"
    with pytest.raises(NotAFeed) as caught:
        parse(body, Hints())
    assert '"500 Backend down"' in caught.value.detail


@pytest.mark.parametrize("written", ["Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T07:00:00+07:00"])
def test_a_publishers_zero_time_is_no_time(written: str) -> None:
    item = f"<item><title>A</title><pubDate>{written}</pubDate></item>"
    found = parse(f"<rss><channel>{item}</channel></rss>".encode(), Hints()).entries[0]
    assert found.values.published_at is None
    assert found.undated
    assert "date_unread" in found.values.flags


def test_a_time_before_1970_stays() -> None:
    item = b"<item><title>A</title><pubDate>1969-07-20T20:17:00Z</pubDate></item>"
    published = parse(b"<rss><channel>" + item + b"</channel></rss>", Hints()).entries[0].values
    assert published.published_at is not None
    assert published.published_at.year == 1969


def outcome(body: bytes) -> Document | str:
    try:
        return parse(body, Hints(timezone="Asia/Bangkok"))
    except NotAFeed as refused:
        return refused.state


@given(st.binary(max_size=300))
def test_random_bytes_give_a_document_or_a_reason(body: bytes) -> None:
    found = outcome(body)
    assert isinstance(found, Document) or found in STATES


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.data())
def test_mutated_samples_give_a_document_or_a_reason(sample: bytes, data: st.DataObject) -> None:
    body = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        action = data.draw(st.sampled_from(["change", "cut", "double", "insert"]))
        if action == "change":
            body[at] = data.draw(st.integers(0, 255))
        elif action == "cut" and len(body) > 20:
            del body[at : at + data.draw(st.integers(1, 10))]
        elif action == "double":
            body[at:at] = body[at : at + data.draw(st.integers(1, 40))]
        else:
            body[at:at] = data.draw(
                st.sampled_from([b"<", b"&", b"]]>", b"\x00", b"\xff", b'"', b"{"])
            )
    found = outcome(bytes(body))
    if isinstance(found, Document):
        for entry in found.entries:
            assert entry.keys
            assert len(entry.values.title) <= 500
            assert len(entry.values.summary) <= 4000
            for key in (*entry.keys, *entry.events):
                key.value.encode("utf-8")
    else:
        assert found in STATES


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "features",
                    "properties",
                    "geometry",
                    "coordinates",
                    "eventtype",
                    "eventid",
                    "mag",
                    "ids",
                    "time",
                    "severitydata",
                    "affectedcountries",
                    "url",
                    "msgType",
                    "references",
                    "warnings",
                    "alert",
                    "info",
                    "area",
                    "response",
                    "1",
                    "partialWarning",
                    "data",
                    "TH",
                    "advisory-state",
                    "eng",
                    "Infogempa",
                    "gempa",
                    "schema_name",
                    "links",
                    "children",
                    "details",
                    "alert_status",
                    "items",
                    "version",
                    "value",
                    "DonId",
                    "id",
                    "fields",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
ROUTES = st.sampled_from(
    [
        {"type": "FeatureCollection"},
        {"version": "https://jsonfeed.org/version/1"},
        {"Infogempa": {}},
        {"schema_name": "travel_advice"},
        {"schema_name": "travel_advice_index"},
        {},
    ]
)


@settings(deadline=None, max_examples=300)
@given(ROUTES, JSON)
def test_json_of_any_shape_gives_a_document_or_a_reason(
    route: dict[str, object], rest: object
) -> None:
    shaped = (
        {**rest, **route} if isinstance(rest, dict) else {**route, "features": rest, "items": rest}
    )
    found = outcome(json.dumps(shaped).encode())
    assert isinstance(found, Document) or found in STATES


def features(count: int) -> bytes:
    """A list of honest points, about 600 bytes each."""
    feature = {
        "type": "Feature",
        "properties": {"title": "Flood", "date": "2026-03-01", "note": "x" * 470},
        "geometry": {"type": "Point", "coordinates": [96.0, 21.9]},
    }
    one = json.dumps(feature)
    return ('{"type":"FeatureCollection","features":[' + ",".join([one] * count) + "]}").encode()


def test_an_honest_json_list_may_be_longer_than_what_feedparser_is_given() -> None:
    body = features(15_000)
    assert LIMIT_BYTES < len(body) < JSON_LIMIT_BYTES
    assert parse(body, Hints()).entries


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[]," * MAX_JSON_PARTS + b"[]]",
        b'{"type":"FeatureCollection","features":[' + b"{}," * MAX_JSON_PARTS + b"{}]}",
        b"[" + b"1," * (MAX_JSON_COMMAS + 1) + b"1]",
        b"<rss><channel>" + b"<a/>" * MAX_TAGS + b"</channel></rss>",
    ],
    ids=["lists", "objects", "numbers", "elements"],
)
def test_millions_of_tiny_elements_are_refused_at_once_and_said_to_be_that(body: bytes) -> None:
    began = time.process_time()
    with pytest.raises(NotAFeed, match="too many elements") as raised:
        parse(body, Hints())
    assert raised.value.state == "too_large"
    assert time.process_time() - began < 2.0


def test_an_alert_of_a_great_many_blocks_is_read_by_its_first_thousand() -> None:
    head = (
        b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier>'
        b"<sender>a</sender><sent>2026-09-25T10:00:00+07:00</sent><status>Actual</status>"
        b"<msgType>Alert</msgType><info><event>Flood</event></info>"
    )
    began = time.process_time()
    (entry,) = parse(head + b"<info/>" * 100_000 + b"</alert>", Hints()).entries
    assert entry.values.title == "Flood"
    assert time.process_time() - began < 5.0
