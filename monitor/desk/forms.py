"""What a form sends, read with a limit: plain fields, each given once."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST = 16_384  # bytes
_FIELDS = 40
_KIND = "application/x-www-form-urlencoded"


async def read(
    request: Request, *, largest: int = LARGEST, fields: int = _FIELDS
) -> Mapping[str, str]:
    """The fields, `largest` bytes at most. Raises HTTPException 415 or 413 for what no form of
    ours sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise HTTPException(415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > largest:
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


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site's page sends this."""
    site = request.headers.get("sec-fetch-site", "none")
    return site not in ("none", "same-origin")
