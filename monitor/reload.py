"""Live configuration: a good edit is in force within seconds, a bad one changes nothing."""

from __future__ import annotations

import asyncio
import os

import structlog
from watchfiles import awatch

from alerts.policy import Policy
from monitor.app import Program
from monitor.errors import ConfigError
from monitor.feedlist import FeedList, read_feedlist
from monitor.policyfile import read_policy

log = structlog.get_logger(__name__)


async def watch_configuration(program: Program) -> None:
    """Watch the folders of both files (editors replace files by renaming) until cancelled."""
    settings = program.settings
    watched = {settings.feeds.resolve(), settings.alerts.resolve()}
    names = {str(path) for path in watched}
    async for changes in awatch(*{path.parent for path in watched}, recursive=False, step=200):
        if names & {path for _, path in changes}:
            await reload_configuration(program)


async def reload_configuration(program: Program) -> bool:
    """Read both files and put them in force; False when one is wrong and the old stay."""
    try:
        feedlist, policy = await asyncio.to_thread(_read, program)
    except ConfigError as error:
        program.config_fault = str(error)
        log.error("configuration_refused", fault=str(error), note="the last good one stays")
        return False
    program.use(feedlist, policy)
    await program.take_over_list()
    if program.config_fault is not None:
        log.info("configuration_mended")
    program.config_fault = None
    log.info("configuration_in_force", feeds=len(feedlist.enabled), rules=len(policy.rules))
    return True


def _read(program: Program) -> tuple[FeedList, Policy]:
    return (
        read_feedlist(program.settings.feeds, os.environ),
        read_policy(program.settings.alerts),
    )
