"""What the digest is made of, read from storage for one period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.digest.content import Deliveries, DigestFacts, IncidentFacts, ShadowRule
from alerts.digest.period import Period
from alerts.policy import DigestPlan, Policy
from monitor.digest import days
from monitor.digest.desk import desk
from monitor.digest.misses import misses
from monitor.digest.people import people_of
from monitor.digest.week import week
from storage import decisions, feeds, incidents, itemreads, outbox
from storage.records import Change, Incident, Item, Level, Notice

if TYPE_CHECKING:
    from storage.database import Connection

MOST_INCIDENTS = 5_000
MOST_ITEMS = 20_000
MEAN_DAYS = days.DAYS
DESK_ONLY = frozenset(["home_silent", "note"])
KEYWORDS = "keywords-"  # how the versions of the keyword rules begin


def gather(
    conn: Connection, plan: DigestPlan, period: Period, policy: Policy, *, now: datetime
) -> DigestFacts:
    """Everything of `period` for the digest of `plan`."""
    moved: dict[int, list[Change]] = defaultdict(list)
    changes = incidents.changes_between(conn, period.start, period.end)
    for change in changes:
        if _stays_at_the_desk(change):
            continue
        moved[change.incident_id].append(change)
    seen = itemreads.between(conn, period.start, period.end, MOST_ITEMS)
    opened = _opened(conn, period.start, period.end)
    day = period.end - period.start
    periods = days.earlier_periods(conn, period)
    earlier = _opened(conn, period.start - MEAN_DAYS * day, period.start)
    made = decisions.between(conn, period.start, period.end)
    shadows = Counter(each.rule for each in made if each.shadow and each.team)
    rules = {rule.id: rule.name for rule in policy.rules}
    zone = ZoneInfo(policy.timezone)
    told = tuple(_incidents(conn, period, moved))
    states = tuple(state for state in feeds.states(conn) if state.listed)
    notices = outbox.between(conn, period.start, period.end)
    known = {each.incident.id: each.incident for each in told}
    missed = misses(conn, seen, notices, known)
    for change in changes:
        if change.by != "machine" and change.incident_id not in known:
            known[change.incident_id] = incidents.get(conn, change.incident_id)
    return DigestFacts(
        name=plan.id,
        period=period,
        issued_at=now,
        incidents=told,
        not_alerted=missed.items,
        not_alerted_total=missed.total,
        repeats=missed.repeats,
        numbers=missed.numbers,
        feeds=states,
        lost=tuple(feeds.lost_between(conn, period.start, period.end)),
        deliveries=_deliveries(notices),
        opened=_by_level(opened),
        opened_before=_by_level(_opened(conn, period.start - day, period.start)),
        opened_mean={level: count / max(periods, 1) for level, count in _by_level(earlier).items()},
        earlier=periods,
        items_read=itemreads.count_between(conn, period.start, period.end),
        shadow=tuple(
            ShadowRule(rules[rule], count) for rule, count in shadows.most_common() if rule in rules
        ),
        exercises=sum(each.exercise for each in opened),
        keyword_only=sum(each.reading.classifier.startswith(KEYWORDS) for each in seen),
        desk=desk(
            conn,
            policy,
            start=period.start,
            end=period.end,
            changes=changes,
            known=known,
            notices=notices,
            team=plan.teams[0],
            now=now,
        ),
        coming=days.coming(told, period.end),
        days=days.days_before(conn, period.end, zone),
        hours=days.alerts_by_hour(notices, zone),
        trends=days.trends(conn, period, notices, periods),
        late_items=days.late_items(seen, states),
        week=week(told, seen, made, states, _of_items(conn, seen, known), policy)
        if plan.weekly
        else None,
    )


def _of_items(
    conn: Connection, seen: Sequence[Item], known: dict[int, Incident]
) -> dict[int, Incident]:
    """The incidents that these items belong to, and those known already."""
    found = dict(known)
    for each in seen:
        if each.incident_id is not None and each.incident_id not in found:
            found[each.incident_id] = incidents.get(conn, each.incident_id)
    return found


def _stays_at_the_desk(change: Change) -> bool:
    """Digests are forwarded: who is silent, notes, and what came by telephone stay here."""
    recorded = change.kind == "communication" and change.item_id is None
    return recorded or change.kind in DESK_ONLY


def _opened(conn: Connection, start: datetime, end: datetime) -> list[Incident]:
    return incidents.opened_between(conn, start, end)


def _by_level(found: Sequence[Incident]) -> dict[str, int]:
    counts = Counter(each.level.name for each in found if not each.exercise)
    return {level.name: counts[level.name] for level in sorted(Level, reverse=True)}


def _incidents(
    conn: Connection, period: Period, moved: dict[int, list[Change]]
) -> list[IncidentFacts]:
    """Incidents at WATCH or above that are open or moved in the period, as they then stood."""
    listed = incidents.listing(
        conn, states=("open", "quiet"), min_level=Level.WATCH, limit=MOST_INCIDENTS
    )
    found = {each.id: each for each in listed if each.opened_at < period.end}
    for incident_id in moved:
        if incident_id not in found:
            found[incident_id] = incidents.get(conn, incident_id)
    facts = []
    for incident in found.values():
        changes = moved.get(incident.id, [])
        levels = [change for change in changes if change.kind in ("level_raised", "level_lowered")]
        if incident.level == Level.INFO and not levels:
            continue
        before = None
        if incident.opened_at < period.start:
            before = Level[levels[0].old] if levels and levels[0].old else incident.level
        people = people_of(conn, incident, period.start)
        facts.append(
            IncidentFacts(
                incident=incident,
                level_before=before,
                changes=tuple(changes),
                items=tuple(itemreads.of_incident(conn, incident.id)),
                communications=tuple(incidents.communications(conn, incident.id, by_hand=True)),
                nationals=people[0],
                nationals_before=people[1],
            )
        )
    return facts


def _deliveries(notices: Sequence[Notice]) -> Deliveries:
    taken = [
        (each.sent_at - each.due_at).total_seconds() for each in notices if each.sent_at is not None
    ]
    parked = [each for each in notices if each.state == "parked"]
    return Deliveries(
        sent=len(taken),
        waiting=sum(each.state in ("pending", "leased") for each in notices),
        parked=len(parked),
        parked_to=tuple(dict.fromkeys(each.person for each in parked)),
        median_s=median(taken) if taken else None,
        slowest_s=max(taken, default=None),
    )
