"""The short mails of on-call work, queued like any notice: answers, assignments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from alerts import clean, phrases, words
from alerts.brief import Brief, render
from alerts.context import languages_of
from alerts.message import message_id, to_mime
from alerts.policy import Person, Policy
from monitor.config.settings import Settings
from monitor.incidents.officer import Deed
from storage import outbox
from storage.records import Incident, Level, NewNotice, Notice

if TYPE_CHECKING:
    from storage.database import Connection


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
    key: str,
    now: datetime,
    *,
    letter: str,
    incident: str,
    **values: object,
) -> None:
    """Say by mail what became of an answer; `letter` is the key of the mail that is answered."""
    briefs = [
        Brief(
            language,
            words.say(f"oncall.answer_{key}", language, zone=None, **_in(values, language)),
            (),
        )
        for language in languages_of(to)
    ]
    answer_with(conn, settings, to, about, briefs, now, letter=letter, incident=incident)


def answer_with(
    conn: Connection,
    settings: Settings,
    to: Person,
    about: Notice,
    briefs: list[Brief],
    now: datetime,
    *,
    letter: str,
    incident: str = "",
) -> None:
    """Send an answer in words that are made already; `incident` is "" for a digest's draft."""
    subject = words.say(
        "oncall.answer_subject", languages_of(to)[0], subject=clean.one_line(about.subject, 150)
    )
    _queue(
        conn, settings, to, briefs, subject, now,
        kind="answer", level=about.level, number=incident, team=about.team,
        origin=letter, references=(about.message_id,),
    )  # fmt: skip


def _in(values: dict[str, object], language: str) -> dict[str, object]:
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
