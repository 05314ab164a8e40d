"""A mail with a list of incidents: what came in a flood, or what a silence hid."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import clean, phrases, templating, words
from alerts.block import COLOURS, DRILL_COLOUR
from alerts.context import DrillMode, languages_of
from alerts.message import SUBJECT_LIMIT, Message
from alerts.policy import Person, Policy
from storage.records import Incident, Level, Why

HTML_LIMIT = 60_000  # bytes after encoding
_ROOMS = (100, 50, 20, 10)  # how many incidents are listed, until the mail is small enough


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. `kind` is that of the notice it stands in for; `why` its reasons."""

    incident: Incident
    kind: str
    number: int = 1
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class ListMail:
    """A mail with a list to one person. `kind`: flood or silence; `why` says why it is a list."""

    kind: str
    person: Person
    policy: Policy
    now: datetime
    why: Why
    entries: tuple[Listed, ...]
    base_url: str = ""
    drill: bool = False
    message_id: str = ""
    drill_mode: DrillMode | None = None

    @property
    def real(self) -> bool:
        """Whether something that is told is no exercise, whatever the mail is marked as."""
        return any(not each.incident.exercise for each in self.entries)

    @property
    def level(self) -> Level:
        """The highest level of the list."""
        return max((each.incident.level for each in self.entries), default=Level.INFO)


@dataclass(frozen=True, slots=True)
class _Line:
    number: str
    level: str
    colour: str
    title: str
    note: str
    href: str | None


@dataclass(frozen=True, slots=True)
class _Block:
    language: str
    colour: str
    drill: str
    level: str
    heading: str
    why: str
    lines: tuple[_Line, ...]
    more: str
    open_word: str
    open_url: str | None
    footer: tuple[str, ...]


def subject(mail: ListMail, language: str) -> str:
    """`[FLASH] 23 incidents in one mail: Myanmar, Laos`, in Thai for Thai."""
    mark = phrases.level_word(mail.level, language)
    drill = f"[{_both_words('message.exercise')}] " if mail.drill else ""
    head = words.say(f"list.{mail.kind}.subject", language, count=len(mail.entries))
    codes = list(
        dict.fromkeys(code for each in _ordered(mail.entries) for code in each.incident.countries)
    )
    where = f": {words.countries(codes[:4], language, short=True)}" if codes else ""
    return clean.header(f"{drill}[{mark}] {head}{where}", SUBJECT_LIMIT)


def render_list(mail: ListMail) -> Message:
    """The whole message; the list is cut, and the rest counted, until it is small enough."""
    languages = languages_of(mail.person)
    line = subject(mail, languages[0])
    for room in _ROOMS:
        blocks = tuple(_block(mail, language, room) for language in languages)
        html = templating.html("flood.html", blocks=blocks, subject=line)
        if len(base64.encodebytes(html.encode("utf-8", "replace"))) <= HTML_LIMIT:
            break
    headers = {
        "X-Crisis-Kind": mail.kind,
        "X-Crisis-Level": mail.level.name,
        "X-Crisis-Incident": ", ".join(
            each.incident.number for each in _ordered(mail.entries)[:30]
        ) or "none",
        "X-Crisis-Reason": mail.why.code,
        "X-Crisis-Exercise": "yes" if mail.drill else "no",
    }  # fmt: skip
    if mail.level is Level.FLASH and mail.kind == "flood" and (mail.real or not mail.drill):
        headers |= {"Importance": "high", "X-Priority": "1"}
    return Message(
        subject=line,
        text=templating.text("flood.txt", blocks=blocks),
        html=html,
        headers=headers,
        list_name=f"{mail.kind}.alerts",
        languages=languages,
    )


def _block(mail: ListMail, language: str, room: int) -> _Block:
    zone = ZoneInfo(mail.policy.timezone)
    base = (clean.link(mail.base_url) or "").rstrip("/")
    entries = _ordered(mail.entries)
    rest = len(entries) - room
    footer = [words.say("mail.preliminary", language), words.say("mail.internal", language)]
    if mail.message_id:
        footer.append(words.say("mail.message_id", language, id=mail.message_id.strip("<>")))
    return _Block(
        language=language,
        colour=DRILL_COLOUR if mail.drill and not mail.real else COLOURS[mail.level],
        drill=_drill(mail, language),
        level=phrases.level(mail.level, language),
        heading=words.say(f"list.{mail.kind}.heading", language, count=len(entries)),
        why=words.reason(mail.why, language, zone=zone),
        lines=tuple(_line(each, language, zone, base) for each in entries[:room]),
        more=words.say("list.more", language, count=rest) if rest > 0 else "",
        open_word=words.say("list.queue", language),
        open_url=f"{base}/" if base else None,
        footer=tuple(footer),
    )


def _drill(mail: ListMail, language: str) -> str:
    if not mail.drill:
        return ""
    if not mail.real:
        return words.say("mail.exercise", language)
    return phrases.real_in_drill(mail.drill_mode, language, mail.policy, mail.now)


def _line(of: Listed, language: str, zone: ZoneInfo, base: str) -> _Line:
    incident = of.incident
    kind = words.say_or(f"message.{of.kind}", language, "")
    if "{" in kind:
        kind = words.say(f"message.{of.kind}", language, number=of.number)
    why = words.reasons(of.why, language, zone=zone)[:2]
    toll = [
        phrases.figure(each.kind, each.value, language)
        for each in phrases.by_weight(incident.figures)[:2]
    ]
    return _Line(
        number=f"#{incident.number}",
        level=phrases.level(incident.level, language),
        colour=COLOURS[incident.level],
        title=phrases.title(incident, language) or words.say("label.unknown", language),
        note=" · ".join(part for part in (kind, *toll, *why) if part),
        href=f"{base}/incidents/{incident.number}" if base else None,
    )


def _ordered(entries: Sequence[Listed]) -> list[Listed]:
    """The gravest first, and the oldest of them."""
    return sorted(entries, key=lambda each: (-each.incident.level, each.incident.id))


def _both_words(key: str) -> str:
    return "/".join(words.say(key, language) for language in ("en", "th"))
