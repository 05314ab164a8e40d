"""How a notice can be answered: its link, and the address that a reply to it goes to."""

from __future__ import annotations

from datetime import datetime

from monitor.config.settings import Settings
from monitor.oncall import marks


def ack_url(settings: Settings, message_id: str, recipient: str, now: datetime) -> str:
    """The address under which this recipient takes the incident on; "" without a desk address."""
    if not settings.base_url:
        return ""
    path = marks.link(settings.secret(), message_id, recipient, now + marks.LIFE)
    return f"{settings.base_url}/ack/{path}"


def reply_to(settings: Settings, message_id: str, recipient: str) -> str | None:
    """The reply address of this notice; the plain one while no inbox is read; None for none."""
    if settings.reply_to is None or not settings.answers_read:
        return settings.reply_to
    return marks.reply_address(settings.reply_to, settings.secret(), message_id, recipient)
