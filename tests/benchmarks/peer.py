"""This program as one of the pollers of a comparison: setup | update | count.

`update` is `monitor poll --all --json` and nothing around it; what that printed of the pass goes
to --passes as one JSON line, with the seconds of each step if --steps is given (`steps.py`).
Without --model the keyword rules read the texts.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def main() -> None:
    """Do one of the three steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("setup", "update", "count"))
    parser.add_argument("--feeds", type=Path, help="a file with one address in each line")
    parser.add_argument("--state", type=Path, required=True, help="an empty folder at the start")
    parser.add_argument("--model", type=Path, help="where the text model is kept or built")
    parser.add_argument("--passes", type=Path, help="gets a JSON line for each pass")
    parser.add_argument("--steps", action="store_true", help="put a clock at each step")
    args = parser.parse_args()
    for name in ("state", "model", "passes"):  # the program runs in another folder
        if (given := getattr(args, name)) is not None:
            setattr(args, name, given.absolute())
    if args.step == "setup":
        setup(args.feeds, args.state, args.model)
    elif args.step == "count":
        sys.stdout.write(f"{count(args.state)}\n")
    else:
        update(args.state, args.model, args.passes, steps=args.steps)


def setup(feeds: Path, state: Path, model: Path | None) -> None:
    """Write the feed list, and build the text model if it is asked for and missing."""
    lines = ["feeds:"]
    for number, url in enumerate(feeds.read_text(encoding="ascii").split()):
        lines.append(f'  - {{name: Feed {number}, url: "{url}", kind: news}}')
    (state / "feeds.yaml").write_text("\n".join(lines) + "\n", encoding="ascii")
    (state / "var").mkdir(exist_ok=True)
    if model is not None:
        command = [sys.executable, "-m", "classifiers.building", str(model)]
        subprocess.run([*command, "--built-at", "2026-01-01"], cwd=PROJECT, check=True)
    _monitor(state, model, "db", "upgrade", stdout=subprocess.DEVNULL)


def update(state: Path, model: Path | None, passes: Path | None, *, steps: bool) -> None:
    """One pass over all feeds."""
    told, clocked = state / "pass.json", state / "steps.jsonl"
    program = ("tests.benchmarks.steps", str(clocked)) if steps else ("monitor",)
    with told.open("w", encoding="utf-8") as out:
        _monitor(state, model, "poll", "--all", "--json", stdout=out.fileno(), program=program)
    if passes is not None:
        said = json.loads(told.read_text(encoding="utf-8"))
        del said["feeds"]
        if steps:
            said["steps"] = json.loads(clocked.read_text(encoding="ascii").splitlines()[-1])
        with passes.open("a", encoding="utf-8") as out:
            out.write(json.dumps(said) + "\n")


def count(state: Path) -> int:
    """The number of stored items."""
    conn = sqlite3.connect(state / "var" / "monitor.db")
    try:
        return int(conn.execute("SELECT count(*) FROM item").fetchone()[0])
    finally:
        conn.close()


def _monitor(
    state: Path, model: Path | None, *words: str, stdout: int, program: Sequence[str] = ("monitor",)
) -> None:
    own = {
        "MONITOR_VAR": str(state / "var"),
        "MONITOR_FEEDS": str(state / "feeds.yaml"),
        "MONITOR_ALERTS": str(PROJECT / "alerts.yaml"),
        "MONITOR_ALLOW_HOSTS": "127.0.0.0/8",
        "MONITOR_MODEL_DIR": str(model or state / "no-model"),
    }
    command = [sys.executable, "-m", *program, *words]
    subprocess.run(command, cwd=PROJECT, env=os.environ | own, stdout=stdout, check=True)


if __name__ == "__main__":
    main()
