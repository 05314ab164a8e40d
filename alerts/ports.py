"""What delivery needs from outside; the monitor and the tests supply it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from storage.records import Notice

WRITTEN = "written to"  # begins the answer of a mailer that writes files: nothing was sent


class Mailer(Protocol):
    """Hands one message to a mail server, or to what stands in for one."""

    async def send(self, mime: bytes, recipient: str) -> str:
        """The server's answer in words. Raises DeliveryError, and nothing else, when it failed."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A mailer that keeps something open between messages."""

    async def close(self) -> None:
        """Let go of it; called once, when nothing more is sent."""
        ...


class Outbox(Protocol):
    """The notices that wait, with who has them in hand. Every call is a transaction of its own."""

    async def lease(
        self, *, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> tuple[Notice, ...]:
        """Up to `limit` notices that are due, taken for `lease`: highest level first, then oldest.

        A notice whose lease has ended counts as due again. `Notice.attempts` counts the tries
        that ended before this lease.
        """
        ...

    async def give_back(self, notices: Sequence[Notice], *, owner: str) -> None:
        """These were leased by `owner` and not tried; they are due again at once."""
        ...

    async def mark_sent(self, notice: Notice, *, at: datetime, response: str) -> None:
        """The server has taken it; it never goes out again."""
        ...

    async def mark_retry(
        self, notice: Notice, *, at: datetime, due_at: datetime, response: str
    ) -> None:
        """It failed and is due again at `due_at`."""
        ...

    async def mark_parked(self, notice: Notice, *, at: datetime, response: str) -> None:
        """It failed for good and waits for a person; it is not thrown away."""
        ...
