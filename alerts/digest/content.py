"""The daily report: what is known of the period, and what of it the report keeps, in what order.

Nothing is worded here: the content is decided once, stored, and worded for each reader's
language by `render`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from statistics import median

from alerts import feedhealth, phrases
from alerts.digest import choice, counts, gaps
from alerts.digest.parts import Coming, DayCount, Desk, LateItems, Trend, Week
from alerts.digest.period import Period, is_late
from alerts.phrases import Headline
from alerts.policy import Both
from storage.records import (
    Change,
    Communication,
    DigestEdits,
    FeedState,
    Incident,
    Item,
    Level,
    LostEntries,
    NationalsStatus,
    Role,
    Why,
)

MOST_INCIDENTS, MOST_UNALERTED, MOST_FEEDS = 60, 40, 60
_CHANGES, _HEADLINES = 12, 3
# States in which the newest reading gave us what the publisher has.
HEALTHY = frozenset(
    ["ok", "not_modified", "unchanged", "no_entries", "recovered", "moved", "flood", "new"]
)
NOT_READ = frozenset(["disabled"])
_NO_EDITS = DigestEdits()


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """An incident that was open or changed in the period.

    `level_before` is its level when the period began, None if it was opened since. `changes`
    are those of the period, oldest first; `items` and `communications` those that matter.
    `nationals` is what was last written of our people, `nationals_before` what stood when the
    period began, where an officer had written it.
    """

    incident: Incident
    level_before: Level | None
    changes: tuple[Change, ...] = ()
    items: tuple[Item, ...] = ()
    communications: tuple[Communication, ...] = ()
    nationals: NationalsStatus | None = None
    nationals_before: NationalsStatus | None = None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How the period's notices went out. Times in seconds from due to accepted."""

    sent: int = 0
    waiting: int = 0
    parked: int = 0
    parked_to: tuple[str, ...] = ()
    median_s: float | None = None
    slowest_s: float | None = None


@dataclass(frozen=True, slots=True)
class ShadowRule:
    """How often a rule on trial would have told somebody."""

    name: Both
    count: int


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything the report is made of, as storage gives it.

    `not_alerted` are items with a `disposition` whose incident nobody was told of later either;
    `not_alerted_total` counts all of that kind, `repeats` the further reports of what was told
    already. `numbers` are those of incidents by id.
    `opened` counts the incidents opened per level in this period, `opened_before` in the one
    before, `opened_mean` per period over the `earlier` ones before this one: at most seven, fewer
    while the program is young.
    """

    name: str
    period: Period
    issued_at: datetime
    incidents: tuple[IncidentFacts, ...] = ()
    not_alerted: tuple[Item, ...] = ()
    not_alerted_total: int = 0
    repeats: int = 0
    numbers: Mapping[int, str] = field(default_factory=dict)
    feeds: tuple[FeedState, ...] = ()
    lost: tuple[LostEntries, ...] = ()
    deliveries: Deliveries = field(default_factory=Deliveries)
    opened: Mapping[str, int] = field(default_factory=dict)
    opened_before: Mapping[str, int] = field(default_factory=dict)
    opened_mean: Mapping[str, float] = field(default_factory=dict)
    earlier: int = 7
    items_read: int = 0
    shadow: tuple[ShadowRule, ...] = ()
    exercises: int = 0
    keyword_only: int = 0  # items read by keyword rules alone, for want of the classifier
    desk: Desk = field(default_factory=Desk)
    coming: tuple[Coming, ...] = ()
    days: tuple[DayCount, ...] = ()
    hours: tuple[int, ...] = ()
    trends: Mapping[str, Trend] = field(default_factory=dict)
    late_items: LateItems = field(default_factory=LateItems)
    week: Week | None = None

    def since(self, feed: FeedState) -> tuple[bool, datetime, str]:
        """For sorting: priority feeds first, then the longest in their state."""
        since = feedhealth.shown_since(feed, self.issued_at) or self.issued_at
        return not feed.priority, since, feed.name


@dataclass(frozen=True, slots=True)
class IncidentEntry:
    """What the report keeps of an incident."""

    incident: Incident
    level_before: Level | None
    new: bool
    changes: tuple[Change, ...]
    headlines: tuple[Headline, ...]
    communications: tuple[Communication, ...]
    nationals: NationalsStatus | None = None
    nationals_before: NationalsStatus | None = None


@dataclass(frozen=True, slots=True)
class AdviceChange:
    """A ministry changed its travel advice about `about`; old and new in its own words."""

    publisher: str
    about: tuple[str, ...]
    old: str
    new: str
    at: datetime
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Unalerted:
    """An item that told nobody, and why not."""

    headline: Headline
    why: tuple[Why, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A feed that we did not hear from as we should."""

    name: str
    state: str
    since: datetime | None
    last_ok_at: datetime | None
    last_news_at: datetime | None
    priority: bool = False
    blind_s: float = 0  # how much of the period it could not be read


