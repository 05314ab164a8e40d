"""Starting and ending the processes of `workers.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(job: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that does one job of `workers.py`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.workers", job, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(job: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has said its first word; killed at the end, if not before."""
    with start(job, *arguments) as process:
        try:
            assert process.stdout is not None
            if not process.stdout.readline():
                assert process.stderr is not None
                raise AssertionError(process.stderr.read())
            yield process
        finally:
            process.kill()


def output(process: subprocess.Popen[str], told: str = "") -> str:
    """Everything a process says until its end, which must be a good one."""
    said, wrong = process.communicate(told, timeout=120)
    assert process.returncode == 0, wrong
    return said
