"""What a poll noted, in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts import words
from alerts.feeddetail import detail_in

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("noted", "told"),
    [
        ("The name feed.example was not found.", "ไม่พบชื่อ feed.example"),
        ("A web page came instead of a feed.", "ได้หน้าเว็บแทนฟีด"),
        ('A web page came instead of a feed with the title "News".', "ได้หน้าเว็บชื่อ “News” แทนฟีด"),
        (
            "A web page came instead of a feed.; the page names a feed: https://a.example/rss",
            "ได้หน้าเว็บแทนฟีด; หน้านั้นระบุฟีดไว้ที่ https://a.example/rss",
        ),
        (
            "No secure connection to a.example: its certificate has expired (x y).",
            "เชื่อมต่อ a.example อย่างปลอดภัยไม่ได้: ใบรับรองหมดอายุแล้ว (x y)",
        ),
        ("fewer entries than usual: 1, usually about 30", "มี 1 รายการ ปกติประมาณ 30 รายการ"),
        ("12 entries that waited are no longer in the feed; 3 entries wait for the next polls",
         "รายการที่รออยู่ 12 รายการไม่อยู่ในฟีดแล้ว; อีก 3 รายการรอการอ่านครั้งถัดไป"),
        ("HTTP 503 Service Unavailable", "HTTP 503 Service Unavailable"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_note_is_told_in_thai_and_left_alone_where_nobody_knows_it(noted: str, told: str) -> None:
    assert detail_in(noted, "th") == told
    assert detail_in(noted, "en") == noted


def test_every_form_is_one_that_the_program_still_writes() -> None:
    folders = ("monitor/fetch", "monitor/parse", "monitor/ingest", "alerts")
    written = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).glob("*.py"))
    )
    catalogue = words.current()
    for key in catalogue.section("feed_detail"):
        form = catalogue.text(f"feed_detail.{key}", "en")
        parts = re.split(r"\{\w+\}|: | \(| with the title | with ", form)
        longest = max((part.strip(' ."') for part in parts), key=len)
        assert longest in written, key
