"""A table for a terminal of 80 columns: one line each, and below it what needs more room."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from alerts import clean, words
from alerts.feeddetail import detail_in
from monitor.cli.common import shown_width

_INDENT = "    "
_WHERE_NO_TERMINAL = 120
_LEAST = 12  # columns that the first cell keeps


def width_of_terminal() -> int:
    """Columns of the terminal; 120 for a file or another program."""
    try:
        return os.get_terminal_size().columns
    except OSError:
        return _WHERE_NO_TERMINAL


def listing(
    rows: Sequence[Sequence[object]],
    heads: Sequence[str],
    below: Sequence[Sequence[str]],
    *,
    width: int,
) -> str:
    """Columns as in `common.table`, the first cut to what is left of `width`.

    Under each row its sentences of `below`, indented and wrapped.
    """
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [
        max([shown_width(head), *(shown_width(row[index]) for row in texts)])
        for index, head in enumerate(heads)
    ]
    rest = sum(widths[1:]) + 2 * len(widths[1:])
    widths[0] = min(widths[0], max(_LEAST, width - rest))
    lines = [_line(heads, widths), _line(["-" * each for each in widths], widths)]
    for row, sentences in zip(texts, below, strict=True):
        lines.append(_line([shortened(row[0], widths[0]), *row[1:]], widths))
        for sentence in sentences:
            lines += wrapped(sentence, width, _INDENT)
    return "\n".join(lines)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines of at most so many columns, parted at spaces where there are any."""
    room = max(_LEAST, width - len(indent))
    lines: list[str] = []
    line = ""
    for word in text.split():
        for part in _parts(word, room):
            if line and shown_width(line) + 1 + shown_width(part) > room:
                lines.append(line)
                line = part
            else:
                line = f"{line} {part}" if line else part
    return [indent + each for each in [*lines, line] if each]


def shortened(text: str, width: int) -> str:
    """The text in at most so many columns, with a sign where it was cut."""
    if shown_width(text) <= width:
        return text
    return next(_parts(text, width - 1)).rstrip() + "…"


def _parts(word: str, room: int) -> Iterator[str]:
    """The word in parts that fit; a mark stays with the letter that it stands on."""
    part, used = "", 0
    for letter in word:
        size = shown_width(letter)
        if part and size and used + size > room:
            yield part
            part, used = "", 0
        part += letter
        used += size
    yield part


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - shown_width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def in_trouble(why: str, detail: str, language: str, moved_to: str | None = None) -> list[str]:
    """What is wrong with a feed and what to do, each a sentence with its heading."""
    parts = [
        (words.say("table.cause", language), words.say_or(f"feed.{why}.cause", language, "")),
        ("", clean.one_line(detail_in(detail, language), 400)),
        (words.say("table.remedy", language), words.say_or(f"feed.{why}.remedy", language, "")),
        (words.say("desk.moved_to", language), clean.one_line(moved_to or "", 300)),
    ]
    return [f"{head}: {text}" if head else f"[{text}]" for head, text in parts if text]
