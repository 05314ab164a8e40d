"""What can go wrong in this package."""

from __future__ import annotations


class ModelError(Exception):
    """The trained model is missing, damaged, or made by other code than this."""


class CorpusError(Exception):
    """A corpus or data line cannot be used; the text names the file and the line."""
