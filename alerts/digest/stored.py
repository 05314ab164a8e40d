"""Digest content to plain JSON values and back, driven by the types of its fields.

The stored form of a digest; `monitor digest --format json` prints it. Levels are written by
name, times as ISO text in UTC.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum, IntEnum
from functools import cache
from typing import Any, cast

from alerts.digest.content import DigestContent
from storage.records import Json


def to_json(content: DigestContent) -> dict[str, Json]:
    """The content as JSON-able values; `from_json` gives the same content back."""
    return cast("dict[str, Json]", _plain(content))


def from_json(data: Mapping[str, Json]) -> DigestContent:
    """The content that `to_json` wrote; fields it lacks get their defaults.

    Raises ValueError, KeyError or TypeError on anything else.
    """
    return cast(DigestContent, _read(DigestContent, data))


def _plain(value: object) -> object:
    if isinstance(value, IntEnum):
        return value.name
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(held) for held in value]
    return value


def _read(kind: Any, value: Any) -> object:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        kinds = [each for each in inner if each is not type(None)]
        return _read(kinds[0], value) if len(kinds) == 1 else value
    if origin is tuple:
        return tuple(_read(inner[0], held) for held in value)
    if origin is not None:  # a mapping of text to plain values
        return {key: _read(inner[1], held) for key, held in value.items()}
    if not isinstance(kind, type):
        return value
    if is_dataclass(kind):
        types_of = _types(kind)
        return kind(
            **{name: _read(types_of[name], value[name]) for name in types_of if name in value}
        )
    if issubclass(kind, IntEnum):
        return kind[value]
    if issubclass(kind, Enum):
        return kind(value)
    if issubclass(kind, date):  # a datetime is one as well
        return kind.fromisoformat(value)
    return value


@cache
def _types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
