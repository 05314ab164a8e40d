"""From a feed's publication to the mail server's 250: `python -m tests.benchmarks.latency`.

The real `monitor run`, a feed that is polled every five seconds, everything on loopback, FLASH at
once. The program's own share runs from the moment at which it fetched the new document.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.documents import Quake, quakes
from tests.feedserver import Page, eventually, feedserver
from tests.mailserver import mailserver
from tests.office import ROOT, Office

NOBODY = "flood: {count: 100000, within: 10m}"


def measure(rounds: int, folder: Path, model: Path) -> list[tuple[float, float]]:
    """For each published earthquake the whole time and the program's own, in seconds."""
    office = Office(folder, model)
    policy = (ROOT / "alerts.yaml").read_text(encoding="utf-8")
    text = policy.replace("flood: {count: 10, within: 10m}", NOBODY)
    (folder / "alerts.yaml").write_text(text, encoding="utf-8")
    dice, told = random.Random(1), list[Quake]()  # noqa: S311 - no secret
    fetched: dict[int, float] = {}

    def page() -> Page:
        fetched.setdefault(len(told), time.time())
        return Page(quakes(told).encode(), content_type="application/geo+json")

    with feedserver() as feeds, mailserver() as inbox:
        feeds.pages["q.geojson"] = page
        office.list_feeds({"name": "Quakes", "url": feeds.url("q.geojson")}, every="5s")
        office.environ.update(
            MONITOR_ALLOW_HOSTS=feeds.host,
            MONITOR_SMTP_URL=inbox.url,
            MONITOR_MAIL_FROM="alerts@ministry.example",
        )
        times = []
        with office.running():
            eventually(lambda: feeds.asked["q.geojson"] > 1, 60, "the feed is polled")
            time.sleep(5)  # what a start has to do besides is done by then
            for number in range(1, rounds + 1):
                time.sleep(dice.uniform(0, 5))
                at = datetime.now(UTC) - timedelta(seconds=60)
                lat, lon = -60 + 12.0 * (number % 10), -170 + 30.0 * (number // 10 % 11)
                place = f"{number} km N of Example Town, Myanmar"
                told.append(Quake(f"q{number}", 7.2, at, place=place, lat=lat, lon=lon))
                published, before = time.time(), len(inbox.taken)
                eventually(lambda before=before: len(inbox.taken) > before, 60, "a mail came")
                arrived = inbox.taken[before].at_s
                times.append((arrived - published, arrived - fetched[number]))
    return times


def main() -> None:
    """Print medians and the longest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--model", type=Path, default=ROOT / "var" / "model")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="latency."))
    try:
        times = measure(options.rounds, folder, options.model)
    finally:
        shutil.rmtree(folder)
    for name, values in (
        ("publication to 250", [each[0] for each in times]),
        ("own share", [each[1] for each in times]),
    ):
        sys.stdout.write(
            f"{name:20} median {statistics.median(values):.2f} s, longest {max(values):.2f} s"
            f" of {len(values)}\n"
        )


if __name__ == "__main__":
    main()
