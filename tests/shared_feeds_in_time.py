"""The sample documents of real feeds, each read on the day it was published.

`python -m tests.shared_feeds_in_time` moves a clock from document to document, oldest first,
polls each as a feed already known, and prints what became incidents and alerts. Read at today's
date they are all old news, which opens nothing and tells nobody.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.logs import configure
from monitor.parse.document import parse
from monitor.parse.entry import Hints, NotAFeed
from monitor.parse.worker import InlineParser
from storage import feeds, incidents, itemreads, outbox, schema
from storage.database import Connection, Database
from storage.records import Level
from tests.fakes import FakeFetcher, FakeMailer
from tests.office import ROOT
from tests.shared_feeds import FOLDER, Sample, samples

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def published(sample: Sample) -> datetime | None:
    """The newest time in the document that is not in the future."""
    body = (FOLDER / sample.name).read_bytes()
    try:
        entries = parse(body, Hints()).entries
    except NotAFeed:
        return None
    times = (each.values.updated_at or each.values.published_at for each in entries)
    return max((at for at in times if at and EARLIEST < at < datetime.now(UTC)), default=None)


async def replay(program: Program, clock: SetClock, order: list[tuple[datetime, Sample]]) -> None:
    """Poll each document half an hour after its newest entry."""
    await program.take_over_list()

    def known(conn: Connection) -> None:
        for state in feeds.states(conn):
            feeds.set_first_seen(conn, state.id, clock.now())

    await program.writer.write(known)
    for at, sample in order:
        clock.set(at + timedelta(minutes=30))
        await program.poll_named([sample.name])
        await program.tick(waits_elapsed=True)
    await program.close()


def main() -> int:
    """Print the numbers and the incidents that would have alerted."""
    if not FOLDER.is_dir():
        sys.stdout.write(f"the sample documents are not here: {FOLDER} is absent\n")
        return 0
    configure("text", level=logging.WARNING)
    dated = [(at, each) for each in samples() if (at := published(each)) is not None]
    order = sorted(dated, key=lambda pair: (pair[0], pair[1].name))
    with tempfile.TemporaryDirectory() as folder:
        network = FakeFetcher()
        lines = ["feeds:"]
        for _, sample in order:
            url = f"https://{sample.name}.example/"
            network.documents[url] = (FOLDER / sample.name).read_bytes()
            tier = "media" if sample.kind == "news" else "official"
            lines.append(
                f'  - {{name: {sample.name}, url: "{url}", kind: {sample.kind}, tier: {tier}}}'
            )
        path = Path(folder) / "feeds.yaml"
        path.write_text("\n".join(lines), encoding="utf-8")
        environ = {"MONITOR_VAR": folder}
        if "MONITOR_MODEL_DIR" in os.environ:
            environ["MONITOR_MODEL_DIR"] = os.environ["MONITOR_MODEL_DIR"]
        settings = read_settings(environ)
        clock = SetClock(order[0][0] - timedelta(days=1))
        database = Database(settings.database_url)
        schema.upgrade(database)
        program = build(
            settings, read_feedlist(path, {}), read_policy(ROOT / "alerts.yaml"),
            database=database, clock=clock, fetcher=network, parser=InlineParser(),
            mailer=FakeMailer(),
        )  # fmt: skip
        program.classifiers.build_here(lambda _: None)
        asyncio.run(replay(program, clock, order))
        database = Database(settings.database_url)
        with database.read() as conn:
            found = incidents.listing(conn, limit=100_000)
            notices = outbox.recent(conn, 100_000)
            tags = itemreads.count_by_category(conn)
            number = itemreads.count(conn)
        database.close()
    levels = Counter(each.level.name for each in found)
    sys.stdout.write(
        f"documents  {len(order)} with a date of {len(samples())}\nitems      {number}\n"
        f"tags       {tags}\nincidents  {dict(levels)}\n"
        f"notices    {dict(Counter(each.kind for each in notices))}\n"
    )
    for each in found:
        if each.level >= Level.ALERT:
            sys.stdout.write(f"  {each.opened_at:%Y-%m-%d} {each.level.name:5} {each.title_en}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
