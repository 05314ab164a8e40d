"""Signals and communications of one incident on one time line, as a picture.

Above the line the hazard's voice, below it the ministries'. Each kind has a shape of its own, so
that nothing is told by colour alone; every mark has a number and the list below the picture says
what it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import clean, dates, phrases, words
from alerts.policy import Policy
from monitor.communications.drawing import Anchor, Drawing, Form, Line, Part, Shape, Words
from storage.records import Communication, Incident, Item, Role

WIDTH = 1000
LEFT, RIGHT = 40, 40
ROW = 26
MOST = 60  # marks; what is beyond is counted
_INK, _SOFT, _LINE = "#1d1d1b", "#595959", "#8a8a86"
_LOOKS: dict[str, tuple[Form, str]] = {
    "signal": ("diamond", "#8b1a1a"),
    "communication": ("circle", "#0b5394"),
    "home": ("square", "#1b6e53"),
}
_GAPS = (
    timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1),
    timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), timedelta(days=1),
    timedelta(days=2), timedelta(days=7), timedelta(days=14), timedelta(days=30),
    timedelta(days=91), timedelta(days=365),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One report or communication; `kind`: signal, communication, home."""

    at: datetime
    kind: str
    label: str


def timeline(
    incident: Incident,
    items: Sequence[Item],
    spoken: Sequence[Communication],
    policy: Policy,
    *,
    language: str,
) -> Drawing:
    """The picture; times are told in the home zone."""
    zone = ZoneInfo(policy.timezone)
    every = sorted(_marks(items, spoken, language), key=lambda mark: mark.at)
    marks = every[:MOST]
    first, last = _stretch(incident, marks)
    lanes_up, lanes_down = _lanes(marks, first, last)
    above = 1 + max([lane for _, lane in lanes_up], default=0)
    below = 1 + max([lane for _, lane in lanes_down], default=0)
    axis = 100 + above * ROW
    top_of_list = axis + 74 + below * ROW + 52
    height = top_of_list + len(marks) * ROW + (ROW if len(every) > MOST else 0) + 40
    title = phrases.title(incident, language)
    level = phrases.level(incident.level, language)
    parts: list[Part] = [
        _text(LEFT, 34, f"#{incident.number} {title}", size=20, bold=True),
        _text(LEFT, 60, f"{level} · {words.say('picture.above_below', language)}", colour=_SOFT),
        *_axis(first, last, axis, axis + below * ROW + 30, language, zone),
    ]
    if incident.event_at is not None and first <= incident.event_at <= last:
        x = _x(incident.event_at, first, last)
        label = words.say("fact.event_time", language)
        parts.append(Line(x, 90, x, axis, _INK, dashed=True))
        parts.append(_text(x, 86, label, size=12, anchor="end" if x > WIDTH * 0.9 else "start"))
    numbers = {id(mark): place for place, mark in enumerate(marks, 1)}
    sides = [(way, *each) for way, lanes in ((-1, lanes_up), (1, lanes_down)) for each in lanes]
    for way, mark, lane in sides:  # all lines first, so that none crosses a mark
        x = _x(mark.at, first, last)
        parts.append(Line(x, axis, x, _y(axis, way, lane), _LINE))
    for way, mark, lane in sides:
        x = _x(mark.at, first, last)
        parts += _shape(mark.kind, x, _y(axis, way, lane), str(numbers[id(mark)]))
    y = top_of_list
    parts.append(_text(LEFT, y - 22, words.say("picture.list", language), size=16, bold=True))
    for place, mark in enumerate(marks, 1):
        when = dates.moment(mark.at, language, zone=zone)
        parts += _shape(mark.kind, LEFT + 10, y - 5, str(place))
        parts.append(_text(LEFT + 32, y, when, colour=_SOFT, size=14))
        parts.append(_text(LEFT + 280, y, _cut(mark.label, 92), size=14))
        y += ROW
    if len(every) > MOST:
        more = words.say("mail.more_sources", language, count=len(every) - MOST)
        parts.append(_text(LEFT, y, more))
    internal = words.say("mail.internal", language)
    parts.append(_text(LEFT, height - 16, internal, colour=_SOFT, size=13))
    if incident.exercise:
        drill = words.say("mail.exercise", language)
        parts.append(_text(WIDTH - RIGHT, 34, drill, size=18, bold=True, anchor="end"))
    return Drawing(WIDTH, height, clean.one_line(title, 180), language, tuple(parts))


