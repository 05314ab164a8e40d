"""Work an incident out afresh after an officer or a signal touched it, and ask the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts import rules
from alerts.policy import Policy
from monitor.incidents.facts import derive, last_word, of_its_own
from monitor.incidents.floors import judged
from monitor.incidents.take import differences
from monitor.incidents.titles import titled
from monitor.rules.tools import TOOLS
from storage import decisions, incidents, itemreads, silences
from storage.records import Change, Incident, Item, NewDecision, Why

if TYPE_CHECKING:
    from storage.database import Connection


def work_out(
    conn: Connection,
    incident: Incident,
    policy: Policy,
    *,
    now: datetime,
    before: Incident | None = None,
    changes: Sequence[Change] = (),
    item: Item | None = None,
    by: str = "machine",
    opening: bool = False,
    arranged: bool = False,
) -> Incident:
    """Store what `incident` comes to with the items it has now, and put its changes to the rules.

    `changes` are those already written to its timeline by who calls; what else differs from
    `before` (default: `incident` itself) is written in the name of `by`. `item` is the one that
    made the changes, if one did. An incident that is just `opening` differs from nothing. Where an
    officer only `arranged` items anew, an incident of old ones tells nobody, and says so; what its
    timeline has told already is not told again, and no warning is lifted in the officer's name.
    """
    before = before or incident
    members = sorted(
        itemreads.of_incident(conn, incident.id), key=lambda each: (each.first_seen_at, each.id)
    )
    after = derive(incident, members)
    level, level_why = judged(after, members, policy, now=now, item=item)
    title_en, title_th = titled(of_its_own(after, members))
    after = replace(
        after,
        level=level,
        level_why=level_why,
        title_en=title_en,
        title_th=title_th,
        level_since=before.level_since if level == before.level else now,
    )
    incidents.save(conn, after)
    made = [*changes]
    found = () if opening else differences(before, after)
    for kind, old, new in found:
        if kind.startswith("level_"):
            why = level_why
        elif not arranged:
            why = ()
        elif kind in ("lifted", "withdrawn"):
            made += _said_before(conn, after, kind, members)
            continue
        elif _stands(conn, after, kind, new):
            continue
        else:
            why = (Why("arranged", {"by": by}),)
        made.append(
            incidents.add_change(
                conn, incident_id=after.id, at=now, kind=kind, old=old, new=new, why=why, by=by
            )
        )
    in_force = silences.active(conn, now)
    held = rules.too_old(members, after.last_item_at, now=now) if arranged else None
    for change in made:
        if held is not None:
            told = [NewDecision(rule="", team=None, due_at=None, why=(held,))]
        else:
            told = rules.decide(
                after, change, item, policy,
                now=now, silences=in_force, before=before, tools=TOOLS,
            )  # fmt: skip
        decisions.add(conn, after.id, change.id, told, after.level, now)
    return after


def _said_before(
    conn: Connection, of: Incident, kind: str, members: Sequence[Item]
) -> list[Change]:
    """The line of a source's word that came with moved items, at its own time and in its own name.

    An officer who moves items lifts nothing. None where the timeline has that word already.
    """
    word = last_word(members)
    if word is None or any(
        each.kind == kind and each.item_id == word.id for each in incidents.changes(conn, of.id)
    ):
        return []
    return [
        incidents.add_change(
            conn, incident_id=of.id, at=word.first_seen_at, kind=kind, item_id=word.id
        )
    ]


def _stands(conn: Connection, of: Incident, kind: str, new: str | None) -> bool:
    """Whether the timeline has told the same before the items were moved away and back."""
    return any(each.kind == kind and each.new == new for each in incidents.changes(conn, of.id))
