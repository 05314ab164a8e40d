"""What a message of ours says, for those who look at it outside a mail program."""

from __future__ import annotations

from email.message import EmailMessage

from alerts.pictures import data_address


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
    for part in message.walk() if html else ():
        name = str(part["Content-ID"] or "").strip("<> ")
        picture = part.get_payload(decode=True) if part.get_content_type() == "image/png" else None
        if name and isinstance(picture, bytes):
            html = html.replace(f'"cid:{name}"', f'"{data_address(picture)}"')
    return html
