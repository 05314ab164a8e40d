"""The catalogue of words: everything that officers read, in Thai and in English.

The words stand in `words.toml`; a ministry may lay its own file over it (`load`) and replace any
entry without touching code. An entry is found by its path: `level.FLASH`, `feed.timed_out.remedy`.

A placeholder may say how its value is written: `{level:level}` looks the value up in the section
`level`, `{countries:country}` names the countries of a comma list, `{until:time}` writes an ISO
time, `{dead:number}` a number, `{value:magnitude}` one like 7.0, `{far:km}` a distance,
`{toll:figures}` figures (`dead=12,injured=30`), `{rule:both}` takes `rule_th` or `rule_en`, and
`{minutes:minutes}`, `{seconds:seconds}` a duration.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alerts import dates
from alerts.errors import UnknownWord, WordsFileError
from storage.records import Scalar, Why

SHIPPED = Path(__file__).with_name("words.toml")
LANGUAGES = ("th", "en")
SINGLE = "one"  # the form of an entry for a `count` of 1
_HOME_ZONE = "Asia/Bangkok"
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class HazardWord:
    """A hazard key with the categories it may stand in and the broader key it belongs to.

    `glide` is the GLIDE code, None for our own keys. `old` marks GLIDE codes that are read but
    no longer given.
    """

    key: str
    glide: str | None
    categories: tuple[str, ...]
    within: str | None = None
    old: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One catalogue: path → language → text, and what is known of the hazards."""

    texts: Mapping[str, Mapping[str, str]]
    hazards: Mapping[str, HazardWord] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        """Whether the catalogue has this entry."""
        return key in self.texts

    def section(self, name: str) -> tuple[str, ...]:
        """The keys right below `name`, in the file's order: `section("level")` → INFO, …."""
        start = name + "."
        found = dict.fromkeys(
            path[len(start) :].split(".", 1)[0] for path in self.texts if path.startswith(start)
        )
        return tuple(found)

    def text(self, key: str, language: str) -> str:
        """The raw text of `key`. Raises UnknownWord."""
        try:
            entry = self.texts[key]
        except KeyError:
            raise UnknownWord(f"words.toml has no entry [{key}]") from None
        return entry["th" if language == "th" else "en"]

    def say(
        self, key: str, language: str, zone: tzinfo | None, values: Mapping[str, object]
    ) -> str:
        """The text of `key` with its placeholders filled. Raises UnknownWord."""
        text = self.text(self.form(key, values), language)
        return _Filler(self, key, language, zone).vformat(text, (), values)

    def form(self, key: str, values: Mapping[str, object]) -> str:
        """The key of the form for a `count` of 1 where the entry has one, else `key`."""
        single = f"{key}.{SINGLE}"
        return single if values.get("count") == 1 and self.has(single) else key


def read(extra: Path | None = None) -> Words:
    """The shipped catalogue, with the entries of `extra` in place of its own.

    Raises WordsFileError when a file is no TOML or an entry is incomplete.
    """
    tree = _toml(SHIPPED)
    if extra is not None:
        _overlay(tree, _toml(extra), extra)
    texts: dict[str, dict[str, str]] = {}
    _flatten(tree, (), texts, extra or SHIPPED)
    return Words(texts, {key: _hazard(key, table) for key, table in tree["hazard"].items()})


def load(extra: Path | None = None) -> Words:
    """Read the catalogue and use it from now on in this process; the start of a program calls it.

    One catalogue per process, since templates, pages and reasons all print from it.
    """
    global _current
    _current = read(extra)
    return _current


_current: Words | None = None


def current() -> Words:
    """The catalogue in use, read on first need."""
    return _current if _current is not None else load()


def say(key: str, language: str, /, *, zone: tzinfo | None = None, **values: object) -> str:
    """The words of `key` in `language`, Thai for `th` and English for anything else.

    `zone` is the home time zone for `{…:time}` placeholders (default Asia/Bangkok). Raises
    UnknownWord when the catalogue lacks the key or a placeholder has no value.
    """
    return current().say(key, language, zone, values)


def say_or(key: str, language: str, fallback: str) -> str:
    """The words of `key`, or `fallback`: for keys that come from outside (a source's own scale)."""
    words = current()
    return words.text(key, language) if words.has(key) else fallback


def reason(why: Why, language: str, *, zone: tzinfo | None = None) -> str:
    """The sentence of a reason. Never raises: a reason is shown in its bare form before it is lost.

    Reasons are stored as data and may be older than the catalogue, so that values can be missing.
    """
    words = current()
    key = f"why.{why.code}"
    if not words.has(key):
        values = ", ".join(f"{name}: {value}" for name, value in why.values.items())
        return f"{why.code} ({values})" if values else why.code
    known: dict[str, object] = dict(why.values)
    filler = _Filler(words, key, language, zone, lenient=True)
    return filler.vformat(words.text(words.form(key, known), language), (), known)


def reasons(whys: Iterable[Why], language: str, *, zone: tzinfo | None = None) -> tuple[str, ...]:
    """The sentences of several reasons, same order, each once."""
    return tuple(dict.fromkeys(reason(why, language, zone=zone) for why in whys))


def country(code: str | None, language: str, *, short: bool = False) -> str:
    """The name of a country or territory: the catalogue's, else Babel's, else the code itself.

    `short` takes the form for subjects and chips where there is one (เกาหลีใต้, สหรัฐฯ).
    """
    if not code:
        return say("country.unknown", language)
    words = current()
    if short and words.has(f"country.{code}.short"):
        return words.text(f"country.{code}.short", language)
    if words.has(f"country.{code}"):
        return words.text(f"country.{code}", language)
    return _territories("th" if language == "th" else "en").get(code, code)


