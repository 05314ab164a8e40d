"""What officers do to incidents, each deed audited; the machine takes none of it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import clean
from alerts.policy import Policy
from alerts.rules import too_old
from monitor.incidents.afresh import work_out
from monitor.incidents.floors import raised
from monitor.incidents.hazards import category_of
from monitor.incidents.people import in_force_of_both, shown
from monitor.incidents.titles import titled
from monitor.refusal import NotDone
from storage import audit, decisions, incidents, itemreads, items, outbox
from storage.errors import StorageError
from storage.records import Incident, Item, Json, Level, NewDecision, Why

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Deed:
    """Who acts, when, and under which policy; every function here takes one."""

    conn: Connection
    policy: Policy
    by: str
    now: datetime

    def change(self, of: Incident, kind: str, old: str | None, new: str | None) -> int:
        """Write a line of the timeline; its id."""
        return incidents.add_change(
            self.conn, incident_id=of.id, at=self.now, kind=kind, old=old, new=new, by=self.by
        ).id

    def audit(self, action: str, of: Incident, before: Json = None, after: Json = None) -> None:
        """Write a line of the audit log."""
        audit.record(
            self.conn, at=self.now, who=self.by, action=action,
            subject=f"incident {of.number}", before=before, after=after,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What an officer knows of an event that no feed has told of yet."""

    title_en: str | None = None
    title_th: str | None = None
    hazard: str | None = None
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    event_at: datetime | None = None
    level: Level | None = None
    exercise: bool = False


def find(conn: Connection, number: str) -> Incident:
    """The incident with that number. Raises NotDone if there is none."""
    found = incidents.by_number(conn, number)
    if found is None:
        raise NotDone("no_incident", number=clean.one_line(number, 40))
    return found


def open_by_hand(deed: Deed, told: Told, source: str) -> Incident:
    """A new incident that an officer heard of from `source`; items that tell of it join later."""
    categories = told.categories or tuple(filter(None, (category_of(told.hazard),)))
    held = ["opened"]
    held += [
        name
        for name, value in (
            ("title", told.title_en or told.title_th),
            ("hazard", told.hazard),
            ("categories", told.categories),
            ("countries", told.countries),
            ("place", told.place or told.lat is not None),
            ("exercise", told.exercise),
        )
        if value
    ]
    opened = incidents.open_incident(
        deed.conn,
        now=deed.now,
        year=deed.now.astimezone(ZoneInfo(deed.policy.timezone)).year,
        title_en=told.title_en or told.title_th or "",
        title_th=told.title_th or told.title_en or "",
        hazard=told.hazard,
        categories=categories,
        countries=told.countries,
        place=told.place,
        lat=told.lat,
        lon=told.lon,
        event_at=told.event_at,
        exercise=told.exercise,
        confirmation="reviewed",
        sources=0,
        independent_sources=0,
        held=tuple(held),
        floor=told.level or Level.WATCH,
        floor_why=(Why("opened_by_officer", {"by": deed.by, "source": source}),),
    )
    if "title" not in held:
        title_en, title_th = titled(opened)
        opened = replace(opened, title_en=title_en, title_th=title_th)
    change = incidents.add_change(
        deed.conn, incident_id=opened.id, at=deed.now, kind="opened", new=source,
        why=opened.floor_why, by=deed.by,
    )  # fmt: skip
    after = work_out(
        deed.conn, opened, deed.policy, now=deed.now, changes=(change,), by=deed.by, opening=True
    )
    deed.audit("open incident", after, after={"title": after.title_en, "source": source})
    return after


