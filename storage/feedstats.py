"""What each feed brought in a window of time, counted in the database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from sqlalchemy import Connection, and_, case, distinct, func, select

from storage.tables import (
    correction,
    decision,
    incident_change,
    incident_item,
    item,
    item_category,
    poll,
)


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """One feed's window. `first` and `later` count incidents that several feeds told: where its
    item was the first we saw, and where another feed was earlier; `late_s` is the median delay of
    the latter; `alone` those that no other feed told. `dark_s`: how long it could not be read,
    from each failed poll to the next; `since`: its first poll of the window.
    """

    polls: int = 0
    ok: int = 0
    with_news: int = 0
    revised: int = 0
    bytes: int = 0
    fetch_s: float = 0.0
    items: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    crises: int = 0
    first: int = 0
    later: int = 0
    alone: int = 0
    late_s: float | None = None
    alerts: int = 0
    dismissed: int = 0
    floods: int = 0
    flood_items: int = 0
    dark_s: float = 0.0
    since: datetime | None = None


def figures(conn: Connection, start: datetime, end: datetime) -> dict[int, FeedFigures]:
    """The figures of every feed that has any, from `start` on and before `end`."""
    found: dict[int, dict[str, object]] = defaultdict(dict)
    for row in conn.execute(
        select(
            poll.c.feed_id,
            func.count().label("polls"),
            func.sum(case((poll.c.ok, 1), else_=0)).label("ok"),
            func.sum(case((poll.c.new > 0, 1), else_=0)).label("with_news"),
            func.sum(poll.c.revised).label("revised"),
            func.sum(poll.c.size).label("bytes"),
            func.sum(poll.c.duration_ms).label("ms"),
            func.sum(case((poll.c.state == "flood", 1), else_=0)).label("floods"),
            func.sum(case((poll.c.state == "flood", poll.c.new), else_=0)).label("flood_items"),
            func.min(poll.c.at).label("since"),
        )
        .where(poll.c.at >= start, poll.c.at < end)
        .group_by(poll.c.feed_id)
    ):
        found[row.feed_id] |= {
            "polls": int(row.polls), "ok": int(row.ok), "with_news": int(row.with_news),
            "revised": int(row.revised), "bytes": int(row.bytes), "fetch_s": int(row.ms) / 1000,
            "floods": int(row.floods), "flood_items": int(row.flood_items), "since": row.since,
        }  # fmt: skip
    seen = and_(item.c.first_seen_at >= start, item.c.first_seen_at < end)
    rows = conn.execute(select(item.c.feed_id, func.count()).where(seen).group_by(item.c.feed_id))
    for feed_id, count in rows:
        found[feed_id]["items"] = int(count)
    sure = select(item.c.feed_id, item_category.c.category, func.count()).join(
        item, item.c.id == item_category.c.item_id
    )
    for feed_id, category, count in conn.execute(
        sure.where(seen, item_category.c.sure).group_by(item.c.feed_id, item_category.c.category)
    ):
        found[feed_id].setdefault("categories", {})[category] = int(count)  # type: ignore[index]
    tagged = select(item.c.feed_id, func.count(distinct(item.c.id))).join(
        item_category, item.c.id == item_category.c.item_id
    )
    for feed_id, count in conn.execute(
        tagged.where(seen, item_category.c.sure).group_by(item.c.feed_id)
    ):
        found[feed_id]["crises"] = int(count)
    for feed_id, seconds in _dark(conn, start, end).items():
        found[feed_id]["dark_s"] = seconds
    for feed_id, told in _order(conn, start, end).items():
        late = told.late
        found[feed_id] |= {"first": told.first, "later": len(late), "alone": told.alone}
        found[feed_id]["late_s"] = median(late) if late else None
    alerts = (
        select(item.c.feed_id, func.count(distinct(decision.c.change_id)))
        .join(incident_change, incident_change.c.id == decision.c.change_id)
        .join(item, item.c.id == incident_change.c.item_id)
        .where(decision.c.made_at >= start, decision.c.made_at < end)
        .where(decision.c.team.is_not(None), decision.c.shadow.is_(False))
        .group_by(item.c.feed_id)
    )
    for feed_id, count in conn.execute(alerts):
        found[feed_id]["alerts"] = int(count)
    for feed_id, count in _dismissed(conn, start, end).items():
        found[feed_id]["dismissed"] = count
    return {feed_id: FeedFigures(**values) for feed_id, values in found.items()}  # type: ignore[arg-type]


def _dark(conn: Connection, start: datetime, end: datetime) -> dict[int, float]:
    """Per feed that failed at all: the seconds from each failed poll to the next."""
    inside = and_(poll.c.at >= start, poll.c.at < end)
    failing = select(poll.c.feed_id).where(inside, poll.c.ok.is_(False)).distinct()
    rows = conn.execute(
        select(poll.c.feed_id, poll.c.at, poll.c.ok)
        .where(inside, poll.c.feed_id.in_(failing))
        .order_by(poll.c.feed_id, poll.c.at)
    )
    found: dict[int, float] = {}
    dark: tuple[int, datetime] | None = None  # the failed poll that no other has followed yet
    for feed_id, at, ok in rows:
        if dark is not None:
            until = at if dark[0] == feed_id else end
            found[dark[0]] = found.get(dark[0], 0.0) + (until - dark[1]).total_seconds()
        dark = None if ok else (feed_id, at)
    if dark is not None:
        found[dark[0]] = found.get(dark[0], 0.0) + (end - dark[1]).total_seconds()
    return found


@dataclass(slots=True)
class _Told:
    first: int = 0
    alone: int = 0
    late: list[float] = field(default_factory=list)


def _order(conn: Connection, start: datetime, end: datetime) -> dict[int, _Told]:
    """Per feed: with how many incidents it was the first, or alone, and how late with others."""
    rows = conn.execute(
        select(
            incident_item.c.incident_id,
            item.c.feed_id,
            func.min(item.c.first_seen_at).label("at"),
        )
        .join(item, item.c.id == incident_item.c.item_id)
        .group_by(incident_item.c.incident_id, item.c.feed_id)
        .having(func.max(item.c.first_seen_at) >= start, func.min(item.c.first_seen_at) < end)
    ).all()
    by_incident: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for incident_id, feed_id, at in rows:
        by_incident[incident_id].append((at, feed_id))
    found: dict[int, _Told] = defaultdict(_Told)
    for told in by_incident.values():
        told.sort()
        (earliest, leader), *others = told
        if others:
            found[leader].first += 1
        else:
            found[leader].alone += 1
        for at, feed_id in others:
            found[feed_id].late.append((at - earliest).total_seconds())
    return found


def _dismissed(conn: Connection, start: datetime, end: datetime) -> dict[int, int]:
    """Items that officers said are of no crisis, although they were read as one.

    Those of an incident that somebody found not relevant count as well.
    """
    rows = conn.execute(
        select(item.c.feed_id, item.c.id, correction.c.before, correction.c.after)
        .join(item, item.c.id == correction.c.item_id)
        .where(correction.c.at >= start, correction.c.at < end)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for feed_id, item_id, before, after in rows:
        if before.get("categories") and not after.get("categories"):
            found[feed_id].add(item_id)
    whole = conn.execute(
        select(item.c.feed_id, item.c.id)
        .join(incident_item, incident_item.c.item_id == item.c.id)
        .join(incident_change, incident_change.c.incident_id == incident_item.c.incident_id)
        .where(
            incident_change.c.kind == "dismissed",
            incident_change.c.at >= start,
            incident_change.c.at < end,
            incident_item.c.linked_at <= incident_change.c.at,
        )
    )
    for feed_id, item_id in whole:
        found[feed_id].add(item_id)
    return {feed_id: len(ids) for feed_id, ids in found.items()}
