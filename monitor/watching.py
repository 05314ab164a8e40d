"""Watching the watchers: who is told that a priority feed is dark or back, or a file faulty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.feednotice import DarkFeed, Fault, fault_notice, feeds_notice
from alerts.message import Message, message_id, to_mime
from alerts.policy import Both, Person, Policy
from alerts.roster import told
from monitor.config.settings import Settings
from storage import feeds, meta, outbox
from storage.records import FeedState, Level, NewNotice

if TYPE_CHECKING:
    from storage.database import Connection

DARK_AFTER = timedelta(minutes=30)
OWNER = Person("list-owner", Both("ผู้ดูแลรายการฟีด", "owner of the feed list"), "")
RULES_OWNER = Both("ผู้ดูแลกฎการแจ้ง", "owner of the alert rules")
_MARK = "feed.dark."  # in the table of marks: since when, and whether somebody was told
_SEEN, _TOLD, _WELL = "seen", "told", ""


def watch_feeds(conn: Connection, policy: Policy, settings: Settings, *, now: datetime) -> int:
    """Tell of priority feeds that have been dark for half an hour, and of those that are back.

    One message gathers all that changed; one for a feed that goes dark, one when it is back.
    Returns how many notices were made.
    """
    found: list[DarkFeed] = []
    for state in feeds.states(conn):
        mark = meta.get(conn, _MARK + state.key)
        known = mark.value if mark else _WELL
        failing = state.listed and state.priority and state.failures > 0
        if failing:
            since = mark.at if mark and known else state.last_ok_at or state.last_poll_at or now
            if known == _WELL:
                meta.set(conn, _MARK + state.key, _SEEN, since)
            if known != _TOLD and now - since >= DARK_AFTER:
                meta.set(conn, _MARK + state.key, _TOLD, since)
                found.append(DarkFeed(state, since))
        elif mark and known != _WELL:
            meta.set(conn, _MARK + state.key, _WELL, now)
            if known == _TOLD and _is_back(state):
                found.append(DarkFeed(state, mark.at, back=True))
    if not found:
        return 0
    zone = ZoneInfo(policy.timezone)

    def words(language: str) -> Message:
        return feeds_notice(found, language, zone=zone, now=now, base_url=settings.base_url)

    dark = any(not each.back for each in found)
    people = [*owner(policy), *on_duty(policy, now)]
    level = Level.WATCH if dark else Level.INFO
    return tell(conn, words, people, settings, now=now, level=level, topic="dark")


def tell_fault(
    conn: Connection, fault: Fault, policy: Policy, settings: Settings, *, now: datetime
) -> int:
    """Tell the owner of a faulty file, or that it is mended; of the rules, who has duty as well.

    Returns how many notices were made.
    """

    def words(language: str) -> Message:
        return fault_notice(fault, language, base_url=settings.base_url)

    topic = "fault" if fault.lines else "lost" if fault.lost else "mended"
    if not fault.rules:
        people = list(owner(policy))
        return tell(conn, words, people, settings, now=now, level=Level.WATCH, topic=topic)
    keeper = [replace(each, id="rules-owner", role=RULES_OWNER) for each in owner(policy)]
    return tell(
        conn, words, [*keeper, *on_duty(policy, now)], settings, now=now, level=Level.WATCH,
        topic=topic, about="rules",
    )  # fmt: skip


def owner(policy: Policy) -> Iterator[Person]:
    """Whoever keeps the list, if `alerts.yaml` names him."""
    if policy.owner:
        yield Person(OWNER.id, OWNER.role, policy.owner)


def on_duty(policy: Policy, now: datetime) -> Iterator[Person]:
    """The officers on duty in the teams that get the digest."""
    for name in dict.fromkeys(team for plan in policy.digests for team in plan.teams):
        yield from told(policy.teams[name], "primary", policy, now).people


def tell(
    conn: Connection,
    words: Callable[[str], Message],
    people: Sequence[Person],
    settings: Settings,
    *,
    now: datetime,
    level: Level,
    topic: str,
    about: str = "feeds",
) -> int:
    """Put one message for each address into the outbox; how many."""
    made = 0
    for person in {each.email: each for each in reversed(people)}.values():
        message = words(person.language)
        identifier = message_id(
            f"{about}.{topic}.{now:%Y%m%dT%H%M%S}", 1, person.email, sender=settings.mail_from
        )
        mime = to_mime(
            message,
            sender=settings.mail_from,
            recipient=person.email,
            message_id=identifier,
            now=now,
        )
        notice = NewNotice(
            kind="feed" if about == "feeds" else "service",
            recipient=person.email, person=person.id, team=about,
            language=person.language, level=level, subject=message.subject,
            message_id=identifier, mime=mime, due_at=now,
        )  # fmt: skip
        made += outbox.enqueue(conn, notice, now) is not None
    return made


def _is_back(state: FeedState) -> bool:
    """Readable again; one that was taken off the list or switched off is not back."""
    return state.listed and state.failures == 0
