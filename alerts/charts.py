"""The digest's charts as PNG: seven days by category, and first alerts by hour.

Colours are told apart by colour-blind eyes (Okabe and Ito), and each has a hatch and its word
beside it as well. Letters are ours (`alerts/vendor`), since a server may have no Thai font.
matplotlib is imported when something is drawn, and never before.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from alerts import dates, words
from alerts.digest.parts import DayCount
from alerts.errors import PictureError
from alerts.pictures import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT, LOW = 400, 210, 130  # as shown, in CSS pixels; drawn twice as fine
_DPI, _FINE = 100, 2
_COLOURS = 16  # of the palette: few colours make a small file
_LETTERS = 11.0  # points: still to be read where a telephone shows 300 of the picture's pixels
_INK, _RULE = "#1d1d1b", "#8a8a86"
_LOOKS = {  # category → colour, hatch
    "natural": ("#0072B2", ""),
    "health": ("#009E73", "///"),
    "human_made": ("#D55E00", "..."),
}


def week_columns(days: Sequence[DayCount], language: str) -> Picture:
    """A column a day, its parts the categories; the total stands on top.

    Raises PictureError where it cannot be drawn.
    """
    totals = [sum(each.counts.values()) for each in days]
    figure, axes = _figure(language, "week_title", HEIGHT)
    base = [0.0] * len(days)
    for name, (colour, hatch) in _LOOKS.items():
        heights = [float(each.counts.get(name, 0)) for each in days]
        axes.bar(
            range(len(days)),
            heights,
            bottom=base,
            width=0.66,
            color=colour,
            hatch=hatch,
            edgecolor="#ffffff",
            linewidth=0.6,
            label=words.category(name, language, short=True),
        )
        base = [low + high for low, high in zip(base, heights, strict=True)]
    for place, total in enumerate(totals):
        axes.text(
            place, total, f" {total}", ha="center", va="bottom", fontsize=_LETTERS, color=_INK
        )
    axes.set_xticks(
        range(len(days)),
        [_day(each.day, language) for each in days],
        fontsize=_LETTERS,
    )
    axes.set_ylim(0, max([*totals, 1]) * 1.22)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.36),
        ncols=len(_LOOKS),
        frameon=False,
        fontsize=_LETTERS,
        handlelength=1.3,
        columnspacing=1.2,
    )
    return Picture("week", _png(figure), _week_alt(days, totals, language), WIDTH, HEIGHT)


def by_hour(hours: Sequence[int], language: str) -> Picture:
    """A column for each hour of the local day. Raises PictureError where it cannot be drawn."""
    figure, axes = _figure(language, "hours_title", LOW)
    axes.bar(range(24), list(hours), width=0.72, color=_LOOKS["natural"][0])
    for hour, count in enumerate(hours):
        if count:
            axes.text(
                hour, count, str(count), ha="center", va="bottom", fontsize=_LETTERS, color=_INK
            )
    axes.set_xticks(
        range(0, 24, 6), [_clock(hour, language) for hour in range(0, 24, 6)], fontsize=_LETTERS
    )
    axes.set_xlim(-0.7, 23.7)
    axes.set_ylim(0, max([*hours, 1]) * 1.22)
    return Picture("hours", _png(figure), _hours_alt(hours, language), WIDTH, LOW)


def _week_alt(days: Sequence[DayCount], totals: Sequence[int], language: str) -> str:
    most = max(totals, default=0)
    if not most:
        return words.say("digest.extra.week_none", language)
    return words.say(
        "digest.extra.week_alt",
        language,
        last=totals[-1],
        mean=dates.number(sum(totals) / len(totals)),
        most=most,
        day=dates.day(days[totals.index(most)].day, language, era=False),
    )


def _hours_alt(hours: Sequence[int], language: str) -> str:
    most = max(hours, default=0)
    if not most:
        return words.say("digest.extra.hours_none", language)
    hour = _clock(list(hours).index(most), language)
    return words.say("digest.extra.hours_alt", language, count=sum(hours), hour=hour, most=most)


def _day(day: date, language: str) -> str:
    """Weekday over day of the month, so that seven stand side by side."""
    weekday, number = dates.day(day, language, era=False).split(" ")[:2]
    return f"{weekday}\n{number}"


def _clock(hour: int, language: str) -> str:
    return f"{hour:02d}.00" if language == "th" else f"{hour:02d}:00"


def _figure(language: str, title: str, height: int) -> tuple[Figure, Axes]:
    fonts()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI * _FINE, layout="constrained")
    figure.set_facecolor("#ffffff")  # opaque: a dark mail turns what is behind it
    axes = figure.add_subplot()
    axes.set_title(
        words.say(f"digest.extra.{title}", language),
        fontsize=_LETTERS + 0.5,
        loc="left",
        color=_INK,
    )
    axes.tick_params(length=0, colors=_INK)
    axes.yaxis.set_visible(False)  # every column bears its number
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_RULE)
    return figure, axes


@cache
def fonts() -> str:
    """Register our letters with matplotlib; the family's name. Raises PictureError."""
    try:
        from matplotlib import font_manager, rcParams

        folder = files("alerts") / "vendor" / "sarabun"
        for name in ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf"):
            with as_file(folder / name) as path:
                font_manager.fontManager.addfont(path)
    except (ImportError, OSError, RuntimeError) as error:
        raise PictureError(f"the letters for pictures cannot be used: {error}") from error
    rcParams["font.family"] = ["Sarabun", "DejaVu Sans"]
    rcParams["hatch.linewidth"] = 0.8
    return "Sarabun"


def _png(figure: Figure) -> bytes:
    """The drawing with few colours, so that a mail stays small. Raises PictureError."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    try:
        figure.savefig(drawn, format="png")
        with Image.open(drawn) as picture:
            picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
                small, format="PNG", optimize=True
            )
    except (OSError, RuntimeError, ValueError) as error:
        raise PictureError(f"a picture cannot be drawn: {error}") from error
    return small.getvalue()
