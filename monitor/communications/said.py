"""What ministries say, in the words of a reader: advice as given and on the common scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import phrases, words
from monitor.communications.table import WhoSaid
from storage.records import Advice, AdviceGiven

MARKS = ("partial", "leave", "shelter", "forbidden", "by_number")


def as_given(of: AdviceGiven, language: str) -> str:
    """Level and wording as the ministry wrote them, with the area."""
    given = Advice(of.country, of.level, of.wording, "partial" in of.flags, of.area)
    return phrases.advice(given, language)


def on_the_scale(step: int | None, flags: Sequence[str], language: str) -> str:
    """`3 หลีกเลี่ยงการเดินทางที่ไม่จำเป็น (บางพื้นที่)`; "not on the scale" where the words do not tell."""
    said = words.say("advice.no_step", language)
    if step is not None:
        said = f"{step} {words.say(f'advice.{step}', language)}"
    marks = [words.say(f"advice.{flag}", language) for flag in MARKS if flag in flags]
    return f"{said} ({', '.join(marks)})" if marks else said


def delay(delay_s: float | None, language: str) -> str:
    """How long after the first signal it was; before it, or with no signal at all, in words."""
    if delay_s is None:
        return words.say("voices.no_signal", language)
    return phrases.after(delay_s, language) or words.say("voices.before", language)


def home_line(of: WhoSaid, language: str, zone: ZoneInfo, now: datetime) -> str | None:
    """What is to be said while our own ministry was not seen to speak; None when it was."""
    state, voice = of.home_state, of.voice
    if state == "spoken":
        return None
    if state == "no_feeds":
        return words.say("voices.no_feeds", language)
    read = words.say("label.never", language)
    if voice.last_read is not None:
        read = phrases.at_short(voice.last_read, language, zone, now)
    if state == "not_known":
        return words.say(
            "voices.not_known", language, failing=voice.failing, count=voice.feeds, at=read
        )
    return words.say("voices.none", language, count=voice.feeds, at=read)
