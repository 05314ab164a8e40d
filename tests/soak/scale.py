"""`python -m tests.soak.scale`: the processor time of one pass over 10,000 unchanged feeds.

The program polls all of them as `monitor poll --all --json` does: once to learn them, then again
and again while the server answers 304. Keyword rules read the texts, for a 304 has none.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.soak.plan import feed_list, sources
from tests.soak.playing import NETS, feed_server, make_office
from tests.soak.run import say

POLL_WITHIN_S = 3600.0


@dataclass(frozen=True, slots=True)
class Pass:
    """One `monitor poll --all`: seconds of the pass alone and of the whole process, and states."""

    cpu_s: float
    process_cpu_s: float
    wall_s: float
    states: dict[str, int]

    def line(self) -> str:
        """For the report."""
        states = ", ".join(f"{name} {count}" for name, count in sorted(self.states.items()))
        return (
            f"{self.cpu_s:7.2f} s CPU in the pass, {self.process_cpu_s:7.2f} s with start and "
            f"end, {self.wall_s:7.2f} s of wall time: {states}"
        )


def passes(
    folder: Path, feeds: int, rounds: int, say: Callable[[str], None] = lambda line: None
) -> tuple[Pass, list[Pass]]:
    """The first pass, in which everything is new, and so many in which nothing is."""
    found: list[Pass] = []
    with feed_server(str(feeds), "--still", "--entries", "1") as network:
        listed = feed_list(sources(feeds, still=True), network.port)
        office = make_office(folder, folder / "no-model", listed)
        office.environ["MONITOR_ALLOW_HOSTS"] = NETS
        for _ in range(1 + rounds):
            told = office.monitor("poll", "--all", "--json", timeout_s=POLL_WITHIN_S)
            found.append(_pass(json.loads(told.ok())))
            say(found[-1].line())
    return found[0], found[1:]


def _pass(said: dict[str, Any]) -> Pass:
    states = Counter(str(row["state"]) for row in said["feeds"])
    return Pass(said["cpu_s"], said["process_cpu_s"], said["wall_s"], dict(states))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.scale", description=__doc__)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak.") as folder:
        _, unchanged = passes(Path(folder), options.feeds, options.rounds, say)
    median = statistics.median(each.cpu_s for each in unchanged)
    sys.stdout.write(f"{options.feeds} feeds answered with 304: {median:.2f} s CPU (median)\n")


if __name__ == "__main__":
    main()
