"""The MIME message: headers, bodies, identity."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest

from alerts import clean, message
from alerts.message import Enclosure, Message, encoded, to_mime
from tests.alerts.test_clean import HOSTILE

NOW = datetime(2025, 3, 28, 6, 31, tzinfo=UTC)
SENDER = "Crisis Monitor <alerts@ministry.example>"


def mime_of(said: Message | None = None, **changed: object) -> bytes:
    values: dict[str, object] = {
        "sender": SENDER,
        "recipient": "duty@ministry.example",
        "message_id": "<2025-0412.n2.rabc@ministry.example>",
        "now": NOW,
        "references": (),
    }
    return to_mime(said or Message("Flood", "text\n", "<p>text</p>"), **(values | changed))  # type: ignore[arg-type]


def read(mime: bytes) -> EmailMessage:
    parsed = message_from_bytes(mime, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_the_standard_headers_are_those_of_a_machine_on_duty() -> None:
    said = Message("น้ำท่วม", "ก", "<p>ก</p>", {"X-Crisis-Level": "ALERT"}, "natural.alerts", ("th",))
    mail = read(mime_of(said, references=("<root@ministry.example>", "<2@ministry.example>")))
    assert mail["From"] == SENDER
    assert mail["To"] == "duty@ministry.example"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == "<2025-0412.n2.rabc@ministry.example>"
    assert mail["In-Reply-To"] == "<2@ministry.example>"
    assert mail["References"] == "<root@ministry.example> <2@ministry.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["List-Id"] == "<natural.alerts.ministry.example>"
    assert mail["Content-Language"] == "th"
    assert mail["X-Crisis-Level"] == "ALERT"
    assert mail["Importance"] is None
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe"] is None
    assert mail["Precedence"] is None


def test_a_thread_of_one_has_no_references() -> None:
    mail = read(mime_of())
    assert mail["References"] is None
    assert mail["In-Reply-To"] is None


def test_both_bodies_come_back_as_they_went_in() -> None:
    said = Message("s", "ผู้เสียชีวิต 20 ราย\nbye\n", '<p lang="th">ผู้เสียชีวิต</p>')
    mail = read(mime_of(said))
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content().replace("\r\n", "\n") == said.text
    assert html.get_content_type() == "text/html"
    assert html.get_content().strip() == said.html


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain words = figures\n" * 40, "quoted-printable"),
        ("น้ำท่วมหนัก\n" * 40, "base64"),
    ],
)
def test_a_body_goes_in_the_encoding_that_makes_it_shorter(text: str, encoding: str) -> None:
    made = encoded(text)
    assert made.name == encoding
    part = EmailMessage()
    part.set_content(text, cte=made.name)
    sent = part.as_bytes().partition(b"\n\n")[2]
    assert abs(len(sent) - made.size) <= max(80, made.size // 10)


def test_the_same_notice_is_the_same_bytes() -> None:
    assert mime_of() == mime_of()


def test_no_line_is_longer_than_mail_may_carry_and_all_is_ascii() -> None:
    said = Message("น้ำท่วม" * 60, "ก" * 5000, "<p>" + "ก" * 5000 + "</p>")
    mime = mime_of(said)
    assert mime.isascii()
    assert max(len(line) for line in mime.split(b"\r\n")) <= 998
    assert b"\n" not in mime.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "subject",
    [
        "[วิกฤต] เมียนมา – แผ่นดินไหวขนาด 7.7 ใกล้เมืองสะกาย (ภัยธรรมชาติ) #2025-0412",
        "[FLASH] Myanmar – M7.7 earthquake near Sagaing (Natural) #2025-0412",
        "[EXERCISE/ฝึกซ้อม] [INFO] สปป. ลาว – น้ำท่วม, ดินถล่ม #2025-0413",
        "ก" * 199,
    ],
)
def test_a_subject_survives_encoding_letter_by_letter(subject: str) -> None:
    assert read(mime_of(Message(subject, "t", "h")))["Subject"] == subject


COUNTRIES = (
    "เวียดนาม", "ฟิลิปปินส์", "สปป. ลาว", "Viet Nam", "Timor-Leste", "เมียนมา", "Côte d’Ivoire", "ญี่ปุ่น",
)  # fmt: skip
EVENTS = (
    "พายุ",
    "พายุหมุนเขตร้อนยางิ ใกล้ Hải Phòng และ ฮานอย",
    "M7.1 earthquake – 60 km off the coast, tsunami warning",
    "แผ่นดินไหวขนาด 7.4 ใกล้ เมืองมานาโด เสียชีวิต 57 ราย, สูญหาย 120 ราย",
    "flood ๆ  and landslides · น้ำท่วม ดินถล่ม",
)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("kind", ["Subject", "X-Crisis-Country"])
def test_every_blank_of_a_header_is_read_back(country: str, event: str, kind: str) -> None:
    line = clean.header(f"[วิกฤต] {country} – {event} (ภัยธรรมชาติ) #2025-0412", 400)
    said = (
        Message(line, "t", "h")
        if kind == "Subject"
        else Message("s", "t", "h", {"X-Crisis-Country": line})
    )
    mime = mime_of(said)
    assert read(mime)[kind] == line
    raw = message_from_bytes(mime)[kind]  # as older readers do it
    assert str(make_header(decode_header(raw))) == line
    head = mime.partition(b"\r\n\r\n")[0]
    assert all(len(each) <= 76 for each in head.split(b"\r\n") if b"=?" in each)


def test_a_long_list_in_a_header_begins_without_a_blank() -> None:
    codes = ", ".join(f"a_rather_long_reason_code_{n}" for n in range(12))
    mime = mime_of(Message("s", "t", "h", {"X-Crisis-Reason": codes}))
    assert read(mime)["X-Crisis-Reason"] == codes


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_adds_no_header_and_loses_no_mail(text: str) -> None:
    said = Message(text, text, f"<p>{text}</p>", {"X-Crisis-Country": text})
    mail = read(mime_of(said, references=(text,), reply_to=text))
    plain = read(
        mime_of(Message("a", "b", "c", {"X-Crisis-Country": "d"}, "alerts"), references=("e",))
    )
    assert set(mail.keys()) <= set(plain.keys()) | {"Reply-To"}
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject") or ()) == 1
    assert mail["Subject"]
    assert len(list(mail.iter_parts())) == 2


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "a b@c.example", "ก@ministry.example", "\r\n"]
)
def test_an_impossible_recipient_still_gives_a_message(address: str) -> None:
    mail = read(mime_of(recipient=address))
    assert mail["To"] == "undisclosed-recipients:;"


def test_a_thai_sender_name_and_domain_are_encoded() -> None:
    mail = read(mime_of(sender='"ระบบติดตาม, กต." <alerts@กระทรวง.example>'))
    assert mail["From"].addresses[0].display_name == "ระบบติดตาม, กต."
    assert mail["From"].addresses[0].domain.startswith("xn--")
    assert len(mail["From"].addresses) == 1


def test_long_subjects_are_cut_to_200_letters() -> None:
    assert len(read(mime_of(Message("word " * 100, "t", "h")))["Subject"]) <= 200


def test_a_message_id_is_the_same_for_the_same_notice_only() -> None:
    def made(
        subject_of: str = "2025-0412",
        notice: int = 3,
        recipient: str = "duty@ministry.example",
        origin: str = "2025-03-28T06:20:00+00:00",
        part: str = "",
    ) -> str:
        return message.message_id(
            subject_of, notice, recipient, sender=SENDER, origin=origin, part=part
        )

    first = made()
    assert first == made()
    assert first == made(recipient=" Duty@ministry.example ")
    assert first.startswith("<2025-0412.n3.r")
    assert first.endswith("@ministry.example>")
    others = [
        made(notice=4),
        made(subject_of="2025-0413"),
        made(recipient="backup@ministry.example"),
        made(origin="2025-03-29T06:20:00+00:00"),
        made(part="s1"),
    ]
    assert len({first, *others}) == 6


def test_a_message_id_has_no_room_for_strange_signs() -> None:
    made = message.message_id("2025 >\r\n<ก", 1, "a@b.example", sender="no address at all")
    assert made.isascii()
    assert made.endswith("@localhost>")
    assert not any(sign in made[1:-1] for sign in "<> \r\n")


def test_the_boundary_cannot_be_guessed_from_the_text() -> None:
    boundary = read(mime_of()).get_boundary()
    assert boundary is not None
    assert hashlib.sha256(b"<2025-0412.n2.rabc@ministry.example>").hexdigest()[:24] in boundary


def test_a_picture_travels_beside_the_html_that_shows_it() -> None:
    png = b"\x89PNG" + bytes(range(256)) * 40
    said = Message(
        "s", "plain", '<img src="cid:map.1@monitor">', pictures=(Enclosure("map.1@monitor", png),)
    )
    mail = read(mime_of(said))
    assert mail.get_content_type() == "multipart/alternative"
    plain, related = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert related.get_content_type() == "multipart/related"
    html, picture = related.iter_parts()
    assert "cid:map.1@monitor" in html.get_content()
    assert picture["Content-ID"] == "<map.1@monitor>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == png
    assert mime_of(said) == mime_of(said)
    assert max(map(len, mime_of(said).split(b"\r\n"))) <= 998