def merge(deed: Deed, lost: Incident, into: Incident) -> Incident:
    """`lost` lives on in `into`, which gets its items and all that comes later.

    What officers wrote of our people, their notes and the least level that they gave go with it.
    Raises NotDone for what would go in a circle, has been merged already, or would make one of
    an exercise and a real event.
    """
    conn = deed.conn
    target = incidents.survivor(conn, into.id)
    if lost.state == "merged":
        lives_in = incidents.survivor(conn, lost.id).number
        raise NotDone("part_already", number=lost.number, into=lives_in)
    if target.id == lost.id:
        key = "circle_itself" if into.id == lost.id else "circle"
        raise NotDone(key, number=lost.number, into=into.number)
    if lost.exercise != target.exercise:
        real, drill = (target, lost) if lost.exercise else (lost, target)
        raise NotDone("exercise_apart", real=real.number, exercise=drill.number)
    moved = itemreads.of_incident(conn, lost.id)
    # What was split off it comes home as its own; of another incident it only adds.
    home = any(each.kind == "opened" and each.old == target.number
               for each in incidents.changes(conn, lost.id))  # fmt: skip
    why = Why("merged_in", {"number": lost.number, "by": deed.by})
    for item in moved:
        _carry(deed, item, lost, target, Why("by_officer", {"by": deed.by}) if home else why)
    incidents.rehome(conn, lost.id, target.id)
    incidents.save(conn, replace(lost, state="merged", merged_into=target.id))
    ended = deed.change(lost, "merged", None, target.number)
    change = incidents.add_change(
        conn, incident_id=target.id, at=deed.now, kind="absorbed", new=lost.number, by=deed.by
    )
    after = work_out(
        conn, _with_word_of(deed, lost, target), deed.policy, now=deed.now, before=target,
        changes=(change,), by=deed.by, arranged=True,
    )  # fmt: skip
    _tell_of_merge(deed, lost, ended, after, change.id)
    deed.audit(
        "merge incidents", lost, before={"state": lost.state},
        after={"into": target.number, "items": [item.id for item in moved]},
    )  # fmt: skip
    return after


def _with_word_of(deed: Deed, lost: Incident, into: Incident) -> Incident:
    """`into` with what officers wrote of `lost`, whose records have gone over to it already."""
    known = {(each.at, each.by, each.new) for each in incidents.changes(deed.conn, into.id)}
    for each in incidents.changes(deed.conn, lost.id):
        if each.kind == "note" and (each.at, each.by, each.new) not in known:
            incidents.add_change(
                deed.conn, incident_id=into.id, at=each.at, kind="note", new=each.new, by=each.by
            )
    if "nationals" in (*lost.held, *into.held):
        word = in_force_of_both(incidents.nationals_of(deed.conn, into.id))
        if word is not None:
            held = with_held(into.held, "nationals")
            into = replace(into, nationals=shown(word), held=held)
    if "opened" in lost.held and lost.floor is not None and lost.floor_why:
        into = raised(into, lost.floor, lost.floor_why[0])
    return into


def _tell_of_merge(deed: Deed, lost: Incident, ended: int, into: Incident, change_id: int) -> None:
    """Who was told of the one that ended hears, in its thread, where it goes on, unless all is old.

    A team that has had nothing of the other yet is told of that as well.
    """
    conn = deed.conn
    members = itemreads.of_incident(conn, into.id)
    if too_old(members, into.last_item_at, now=deed.now) is not None:
        return
    teams = [each for each in _teams_told(conn, lost) if each in deed.policy.teams]
    away = Why("merged_away", {"number": into.number, "by": deed.by})
    farewell = [NewDecision("", team, deed.now, (away,)) for team in teams]
    decisions.add(conn, lost.id, ended, farewell, lost.level, deed.now)
    why = Why("merged_here", {"number": lost.number, "by": deed.by})
    known = _teams_told(conn, into)
    told = [NewDecision("", team, deed.now, (why,)) for team in teams if team not in known]
    decisions.add(conn, into.id, change_id, told, into.level, deed.now)


def _teams_told(conn: Connection, of: Incident) -> list[str]:
    return list(dict.fromkeys(notice.team for notice in outbox.of_incident(conn, of.id)))


