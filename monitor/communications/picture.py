"""Signals and communications of one incident on one time line, as an SVG picture.

Above the line the hazard's voice, below it the ministries'. Each kind has a shape of its own, so
that nothing is told by colour alone; every mark has a number and the list below the picture says
what it is. The file needs nothing from outside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from alerts import clean, dates, phrases, words
from alerts.policy import Policy
from storage.records import Communication, Incident, Item, Role

WIDTH = 1000
LEFT, RIGHT = 40, 40
ROW = 26
MOST = 60  # marks; what is beyond is counted
_INK, _SOFT, _LINE = "#1d1d1b", "#595959", "#8a8a86"
_COLOURS = {"signal": "#8b1a1a", "communication": "#0b5394", "home": "#1b6e53"}
_FONT = "Sarabun, 'Noto Sans Thai', 'Leelawadee UI', Tahoma, 'Noto Sans', sans-serif"
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


def svg(
    incident: Incident,
    items: Sequence[Item],
    spoken: Sequence[Communication],
    policy: Policy,
    *,
    language: str,
) -> str:
    """The picture, as text; times are told in the home zone."""
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
    body = [
        _text(LEFT, 34, f"#{incident.number} {title}", size=20, bold=True),
        _text(LEFT, 60, f"{level} · {words.say('picture.above_below', language)}", fill=_SOFT),
        *_axis(first, last, axis, axis + below * ROW + 30, language, zone),
    ]
    if incident.event_at is not None and first <= incident.event_at <= last:
        x = _x(incident.event_at, first, last)
        label = words.say("fact.event_time", language)
        body.append(
            f'<line x1="{x:.1f}" y1="90" x2="{x:.1f}" y2="{axis}" stroke="{_INK}" '
            'stroke-dasharray="3 4"/>'
        )
        body.append(_text(x, 86, label, size=12, end=x > WIDTH * 0.9))
    numbers = {id(mark): place for place, mark in enumerate(marks, 1)}
    for way, lanes in ((-1, lanes_up), (1, lanes_down)):
        body += [_stem(mark, _x(mark.at, first, last), axis, way, lane) for mark, lane in lanes]
    for mark, lane in lanes_up:
        body += _drawn(mark, numbers[id(mark)], _x(mark.at, first, last), axis, -1, lane)
    for mark, lane in lanes_down:
        body += _drawn(mark, numbers[id(mark)], _x(mark.at, first, last), axis, 1, lane)
    y = top_of_list
    body.append(_text(LEFT, y - 22, words.say("picture.list", language), size=16, bold=True))
    for place, mark in enumerate(marks, 1):
        when = dates.moment(mark.at, language, zone=zone)
        body += _shape(mark.kind, LEFT + 10, y - 5, str(place))
        body.append(_text(LEFT + 32, y, when, fill=_SOFT, size=14))
        body.append(_text(LEFT + 280, y, _cut(mark.label, 98), size=14))
        y += ROW
    if len(every) > MOST:
        body.append(
            _text(LEFT, y, words.say("mail.more_sources", language, count=len(every) - MOST))
        )
        y += ROW
    body.append(_text(LEFT, height - 16, words.say("mail.internal", language), fill=_SOFT, size=13))
    drill = words.say("mail.exercise", language) if incident.exercise else ""
    if drill:
        body.append(_text(WIDTH - RIGHT, 34, drill, size=18, bold=True, end=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" lang="{language}" role="img" '
        f"aria-label={quoteattr(clean.one_line(title, 180))} font-family={quoteattr(_FONT)}>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


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
) -> list[str]:
    """The line with ticks at round hours or days of the home zone."""
    found = [
        f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="{_INK}" '
        'stroke-width="2"/>'
    ]
    gap = next((gap for gap in _GAPS if (last - first) / gap <= 9), _GAPS[-1])
    start = first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tick = start + gap * -(-(first - start) // gap)
    before: str | None = None
    while tick <= last:
        x = _x(tick, first, last)
        day = dates.day(tick.astimezone(zone), language, weekday=False)
        clock = dates.clock(tick, language, zone)
        found.append(
            f'<line x1="{x:.1f}" y1="{y - 5}" x2="{x:.1f}" y2="{bottom}" stroke="{_LINE}" '
            'stroke-width="0.6"/>'
        )
        if gap < timedelta(days=1):
            found.append(_text(x, bottom + 14, clock, size=12, fill=_SOFT, middle=True))
        if day != before:
            found.append(_text(x, bottom + 30, day, size=12, fill=_SOFT, middle=True))
        before = day
        tick += gap
    return found


def _drawn(mark: Mark, number: int, x: float, axis: int, way: int, lane: int) -> list[str]:
    y = axis + way * (20 + lane * ROW)
    return _shape(mark.kind, x, y, str(number))


def _stem(mark: Mark, x: float, axis: int, way: int, lane: int) -> str:
    """From the line to the mark; drawn before all marks, so that it crosses none."""
    y = axis + way * (20 + lane * ROW)
    return f'<line x1="{x:.1f}" y1="{axis}" x2="{x:.1f}" y2="{y:.1f}" stroke="{_LINE}"/>'


def _shape(kind: str, x: float, y: float, number: str) -> list[str]:
    """A diamond for a signal, a circle for a ministry, a square for our own."""
    fill = _COLOURS[kind]
    if kind == "signal":
        points = (
            f"{x:.1f},{y - 12:.1f} {x + 12:.1f},{y:.1f} {x:.1f},{y + 12:.1f} {x - 12:.1f},{y:.1f}"
        )
        drawn = f'<polygon points="{points}" fill="{fill}"/>'
    elif kind == "communication":
        drawn = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="{fill}"/>'
    else:
        drawn = f'<rect x="{x - 10:.1f}" y="{y - 10:.1f}" width="20" height="20" fill="{fill}"/>'
    return [drawn, _text(x, y + 4, number, size=11, fill="#ffffff", bold=True, middle=True)]


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 15,
    fill: str = _INK,
    bold: bool = False,
    middle: bool = False,
    end: bool = False,
) -> str:
    anchor = ' text-anchor="middle"' if middle else ' text-anchor="end"' if end else ""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{anchor}{weight}>'
        f"{escape(clean.one_line(text, 220))}</text>"
    )


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
