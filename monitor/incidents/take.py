"""One stored item on its way: find its incident, work out what changed, ask the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import rules
from alerts.phrases import own_level
from alerts.policy import Policy
from monitor.incidents.byhand import awaited
from monitor.incidents.facts import derive, of_its_own
from monitor.incidents.floors import by_advice, judged
from monitor.incidents.hazards import LONGEST
from monitor.incidents.link import Link, advised, choose
from monitor.incidents.members import Members
from monitor.incidents.placing import place
from monitor.incidents.rest import closed_by_rule
from monitor.incidents.restored import restored
from monitor.incidents.subject import Subject, figure, subject_of
from monitor.incidents.titles import titled
from monitor.incidents.unsaid import holds_on
from monitor.incidents.warned import new_warning
from monitor.incidents.window import Window, sketch_of
from monitor.rules.tools import TOOLS
from storage import decisions, incidents, itemreads, items, silences
from storage.records import (
    Advice,
    Change,
    Incident,
    Item,
    Level,
    NewDecision,
    Role,
    Silence,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection

CORRECTED_BY = 0.2  # magnitude units: a smaller revision is no news
TOLL_KINDS = ("dead", "missing", "injured", "cases", "displaced")
NOT_YET = 0  # the id of a change that is not written yet
OVER = frozenset(["stale", "expired", "cancelled_before"])


@dataclass(frozen=True, slots=True)
class _Told:
    """A change that waits to be written, with what the rules said of it at that level."""

    change: Change
    level: Level
    made: Sequence[NewDecision]


class Taker:
    """Takes the items of some polls into incidents, inside their transaction.

    The incidents that may still take items are read once and kept in step, and so are the
    incidents that take some, with their items: nobody else writes meanwhile. Links, changes and
    decisions wait to be written together; `settle` must come before anybody else reads them, and
    `finish` must follow: it stores what the incidents have come to.
    """

    def __init__(self, conn: Connection, policy: Policy, *, now: datetime) -> None:
        self._conn = conn
        self._policy = policy
        self._now = now
        self._window: Window | None = None
        self._silences: Sequence[Silence] | None = None
        self._incidents: dict[int, Incident] = {}
        self._members: Members = itemreads.kept_members(conn) or Members()
        self._changed: set[int] = set()
        self._dispositions: dict[int, Sequence[Why]] = {}
        self._links: list[tuple[int, int, Sequence[Why]]] = []
        self._told: list[_Told] = []

    def settle(self) -> None:
        """Write the links, changes and decisions that wait."""
        incidents.add_items(self._conn, self._links, now=self._now)
        ids = incidents.add_changes(self._conn, [each.change for each in self._told])
        made = [
            decisions.Made(told.change.incident_id, change_id, told.level, each)
            for change_id, told in zip(ids, self._told, strict=True)
            for each in told.made
        ]
        decisions.add_many(self._conn, made, self._now)
        self._links.clear()
        self._told.clear()

    def finish(self) -> None:
        """Store the incidents as they have come to be, and why items told nobody."""
        self.settle()
        changed = [self._incidents[incident_id] for incident_id in sorted(self._changed)]
        incidents.save_many(self._conn, changed)
        items.set_dispositions(self._conn, self._dispositions)
        if self._window is not None:
            incidents.keep_sketches(self._conn, self._window)
        self._members.trim(self._now)
        itemreads.keep_members(self._conn, self._members)
        self._changed.clear()
        self._dispositions.clear()

    def take_new(
        self, item: Item, events: Sequence[tuple[str, str]], *, hold: Why | None
    ) -> int | None:
        """Link a new item; the incident's id, None if it belongs to none."""
        subject = self._subject(item, events)
        window = self._known()
        link = place(subject, item, self._owners(events), window, self._policy)
        link = awaited(subject, link, window.awaiting())
        if link.opens and hold is not None and hold.code in OVER:
            link = Link(None, False, (hold,))  # it is kept, but nothing is going on now
        if link.incident_id is None and not link.opens:
            self._dispositions[item.id] = link.why
            return None
        if link.incident_id is None:
            return self._open(item, events, link.why, hold, relates_to=link.relates_to)
        self._join(link.incident_id, item, events, link, hold)
        if link.relates_to is not None:
            self._relate(link.incident_id, link.relates_to, item)
        return link.incident_id

    def take_revised(
        self, before: Item, item: Item, events: Sequence[tuple[str, str]], *, hold: Why | None
    ) -> int | None:
        """Take a new revision: its incident learns what changed, or it finds one now."""
        self._members.revised(item)
        advice = advice_change(before.values.advice, item.values.advice)
        if advice is not None and not holds_on(item.values):
            return self._take_advice(item, events, advice, hold)
        if before.incident_id is None:
            return self.take_new(item, events, hold=hold)
        incident = self._incident(before.incident_id)
        incidents.add_events(self._conn, incident.id, events)
        self._update(incident, item, (), hold)
        return incident.id

    def take_corrected(self, item: Item, *, by: str, hold: Why | None) -> int | None:
        """Take an officer's correction: its incident is worked out again, or it finds one now.

        `item` is as it stands after it. The incident's id, None if it belongs to none.
        """
        if item.incident_id is None:
            self._dispositions[item.id] = ()  # why it told nobody holds no longer
            return self.take_new(item, (), hold=hold)
        incident = self._incident(item.incident_id)
        change = incidents.add_change(
            self._conn, incident_id=incident.id, at=self._now, kind="reviewed", item_id=item.id,
            new=",".join(item.reading.categories) or "none", by=by,
        )  # fmt: skip
        self._update(incident, item, (change,), hold)
        return incident.id

    def _take_advice(
        self,
        item: Item,
        events: Sequence[tuple[str, str]],
        advice: tuple[str, str],
        hold: Why | None,
    ) -> int:
        """A ministry changed its advice: an incident of that country, or one of its own.

        Advice that stands in a closed incident tells of something else by now.
        """
        subject = self._subject(item, events)
        incident_id = item.incident_id
        if incident_id is not None and self._incident(incident_id).state == "closed":
            incident_id = None
        why: tuple[Why, ...] = (Why("link_advice", {"publisher": item.publisher}),)
        if incident_id is None:
            known = self._known()
            link = choose(subject, self._owners(events), known)
            if link.incident_id is None:
                link = advised(subject, known) or link
            if link.incident_id != item.incident_id:
                incident_id, why = link.incident_id, link.why if link.incident_id else why
        if incident_id is None:
            incident_id = self._open(item, events, why, hold, level=Level.WATCH, advice=advice)
            return incident_id
        incident = self._incident(incident_id)
        if item.incident_id != incident.id:
            self._links.append((incident.id, item.id, why))
            self._dispositions[item.id] = ()  # why it told nobody holds no longer
        change = self._change(incident.id, "advice", item, advice[0], advice[1], why)
        self._update(incident, item, (change,), hold)
        return incident_id

    def _open(
        self,
        item: Item,
        events: Sequence[tuple[str, str]],
        why: tuple[Why, ...],
        hold: Why | None,
        *,
        level: Level = Level.INFO,
        advice: tuple[str, str] | None = None,
        relates_to: int | None = None,
    ) -> int:
        local_year = self._now.astimezone(ZoneInfo(self._policy.timezone)).year
        incident = incidents.open_incident(
            self._conn, now=self._now, year=local_year, title_en="", title_th="", level=level
        )
        self._members.opened(incident.id)
        self._links.append((incident.id, item.id, why))
        incidents.add_events(self._conn, incident.id, events)
        kind, old, new = ("advice", *advice) if advice else ("opened", None, None)
        change = self._change(incident.id, kind, item, old, new, why)
        self._update(incident, item, (change,), hold, opening=True)
        if relates_to is not None:
            self._relate(incident.id, relates_to, item)
        return incident.id

    def _relate(self, incident_id: int, parent_id: int, item: Item) -> None:
        """Keep in both timelines that the one follows from the other, or is a part of it."""
        for one, other in ((incident_id, parent_id), (parent_id, incident_id)):
            number = self._incident(other).number
            why = (Why("related_to", {"number": number}),)
            change = self._change(one, "related", item, None, number, why)
            self._told.append(_Told(change, self._incident(one).level, ()))

    def _join(
        self,
        incident_id: int,
        item: Item,
        events: Sequence[tuple[str, str]],
        link: Link,
        hold: Why | None,
    ) -> None:
        incident = self._incident(incident_id)
        self._links.append((incident.id, item.id, link.why))
        incidents.add_events(self._conn, incident.id, events)
        kind = "communication" if item.role is Role.COMMUNICATION else "joined"
        change = self._change(incident.id, kind, item, None, item.publisher, link.why)
        self._update(incident, item, (change,), hold)

    def _update(
        self,
        incident: Incident,
        item: Item,
        first: tuple[Change, ...],
        hold: Why | None,
        *,
        opening: bool = False,
    ) -> None:
        """Work the incident out afresh, record what changed, and put it to the rules."""
        members = self._members.with_item(self._conn, incident.id, item)
        after = derive(incident, members)
        reopens = incident.state == "quiet" or closed_by_rule(self._conn, incident)
        after = replace(after, state="open" if reopens else incident.state)
        after = by_advice(after, first, item, self._policy)
        level, level_why = judged(after, members, self._policy, now=self._now, item=item)
        title_en, title_th = titled(of_its_own(after, members))
        after = replace(
            after,
            level=level,
            level_why=level_why,
            title_en=title_en,
            title_th=title_th,
            level_since=incident.level_since if level == incident.level else self._now,
        )
        self._incidents[after.id] = after
        self._changed.add(after.id)
        changes = list(first)
        if reopens:
            changes.append(self._change(after.id, "reopened", item))
        if not opening:
            others = [each for each in members if each.id != item.id]
            joins = any(change.kind == "joined" for change in first)
            warning = new_warning(incident, others, item, joins=joins, now=self._now)
            if warning is not None:
                changes.append(self._change(after.id, "warned", item, *warning))
            for kind, old, new in differences(incident, after):
                why = level_why if kind.startswith("level_") else ()
                changes.append(self._change(after.id, kind, item, old, new, why))
        self._decide(incident, after, changes, item, hold)
        self._keep_in_step(after, members)

    def _decide(
        self,
        before: Incident,
        incident: Incident,
        changes: Sequence[Change],
        item: Item,
        hold: Why | None,
    ) -> None:
        """Store what the rules say of each change, and on the item why nobody was told."""
        told = False
        reasons: tuple[Why, ...] = ()
        for change in changes:
            if hold is not None:
                made = [NewDecision(rule="", team=None, due_at=None, why=(hold,))]
            else:
                made = rules.decide(
                    incident, change, item, self._policy,
                    now=self._now, silences=self._active_silences(), before=before,
                    tools=TOOLS,
                )  # fmt: skip
            self._told.append(_Told(change, incident.level, made))
            told = told or any(each.team and not each.shadow for each in made)
            reasons = reasons or next((each.why for each in made if each.team is None), ())
        if not told and reasons:
            self._dispositions[item.id] = reasons

    def _change(
        self, incident_id: int, kind: str, item: Item,
        old: str | None = None, new: str | None = None, why: tuple[Why, ...] = (),
    ) -> Change:  # fmt: skip
        """A line of the timeline; its id is known once it is written."""
        return Change(NOT_YET, incident_id, self._now, kind, item.id, old, new, why)

    def _incident(self, incident_id: int) -> Incident:
        if incident_id not in self._incidents:
            self._incidents[incident_id] = incidents.get(self._conn, incident_id)
        return self._incidents[incident_id]

    def _active_silences(self) -> Sequence[Silence]:
        if self._silences is None:
            self._silences = silences.active(self._conn, self._now)
        return self._silences

    def _known(self) -> Window:
        if self._window is None:
            since = self._now - LONGEST
            self._window = incidents.kept_sketches(self._conn)
            if self._window is None:
                self._window = restored(self._conn, since)
            self._window.drop_before(since)
        return self._window

    def _owners(self, events: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        return incidents.by_events(self._conn, events) if events else {}

    def _subject(self, item: Item, events: Sequence[tuple[str, str]]) -> Subject:
        return subject_of(item, events, self._now)

    def _keep_in_step(self, incident: Incident, members: Sequence[Item]) -> None:
        if incident.state in ("open", "quiet"):  # what is closed takes only what names it
            given = incidents.given_titles(incident)
            self._known().put(sketch_of(incident, members, given))


def advice_change(before: Advice | None, after: Advice | None) -> tuple[str, str] | None:
    """Old and new advice in the publisher's words when its level or wording changed."""
    if before is None or after is None:
        return None
    old, new = (
        " ".join(filter(None, (own_level(each), each.wording, each.area and f"({each.area})")))
        for each in (before, after)
    )
    changed = (before.level, before.wording, before.partial, before.area) != (
        after.level, after.wording, after.partial, after.area
    )  # fmt: skip
    return (old, new) if changed else None


def differences(before: Incident, after: Incident) -> list[tuple[str, str | None, str | None]]:
    """What a reader must be told of, as (kind, old, new), weightiest first."""
    found: list[tuple[str, str | None, str | None]] = []
    if after.withdrawn and not before.withdrawn:
        found.append(("withdrawn", None, None))
    if after.lifted and not before.lifted:
        found.append(("lifted", None, None))
    if after.level != before.level:
        kind = "level_raised" if after.level > before.level else "level_lowered"
        found.append((kind, before.level.name, after.level.name))
    old, new = figure(before.figures, "magnitude"), figure(after.figures, "magnitude")
    if old is not None and new is not None and abs(old - new) >= CORRECTED_BY:
        found.append(("corrected", f"magnitude {old:.1f}", f"magnitude {new:.1f}"))
    for kind in TOLL_KINDS:
        old, new = figure(before.figures, kind), figure(after.figures, kind)
        if new is not None and new != old:
            was = f"{kind} {old:.0f}" if old is not None else None
            found.append(("figure", was, f"{kind} {new:.0f}"))
    if after.nationals != before.nationals:
        found.append(("nationals", before.nationals, after.nationals))
    return found
