"""Faults of the program's edge, each with one plain sentence for the person at the keyboard."""

from __future__ import annotations


class MonitorError(Exception):
    """Wrong use, bad input or a bad place to run: the sentence is for a person; exit code 2."""


class ConfigError(MonitorError):
    """A configuration file or setting is wrong.

    The text names file, line and key, and says what to write instead. Several faults of one
    file are several lines.
    """
