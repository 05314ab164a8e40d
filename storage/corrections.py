"""Officers' corrections: kept for ever, and stronger than any classifier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from storage.codec import decode, encode
from storage.records import Correction, Item, Judgement, Reading, Tag
from storage.tables import correction

_NAMES = ("categories", "hazard", "countries")


def add(
    conn: Connection,
    of: Item,
    after: Judgement,
    *,
    corrected: Iterable[str],
    by: str,
    note: str,
    at: datetime,
) -> Correction:
    """Keep an officer's word on an item; `corrected` names what he sets of `after`.

    What officers set before stays set. The item's reading is not changed here: `items.reread`
    does that.
    """
    named = {*corrected, *of.reading.corrected}
    row = {
        "item_id": of.id,
        "at": at,
        "by": by,
        "note": note,
        "title": of.values.title,
        "summary": of.values.summary,
        "language": of.values.language or of.reading.language,
        "corrected": tuple(name for name in _NAMES if name in named),
    }
    before = judgement_of(of.reading)
    added = conn.execute(
        insert(correction)
        .values(**row, before=encode(before), after=encode(after))
        .returning(correction.c.id)
    )
    return Correction(id=int(added.scalar_one()), before=before, after=after, **row)  # type: ignore[arg-type]


def of_item(conn: Connection, item_id: int) -> list[Correction]:
    """The corrections of an item, oldest first."""
    query = _corrections().where(correction.c.item_id == item_id).order_by(correction.c.id)
    return _listed(conn, query)


def newest(conn: Connection, item_id: int) -> Correction | None:
    """The last word on an item, None if no officer has spoken."""
    query = _corrections().where(correction.c.item_id == item_id)
    found = _listed(conn, query.order_by(correction.c.id.desc()).limit(1))
    return found[0] if found else None


def listing(conn: Connection, *, limit: int) -> list[Correction]:
    """Corrections, the last made first."""
    return _listed(conn, _corrections().order_by(correction.c.id.desc()).limit(limit))


def in_force(conn: Connection) -> list[Correction]:
    """The last word on every item of which officers set the categories, oldest first."""
    last = (
        select(func.max(correction.c.id))
        .where(correction.c.item_id.is_not(None))
        .group_by(correction.c.item_id)
    )
    kept = _corrections().where(correction.c.item_id.is_(None) | correction.c.id.in_(last))
    found = _listed(conn, kept.order_by(correction.c.id))
    return [each for each in found if "categories" in each.corrected]


def count_since(conn: Connection, since: datetime) -> int:
    """How many corrections were made from `since` on."""
    return int(conn.execute(select(func.count()).where(correction.c.at >= since)).scalar_one())


def judgement_of(reading: Reading) -> Judgement:
    """What a reading says an item is."""
    return Judgement(reading.categories, reading.unsure, reading.hazard, reading.countries)


def held(conn: Connection, item_id: int, reading: Reading) -> Reading:
    """A classifier's reading of an item with what officers have set put over it."""
    last = newest(conn, item_id)
    return reading if last is None else applied(reading, last)


def applied(reading: Reading, last: Correction) -> Reading:
    """`reading` with what the correction sets. A crisis by an officer's word is one of today."""
    after, set_ = last.after, last.corrected
    changed = replace(reading, corrected=set_, corrected_by=last.by)
    if "categories" in set_:
        words = {tag.label: tag.evidence for tag in reading.tags}
        changed = replace(
            changed,
            tags=tuple(Tag(label, 1.0, words.get(label, ())) for label in after.categories),
        )
        if after.categories:
            changed = replace(
                changed, flags=tuple(each for each in reading.flags if each != "retrospective")
            )
    if "hazard" in set_:
        changed = replace(
            changed,
            hazard=after.hazard,
            hazard_evidence=reading.hazard_evidence if reading.hazard == after.hazard else (),
        )
    if "countries" in set_:
        changed = replace(changed, countries=after.countries)
    return changed


def _corrections() -> Select[Any]:
    return select(*correction.c)


def _listed(conn: Connection, query: Select[Any]) -> list[Correction]:
    return [
        Correction(
            **{
                **row,
                "before": decode(Judgement, row["before"]),
                "after": decode(Judgement, row["after"]),
            }
        )
        for row in conn.execute(query).mappings()
    ]
