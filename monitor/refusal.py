"""What an officer asked for and cannot have, in the language of whoever asked."""

from __future__ import annotations

from typing import ClassVar

from alerts import words
from monitor.errors import MonitorError


class Refusal(MonitorError):
    """A sentence of the catalogue: `key` under the section of the class; as text, English."""

    section: ClassVar[str]

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(words.say(f"{self.section}.{key}", "en", zone=None, **values))
        self.key = key
        self.values = values

    def in_(self, language: str) -> str:
        """The sentence in a reader's language."""
        return words.say(f"{self.section}.{self.key}", language, zone=None, **self.values)


class NotDone(Refusal):
    """A deed on an incident that cannot be done."""

    section = "oncall.refused"