def split(
    deed: Deed, of: Incident, chosen: Sequence[int], *, en: str | None = None, th: str | None = None
) -> Incident:
    """A new incident of some of the items of `of`. Raises NotDone for items not in it."""
    not_merged(deed, of)
    members = {item.id: item for item in itemreads.of_incident(deed.conn, of.id)}
    missing = [each for each in chosen if each not in members]
    if missing:
        raise NotDone("not_in", item=missing[0], number=of.number)
    if len(set(chosen)) == len(members):
        raise NotDone("all_items", number=of.number)
    first = min(members[each].first_seen_at for each in chosen)
    opened = incidents.open_incident(
        deed.conn,
        now=deed.now,
        year=deed.now.astimezone(ZoneInfo(deed.policy.timezone)).year,
        title_en=en or th or "",
        title_th=th or en or "",
        opened_at=first,
        held=("title",) if en or th else (),
    )
    moved = [members[each] for each in dict.fromkeys(chosen)]
    for item in moved:
        _carry(deed, item, of, opened, Why("by_officer", {"by": deed.by}))
    stay = [item for each, item in members.items() if each not in chosen]
    incidents.give_events(deed.conn, _identities(deed.conn, of, moved, stay), opened.id)
    away = incidents.add_change(
        deed.conn, incident_id=of.id, at=deed.now, kind="split", new=opened.number, by=deed.by,
        why=(Why("split_away", {"items": ", ".join(str(item.id) for item in moved)}),),
    )  # fmt: skip
    here = incidents.add_change(
        deed.conn, incident_id=opened.id, at=deed.now, kind="opened", old=of.number, by=deed.by,
        why=(Why("split_from", {"number": of.number, "by": deed.by}),),
    )  # fmt: skip
    work_out(deed.conn, of, deed.policy, now=deed.now, changes=(away,), by=deed.by, arranged=True)
    after = work_out(
        deed.conn, opened, deed.policy, now=deed.now, changes=(here,), by=deed.by, opening=True,
        arranged=True,
    )  # fmt: skip
    deed.audit(
        "split incident", of, after={"into": after.number, "items": [item.id for item in moved]}
    )
    return after


def move(deed: Deed, item_id: int, to: Incident) -> Incident:
    """Put an item into `to`, wherever it was. Raises NotDone if there is no such item."""
    not_merged(deed, to)
    try:
        item = itemreads.get(deed.conn, item_id)
    except StorageError as error:
        raise NotDone("no_item", item=item_id) from error
    source = incidents.get(deed.conn, item.incident_id) if item.incident_id else None
    if source is not None and source.id == to.id:
        raise NotDone("there_already", item=item_id, number=to.number)
    changed = incidents.add_change(
        deed.conn, incident_id=to.id, at=deed.now, kind="moved", item_id=item.id,
        old=source.number if source else None, new=to.number, by=deed.by,
    )  # fmt: skip
    _carry(deed, item, source, to, Why("by_officer", {"by": deed.by}))
    items.set_disposition(deed.conn, item.id, ())
    if source is not None:
        stay = itemreads.of_incident(deed.conn, source.id)
        incidents.give_events(deed.conn, _identities(deed.conn, source, [item], stay), to.id)
        left = incidents.add_change(
            deed.conn, incident_id=source.id, at=deed.now, kind="moved", item_id=item.id,
            old=source.number, new=to.number, by=deed.by,
        )  # fmt: skip
        emptied = not stay and "opened" not in source.held
        work_out(
            deed.conn, replace(source, state="closed" if emptied else source.state), deed.policy,
            now=deed.now, changes=(left,), by=deed.by, arranged=True,
        )  # fmt: skip
    after = work_out(
        deed.conn, to, deed.policy, now=deed.now, changes=(changed,), item=item, by=deed.by,
        arranged=True,
    )  # fmt: skip
    deed.audit(
        "move item", to, before={"item": item.id, "incident": source.number if source else None},
        after={"item": item.id, "incident": to.number},
    )  # fmt: skip
    return after


