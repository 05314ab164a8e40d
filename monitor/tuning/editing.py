"""Edits of the feed list as values, from text to text, each proved before it is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.config.yamlfile import parse_yaml, plain
from monitor.errors import ConfigError
from monitor.tuning.refused import NotChanged
from monitor.tuning.splice import Cut, Value, applied, layout, put, put_in, take_out


@dataclass(frozen=True, slots=True)
class Add:
    """A new entry, written behind the entry called `behind`, or at the end of the list."""

    values: Mapping[str, Value]
    behind: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """New values for the entry called `name`; None takes a key away."""

    name: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Remove:
    """The entry called `name` goes; comments above it stay."""

    name: str


Edit = Add | Change | Remove


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits; what they do not concern stays letter for letter.

    At most one edit of each entry. Raises ConfigError where an entry is not there, or where the
    text is written in a way that the edit cannot be made in (then nothing is changed).
    """
    where = layout(text)
    _refuse_taken(edits, [each.name for each in where.entries])
    cuts: list[Cut] = []
    added: dict[str | None, list[Mapping[str, Value]]] = {}
    for edit in edits:
        match edit:
            case Add(values, behind):
                added.setdefault(behind, []).append(values)
            case Change(name, values):
                cuts += put(where, name, values)
            case Remove(name):
                cuts.append(take_out(where, name))
    cuts += [put_in(where, entries, behind=behind) for behind, entries in added.items()]
    after = applied(text, cuts)
    if _read(after) != _expected(_read(text), edits):
        raise NotChanged("by_hand_only")
    return after


def entries_of(text: str) -> list[dict[str, Any]]:
    """The entries as the file has them, without defaults. Raises ConfigError."""
    return list(_whole(text)["feeds"])


def _refuse_taken(edits: Sequence[Edit], names: Sequence[str]) -> None:
    taken = set(names)
    for edit in edits:
        name = None if isinstance(edit, Remove) else edit.values.get("name")
        old = edit.name if isinstance(edit, Change) else None
        if name is not None and name != old and name in taken:
            raise NotChanged("name_taken", name=repr(name))


def _read(text: str) -> dict[str, Any]:
    found = _whole(text)
    return {**found, "feeds": sorted(found["feeds"], key=lambda each: str(each.get("name")))}


@lru_cache(maxsize=3)  # the versions before and after an edit are asked for again and again
def _whole(text: str) -> Mapping[str, Any]:
    found: dict[str, Any] = plain(parse_yaml(text))
    feeds = found.get("feeds") or []
    if any(not isinstance(each, dict) for each in feeds):
        raise ConfigError("an entry of the list is no feed")
    return {**found, "feeds": feeds}


def _expected(before: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    feeds = {str(each.get("name")): dict(each) for each in before["feeds"]}
    for edit in edits:
        match edit:
            case Add(values, _):
                kept = {key: _plain(value) for key, value in values.items() if value is not None}
                feeds[str(values["name"])] = kept
            case Change(name, values):
                feed = feeds.pop(name)
                for key, value in values.items():
                    feed.pop(key, None)
                    if value is not None:
                        feed[key] = _plain(value)
                feeds[str(feed["name"])] = feed
            case Remove(name):
                del feeds[name]
    return {**before, "feeds": sorted(feeds.values(), key=lambda each: str(each.get("name")))}


def _plain(value: Value) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
