"""The senders of other channels: services by `apprise`, and our own signed webhook.

A notice for a channel is the same kind of MIME message as a mail; what goes out is read from it,
so that every attempt says the same and a webhook can tell a repeat by its id.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from logging import WARNING
from typing import Any
from urllib.parse import urlsplit

from alerts import clean
from alerts.errors import DeliveryError
from monitor.config.oncall import is_webhook
from monitor.config.settings import Settings
from monitor.fetch.posting import post
from storage.records import CHANNEL

DEADLINE_S = 30.0
SIGNATURE = "X-Monitor-Signature"
_LONGEST = 1_500  # signs of the text: some services cut, others refuse
EXTRA = "the package apprise is not installed: `pip install crisis-communication-monitor[notify]`"


class ChannelMailer:
    """`alerts.ports.Mailer` for recipients that are channels."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._channels = dict(settings.channels)
        self._secret = settings.webhook_secret or ""
        self._proxy = settings.proxy
        self._now = now

    async def send(self, mime: bytes, recipient: str) -> str:
        """What the service answered. Raises DeliveryError."""
        name = recipient.removeprefix(CHANNEL)
        url = self._channels.get(name)
        if url is None:
            raise DeliveryError(f"MONITOR_CHANNELS has no channel {name}", permanent=True)
        message = email.message_from_bytes(mime, policy=email.policy.default)
        if is_webhook(url):
            return await self._webhook(url.removeprefix("webhook+"), message)
        return await self._service(url, message)

    async def _webhook(self, url: str, message: EmailMessage) -> str:
        body = json.dumps(payload(message), ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "crisis-communication-monitor",
            SIGNATURE: signature(self._secret, body, self._now()),
        }
        return await post(url, body, headers, deadline_s=DEADLINE_S, proxy=self._proxy)

    async def _service(self, url: str, message: EmailMessage) -> str:
        subject, text = str(message["Subject"]), text_of(message)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await asyncio.to_thread(_notify, url, subject, text)
        except TimeoutError as error:
            raise DeliveryError(f"no answer within {DEADLINE_S:g} seconds") from error


def _notify(url: str, subject: str, text: str) -> str:
    try:
        import apprise
    except ImportError as error:
        raise DeliveryError(EXTRA) from error
    with apprise.LogCapture(level=WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            raise DeliveryError("apprise cannot read this channel's address", permanent=True)
        taken = service.notify(
            body=text, title=subject, notify_type=apprise.NotifyType.WARNING,
            body_format=apprise.NotifyFormat.TEXT,
        )  # fmt: skip
        why = _without_secrets(said.getvalue(), url)
    if not taken:
        raise DeliveryError(why or "the service did not take it and gave no reason")
    return f"taken by {service.service_name or urlsplit(url).scheme}"


def _without_secrets(text: str, url: str) -> str:
    """The last lines that the library said, without what its address holds."""
    for part in sorted(re.split(r"[/:@?&=]+", url), key=len, reverse=True):
        if len(part) > 4:
            text = text.replace(part, "***")
    return clean.one_line(" ".join(text.split()), 300)


def payload(message: EmailMessage) -> dict[str, Any]:
    """What a webhook gets; docs/operations.md describes it."""

    def header(name: str) -> str:
        return str(message.get(name, "")).strip()

    def several(name: str) -> list[str]:
        given = header(name)
        return [] if given in ("", "none", "unknown") else given.split(", ")

    try:
        made = parsedate_to_datetime(header("Date")).astimezone(UTC).isoformat()
    except (ValueError, TypeError):
        made = ""
    return {
        "version": 1,
        "id": header("Message-ID").strip("<>"),
        "made_at": made,
        "kind": header("X-Crisis-Kind"),
        "level": header("X-Crisis-Level") or None,
        "incident": header("X-Crisis-Incident") or None,
        "exercise": header("X-Crisis-Exercise") == "yes",
        "categories": several("X-Crisis-Category"),
        "countries": several("X-Crisis-Country"),
        "title": header("Subject"),
        "text": text_of(message),
    }


def text_of(message: EmailMessage) -> str:
    """The plain text, cut to what services take."""
    part = message.get_body(("plain",))
    text = str(part.get_content()) if part is not None else ""
    return clean.shorten(clean.body(text).strip(), _LONGEST)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA-256 over the time, a full stop and the body.

    The receiver makes the same, compares, and refuses a time that is more than five minutes off.
    """
    stamp = str(int(at.timestamp()))
    mark = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mark}"
