"""Whether an officer has looked at what an incident is, or the machine alone says so."""

from __future__ import annotations

from collections.abc import Iterable

from storage.records import Change, Incident

# Deeds by which an officer says what happened; taking an incident on, closing it or a note says
# nothing of that.
_LOOKED = frozenset(["reviewed", "renamed", "moved", "split", "absorbed"])
_SETTLED = frozenset(["opened", "title", "hazard", "categories", "countries", "place"])


def is_reviewed(incident: Incident, changes: Iterable[Change]) -> bool:
    """True once an officer opened it or corrected what it is, or which items it has."""
    if _SETTLED.intersection(incident.held):
        return True
    return any(each.kind in _LOOKED and each.by != "machine" for each in changes)
