"""What a reply to a draft asks for: bottom line and orders, and what is neither."""

from __future__ import annotations

import pytest

from alerts.digest.draftreply import Wish, read_reply

THAI = "แผ่นดินไหวในเมียนมา มีผู้เสียชีวิตอย่างน้อย 144 ราย"
ENGLISH = "Myanmar earthquake: at least 144 dead."


def said(text: str) -> Wish:
    return read_reply([line.strip() for line in text.splitlines()])


def test_the_first_lines_are_the_bottom_line_of_their_language_and_a_signature_is_not() -> None:
    assert said(f"\n{THAI}\n\nขอแสดงความนับถือ\nเวรหลัก") == Wish(bottom_line_th=THAI)
    assert said(f"{ENGLISH}\nNo other FLASH.\n\nBest regards") == Wish(
        bottom_line_en=f"{ENGLISH}\nNo other FLASH."
    )


def test_a_line_that_a_mail_program_broke_is_one_line_again() -> None:
    long = "Myanmar earthquake: at least 144 dead according to state media,"
    assert said(f"{long}\nas of one o'clock.").bottom_line_en == f"{long} as of one o'clock."


def test_each_language_can_be_named_and_then_may_stand_anywhere() -> None:
    assert said(f"ไทย: {THAI}\n\nEN: {ENGLISH}") == Wish(THAI, ENGLISH)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("hide 2026-0012", Wish(hide=("2026-0012",))),
        ("Hide #2026-0012, 2026-0013 and 2026-0014 please.",
         Wish(hide=("2026-0012", "2026-0013", "2026-0014"))),
        ("ซ่อน 2026-0012 และ 2026-0013 ครับ", Wish(hide=("2026-0012", "2026-0013"))),
        ("ตัดออก ๒๐๒๖-๐๐๑๒", Wish(hide=("2026-0012",))),
        ("first: 2026-0007 2026-0003", Wish(pick=("2026-0007", "2026-0003"))),
        ("ขึ้นก่อน 2026-0007", Wish(pick=("2026-0007",))),
        ("แสดง 2026-0012", Wish(show=("2026-0012",))),
        ("ล้าง", Wish(clear=True)),
        ("clear.", Wish(clear=True)),
    ],
)  # fmt: skip
def test_orders_are_read_in_both_languages_also_below_the_bottom_line(
    line: str, wanted: Wish
) -> None:
    assert said(line) == wanted
    both = said(f"{THAI}\n\n{line}")
    assert both.bottom_line_th == THAI
    assert (both.hide, both.pick, both.show, both.clear) == (
        wanted.hide, wanted.pick, wanted.show, wanted.clear,
    )  # fmt: skip


@pytest.mark.parametrize(
    "nod", ["ok", "OK, thanks", "รับทราบครับ", "เห็นชอบค่ะ", "Approved.", "", "\n\n"]
)
def test_a_nod_changes_nothing(nod: str) -> None:
    wish = said(nod)
    assert not wish.asks
    assert not wish.unread


@pytest.mark.parametrize(
    "line",
    ["hide the Chile one", "ซ่อนชิลี", "hide 2026-12", "first 2026-0007 then the flood", "hmm?"],
)
def test_a_line_that_looks_like_an_order_and_is_none_is_named_and_is_no_bottom_line(
    line: str,
) -> None:
    wish = said(line)
    assert wish.unread == line
    assert not wish.asks


def test_words_of_orders_may_begin_a_bottom_line() -> None:
    for text in ("First reports say that 57 people have died.", "แสดงความเสียใจต่อผู้ประสบภัย"):
        assert said(text).unread == ""
        assert text in (said(text).bottom_line_th, said(text).bottom_line_en)
