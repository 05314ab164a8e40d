"""One stored item on its way: find its incident, work out what changed, ask the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import levels, rules
from alerts.policy import Policy
from monitor.incidents.byhand import awaited
from monitor.incidents.facts import derive
from monitor.incidents.floors import by_advice
from monitor.incidents.hazards import LONGEST
from monitor.incidents.link import Link, advised, choose
from monitor.incidents.subject import Subject, figure
from monitor.incidents.titles import titled
from storage import decisions, incidents, items, silences
from storage.records import (
    Advice,
    Change,
    Incident,
    Item,
    Level,
    NewDecision,
    Role,
    Silence,
    Sketch,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection

CORRECTED_BY = 0.2  # magnitude units: a smaller revision is no news
TOLL_KINDS = ("dead", "missing", "injured", "cases", "displaced")
SKETCH_TITLES = 8
OVER = frozenset(["stale", "expired", "cancelled_before"])


class Taker:
    """Takes the items of some polls into incidents, inside their transaction.

    The incidents that may still take items are read once and kept in step, and so are the
    incidents that take some, with their items: nobody else writes meanwhile. `finish` must
    follow; it stores what they have come to.
    """

    def __init__(self, conn: Connection, policy: Policy, *, now: datetime) -> None:
        self._conn = conn
        self._policy = policy
        self._now = now
        self._sketches: dict[int, Sketch] | None = None
        self._silences: Sequence[Silence] | None = None
        self._incidents: dict[int, Incident] = {}
        self._members: dict[int, list[Item]] = {}  # by incident, oldest first
        self._changed: set[int] = set()
        self._dispositions: dict[int, Sequence[Why]] = {}

    def finish(self) -> None:
        """Store the incidents as they have come to be, and why items told nobody."""
        changed = [self._incidents[incident_id] for incident_id in sorted(self._changed)]
        incidents.save_many(self._conn, changed)
        items.set_dispositions(self._conn, self._dispositions)
        if self._sketches is not None:
            incidents.keep_sketches(self._conn, self._sketches)
        self._changed.clear()
        self._dispositions.clear()

    def take_new(
        self, item: Item, events: Sequence[tuple[str, str]], *, hold: Why | None
    ) -> int | None:
        """Link a new item; the incident's id, None if it belongs to none."""
        subject = self._subject(item, events)
        link = choose(subject, self._owners(events), list(self._known().values()))
        link = awaited(subject, link, self._known().values())
        if link.opens and hold is not None and hold.code in OVER:
            link = Link(None, False, (hold,))  # it is kept, but nothing is going on now
        if link.incident_id is None and not link.opens:
            self._dispositions[item.id] = link.why
            return None
        if link.incident_id is None:
            return self._open(item, events, link.why, hold)
        self._join(link.incident_id, item, events, link, hold)
        return link.incident_id

    def take_revised(
        self, before: Item, item: Item, events: Sequence[tuple[str, str]], *, hold: Why | None
    ) -> int | None:
        """Take a new revision: its incident learns what changed, or it finds one now."""
        advice = advice_change(before.values.advice, item.values.advice)
        if advice is not None:
            return self._take_advice(item, events, advice, hold)
        if before.incident_id is None:
            return self.take_new(item, events, hold=hold)
        for members in self._members.values():
            members[:] = [item if each.id == item.id else each for each in members]
        incident = self._incident(before.incident_id)
        incidents.add_events(self._conn, incident.id, events)
        self._update(incident, item, (), hold)
        return incident.id

    def _take_advice(
        self,
        item: Item,
        events: Sequence[tuple[str, str]],
        advice: tuple[str, str],
        hold: Why | None,
    ) -> int:
        """A ministry changed its advice: an incident of that country, or one of its own."""
        subject = self._subject(item, events)
        incident_id = item.incident_id
        why: tuple[Why, ...] = (Why("link_advice", {"publisher": item.publisher}),)
        if incident_id is None:
            known = list(self._known().values())
            link = choose(subject, self._owners(events), known)
            if link.incident_id is None:
                link = advised(subject, known) or link
            incident_id, why = link.incident_id, link.why if link.incident_id else why
        if incident_id is None:
            incident_id = self._open(item, events, why, hold, level=Level.WATCH, advice=advice)
            return incident_id
        incident = self._incident(incident_id)
        if item.incident_id is None:
            incidents.add_item(self._conn, incident.id, item.id, why=why, now=self._now)
        change = incidents.add_change(
            self._conn, incident_id=incident.id, at=self._now, kind="advice", item_id=item.id,
            old=advice[0], new=advice[1], why=why,
        )  # fmt: skip
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
    ) -> int:
        local_year = self._now.astimezone(ZoneInfo(self._policy.timezone)).year
        incident = incidents.open_incident(
            self._conn, now=self._now, year=local_year, title_en="", title_th="", level=level
        )
        self._members[incident.id] = []
        incidents.add_item(self._conn, incident.id, item.id, why=why, now=self._now)
        incidents.add_events(self._conn, incident.id, events)
        kind, old, new = ("advice", *advice) if advice else ("opened", None, None)
        change = incidents.add_change(
            self._conn, incident_id=incident.id, at=self._now, kind=kind, item_id=item.id,
            old=old, new=new, why=why,
        )  # fmt: skip
        self._update(incident, item, (change,), hold, opening=True)
        return incident.id

    def _join(
        self,
        incident_id: int,
        item: Item,
        events: Sequence[tuple[str, str]],
        link: Link,
        hold: Why | None,
    ) -> None:
        incident = self._incident(incident_id)
        incidents.add_item(self._conn, incident.id, item.id, why=link.why, now=self._now)
        incidents.add_events(self._conn, incident.id, events)
        kind = "communication" if item.role is Role.COMMUNICATION else "joined"
        change = incidents.add_change(
            self._conn, incident_id=incident.id, at=self._now, kind=kind, item_id=item.id,
            new=item.publisher, why=link.why,
        )  # fmt: skip
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
        members = self._members_with(incident.id, item)
        after = derive(incident, members)
        after = replace(after, state="open" if incident.state == "quiet" else incident.state)
        after = by_advice(after, first, item, self._policy)
        level, level_why = levels.level_of(after, self._policy)
        title_en, title_th = titled(after)
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
        if incident.state == "quiet":
            changes.append(
                incidents.add_change(
                    self._conn, incident_id=after.id, at=self._now, kind="reopened", item_id=item.id
                )
            )
        if not opening:
            for kind, old, new in differences(incident, after):
                changes.append(
                    incidents.add_change(
                        self._conn,
                        incident_id=after.id,
                        at=self._now,
                        kind=kind,
                        item_id=item.id,
                        old=old,
                        new=new,
                        why=level_why if kind.startswith("level_") else (),
                    )
                )
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
                )  # fmt: skip
            decisions.add(self._conn, incident.id, change.id, made, incident.level, self._now)
            told = told or any(each.team and not each.shadow for each in made)
            reasons = reasons or next((each.why for each in made if each.team is None), ())
        if not told and reasons:
            self._dispositions[item.id] = reasons

    def _incident(self, incident_id: int) -> Incident:
        if incident_id not in self._incidents:
            self._incidents[incident_id] = incidents.get(self._conn, incident_id)
        return self._incidents[incident_id]

    def _members_with(self, incident_id: int, item: Item) -> Sequence[Item]:
        """The incident's items, oldest first, `item` as it is now."""
        members = self._members.get(incident_id)
        if members is None:
            members = items.of_incident(self._conn, incident_id)
            self._members[incident_id] = members
        else:
            members[:] = [each for each in members if each.id != item.id] + [item]
        members.sort(key=lambda each: (each.first_seen_at, each.id))
        return members

    def _active_silences(self) -> Sequence[Silence]:
        if self._silences is None:
            self._silences = silences.active(self._conn, self._now)
        return self._silences

    def _known(self) -> dict[int, Sketch]:
        if self._sketches is None:
            self._sketches = incidents.take_sketches(
                self._conn, self._now - LONGEST, titles=SKETCH_TITLES
            )
        return self._sketches

    def _owners(self, events: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        return incidents.by_events(self._conn, events) if events else {}

    def _subject(self, item: Item, events: Sequence[tuple[str, str]]) -> Subject:
        return Subject(
            values=item.values,
            reading=item.reading,
            events=tuple(events),
            role=item.role,
            feed_kind=item.feed_kind,
            publisher=item.publisher,
            speaker=item.speaker,
            seen_at=self._now,
        )

    def _keep_in_step(self, incident: Incident, members: Sequence[Item]) -> None:
        self._known()[incident.id] = Sketch(
            id=incident.id,
            number=incident.number,
            hazard=incident.hazard,
            categories=incident.categories,
            countries=incident.countries,
            lat=incident.lat,
            lon=incident.lon,
            event_at=incident.event_at,
            opened_at=incident.opened_at,
            last_item_at=incident.last_item_at,
            level=incident.level,
            exercise=incident.exercise,
            figures=incident.figures,
            titles=(
                *(item.values.title for item in reversed(members[-SKETCH_TITLES:])),
                *incidents.given_titles(incident),
            ),
        )


def advice_change(before: Advice | None, after: Advice | None) -> tuple[str, str] | None:
    """Old and new advice in the publisher's words when its level or wording changed."""
    if before is None or after is None:
        return None
    old, new = (
        " ".join(filter(None, (each.level, each.wording, each.area and f"({each.area})")))
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
