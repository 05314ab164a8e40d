from __future__ import annotations

import pytest

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
