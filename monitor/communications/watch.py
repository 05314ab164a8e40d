"""The advice watch: what each ministry says of each country, kept over time as it is read.

The first sight of a line is kept and is no change. A change stands in the item's revisions, in
the history here, and in an incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.communications.scale import scaled
from monitor.incidents.unsaid import holds_on
from storage import advice as kept
from storage.records import Advice, AdviceGiven, Item, ItemValues, NewAdvice

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class AdviceStep:
    """A ministry changed what it says of `country`: from `old` to `new`, on `item`."""

    item: Item
    country: str | None
    old: NewAdvice
    new: NewAdvice


def line_of(values: ItemValues, keys: Sequence[tuple[str, str]]) -> str:
    """The ministry's own name for the country or part: its stable key, else the country."""
    named = next((value for kind, value in keys if kind == "advice"), None)
    country = values.advice.country if values.advice else None
    return (named or country or next((value for _, value in keys), values.title))[:400]


def given(
    item: Item, advice: Advice, line: str, *, now: datetime, first: bool = False
) -> NewAdvice:
    """What `item` says, as it is kept."""
    found = scaled(advice, item.speaker)
    said = item.values.updated_at or item.values.published_at or now
    return NewAdvice(
        feed_id=item.feed_id,
        line=line,
        item_id=item.id,
        country=advice.country,
        area=advice.area,
        level=advice.level,
        wording=advice.wording,
        step=found.step,
        flags=found.flags,
        at=min(said, now),
        seen_at=now,
        first=first,
    )


def changed(
    conn: Connection, before: Item, after: Item, line: str, *, now: datetime
) -> AdviceStep | None:
    """Keep what a revision of an item changed in the advice; None when nothing did."""
    was, is_now = before.values.advice, after.values.advice
    if is_now is None or holds_on(after.values):
        return None
    new = given(after, is_now, line, now=now)
    held = kept.newest_of(conn, after.feed_id, line)
    if held is None and was is None:
        kept.add_first(conn, [given(after, is_now, line, now=now, first=True)])
        return None
    old = as_new(held) if held else given(before, was or is_now, line, now=now, first=True)
    if _says(old) == _says(new):
        return None
    if held is None:  # stored before advice was kept over time
        kept.add_first(conn, [old])
    kept.add(conn, new)
    return AdviceStep(after, is_now.country, old, new)


def again(conn: Connection, said: NewAdvice, item: Item) -> AdviceStep | None:
    """A new notice of a line that another notice told of before; None when it says the same.

    A ministry that tells its advice by notices has no page that changes: the newest one holds.
    """
    held = kept.newest_of(conn, said.feed_id, said.line)
    if held is None:
        kept.add_first(conn, [said])
        return None
    old = as_new(held)
    if _says(old) == _says(said):
        return None
    new = replace(said, first=False)
    kept.add(conn, new)
    return AdviceStep(item, said.country, old, new)


def is_eased(old: NewAdvice, new: NewAdvice) -> bool:
    """Whether the step fell, or a call to leave was dropped at the same step."""
    if old.step is None or new.step is None:
        return False
    if "partial" in new.flags and "partial" not in old.flags and new.step == old.step:
        return True
    dropped = "leave" in old.flags and "leave" not in new.flags
    return new.step < old.step or (new.step == old.step and dropped)


def is_raised(old: NewAdvice, new: NewAdvice) -> bool:
    """Whether the step rose, or a call to leave was added."""
    if old.step is None or new.step is None:
        return False
    return new.step > old.step or ("leave" in new.flags and "leave" not in old.flags)


def as_new(of: AdviceGiven) -> NewAdvice:
    """What is kept, as it was before it was stored."""
    return NewAdvice(
        of.feed_id, of.line, of.item_id, of.country, of.area, of.level, of.wording, of.step,
        of.flags, of.at, of.seen_at, of.first,
    )  # fmt: skip


def _says(of: NewAdvice) -> tuple[object, ...]:
    return of.level, of.wording, of.area, "partial" in of.flags
