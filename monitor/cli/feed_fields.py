"""The options by which `monitor feeds add` and `edit` say what stands in an entry of the list."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.tuning.splice import Value

_TEXTS = (  # option, help
    ("name", "what officers read; `edit --name` renames, the history stays"),
    ("publisher", "who publishes it"),
    ("country", "the country that speaks: its ISO code or its name, for example MM or Myanmar"),
    ("organisation", "for a publisher that is no country"),
    ("language", "ISO code of two small letters, for example th"),
    ("every", "how often it is read: 5m, 15m, 1h"),
    ("timezone", "zone of dates without one, for example Asia/Bangkok"),
    ("encoding", "only where the declared one is wrong"),
    ("selector", "with --format page: which links of the page are entries, as a CSS selector"),
    ("note", "a remark"),
    ("id", "a key of your own under which the history is kept"),
)
_LISTS = (
    ("coverage", "countries (codes or names) and regions it speaks of, with commas: MM,LA"),
    ("tags", "words of your own, with commas"),
    ("alternates", "other addresses of the same feed, with commas"),
)
_CHOICES = (
    ("kind", ("hazard", "health", "human_made", "ministry", "advice", "news")),
    ("tier", ("official", "un", "wire", "media", "other")),
    ("category", ("natural", "health", "human_made")),
    ("format", ("auto", "rss", "atom", "cap", "geojson", "json", "jsonfeed", "jma", "page")),
    ("pace", ("steady", "adaptive")),
)
_FLAGS = (
    ("priority", "watched closely: a lane of its own, tighter back-off"),
    ("home", "it speaks for our own ministry or a mission of ours"),
)


def add_fields(parser: argparse.ArgumentParser) -> None:
    """The options of an entry."""
    of = parser.add_argument_group("what stands in the list")
    for name, told in _TEXTS:
        of.add_argument(f"--{name}", help=told)
    for name, told in _LISTS:
        of.add_argument(f"--{name}", help=told)
    for name, choices in _CHOICES:
        of.add_argument(f"--{name}", choices=choices)
    for name, told in _FLAGS:
        of.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, help=told)


def fields_of(args: argparse.Namespace) -> dict[str, Value]:
    """What was given of an entry, as it stands in the list. Raises ConfigError for no country."""
    from monitor.countryname import country_code, country_or_region

    found: dict[str, Value] = {}
    for name in (*(each for each, _ in _TEXTS), *(each for each, _ in _CHOICES)):
        value = getattr(args, name, None)
        if value is not None:
            found[name] = value.strip()
    for name, _ in _LISTS:
        value = getattr(args, name, None)
        if value is not None:
            found[name] = [part.strip() for part in value.split(",") if part.strip()]
    if given := getattr(args, "country", None):
        found["country"] = country_code(given)
    if getattr(args, "coverage", None):
        found["coverage"] = [
            country_or_region(part) for part in args.coverage.split(",") if part.strip()
        ]
    for name, _ in _FLAGS:
        value = getattr(args, name, None)
        if value is not None:
            found[name] = value or None  # the default needs no line
    if found.get("format") == "auto":
        found["format"] = None
    return found


def until(text: str | None, timezone: str) -> datetime | None:
    """A day or time as an officer writes it, in the home zone. Raises NoDate."""
    from monitor.cli import common
    from monitor.typeddate import typed_time

    return None if text is None else common.read_as(typed_time(text, "--until", timezone)).at


def add_who(parser: Any) -> None:
    """Who edits and why: kept in the history."""
    parser.add_argument("--by", help="who edits, an office or a login (default: yours)")
    parser.add_argument("--why", default="", help="why, in words; kept in the history")
    parser.add_argument("--lang", choices=("th", "en"), default="en", help="language of the answer")
