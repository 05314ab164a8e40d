"""Edits of a feed list as text: what an edit does not concern stays letter for letter.

The nodes of the YAML text tell where each entry, key and value stands; an edit cuts and pastes
there. So comments, order, blank lines and the officer's own style survive every edit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.config.yamlfile import nodes_of, scalar_reads_as
from monitor.errors import ConfigError

Value = str | bool | int | None | Sequence[str] | Mapping[str, str]

_OLD_WORDS = frozenset(["yes", "no", "on", "off", "y", "n"])  # no texts to other YAML readers
# The order in which keys are written; a new key goes behind those that stand before it here.
ORDER = (
    "name", "id", "url", "alternates", "kind", "publisher", "country", "organisation", "coverage",
    "language", "tier", "category", "priority", "every", "pace", "timezone", "encoding", "format",
    "selector", "headers", "certificates", "home", "enabled", "until", "reason", "tags", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cut:
    """Replace what stands from `start` to `end` with `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Pair:
    key: str
    start: int  # of the key
    key_end: int
    value: int  # where the value starts
    end: int  # where it ends, blanks and comments behind it left out
    spread: bool  # a list or mapping that stands in lines of its own


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int  # of the line with its hyphen, or of its bracket
    end: int
    column: int
    flow: bool
    pairs: tuple[_Pair, ...]

    def get(self, key: str) -> _Pair | None:
        return next((pair for pair in self.pairs if pair.key == key), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the entries of a feed list stand in its text."""

    text: str
    entries: tuple[_Entry, ...]
    flow: bool  # the whole list stands in brackets
    column: int  # of the hyphens
    start: int  # of the list's value
    end: int

    @property
    def newline(self) -> str:
        """How this file ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def entry(self, name: str) -> _Entry:
        """The entry of that name. Raises ConfigError."""
        for each in self.entries:
            if each.name == name:
                return each
        raise ConfigError(f"no feed is named {name!r} in the file")


def layout(text: str) -> Layout:
    """Where everything stands. Raises ConfigError for a text that is no feed list."""
    root = nodes_of(text)
    pairs = {key.value: value for key, value in root.value} if _is_mapping(root) else {}
    listed = pairs.get("feeds")
    if listed is None or not isinstance(listed.value, list):
        raise ConfigError("the file has no 'feeds:' with a list under it")
    flow = bool(listed.flow_style)
    column = listed.start_mark.column
    entries = tuple(_entry(text, node, column, flow) for node in listed.value)
    end = listed.end_mark.index if flow or not entries else entries[-1].end
    return Layout(text, entries, flow, column, listed.start_mark.index, end)


def applied(text: str, cuts: Sequence[Cut]) -> str:
    """The text after all cuts, none of which may overlap another."""
    parts, at = [], 0
    for cut in sorted(cuts, key=lambda each: (each.start, each.end)):
        if cut.start < at:
            raise ConfigError("two edits touch the same line: make them one after the other")
        parts += [text[at : cut.start], cut.text]
        at = cut.end
    return "".join([*parts, text[at:]])


def put(of: Layout, entry: str, values: Mapping[str, Value]) -> list[Cut]:
    """Cuts that give an entry these values; None takes the key away."""
    found = of.entry(entry)
    cuts: list[Cut] = []
    new: dict[int, list[str]] = {}
    for key, value in sorted(values.items(), key=lambda each: _rank(each[0])):
        pair = found.get(key)
        if value is None:
            if pair is not None:
                cuts.append(_without(of, found, pair))
        elif pair is not None:
            cuts.append(_replaced(of, pair, value))
        else:
            new.setdefault(_behind(of, found, key), []).append(f"{key}: {written(value)}")
    for place, lines in new.items():
        if found.flow:
            cuts.append(Cut(place, place, "".join(f", {line}" for line in lines)))
        else:
            cuts.append(_lines_at(of, place, [" " * found.column + line for line in lines]))
    return cuts


def take_out(of: Layout, entry: str) -> Cut:
    """The cut that removes an entry; comments above it stay."""
    found = of.entry(entry)
    if of.flow:
        index = of.entries.index(found)
        if index + 1 < len(of.entries):
            return Cut(found.start, of.entries[index + 1].start, "")
        return Cut(of.entries[index - 1].end if index else found.start, found.end, "")
    return Cut(found.start, _next_line(of.text, found.end), "")


def put_in(of: Layout, entries: Sequence[Mapping[str, Value]], *, behind: str | None) -> Cut:
    """The cut that adds whole entries, behind that one or at the end of the list."""
    wanted = [
        [f"{key}: {written(each[key])}" for key in sorted(each, key=_rank) if each[key] is not None]
        for each in entries
    ]
    if of.flow and of.entries:
        place = of.entry(behind).end if behind else of.entries[-1].end
        return Cut(place, place, "".join(", {" + ", ".join(lines) + "}" for lines in wanted))
    column = of.column if of.entries else 2
    hyphen, under = " " * column + "- ", " " * (column + 2)
    blocks = [hyphen + (of.newline + under).join(lines) for lines in wanted]
    if not of.entries:
        return Cut(of.start, of.end, of.newline + of.newline.join(blocks))
    anchor = of.entry(behind).end if behind else of.entries[-1].end
    return _lines_at(of, _next_line(of.text, anchor), blocks)


def written(value: Value) -> str:
    """A value as it stands in the file: plain where that reads back as the same, else quoted."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_text(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(_text, value)) + "]"


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    plain = value.isprintable() and value.lower() not in _OLD_WORDS and value == value.strip()
    if value and plain and value[0] not in "\"'" and ": " not in value and " #" not in value:
        try:
            if scalar_reads_as(value) == value:
                return value
        except ValueError:
            pass
    return json.dumps(value, ensure_ascii=False)


def _entry(text: str, node: Any, column: int, flow: bool) -> _Entry:
    if not _is_mapping(node):
        raise ConfigError(f"line {node.start_mark.line + 1}: an entry of the list is no feed")
    pairs = tuple(_pairs(node, text))
    name = next((value.value for key, value in node.value if key.value == "name"), "")
    own_flow = bool(node.flow_style)
    start = node.start_mark.index
    if not flow:
        start = _line_start(text, start)
        while text[start + column : start + column + 1] != "-":
            start = _line_start(text, start - 1)
    ends = _end(node, text)
    first = node.value[0][0].start_mark.column if node.value else column + 2
    return _Entry(str(name), start, ends, first, own_flow, pairs)


def _pairs(node: Any, text: str) -> Iterator[_Pair]:
    for key, value in node.value:
        spread = isinstance(value.value, list) and not value.flow_style
        yield _Pair(
            str(key.value), key.start_mark.index, key.end_mark.index, value.start_mark.index,
            max(_end(value, text), key.end_mark.index), spread,
        )  # fmt: skip


def _end(node: Any, text: str) -> int:
    """Where the node's last letter stands: the library counts what follows a block to it."""
    if isinstance(node.value, list):
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, text)
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    return int(end)


def _without(of: Layout, entry: _Entry, pair: _Pair) -> Cut:
    index = entry.pairs.index(pair)
    if index == 0:  # it stands behind the hyphen or the bracket
        return Cut(pair.start, entry.pairs[1].start if len(entry.pairs) > 1 else pair.end, "")
    if entry.flow:
        return Cut(entry.pairs[index - 1].end, pair.end, "")
    return Cut(_line_start(of.text, pair.start), _next_line(of.text, pair.end), "")


def _replaced(of: Layout, pair: _Pair, value: Value) -> Cut:
    colon = of.text.index(":", pair.key_end) + 1
    if pair.spread or pair.value < colon or pair.value >= pair.end:
        rest = of.text[colon : _line_end(of.text, colon)] if pair.spread else ""
        return Cut(colon, max(pair.end, colon), " " + written(value) + rest)
    return Cut(pair.value, pair.end, written(value))


def _behind(of: Layout, entry: _Entry, key: str) -> int:
    """Where a new key is written: behind the last of those that come before it."""
    before = [pair for pair in entry.pairs if _rank(pair.key) < _rank(key)]
    last = before[-1] if before else entry.pairs[0]
    colon = of.text.index(":", last.key_end) + 1
    return last.end if entry.flow else _next_line(of.text, max(last.end, colon))


def _lines_at(of: Layout, place: int, lines: Sequence[str]) -> Cut:
    """The cut that writes whole lines there, at the start of a line or at the very end."""
    if place > 0 and of.text[place - 1] != "\n":
        return Cut(place, place, "".join(of.newline + line for line in lines))
    return Cut(place, place, "".join(line + of.newline for line in lines))


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, max(at, 0)) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1 : end] == "\r" else end


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _is_mapping(node: Any) -> bool:
    return (
        node is not None
        and isinstance(node.value, list)
        and all(isinstance(each, tuple) for each in node.value)
        and type(node).__name__ == "MappingNode"
    )
