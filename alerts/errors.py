"""What can go wrong in this package, said so that the caller can decide."""

from __future__ import annotations


class AlertsError(Exception):
    """The root of this package's errors."""


class UnknownWord(AlertsError):
    """The catalogue has no entry of that key, or the entry lacks a value it needs."""


class WordsFileError(AlertsError):
    """A words file cannot be read; the message names the file and what to mend."""


class DeliveryError(AlertsError):
    """The mail could not be handed over.

    `permanent` says that trying again cannot help; `response` is the other side's answer, or
    the fault in words, and never holds a password.
    """

    def __init__(self, response: str, *, permanent: bool = False) -> None:
        super().__init__(response)
        self.response = response
        self.permanent = permanent


class PictureError(AlertsError):
    """A picture or a page cannot be drawn; what it belongs to goes out without it."""
