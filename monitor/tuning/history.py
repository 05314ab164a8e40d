"""Every version of the feed list, who made it and why, in the audit log."""

from __future__ import annotations

import base64
import difflib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alerts import words
from monitor.errors import MonitorError
from monitor.tuning.editing import entries_of
from monitor.tuning.refused import NotChanged
from storage import audit
from storage.records import Json

if TYPE_CHECKING:
    from storage.database import Connection

ACTION, SUBJECT = "feeds.change", "feeds.yaml"
BY_HAND = "by hand"
MOST_DIFF_LINES = 200


@dataclass(frozen=True, slots=True)
class Past:
    """One change of the list: what was done (a word of [tuning.deed]) to which feeds, and both
    texts.
    """

    id: int
    at: datetime
    who: str
    deed: str
    names: tuple[str, ...]
    why: str
    before: str
    after: str
    digest: str  # of the file after it

    def named(self, language: str) -> str:
        """The feeds that it changed, or that it changed none."""
        return ", ".join(self.names) or words.say("tuning.deed.no_feed", language)

    @property
    def diff(self) -> tuple[str, ...]:
        """What changed, line by line."""
        return diff_of(self.before, self.after)


def diff_of(before: str, after: str) -> tuple[str, ...]:
    """The lines that go (-) and come (+), each group under the number of its line."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[
        2:
    ]
    shown = [line if not line.startswith("@@") else _place(line) for line in lines]
    if len(shown) > MOST_DIFF_LINES:
        more = len(shown) - MOST_DIFF_LINES
        return (*shown[:MOST_DIFF_LINES], f"… and {more} more lines")
    return tuple(shown)


def remember(
    conn: Connection,
    *,
    at: datetime,
    who: str,
    deed: str,
    names: Sequence[str] = (),
    why: str,
    before: str,
    after: str,
    digest: str,
) -> int:
    """Keep a change; its number."""
    return audit.record(
        conn,
        at=at,
        who=who,
        action=ACTION,
        subject=SUBJECT,
        before={"text": _packed(before)},
        after={
            "text": _packed(after),
            "digest": digest,
            "deed": deed,
            "names": list(names),
            "why": why,
        },
    )


def listing(conn: Connection, limit: int = 20) -> list[Past]:
    """The last changes, newest first."""
    found = audit.listing(conn, limit=limit, subject=SUBJECT)
    return [_past(entry) for entry in found if entry.action == ACTION]


def newest(conn: Connection) -> Past | None:
    """The last change, None before the first."""
    return next(iter(listing(conn, 1)), None)


def numbered(conn: Connection, number: int) -> Past:
    """The change of that number. Raises MonitorError."""
    for past in listing(conn, 10_000):
        if past.id == number:
            return past
    raise NotChanged("no_number", number=str(number))


def by_name(text: str) -> dict[str, object]:
    """The entries of a list by name; empty for a text that is none."""
    try:
        return {str(entry.get("name")): entry for entry in entries_of(text)}
    except MonitorError:
        return {}


def _past(entry: audit.Entry) -> Past:
    before, after = entry.before, entry.after
    old = before if isinstance(before, dict) else {}
    new = after if isinstance(after, dict) else {}
    return Past(
        id=entry.id,
        at=entry.at,
        who=entry.who,
        deed=str(new.get("deed", "")),
        names=tuple(map(str, named)) if isinstance(named := new.get("names"), list) else (),
        why=str(new.get("why", "")),
        before=_unpacked(old.get("text")),
        after=_unpacked(new.get("text")),
        digest=str(new.get("digest", "")),
    )


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def _unpacked(packed: Json) -> str:
    if not isinstance(packed, str) or not packed:
        return ""
    return zlib.decompress(base64.b64decode(packed)).decode("utf-8")


def _place(line: str) -> str:
    new = line.split("+", 1)[1].split(" ", 1)[0].split(",", 1)[0]
    return f"line {new}:"
