"""The texts of a notice as its reader sees them."""

from __future__ import annotations

from monitor.desk.mails import body_of, parsed
from storage.records import Notice


def said_in(of: Notice) -> str:
    """The plain text; the HTML must say the same to whoever reads that."""
    message = parsed(of)
    text = body_of(message, "plain")
    assert body_of(message, "html")
    return text
