"""What a weekly report has beside a daily one: which feeds lead, which rules are noisy, and how
we did against the official ledgers that are in our own store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from alerts.clean import host
from alerts.digest.content import IncidentFacts
from alerts.digest.parts import FeedLead, LedgerEvent, NoisyRule, Week
from alerts.policy import Policy
from storage.records import Decision, FeedState, Incident, Item, Level

MOST_FEEDS, MOST_RULES, MOST_EVENTS = 10, 5, 40
REPEATS_FROM = 3  # a feed that told of fewer incidents is not called one that only repeats
LATE_AFTER = timedelta(minutes=30)
BIG_MAGNITUDE = 6.0
_LEDGERS = {"gdacs.org": "GDACS", "usgs.gov": "USGS", "who.int": "WHO"}
_GDACS_LEVELS = ("orange", "red")


def week(
    facts: Sequence[IncidentFacts],
    seen: Sequence[Item],
    decisions: Sequence[Decision],
    feeds: Sequence[FeedState],
    known: Mapping[int, Incident],
    policy: Policy,
) -> Week:
    """The week in feeds, rules and ledger events; `known` are incidents by id."""
    leads = _leads(facts)
    ledger = _ledger(seen, feeds, known)
    found = sum(each.outcome == "found" for each in ledger)
    worst = sorted(ledger, key=lambda each: (_GRAVEST.index(each.outcome), each.at))
    return Week(
        led=tuple(each for each in leads if each.first)[:MOST_FEEDS],
        repeats=tuple(
            sorted(
                (each for each in leads if not each.first and each.told >= REPEATS_FROM),
                key=lambda each: (-each.told, each.name),
            )
        )[:MOST_FEEDS],
        noisy=_noisy(decisions, known, policy),
        ledger=tuple(worst[:MOST_EVENTS]),
        ledger_total=len(ledger),
        ledger_found=found,
    )


_GRAVEST = ("missed", "late", "found")


def _leads(facts: Iterable[IncidentFacts]) -> list[FeedLead]:
    first: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for each in facts:
        names = {item.feed_name for item in each.items}
        if each.incident.exercise or len(names) < 2:
            continue
        told.update(names)
        first[min(each.items, key=lambda item: (item.first_seen_at, item.id)).feed_name] += 1
    found = [FeedLead(name, first[name], count) for name, count in told.items()]
    return sorted(found, key=lambda each: (-each.first, -each.told, each.name))


def _noisy(
    made: Iterable[Decision], known: Mapping[int, Incident], policy: Policy
) -> tuple[NoisyRule, ...]:
    """Rules by how many incidents they told of, and how many of those are at INFO or over now."""
    told: dict[str, set[int]] = defaultdict(set)
    for each in made:
        if each.team is not None and not each.shadow and each.step == 0:
            told[each.rule].add(each.incident_id)
    names = {rule.id: rule.name for rule in policy.rules}
    found = [
        NoisyRule(
            names[rule],
            len(numbers),
            sum(_came_to_nothing(known.get(number)) for number in numbers),
        )
        for rule, numbers in told.items()
        if rule in names
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, each.name.en))[:MOST_RULES])


def _came_to_nothing(of: Incident | None) -> bool:
    return of is not None and (of.level == Level.INFO or of.withdrawn)


def _ledger(
    seen: Iterable[Item], feeds: Iterable[FeedState], known: Mapping[int, Incident]
) -> list[LedgerEvent]:
    ledgers = {feed.id: name for feed in feeds if (name := _ledger_of(feed))}
    newest: dict[tuple[str, str], Item] = {}
    for each in seen:
        ledger = ledgers.get(each.feed_id)
        if ledger and _is_grave(ledger, each):
            hazard = each.values.hazard
            newest[ledger, (hazard.event_id if hazard else None) or each.values.title] = each
    return [_event(ledger, item, known) for (ledger, _), item in newest.items()]


def _event(ledger: str, item: Item, known: Mapping[int, Incident]) -> LedgerEvent:
    hazard = item.values.hazard
    at = (hazard.event_at if hazard else None) or item.values.published_at or item.first_seen_at
    incident = known.get(item.incident_id) if item.incident_id is not None else None
    if incident is None or incident.level < Level.WATCH:
        return LedgerEvent(ledger, item.values.title, at, "missed", why=item.disposition[:1])
    late = incident.opened_at - _reported_at(item, at)
    outcome = "late" if late > LATE_AFTER else "found"
    return LedgerEvent(
        ledger, item.values.title, at, outcome, max(0.0, late.total_seconds()), incident.number
    )


def _reported_at(item: Item, event_at: datetime) -> datetime:
    """When the ledger told of it: nobody can be quicker than the ledger's own report."""
    return max(event_at, item.values.published_at or event_at)


def _is_grave(ledger: str, item: Item) -> bool:
    hazard = item.values.hazard
    if item.values.status != "actual":
        return False
    if ledger == "WHO":
        return "health" in item.reading.categories
    if hazard is None:
        return False
    if ledger == "GDACS":
        level = (hazard.alert_level or "").casefold()
        return any(grave in level for grave in _GDACS_LEVELS)
    return (hazard.magnitude or 0) >= BIG_MAGNITUDE


def _ledger_of(feed: FeedState) -> str | None:
    where = host(feed.url)
    return next(
        (
            name
            for domain, name in _LEDGERS.items()
            if where == domain
            or where.endswith(f".{domain}")
            or feed.publisher.casefold().split(" ")[0] == name.casefold()
        ),
        None,
    )
