"""A program that decides what is due on a database, and can be killed at a named step of it.

Called as `python -m tests.monitor.digest_worker URL NOW STEP`; STEP is empty for none.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, time
from typing import Any

from alerts import words
from alerts.policy import DigestPlan, Policy
from monitor.config.settings import Settings, read_settings
from monitor.digest import daily
from storage import outbox
from storage.database import Database
from tests.alerts.policies import policy

STEPS = ("ready", "decided", "queued", "committed")


def the_policy() -> Policy:
    """One digest at seven for two teams, a draft half an hour before, one onward edition."""
    plan = DigestPlan(
        "daily", time(7), ("duty", "information"), draft=time(6, 30), onward=("head",)
    )
    return policy(digests=(plan,))


def the_settings() -> Settings:
    """Settings without a mail server."""
    return read_settings({"MONITOR_MAIL_FROM": "digest@ministry.example"})


def decide(database: Database, now: datetime, step: str = "") -> int:
    """Decide what is owed at `now`, dying at `step`; how many notices that made."""
    rules, settings = the_policy(), the_settings()

    def die_at(name: str) -> None:
        if step == name:
            os.kill(os.getpid(), signal.SIGKILL)

    made = 0
    with database.read() as conn:
        ready = [
            daily.make_ready(conn, each, rules, settings, now=now)
            for each in daily.owed(conn, rules, now=now)
        ]
    die_at("ready")
    for each in ready:
        with database.write() as conn:
            made += daily.settle(conn, each, now=now)
            die_at("queued")
        die_at("committed")
    return made


def main() -> None:
    """Run once."""
    url, now, step = sys.argv[1:4]
    words.load()
    if step == "decided":  # the row is written, no notice is

        def die(*given: Any) -> int | None:
            os.kill(os.getpid(), signal.SIGKILL)
            return None

        outbox.enqueue = die
    database = Database(url)
    try:
        sys.stdout.write(f"{decide(database, datetime.fromisoformat(now), step)}\n")
    finally:
        database.close()


if __name__ == "__main__":
    main()