def countries(codes: Iterable[str], language: str, *, short: bool = False) -> str:
    """Several countries in one line; "unknown" when there is none."""
    names = [country(code, language, short=short) for code in codes]
    return ", ".join(names) if names else say("country.unknown", language)


def hazard(key: str | None, language: str) -> str:
    """The name of a hazard; an unknown key is shown as it is, and None as "not known"."""
    if not key:
        return say("label.unknown", language)
    return say_or(f"hazard.{key}", language, key)


def category(key: str, language: str, *, short: bool = False) -> str:
    """The name of a category, in full or as a chip."""
    return say_or(f"category.{key}.short" if short else f"category.{key}", language, key)


def source_level(given: str, language: str) -> str:
    """A source's own level with its owner, the colour named in Thai: `GDACS: สีส้ม (Orange)`."""
    owner, colon, value = given.rpartition(":")
    value = value.strip()
    named = say_or(f"colour.{value.lower()}", language, "")
    if language != "th" or not named:
        return given
    return f"{owner}{colon} {named} ({value})".strip()


class _Filler(string.Formatter):
    """Fills plain `{name}` and `{name:how}` only; no attribute or index is ever looked at."""

    def __init__(
        self,
        words: Words,
        key: str,
        language: str,
        zone: tzinfo | None,
        *,
        lenient: bool = False,
    ) -> None:
        self._words = words
        self._key = key
        self._language = "th" if language == "th" else "en"
        self._zone = zone if zone is not None else ZoneInfo(_HOME_ZONE)
        self._lenient = lenient

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[object, str]:
        value = kwargs.get(f"{field_name}_{self._language}", kwargs.get(field_name))
        if value is None and not self._lenient:
            raise UnknownWord(f"[{self._key}] needs a value for {{{field_name}}}")
        return value, field_name

    def format_field(self, value: object, format_spec: str) -> str:
        if value is None:
            return _UNKNOWN
        if format_spec in ("", "both"):
            if isinstance(value, int | float) and not isinstance(value, bool):
                return dates.number(value)
            return str(value)
        try:
            return self._written(value, format_spec)
        except (ValueError, TypeError, OverflowError):
            return str(value)

    def _written(self, value: Any, how: str) -> str:
        if how == "number":
            return dates.number(float(value), digits=2)
        if how == "magnitude":
            return f"{float(value):.1f}"
        if how == "km":
            return dates.kilometres(float(value))
        if how == "country":
            return countries(_listed(value), self._language)
        if how in ("time", "zones"):
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            aware = at if at.tzinfo else at.replace(tzinfo=UTC)
            write = dates.moment if how == "time" else dates.moment_in_zones
            return write(aware, self._language, self._zone)
        if how in ("minutes", "seconds"):
            return dates.duration(timedelta(**{how: float(value)}), self._language)
        if how == "figures":
            return ", ".join(self._figure(part) for part in _listed(value))
        found = [self._word(how, part) for part in _listed(value)]
        return ", ".join(found) if found else _UNKNOWN

    def _figure(self, given: str) -> str:
        kind, _, count = given.partition("=")
        path = f"figure.{kind}.count"
        if not self._words.has(path):
            return given
        return self._words.say(path, self._language, self._zone, {"value": float(count)})

    def _word(self, section: str, name: str) -> str:
        path = f"{section}.{name}"
        return self._words.text(path, self._language) if self._words.has(path) else name


def _listed(value: Scalar | Iterable[str]) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, Iterable):
        return [str(part) for part in value]
    return [str(value)]


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale  # costs 30 ms, and most commands name no country

    return {str(code): str(name) for code, name in Locale(language).territories.items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WordsFileError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordsFileError(f"{path}: {error}") from error


def _overlay(base: dict[str, Any], extra: Mapping[str, Any], path: Path) -> None:
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            if any(isinstance(value.get(language), str) for language in LANGUAGES):
                base[key].pop(SINGLE, None)  # the shipped form would contradict the new text
            _overlay(base[key], value, path)
        elif isinstance(base.get(key), dict):
            raise WordsFileError(f"{path}: `{key}` must be a table with `th` and `en`")
        else:
            base[key] = value


def _flatten(
    table: Mapping[str, Any], path: tuple[str, ...], texts: dict[str, dict[str, str]], file: Path
) -> None:
    if any(language in table and not isinstance(table[language], dict) for language in LANGUAGES):
        texts[".".join(path)] = _entry(table, path, file)
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(value, (*path, key), texts, file)


def _entry(table: Mapping[str, Any], path: tuple[str, ...], file: Path) -> dict[str, str]:
    entry: dict[str, str] = {}
    for language in LANGUAGES:
        text = table.get(language)
        if not isinstance(text, str) or not text.strip():
            raise WordsFileError(f"{file}: [{'.'.join(path)}] needs a text for `{language}`")
        entry[language] = text
    return entry


def _hazard(key: str, table: Mapping[str, Any]) -> HazardWord:
    return HazardWord(
        key=key,
        glide=key if len(key) == 2 and key.isupper() else None,
        categories=tuple(table.get("categories", ())),
        within=table.get("within"),
        old=bool(table.get("old", False)),
    )
