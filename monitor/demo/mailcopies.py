"""HTML copies of the mails, for a newcomer whose machine opens no `.eml` files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.dates import zone_label
from monitor.mailbody import body_of, page_of

_STYLE = (
    "font:14px/1.5 system-ui,sans-serif;background:#eef1f5;color:#1a2433;"
    "padding:12px 20px;margin:0;border-bottom:1px solid #c5ccd6"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """One mail that was copied: the page's file name and what its head says.

    `kind` is that of the notice (alert, reminder, escalation, corrected, …, digest).
    """

    name: str
    to: str
    at: datetime
    kind: str
    subject: str


def copy_mails(outbox: Path, folder: Path, zone: ZoneInfo) -> list[Copy]:
    """Write each `.eml` of `outbox` as a page into `folder`, with a list of all; oldest first."""
    folder.mkdir(parents=True, exist_ok=True)
    copies: list[Copy] = []
    for path in sorted(outbox.glob("*.eml")):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        copy = Copy(
            name=path.with_suffix(".html").name,
            to=str(mail["To"]),
            at=parsedate_to_datetime(str(mail["Date"])).astimezone(zone),
            kind=str(mail.get("X-Crisis-Kind", "digest")),
            subject=str(mail["Subject"]),
        )
        (folder / copy.name).write_text(_page(mail, copy), encoding="utf-8")
        copies.append(copy)
    (folder / "index.html").write_text(_list(copies, zone), encoding="utf-8")
    return copies


def _page(mail: EmailMessage, copy: Copy) -> str:
    """The mail's own HTML body, with the head that a mail program would show above it."""
    body = page_of(mail) or body_of(mail, "plain")
    head = (
        f'<div style="{_STYLE}"><div>{escape(copy.kind)} to {escape(copy.to)}, '
        f'{copy.at:%d %B %Y, %H:%M} · <a href="index.html">all mails of the demo</a></div>'
        f"<div><strong>{escape(copy.subject)}</strong></div></div>"
    )
    start = body.lower().find("<body")
    after = body.find(">", start) + 1 if start >= 0 else 0
    return f"{body[:after]}{head}{body[after:]}"


def _list(copies: list[Copy], zone: ZoneInfo) -> str:
    rows = "".join(
        f"<tr><td>{copy.at:%a %d %b, %H:%M}</td><td>{escape(copy.kind)}</td>"
        f"<td>{escape(copy.to.partition('@')[0])}</td>"
        f'<td><a href="{escape(copy.name)}">{escape(copy.subject)}</a></td></tr>'
        for copy in copies
    )
    heads = "".join(
        f"<th>{name}</th>" for name in (zone_label(zone, "en"), "kind", "to", "subject")
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<title>Mails of the demo</title>"
        "<style>body{font:15px/1.5 system-ui,sans-serif;margin:2em;color:#1a2433}"
        "td,th{padding:4px 18px 4px 0;vertical-align:top;text-align:left;white-space:nowrap}"
        "td:last-child{white-space:normal}</style></head><body>"
        "<h1>Mails of the demo</h1><p>Oldest first. All of it is invented; nothing was sent.</p>"
        f"<table><tr>{heads}</tr>{rows}</table></body></html>"
    )