def _marks(items: Sequence[Item], spoken: Sequence[Communication], language: str) -> list[Mark]:
    found = [
        Mark(
            min(item.values.published_at or item.first_seen_at, item.first_seen_at),
            "signal",
            f"{clean.one_line(item.publisher, 40)}: {clean.one_line(item.values.title, 160)}",
        )
        for item in items
        if item.role is Role.SIGNAL
    ]
    for each in spoken:
        said = phrases.communication(each, language)
        after = phrases.after(each.delay_s, language)
        label = " · ".join(part for part in (said, after) if part)
        found.append(Mark(each.at, "home" if each.home else "communication", label))
    return found


def _stretch(incident: Incident, marks: Sequence[Mark]) -> tuple[datetime, datetime]:
    """From the first to the last moment, with some room; never no time at all."""
    times = [mark.at for mark in marks] or [incident.opened_at]
    first, last = min(times), max(times)
    event = incident.event_at
    if event is not None and first - timedelta(days=3) <= event < first:
        first = event
    room = max((last - first) / 30, timedelta(minutes=2))
    return first - room, last + room


def _x(at: datetime, first: datetime, last: datetime) -> float:
    return LEFT + (at - first) / (last - first) * (WIDTH - LEFT - RIGHT)


def _lanes(
    marks: Sequence[Mark], first: datetime, last: datetime
) -> tuple[list[tuple[Mark, int]], list[tuple[Mark, int]]]:
    """Signals and communications, each with the lane in which it touches no other mark."""
    sides: tuple[list[tuple[Mark, int]], list[tuple[Mark, int]]] = ([], [])
    for side, kinds in zip(sides, (("signal",), ("communication", "home")), strict=True):
        ends: list[float] = []
        for mark in marks:
            if mark.kind not in kinds:
                continue
            x = _x(mark.at, first, last)
            lane = next((n for n, end in enumerate(ends) if x - end >= 24), len(ends))
            ends[lane : lane + 1] = [x]
            side.append((mark, lane))
    return sides


def _axis(
    first: datetime, last: datetime, y: int, bottom: int, language: str, zone: ZoneInfo
) -> list[Part]:
    """The line with ticks at round hours or days of the home zone."""
    found: list[Part] = [Line(LEFT, y, WIDTH - RIGHT, y, _INK, 2)]
    gap = next((gap for gap in _GAPS if (last - first) / gap <= 9), _GAPS[-1])
    start = first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tick = start + gap * -(-(first - start) // gap)
    before: str | None = None
    while tick <= last:
        x = _x(tick, first, last)
        day = dates.day(tick.astimezone(zone), language, weekday=False)
        clock = dates.clock(tick, language, zone)
        found.append(Line(x, y - 5, x, bottom, _LINE, 0.6))
        if gap < timedelta(days=1):
            found.append(_text(x, bottom + 14, clock, size=12, colour=_SOFT, anchor="middle"))
        if day != before:
            found.append(_text(x, bottom + 30, day, size=12, colour=_SOFT, anchor="middle"))
        before = day
        tick += gap
    return found


def _y(axis: int, way: int, lane: int) -> float:
    """The height of a lane; `way` is -1 above the line and 1 below it."""
    return axis + way * (20 + lane * ROW)


def _shape(kind: str, x: float, y: float, number: str) -> list[Part]:
    """A diamond for a signal, a circle for a ministry, a square for our own."""
    form, colour = _LOOKS[kind]
    return [
        Shape(form, x, y, colour),
        _text(x, y + 4, number, size=11, colour="#ffffff", bold=True, anchor="middle"),
    ]


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 15,
    colour: str = _INK,
    bold: bool = False,
    anchor: Anchor = "start",
) -> Words:
    return Words(x, y, clean.one_line(text, 220), size, colour, bold, anchor)


def _cut(text: str, columns: int) -> str:
    """What fits on the line: wide letters count twice, marks above and below not at all."""
    used = 0
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
            continue
        used += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used > columns:
            return text[:place].rstrip() + "…"
    return text
