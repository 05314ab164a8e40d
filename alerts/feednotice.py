"""A notice about the feeds or their list themselves: what is dark, what is back, a faulty file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts import clean, dates, feedhealth, templating, words
from alerts.feeddetail import detail_in
from alerts.message import Message
from storage.records import FeedState

MOST = 40  # feeds named one by one; the rest are counted


@dataclass(frozen=True, slots=True)
class DarkFeed:
    """A feed that could not be read since `since`, or that can be read again."""

    state: FeedState
    since: datetime
    back: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a configuration file (`lines`), or that it is mended (none)."""

    lines: tuple[str, ...]
    lost: tuple[Undone, ...] = ()
    thai: tuple[str, ...] = ()  # the lines in Thai, where they have words in it
    rules: bool = False  # of alerts.yaml and the files that it names, not of the feed list

    def said(self, language: str) -> tuple[str, ...]:
        """What is wrong, or lost, in a reader's language."""
        lines = self.thai if language == "th" and self.thai else self.lines
        return (*lines, *(each.in_(language) for each in self.lost))


@dataclass(frozen=True, slots=True)
class Undone:
    """A change by program that a save by hand has taken back; `deed` as in [tuning.deed]."""

    number: int
    deed: str
    names: str
    who: str

    def in_(self, language: str) -> str:
        """`#5 disabled: Wire (duty-primary)`."""
        done = words.say(f"tuning.deed.{self.deed}", language, names=self.names)
        return f"#{self.number} {done} ({self.who})"


@dataclass(frozen=True, slots=True)
class _Entry:
    lead: str
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    language: str
    title: str
    lines: tuple[str, ...]
    entries: tuple[_Entry, ...]
    footer: tuple[str, ...]


def feeds_notice(
    found: Sequence[DarkFeed], language: str, *, zone: tzinfo, now: datetime, base_url: str
) -> Message:
    """One message about all feeds that went dark or came back together."""
    blocks = [_feeds_block(found, each, zone, now, base_url) for each in _languages(language)]
    return _message(blocks, "feeds")


def fault_notice(fault: Fault, language: str, *, base_url: str) -> Message:
    """A faulty file, with its place and remedy; or that it is mended."""
    kind = "mended" if not fault.lines and not fault.lost else "lost" if fault.lost else "fault"
    if fault.rules:
        kind = f"rules_{kind}"
    blocks = []
    for each in _languages(language):
        lines = tuple(clean.one_line(line, 400) for line in fault.said(each))
        blocks.append(
            _Block(
                language=each,
                title=words.say(f"tuning.mail.{kind}", each),
                lines=(words.say(f"tuning.mail.{kind}_why", each),),
                entries=tuple(_Entry(line, ()) for line in lines[:20]),
                footer=_rules_footer(each, base_url) if fault.rules else _footer(each, base_url),
            )
        )
    return _message(blocks, "configuration", "service" if fault.rules else "feed")


def _feeds_block(
    found: Sequence[DarkFeed], language: str, zone: tzinfo, now: datetime, base_url: str
) -> _Block:
    dark = [each for each in found if not each.back]
    back = [each for each in found if each.back]
    key = "dark_and_back" if dark and back else "dark" if dark else "back"
    first = clean.one_line((dark or back)[0].state.name, 80)
    title = words.say(
        f"tuning.mail.{key}", language, count=len(dark or back), name=first, back=len(back)
    )
    entries = tuple(_entry(each, language, zone, now) for each in [*dark, *back][:MOST])
    lines = [words.say(f"tuning.mail.{'dark' if dark else 'back'}_why", language)]
    if len(found) > MOST:
        lines.append(words.say("tuning.mail.more", language, count=len(found) - MOST))
    return _Block(language, title, tuple(lines), entries, _footer(language, base_url))


def _entry(of: DarkFeed, language: str, zone: tzinfo, now: datetime) -> _Entry:
    state = of.state
    name = clean.one_line(state.name, 120)
    since = dates.moment_in_zones(of.since, language, zone)
    length = dates.duration(now - of.since, language)
    if of.back:
        lead = words.say("tuning.mail.entry_back", language, name=name, since=since, length=length)
        return _Entry(lead, (words.say("feed.recovered.remedy", language),))
    why = feedhealth.reason(state.state, state.detail)
    below = [
        words.say_or(f"feed.{state.state}", language, state.state),
        words.say_or(f"feed.{why}.cause", language, ""),
        words.say_or(f"feed.{why}.remedy", language, ""),
    ]
    lead = words.say("tuning.mail.entry_dark", language, name=name, since=since, length=length)
    detail = clean.one_line(detail_in(state.detail, language), 300)
    return _Entry(lead, tuple(part for part in [*below, detail] if part))


def _footer(language: str, base_url: str) -> tuple[str, ...]:
    return (words.say("tuning.mail.footer", language), f"{base_url}/feeds")


def _rules_footer(language: str, base_url: str) -> tuple[str, ...]:
    return (words.say("tuning.mail.rules_footer", language), f"{base_url}/")


def _languages(language: str) -> tuple[str, ...]:
    return ("th", "en") if language == "both" else (language,)


def _message(blocks: Sequence[_Block], topic: str, kind: str = "feed") -> Message:
    subject = f"[{words.say(f'message.{kind}', blocks[0].language)}] {blocks[0].title}"
    return Message(
        subject=clean.header(subject, 200),
        text=templating.text("feed.txt", blocks=blocks),
        html=templating.html("feed.html", blocks=blocks, subject=subject),
        headers={"X-Crisis-Kind": kind, "X-Crisis-Topic": topic},
        list_name="feeds" if kind == "feed" else "rules",
        languages=tuple(block.language for block in blocks),
    )
