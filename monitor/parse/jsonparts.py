"""Small, total look-ups in JSON of unknown shape."""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Object: TypeAlias = "dict[str, Json]"
MAX_OBJECTS = 20_000  # four times what any source lists; more is a flood


def as_object(value: Json) -> Object:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Json) -> list[Object]:
    """The objects of a list, of its first MAX_OBJECTS; a single object is a list of one."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        return []
    return [item for item in value[:MAX_OBJECTS] if isinstance(item, dict)]


def flooded(value: Json, depth: int = 3) -> bool:
    """Whether a list within is longer than what is read of it."""
    if isinstance(value, list):
        return len(value) > MAX_OBJECTS
    if not isinstance(value, dict) or not depth:
        return False
    return any(flooded(part, depth - 1) for part in value.values())


def text(found: Object, *names: str) -> str:
    """The first of the members `names` that is a text or a number, as text; else empty."""
    for name in names:
        value = found.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def stamp(found: Object, *names: str) -> str | int | float | None:
    """The first of the members `names` that may be a date: text or number."""
    for name in names:
        value = found.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            return value
    return None


def flag(found: Object, name: str) -> bool | None:
    """A truth value written as a boolean, a number or a word; None for anything else."""
    value = found.get(name)
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return {"true": True, "1": True, "y": True, "false": False, "0": False, "n": False}.get(word)


def strings(value: Json) -> list[str]:
    """The texts of a list, or a single text as a list of one."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
