"""The table of who has said what about an incident, our own ministry always in it."""

from __future__ import annotations

from dataclasses import dataclass

from alerts import clean, phrases, words
from monitor.communications import said
from monitor.communications.table import Said, WhoSaid
from monitor.desk.itemrows import Headline
from monitor.desk.voice import Moment, Voice


@dataclass(frozen=True, slots=True)
class WhoRow:
    """One country; `step` is its advice on the common scale, `given` in its own words."""

    speaker: str
    home: bool
    first: Moment | None
    delay: str
    count: str
    kinds: tuple[str, ...]
    given: str
    step: str
    headline: Headline


@dataclass(frozen=True, slots=True)
class Who:
    """`silent` is what stands in our own ministry's row while it was not seen to speak."""

    ours: str
    silent: str | None
    rows: tuple[WhoRow, ...]


def who(of: WhoSaid | None, voice: Voice) -> Who | None:
    """The table in words."""
    if of is None:
        return None
    home = voice.policy.home_country
    return Who(
        ours=words.country(home, voice.language, short=True),
        silent=said.home_line(of, voice.language, voice.zone, voice.now),
        rows=tuple(_row(each, voice) for each in of.rows),
    )


def _row(of: Said, voice: Voice) -> WhoRow:
    language = voice.language
    name = words.country(of.country, language, short=True) if of.country else of.publisher
    link = clean.link(of.newest.link)
    return WhoRow(
        speaker=clean.one_line(name, 80),
        home=of.home,
        first=voice.moment(of.first.at),
        delay=said.delay(of.first.delay_s, language),
        count=voice.say("voices.count", count=of.count) if of.count > 1 else "",
        kinds=tuple(voice.say_or(f"communication.{kind}", kind) for kind in of.kinds),
        given=phrases.advice(of.advice, language) if of.advice else "",
        step=said.on_the_scale(of.step, of.flags, language) if of.advice else "",
        headline=Headline(
            clean.one_line(of.newest.title, 120), "", clean.outward(link), clean.host(link)
        ),
    )
