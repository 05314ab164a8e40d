"""A version of the list that was saved by hand: kept in the history, and what it took back told.

Whoever comes first keeps it (the running program, a command, a page), and tells in the same
transaction, so that nobody's coming first makes it go untold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from alerts.feednotice import Fault, Undone
from alerts.policy import Policy
from monitor.config.settings import Settings
from monitor.tuning import history
from monitor.tuning.history import BY_HAND, Past, by_name
from monitor.tuning.listfile import Version
from monitor.watching import tell_fault

if TYPE_CHECKING:
    from storage.database import Connection

log = structlog.get_logger(__name__)

_BACK, _MOST_NAMES = 20, 50  # changes looked at, feeds named
# Deeds whose record names every feed that they changed.
_NAMED = frozenset(["add", "edit", "rename", "address", "enable", "disable", "remove"])


@dataclass(frozen=True, slots=True)
class ByHand:
    """A version saved by hand behind the change numbered `behind`, and the changes it took back."""

    version: Version
    behind: int
    before: str
    names: tuple[str, ...]
    lost: tuple[Past, ...]


def found_by_hand(conn: Connection, look: Callable[[], Version]) -> ByHand | None:
    """What somebody saved by hand since the last version known; None if nobody did.

    The file is looked at behind its history: a change by program that comes in between is then
    seen by `keep`. Reading the versions before takes a while for a long list: not for the writer.
    """
    past = history.listing(conn, _BACK)
    last = past[0] if past else None
    if last is None:
        return None
    version = look()
    if last.digest == version.digest or last.after == version.text:
        return None
    lost = tuple(overtaken(past, version.text))
    return ByHand(version, last.id, last.after, moved(last.after, version.text), lost)


def keep(
    conn: Connection, found: ByHand, policy: Policy, settings: Settings, now: datetime
) -> Past | None:
    """Keep it as a change of its own, and mail the list's owner what it took back.

    None if somebody else has kept it meanwhile.
    """
    last = history.newest(conn)
    if last is None or last.id != found.behind:
        return None
    history.remember(
        conn, at=now, who=BY_HAND, deed="hand", names=found.names[:_MOST_NAMES], why="",
        before=found.before, after=found.version.text, digest=found.version.digest,
    )  # fmt: skip
    if found.lost:
        log.warning("change_undone_by_hand", changes=[each.id for each in found.lost])
        undone = tuple(
            Undone(each.id, each.deed, each.named("en"), each.who) for each in found.lost
        )
        tell_fault(conn, Fault((), undone), policy, settings, now=now)
    return history.newest(conn)


def overtaken(past: Sequence[Past], now: str) -> list[Past]:
    """The changes by program that a version by hand has taken back, newest first.

    That is what an editor does in which the file stood open meanwhile: it saves what it had. A
    feed that looks again as it did before a change has lost that change and all behind it.
    """
    if not past:
        return []
    there = by_name(now)
    behind: dict[str, list[Past]] = {name: [] for name in moved(past[0].after, now)}
    lost: dict[int, Past] = {}
    for each in past:
        if not behind:
            break
        if each.deed in _NAMED and behind.keys().isdisjoint(each.names):
            continue
        old, new = by_name(each.before), by_name(each.after)
        for name in [name for name in behind if old.get(name) != new.get(name)]:
            behind[name].append(each)
            if old.get(name) == there.get(name):
                lost |= {one.id: one for one in behind.pop(name) if one.who != BY_HAND}
    return sorted(lost.values(), key=lambda each: -each.id)


def moved(before: str, after: str) -> tuple[str, ...]:
    """The names of the feeds that differ between two versions, in the order of the lists."""
    return tuple(_moved(by_name(before), by_name(after)))


def _moved(old: dict[str, object], new: dict[str, object]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield name
