"""What told nobody in a period, and why: near misses apart from more of what was told already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.digest.choice import nearness
from storage import incidents
from storage.records import Incident, Item, Notice

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 200
_MORE_OF_IT = ("not_material", "duplicate_of")  # nothing new of an incident


@dataclass(frozen=True, slots=True)
class Misses:
    """The nearest of `total` misses, and how many `repeats` there were of what was told.

    `numbers` are those of the incidents of `items`, by id.
    """

    items: tuple[Item, ...]
    total: int
    repeats: int
    numbers: Mapping[int, str]


def misses(
    conn: Connection, seen: Sequence[Item], notices: Sequence[Notice], known: Mapping[int, Incident]
) -> Misses:
    """Of the items `seen` in a period, those whose incident nobody was told of afterwards either.

    `notices` are those of the period, `known` incidents by id.
    """
    told: dict[int, datetime] = {}
    for notice in notices:
        if notice.incident_id is not None:
            at = told.get(notice.incident_id, notice.created_at)
            told[notice.incident_id] = max(at, notice.created_at)
    found, repeats = [], 0
    for item in seen:
        if not item.disposition or not _is_near_miss(item):
            continue
        last = told.get(item.incident_id) if item.incident_id is not None else None
        if last is not None and any(why.code in _MORE_OF_IT for why in item.disposition):
            repeats += 1
        elif last is None or last < item.first_seen_at:
            found.append(item)
    found.sort(key=nearness)
    kept = tuple(found[:MOST])
    return Misses(kept, len(found), repeats, _numbers(conn, kept, known))


def _numbers(
    conn: Connection, items: Sequence[Item], known: Mapping[int, Incident]
) -> dict[int, str]:
    numbers: dict[int, str] = {}
    for item in items:
        of = item.incident_id
        if of is not None and of not in numbers:
            numbers[of] = (known.get(of) or incidents.get(conn, of)).number
    return numbers


def _is_near_miss(item: Item) -> bool:
    return bool(item.reading.tags) or item.values.hazard is not None
