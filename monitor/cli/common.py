"""What several commands need: settings, configuration, a program, output."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import MonitorError

if TYPE_CHECKING:
    from alerts.policy import Policy
    from monitor.config.feedlist import FeedList
    from monitor.config.lastgood import InForce
    from monitor.config.settings import Settings
    from monitor.typeddate import Typed
    from storage.database import Database


def add_json(parser: argparse.ArgumentParser) -> None:
    """The --json flag: machine-readable output and nothing else on standard output."""
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")


def by_whom(parser: argparse.ArgumentParser) -> None:
    """The options of what an officer does."""
    parser.add_argument("--by", help="who does it, an office or a login (default: yours)")
    add_json(parser)


def who(args: argparse.Namespace) -> str:
    """Who does it: what --by says, else the login."""
    import getpass

    return args.by or getpass.getuser()


def until(length: str | None, at: str | None, now: datetime) -> datetime | None:
    """The end that --for or --until names, None for neither. Raises MonitorError."""
    from monitor.cli.incident_deeds import moment
    from monitor.config.duration import parse_duration

    if length and at:
        raise MonitorError("write either --for or --until")
    if at:
        return moment(at, "--until")
    try:
        return now + parse_duration(length) if length else None
    except ValueError as error:
        raise MonitorError(f"--for: {error}") from error


def read_as(typed: Typed) -> Typed:
    """What was typed; how a Buddhist year was read is said on standard error."""
    if said := typed.read_as("en"):
        print(f"monitor: {said}", file=sys.stderr)
    return typed


def settings() -> Settings:
    """The settings of this environment, logging set up."""
    from monitor.config.settings import read_settings
    from monitor.logs import configure

    found = read_settings(os.environ)
    configure(found.log_format)
    return found


def quiet_logs() -> None:
    """Only warnings and worse on standard error, for commands whose output is read."""
    import logging

    from monitor.logs import configure

    configure("text", level=logging.WARNING)


def feedlist(config: Settings) -> FeedList:
    """The feed list in force."""
    from monitor.config.feedlist import read_feedlist

    return read_feedlist(config.feeds, os.environ)


def policy(config: Settings) -> Policy:
    """The alert policy in force, and the catalogue of words.

    While the file is faulty that is the version that was last in force, said on standard error.
    Raises ConfigError where there is none.
    """
    from monitor.config.lastgood import policy_in_force

    _load_words(config)
    return _told(policy_in_force(config.alerts, config.var), config)


def written_policy(config: Settings, path: Path | None = None) -> Policy:
    """The policy as it stands in the file, or in another one; the words of this program.

    Raises ConfigError where it is faulty, whatever is in force.
    """
    from monitor.config.policyfile import read_policy

    _load_words(config)
    return read_policy(path or config.alerts)


def configuration(config: Settings) -> tuple[FeedList, Policy]:
    """Feed list and policy as one, and the catalogue of words; told together when both are wrong.

    The policy is the one in force, as in `policy`. Raises ConfigError.
    """
    from monitor.config.lastgood import together_in_force

    _load_words(config)
    feedlist, found = together_in_force(config.feeds, config.alerts, os.environ, config.var)
    return feedlist, _told(found, config)


def _told(found: InForce, config: Settings) -> Policy:
    """Say on standard error, in both languages, that the file is faulty and what is in force."""
    if found.fault is not None and found.since is not None:
        from alerts import words
        from monitor.config.faults import lines_of

        for language in ("en", "th"):
            first, *more = lines_of(found.fault, language)
            text = words.say(
                "fault.old_in_force_more" if more else "fault.old_in_force", language,
                fault=first, more=len(more), file=config.alerts.name,
                since=when(found.since, found.policy, language),
            )  # fmt: skip
            print(f"monitor: {text}", file=sys.stderr)
    return found.policy


def _load_words(config: Settings) -> None:
    from alerts import words
    from alerts.errors import WordsFileError

    try:
        words.load(config.words)
    except WordsFileError as error:
        if config.words is None:
            raise
        raise MonitorError(f"MONITOR_WORDS: {error}") from error


@contextmanager
def database(config: Settings, *, create: bool = False) -> Iterator[Database]:
    """The database at the program's own version.

    `create` makes a new SQLite one and brings an older one up to date. Raises StorageError.
    """
    from storage import schema
    from storage.database import Database

    path = config.sqlite_path
    if create and path is not None:
        if path.parent == config.var or not path.parent.exists():
            config.make_var()
        path.parent.mkdir(parents=True, exist_ok=True)
    if not create and path is not None and not path.exists():
        raise MonitorError(f"there is no database at {path} yet: start `monitor run` first")
    opened = Database(config.database_url)
    try:
        if create:
            keep_copy(config, opened)
            schema.upgrade(opened)
        else:
            schema.require_current(opened)
        yield opened
    finally:
        opened.close()


def zone(name: str) -> str:
    """The name of a time zone as it is. Raises MonitorError if there is none of that name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MonitorError(
            f"--timezone {name!r} is no time zone: write for example Asia/Bangkok or UTC"
        ) from error
    return name


def keep_copy(config: Settings, opened: Database) -> None:
    """Copy an older SQLite database before it is brought up to date."""
    from storage import schema
    from storage.backup import backup

    path = config.sqlite_path
    if path is None or not path.exists():
        return
    before = schema.revision(opened)
    if before is None or before == schema.head():
        return
    schema.refuse_newer(before)
    copy = path.with_name(f"{path.stem}-before-{schema.head()}{path.suffix}")
    if not copy.exists():
        backup(opened, copy)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(as_json_text(value))


def as_json_text(value: object) -> str:
    """One JSON document as text."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def print_line(value: object) -> None:
    """One JSON object on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def read_input(name: str | None) -> bytes:
    """The bytes of a file, or of standard input for `-` or nothing."""
    if name in (None, "-"):
        return sys.stdin.buffer.read()
    try:
        return Path(str(name)).read_bytes()
    except OSError as error:
        raise MonitorError(f"cannot read {name}: {error.strerror or error}") from error


def heads(language: str, *keys: str) -> list[str]:
    """Headings of a table: words of `[table]`, or of `[cli]` where that has none."""
    from alerts import words

    known = words.current()
    return [
        words.say(f"table.{key}" if known.has(f"table.{key}") else f"cli.{key}", language)
        for key in keys
    ]


def table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> str:
    """Columns aligned by what is seen: Thai marks above and below take no width."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [
        max([shown_width(head), *(shown_width(row[index]) for row in texts)])
        for index, head in enumerate(heads)
    ]
    lines = [_row(heads, widths), _row(["-" * width for width in widths], widths)]
    return "\n".join([*lines, *(_row(row, widths) for row in texts)])


def when(at: datetime, policy: Policy, language: str) -> str:
    """A time in a list: day, year and clock of the home time zone, the year B.E. in Thai."""
    from zoneinfo import ZoneInfo

    from alerts import dates

    zone = ZoneInfo(policy.timezone)
    day = dates.day(at.astimezone(zone).date(), language, weekday=False)
    return f"{day} {dates.clock(at, language, zone)}"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - shown_width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def shown_width(text: str) -> int:
    """Columns a terminal gives the text."""
    import unicodedata

    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    marks = sum(unicodedata.category(each) in ("Mn", "Me", "Cf") for each in text)
    return len(text) + wide - marks
