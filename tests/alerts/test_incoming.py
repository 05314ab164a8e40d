"""What mails that come in are taken for, however they are written."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.incoming import Incoming, read


def mail(text: str, *, subtype: str = "plain", **headers: str) -> bytes:
    made = EmailMessage()
    made["From"] = headers.pop("sender", "Duty <duty@ministry.example>")
    made["To"] = "desk+a-x@ministry.example"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text, subtype=subtype)
    return made.as_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "ack", "ACK", "Ack.", "  ack  \n", "\n\nack\n-- \nDuty", "acknowledged, thanks", "รับเรื่อง",
        "รับเรื่องครับ", "รับเรื่องแล้วค่ะ", "รับทราบ", "รับทราบครับ", "ขอรับเรื่องนะคะ", "*ack*",
        "I have it", "ack\n\nSent from my phone", "ack\n\nOn Sunday the desk wrote:\n> undo",
    ],
)  # fmt: skip
def test_a_first_line_that_takes_it_is_an_acknowledgement(text: str) -> None:
    assert read(mail(text)).said == "ack"


@pytest.mark.parametrize("text", ["un-ack", "UNACK", "undo", "คืนเรื่องครับ", "เลิกทำ", "give it back!"])
def test_a_first_line_that_gives_it_back_is_understood(text: str) -> None:
    assert read(mail(text)).said == "undo"


@pytest.mark.parametrize(
    "text",
    [
        "", "> ack", "not ack", "ack? who has it", "I cannot ack this", "ack but I am away",
        "รับเรื่องไม่ได้", "ยังไม่รับเรื่อง", "On Sunday the desk wrote:\n> ack", "hello\nack",
        "-----Original Message-----\nack", "From: the desk\nack", "จาก: เวร\nรับเรื่อง",
    ],
)  # fmt: skip
def test_anything_else_is_no_deed(text: str) -> None:
    found = read(mail(text))
    assert (found.kind, found.said) == ("answer", "")


def test_an_answer_in_html_alone_is_read_without_what_it_quotes() -> None:
    html = "<style>p{}</style><div>ack</div><blockquote>undo</blockquote>"
    assert read(mail(html, subtype="html")).said == "ack"
    assert read(mail("<blockquote>ack</blockquote>", subtype="html")).said == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Subject": "Automatic reply: [FLASH] Laos"},
        {"Subject": "Out of office"},
        {"Subject": "ตอบกลับอัตโนมัติ: [วิกฤต]"},
        {"Return_Path": "<>"},
        {"List_Id": "<all.ministry.example>"},
        {"X_Crisis_Kind": "answer"},
    ],
)
def test_what_a_program_wrote_is_never_an_acknowledgement(headers: dict[str, str]) -> None:
    found = read(mail("ack", **headers))
    assert (found.kind, found.said) == ("auto_reply", "")


def test_a_read_receipt_is_an_automatic_reply() -> None:
    raw = mail("ack").replace(
        b"text/plain", b"multipart/report; report-type=disposition-notification; boundary=x"
    )
    assert read(raw).kind == "auto_reply"


def test_a_bounce_in_a_form_of_its_own_is_found_by_what_it_names() -> None:
    raw = mail(
        "Sorry.\nduty@ministry.example\n550 user unknown\nMessage-ID: <2026-0001.n1.r1@m.example>",
        sender="MAILER-DAEMON@mail.example",
    )
    found = read(raw)
    assert found.kind == "bounced"
    assert found.reason == "550 user unknown"
    assert found.about == ("<2026-0001.n1.r1@m.example>",)


@given(st.binary(max_size=3000))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert isinstance(read(raw), Incoming)


@given(st.text(max_size=300), st.sampled_from(["From", "To", "Subject", "Content-Type", "Date"]))
def test_no_header_makes_it_raise(text: str, name: str) -> None:
    raw = f"{name}: {text}\r\nFrom: a@b.example\r\n\r\nack\r\n".encode("utf-8", "replace")
    assert isinstance(read(raw), Incoming)