@dataclass(frozen=True, slots=True)
class Missed:
    """Entries of a feed that we never read, since they left it while a flood was taken in."""

    name: str
    count: int
    since: datetime
    priority: bool = False


@dataclass(frozen=True, slots=True)
class DigestContent:
    """The report as it was decided: plain values, most important first in every list.

    `open_levels` counts open incidents per level; `speakers_lost` are countries of whose
    ministries no feed can be read at present. `all_told` is False where an officer left out an
    incident of ALERT or above: nothing may then be said of there being no other. `preview`: this
    issue has not gone out.
    """

    name: str
    local_date: date
    start: datetime
    end: datetime
    issued_at: datetime
    next_issue: datetime
    late: bool
    open_levels: Mapping[str, int]
    opened: Mapping[str, int]
    opened_before: Mapping[str, int]
    opened_mean: Mapping[str, float]
    items_read: int
    unacknowledged: tuple[str, ...]
    median_ack_s: float | None
    incidents: tuple[IncidentEntry, ...]
    advice: tuple[AdviceChange, ...]
    not_alerted: tuple[Unalerted, ...]
    not_alerted_total: int
    feeds_total: int
    feeds_healthy: int
    blind_spots: tuple[BlindSpot, ...]
    speakers_lost: tuple[str, ...]
    deliveries: Deliveries
    shadow: tuple[ShadowRule, ...]
    exercises: int
    missed: tuple[Missed, ...] = ()
    keyword_only: int = 0
    open_before: Mapping[str, int] = field(default_factory=dict)
    edits: DigestEdits = field(default_factory=DigestEdits)
    desk: Desk = field(default_factory=Desk)
    coming: tuple[Coming, ...] = ()
    days: tuple[DayCount, ...] = ()
    hours: tuple[int, ...] = ()
    trends: Mapping[str, Trend] = field(default_factory=dict)
    late_items: LateItems = field(default_factory=LateItems)
    week: Week | None = None
    earlier: int = 7
    repeats: int = 0
    all_told: bool = True
    preview: bool = False
    feeds_silent: int = 0  # of the healthy ones


