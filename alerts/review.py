"""How far an incident is confirmed and by whom, and whether an officer has looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts import clean, phrases, words
from storage.records import Change, Incident, Item, Role

CONFIRMING = ("official", "un")
_NAMES = 3
# Deeds by which an officer says what happened (a split opens one); taking an incident on, closing
# it or a note says nothing of that.
_LOOKED = frozenset(["reviewed", "renamed", "moved", "split", "absorbed", "opened"])
_SETTLED = frozenset(["opened", "title", "hazard", "categories", "countries", "place"])


def is_reviewed(incident: Incident, changes: Iterable[Change]) -> bool:
    """True once an officer opened it or corrected what it is, or which items it has."""
    if _SETTLED.intersection(incident.held):
        return True
    return any(each.kind in _LOOKED and each.by != "machine" for each in changes)


def confirmed_by(items: Iterable[Item]) -> tuple[str, ...]:
    """Whose word makes an incident officially confirmed: the authorities that reported it."""
    found = (
        each.publisher
        for each in items
        if each.role is Role.SIGNAL
        and each.tier in CONFIRMING
        and (each.reading.categories or each.values.hazard)
    )
    return tuple(dict.fromkeys(found))


def confirmation(incident: Incident, items: Sequence[Item], language: str) -> str:
    """How far it is confirmed: whose word it is where authorities or a side of a conflict spoke."""
    key = incident.confirmation
    if key == "several" and phrases.dead_differ(items):
        key = "several_differ"
    told = words.say_or(f"confirmation.{key}", language, key)
    names: Iterable[str] = ()
    if key == "official":
        names = (clean.one_line(name, 40) for name in confirmed_by(items)[:_NAMES])
    elif key == "claimed":
        said = dict.fromkeys(word for item in items for word in item.reading.claimed_by)
        names = (f"“{clean.isolated(clean.one_line(word, 40))}”" for word in list(said)[:_NAMES])
    shown = ", ".join(names)
    return f"{told} ({shown})" if shown else told
