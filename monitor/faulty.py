"""A faulty configuration file: told once it stays, kept as a mark, and told again when mended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from alerts.feednotice import Fault
from monitor.config.faults import FileFault, lines_of
from monitor.config.settings import Settings
from monitor.errors import ConfigError
from monitor.watching import tell_fault
from storage import meta

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

SETTLED = timedelta(seconds=20)  # a fault that stays so long is no save half done: it is mailed
RULES, FEEDS = "rules", "feeds"
_MARK = "config.fault."  # in the table of marks: the lines in both languages, "" when mended


@dataclass(frozen=True, slots=True)
class Standing:
    """A file that is faulty since `since`: `what` is rules or feeds, the lines by language."""

    what: str
    since: datetime
    lines: dict[str, tuple[str, ...]]


def standing(conn: Connection) -> list[Standing]:
    """The files that are faulty now, of which somebody was told; the rules first."""
    found = []
    for what in (RULES, FEEDS):
        mark = meta.get(conn, _MARK + what)
        if mark is not None and mark.value:
            lines = {language: tuple(said) for language, said in json.loads(mark.value).items()}
            found.append(Standing(what, mark.at, lines))
    return found


async def tell_of_fault(program: Program) -> None:
    """Mail those who keep a file, once, when its fault stays; and once when it is mended.

    What was told outlasts a restart.
    """
    told = program.faults_told
    if told is None:
        told = frozenset(each.what for each in await program.writer.read(standing))
    now, since = program.clock.now(), program.fault_since
    faults = by_file(program.config_fault, program.settings) if program.config_fault else {}
    for what in (RULES, FEEDS):
        error = faults.get(what)
        settled = since is not None and now - since >= SETTLED
        if (error is None) == (what not in told) or (error is not None and not settled):
            continue
        work = partial(_tell, program=program, what=what, error=error, since=since or now)
        await program.writer.write(work)
        told = told - {what} if error is None else told | {what}
    program.faults_told = told


def by_file(error: ConfigError, settings: Settings) -> dict[str, ConfigError]:
    """The faults of the feed list, and those of the rules with the files that they name."""
    if not isinstance(error, FileFault):
        return {FEEDS if str(error).startswith(str(settings.feeds)) else RULES: error}
    feeds = [each for each in error.faults if each.path == settings.feeds]
    rules = [each for each in error.faults if each.path != settings.feeds]
    found: dict[str, ConfigError] = {}
    if rules:
        found[RULES] = FileFault(*rules)
    if feeds:
        found[FEEDS] = FileFault(*feeds)
    return found


def _tell(
    conn: Connection, program: Program, what: str, error: ConfigError | None, since: datetime
) -> None:
    lines = {
        language: lines_of(error, language, short=True) if error else ()
        for language in ("en", "th")
    }
    told = Fault(lines["en"], thai=lines["th"], rules=what == RULES)
    tell_fault(conn, told, program.policy, program.settings, now=program.clock.now())
    meta.set(conn, _MARK + what, json.dumps(lines) if error else "", since)
