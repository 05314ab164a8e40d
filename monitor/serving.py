"""Pages on a bound socket for as long as a block runs; uvicorn leaves the signals to us."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette


@asynccontextmanager
async def served(
    app: Starlette, bound: socket.socket, *, name: str, graceful_s: int = 2
) -> AsyncIterator[None]:
    """Serve `app` on `bound` until the end of the block; the socket stays the caller's.

    Answers under way get `graceful_s` seconds at the end. `name` is that of the task.
    """
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    server = Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=graceful_s,
            server_header=False,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[bound]), name=name)
    try:
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await serving
