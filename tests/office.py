"""A folder in which the whole program runs as a duty desk has it: as processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.feedserver import eventually

ROOT = Path(__file__).resolve().parents[1]
MONITOR = [sys.executable, "-m", "monitor"]
START_S, STOP_S = 60.0, 5.0


@dataclass(slots=True)
class Office:
    """The folder, its environment, and what is started in it."""

    folder: Path
    model_dir: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def feeds(self) -> Path:
        """The feed list."""
        return self.folder / "feeds.yaml"

    @property
    def database(self) -> Path:
        """The SQLite file of the default settings."""
        return self.folder / "var" / "monitor.db"

    @property
    def outbox(self) -> Path:
        """Where mails are written while no mail server is set."""
        return self.folder / "var" / "outbox"

    def list_feeds(self, *feeds: Mapping[str, Any], every: str = "1s") -> None:
        """Write the feed list in one step, as an editor does."""
        lines = [f"defaults: {{every: {every}, timezone: UTC}}", "feeds:" if feeds else "feeds: []"]
        for feed in feeds:
            first, *others = ({"kind": "hazard", "country": None} | dict(feed)).items()
            lines.append(f"  - {first[0]}: {_scalar(first[1])}")
            lines += [f"    {name}: {_scalar(value)}" for name, value in others]
        self.write(self.feeds, "\n".join(lines) + "\n")

    def write(self, path: Path, text: str) -> None:
        """Replace a file in one step."""
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)

    def env(self, **more: str) -> dict[str, str]:
        """The environment of a process: nothing of the tester's own settings."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")
        }
        ours = {"MONITOR_MODEL_DIR": str(self.model_dir), "PYTHONPATH": str(ROOT)}
        return {**kept, **ours, **self.environ, **more}

    def monitor(
        self, *arguments: str, stdin: bytes = b"", timeout_s: float = 120, **environ: str
    ) -> Done:
        """Run one command to its end."""
        done = subprocess.run(
            [*MONITOR, *arguments],
            cwd=self.folder,
            env=self.env(**environ),
            input=stdin,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def running(self, **environ: str) -> Iterator[Running]:
        """`monitor run` in the background; killed at the end if it still runs."""
        running = self.start(**environ)
        try:
            running.wait_for_page()
            yield running
        finally:
            running.kill()

    def start(self, **environ: str) -> Running:
        """`monitor run`, just started; who calls this must end it."""
        port = free_port()
        said = self.folder / f"run-{port}.log"
        with said.open("wb") as stderr:
            process = subprocess.Popen(
                [*MONITOR, "run"],
                cwd=self.folder,
                env=self.env(MONITOR_LISTEN=f"127.0.0.1:{port}", **environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        return Running(process, f"http://127.0.0.1:{port}", said)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def ok(self) -> str:
        """What it printed; fails if the command did."""
        assert self.code == 0, f"exit {self.code}: {self.err}\n{self.out[-2000:]}"
        return self.out

    def refusal(self) -> str:
        """The one sentence with which it refused; fails if it did anything else."""
        lines = self.err.strip().splitlines()
        assert self.code == 2, f"exit {self.code}: {self.err}\n{self.out[-2000:]}"
        assert "Traceback" not in self.err
        assert len(lines) == 1, self.err
        assert lines[0].startswith("monitor"), self.err
        assert self.out == ""
        return lines[0]


@dataclass(slots=True)
class Running:
    """A `monitor run` in the background."""

    process: subprocess.Popen[bytes]
    url: str
    said: Path

    def text(self) -> str:
        """Everything it has said."""
        return self.said.read_text(encoding="utf-8", errors="replace")

    def wait_for_page(self) -> None:
        """Wait until it watches and its page is up."""

        def up() -> bool:
            assert self.process.poll() is None, self.text()
            return "The desk page is at" in self.text()

        eventually(up, START_S, "the page is up")

    def page(self, path: str = "/") -> str:
        """A page of the desk."""
        with urlopen(self.url + path, timeout=10) as answer:  # noqa: S310 - our own server
            return str(answer.read().decode())

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit code, which must come within the five seconds it may take."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_S)

    def kill(self) -> str:
        """End it at once, in the middle of whatever it does; everything it said until then.

        What its half-started workers say when their parent is gone is not part of it.
        """
        said = self.text()
        self.process.kill()
        self.process.wait()
        return said


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sentences(text: str) -> Sequence[str]:
    """The lines of a text that say anything."""
    return [line for line in text.splitlines() if line.strip()]


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
