"""One mail that says what was held back while no mail could be sent, before all of it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts import clean, phrases, templating, words
from alerts.context import languages_of
from alerts.message import SUBJECT_LIMIT, Message
from alerts.policy import Person
from storage.records import Level

MOST_UNTOLD = 20  # so many may arrive without a summary
LINES = 40


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What waits for one person of one incident or digest: the newest notice, and how many."""

    level: Level
    subject: str
    at: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class CatchUp:
    """No mail went out from `since` to `until`; `held` waits, highest level first."""

    person: Person
    since: datetime
    until: datetime
    held: tuple[HeldBack, ...]
    zone: tzinfo

    @property
    def count(self) -> int:
        """How many notices wait."""
        return sum(each.count for each in self.held)

    @property
    def level(self) -> Level:
        """The highest level among them."""
        return max(each.level for each in self.held)


@dataclass(frozen=True, slots=True)
class _Block:
    language: str
    mark: str
    what: str
    follow: str
    lines: tuple[str, ...]
    more: str
    footer: tuple[str, ...]


def render_catch_up(of: CatchUp) -> Message:
    """The whole message, in the person's languages."""
    languages = languages_of(of.person)
    blocks = tuple(
        _block(of, language, first=not place) for place, language in enumerate(languages)
    )
    tag = words.say("message.catch_up", languages[0])
    since = phrases.at_short(of.since, languages[0], of.zone, of.until)
    said = words.say("catch_up.subject", languages[0], count=of.count, since=since)
    line = clean.header(f"[{tag}] {said}", SUBJECT_LIMIT)
    return Message(
        subject=line,
        text=templating.text("catchup.txt", blocks=blocks),
        html=templating.html("catchup.html", blocks=blocks, subject=line),
        headers={"X-Crisis-Kind": "catch_up", "X-Crisis-Level": of.level.name},
        languages=languages,
    )


def _block(of: CatchUp, language: str, *, first: bool) -> _Block:
    def short(at: datetime) -> str:
        return phrases.at_short(at, language, of.zone, of.until)

    shown: Sequence[HeldBack] = of.held[:LINES] if first else ()
    more = len(of.held) - len(shown)
    return _Block(
        language=language,
        mark=words.say("message.catch_up", language),
        what=words.say("catch_up.what", language, since=short(of.since), until=short(of.until)),
        follow=words.say("catch_up.follow", language, count=of.count),
        lines=tuple(_line(each, language, short(each.at)) for each in shown),
        more=words.say("mail.more_sources", language, count=more) if more and first else "",
        footer=(
            words.say("catch_up.why_you", language, most=MOST_UNTOLD),
            f"{words.say('mail.internal', language)} · {words.say('mail.preliminary', language)}",
        ),
    )


def _line(of: HeldBack, language: str, at: str) -> str:
    subject = clean.one_line(of.subject, SUBJECT_LIMIT)
    if of.count == 1:
        return words.say("catch_up.line", language, subject=subject, at=at)
    return words.say("catch_up.lines", language, subject=subject, at=at, count=of.count)
