"""One thread that writes: SQLite has one writer, and so has this program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from storage.database import Connection, Database

Result = TypeVar("Result")


class Writer:
    """Runs functions on a connection, one after another, in a thread of their own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._writes = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._reads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="reader")
        # One for each lane of polls: a priority feed's texts are read beside all others.
        self._beside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="beside")

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """The result of `work`, run in one write transaction that is committed if it returns."""

        def run() -> Result:
            with self.database.write() as conn:
                return work(conn)

        return await asyncio.get_running_loop().run_in_executor(self._writes, run)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """The result of `work` on a read-only session, beside the writes."""
        return await self._reading(self._reads, work)

    async def beside(self, work: Callable[[Connection], Result]) -> Result:
        """As `read`, for work that takes long: it takes no thread from the pages."""
        return await self._reading(self._beside, work)

    async def _reading(
        self, threads: ThreadPoolExecutor, work: Callable[[Connection], Result]
    ) -> Result:
        def run() -> Result:
            with self.database.read() as conn:
                return work(conn)

        return await asyncio.get_running_loop().run_in_executor(threads, run)

    def close(self) -> None:
        """Wait for the write under way; start no other."""
        self._reads.shutdown(wait=True, cancel_futures=True)
        self._beside.shutdown(wait=True, cancel_futures=True)
        self._writes.shutdown(wait=True, cancel_futures=True)
