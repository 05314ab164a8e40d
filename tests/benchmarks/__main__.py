"""Runs every benchmark some rounds and prints medians; nothing here is asserted."""

from __future__ import annotations

import argparse
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from monitor.logs import configure
from tests.benchmarks import alerting, classify, linking, mailing, parsing, polling

Bench = Callable[[], tuple[int, str]]

BENCHES: dict[str, Bench] = {
    "parse RSS, 100 entries": parsing.feed,
    "parse RSS, 100 entries, by feedparser": parsing.feed_by_feedparser,
    "parse CAP, 50 alerts": parsing.cap,
    "read one headline, keyword rules": classify.keywords,
    "read one headline, model of words": classify.words,
    "read one headline, words and meaning": classify.meaning,
    "read one headline alone, with meaning": classify.one_by_one,
    "load the model": classify.ready,
    "link one item against 20,000 incidents": linking.against_many,
    "link a stream from its start": linking.replay,
    "decide and queue 1,000 changes, 5 rules, 10 officers": alerting.in_a_flood,
    "the same, 10,000 mails of their own": alerting.one_by_one,
    "poll 100 feeds, 30 new items each": polling.cold,
    "poll 100 feeds, unchanged bytes": polling.unchanged,
    "deliver 10,000 notices to a mail server": mailing.deliver,
}


def start_up() -> tuple[int, str]:
    """`monitor --help` as a whole process."""
    subprocess.run([sys.executable, "-m", "monitor", "--help"], check=True, capture_output=True)
    return 1, "process"


def main() -> None:
    """Print a line per benchmark: median time per unit and units per second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--replay", type=int, default=linking.REPLAYED, help="items of a stream")
    parser.add_argument("only", nargs="*", help="words that the name must hold")
    options = parser.parse_args()
    linking.REPLAYED = options.replay
    configure("text", level=logging.WARNING)
    for name, bench in {"monitor --help": start_up, **BENCHES}.items():
        if options.only and not any(word in name for word in options.only):
            continue
        units, per_unit, unit = 1, [], ""
        for _ in range(options.rounds):
            wall, cpu = time.perf_counter(), time.process_time()
            units, unit = bench()
            took = time.perf_counter() - wall
            per_unit.append((took / units, (time.process_time() - cpu) / units))
        wall_s = statistics.median(each[0] for each in per_unit)
        cpu_s = statistics.median(each[1] for each in per_unit)
        sys.stdout.write(
            f"{name:42} {wall_s * 1000:9.3f} ms wall, {cpu_s * 1000:9.3f} ms CPU a {unit}"
            f"  ({1 / wall_s:,.0f}/s, {units} a round)\n"
        )


if __name__ == "__main__":
    main()
