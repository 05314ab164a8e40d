from __future__ import annotations

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Hints, Key
from monitor.parse.links import absolute, identity, names_a_page, opened


@pytest.mark.parametrize(
    ("raw", "base", "expected"),
    [
        ("/a b", "https://m.example/x/", "https://m.example/a%20b"),
        ("  https://m.example/a\n ", "", "https://m.example/a"),
        ("javascript:alert(1)", "https://m.example/", None),
        ("data:text/html,x", "", None),
        ("ftp://m.example/a", "", None),
        ("http://", "", None),
        ("http://[::1", "", None),
        ("http://m.example:99999/", "", None),
        ("/only/a/path", "", None),
        ("urn:uuid:1", "https://m.example/", None),
        (None, "", None),
    ],
)
def test_only_absolute_web_addresses_remain(
    raw: str | None, base: str, expected: str | None
) -> None:
    assert absolute(raw, base) == expected


@pytest.mark.parametrize(
    "redirect",
    [
        "https://www.google.com/url?rct=j&url=https://m.example/a&ct=ga",
        "https://www.google.co.th/url?q=https%3A%2F%2Fm.example%2Fa",
        "http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fm.example%2fa",
    ],
)
def test_search_engine_redirects_are_opened(redirect: str) -> None:
    assert opened(redirect) == "https://m.example/a"


def test_a_redirect_to_no_web_address_stays_closed() -> None:
    link = "https://www.google.com/url?url=javascript:alert(1)"
    assert opened(link) == link


def test_tracking_does_not_change_identity() -> None:
    plain = identity("https://www.m.example/a/?id=1")
    assert identity("http://m.example/a?utm_source=rss&id=1&fbclid=2#utm_x") == plain


def test_the_fragment_is_part_of_identity() -> None:
    one, two = identity("https://m.example/#map/1"), identity("https://m.example/#map/2")
    assert one != two


def test_a_front_page_names_nothing() -> None:
    assert not names_a_page("https://m.example/")
    assert names_a_page("https://m.example/?p=1")


def test_a_redirect_inside_a_redirect_is_opened() -> None:
    inner = "https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fm.example%252Fa"
    assert opened(f"https://www.google.com/url?url={inner}") == "https://m.example/a"


def test_redirects_without_end_are_left() -> None:
    link = "https://www.google.com/url?url=https://www.google.com/url"
    assert opened(link) == "https://www.google.com/url"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://bank.example@evil.example/a", "https://evil.example/a"),
        ("https://user:pass@m.example:8443/a?x=1#y", "https://m.example:8443/a?x=1#y"),
        ("https://m.example\\@evil.example/", "https://evil.example/"),
        ("https://m.example/@office", "https://m.example/@office"),
    ],
)
def test_no_name_stands_before_the_host(raw: str, expected: str) -> None:
    assert absolute(raw) == expected


def test_tracking_is_kept_for_opening() -> None:
    link = "https://m.example/a?utm_source=feed&id=1"
    assert opened(link) == link
    assert identity(link) == "m.example/a?id=1"


@pytest.mark.parametrize("host", ["feedproxy.google.com", "feeds.feedburner.com"])
def test_a_counting_link_gives_way_to_the_publishers_own(host: str) -> None:
    item = f"<item><title>t</title><link>http://{host}/~r/x/~3/abc/</link>{{}}</item>"
    feed = (
        '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'
        f"{item}</channel></rss>"
    )
    own = "<feedburner:origLink>https://m.example/a?utm_source=x</feedburner:origLink>"
    (entry,) = parse(feed.format(own).encode(), Hints()).entries
    assert entry.values.link == "https://m.example/a?utm_source=x"
    assert Key("link", "m.example/a") in entry.keys
    (plain,) = parse(feed.format("").encode(), Hints()).entries
    assert plain.values.link == f"http://{host}/~r/x/~3/abc/"


@pytest.mark.parametrize(
    ("inside", "link", "number"),
    [
        ("<guid>12345</guid>", None, "12345"),
        ("<guid>tag one</guid>", None, "tag one"),
        ("<guid>/news/1</guid>", "https://m.example/news/1", "https://m.example/news/1"),
        ("<guid>https://m.example/1</guid>", "https://m.example/1", "https://m.example/1"),
    ],
)
def test_an_id_that_is_a_mere_word_is_not_taken_for_an_address(
    inside: str, link: str | None, number: str
) -> None:
    body = f"<rss version='2.0'><channel><item><title>A</title>{inside}</item></channel></rss>"
    entry = parse(body.encode(), Hints(url="https://m.example/feed/rss.xml")).entries[0]
    assert entry.values.link == link
    assert Key("id", number) in entry.keys


def test_an_atom_id_that_is_a_mere_word_is_not_taken_for_an_address() -> None:
    inside = "<entry><id>e-1</id><title>A</title></entry>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'>{inside}</feed>"
    entry = parse(body.encode(), Hints(url="https://m.example/feed.xml")).entries[0]
    assert entry.values.link is None
    assert Key("id", "e-1") in entry.keys
