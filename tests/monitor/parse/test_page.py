"""Pages without a feed: the links that a selector finds are entries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config.feedlist import read_feedlist
from monitor.errors import ConfigError
from monitor.parse.document import parse
from monitor.parse.entry import Hints, NotAFeed

PAGE = """<!doctype html><html lang="en"><head><title>News of the ministry</title></head><body>
<nav><a href="/about">About</a></nav>
<ul class="news">
 <li><time datetime="2026-11-20T08:00:00+07:00">20 Nov</time>
  <a href="/n/2">Evacuation of <b>nationals</b></a></li>
 <li><time>19 พ.ย. 2569 09:30</time> <a href="n/1?a=1&amp;b=2">น้ำท่วม</a></li>
 <li><a href="/n/2">again</a></li>
 <li><a href="javascript:alert(1)">script</a></li>
 <li><a href="mailto:x@a.example">mail</a></li>
 <li><a href="/n/0"> </a></li>
</ul></body></html>""".encode()
HINTS = Hints(
    url="https://ministry.example/news/", format="page", selector="ul.news a",
    timezone="Asia/Bangkok",
)  # fmt: skip


def test_each_link_that_the_selector_finds_is_an_entry() -> None:
    document = parse(PAGE, HINTS)
    assert (document.format, document.title) == ("page", "News of the ministry")
    found = [(e.values.title, e.values.link, e.values.published_at) for e in document.entries]
    assert found == [
        ("Evacuation of nationals", "https://ministry.example/n/2",
         datetime(2026, 11, 20, 1, 0, tzinfo=UTC)),
        ("น้ำท่วม", "https://ministry.example/news/n/1?a=1&b=2",
         datetime(2026, 11, 19, 2, 30, tzinfo=UTC)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"<html><body><p>nothing</p></body></html>", "not_a_feed"),
        (b"<html><title>Just a moment</title><body>cf-chl</body></html>", "challenge_page"),
        (b"<html><input type=password></html>", "login_page"),
        (b"<html>" + b"<a href=x>y</a>" * 200_000, "too_large"),
        (b"<html><ul class=news>" * 3000, "not_a_feed"),
        (b"\xff\xfe\x00<", "not_a_feed"),
    ],
)
def test_a_page_without_such_links_has_a_named_state(body: bytes, state: str) -> None:
    with pytest.raises(NotAFeed) as fault:
        parse(body, HINTS)
    assert fault.value.state in (state, "parse_error", "empty")


@pytest.mark.parametrize("selector", ["ul.news >", "a[", "::", "a:nth-child(x)"])
def test_a_wrong_selector_is_told_with_its_line(tmp_path: Path, selector: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "feeds:\n  - {name: A, url: https://a.example/, kind: ministry, format: page, "
        f'selector: "{selector}"}}\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match=r"feeds\.yaml:2: selector \(feed 'A'\)"):
        read_feedlist(path)
