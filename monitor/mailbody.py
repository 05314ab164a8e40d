"""What a message of ours says, for those who look at it outside a mail program."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

from alerts.pictures import standing_alone


def body_of(message: EmailMessage, kind: str) -> str:
    """The body of subtype `kind` as text, "" when the message has none that can be read."""
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a charset that nobody knows, or a broken transfer encoding
        raw = part.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def page_of(message: EmailMessage) -> str:
    """The HTML body with its enclosed pictures in it, "" when there is none."""
    html = body_of(message, "html")
    return standing_alone(html, _enclosed(message)) if html else ""


def _enclosed(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.walk():
        name = str(part["Content-ID"] or "").strip("<> ")
        picture = part.get_payload(decode=True) if part.get_content_type() == "image/png" else None
        if name and isinstance(picture, bytes):
            yield name, picture
