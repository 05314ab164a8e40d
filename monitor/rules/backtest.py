"""Rules put to stored history: what they would have told, beside those in force. Writes nothing.

Every incident is worked out again item by item, as it grew, under each policy, so that other
level numbers count as well as other rules. Silences, gaps and acknowledgements are left out: the
question is what the rules find, not what was muted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import rules
from alerts.conditions import EASING
from alerts.hours import Hours, is_night
from alerts.policy import Policy, Team
from alerts.roster import on_duty
from monitor.incidents.facts import derive
from monitor.incidents.floors import by_advice, judged
from monitor.incidents.take import differences
from monitor.incidents.warned import new_warning
from monitor.rules.tools import TOOLS
from storage import feeds, incidents, itemreads, outbox, pollhistory
from storage.records import Change, Incident, Item, Level

if TYPE_CHECKING:
    from storage.database import Connection

_USUAL_DAY = Hours(time(6), time(22))
FLASH_BUDGET = 2.0  # per shift, on the mean of a month
_FROM_ITEMS = frozenset(["opened", "joined", "communication", "advice", "moved", "reviewed"])
_BY_ITSELF = frozenset(
    ["advice_eased", "advice_cluster", "voices", "home_silent", "nationals_report", "opened"]
)


@dataclass(frozen=True, slots=True)
class Call:
    """One interruption: a team hears of an incident first, or that its level has risen."""

    team: str
    at: datetime
    level: Level
    rules: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What one policy tells of an incident, oldest first; `level` is the highest it reached."""

    incident: Incident
    level: Level = Level.INFO
    calls: list[Call] = field(default_factory=list)

    def told(self, team: str) -> Level | None:
        """The highest level at which the team has heard of it."""
        return max((each.level for each in self.calls if each.team == team), default=None)


@dataclass(frozen=True, slots=True)
class Load:
    """How much one policy asks of a team."""

    team: str
    calls: int
    flashes: int
    shifts: int
    worst: int
    at_night: int

    @property
    def flashes_per_shift(self) -> float:
        """The mean; the budget is FLASH_BUDGET."""
        return self.flashes / self.shifts if self.shifts else 0.0


@dataclass(frozen=True, slots=True)
class Backtest:
    """Two policies beside each other. `really` counts the incidents that were told of."""

    start: datetime
    end: datetime
    incidents: int
    live: tuple[Load, ...]
    other: tuple[Load, ...]
    gained: tuple[Told, ...]
    lost: tuple[Told, ...]
    changed: tuple[tuple[Told, Told], ...]
    told_live: int
    told_other: int
    really: int
    feeds_down: dict[str, timedelta]


def backtest(
    conn: Connection, live: Policy, other: Policy, *, start: datetime, end: datetime
) -> Backtest:
    """Put both policies to what was stored from `start` on and before `end`."""
    ids = sorted({each.incident_id for each in incidents.changes_between(conn, start, end)})
    before: dict[int, Told] = {}
    after: dict[int, Told] = {}
    for incident_id in ids:
        incident = incidents.get(conn, incident_id)
        if incident.state == "merged":
            continue
        versions = itemreads.versions_of_incident(conn, incident_id)
        changes = incidents.changes(conn, incident_id)
        before[incident_id] = replay(incident, versions, changes, live, start, end)
        after[incident_id] = replay(incident, versions, changes, other, start, end)
    names = {state.id: state.name for state in feeds.states(conn)}
    notices = outbox.between(conn, start, end)
    return Backtest(
        start=start,
        end=end,
        incidents=len(before),
        live=loads(before.values(), live, start, end),
        other=loads(after.values(), other, start, end),
        gained=tuple(after[n] for n in before if after[n].calls and not before[n].calls),
        lost=tuple(before[n] for n in before if before[n].calls and not after[n].calls),
        changed=tuple(
            (before[n], after[n])
            for n in before
            if before[n].calls and after[n].calls and _differ(before[n], after[n])
        ),
        told_live=sum(bool(each.calls) for each in before.values()),
        told_other=sum(bool(each.calls) for each in after.values()),
        really=len({each.incident_id for each in notices if each.incident_id is not None}),
        feeds_down={
            names.get(feed_id, str(feed_id)): length
            for feed_id, length in pollhistory.down(conn, start, end).items()
        },
    )


