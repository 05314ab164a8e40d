"""`monitor` with a clock at each step: `python -m tests.benchmarks.steps FILE poll --all`.

Runs the command as it is and adds a JSON line to FILE: processor seconds by step of the pass.
Clocks are put around the functions named here before they run; the program itself has none. A
step's seconds are its thread's own and leave out the steps inside it. What the parser processes
cost is one figure; what no clock covers is the rest of its thread: `fetch` on the event loop,
`store` in the thread that writes, `read` in those that read beside it.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import thread as pool
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

# Step by step: the modules that call a function by this name. Methods stand as Class.method.
CLOCKED = {
    "monitor.parse.worker:unpacked": "parse",
    "monitor.ingest.pipeline:_sift": "compare",
    "classifiers.keywords:prepare": "words",
    "classifiers.keywords:detect": "language",
    "classifiers.keywords:spot": "word lists",
    "classifiers.keywords:scan": "word lists",
    "classifiers.keywords:find_flags": "flags",
    "classifiers.keywords:find_figures": "figures",
    "classifiers.keywords:find_all": "place names",
    "classifiers.keywords:KeywordClassifier.classify_looked": "categories",
    "classifiers.model:TrainedClassifier.classify_looked": "categories",
    "classifiers.reader:find_hazard": "hazard",
    "classifiers.reader:find_places": "country",
    "classifiers.reader:find_nationals": "nationals",
    "classifiers.reader:find_communication": "communication",
    "monitor.incidents.take:Taker.take_new": "link",
    "monitor.incidents.take:Taker.take_revised": "link",
    "monitor.incidents.take:Taker.finish": "link",
    "monitor.incidents.take:choose": "link",
    "monitor.incidents.take:Taker._update": "link",
    "monitor.ingest.pipeline:Taker.take_new": "link",
}
THREADS = {"writer": "store", "beside": "read", "reader": "read", "asyncio": "read"}
# Beside fetch, parse, store and categories, and all that the categories are read from, the
# pass reads these and links; the goal for a cold pass leaves them out.
BEYOND = ("hazard", "country", "nationals", "communication", "link")


class Clocks:
    """Processor time by step, of all threads; each step without those inside it."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        self._own = threading.local()

    def around(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` with a clock around it."""

        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            inside: list[float] | None = getattr(self._own, "inside", None)
            if inside is None:
                inside = self._own.inside = [0.0]
            began = time.thread_time()
            inside.append(0.0)
            try:
                return function(*args, **named)
            finally:
                whole = time.thread_time() - began
                within = inside.pop()
                inside[-1] += whole
                with self._lock:
                    self._spent[step] += whole - within

        return timed

    def covered_here(self) -> float:
        """The seconds of this thread that any clock has covered so far."""
        inside: list[float] = getattr(self._own, "inside", [0.0])
        return inside[0]

    def add(self, step: str, seconds: float) -> None:
        """Seconds that no clock of `around` has seen."""
        with self._lock:
            self._spent[step] += seconds

    def spent(self) -> dict[str, float]:
        """A copy of the seconds so far."""
        with self._lock:
            return dict(self._spent)


def install(clocks: Clocks) -> None:
    """Put the clocks where `CLOCKED` and `THREADS` say."""
    for name, step in CLOCKED.items():
        module, _, path = name.partition(":")
        owner: Any = import_module(module)
        *classes, last = path.split(".")
        for part in classes:
            owner = getattr(owner, part)
        held = getattr(owner, last)
        if not hasattr(held, "__wrapped__"):  # a class that two modules name is clocked once
            setattr(owner, last, clocks.around(step, held))
    run = pool._WorkItem.run  # type: ignore[attr-defined]

    def run_clocked(item: Any) -> None:
        name = threading.current_thread().name.partition("_")[0]
        clocks.around(THREADS.get(name, "read"), run)(item)

    pool._WorkItem.run = run_clocked  # type: ignore[attr-defined]


def clock_passes(clocks: Clocks, told: Path) -> None:
    """Write down what each pass over all feeds has cost by step."""
    from monitor import usage
    from monitor.app import Program

    poll_all = Program.poll_all

    async def clocked(program: Program) -> Any:
        before, covered = clocks.spent(), clocks.covered_here()
        everything, here, loop = usage.cpu_s(), time.process_time(), time.thread_time()
        try:
            return await poll_all(program)
        finally:
            children = (usage.cpu_s() - everything) - (time.process_time() - here)
            clocks.add("parse", children)
            clocks.add("fetch", time.thread_time() - loop - (clocks.covered_here() - covered))
            found = {step: s - before.get(step, 0.0) for step, s in clocks.spent().items()}
            found["other"] = usage.cpu_s() - everything - sum(found.values())
            with told.open("a", encoding="utf-8") as out:
                out.write(json.dumps({step: round(s, 3) for step, s in found.items()}) + "\n")

    Program.poll_all = clocked  # type: ignore[method-assign]


def without_beyond(steps: dict[str, float]) -> float:
    """The seconds of fetch, parse, store and categories."""
    return sum(seconds for step, seconds in steps.items() if step not in BEYOND)


def main() -> int:
    """Run `monitor` with the clocks in place."""
    told, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    clocks = Clocks()
    install(clocks)
    clock_passes(clocks, told)
    from monitor.cli import main as monitor

    return monitor(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
