"""The words that everything else is made of: category, level, role, and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Scalar: TypeAlias = "str | int | float | bool | None"


class Category(StrEnum):
    """What kind of crisis an item tells of; an item has none, one or several."""

    NATURAL = "natural"
    HEALTH = "health"
    HUMAN_MADE = "human_made"


class Level(IntEnum):
    """What the desk must do: act now, look within the hour, follow, or only be able to search."""

    INFO = 0
    WATCH = 1
    ALERT = 2
    FLASH = 3


class Role(StrEnum):
    """Whether an item tells of a hazard, or is a ministry speaking to the public."""

    SIGNAL = "signal"
    COMMUNICATION = "communication"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: a code of the catalogue (`why.<code>`) and the values its sentence needs.

    Stored as data, not as a sentence, so that each reader gets it in his own language.
    """

    code: str
    values: Mapping[str, Scalar] = field(default_factory=dict)