def replay(
    incident: Incident,
    versions: Sequence[tuple[Item, datetime]],
    changes: Sequence[Change],
    policy: Policy,
    start: datetime,
    end: datetime,
) -> Told:
    """What the policy tells of one incident as it grew; calls from `start` on, before `end`.

    `versions` are its items at every revision, each with when it was seen.
    """
    by_hand = not versions or "opened" in incident.held
    now = replace(
        incident, state="open", level=Level.INFO, level_why=(), figures=(), nationals="unknown",
        severity=None, urgency=None, certainty=None, alert_levels=(), leave_calls=0,
        lifted=False, withdrawn=False, acknowledged_at=None, acknowledged_level=None,
        floor=incident.floor if by_hand else None,
    )  # fmt: skip
    told = Told(incident)
    known: list[Item] = []
    took = {each.item_id: each for each in changes if each.kind in _FROM_ITEMS and each.item_id}
    signals = [each for each in changes if each.kind in _BY_ITSELF and each.item_id not in took]
    events: list[tuple[datetime, int, Item | Change]] = [
        *((max(at, took[item.id].at) if item.id in took else at, 0, item) for item, at in versions),
        *((each.at, 1, each) for each in signals),
    ]
    for at, _, event in sorted(events, key=lambda each: each[:2]):
        if at >= end:
            break
        if isinstance(event, Item):
            first = took.pop(event.id, None)
            now = _take(told, now, known, event, first, policy, at)
        else:
            before = now
            level, whys = judged(now, known, policy, now=at)
            now = replace(now, level=level, level_why=whys)
            _ask(told, before, now, event, None, policy)
    told.calls = [each for each in told.calls if each.at >= start]
    return told


def loads(
    found: Iterable[Told], policy: Policy, start: datetime, end: datetime
) -> tuple[Load, ...]:
    """How often each team is called, by shift of its roster (without one, by day)."""
    zone = ZoneInfo(policy.timezone)
    day = policy.day or _USUAL_DAY
    calls: dict[str, list[Call]] = defaultdict(list)
    for told in found:
        for call in told.calls:
            calls[call.team].append(call)
    made = []
    for name, team in policy.teams.items():
        by_shift: dict[datetime, int] = defaultdict(int)
        for call in calls[name]:
            ends = on_duty(team, policy, call.at).shift_end
            local = call.at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            by_shift[ends or local.astimezone(UTC)] += 1
        made.append(
            Load(
                team=name,
                calls=len(calls[name]),
                flashes=sum(each.level is Level.FLASH for each in calls[name]),
                shifts=round(max(1.0, (end - start) / timedelta(days=1)) * _a_day(team)),
                worst=max(by_shift.values(), default=0),
                at_night=sum(is_night(day, policy.holidays, zone, each.at) for each in calls[name]),
            )
        )
    return tuple(made)


def _take(
    told: Told,
    before: Incident,
    known: list[Item],
    item: Item,
    first: Change | None,
    policy: Policy,
    at: datetime,
) -> Incident:
    """Take one version of an item; `first` is the change by which it came, None for a revision."""
    others = [each for each in known if each.id != item.id]
    opening = not known
    known[:] = sorted([*others, item], key=lambda each: (each.first_seen_at, each.id))
    made = [first] if first is not None else []
    after = by_advice(derive(before, known), made, item, policy)
    level, whys = judged(after, known, policy, now=at, item=item)
    after = replace(after, level=level, level_why=whys)
    if not opening:
        joins = first is not None and first.kind == "joined"
        warning = new_warning(before, others, item, joins=joins, now=at)
        found = [("warned", *warning)] if warning is not None else []
        made += [
            Change(0, after.id, at, kind, item.id, old, new)
            for kind, old, new in (*found, *differences(before, after))
        ]
    for each in made:
        _ask(told, before, after, each, item, policy)
    return after


def _ask(
    told: Told,
    before: Incident,
    after: Incident,
    change: Change,
    item: Item | None,
    policy: Policy,
) -> None:
    told.level = max(told.level, after.level)
    made = rules.decide(after, change, item, policy, now=change.at, before=before, tools=TOOLS)
    teams: dict[str, list[str]] = defaultdict(list)
    for each in made:
        if each.team is not None and not each.shadow:
            teams[each.team].append(each.rule)
    for team, names in teams.items():
        highest = told.told(team)
        if change.kind not in EASING and (highest is None or after.level > highest):
            told.calls.append(Call(team, change.at, after.level, tuple(names)))


def _a_day(team: Team) -> float:
    """How many shifts of its roster begin on a day of the week, on the mean; 1 without one."""
    return sum(len(shift.days) for shift in team.roster) / 7 if team.roster else 1.0


def _differ(one: Told, other: Told) -> bool:
    def shape(told: Told) -> set[tuple[str, Level, datetime]]:
        return {(each.team, each.level, each.at) for each in told.calls}

    return shape(one) != shape(other)