def rename(deed: Deed, of: Incident, *, en: str | None, th: str | None) -> Incident:
    """Give an incident the officer's title; the language that is not given keeps its own."""
    not_merged(deed, of)
    after = replace(
        of,
        title_en=en or of.title_en,
        title_th=th or of.title_th,
        held=with_held(of.held, "title"),
    )
    incidents.save(deed.conn, after)
    shown = " · ".join(dict.fromkeys(filter(None, (th, en))))
    deed.change(of, "renamed", of.title_en, shown)
    deed.audit(
        "rename incident", of, before={"en": of.title_en, "th": of.title_th},
        after={"en": after.title_en, "th": after.title_th},
    )  # fmt: skip
    return after


def close(deed: Deed, of: Incident, reason: str) -> Incident:
    """Close an incident; those who were told of it get a stand-down. Items may still join."""
    if of.state in ("closed", "merged"):
        raise NotDone(f"{of.state}_already", number=of.number)
    return _stand(deed, of, "closed", reason)


def reopen(deed: Deed, of: Incident, reason: str) -> Incident:
    """Open a closed or quiet incident; it stays open until an officer closes it."""
    if of.state == "merged":
        lives_in = incidents.survivor(deed.conn, of.id).number
        raise NotDone("split_instead", number=of.number, into=lives_in)
    if of.state == "open":
        raise NotDone("open_already", number=of.number)
    return _stand(deed, of, "open", reason)


def note(deed: Deed, of: Incident, text: str) -> None:
    """Write a note into the timeline."""
    not_merged(deed, of)
    deed.change(of, "note", None, text)
    deed.audit("note", of, after={"note": text})


def _stand(deed: Deed, of: Incident, state: str, reason: str) -> Incident:
    kind = "closed" if state == "closed" else "reopened"
    change = incidents.add_change(
        deed.conn, incident_id=of.id, at=deed.now, kind=kind, new=reason, by=deed.by,
        why=(Why("officer_said", {"by": deed.by, "because": reason}),),
    )  # fmt: skip
    after = work_out(
        deed.conn, replace(of, state=state, held=with_held(of.held, "state")), deed.policy,
        now=deed.now, changes=(change,), by=deed.by,
    )  # fmt: skip
    deed.audit(
        f"{'close' if state == 'closed' else 'reopen'} incident", of,
        before={"state": of.state}, after={"state": state, "reason": reason},
    )  # fmt: skip
    return after


def _carry(deed: Deed, item: Item, source: Incident | None, target: Incident, why: Why) -> None:
    if source is not None:
        incidents.remove_item(deed.conn, source.id, item.id)
    incidents.add_item(deed.conn, target.id, item.id, why=(why,), now=deed.now, by=deed.by)


def _identities(
    conn: Connection, of: Incident, moved: Sequence[Item], stay: Sequence[Item]
) -> list[tuple[str, str]]:
    """The event identities of `of` that the moved items bring and none of the others does."""
    brought = _values(conn, moved) - _values(conn, stay)
    return [key for key in incidents.events_of(conn, of.id) if key[1] in brought]


def _values(conn: Connection, members: Sequence[Item]) -> set[str]:
    found: set[str] = set()
    for item in members:
        found.update(value for _, value in itemreads.keys_of(conn, item.id))
        if hazard := item.values.hazard:
            found.update(filter(None, (hazard.event_id, hazard.glide)))
        found.update(item.values.references)
    return found


def not_merged(deed: Deed, of: Incident) -> None:
    """Raises NotDone for an incident that lives on in another, and names that one."""
    if of.state == "merged":
        lives_in = incidents.survivor(deed.conn, of.id).number
        raise NotDone("name_that_one", number=of.number, into=lives_in)


def with_held(held: tuple[str, ...], name: str) -> tuple[str, ...]:
    """What officers have set, with `name` among it."""
    return tuple(dict.fromkeys((*held, name)))
