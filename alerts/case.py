"""What a rule is asked about: an incident, the change that touched it, and the moment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from alerts.hours import is_night
from alerts.policy import Condition, Policy
from storage.records import Change, Incident, Item, Level

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

# Which of the wanted words stand in one of the texts, as whole words of their script.
Finder: TypeAlias = Callable[[Sequence[str], Sequence[str]], tuple[str, ...]]


def plain(text: str) -> str:
    """`text` as words are compared: compatible forms, no case, nothing invisible."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def anywhere(wanted: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """The finder that knows no word boundaries: a word counts wherever its letters stand."""
    read = plain("\n".join(texts))
    return tuple(word for word in wanted if plain(word) in read)


@dataclass(frozen=True, slots=True)
class Tools:
    """What the conditions need and alerts may not import: who cuts words, who scales advice.

    `advice_step` gives the common scale's step (1 to 4) of an item's travel advice, None if it
    has none.
    """

    find: Finder = anywhere
    advice_step: Callable[[Item], int | None] = lambda item: None


PLAIN = Tools()


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the rules. `item` is what made the change, None if no item did."""

    incident: Incident
    change: Change
    item: Item | None
    policy: Policy
    now: datetime
    tools: Tools = PLAIN

    def least(self, condition: Condition) -> Level | None:
        """The level that the condition asks for at this moment, None if it asks for none."""
        if condition.night_level is None:
            return condition.min_level
        return condition.level_at(self.night)

    @property
    def night(self) -> bool:
        """Whether the thresholds for the night and for holidays hold."""
        policy = self.policy
        return is_night(policy.day, policy.holidays, ZoneInfo(policy.timezone), self.now)
