"""Every change of `alerts.yaml` that was taken over, in the audit log: what changed, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts import words
from alerts.policy import Policy
from monitor.config.lastgood import keep, recall
from monitor.config.settings import Settings
from storage import audit
from storage.records import Json

if TYPE_CHECKING:
    from storage.database import Connection, Database

ACTION, SUBJECT = "rules.changed", "alerts.yaml"
BY_HAND = "by hand"
_LISTED = ("rules", "teams", "people", "digests", "missions", "departments")  # by id
_PARTS = ("regions", "levels", "timing", "escalation", "voices", "day", "holidays")


@dataclass(frozen=True, slots=True)
class Part:
    """What changed of one part of the file: ids added, removed and changed.

    A part that is no list, such as the levels, has no ids: `changed` names the keys.
    """

    name: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesChange:
    """One version that was taken over."""

    id: int
    at: datetime
    who: str
    parts: tuple[Part, ...]

    def lines(self, language: str) -> tuple[str, ...]:
        """A line for each part, in a reader's language."""
        return tuple(line for part in self.parts for line in _said(part, language))

    def parts_json(self) -> dict[str, Json]:
        """What changed, as it is kept."""
        return _as_json(self.parts)


def parts_changed(before: Policy, after: Policy) -> tuple[Part, ...]:
    """What is different, empty where only comments or the order of lines are."""
    found = []
    for name in _LISTED:
        part = _compared(name, _by_id(getattr(before, name)), _by_id(getattr(after, name)))
        if part is not None:
            found.append(part)
    for name in _PARTS:
        part = _compared(name, _keys(getattr(before, name)), _keys(getattr(after, name)))
        if part is not None:
            found.append(part)
    known = {*_LISTED, *_PARTS, "missions_file", "holidays_file", "calendars"}
    rest = tuple(
        each.name
        for each in fields(Policy)
        if each.name not in known and getattr(before, each.name) != getattr(after, each.name)
    )
    return (*found, Part("home", changed=rest)) if rest else tuple(found)


def note(conn: Connection, before: Policy, after: Policy, now: datetime) -> int | None:
    """Write down that `after` is in force from `now`; its number, None where nothing differs."""
    parts = parts_changed(before, after)
    if not parts:
        return None
    shown = _as_json(parts)
    return audit.record(
        conn, at=now, who=BY_HAND, action=ACTION, subject=SUBJECT, after={"parts": shown}
    )


def begin(settings: Settings, policy: Policy, database: Database, now: datetime) -> None:
    """At the start of the program: write down what was changed since it last ran, and keep it.

    Nothing is done while `policy` is the version last in force because the file is faulty.
    """
    before = recall(settings.alerts, settings.var)
    if before is None or before.policy != policy:
        if before is not None:
            with database.write() as conn:
                note(conn, before.policy, policy, now)
        keep(settings.alerts, settings.var, policy, now)


def changes_between(conn: Connection, start: datetime, end: datetime) -> list[RulesChange]:
    """The versions taken over from `start` until before `end`, oldest first."""
    found = [each for each in listing(conn, 1000) if start <= each.at < end]
    return found[::-1]


def listing(conn: Connection, limit: int = 20) -> list[RulesChange]:
    """The last versions that were taken over, newest first."""
    entries = audit.listing(conn, limit=limit, subject=SUBJECT)
    return [
        RulesChange(each.id, each.at, each.who, _parts_of(each.after))
        for each in entries
        if each.action == ACTION
    ]


def _as_json(parts: Sequence[Part]) -> dict[str, Json]:
    return {
        part.name: {"added": [*part.added], "removed": [*part.removed], "changed": [*part.changed]}
        for part in parts
    }


def _parts_of(after: Any) -> tuple[Part, ...]:
    shown = after.get("parts") if isinstance(after, dict) else None
    if not isinstance(shown, dict):
        return ()
    return tuple(
        Part(name, *(tuple(map(str, of.get(key, ()))) for key in ("added", "removed", "changed")))
        for name, of in shown.items()
        if isinstance(of, dict)
    )


def _said(part: Part, language: str) -> Iterable[str]:
    name = words.say(f"rules_changed.part.{part.name}", language)
    for how in ("added", "removed", "changed"):
        if ids := getattr(part, how):
            yield words.say(f"rules_changed.{how}", language, part=name, names=", ".join(ids))


def _compared(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> Part | None:
    part = Part(
        name,
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        changed=tuple(key for key, value in new.items() if key in old and old[key] != value),
    )
    return part if part.added or part.removed or part.changed else None


def _by_id(entries: Any) -> Mapping[str, object]:
    return entries if isinstance(entries, Mapping) else {each.id: each for each in entries}


def _keys(of: Any) -> Mapping[str, object]:
    """The values of a part by the name of their key."""
    if of is None:
        return {}
    if isinstance(of, Mapping):
        return {getattr(key, "name", None) or str(key): value for key, value in of.items()}
    return {each.name: getattr(of, each.name) for each in fields(of)}
