"""The shipped feed list keeps what its head comment promises to officers."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config.feedlist import FeedList
from monitor.config.together import read_together
from tests.coverage_page import OUT, page

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "feeds.yaml").read_text(encoding="utf-8")
BAR = "  # " + "=" * 88
KINDS = {"hazard", "health", "human_made", "ministry", "advice", "news"}
TIERS = {"official", "un", "wire", "media", "other"}
# The languages of the publishers; a new one is added here with the feed that speaks it.
LANGUAGES = {"ar", "de", "en", "es", "id", "it", "ja", "km", "ko", "my", "pt", "th", "vi", "zh"}


@pytest.fixture(scope="module")
def shipped() -> FeedList:
    return read_together(ROOT / "feeds.yaml", ROOT / "alerts.yaml", {})[0]


@pytest.fixture(scope="module")
def bali21() -> frozenset[str]:
    policy = read_together(ROOT / "feeds.yaml", ROOT / "alerts.yaml", {})[1]
    return policy.countries_of(("bali21",))


def _bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/").casefold()


def _group(country: str) -> str:
    """The lines of a country's group."""
    found = re.search(rf"^  # ===== .* \({country}\) =====\n(.*?)(?=^  # =====)", TEXT, re.M | re.S)
    assert found, country
    return found[1]


def test_two_hundred_addresses_and_none_stands_twice(shipped: FeedList) -> None:
    assert len(shipped.feeds) >= 200
    addresses = [_bare(url) for feed in shipped.feeds for url in (feed.url, *feed.alternates)]
    assert [each for each, count in Counter(addresses).items() if count > 1] == []


def test_each_feed_says_who_speaks_in_which_language_and_where_it_was_seen(
    shipped: FeedList,
) -> None:
    for feed in shipped.feeds:
        assert feed.kind in KINDS, feed.name
        assert feed.tier in TIERS, feed.name
        assert feed.tier != "other" or not feed.communicates, feed.name
        assert feed.language in LANGUAGES, feed.name
        assert (feed.country is None) != (feed.organisation is None), feed.name
        assert feed.note.endswith("not verified live"), feed.name


def test_each_of_the_21_has_a_ministry_that_is_read_or_its_group_says_why_not(
    shipped: FeedList, bali21: frozenset[str]
) -> None:
    assert len(bali21) == 21
    speaking = {feed.country for feed in shipped.enabled if feed.kind == "ministry"}
    for country in bali21 - speaking:
        assert "no address of the " in _group(country), country


def test_our_own_ministry_and_missions_are_a_group_of_their_own(shipped: FeedList) -> None:
    own = TEXT.partition("  # 1 · ")[2].partition("  # 2 · ")[0]
    assert [feed.name for feed in shipped.feeds if feed.home] == re.findall(r"- name: (.+)", own)


def test_a_priority_feed_is_read_every_five_minutes_and_names_a_hazard(shipped: FeedList) -> None:
    watched = [feed for feed in shipped.enabled if feed.priority]
    assert len(watched) >= 10
    for feed in watched:
        assert feed.every <= timedelta(minutes=5), feed.name
        assert feed.kind == "hazard", feed.name


def test_what_is_off_says_why_and_what_is_on_gives_no_reason(shipped: FeedList) -> None:
    for feed in shipped.feeds:
        assert bool(feed.reason) == (not feed.enabled), feed.name
        assert not feed.note.startswith("off"), feed.name


def test_what_speaks_from_one_country_has_the_clock_of_that_country(shipped: FeedList) -> None:
    for feed in shipped.feeds:
        ZoneInfo(feed.timezone)
        if feed.kind == "ministry":
            assert feed.timezone != "UTC", feed.name


def test_the_whole_list_is_paced_by_what_is_known(shipped: FeedList) -> None:
    assert {feed.pace for feed in shipped.feeds} == {"adaptive"}


def test_the_table_of_contents_names_the_parts_in_their_order() -> None:
    head, _, body = TEXT.partition("\ndefaults:")
    listed = re.findall(r"^#   (\d+ · .+)$", head, re.M)
    parts = re.findall(rf"^{BAR}\n  # (.+)\n{BAR}$", body, re.M)
    assert listed == parts
    assert [int(each.partition(" ")[0]) for each in parts] == [*range(1, len(parts) + 1)]


def test_addresses_that_are_known_to_be_dead_do_not_come_back() -> None:
    for dead in (
        "csr/don", "feeds/entity/hac", "travel-updates-24", "dfa.ie/", "_res/rss/TWs.xml",
        "thaipbs.or.th/rss/home", "covid19.ddc.moph.go.th", "demokey",
    ):  # fmt: skip
        assert not re.search(rf"^ +(?:- |url: )\S*{re.escape(dead)}", TEXT, re.M), dead


def test_what_the_documents_say_of_its_coverage_is_true() -> None:
    assert OUT.read_text(encoding="utf-8") == page(), "run: python -m tests.coverage_page"
