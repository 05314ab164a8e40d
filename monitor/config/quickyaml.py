"""YAML read quickly, by libyaml: what is plain and certain, with the line of every key.

A list of 5,000 feeds takes the careful reader nine seconds and this one half of one. Whatever is
faulty, doubtful or rare (tags, anchors, keys that are no texts, the same key twice) is left to
the careful reader, whose words for a fault officers know: both give the same values and lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_DEEPEST = 40
# Tabs, breaks of lines to one of the two readers only, several documents in one.
_LEFT_ALONE = re.compile(
    "[\t\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#|^%|^---|^\\.\\.\\.", re.MULTILINE
)
_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"])
_SIGNS = frozenset(["=", "<<"])  # which stand for more than themselves
_FIGURES = re.compile(r"[-+.0-9][-+.0-9a-zA-Z_: ]*")
_NO_UNIT = re.compile(r"[0-9]+[dhmsw]")  # an interval, which no reader takes for a number


class LinedMap(dict[str, Any]):
    """A mapping that knows the line (from 0) where it starts and those of its keys."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class LinedList(list[Any]):
    """A list that knows the line (from 0) where it starts and those of its items."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class _Unsure(Exception):
    """For the careful reader."""


def read_quickly(text: str) -> LinedMap | None:
    """The mapping in the text; None where the careful reader must have the word."""
    if not yaml.__with_libyaml__ or _LEFT_ALONE.search(text):
        return None
    try:
        found = _built(yaml.parse(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, YAMLError, _Unsure, ValueError):
        return None
    return found if isinstance(found, LinedMap) else None


def _built(events: Iterator[Any]) -> Any:
    """The value that the events spell, without calling itself: depth costs no stack."""
    root: Any = None
    open_: list[tuple[LinedMap | LinedList, str | None]] = []  # with the key that waits
    for event in events:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value = _scalar(event)
        elif kind is yaml.MappingStartEvent:
            value = LinedMap(event.start_mark.line)
        elif kind is yaml.SequenceStartEvent:
            value = LinedList(event.start_mark.line)
        elif kind is yaml.AliasEvent:
            raise _Unsure
        else:
            if kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
                open_.pop()
            continue
        if event.anchor is not None or event.tag is not None or len(open_) > _DEEPEST:
            raise _Unsure
        if not open_:
            root = value
        else:
            holder, key = open_[-1]
            line = event.start_mark.line
            if isinstance(holder, LinedList):
                holder.append(value)
                holder.lines.append(line)
            elif key is not None:
                holder[key] = value
                open_[-1] = (holder, None)
            else:
                if not isinstance(value, str) or value in holder or value == "<<":
                    raise _Unsure
                holder.lines[value] = line
                open_[-1] = (holder, value)
                continue
        if isinstance(value, LinedMap | LinedList):
            open_.append((value, None))
    return root


def _scalar(event: Any) -> Any:
    value: str = event.value
    if not event.implicit[0]:
        return value
    if not value:
        return None
    if value in _SIGNS:
        raise _Unsure
    if value[0] in "-+.0123456789":
        if not _FIGURES.fullmatch(value) or _NO_UNIT.fullmatch(value):
            return value
    elif value.lower() not in _WORDS:
        return value
    return _resolved(value)


@lru_cache(maxsize=4096)
def _resolved(value: str) -> Any:
    """What the careful reader makes of a plain scalar that may be no text."""
    found = YAML(typ="rt", pure=True).load(f"- {value}")
    if not isinstance(found, list) or len(found) != 1:
        raise _Unsure
    return found[0]
