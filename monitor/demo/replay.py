"""Plays the recorded crisis through the program: its own polls, ticks, digest and delivery.

Only the clock is the demo's: it goes from one moment at which something happens to the next.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from alerts.digest.period import draft_at, next_day, next_issue, period
from alerts.policy import Policy
from monitor.app import Program
from monitor.clock import SetClock
from monitor.demo.scenario import Act, Scenario
from monitor.incidents.officer import Deed
from monitor.ingest.polling import PollReport
from monitor.oncall import deeds
from storage import decisions, digests, feeds, incidents, itemreads, outbox
from storage.records import Change, FeedState, Incident, Item, Notice, Why

if TYPE_CHECKING:
    from storage.database import Connection

SETTLED = timedelta(seconds=45)  # after the start every feed has had its first poll
FAR = timedelta(days=30)
MOST_ITEMS = 1_000
_KINDS = ("item", "change", "notice", "digest")


@dataclass(frozen=True, slots=True)
class Step:
    """What happened at one moment of the story, each list in the order it happened.

    `said` explains what the step shows. `why` holds, per new item, why it was linked as it was.
    `incidents` has every incident that the step touched, by id, as it then stood.
    """

    at: datetime
    said: tuple[str, ...]
    polls: tuple[PollReport, ...]
    items: tuple[Item, ...]
    revised: tuple[Item, ...]
    why: dict[int, tuple[Why, ...]]
    changes: tuple[Change, ...]
    incidents: dict[int, Incident]
    notices: tuple[Notice, ...]
    digests: int


class _Stored(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=_Stored)
Watcher = Callable[[Step], Awaitable[None]]


@dataclass(slots=True)
class Replay:
    """Drives `program`, whose clock must be `clock`, through `scenario`.

    `watch` is given every step; the story goes on when it returns.
    """

    program: Program
    clock: SetClock
    scenario: Scenario
    watch: Watcher
    _acts: list[Act] = field(init=False)
    _told: datetime = field(init=False)
    _last: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0))
    _revisions: dict[int, int] = field(default_factory=dict)

    async def run(self) -> None:
        """The whole story, from the first poll to its end."""
        self._acts = list(self.scenario.acts)
        self._told = self.scenario.starts
        await self.program.take_over_list()
        self.clock.move(SETTLED)
        while True:
            await self._step()
            moment = await self._next()
            if moment is None:
                break
            self.clock.set(moment)

    async def _step(self) -> None:
        """One moment: an officer acts, the feeds that are due are read, what is due goes out."""
        now = self.clock.now()
        while self._acts and self._acts[0].at <= now:
            act = self._acts.pop(0)
            await self.program.writer.write(
                partial(acknowledge, policy=self.program.policy, act=act, now=now)
            )
        polls = await self.program.poll_due()
        await self.program.settle()
        await self.program.listen()
        await self.program.tick()
        await self.program.digest()
        while (await self.program.deliver()).tried:
            pass
        step = await self.program.writer.read(lambda conn: self._seen_since(conn, polls, now))
        self._told = now
        await self.watch(step)

    async def _next(self) -> datetime | None:
        """The next moment at which anything happens; None at the end of the story."""
        now = self.clock.now()
        if now >= self.scenario.ends:
            return None
        moments = [self.scenario.ends, self._next_digest(now), *(act.at for act in self._acts)]
        states, due = await self.program.writer.read(
            lambda conn: (feeds.states(conn), decisions.due(conn, now + FAR))
        )
        moments += [self._next_reading(state) for state in states]
        moments += [each.due_at for each in due if each.due_at is not None]
        return min(moment for moment in moments if moment > now)

    def _next_reading(self, state: FeedState) -> datetime:
        """When the program's own rhythm brings it to this feed after what it serves has changed.

        Polls in between would find nothing new, so the clock passes over them.
        """
        last, due = state.last_poll_at or self.scenario.starts, state.due_at or self.scenario.starts
        change = next((at for at in self.scenario.moves(state.key) if at > last), None)
        if change is None:
            return self.scenario.ends
        every = self.program.feedlist.named(state.name).every
        if change > due:
            due += -((due - change) // every) * every
        return max(due, change)

    def _next_digest(self, now: datetime) -> datetime:
        """The next issue, or its draft."""
        policy = self.program.policy
        moments = [self.scenario.ends]
        for plan in policy.digests:
            moments.append(next_issue(plan, policy, period(plan, policy, now)))
            draft = draft_at(plan, policy, next_day(plan, policy, now))
            if draft is not None and draft > now:
                moments.append(draft)
        return min(moments)

    def _seen_since(self, conn: Connection, polls: list[PollReport], now: datetime) -> Step:
        """Everything stored since the last step."""
        until = now + timedelta(microseconds=1)
        new = self._new("item", itemreads.between(conn, self._told, until, MOST_ITEMS))
        changes = self._new("change", incidents.changes_between(conn, self._told, until))
        notices = self._new("notice", outbox.between(conn, self._told, until))
        issued = self._new("digest", digests.listing(conn, limit=1))
        revised = self._revised(conn) if any(poll.revised for poll in polls) else []
        self._revisions.update({each.id: each.revision for each in (*new, *revised)})
        touched = {item.incident_id for item in (*new, *revised)}
        touched |= {change.incident_id for change in changes}
        touched |= {notice.incident_id for notice in notices}
        known = {id: incidents.get(conn, id) for id in sorted(id for id in touched if id)}
        why: dict[int, tuple[Why, ...]] = {}
        for incident_id in known:
            why |= incidents.why_of(conn, incident_id)
        return Step(
            at=now,
            said=self._said(now),
            polls=tuple(polls),
            items=tuple(new),
            revised=tuple(revised),
            why=why,
            changes=tuple(changes),
            incidents=known,
            notices=tuple(notices),
            digests=len(issued),
        )

    def _new(self, kind: str, found: Sequence[Row]) -> list[Row]:
        """Those that came after the last ones seen of their kind, oldest first."""
        new = sorted((each for each in found if each.id > self._last[kind]), key=lambda e: e.id)
        if new:
            self._last[kind] = new[-1].id
        return new

    def _revised(self, conn: Connection) -> list[Item]:
        """Items that say something else than when they were last seen."""
        found = itemreads.recent(conn, limit=MOST_ITEMS)
        return [
            each for each in found if each.revision > self._revisions.get(each.id, each.revision)
        ]

    def _said(self, now: datetime) -> tuple[str, ...]:
        """The explanations that belong between the last step and this one."""
        told = [(event.at, event.say) for event in self.scenario.events]
        told += [(act.at, act.say) for act in self.scenario.acts]
        told += [(each.starts, each.say) for each in self.scenario.outages]
        return tuple(say for at, say in sorted(told) if say and self._told < at <= now)


def acknowledge(conn: Connection, *, policy: Policy, act: Act, now: datetime) -> None:
    """Do what an officer does at the desk: take on the open incident that the act names."""
    for incident in incidents.listing(conn, states=("open", "quiet"), limit=100):
        if incident.hazard == act.hazard and act.country in incident.countries:
            deeds.acknowledge(Deed(conn, policy, act.by, now), incident, "desk")
            return
