"""This program beside other pollers on the same feeds in one run: ratios of CPU and wall time.

The harness (feed server, the other pollers and their adapters) is no part of the project:
MONITOR_TEST_PEERS names its folder, MONITOR_TEST_PEERS_PYTHON a Python that has what it needs.
Without them there is nothing to run. Scenarios: `cold` (all new), `s304` (nothing has changed,
by validators), `s200` (the same bytes again), `new1` (one new entry of thirty in every feed).

Two figures for this program: `monitor` is the whole process, start and end included, as for
every other one; `monitor, pass` is the pass alone, as it costs inside the running program.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.benchmarks.steps import BEYOND, without_beyond

PROJECT = Path(__file__).parents[2]
SCENARIOS = ("cold", "s304", "s200", "new1")
FOLDER, PYTHON = "MONITOR_TEST_PEERS", "MONITOR_TEST_PEERS_PYTHON"


def main() -> None:
    """Run what is asked for and print a table, or say why there is nothing to run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--peers", default="reader,monitor")
    parser.add_argument("--base", default="reader")
    parser.add_argument("--scenarios", default=",".join(SCENARIOS))
    parser.add_argument("--port", type=int, default=8811)
    parser.add_argument("--keep", type=Path, help="append one JSON line per timed command")
    parser.add_argument("--model", type=Path, help="where the text model is kept between runs")
    parser.add_argument("--steps", action="store_true", help="clock the steps of our pass")
    options = parser.parse_args()
    folder, python = os.environ.get(FOLDER), os.environ.get(PYTHON, sys.executable)
    if not folder:
        sys.stdout.write(f"other pollers: skipped, {FOLDER} names no harness\n")
        return
    harness = _harness(Path(folder))
    with tempfile.TemporaryDirectory(prefix="peers-") as work:
        rows = Comparison(harness, Path(folder), python, Path(work), options).run()
    sys.stdout.write(table(rows, options.base) + by_step(rows))


class Comparison:
    """Runs pollers one after another on a fresh state each, scenario by scenario."""

    def __init__(
        self,
        harness: ModuleType,
        folder: Path,
        python: str,
        work: Path,
        options: argparse.Namespace,
    ) -> None:
        self.harness, self.folder, self.work, self.options = harness, folder, work, options
        self.port = options.port
        self.passes = work / "passes.jsonl"
        self.names = {
            "python": python,
            "here": folder,
            "own": sys.executable,
            "project": PROJECT,
            "model": options.model or work / "model",
            "passes": self.passes,
            "steps": "--steps" if options.steps else "",
        }
        self.peers = tomllib.loads((folder / "peers.toml").read_text()) | tomllib.loads(
            (Path(__file__).parent / "peers.toml").read_text()
        )

    def run(self) -> list[dict[str, Any]]:
        """A row for every timed command."""
        rows: list[dict[str, Any]] = []
        asked = self.options
        with self.harness.FeedServer(
            asked.feeds, 100, asked.port, asked.latency_ms, self.work
        ) as server:
            for number in range(asked.rounds):
                for peer in asked.peers.split(","):
                    rows += self._peer(peer, number, server.list)
        return rows

    def _peer(self, peer: str, number: int, feeds: Path) -> list[dict[str, Any]]:
        state = self.work / f"{peer}-{number}"
        state.mkdir()
        names = self.names | {"feeds": feeds, "state": state}
        commands = {
            step: shlex.split(text.format(**names)) for step, text in self.peers[peer].items()
        }
        self.harness.ask(self.port, "/control/set?conditional=1")
        _quietly(commands["setup"])
        rows = []
        for scenario in self.options.scenarios.split(","):
            if scenario != "cold" and "settle" in commands:
                _quietly(commands.pop("settle"))
            rows.append(self._timed(peer, number, scenario, commands))
            sys.stderr.write(json.dumps(rows[-1]) + "\n")
            if self.options.keep:
                with self.options.keep.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(rows[-1]) + "\n")
        return rows

    def _timed(
        self, peer: str, number: int, scenario: str, commands: dict[str, list[str]]
    ) -> dict[str, Any]:
        self.harness.ask(self.port, f"/control/set?conditional={int(scenario != 's200')}")
        if scenario == "new1":
            for feed in range(self.options.feeds):
                self.harness.ask(self.port, f"/control/publish?k=1&feed={feed}")
        self.harness.ask(self.port, "/control/stats?reset=1")
        self.passes.write_text("")
        row = {"peer": peer, "scenario": scenario, "round": number, "feeds": self.options.feeds}
        row |= self.harness.timed(shlex.join(commands["update"]), 1200)
        answered = self.harness.ask(self.port, "/control/stats")
        row |= {name: answered[name] for name in ("full", "not_modified", "connections")}
        counted = subprocess.run(commands["count"], check=True, text=True, stdout=subprocess.PIPE)
        row["items"] = int(counted.stdout)
        if told := self.passes.read_text():
            row["pass"] = json.loads(told)
        return row


def table(rows: list[dict[str, Any]], base: str) -> str:
    """Medians over the rounds, and the median of the ratios to `base` taken round by round."""
    found: dict[tuple[str, str], list[tuple[int, float, float, float]]] = {}
    for row in rows:
        key = (row["scenario"], row["peer"])
        whole = (row["round"], row["wall_s"], row["cpu_s"], row["peak_mib"])
        found.setdefault(key, []).append(whole)
        if "pass" in row:
            one = (row["round"], row["pass"]["wall_s"], row["pass"]["cpu_s"], row["peak_mib"])
            found.setdefault((row["scenario"], f"{row['peer']}, pass"), []).append(one)
            if steps := row["pass"].get("steps"):
                part = (row["round"], 0.0, without_beyond(steps), row["peak_mib"])
                found.setdefault((row["scenario"], f"{row['peer']}, read, stored"), []).append(part)
    lines = [f"{'':6}{'':24}{'wall s':>9}{'CPU s':>9}{'MiB':>7}{'wall ratio':>12}{'CPU ratio':>12}"]
    for (scenario, peer), many in found.items():
        wall, cpu, memory = (statistics.median(one[at] for one in many) for at in (1, 2, 3))
        bases = {one[0]: one for one in found.get((scenario, base), ())}
        ratios = [
            statistics.median(one[at] / bases[one[0]][at] for one in many) if bases else 0.0
            for at in (1, 2)
        ]
        lines.append(
            f"{scenario:6}{peer:24}{wall:9.2f}{cpu:9.2f}{memory:7.0f}"
            + "".join(f"{ratio:12.3f}" for ratio in ratios)
        )
    return "\n".join(lines) + "\n"


def by_step(rows: list[dict[str, Any]]) -> str:
    """The processor time of each step of our passes, medians over the rounds, largest first."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    for row in rows:
        if steps := row.get("pass", {}).get("steps"):
            found.setdefault((row["scenario"], row["peer"]), []).append(steps)
    lines: list[str] = []
    for (scenario, peer), many in found.items():
        names = {name for each in many for name in each}
        medians = {name: statistics.median(each.get(name, 0.0) for each in many) for name in names}
        lines.append(f"{scenario}, {peer}: CPU s by step")
        for name in sorted(medians, key=medians.__getitem__, reverse=True):
            beyond = "  (not of the goal)" if name in BEYOND else ""
            lines.append(f"  {name:16}{medians[name]:9.2f}{beyond}")
    return "".join(f"{line}\n" for line in lines)


def _harness(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("peers_harness", folder / "run.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{FOLDER}: {folder} has no run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
