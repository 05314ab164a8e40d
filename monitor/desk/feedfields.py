"""The fields of a feed as a form: what stands in its entry, and what an officer made of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.config.faults import Said
from monitor.config.feedschema import KINDS, TIERS, fault_of_entry
from monitor.countryname import country_code, country_or_region
from monitor.desk.choosing import Choice
from monitor.desk.voice import Voice
from monitor.errors import ConfigError
from monitor.tuning.splice import Value

CATEGORIES = ("natural", "health", "human_made")
FORMATS = ("rss", "atom", "cap", "geojson", "json", "jsonfeed", "jma", "page")
PACES = ("steady", "adaptive")
FIRST = ("name", "url", "kind", "country", "coverage", "language", "every", "priority", "tags",
         "note")  # fmt: skip
MORE = ("publisher", "organisation", "tier", "category", "home", "pace", "timezone", "format",
        "selector", "alternates")  # fmt: skip
NEEDED = ("name", "url", "kind")
_LISTS = frozenset(["coverage", "tags", "alternates"])
_FLAGS = frozenset(["priority", "home"])
_CHOICES = {"kind": KINDS, "tier": TIERS, "category": CATEGORIES, "pace": PACES, "format": FORMATS}
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `control` is text, long, choice or flag; a flag's value is "on" or empty."""

    name: str
    label: str
    hint: str
    control: str
    value: str
    needed: bool
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """What is asked for first, and what is folded."""

    first: tuple[Field, ...]
    more: tuple[Field, ...]


def fields(entry: Mapping[str, Any], voice: Voice) -> Fields:
    """The form of an entry as it stands, or as it would be written."""
    shown = {key: _shown(entry.get(key)) for key in (*FIRST, *MORE)}
    return _fields(shown, voice)


def fields_again(given: Mapping[str, str], voice: Voice) -> Fields:
    """The form as an officer left it: nothing that was written is lost."""
    return _fields({key: given.get(key, "")[:_LONGEST] for key in (*FIRST, *MORE)}, voice)


def values_of(given: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Value]:
    """What differs from the entry `before`, as the list would have it; None takes a key away."""
    found: dict[str, Value] = {}
    for key in (*FIRST, *MORE):
        text = given.get(key, "").replace("\r\n", "\n").strip()
        if text == _shown(before.get(key)).strip():
            continue  # also what a form can show but not say, as a comma inside a tag
        value: Value = text or None
        if key in _FLAGS:
            value = True if text else None
        elif key == "alternates":
            value = text.split() or None
        elif key in _LISTS:
            value = [part.strip() for part in text.split(",") if part.strip()] or None
            if key == "coverage" and value:
                value = [country_or_region(part) for part in value]
        elif key == "country" and text:
            value = _country(text)
        found[key] = value
    return found


def _country(text: str) -> str:
    """Its code; a name that is none stays as it is, for `faulty_field` to tell of."""
    try:
        return country_code(text)
    except ConfigError:
        return text


def faulty_field(values: Mapping[str, Any]) -> tuple[str, Said] | None:
    """The first field that cannot be so, and why in the words of the list; None if all can."""
    fault = fault_of_entry({key: value for key, value in values.items() if value is not None})
    if fault is None:
        return None
    key, why = fault
    return key.partition(".")[0], why


def mark_of(entry: Mapping[str, Any]) -> str:
    """What tells an entry from itself as it stood before or after an edit."""
    text = json.dumps(entry, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _fields(shown: Mapping[str, str], voice: Voice) -> Fields:
    return Fields(
        first=tuple(_field(key, shown[key], voice) for key in FIRST),
        more=tuple(_field(key, shown[key], voice) for key in MORE),
    )


def _field(key: str, value: str, voice: Voice) -> Field:
    options: tuple[Choice, ...] = ()
    control = "long" if key in ("note", "alternates") else "text"
    if key in _FLAGS:
        control = "flag"
    elif key in _CHOICES:
        control = "choice"
        keys = _CHOICES[key] if key in NEEDED else ("", *_CHOICES[key])
        options = tuple(Choice(each, _word(key, each, voice), each == value) for each in keys)
    return Field(
        name=key,
        label=voice.say(f"tuning.field.{key}"),
        hint=voice.say_or(f"tuning.field.{key}.hint", ""),
        control=control,
        value=value,
        needed=key in NEEDED,
        options=options,
    )


def _word(field: str, key: str, voice: Voice) -> str:
    if not key:
        return voice.say("tuning.field.usual")
    if field == "format":
        return voice.say("tuning.field.page") if key == "page" else key
    if field == "pace":
        return voice.say(f"tuning.field.{key}")
    return voice.say(f"{field}.{key}")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list | tuple):
        return ("\n" if any("://" in str(each) for each in value) else ", ").join(map(str, value))
    return "" if value is None else str(value)
