"""Copies of one wire story: however many publishers print it, it is told once."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.incidents.similarity import likeness
from storage.records import Item

WIRE_COPY = 0.92


def independent(items: Sequence[Item]) -> int:
    """Publishers whose first report is no copy of another's (one wire story counts once)."""
    first: dict[str, str] = {}
    for item in items:
        first.setdefault(item.publisher, item.values.title)
    return len(_originals(tuple(first.values())))


_ORIGINALS: dict[tuple[str, ...], tuple[str, ...]] = {}  # of the incidents of late
_MOST_ORIGINALS = 1024


def _originals(titles: tuple[str, ...]) -> tuple[str, ...]:
    """The titles that are no copy of one before them.

    Kept for the next time: when one more publisher joins, only its title is compared.
    """
    found = _ORIGINALS.get(titles)
    if found is None:
        known = _ORIGINALS.get(titles[:-1])
        found, rest = (known, titles[-1:]) if known is not None else ((), titles)
        for title in rest:
            if all(likeness(title, other) < WIRE_COPY for other in found):
                found = (*found, title)
        if len(_ORIGINALS) >= _MOST_ORIGINALS:
            _ORIGINALS.clear()
        _ORIGINALS[titles] = found
    return found
