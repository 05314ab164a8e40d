"""Who this process is to others, and what a dead one of this machine has left behind."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from storage import feeds, outbox

if TYPE_CHECKING:
    from storage.database import Connection


def own_name() -> str:
    """The name under which this process takes leases: `host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def free_dead(conn: Connection) -> int:
    """Give back what processes of this machine hold that are gone; how many leases.

    A killed program's feeds and mails then wait for no lease to run out. A mail that was on
    its way goes out again under its own Message-ID. Leases of other machines run out by
    themselves.
    """
    freed = 0
    for owner in feeds.lease_owners(conn) | outbox.lease_owners(conn):
        host, _, pid = owner.rpartition(":")
        if host == socket.gethostname() and pid.isdigit() and not _alive(int(pid)):
            freed += free(conn, owner)
    return freed


def free(conn: Connection, owner: str) -> int:
    """Give back everything that `owner` holds; how many leases."""
    return feeds.release_all(conn, owner) + outbox.release(conn, owner)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