def build(
    facts: DigestFacts,
    *,
    next_at: datetime,
    edits: DigestEdits = _NO_EDITS,
    preview: bool = False,
) -> DigestContent:
    """Choose and order what the report says; exercises are counted and kept out of it.

    An officer's `edits` stand over the machine's choice; what they hide is in no number, and
    named to the desk. What nobody has taken stays counted: hiding is no answer.
    """
    real = [each for each in facts.incidents if not each.incident.exercise]
    hidden = {each.incident.number for each in real} & set(edits.hidden)
    told = [each for each in real if each.incident.number not in hidden]
    left_out = [each for each in real if each.incident.number in hidden]
    shown = sorted(real, key=choice.weight)
    missed = [
        each for each in facts.not_alerted if facts.numbers.get(each.incident_id or 0) not in hidden
    ]
    kept_back = len(facts.not_alerted) - len(missed)
    read = _read(facts.feeds)
    standing = {feed.id: feedhealth.shown_state(feed, facts.issued_at) for feed in read}
    well = HEALTHY | {"silent"}  # a silent one can be read: it is not down
    failing = sorted((feed for feed in read if standing[feed.id] not in well), key=facts.since)
    silent = sorted((feed for feed in read if standing[feed.id] == "silent"), key=facts.since)
    waits = [
        (each.incident.acknowledged_at - choice.asked_at(each.incident)).total_seconds()
        for each in real
        if each.incident.acknowledged_at is not None
        and facts.period.start <= each.incident.acknowledged_at < facts.period.end
    ]
    return DigestContent(
        name=facts.name,
        local_date=facts.period.local_date,
        start=facts.period.start,
        end=facts.period.end,
        issued_at=facts.issued_at,
        next_issue=next_at,
        late=not preview and is_late(facts.period, facts.issued_at),
        open_levels=counts.open_levels(told),
        opened=counts.without(facts.opened, left_out, facts.period.start),
        opened_before=dict(facts.opened_before),
        opened_mean=dict(facts.opened_mean),
        items_read=facts.items_read,
        unacknowledged=tuple(
            each.incident.number
            for each in shown
            if each.incident.level >= Level.ALERT
            and each.incident.acknowledged_at is None
            and each.incident.state == "open"
        ),
        median_ack_s=median(waits) if waits else None,
        incidents=tuple(
            _entry(each, facts.period)
            for each in shown
            if each.incident.number not in hidden
            and (choice.mattered(each) or each.incident.number in edits.picked)
        )[:MOST_INCIDENTS],
        advice=tuple(_advice(told)),
        not_alerted=tuple(
            Unalerted(
                phrases.headline(item),
                item.disposition,
                facts.numbers.get(item.incident_id or 0, ""),
            )
            for item in sorted(missed, key=choice.nearness)[:MOST_UNALERTED]
        ),
        not_alerted_total=max(facts.not_alerted_total, len(facts.not_alerted)) - kept_back,
        feeds_total=len(read),
        feeds_healthy=len(read) - len(failing),
        feeds_silent=len(silent),
        blind_spots=tuple(
            BlindSpot(
                name=feed.name,
                state=standing[feed.id],
                since=feedhealth.shown_since(feed, facts.issued_at),
                last_ok_at=feed.last_ok_at,
                last_news_at=feed.last_news_at,
                priority=feed.priority,
                blind_s=gaps.blind_s(feed, facts.period.start, facts.period.end)
                if feed in failing
                else 0,
            )
            for feed in [*failing, *silent][:MOST_FEEDS]
        ),
        speakers_lost=gaps.speakers_lost(read, HEALTHY),
        missed=_missed(facts),
        deliveries=facts.deliveries,
        shadow=facts.shadow,
        exercises=facts.exercises,
        keyword_only=facts.keyword_only,
        open_before=counts.open_before(told),
        edits=edits,
        desk=replace(
            facts.desk,
            home_silent=counts.home_silent(told),
            hidden=tuple(sorted(hidden)),
        ),
        coming=tuple(each for each in facts.coming if each.number not in hidden),
        days=counts.days_without(facts.days, left_out, facts.period.end),
        hours=facts.hours,
        trends=dict(facts.trends),
        late_items=facts.late_items,
        week=facts.week,
        earlier=facts.earlier,
        repeats=facts.repeats,
        all_told=all(each.incident.level < Level.ALERT for each in left_out),
        preview=preview,
    )


def _entry(of: IncidentFacts, within: Period) -> IncidentEntry:
    incident = of.incident
    signals = [item for item in of.items if item.role is Role.SIGNAL]
    return IncidentEntry(
        incident=incident,
        level_before=of.level_before,
        new=incident.opened_at >= within.start,
        changes=tuple(sorted(choice.moved(of.changes), key=phrases.weight)[:_CHANGES]),
        headlines=tuple(phrases.headline(item) for item in phrases.ordered(signals)[:_HEADLINES]),
        communications=tuple(sorted(of.communications, key=lambda each: each.at)),
        nationals=of.nationals,
        nationals_before=of.nationals_before,
    )


def _advice(of: Iterable[IncidentFacts]) -> list[AdviceChange]:
    found = []
    for each in of:
        items = {item.id: item for item in each.items}
        for change in each.changes:
            item = items.get(change.item_id) if change.item_id is not None else None
            if change.kind != "advice" or item is None:
                continue
            advice = item.values.advice
            about = (advice.country,) if advice and advice.country else each.incident.countries
            found.append(
                AdviceChange(
                    publisher=item.publisher,
                    about=about,
                    old=change.old or "",
                    new=change.new or "",
                    at=change.at,
                    link=item.values.link,
                )
            )
    return sorted(found, key=lambda each: each.at, reverse=True)


def _missed(facts: DigestFacts) -> tuple[Missed, ...]:
    """Priority feeds first, then the greatest loss."""
    by_id = {feed.id: feed for feed in facts.feeds}
    found = [
        Missed(by_id[lost.feed_id].name, lost.count, lost.since, by_id[lost.feed_id].priority)
        for lost in facts.lost
        if lost.feed_id in by_id
    ]
    found.sort(key=lambda each: (not each.priority, -each.count, each.name))
    return tuple(found[:MOST_FEEDS])


def _read(feeds: Iterable[FeedState]) -> list[FeedState]:
    return [feed for feed in feeds if feed.listed and feed.state not in NOT_READ]
