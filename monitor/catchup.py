"""The mail road: since when it is closed, and what those are told who missed much meanwhile."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.catchup import MOST_UNTOLD, CatchUp, HeldBack, render_catch_up
from alerts.message import message_id, to_mime
from alerts.policy import Person, Policy
from monitor.config.settings import Settings
from storage import meta, outbox
from storage.outbox import Held
from storage.records import NewNotice, Why

if TYPE_CHECKING:
    from storage.database import Connection

ROAD = "mail.closed"  # in meta: since when nothing gets through, "" while the road is open


def closed_since(conn: Connection) -> datetime | None:
    """Since when no mail gets through, None while it does."""
    mark = meta.get(conn, ROAD)
    return mark.at if mark is not None and mark.value else None


def close(conn: Connection, now: datetime) -> datetime:
    """Note that nothing gets through; since when that is so."""
    since = closed_since(conn)
    if since is None:
        meta.set(conn, ROAD, "closed", now)
    return since or now


def reopen(conn: Connection, policy: Policy, settings: Settings, *, now: datetime) -> int:
    """Note that mail gets through again; how many summaries of what waits that made.

    Whoever has more than 20 notices waiting gets one, ahead of them.
    """
    since = closed_since(conn)
    if since is None:
        return 0
    meta.set(conn, ROAD, "", now)
    waiting: dict[str, list[Held]] = defaultdict(list)
    for held in outbox.held_back(conn, now):
        waiting[held.recipient].append(held)
    summaries = [
        _summary(recipient, held, since, policy, settings, now)
        for recipient, held in waiting.items()
        if len(held) > MOST_UNTOLD
    ]
    return sum(outbox.enqueue(conn, each, now) is not None for each in summaries)


def _summary(
    recipient: str,
    held: list[Held],
    since: datetime,
    policy: Policy,
    settings: Settings,
    now: datetime,
) -> NewNotice:
    first = held[0]
    known = policy.people.get(first.person)
    about: dict[object, list[Held]] = defaultdict(list)
    for each in held:
        about[each.incident_id or each.subject].append(each)
    of = CatchUp(
        person=known or Person(first.person, policy.ministry, recipient, first.language),
        since=since,
        until=now,
        held=tuple(
            HeldBack(newest.level, newest.subject, newest.created_at, len(notices))
            for notices in about.values()
            for newest in (max(notices, key=lambda each: each.created_at),)
        ),
        zone=ZoneInfo(policy.timezone),
    )
    message = render_catch_up(of)
    identifier = message_id(
        f"catchup.{since:%Y%m%dT%H%M%S}", 1, recipient, sender=settings.mail_from
    )
    return NewNotice(
        kind="catch_up",
        recipient=recipient,
        person=first.person,
        team=first.team,
        language=first.language,
        level=of.level,
        subject=message.subject,
        message_id=identifier,
        mime=to_mime(
            message,
            sender=settings.mail_from,
            recipient=recipient,
            message_id=identifier,
            now=now,
        ),
        due_at=min(since, *(each.created_at for each in held)),  # the first of its level
        why=(Why("held_back", {"count": of.count}),),
    )
