"""Whatever the day brings, the digest is valid, within its limits, and counts what it cuts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from alerts import charts
from alerts.digest import pdf
from alerts.digest.content import IncidentFacts
from alerts.digest.parts import DayCount
from alerts.digest.pdf import page_count
from alerts.digest.pictures import pictures
from alerts.digest.render import HTML_LIMIT, ONWARD, encoded_size, render_digest
from alerts.errors import PictureError
from alerts.message import to_mime
from monitor.digest.printing import as_pdf
from storage.records import ItemValues, Level, Why
from tests.alerts.policies import BACKUP, DAY, item
from tests.alerts.test_digest import BUSY, ISSUED, POLICY, content, event, section

LONG = "Floods and landslides <b>in</b> the north & the south " * 40  # 2,000 signs and more


def test_ten_thousand_items_are_counted_and_eight_named() -> None:
    many = tuple(
        item(id=n, incident_id=None, values=ItemValues(LONG), disposition=(Why("no_rule"),))
        for n in range(200)
    )
    made = content(not_alerted=many, not_alerted_total=10_000, items_read=10_000)
    message = render_digest(made, BACKUP, POLICY)
    lines = section(message.text, "Not alerted, and why")
    named = sum("Not alerted:" in line for line in lines)
    rest = re.fullmatch(r"- and ([\d,]+) more", lines[-1])
    assert rest is not None
    assert named + int(rest[1].replace(",", "")) == 10_000
    assert encoded_size(message.html) <= HTML_LIMIT


def test_an_incident_of_five_hundred_sources_names_the_best_and_stays_small() -> None:
    sources = tuple(
        item(id=n, publisher=f"Publisher {n}", values=ItemValues(LONG, link="https://x.example/"))
        for n in range(500)
    )
    facts = IncidentFacts(event(1, Level.FLASH, title_en=LONG, title_th=LONG), None, (), sources)
    made = content(incidents=(facts,))
    for edition in ("desk", ONWARD):
        message = render_digest(made, DAY, POLICY, edition=edition)
        assert encoded_size(message.html) <= HTML_LIMIT
        assert message.text.count("Publisher ") <= 6
        assert max(len(line) for line in message.text.splitlines()) < 700
        assert "<b>in</b>" not in message.html
        mime = to_mime(
            message, sender="a@b.example", recipient="c@b.example", message_id="<x@b>", now=ISSUED
        )
        assert mime.isascii()
        assert len(message.subject) <= 200


def test_a_day_of_nothing_at_all_is_still_a_whole_digest() -> None:
    made = content(feeds=(), items_read=0)
    for edition in ("desk", ONWARD):
        message = render_digest(made, BACKUP, POLICY, edition=edition)
        assert "Nothing at ALERT or above seen in the feeds we read" in message.text
        assert "Next issue" in message.text


def test_without_our_letters_the_mail_goes_out_without_charts_and_the_pdf_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = replace(
        BUSY, days=tuple(DayCount(date(2025, 3, n), {"natural": n}) for n in range(1, 8))
    )
    assert "week" in pictures(made, "en", POLICY)
    for module in (charts, pdf):
        monkeypatch.setattr(module, "files", lambda _name: tmp_path)
    charts.fonts.cache_clear()  # an error is not kept: the next test finds the letters again
    charts_without = pictures(made, "en", POLICY)
    assert "week" not in charts_without
    message = render_digest(made, BACKUP, POLICY, drawn={"en": charts_without})
    assert "Next issue" in message.text
    with pytest.raises(PictureError, match="the PDF cannot be made"):
        as_pdf(made, BACKUP, POLICY, edition="desk", drawn=None, made_at=ISSUED)


def test_a_day_without_a_point_on_the_map_says_so_in_one_line() -> None:
    nowhere = IncidentFacts(event(1, Level.FLASH, lat=None, lon=None), None)
    made = content(incidents=(nowhere,))
    assert "map" not in pictures(made, "en", POLICY)
    assert "== Map – Nothing in this period" in render_digest(made, BACKUP, POLICY).text
    pdf = as_pdf(made, BACKUP, POLICY, edition=ONWARD, drawn=None, made_at=ISSUED)
    assert page_count(pdf) == 1


def test_titles_of_two_thousand_letters_leave_the_onward_edition_on_its_page() -> None:
    facts = tuple(
        IncidentFacts(event(n, Level.FLASH, title_en=LONG, title_th=LONG), None)
        for n in range(1, 12)
    )
    made = content(incidents=facts)
    pdf = as_pdf(made, BACKUP, POLICY, edition=ONWARD, drawn=None, made_at=ISSUED)
    assert page_count(pdf) == 1
    assert encoded_size(render_digest(made, DAY, POLICY).html) <= HTML_LIMIT
