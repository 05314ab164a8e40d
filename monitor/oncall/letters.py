"""The short mails of on-call work, queued like any notice: answers, assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import clean, phrases, words
from alerts.brief import Brief, render
from alerts.context import languages_of
from alerts.message import message_id, same_address, to_mime
from alerts.policy import Person, Policy
from monitor.config.settings import Settings
from monitor.incidents.officer import Deed
from storage import oncall, outbox
from storage.records import Incident, Level, NewNotice, Notice

if TYPE_CHECKING:
    from storage.database import Connection


MOST_ANSWERS = 10
_LOOKED_AT = 500
_NO_ANSWERS = ("auto_reply", "bounced", "delayed", "unknown")  # kinds that are not answered


@dataclass(frozen=True, slots=True)
class Said:
    """What became of an answer for one incident: `oncall.answer_KEY` with its values.

    A value that is a mapping holds a text for each language.
    """

    key: str
    incident: str  # its number
    values: Mapping[str, object] = field(default_factory=dict)


def tell_assigned(deed: Deed, of: Incident, person: str, settings: Settings) -> None:
    """Tell somebody that an incident is his to look after."""
    to = deed.policy.people[person]
    briefs = [
        Brief(
            language,
            words.say(
                "oncall.assigned_subject", language, number=of.number,
                title=phrases.title(of, language),
            ),
            (
                phrases.level(of.level, language),
                words.say(
                    "oncall.assigned_line", language,
                    by=phrases.office(deed.by, language, deed.policy),
                ),
            ),
            f"{settings.base_url}/incidents/{of.number}" if settings.base_url else None,
            words.say("mail.open", language),
        )
        for language in languages_of(to)
    ]  # fmt: skip
    _queue(
        deed.conn, settings, to, briefs, briefs[0].heading, deed.now,
        kind="assigned", level=of.level, number=of.number, team=_team_of(deed.policy, person),
    )  # fmt: skip


def answer(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    to: Person,
    about: Notice,
    said: Sequence[Said],
    now: datetime,
    *,
    letter: str,
) -> None:
    """Say by mail what became of an answer, incident by incident.

    `letter` is the key of the mail that is answered.
    """
    briefs = []
    for language in languages_of(to):
        lines = tuple(
            words.say(
                f"oncall.answer_{each.key}", language, zone=None, **_in(each.values, language)
            )
            for each in said
        )
        if len(lines) > 1:
            several = words.say("oncall.answer_several", language, count=len(lines))
            lines = (several, *lines)
        briefs.append(Brief(language, lines[0], lines[1:]))
    numbers = ", ".join(dict.fromkeys(each.incident for each in said))
    answer_with(conn, policy, settings, to, about, briefs, now, letter=letter, incident=numbers)


def answer_with(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    to: Person,
    about: Notice,
    briefs: list[Brief],
    now: datetime,
    *,
    letter: str,
    incident: str = "",
) -> None:
    """Send an answer in words that are made already; `incident` is "" for a digest's draft.

    So many answers in an hour of the clock to one person and no more: two programs must not talk
    for ever. The last of them says so.
    """
    since = now.replace(minute=0, second=0, microsecond=0)
    before = [
        each
        for each in oncall.letters(conn, limit=_LOOKED_AT, since=since)
        if each.kind not in _NO_ANSWERS and same_address(each.sender, to.email)
    ]
    if len(before) >= MOST_ANSWERS:
        return
    if len(before) == MOST_ANSWERS - 1:
        until, zone = since + timedelta(hours=1), ZoneInfo(policy.timezone)
        briefs = [
            replace(
                each,
                lines=(
                    *each.lines,
                    words.say(
                        "oncall.answer_last", each.language, count=MOST_ANSWERS,
                        until=phrases.at_short(until, each.language, zone, now),
                    ),
                ),
            )
            for each in briefs
        ]  # fmt: skip
    subject = words.say(
        "oncall.answer_subject", languages_of(to)[0], subject=clean.one_line(about.subject, 150)
    )
    _queue(
        conn, settings, to, briefs, subject, now,
        kind="answer", level=about.level, number=incident, team=about.team,
        origin=letter, references=(about.message_id,),
    )  # fmt: skip


def _in(values: Mapping[str, object], language: str) -> dict[str, object]:
    """Values that are a mapping by language, in this one."""
    return {
        name: value[language] if isinstance(value, dict) else value
        for name, value in values.items()
    }


def _queue(
    conn: Connection,
    settings: Settings,
    to: Person,
    briefs: list[Brief],
    subject: str,
    now: datetime,
    *,
    kind: str,
    level: Level,
    number: str,
    team: str,
    origin: str = "",
    references: tuple[str, ...] = (),
) -> None:
    identifier = message_id(
        f"{kind}.{number}".strip("."), 1, to.email, sender=settings.mail_from,
        origin=origin or now.isoformat(),
    )  # fmt: skip
    headers = {"X-Crisis-Kind": kind, **({"X-Crisis-Incident": number} if number else {})}
    message = render(subject, briefs, headers=headers)
    outbox.enqueue(
        conn,
        NewNotice(
            kind=kind,
            recipient=to.email,
            person=to.id,
            team=team,
            language=to.language,
            level=level,
            subject=message.subject,
            message_id=identifier,
            mime=to_mime(
                message, sender=settings.mail_from, recipient=to.email, message_id=identifier,
                now=now, references=references,
            ),
            due_at=now,
        ),
        now,
    )  # fmt: skip


def _team_of(policy: Policy, person: str) -> str:
    return next(
        (team.id for team in policy.teams.values() if person in team.members),
        next(iter(policy.teams)),
    )
