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
    return _UNSTORABLE.sub("\ufffd", text)


def encode(value: object) -> Any:
    """A record, or any value that may stand in one, as plain JSON values.

    Raises ValueError for a time without a zone and TypeError for a foreign type.
    """
    known = type(value)
    if known is str:
        return storable(value)  # type: ignore[arg-type]
    if value is None or known is bool or known is int:
        return value
    if known is tuple or known is list:
        return [encode(part) for part in value]  # type: ignore[attr-defined]
    if (parts := _PARTS.get(known)) is not None or (parts := _parts_of(known)) is not None:
        return {
            name: encode(held)
            for name, default in parts
            if (held := getattr(value, name)) is not default and held != default
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {storable(str(key)): encode(held) for key, held in value.items()}
    if isinstance(value, (tuple, list)):
        return [encode(part) for part in value]
    raise TypeError(f"{type(value).__name__} cannot be stored")


def encode_list(values: Sequence[object]) -> list[Any]:
    """Several records as a JSON list."""
    return [encode(value) for value in values]


def decode(record: type[T], data: object) -> T:
    """The record of type `record` that `encode` made `data` from."""
    if not isinstance(data, dict):
        raise TypeError(f"a stored {record.__name__} must be an object, not {data!r}")
    known: Any = record  # a class is hashable, which mypy cannot tell of type[T]
    readers = _readers(known)
    return record(**{name: readers[name](held) for name, held in data.items() if name in readers})


def decode_list(record: type[T], data: object) -> tuple[T, ...]:
    """The records of a JSON list; an absent list is empty."""
    return tuple(decode(record, part) for part in data) if isinstance(data, list) else ()


def as_stored(record: T) -> T:
    """The record as it will come back from the store."""
    return decode(type(record), encode(record))


_PARTS: dict[type, tuple[tuple[str, object], ...]] = {}


def _parts_of(record: type) -> tuple[tuple[str, object], ...] | None:
    """The parts of a record type, kept for the next time; None for any other type."""
    if not is_dataclass(record):
        return None
    return _PARTS.setdefault(record, _defaults(record))


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
        return lambda held: tuple(part(each) for each in held)
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


def _as_it_is(held: Any) -> Any:
    return held


def dump_json(value: object) -> str:
    """JSON text for a column: compact, other scripts as they are.

    Raises ValueError for non-finite numbers, which PostgreSQL would refuse.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
