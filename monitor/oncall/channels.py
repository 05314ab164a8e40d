"""Other roads than mail: who is told by them, and of what.

A notice for a channel is a row of the outbox like a mail, with `channel:NAME` for its recipient;
what it says is short and holds nothing of our people, since others' machines carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import chain, phrases, words
from alerts.brief import Brief, render
from alerts.message import Message, message_id, to_mime
from alerts.policy import Policy
from alerts.situation import PlannedNotice
from monitor.config.settings import Settings
from monitor.incidents.titles import titled
from storage import outbox
from storage.records import CHANNEL, Incident, Level, NewNotice, Notice, Why

if TYPE_CHECKING:
    from storage.database import Connection

_KINDS = (*chain.STARTS, "reminder", "escalation")


def mails_only(notices: Iterable[Notice]) -> list[Notice]:
    """Those that count: a second road beside a mail to the same person is no second notice.

    A channel that a step of the chain names is told by itself, and counts.
    """
    return [
        each
        for each in notices
        if not each.recipient.startswith(CHANNEL) or each.person == each.recipient
    ]


def second_road(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    incident: Incident,
    mail: NewNotice,
    now: datetime,
) -> int:
    """Queue what goes out beside this mail: FLASH, to the person's channels and the team's.

    In a drill it is marked, not left out: something real may happen meanwhile.
    """
    if mail.level < Level.FLASH or mail.kind not in _KINDS or incident.exercise:
        return 0
    person = policy.people.get(mail.person)
    own = person.channels if person else ()
    made = 0
    for name in of_recipient(policy, settings, mail):
        # A shared channel hears of a step once, however many people the step tells.
        whose = mail.person if name in own else mail.team
        made += _queue(
            conn, settings, mail, name, _message(incident, mail, settings, policy), now,
            subject=f"{incident.number}.n{mail.number}.s{mail.step}",
            origin=f"{incident.opened_at.isoformat()} {whose} {mail.kind}",
            incident_id=incident.id,
        )  # fmt: skip
    return made


def by_step(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    incident: Incident,
    planned: PlannedNotice,
    now: datetime,
    *,
    drill: bool,
) -> int:
    """Queue what a step of the chain says by a channel; 0 when it is queued already."""
    channel = planned.person.id
    like = NewNotice(
        kind=planned.kind, recipient=channel, person=channel, team=planned.team, language="both",
        level=planned.level, subject="", message_id="", mime=b"", due_at=now,
        number=planned.number, step=planned.step, why=planned.why, exercise=drill,
    )  # fmt: skip
    return _queue(
        conn, settings, like, channel.removeprefix(CHANNEL),
        _message(incident, like, settings, policy), now,
        subject=f"{incident.number}.n{planned.number}.s{planned.step}",
        origin=f"{incident.opened_at.isoformat()} chain {planned.level.name}",
        incident_id=incident.id,
    )  # fmt: skip


def of_recipient(policy: Policy, settings: Settings, mail: NewNotice) -> tuple[str, ...]:
    """The channels that are set, of the person and the team that a mail is for."""
    known = {name for name, _ in settings.channels}
    person, team = policy.people.get(mail.person), policy.teams.get(mail.team)
    named = (*(person.channels if person else ()), *(team.channels if team else ()))
    return tuple(name for name in dict.fromkeys(named) if name in known)


def test_notice(
    settings: Settings, policy: Policy, mail: NewNotice, name: str, now: datetime
) -> NewNotice:
    """A test by a channel, marked as one."""
    briefs = [
        Brief(language, words.say("mail.test", language), (f"{now:%Y-%m-%d %H:%M:%S} UTC",))
        for language in policy.languages or ("en",)
    ]
    headers = {"X-Crisis-Kind": "test", "X-Crisis-Exercise": "yes"}
    message = render(f"[TEST/ทดสอบระบบ] {briefs[0].heading}", briefs, headers=headers)
    return _notice(
        settings, mail, name, message, now, subject=f"test.{now:%Y%m%dT%H%M%S}", origin=""
    )


def warn(
    conn: Connection, policy: Policy, settings: Settings, key: str, now: datetime, **values: object
) -> int:
    """Tell every channel in use something about the program itself: `oncall.KEY` in words."""
    known = [name for name, _ in settings.channels]
    used = [name for name in known if name in in_use(policy)]
    languages, zone = policy.languages or ("en",), ZoneInfo(policy.timezone)
    briefs = [
        Brief(language, words.say(f"oncall.{key}", language, zone=zone, **values), ())
        for language in languages
    ]
    message = render(briefs[0].heading, briefs, headers={"X-Crisis-Kind": "service"})
    team = next(iter(policy.teams))
    made = 0
    for name in used:
        made += _queue(
            conn, settings,
            NewNotice(
                kind="service", recipient="", person=name, team=team, language=languages[0],
                level=Level.FLASH, subject="", message_id="", mime=b"", due_at=now,
                why=(Why("mail_failing"),),
            ),
            name, message, now, subject=f"service.{key}", origin=now.isoformat(),
        )  # fmt: skip
    return made


def in_use(policy: Policy) -> dict[str, str]:
    """The channels that alerts.yaml names, and where it does first."""
    found: dict[str, str] = {}
    for person in policy.people.values():
        found |= {name: f"person {person.id}" for name in person.channels if name not in found}
    for team in policy.teams.values():
        found |= {name: f"team {team.id}" for name in team.channels if name not in found}
    return found


def public_titles(of: Incident) -> tuple[str, str]:
    """The English and the Thai title that may leave the house: never an officer's own words."""
    return titled(replace(of, held=())) if "title" in of.held else (of.title_en, of.title_th)


