"""One `run` (or upgrade, or restore) at a time on a SQLite database.

The lock is the operating system's on a file beside the database: it ends with the process that
holds it, however that ends. The file itself stays; it says who holds the lock, or held it last.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType

from storage.errors import AlreadyRunning, StorageError

_LOOKS = 50  # at a file that its new holder has not signed yet
_LOOK_EVERY_S = 0.01


class InstanceLock:
    """Held from `with` to its end; raises AlreadyRunning at once if another process holds it.

    `path` is that of the database; the lock is `<path>.lock`. `description` tells others what
    holds it (`monitor run`).
    """

    def __init__(self, path: Path, description: str) -> None:
        resolved = path.resolve()
        self.path = resolved.with_name(resolved.name + ".lock")
        self._description = description
        self._handle: int | None = None

    def __enter__(self) -> InstanceLock:
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StorageError(
                f"The lock file {self.path} cannot be opened: {error.strerror}."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(handle)
            os.close(handle)
            raise holder from error
        except OSError as error:
            os.close(handle)
            raise StorageError(
                f"The file system of {self.path} cannot lock files: {error.strerror}."
            ) from error
        signature = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "description": self._description,
        }
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(signature).encode(), 0)
        self._handle = handle
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def _holder(handle: int) -> AlreadyRunning:
    """Who has signed the file.

    Right after taking the lock the holder has not signed yet: the file is empty, or still has
    the name of one that was killed.
    """
    for _ in range(_LOOKS):
        signed = _signature(handle)
        if signed is not None and _may_live(signed):
            return signed
        time.sleep(_LOOK_EVERY_S)
    return _signature(handle) or AlreadyRunning(None, "this host")


def _signature(handle: int) -> AlreadyRunning | None:
    try:
        signed = json.loads(os.pread(handle, 4096, 0))
        return AlreadyRunning(int(signed["pid"]), str(signed["host"]), str(signed["description"]))
    except (ValueError, KeyError, TypeError):
        return None


def _may_live(signed: AlreadyRunning) -> bool:
    if signed.pid is None or signed.host != socket.gethostname():
        return True  # cannot be asked
    try:
        os.kill(signed.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
