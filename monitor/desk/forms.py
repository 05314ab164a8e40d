"""What a form sends, read with a limit: plain fields, each given once, and at most one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST = 16_384  # bytes
_FIELDS = 40
_NOT_EVEN_READ = 64 * 2**20  # bytes
_KIND = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with one file: its fields, the file's name as the browser gave it, its bytes.

    `cut`: the file is larger than is taken, and was not kept.
    """

    fields: Mapping[str, str]
    name: str
    raw: bytes
    cut: bool = False


async def read(
    request: Request, *, largest: int = LARGEST, fields: int = _FIELDS
) -> Mapping[str, str]:
    """The fields, `largest` bytes at most. Raises HTTPException 415 or 413 for what no form of
    ours sends."""
    if kind_of(request) != _KIND:
        raise HTTPException(415)
    body = await _body(request, largest)
    if body is None:
        raise HTTPException(413)
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=fields
        )
    except ValueError as error:
        raise HTTPException(413) from error
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def kind_of(request: Request) -> str:
    """The media type of what is sent."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_upload(request: Request, largest: int) -> Upload:
    """A form with a file of at most `largest` bytes (RFC 7578). Raises HTTPException 415."""
    head = Message()
    head["content-type"] = request.headers.get("content-type", "")
    boundary = head.get_boundary()
    if head.get_content_type() != "multipart/form-data" or not boundary:
        raise HTTPException(415)
    body = await _body(request, largest + LARGEST)
    if body is None:
        return Upload({}, "", b"", cut=True)
    fields: dict[str, str] = {}
    name, raw = "", b""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))[1:-1]:
        lines, _, data = part.partition(b"\r\n\r\n")
        says = HeaderParser().parsestr(lines.decode("utf-8", "replace").lstrip())
        key = says.get_param("name", header="content-disposition")
        if says.get_filename() is not None:
            name, raw = str(says.get_filename()), data
        elif isinstance(key, str) and len(fields) < _FIELDS:
            fields.setdefault(key, data[:LARGEST].decode("utf-8", "replace"))
    return Upload(fields, name, raw)


async def _body(request: Request, largest: int) -> bytes | None:
    """What is sent, None where it is more than that; the rest is read and thrown away.

    A browser that is cut off while it sends shows no answer at all.
    """
    body, much = bytearray(), 0
    async for part in request.stream():
        much += len(part)
        if much <= largest:
            body += part
        elif much > _NOT_EVEN_READ:
            raise HTTPException(413)
    return bytes(body) if much <= largest else None


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site's page sends this."""
    site = request.headers.get("sec-fetch-site", "none")
    return site not in ("none", "same-origin")
