"""Records to JSON and back, driven by the fields of the record.

A field that stands at its default is left out: the defaults in `storage.records` are part of
the stored form. A field that a stored row lacks gets its default, one that the record no
longer has is read over, so rows outlive added fields. Times are ISO text in UTC. Numbers that
JSON lacks (infinity, not a number) are text. Everything comes back exactly as it went in,
apart from letters that no database can hold (see `storable`), and non-finite numbers among
the values of a reason, which come back as their text.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from math import isfinite
from typing import Any, TypeVar

T = TypeVar("T")

# PostgreSQL refuses U+0000 in a text and both databases refuse half of a surrogate pair.
# A JSON feed can carry either; one such letter must not cost the whole poll.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` with U+FFFD for each letter that no database can hold."""
    if "\x00" not in text:
        if text.isascii():
            return text
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSTORABLE.sub("\ufffd", text)


def encode(value: object) -> Any:
    """A record, or any value that may stand in one, as plain JSON values.

    Raises ValueError for a time without a zone and TypeError for a foreign type.
    """
    known = type(value)
    return (_ENCODERS.get(known) or _encoder_of(known))(value)


def _encoder_of(known: type) -> Callable[[Any], Any]:
    """What encodes values of this type, kept for the next time. Raises TypeError."""
    if is_dataclass(known):
        return _ENCODERS.setdefault(known, _record_encoder(known))
    for kind, encoder in (
        (Enum, _value_of),
        (str, storable),
        (int, _as_it_is),
        (float, _number),
        (datetime, _time),
        (date, date.isoformat),
        (Mapping, _mapping),
        ((tuple, list), encode_list),
    ):
        if issubclass(known, kind):
            return _ENCODERS.setdefault(known, encoder)
    raise TypeError(f"{known.__name__} cannot be stored")


def _record_encoder(record: Any) -> Callable[[Any], dict[str, Any]]:
    """What encodes records of this type: their fields that do not stand at their default."""
    parts = _defaults(record)
    names, defaults = tuple(name for name, _ in parts), tuple(default for _, default in parts)

    def encoded(value: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, default in zip(names, defaults, strict=True):
            held = getattr(value, name)
            if held is not default and held != default:
                found[name] = storable(held) if type(held) is str else encode(held)
        return found

    return encoded


def _value_of(value: Enum) -> Any:
    return value.value


def _number(value: float) -> float | str:
    return value if isfinite(value) else str(value)


def _time(value: datetime) -> str:
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return value.astimezone(UTC).isoformat()


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {storable(str(key)): encode(held) for key, held in value.items()}


def _as_it_is(held: Any) -> Any:
    return held


def encode_list(values: Sequence[object]) -> list[Any]:
    """Several records as a JSON list."""
    return [encode(value) for value in values]


def decode(record: type[T], data: object) -> T:
    """The record of type `record` that `encode` made `data` from."""
    if not isinstance(data, dict):
        raise TypeError(f"a stored {record.__name__} must be an object, not {data!r}")
    known: Any = record  # a class is hashable, which mypy cannot tell of type[T]
    readers = _readers(known)
    said: dict[str, Any] = {}
    for name, held in data.items():
        if (reader := readers.get(name)) is not None:
            said[name] = held if reader is _as_it_is else reader(held)
    return record(**said)


def decode_list(record: type[T], data: object) -> tuple[T, ...]:
    """The records of a JSON list; an absent list is empty."""
    return tuple(decode(record, part) for part in data) if isinstance(data, list) else ()


_ENCODERS: dict[type, Callable[[Any], Any]] = {
    str: storable,
    type(None): _as_it_is,
    bool: _as_it_is,
    int: _as_it_is,
    float: _number,
    tuple: encode_list,
    list: encode_list,
    datetime: _time,
}


def _defaults(record: Any) -> tuple[tuple[str, object], ...]:
    """Each field's name with its default; MISSING equals no value."""
    found: list[tuple[str, object]] = []
    for field in fields(record):
        default: object = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        found.append((field.name, default))
    return tuple(found)


@cache
def _readers(record: Any) -> dict[str, Callable[[Any], Any]]:
    hints = typing.get_type_hints(record)
    return {field.name: _reader(hints[field.name]) for field in fields(record)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What turns a JSON value back into a value of type `hint`."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(parts) != 1:
            return _as_it_is
        inner = _reader(parts[0])
        return lambda held: None if held is None else inner(held)
    if origin is tuple:
        part = _reader(typing.get_args(hint)[0])
        if part is _as_it_is:
            return tuple
        return lambda held: tuple([part(each) for each in held])
    if hint is datetime:
        return lambda held: datetime.fromisoformat(held).astimezone(UTC)
    if hint is date:
        return date.fromisoformat
    if hint is float:
        return float
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda held: decode(hint, held)
    return _as_it_is


_JSON = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
)


def dump_json(value: object) -> str:
    """JSON text for a column: compact, other scripts as they are.

    Raises ValueError for non-finite numbers, which PostgreSQL would refuse.
    """
    return _JSON.encode(value)
