"""A message as it goes over the wire, written straight: the library's own writer parses every
header anew for each recipient, which costs more than making the text. Same bytes, held by a test.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.quoprimime import body_encode
from functools import lru_cache

_WORD = "=?utf-8?b?{}?="
_LINE = 76  # RFC 2047: the longest line that holds an encoded word
_ADDRESSES = ("from", "to", "reply-to")
_STRUCTURED = (*_ADDRESSES, "date", "message-id", "mime-version", "content-language")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9+_-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PLAIN_IDENTIFIER = re.compile(r"<[A-Za-z0-9.-]+@[A-Za-z0-9.-]+>")
_END = b"\r\n"
_BASE64_LINE = re.compile(rb".{1,76}")


class _Wire(EmailPolicy):
    """Writes headers outside ASCII as one run of encoded words that holds the blanks as well.

    The library's own folding leaves blanks between encoded words, where every reader drops them.
    """

    def fold(self, name: str, value: str) -> str:
        """The header as it goes over the wire, with its line ends."""
        if name.lower() in _ADDRESSES or str(value).isascii():
            return str(super().fold(name, value))
        return encoded_header(name, str(value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same in bytes."""
        if name.lower() in _ADDRESSES or str(value).isascii():
            return super().fold_binary(name, value)
        return encoded_header(name, str(value)).encode("ascii")


POLICY = _Wire(**{name: getattr(SMTP, name) for name in ("linesep", "max_line_length")})


@dataclass(frozen=True, slots=True)
class Body:
    """One text of the message: its kind (plain, html) and how it is encoded for the way."""

    subtype: str
    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG beside the HTML: its name in angle brackets, and that of a file."""

    identifier: str
    filename: str
    png: bytes


def written(
    headers: Mapping[str, str],
    plain: Body,
    html: Body,
    pictures: tuple[Picture, ...],
    *,
    boundary: str,
    languages: str,
) -> bytes:
    """The whole message, CRLF line ends: `headers` as they stand, both bodies, the pictures."""
    top = [header(name, value) for name, value in headers.items()]
    top += [
        b"MIME-Version: 1.0\r\n",
        f'Content-Type: multipart/alternative; boundary="=_{boundary}"\r\n'.encode(),
        header("Content-Language", languages),
    ]
    related = f"{boundary}r"
    mark = f"--=_{boundary}".encode()
    parts = [b"".join(top), _END, mark, _END, *_body(plain, b""), _END, mark, _END]
    if not pictures:
        parts += _body(html, b"MIME-Version: 1.0\r\n")
    else:
        inner = f"--=_{related}".encode()
        kind = f'Content-Type: multipart/related; boundary="=_{related}"\r\n'.encode()
        parts += [b"MIME-Version: 1.0\r\n", kind, _END, inner, _END, *_body(html, b"")]
        for picture in pictures:
            parts += [_END, inner, _END, *_picture(picture)]
        parts += [_END, inner, b"--", _END]
    return b"".join([*parts, _END, mark, b"--", _END])


def header(name: str, value: str) -> bytes:
    """One header with its line end, folded; what is short and plain needs no parsing."""
    low = name.lower()
    if _is_short(name, value):
        plain = low not in _STRUCTURED and "  " not in value
        address = low in _ADDRESSES and _PLAIN_ADDRESS.fullmatch(value)
        identifier = low == "message-id" and _PLAIN_IDENTIFIER.fullmatch(value)
        if plain or address or identifier or low == "date":
            return f"{name}: {value}\r\n".encode("ascii")
    return _parsed(name, value)


def _is_short(name: str, value: str) -> bool:
    fits = len(name) + len(": ") + len(value) <= _LINE
    return (
        fits
        and value != ""
        and value.isascii()
        and value.isprintable()
        and value.strip() == value
        and "=?" not in value
    )


@lru_cache(maxsize=512)
def _parsed(name: str, value: str) -> bytes:
    """What the library makes of the header; From and To are the same in thousands of mails."""
    one = EmailMessage(policy=POLICY)
    one[name] = value
    return POLICY.fold_binary(name, one[name])


def encoded_header(name: str, value: str) -> str:
    """The header as one run of encoded words."""
    room = _LINE - len(name) - len(": ")
    lines, chunk = [], b""
    for letter in value:
        more = letter.encode("utf-8", "replace")
        if chunk and _length(len(chunk) + len(more)) > room:
            lines.append(_word(chunk))
            chunk, room = b"", _LINE - 1
        chunk += more
    lines.append(_word(chunk))
    return f"{name}: {(POLICY.linesep + ' ').join(lines)}{POLICY.linesep}"


def _word(text: bytes) -> str:
    return _WORD.format(base64.b64encode(text).decode("ascii"))


def _length(size: int) -> int:
    """How long the encoded word of so many bytes is."""
    return len(_WORD) - len("{}") + -(-size // 3) * 4


def _body(of: Body, more: bytes) -> Iterator[bytes]:
    yield f'Content-Type: text/{of.subtype}; charset="utf-8"\r\n'.encode()
    yield f"Content-Transfer-Encoding: {of.encoding}\r\n".encode()
    yield more + _END
    lines = of.text.encode("utf-8", "replace").splitlines()
    if of.encoding == "base64":
        yield _base64(_END.join(lines) + _END)
    else:
        text = (b"\n".join(lines) + b"\n").decode("latin-1")
        yield body_encode(text, POLICY.max_line_length or _LINE).replace("\n", "\r\n").encode()


def _picture(of: Picture) -> Iterator[bytes]:
    yield b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    yield f'Content-Disposition: inline; filename="{of.filename}"\r\n'.encode()
    yield header("Content-ID", of.identifier)
    yield b"MIME-Version: 1.0\r\n\r\n"
    yield _base64(of.png)


def _base64(raw: bytes) -> bytes:
    """As `base64.encodebytes` writes it, which goes through it line by line and is slower."""
    return _END.join([*_BASE64_LINE.findall(base64.b64encode(raw)), b""])
