"""Parsing in processes that can be killed: hostile input costs its own feed, nothing else.

Two spawned workers. Each task has 10 s of processor time, 30 s of wall time and 512 MiB; what
exceeds them is killed, the worker replaced, and the feed's poll ends in a named state.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
from concurrent.futures import CancelledError
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.fastpack import packed, unpacked

CPU_S = 10
WALL_S = 30
MEMORY_BYTES = 512 * 1024 * 1024
WORKERS = 2
_TASKS_PER_WORKER = 500  # then a fresh one: what a library leaks does not add up


class Parser(Protocol):
    """What the pipeline needs: a document from bytes, or NotAFeed."""

    async def parse(self, body: bytes, hints: Hints) -> Document:
        """The document; raises NotAFeed and nothing else."""
        ...


class InlineParser:
    """Parses in this process: for tests and small commands, without the limits."""

    async def parse(self, body: bytes, hints: Hints) -> Document:
        """The document; raises NotAFeed."""
        from monitor.parse.document import parse

        return parse(body, hints)

    def close(self) -> None:
        """Nothing runs."""


class ParserPool:
    """Parses in worker processes. `start` before use, `close` at the end; both may repeat."""

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        cpu_s: int = CPU_S,
        wall_s: float = WALL_S,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._workers = workers
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        self._memory_bytes = memory_bytes
        self._pool: ProcessPool | None = None

    def start(self) -> None:
        """Start the workers (they import the parsers with the first task)."""
        self._started()

    def _started(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_TASKS_PER_WORKER,
                initializer=limit_memory,
                initargs=(self._memory_bytes,),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def close(self) -> None:
        """Stop the workers; tasks that still run end as NotAFeed."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    async def parse(self, body: bytes, hints: Hints) -> Document:
        """The document of `body`; NotAFeed("parse_error") also for a hang or a killed worker."""
        future = self._started().schedule(
            parse_limited, args=(body, hints, self._cpu_s), timeout=self._wall_s
        )
        try:
            data: bytes = await asyncio.wrap_future(future)
        except TimeoutError as fault:
            raise NotAFeed(
                "parse_error", f"Reading the document took too long (over {self._wall_s:g} s)."
            ) from fault
        except ProcessExpired as fault:
            raise NotAFeed(
                "parse_error",
                "Reading the document took too long or too much memory; the reader was stopped.",
            ) from fault
        except MemoryError as fault:
            raise NotAFeed("parse_error", "Reading the document took too much memory.") from fault
        except CancelledError as fault:
            if self._pool is None:
                raise NotAFeed("parse_error", "The program stopped while reading.") from fault
            raise
        return unpacked(data)


def limit_memory(limit_bytes: int) -> None:
    """Cap the data of this process (heap and private maps; libraries' code does not count)."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def parse_limited(body: bytes, hints: Hints, cpu_s: int) -> bytes:
    """Parse with `cpu_s` seconds of processor time from now on; runs in a worker.

    Returns the document as bytes for `unpacked`.

    RLIMIT_CPU counts over the life of the process, so the soft limit moves with each task.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(usage.ru_utime + usage.ru_stime) + cpu_s + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    from monitor.parse.document import parse

    return packed(parse(body, hints))
