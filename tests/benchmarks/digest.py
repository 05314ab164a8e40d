"""How long the digest of a heavy day takes, and how much memory: 5,000 items, 200 incidents.

`python -m tests.benchmarks.digest` prints it; `--check` exits 1 past 10 s of CPU or 400 MB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time as clock
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts import words
from alerts.digest.render import ONWARD
from monitor.digest import daily
from monitor.digest.printing import as_pdf
from storage import digests, feeds, incidents, items, outbox, schema
from storage.database import Connection, Database
from storage.items import NewItem
from storage.records import Figure, ItemValues, Level, Reading, Role, Tag, Why
from tests.monitor.digest_worker import the_policy, the_settings
from tests.storage import make

ITEMS, EVENTS, FEEDS = 5_000, 200, 200
SECONDS, MEGABYTES = 10.0, 400.0
NOW = datetime(2026, 11, 23, 0, 0, 5, tzinfo=UTC)


def fill(conn: Connection) -> None:
    """A day with so many items, a fifth of them in incidents spread over the world."""
    began = NOW - timedelta(hours=23)
    listed = feeds.sync(
        conn, [make.identity(f"feed-{n}") for n in range(FEEDS)], began - timedelta(days=9)
    )
    ids = [state.id for state in listed.values()]
    opened = [
        incidents.open_incident(
            conn,
            now=began + timedelta(minutes=6 * n),
            year=2026,
            title_en=f"Country – flood number {n} near a river",
            title_th=f"ประเทศ – น้ำท่วมครั้งที่ {n} ใกล้แม่น้ำ",
            categories=(("natural", "health", "human_made")[n % 3],),
            countries=("MM",),
            level=Level(n % 4),
            lat=-60.0 + 0.6 * n,
            lon=-170.0 + 1.7 * n,
            figures=(Figure("dead", n, f"{n} dead", "Agency", NOW),),
        )
        for n in range(EVENTS)
    ]
    news = [
        NewItem(
            feed_id=ids[n % FEEDS],
            role=Role.SIGNAL,
            values=ItemValues(
                f"Flood {n} in the north of the country kills {n % 50}",
                summary="Rain fell for three days. " * 8,
                link=f"https://feeds.example/{n}",
                published_at=began + timedelta(seconds=16 * n),
            ),
            content_hash=f"hash {n}",
            reading=Reading(tags=(Tag("natural", 0.9, ("flood",)),), hazard="FL", language="en"),
            keys=(("guid", str(n)),),
        )
        for n in range(ITEMS)
    ]
    made = items.insert_many(conn, news, now=NOW - timedelta(hours=2))
    linked, alone = made[::5], [each for place, each in enumerate(made) if place % 5]
    incidents.add_items(
        conn,
        [(opened[n % EVENTS].id, item_id, ()) for n, item_id in enumerate(linked)],
        now=NOW,
    )
    items.set_dispositions(conn, {item_id: (Why("no_rule"),) for item_id in alone})


def measured(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds and what `work` gave."""
    started = clock.process_time()
    found = work()
    return clock.process_time() - started, found


def run() -> tuple[float, float]:
    """Decide the day's digest for five people and draw both PDFs; CPU seconds of the decision,
    and the greatest memory of the process in MB."""
    words.load()
    policy, settings = the_policy(), the_settings()
    plan = policy.digests[0]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'day.db'}")
        schema.upgrade(database)
        with database.write() as conn:
            daily.mark_started(conn, NOW - timedelta(days=3))
            fill(conn)

        def decide() -> int:
            with database.read() as conn:
                (owed,) = daily.owed(conn, policy, now=NOW)
                ready = daily.make_ready(conn, owed, policy, settings, now=NOW)
            with database.write() as conn:
                return daily.settle(conn, ready, now=NOW)

        seconds, notices = measured(decide)
        with database.read() as conn:
            content = daily.stored(conn, plan, digests.listing(conn, limit=1)[0].local_date)
            sizes = [len(each.mime) for each in outbox.recent(conn, 50)]
        assert content is not None
        reader = replace(daily.readers_of(plan, policy, NOW)[0], language="th")
        drawn = daily.drawn_for(content, "th", policy)
        pages = {
            edition: measured(
                lambda edition=edition: as_pdf(
                    content, reader, policy, edition=edition, drawn=drawn, made_at=NOW
                )
            )[0]
            for edition in ("desk", ONWARD)
        }
        database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"digest of {ITEMS} items, {EVENTS} incidents: decided in {seconds:.1f} s of CPU, "
        f"{notices} mails of at most {max(sizes) / 1024:.0f} KB; PDF desk {pages['desk']:.1f} s, "
        f"onward {pages[ONWARD]:.1f} s; at most {memory:.0f} MB\n"
    )
    return seconds, memory


if __name__ == "__main__":
    took, held = run()
    sys.exit("--check" in sys.argv and (took > SECONDS or held > MEGABYTES))
