"""Live configuration: a good edit is in force within seconds, a bad one changes nothing."""

from __future__ import annotations

import asyncio
import os
from functools import lru_cache
from pathlib import Path

import structlog
from watchfiles import awatch

from alerts.policy import Policy
from monitor.app import Program
from monitor.config.feedlist import FeedList
from monitor.config.lastgood import keep
from monitor.config.policyfile import files_named
from monitor.config.together import read_together
from monitor.errors import ConfigError
from monitor.faulty import tell_of_fault
from monitor.rules.changes import note
from monitor.tuning import byhand
from monitor.tuning.listfile import look

log = structlog.get_logger(__name__)

LOOK_EVERY_MS = 2000


async def watch_configuration(program: Program) -> None:
    """Watch the folders of the files (editors replace files by renaming) until cancelled.

    The files are looked at every few seconds as well: an edit that falls between the start and
    the first watch, or on a file system that reports nothing, is found all the same. So is a
    model that a command has put in force.
    """
    folders = {path.parent for path in files_watched(program)}
    read: list[tuple[int, int, int] | None] | None = None
    async for _ in awatch(
        *folders, recursive=False, step=200, rust_timeout=LOOK_EVERY_MS, yield_on_timeout=True
    ):
        await program.classifiers.follow()
        found = [_mark(path) for path in files_watched(program)]
        if found != read:
            read = found
            await reload_configuration(program)
        await tell_of_fault(program)


def files_watched(program: Program) -> list[Path]:
    """The two files, and those that `alerts.yaml` names, where they are and where they may come.

    While a fault stands, the file may name others than the policy in force does: the fault may
    lie in one of them, and be mended there alone.
    """
    settings, policy = program.settings, program.policy
    files = [settings.feeds, settings.alerts]
    for named in filter(None, (policy.missions_file, policy.holidays_file)):
        files += [named, settings.alerts.parent / named.name]
    files += policy.calendars
    if program.config_fault is not None:
        files += _named_now(settings.alerts, _mark(settings.alerts))
    return list(dict.fromkeys(path.resolve() for path in files))


@lru_cache(maxsize=4)
def _named_now(alerts: Path, mark: tuple[int, int, int] | None) -> tuple[Path, ...]:
    """What the file names; `mark` is the file's, so that it is read once for each change."""
    return files_named(alerts) if mark is not None else ()


def _mark(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file does; None when it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


async def reload_configuration(program: Program) -> bool:
    """Read both files and put them in force; False when one is wrong and the old stay."""
    try:
        feedlist, policy = await asyncio.to_thread(_read, program)
    except ConfigError as error:
        if program.config_fault is None:
            program.fault_since = program.clock.now()
        program.config_fault = error
        log.error("configuration_refused", fault=str(error), note="the last good one stays")
        return False
    known, now = (program.feedlist, program.policy), program.clock.now()
    if known != (feedlist, policy) or program.config_fault is not None:
        program.use(feedlist, policy)
        await program.take_over_list()
        if program.config_fault is not None:
            log.info("configuration_mended")
        program.config_fault = None
        log.info("configuration_in_force", feeds=len(feedlist.enabled), rules=len(policy.rules))
    await asyncio.to_thread(keep, program.settings.alerts, program.settings.var, policy, now)
    if known[1] != policy:
        await program.writer.write(lambda conn: note(conn, known[1], policy, now))
    await _keep_history(program, policy)  # behind it: an edit must not wait for its record
    return True


async def _keep_history(program: Program, policy: Policy) -> None:
    """Keep a version made by hand; tell the owner when it has taken back a change by program."""
    now = program.clock.now()
    file = program.settings.feeds
    try:
        found = await program.writer.read(
            lambda conn: byhand.found_by_hand(conn, lambda: look(file))
        )
    except ConfigError:
        return  # changed again meanwhile: the next look reads it
    if found is not None:
        await program.writer.write(
            lambda conn: byhand.keep(conn, found, policy, program.settings, now)
        )


def _read(program: Program) -> tuple[FeedList, Policy]:
    found = read_together(
        program.settings.feeds, program.settings.alerts, os.environ, program.feedlist
    )
    before, after = program.policy.missions_file, found[1].missions_file
    if before and after and before != after and before.name == after.name and not before.exists():
        # The shipped file would take its place, and what the ministry entered would be gone.
        raise ConfigError(f"{before} is gone: put it back; what it said stays in force until then")
    return found
