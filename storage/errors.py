"""What can go wrong in storage; every message is one plain sentence for a person."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot do what was asked of it."""


class DamagedDatabase(StorageError):
    """The file is cut off, corrupt or no database; nothing was created in its place."""


class NewerSchema(StorageError):
    """The database was written by a newer version of this program."""


class OutdatedSchema(StorageError):
    """The database waits for `monitor db upgrade`."""


class AlreadyRunning(StorageError):
    """Another process holds the lock of this database; `pid` and `host` say which."""

    def __init__(self, pid: int | None, host: str, description: str = "") -> None:
        what = description or "another program"
        who = f"process {pid} on {host}" if pid is not None else "an unnamed process"
        super().__init__(f"This database is in use by {what} ({who}): stop it first.")
        self.pid = pid
        self.host = host
        self.description = description

    def __reduce__(self) -> tuple[type[AlreadyRunning], tuple[int | None, str, str]]:
        return AlreadyRunning, (self.pid, self.host, self.description)
