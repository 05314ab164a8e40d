"""The one exception of this package; it never leaves it: the fetcher turns it into a result."""

from __future__ import annotations

from datetime import timedelta


class Fault(Exception):
    """Ends a fetch in a named state; `detail` is one plain line without secrets."""

    def __init__(
        self,
        state: str,
        detail: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
