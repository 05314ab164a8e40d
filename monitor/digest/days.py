"""The days behind a digest and the hours before it: counts for its pictures and comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from alerts.digest.content import IncidentFacts
from alerts.digest.parts import Coming, DayCount, LateItems, Trend
from alerts.digest.period import Period
from storage import incidents, itemreads, meta, outbox
from storage.records import FeedState, Item, Level, Notice

if TYPE_CHECKING:
    from storage.database import Connection

DAYS = 7
STARTED = "started"  # since when this database has been in service
AHEAD = timedelta(hours=72)
LATE_AFTER = timedelta(hours=3)
FIRST_READING = timedelta(minutes=10)  # what a feed held when it was first read is not late
FIRST_NOTICES = ("alert", "raised")
CATEGORIES = ("natural", "health", "human_made")
MOST_COMING = 40
_DAY = timedelta(days=1)


def days_before(conn: Connection, end: datetime, zone: tzinfo) -> tuple[DayCount, ...]:
    """Incidents of WATCH or above opened in each of the seven days up to `end`, oldest first."""
    found = []
    for back in range(DAYS - 1, -1, -1):
        last = end - back * _DAY
        opened = incidents.opened_between(conn, last - _DAY, last)
        counts = Counter(
            category
            for each in opened
            if each.level >= Level.WATCH and not each.exercise
            for category in each.categories[:1]
        )
        day = last.astimezone(zone).date()
        found.append(DayCount(day, {name: counts[name] for name in CATEGORIES}))
    return tuple(found)


def alerts_by_hour(notices: Iterable[Notice], zone: tzinfo) -> tuple[int, ...]:
    """How many first notices were made in each hour of the local day, each incident once."""
    seen: set[tuple[int | None, str]] = set()
    hours = [0] * 24
    for each in notices:
        if each.kind in FIRST_NOTICES and (each.incident_id, each.kind) not in seen:
            seen.add((each.incident_id, each.kind))
            hours[each.created_at.astimezone(zone).hour] += 1
    return tuple(hours)


def earlier_periods(conn: Connection, period: Period) -> int:
    """How many whole periods before this one the program has been in service, at most seven."""
    started = meta.get(conn, STARTED)
    if started is None:
        return DAYS
    whole = (period.start - started.at) // (period.end - period.start)
    return max(0, min(DAYS, whole))


def trends(
    conn: Connection, period: Period, notices: Sequence[Notice], periods: int = DAYS
) -> dict[str, Trend]:
    """Items read and alerts sent beside the period before and the mean of `periods` before."""
    length = period.end - period.start
    week = period.start - DAYS * length
    before = outbox.between(conn, period.start - length, period.start)
    earlier = outbox.between(conn, week, period.start)
    return {
        "items": Trend(
            itemreads.count_between(conn, period.start, period.end),
            itemreads.count_between(conn, period.start - length, period.start),
            itemreads.count_between(conn, week, period.start) / max(periods, 1),
        ),
        "notices": Trend(_about(notices), _about(before), _about(earlier) / max(periods, 1)),
    }


def late_items(seen: Iterable[Item], feeds: Iterable[FeedState]) -> LateItems:
    """Items of hazards that reached us more than three hours after they were published."""
    began = {feed.id: feed.first_seen_at for feed in feeds}
    count, worst, whose = 0, timedelta(), ""
    for each in seen:
        published, first = each.values.published_at, began.get(each.feed_id)
        if published is None or not each.reading.categories:
            continue
        if first is None or each.first_seen_at - first < FIRST_READING:
            continue
        late = each.first_seen_at - published
        if late > LATE_AFTER:
            count += 1
            if late > worst:
                worst, whose = late, each.feed_name
    return LateItems(count, worst.total_seconds(), whose)


def coming(facts: Iterable[IncidentFacts], end: datetime) -> tuple[Coming, ...]:
    """What sources say of the 72 hours after `end`, soonest first; each incident's kind once."""
    found: dict[tuple[str, str], Coming] = {}
    for each in facts:
        if each.incident.exercise or each.incident.state not in ("open", "quiet"):
            continue
        for item in each.items:
            hazard = item.values.hazard
            times = (
                ("begins", item.values.effective_at),
                ("forecast", hazard.event_at if hazard else None),
                ("ends", (hazard.ends_at if hazard else None) or item.values.expires_at),
            )
            for kind, at in times:
                if at is None or not end < at <= end + AHEAD:
                    continue
                key = (each.incident.number, kind)
                if key not in found or at < found[key].at:
                    found[key] = Coming(
                        at=at,
                        kind=kind,
                        title=item.values.title,
                        publisher=item.publisher,
                        number=each.incident.number,
                        language=item.reading.language or item.values.language or "",
                        link=item.values.link,
                    )
    return tuple(sorted(found.values(), key=lambda each: each.at)[:MOST_COMING])


def _about(notices: Iterable[Notice]) -> int:
    return sum(each.incident_id is not None and not each.exercise for each in notices)
