"""Faults of the program's edge, each with one plain sentence for the person at the keyboard."""

from __future__ import annotations


class MonitorError(Exception):
    """Wrong use, bad input or a bad place to run: the sentence is for a person; exit code 2."""

    def in_(self, language: str) -> str:
        """The sentence in a reader's language; English where it has no words of the catalogue."""
        return str(self)

    def in_both(self) -> str:
        """The sentence in English and Thai, for whoever sits at the keyboard; once where alike."""
        return " · ".join(dict.fromkeys((self.in_("en"), self.in_("th"))))


class ConfigError(MonitorError):
    """A configuration file or setting is wrong.

    The text names file, line and key, and says what to write instead. Several faults of one
    file are several lines. `monitor.config.faults.FileFault` is the kind that speaks Thai as well.
    """
