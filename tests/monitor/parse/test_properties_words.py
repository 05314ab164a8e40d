"""What holds of the small readers: dates, texts, links, encodings, positions, codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse import geo, links
from monitor.parse.dates import read_date
from monitor.parse.encoding import decode
from monitor.parse.entry import Hints
from monitor.parse.text import cut, plain, tidy
from tests.fuzz.invariants import check_link
from tests.fuzz.target_words import run
from tests.monitor.parse import strategies

MOMENTS = st.builds(
    lambda at, minutes: at.replace(tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(datetime(1950, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - the zone comes next
    st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * 15),
).map(lambda at: at.replace(microsecond=0))
THAI = "น้ำท่วมเชียงใหม่แจ้งเตือนภัยประชาชนในพื้นที่เสี่ยง"


@settings(max_examples=60, deadline=None)
@given(strategies.texts | strategies.dates | strategies.links | strategies.numbers)
def test_no_text_makes_a_small_reader_break_a_promise(text: str) -> None:
    run(text.encode("utf-8", errors="replace"))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_a_small_reader_break_a_promise(body: bytes) -> None:
    run(body)


@settings(max_examples=40, deadline=None)
@given(MOMENTS)
def test_a_time_is_read_back_however_the_standards_write_it(at: datetime) -> None:
    for written in (at.isoformat(), at.isoformat(" "), format_datetime(at)):
        moment = read_date(written)
        assert moment is not None
        assert moment.at == at


@settings(max_examples=40, deadline=None)
@given(MOMENTS)
def test_a_buddhist_year_is_the_same_moment(at: datetime) -> None:
    thai = f"{at.day:02}/{at.month:02}/{at.year + 543} {at:%H:%M}"
    western = f"{at.day:02}/{at.month:02}/{at.year} {at:%H:%M}"
    found, wanted = read_date(thai, "Asia/Bangkok"), read_date(western, "Asia/Bangkok")
    assert found is not None
    assert wanted is not None
    assert found.at == wanted.at


@settings(max_examples=40, deadline=None)
@given(strategies.links, st.sampled_from(["", "https://feeds.example/a/b"]))
def test_an_opened_link_is_its_own_opened_link(raw: str, base: str) -> None:
    link = links.opened(raw, base)
    if link is None:
        return
    check_link(link)
    assert links.absolute(link) == link
    assert links.identity(link) == links.identity(links.absolute(link, "https://b.example/") or "")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True))
def test_tracking_parameters_do_not_identify(parts: list[str]) -> None:
    query = "&".join(f"{part}=1" for part in parts)
    tracked = "&".join([*(f"{part}=1" for part in parts), "utm_source=x", "fbclid=y"])
    assert links.identity(f"https://a.example/p?{tracked}") == links.identity(
        f"http://www.a.example/p/?{query}"
    )


@settings(max_examples=40, deadline=None)
@given(strategies.texts, st.integers(1, 600))
def test_cutting_keeps_the_beginning_and_the_limit(text: str, limit: int) -> None:
    clean = tidy(text)
    short = cut(clean, limit)
    assert len(short) <= limit
    assert short == clean or clean.startswith(short.removesuffix("…"))


@settings(max_examples=40, deadline=None)
@given(st.text("กขคabc <>&;", max_size=60))
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    if "<" not in text and "&" not in text:
        assert plain(text) == tidy(text)


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from(THAI + " abc"), min_size=40, max_size=200))
@pytest.mark.parametrize("label", ["tis-620", "windows-874", "utf-8", "utf-16"])
def test_declared_thai_is_read_as_it_was_written(label: str, text: str) -> None:
    codec = "cp874" if label in ("tis-620", "windows-874") else label
    body = f"<?xml version='1.0' encoding='{label}'?><a>{text}</a>".encode(codec)
    assert f"<a>{text}</a>" in decode(body, Hints()).text


@settings(max_examples=40, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_is_read_back(lat: float, lon: float) -> None:
    found = geo.first_pair(f"{lat:.5f},{lon:.5f}")
    assert found is not None
    assert found == pytest.approx((lat, lon), abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=30))
def test_the_middle_of_points_lies_on_the_globe(points: list[tuple[float, float]]) -> None:
    middle = geo.centre(points)
    assert middle is not None
    assert -90 <= middle[0] <= 90
    assert -180 <= middle[1] <= 180


def test_times_are_in_utc_whatever_the_zone_of_the_feed() -> None:
    for zone in ("Asia/Bangkok", "America/St_Johns", "no such zone", "", "../etc/passwd"):
        moment = read_date("16 Feb 2026 22:50", zone)
        assert moment is not None
        assert moment.at.tzinfo is UTC
