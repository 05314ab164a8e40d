"""The coverage table in words and as a picture (SVG): numbers and signs, never colour alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from alerts import words
from monitor.config.feedschema import KINDS
from monitor.tuning.coverage import WANTED, Cell, Coverage, Row

_HEARD, _DARK, _OFF, _NONE = "✓", "▲", "–", "·"
_FILL = {_HEARD: "#cfe8d5", _DARK: "#f6c9bd", _OFF: "#e4e4e4", _NONE: "#ffffff"}
_NAME_W, _CELL_W, _ROW_H, _TOP = 250, 92, 24, 96


def mark(cell: Cell) -> str:
    """✓ with the number that works, ▲ where all that is read fails, – where all is off, · none."""
    if not cell.listed:
        return _NONE
    if not cell.read:
        return f"{_OFF}{cell.listed}"
    if cell.heard:
        return f"{_HEARD}{cell.read if cell.working is None else cell.working}"
    return f"{_DARK}{cell.read}"


def coverage_text(found: Coverage, language: str, *, every: bool = False, width: int = 120) -> str:
    """The table with its summary; `every` shows all countries, not only those that matter most."""
    from monitor.cli.common import table

    say = _speaker(language)

    shown = [row for row in found.rows if every or matters(row)]
    heads = (
        words.say("table.country", language), say("missions"),
        *(words.say(f"kind.{kind}", language) for kind in KINDS), say("missing"),
    )  # fmt: skip
    rows = [
        [
            _name(row, language), row.missions or "", *(mark(row.cells[kind]) for kind in KINDS),
            kinds_named(row.missing, language),
        ]
        for row in shown
    ]  # fmt: skip
    rows.insert(0, [say("world"), "", *(mark(found.world[kind]) for kind in KINDS), ""])
    lines = [table(rows, heads), ""]
    lines.append(say("share", share=round(found.share * 100)))
    lines.append(say("home", count=found.home.read, working=_or_unknown(found.home.working)))
    if len(shown) < len(found.rows):
        lines.append(say("more", count=len(found.rows) - len(shown)))
    gaps = [
        f"{_name(row, language)} ({kinds_named(row.missing, language)})" for row in found.gaps(10)
    ]
    lines.append(say("gaps", names="; ".join(gaps) or "-"))
    unheard = [_name(row, language) for row in found.unheard]
    lines.append(say("unheard", count=len(unheard), names=", ".join(unheard[:40]) or "-"))
    lines.append(say("legend"))
    if not found.known:
        lines.append(say("not_polled"))
    return "\n".join(lines)


def coverage_svg(found: Coverage, language: str) -> str:
    """The table as a picture that stands alone, with a title and a description to be read aloud."""

    say = _speaker(language)

    shown = [row for row in found.rows if matters(row)]
    width = _NAME_W + _CELL_W * len(KINDS) + 12
    height = _TOP + _ROW_H * (len(shown) + 1) + 50
    title, share = say("title"), say("share", share=round(found.share * 100))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="t d" lang="{language}" font-family="Sarabun, \'Noto Sans Thai\', '
        f'Leelawadee UI, Tahoma, sans-serif" font-size="13">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(share)} {escape(say("unheard_short", count=len(found.unheard)))}'
        "</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(10, 26, title, size=18, bold=True),
        _text(10, 48, share),
        _text(_NAME_W - 14, _TOP - 10, say("missions"), anchor="end"),
    ]
    for column, kind in enumerate(KINDS):
        x = _NAME_W + column * _CELL_W + _CELL_W / 2
        parts.append(_text(x, _TOP - 10, words.say(f"kind.{kind}", language), anchor="middle",
                           fit=_CELL_W - 6))  # fmt: skip
    parts.append(_line(0, say("world"), "", found.world))
    for number, row in enumerate(shown, 1):
        parts.append(_line(number, _name(row, language), str(row.missions or ""), row.cells))
    parts.append(_text(10, height - 18, say("legend"), size=12))
    return "\n".join([*parts, "</svg>", ""])


def _line(number: int, name: str, missions: str, cells: Mapping[str, Cell]) -> str:
    y = _TOP + number * _ROW_H
    parts = [_text(10, y + 16, name, fit=_NAME_W - 60)]
    if missions:
        parts.append(_text(_NAME_W - 14, y + 16, missions, anchor="end"))
    for column, kind in enumerate(KINDS):
        shown = mark(cells[kind])
        x = _NAME_W + column * _CELL_W
        line = 0.4 if shown == _NONE else 0.8
        parts.append(
            f'<rect x="{x + 2}" y="{y + 2}" width="{_CELL_W - 4}" height="{_ROW_H - 4}" rx="3" '
            f'fill="{_FILL[shown[0]]}" stroke="#8a8a8a" stroke-width="{line}"/>'
        )
        parts.append(_text(x + _CELL_W / 2, y + 16, shown, anchor="middle"))
    return "\n".join(parts)


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 0, bold: bool = False,
    fit: float = 0,
) -> str:  # fmt: skip
    more = f' font-size="{size}"' if size else ""
    more += ' font-weight="bold"' if bold else ""
    if fit and len(text) * 7 > fit:
        more += f' textLength="{fit:g}" lengthAdjust="spacingAndGlyphs"'
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"{more}'
    return f'<text {place} fill="#1a1a1a">{escape(text)}</text>'


def _speaker(language: str) -> Callable[..., str]:
    def say(key: str, **values: Any) -> str:
        return words.say(f"tuning.coverage.{key}", language, **values)

    return say


def matters(row: Row) -> bool:
    """Whether the row is in the short table: ours, the 21, and where missions or neighbours are."""
    return row.group in ("home", "bali21") or row.weight > 2


def _name(row: Row, language: str) -> str:
    return words.country(row.country, language, short=True)


def kinds_named(kinds: tuple[str, ...], language: str) -> str:
    """The kinds in words; "everything" where all that one would want is among them."""
    if len(kinds) == len(WANTED):
        return words.say("tuning.coverage.everything", language)
    return ", ".join(words.say(f"kind.{kind}", language) for kind in kinds)


def _or_unknown(count: int | None) -> str:
    return "?" if count is None else str(count)
