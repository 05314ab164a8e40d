"""What `monitor doctor` looks at of on-call work: answers, bounces, other channels, export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

from monitor.config.oncall import is_webhook
from monitor.config.settings import Settings
from monitor.errors import MonitorError

BOUNCES = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `verdict` is ok, advice or fault."""

    what: str
    verdict: str
    text: str


def examine_oncall(settings: Settings) -> Iterator[Finding]:
    """Look at the settings and at what the running program has written down."""
    yield from _answers(settings)
    yield from _channels(settings)
    yield from _written_down(settings)
    if settings.export:
        yield Finding(
            "export", "advice",
            f"incidents are given to others as {', '.join(settings.export)} under "
            f"{settings.base_url}/export/: let only partners reach that address",
        )  # fmt: skip


def _answers(settings: Settings) -> Iterator[Finding]:
    if settings.base_url == settings.listen.url:
        yield Finding(
            "links", "advice",
            "MONITOR_BASE_URL is not set: links in mails open on this machine only",
        )  # fmt: skip
    if settings.answers_read:
        yield Finding("replies", "ok", f"replies to {settings.reply_to} acknowledge")
    elif settings.reply_to or settings.inbox:
        missing = "MONITOR_INBOX" if settings.reply_to else "MONITOR_REPLY_TO"
        yield Finding("replies", "fault", f"{missing} is not set, so replies are not read")
    else:
        yield Finding(
            "replies", "advice",
            "MONITOR_REPLY_TO and MONITOR_INBOX are not set: nobody can acknowledge by reply, and "
            "mails that come back are not noticed",
        )  # fmt: skip


def _channels(settings: Settings) -> Iterator[Finding]:
    from monitor.config.policyfile import read_policy
    from monitor.oncall.channels import in_use

    known = [name for name, _ in settings.channels]
    try:
        named = in_use(read_policy(settings.alerts))
    except MonitorError:  # told as a fault of the file
        named = {}
    for name in known:
        if name not in named:
            yield Finding(
                "channels", "advice", f"{name} is used by nobody: name it in {settings.alerts}"
            )
    services = [name for name, url in settings.channels if not is_webhook(url)]
    if services and find_spec("apprise") is None:
        yield Finding(
            "channels", "fault",
            f"{', '.join(services)} needs the package apprise: install the extra notify",
        )  # fmt: skip
    if not known:
        yield Finding(
            "channels", "advice",
            "MONITOR_CHANNELS is not set: a FLASH has no second road, and nobody hears of it when "
            "mail fails",
        )  # fmt: skip


def _written_down(settings: Settings) -> Iterator[Finding]:
    from monitor.health import INBOX_FAULT
    from storage import meta, oncall, schema
    from storage.database import Database
    from storage.errors import StorageError

    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return
    since = datetime.now(UTC) - BOUNCES
    try:
        database = Database(settings.database_url)
        try:
            schema.require_current(database)
            with database.read() as conn:
                back = oncall.bounced_since(conn, since)
                fault = meta.get(conn, INBOX_FAULT)
        finally:
            database.close()
    except StorageError:  # told by the look at the database
        return
    if settings.inbox and fault is not None and fault.value:
        yield Finding("inbox", "fault", fault.value)
    for recipient, reason in back[:10]:
        yield Finding("bounced", "fault", f"a mail to {recipient} came back: {reason}")
