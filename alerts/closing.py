"""What an officer has closed stays closed; a grave report that comes after is told all the same."""

from __future__ import annotations

from collections.abc import Sequence

from storage.records import Change

REPORTED = ("reported", "harmed")


def is_grave(change: Change) -> bool:
    """Whether who closed the incident did not know this, and would want to."""
    if change.kind == "nationals":
        return change.by == "machine" and change.new in REPORTED
    return change.kind in ("level_raised", "nationals_report")


def since_closing(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The grave changes after the last closing; none of an incident that was never closed."""
    closed = max((each.id for each in changes if each.kind == "closed"), default=None)
    if closed is None:
        return ()
    return tuple(each for each in changes if each.id > closed and is_grave(each))
