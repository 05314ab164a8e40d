"""The digest's pictures: what they say, how small they are, and a digest without them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from PIL import Image

from alerts import charts
from alerts.digest import pictures
from alerts.digest.content import DigestContent
from alerts.digest.parts import DayCount
from alerts.digest.render import HTML_LIMIT, encoded_size, render_digest
from alerts.errors import PictureError
from alerts.message import to_mime
from tests.alerts.policies import BACKUP, DAY, NIGHT
from tests.alerts.test_digest import BUSY, ISSUED, POLICY, crowd, text_of

DAYS = tuple(
    DayCount(date(2025, 3, 23) + timedelta(days=n), {"natural": n % 4, "health": n % 2})
    for n in range(7)
)
HOURS = tuple(2 if hour == 8 else 0 for hour in range(24))
DRAWN = replace(BUSY, days=DAYS, hours=HOURS)
# Colours of columns against the paper, which is always white.
PAPER = (255, 255, 255)


def luminance(colour: tuple[int, ...]) -> float:
    parts = [value / 255 for value in colour[:3]]
    line = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


def contrast(one: str, two: tuple[int, ...] = PAPER) -> float:
    first = luminance(tuple(int(one[place : place + 2], 16) for place in (1, 3, 5)))
    high, low = sorted((first, luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_chart_is_a_small_opaque_png_and_its_words_state_the_finding(language: str) -> None:
    week, hours = charts.week_columns(DAYS, language), charts.by_hour(HOURS, language)
    for picture in (week, hours):
        assert len(picture.png) < 20_000
        with Image.open(io.BytesIO(picture.png)) as opened:
            assert opened.size == (2 * picture.width, 2 * picture.height)
            assert opened.mode == "P"
            assert "transparency" not in opened.info
    assert "4" in week.alt
    assert ("08.00" if language == "th" else "08:00") in hours.alt


def test_colours_are_told_from_the_paper_and_letters_can_be_read() -> None:
    assert contrast(charts._INK) >= 4.5
    for colour, _ in charts._LOOKS.values():
        assert contrast(colour) >= 3
    assert len({hatch for _, hatch in charts._LOOKS.values()}) == len(charts._LOOKS)


def test_a_week_and_a_day_without_anything_are_said_in_words() -> None:
    empty = tuple(replace(each, counts={}) for each in DAYS)
    assert charts.week_columns(empty, "en").alt == "No new incident at WATCH or above in 7 days"
    assert charts.by_hour((0,) * 24, "en").alt == "No alert in this period"


def test_pictures_go_beside_the_html_by_content_id_and_nothing_is_remote() -> None:
    drawn = {"th": pictures.pictures(DRAWN, "th", POLICY)}
    message = render_digest(DRAWN, DAY, POLICY, drawn=drawn)
    identifier = "<digest.n1.r1@ministry.example>"
    given = {"sender": "a@ministry.example", "recipient": "b@ministry.example"}
    mime = to_mime(message, message_id=identifier, now=ISSUED, **given)
    assert mime == to_mime(message, message_id=identifier, now=ISSUED, **given)
    parsed = message_from_bytes(mime, policy=default)
    kinds = [part.get_content_type() for part in parsed.walk()]
    assert kinds == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "image/png", "image/png",
    ]  # fmt: skip
    html = parsed.get_body(("html",))
    assert html is not None
    sources = re.findall(r'<img[^>]* src="([^"]+)"', html.get_content())
    cids = [str(part["Content-ID"]).strip("<>") for part in parsed.walk() if part["Content-ID"]]
    assert sources == [f"cid:{cid}" for cid in cids]
    for tag in re.findall(r"<img[^>]*>", html.get_content()):
        assert re.search(r'alt="[^"]{10,}"', tag)
        assert "width=" in tag
        assert "height=" in tag
    assert encoded_size(message.html) <= HTML_LIMIT
    for picture in drawn["th"].values():
        assert picture.alt in message.text


def test_without_letters_the_digest_goes_out_without_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_letters() -> str:
        raise PictureError("the letters for pictures cannot be used: no such file")

    monkeypatch.setattr(charts, "fonts", no_letters)
    drawn = {"th": pictures.pictures(DRAWN, "th", POLICY)}
    assert not set(drawn["th"]) & {"week", "hours"}
    message = render_digest(DRAWN, NIGHT, POLICY, drawn=drawn)
    assert "cid:" not in message.html.replace("cid:map@", "")
    assert "สาระสำคัญ" in message.text


def test_an_issue_without_a_place_says_so_in_one_line() -> None:
    away = tuple(
        replace(each, incident=replace(each.incident, lat=None, lon=None))
        for each in BUSY.incidents
    )
    assert "== Map – Nothing in this period" in text_of(replace(BUSY, incidents=away), BACKUP)


@pytest.mark.parametrize("given", [crowd(), BUSY], ids=["the worst day", "a busy day"])
def test_pictures_never_make_the_html_too_large(given: DigestContent) -> None:
    made = replace(given, days=DAYS, hours=HOURS)
    drawn = {"th": pictures.pictures(made, "th", POLICY)}
    message = render_digest(made, DAY, POLICY, drawn=drawn)
    assert encoded_size(message.html) <= HTML_LIMIT
    assert sum(len(each.png) for each in message.pictures) < 90_000
