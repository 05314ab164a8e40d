"""The digest's key figures: six lines, each beside the period before and the mean of a week."""

from __future__ import annotations

from collections.abc import Mapping

from alerts import dates, phrases
from alerts.digest.voice import Entry, Section, Voice
from storage.records import Level

_GRAVE = (Level.FLASH.name, Level.ALERT.name)
_NOTED = (*_GRAVE, Level.WATCH.name)


def key_figures(voice: Voice) -> Section:
    """What is open, what was opened, who has answered, what was read and sent."""
    content = voice.content
    counts = " · ".join(
        f"{phrases.level(Level[name], voice.language)} {count}"
        for name, count in content.open_levels.items()
        if name != Level.INFO.name
    )
    lines = [voice.phrase("open_now", counts=counts), *_opened(voice)]
    answers = _answers(voice)
    if answers:
        lines.append(" · ".join(answers))
    lines += [
        voice.phrase(
            f"{name}_trend",
            count=dates.number(trend.now),
            compared=compared(voice, trend.before, trend.mean),
        )
        for name, trend in content.trends.items()
    ]
    if "items" not in content.trends:
        lines.append(voice.phrase("items_read", count=content.items_read))
    if content.exercises:
        lines[0] += " · " + voice.phrase("exercises", count=content.exercises)
    entries = tuple(Entry(phrases.sentence(line)) for line in lines)
    return Section(voice.say("key_figures"), entries, pictures=voice.drawn("hours"))


def compared(voice: Voice, before: float, mean: float) -> str:
    """The number of the period before and the mean of those before this one, as far as there are.

    A program in its first period has nothing to compare with, which is not zero.
    """
    earlier = voice.content.earlier
    if not earlier:
        return voice.phrase("no_earlier")
    said = voice.phrase("before", before=dates.number(before))
    if earlier == 1:
        return said
    return f"{said} · {voice.phrase('mean', count=earlier, mean=dates.number(mean))}"


def _opened(voice: Voice) -> list[str]:
    content = voice.content

    def line(key: str, names: tuple[str, ...]) -> str:
        now, before, mean = (
            _sum(counts, names)
            for counts in (content.opened, content.opened_before, content.opened_mean)
        )
        return voice.phrase(key, count=dates.number(now), compared=compared(voice, before, mean))

    return [line("opened", _NOTED), line("opened_grave", _GRAVE)]


def _answers(voice: Voice) -> list[str]:
    """What nobody has taken, and how long the desk took for the rest."""
    content, found = voice.content, []
    waiting = content.unacknowledged
    if waiting:
        numbers = ", ".join(f"#{number}" for number in waiting[:8])
        found.append(voice.phrase("unacknowledged", count=len(waiting), numbers=numbers))
    elif voice.serious and not voice.onward:
        found.append(voice.phrase("all_acknowledged"))
    if content.median_ack_s is not None:
        found.append(voice.phrase("median_ack", length=voice.length(content.median_ack_s)))
    return found


def _sum(counts: Mapping[str, float], names: tuple[str, ...]) -> float:
    return sum(counts.get(name, 0) for name in names)