def _message(incident: Incident, mail: NewNotice, settings: Settings, policy: Policy) -> Message:
    languages: Sequence[str] = policy.languages or ("en",)
    if mail.language != "both":
        languages = (mail.language,)
    titles = dict(zip(("en", "th"), public_titles(incident), strict=True))
    mark = f"[{words.say('message.exercise', 'en')}/{words.say('message.exercise', 'th')}] "
    drill = mark if mail.exercise else ""
    real = mail.exercise and not incident.exercise
    briefs = [
        Brief(
            language,
            f"{drill}{phrases.level(incident.level, language)}: {titles[language]}",
            (
                *((phrases.real_in_drill(None, language, policy, mail.due_at),) if real else ()),
                words.say(f"message.{mail.kind}", language, number=mail.number),
                words.say("oncall.channel_how", language, number=incident.number),
            ),
            f"{settings.base_url}/incidents/{incident.number}" if settings.base_url else None,
            words.say("mail.open", language),
        )
        for language in languages
    ]
    first = languages[0]
    level = phrases.level_word(incident.level, first)
    subject = f"{drill}[{level}] {titles[first]} #{incident.number}"
    about = {
        "X-Crisis-Kind": mail.kind,
        "X-Crisis-Level": incident.level.name,
        "X-Crisis-Category": ", ".join(incident.categories) or "none",
        "X-Crisis-Country": ", ".join(incident.countries) or "unknown",
        "X-Crisis-Incident": incident.number,
        "X-Crisis-Notice": str(mail.number),
        "X-Crisis-Exercise": "yes" if mail.exercise else "no",
    }
    return render(subject, briefs, headers=about)


def _queue(
    conn: Connection,
    settings: Settings,
    like: NewNotice,
    name: str,
    message: Message,
    now: datetime,
    *,
    subject: str,
    origin: str,
    incident_id: int | None = None,
) -> int:
    notice = _notice(
        settings, like, name, message, now, subject=subject, origin=origin, incident_id=incident_id
    )
    return int(outbox.enqueue(conn, notice, now) is not None)


def _notice(
    settings: Settings,
    like: NewNotice,
    name: str,
    message: Message,
    now: datetime,
    *,
    subject: str,
    origin: str,
    incident_id: int | None = None,
) -> NewNotice:
    identifier = message_id(
        subject, like.number, f"{CHANNEL}{name}", sender=settings.mail_from, origin=origin,
        part="c",
    )  # fmt: skip
    return NewNotice(
        kind=like.kind,
        recipient=f"{CHANNEL}{name}",
        person=like.person,
        team=like.team,
        language=like.language,
        level=like.level,
        subject=message.subject,
        message_id=identifier,
        mime=to_mime(
            message, sender=settings.mail_from, recipient="", message_id=identifier, now=now
        ),
        due_at=now,
        incident_id=incident_id,
        number=like.number,
        step=like.step,
        why=like.why,
        exercise=like.exercise,
    )
