"""The state of the program on top of every page: what does not work, or all well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts import clean, phrases
from alerts.digest.content import HEALTHY
from monitor import modes
from monitor.config.faults import lines_of
from monitor.desk.page import Ask
from monitor.desk.voice import Moment
from monitor.health import INBOX_FAULT, POLLED, TOO_LONG, WARNINGS, overdue
from storage import feeds, meta, oncall, outbox, silences

if TYPE_CHECKING:
    from storage.database import Connection


_BOUNCES = timedelta(days=7)
_MOST_NAMES = 3  # of parked feeds; the page of feeds has all


@dataclass(frozen=True, slots=True)
class Notice:
    """One line; `grave` ones need somebody, `href` leads to the page that says more."""

    text: str
    grave: bool
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """All lines, the grave ones first; `last_read` is when a feed was last read."""

    notices: tuple[Notice, ...]
    last_read: Moment | None


def banner(conn: Connection, ask: Ask) -> Banner:
    """What the officer must know of the program before reading anything else."""
    voice, program = ask.voice, ask.program
    notices: list[Notice] = []
    if program.config_fault:
        lines = lines_of(program.config_fault, voice.language, short=True)
        fault = clean.one_line(" · ".join(lines), 300)
        notices.append(Notice(voice.say("desk.config_fault", fault=fault), grave=True))
    if program.classifiers.state == "building":
        notices.append(Notice(voice.say("banner.classifier_building"), grave=False))
    elif program.classifiers.state == "older":
        notices.append(Notice(voice.say("banner.classifier_older"), grave=False))
    elif program.classifiers.state == "failed":
        notices.append(Notice(voice.say("banner.classifier_off"), grave=True))
    notices += _held_back(conn, ask)
    notices += _feeds(conn, ask)
    notices += _mails(conn, ask)
    notices += _returned(conn, ask)
    last = meta.get(conn, POLLED)
    if last is not None and voice.now - last.at > TOO_LONG and overdue(conn, voice.now):
        since = voice.ago(last.at)
        notices.append(Notice(voice.say("desk.stopped", since=since), grave=True))
    notices.sort(key=lambda each: not each.grave)
    return Banner(tuple(notices), voice.moment(last.at if last else None))


def _held_back(conn: Connection, ask: Ask) -> list[Notice]:
    """A drill, maintenance, and mutes: what keeps officers from being told as usual."""
    voice, found = ask.voice, list[Notice]()
    for name in modes.NAMES:
        mode = modes.current(conn, name, voice.now)
        if mode is not None:
            by = phrases.office(mode.by, voice.language, voice.policy)
            text = voice.say(f"silences.banner.{name}", until=mode.until, by=by)
            found.append(Notice(text, grave=True))
    muted = len(silences.active(conn, voice.now))
    if muted:
        text = voice.say("silences.banner.active", count=muted)
        found.append(Notice(text, grave=False, href="/silences"))
    return found


def _feeds(conn: Connection, ask: Ask) -> list[Notice]:
    listed = [state for state in feeds.states(conn) if state.listed]
    failing = [state for state in listed if state.state not in HEALTHY | WARNINGS]
    if not failing:
        return []
    text = ask.voice.say("banner.feeds_down", count=len(failing), total=len(listed))
    found = [Notice(text, grave=any(state.priority for state in failing), href="/feeds")]
    parked = [state for state in listed if state.parked]
    if parked:  # until it is taken off the list, has another address, or can be read again
        names = ", ".join(clean.one_line(state.name, 60) for state in parked[:_MOST_NAMES])
        text = ask.voice.say("desk.feeds_parked", count=len(parked), names=names)
        found.append(Notice(text, grave=any(state.priority for state in parked), href="/feeds"))
    return found


def _mails(conn: Connection, ask: Ask) -> list[Notice]:
    found: list[Notice] = []
    parked = outbox.parked(conn)
    if parked:
        text = ask.voice.say("desk.mails_parked", count=parked)
        found.append(Notice(text, grave=True, href="/mails"))
    waiting = outbox.waiting(conn)
    if waiting:
        oldest = outbox.oldest_waiting(conn)
        since = ask.voice.length(oldest) if oldest else ask.voice.say("label.unknown")
        text = ask.voice.say("desk.mails_waiting", count=waiting, length=since)
        found.append(Notice(text, grave=False, href="/mails"))
    if ask.program.settings.smtp_url is None:
        folder = str(ask.program.settings.outbox_dir)
        text = ask.voice.say("banner.mail_files", folder=folder)
        found.append(Notice(text, grave=False, href="/mails"))
    return found


def _returned(conn: Connection, ask: Ask) -> list[Notice]:
    """Mails that came back, and an inbox that cannot be read."""
    found: list[Notice] = []
    back = oncall.bounced_since(conn, ask.voice.now - _BOUNCES)
    if back:
        names = ", ".join(dict.fromkeys(clean.one_line(each, 60) for each, _ in back[:_MOST_NAMES]))
        text = ask.voice.say("oncall.bounced_mails", count=len(back), names=names)
        found.append(Notice(text, grave=True, href="/mails"))
    fault = meta.get(conn, INBOX_FAULT)
    if ask.program.settings.inbox and fault is not None and fault.value:
        text = ask.voice.say("oncall.inbox_fault", fault=clean.one_line(fault.value, 200))
        found.append(Notice(text, grave=True))
    return found
