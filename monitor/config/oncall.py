"""The settings of on-call work: answers to mails, other channels, and what may leave the house."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from alerts.message import plain_address
from monitor.errors import ConfigError

INBOXES = ("imaps", "imap", "maildir")
EXPORTS = ("cap", "atom", "json")
TAG_LENGTH = 24  # `+a-` and the mark that a reply address carries
_LONGEST_BOX = 64  # RFC 5321: octets of the part before the at sign
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def read(value: Callable[[str], str | None]) -> dict[str, Any]:
    """The settings by field name; `value` gives the text of a setting. Raises ConfigError."""
    channels, secret = _channels(value("CHANNELS")), value("WEBHOOK_SECRET") or None
    if secret is None and any(is_webhook(url) for _, url in channels):
        raise ConfigError(
            "MONITOR_CHANNELS names a webhook and MONITOR_WEBHOOK_SECRET is not set: choose a "
            "secret of 32 signs or more and give it to the receiver, who checks signatures with it"
        )
    return {
        "reply_to": _reply_to(value("REPLY_TO")),
        "inbox": _inbox(value("INBOX")),
        "channels": channels,
        "webhook_secret": secret,
        "export": _export(value("EXPORT")),
    }


def is_webhook(url: str) -> bool:
    """Whether a channel is a webhook of our own kind."""
    return url.startswith(("webhook+https://", "webhook+http://"))


def _reply_to(text: str | None) -> str | None:
    if not text:
        return None
    bare = plain_address(text)
    box = bare.partition("@")[0]
    if not bare or not bare.isascii() or "+" in box or len(box) + TAG_LENGTH > _LONGEST_BOX:
        raise ConfigError(
            f"MONITOR_REPLY_TO is {text!r}: write the plain address of the inbox that reads "
            f"replies, for example desk@ministry.example, with {_LONGEST_BOX - TAG_LENGTH} signs "
            "at most and no + before the @: the program adds +a-… to it for each mail"
        )
    return bare


def _inbox(text: str | None) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in INBOXES
        if parts.scheme == "maildir":
            usable = not parts.netloc and len(parts.path) > 1
        elif usable:
            usable = bool(parts.hostname and parts.username and parts.password)
            _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(
            "MONITOR_INBOX is not a usable address: write imaps://user:password@host/INBOX, or "
            "maildir:///path/to/Maildir"
        )
    return text


def _channels(text: str | None) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for line in filter(None, (each.strip() for each in (text or "").splitlines())):
        name, equals, url = (part.strip() for part in line.partition("="))
        if not equals or not _NAME.fullmatch(name) or "://" not in url:
            raise ConfigError(
                "MONITOR_CHANNELS: write one channel a line as name = address, for example "
                "line-duty = line://TOKEN/USER; names are small letters, digits and dashes"
            )
        if name in found:
            raise ConfigError(f"MONITOR_CHANNELS: {name} stands there twice: keep one of them")
        found[name] = url
    return tuple(found.items())


def _export(text: str | None) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys((text or "").replace(",", " ").lower().split()))
    for each in wanted:
        if each not in EXPORTS:
            raise ConfigError(
                f"MONITOR_EXPORT: {each!r} is no kind of export: write {', '.join(EXPORTS)}, or "
                "nothing for none"
            )
    return wanted
