"""Signed marks: good for one notice, one recipient, one purpose and a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.oncall import marks

ID, TO = "<2026-0042.n1.r0123456789ab@ministry.example>", "duty@ministry.example"


def test_a_link_is_genuine_for_its_notice_and_recipient_alone(now: datetime) -> None:
    given = marks.read_link(marks.link("secret", ID, TO, now + marks.LIFE))
    assert given is not None
    assert given.local == "2026-0042.n1.r0123456789ab"
    assert abs(given.ends - now - marks.LIFE) < timedelta(minutes=1)
    assert marks.is_genuine("secret", given, ID, TO)
    assert not marks.is_genuine("other", given, ID, TO)
    assert not marks.is_genuine("secret", given, ID, "backup@ministry.example")
    assert not marks.is_genuine("secret", given, ID.replace("n1", "n2"), TO)


def test_the_end_of_a_link_cannot_be_put_off(now: datetime) -> None:
    local, until, mark = marks.link("secret", ID, TO, now).split("~")
    later = marks.read_link(f"{local}~{int(until) + 60}~{mark}")
    assert later is not None
    assert not marks.is_genuine("secret", later, ID, TO)


@pytest.mark.parametrize(
    "text", ["", "~", "a~b~c", "a~~c", "a~1~b~c", "ก~1~b", "a~99999999999~b", "x" * 300, "~1~b"]
)
def test_what_is_no_link_of_ours_is_none(text: str) -> None:
    assert marks.read_link(text) is None


def test_a_reply_address_is_found_again_in_any_case_and_tells_nothing_of_the_link() -> None:
    address = marks.reply_address("desk@ministry.example", "secret", ID, TO)
    box = address.partition("@")[0]
    assert len(box) <= 64
    tag = marks.tag_of(address.upper())
    assert tag == marks.reply_tag("secret", ID, TO)
    link = marks.link("secret", ID, TO, datetime.fromisoformat("2026-11-22T00:00+00:00"))
    assert box.rpartition("-")[2] not in link


@pytest.mark.parametrize(
    "address",
    ["desk@x.example", "desk+a-@x.example", "desk+other@x.example", "desk+a-short@x.example", ""],
)
def test_an_address_without_our_tag_has_none(address: str) -> None:
    assert marks.tag_of(address) is None


def test_a_form_is_good_for_its_subject_until_its_end(now: datetime) -> None:
    given = marks.form("secret", "2026-0001", now + timedelta(hours=1))
    assert marks.is_form("secret", "2026-0001", given, now)
    assert not marks.is_form("secret", "2026-0002", given, now)
    assert not marks.is_form("other", "2026-0001", given, now)
    assert not marks.is_form("secret", "2026-0001", given, now + timedelta(hours=2))
    for broken in ("", "~", "1~x", "ก~ข", f"{10**12}~x"):
        assert not marks.is_form("secret", "2026-0001", broken, now)
