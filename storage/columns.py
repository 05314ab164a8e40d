"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, SmallInteger, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.codec import decode_list, encode_list, storable
from storage.records import Figure, Level, Why

ROW_ID = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only INTEGER keys


class SafeText(TypeDecorator[str]):
    """Text of any length; unstorable letters become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, always UTC. Naive values are refused.

    SQLite has no times: there it is text of fixed width that sorts by time and that a person
    can read.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        if value is None:
            return None
        return _as_text(value) if dialect.name == "sqlite" else _in_utc(value)

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if not isinstance(value, datetime):
            raise TypeError(f"not a time: {value!r}")
        return value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return value.astimezone(UTC)


@lru_cache(maxsize=64)  # most rows of a transaction have its time
def _as_text(value: datetime) -> str:
    return _in_utc(value).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class LevelNumber(TypeDecorator[Level]):
    """A level as its number, so that it sorts and compares in SQL."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Level | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Level | None:
        return None if value is None else Level(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> object:
        return None if value is None else [storable(word) for word in value]

    def process_result_value(self, value: object, dialect: Dialect) -> tuple[str, ...]:
        return tuple(str(word) for word in value) if isinstance(value, list) else ()


class Whys(TypeDecorator[tuple[Why, ...]]):
    """A tuple of reasons as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Why] | None, dialect: Dialect) -> object:
        return None if value is None else encode_list(value)

    def process_result_value(self, value: object, dialect: Dialect) -> tuple[Why, ...]:
        return decode_list(Why, value)


class Figures(TypeDecorator[tuple[Figure, ...]]):
    """A tuple of figures as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Figure] | None, dialect: Dialect) -> object:
        return None if value is None else encode_list(value)

    def process_result_value(self, value: object, dialect: Dialect) -> tuple[Figure, ...]:
        return decode_list(Figure, value)
