"""The writer of messages against the library's own: the same bytes, whatever the texts hold."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from alerts import wire

PIECES = (
    "a", "Z", "0", " ", "  ", "=", "?", "=?", "ก", "้", "é", "日", "😀", "<", ">", "@", ",", ";",
    ":", "\"", "(", ")", "\\", "%", ".", "-", "x" * 40, "ไทยยาว" * 9, "word " * 7,
    "=?utf-8?b?4LiB?=",
)  # fmt: skip
ADDRESSES = (
    "a@ministry.example", "Crisis Monitor <alerts@ministry.example>", "undisclosed-recipients:;",
    '"ไทย ก" <a@b.example>', "desk+a-0123456789abcdefghij@ministry.example",
)  # fmt: skip


ENCODINGS = ("base64", "quoted-printable")


def made(dice: random.Random, most: int) -> str:
    return "".join(dice.choice(PIECES) for _ in range(dice.randrange(1, most)))


def by_the_library(
    headers: dict[str, str], plain: wire.Body, html: wire.Body, pictures: tuple[wire.Picture, ...]
) -> bytes:
    mime = EmailMessage(policy=wire.POLICY)
    for name, value in headers.items():
        mime[name] = value
    mime.set_content(plain.text, subtype="plain", charset="utf-8", cte=plain.encoding)
    mime.add_alternative(html.text, subtype="html", charset="utf-8", cte=html.encoding)
    part = mime.get_body(("html",))
    assert part is not None
    for each in pictures:
        part.add_related(
            each.png, "image", "png", cid=each.identifier, disposition="inline",
            filename=each.filename,
        )  # fmt: skip
    if pictures:
        part.set_boundary("=_b0r")
    mime["Content-Language"] = "th, en"
    mime.set_boundary("=_b0")
    return mime.as_bytes()


@pytest.mark.parametrize("seed", range(40))
def test_the_bytes_are_those_of_the_library(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    headers = {
        "From": dice.choice(ADDRESSES),
        "To": dice.choice(ADDRESSES),
        "Reply-To": dice.choice(ADDRESSES),
        "Subject": made(dice, 30).strip() or "x",
        "Date": "Fri, 28 Mar 2025 06:20:00 +0000",
        "Message-ID": dice.choice(("<a.n1.r2@b.example>", f"<{'a' * 80}@b.example>")),
        "References": " ".join(f"<{n}.{'r' * 20}@b.example>" for n in range(dice.randrange(1, 6))),
        "X-Crisis-Kind": made(dice, 4).strip() or "x",
        "X-Crisis-Rule": made(dice, 14).strip() or "x",
    }
    plain, html = (
        wire.Body(kind, f"{made(dice, 60)}\n{made(dice, 9)}", dice.choice(ENCODINGS))
        for kind in ("plain", "html")
    )
    png = dice.randbytes(dice.randrange(200))
    pictures = (wire.Picture("<map.0@monitor>", "map.0.png", png),) * dice.randrange(3)
    given = wire.written(headers, plain, html, pictures, boundary="b0", languages="th, en")
    assert given == by_the_library(headers, plain, html, pictures)


def test_what_is_written_is_read_back() -> None:
    at = datetime(2025, 3, 28, tzinfo=UTC)
    raw = wire.written(
        {"Subject": "แผ่นดินไหว  ไทย", "Date": f"{at:%a, %d %b %Y %H:%M:%S} +0000"},
        wire.Body("plain", "ข้อความ\n", "base64"),
        wire.Body("html", "<p>ข้อความ</p>\n", "quoted-printable"),
        (),
        boundary="b0",
        languages="th",
    )
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Subject"] == "แผ่นดินไหว  ไทย"
    plain = read.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == ["ข้อความ"]
