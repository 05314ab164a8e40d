"""Instance lock: one holder, named to the second, free when it dies."""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
from pathlib import Path

import pytest

from storage.errors import AlreadyRunning, StorageError
from storage.lock import InstanceLock
from tests.storage import processes


def test_the_second_one_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with processes.running("lock", str(path)) as holder:
        with pytest.raises(AlreadyRunning) as caught, InstanceLock(path, "monitor run"):
            pytest.fail("held twice")
        assert (caught.value.pid, caught.value.host) == (holder.pid, socket.gethostname())
        assert str(caught.value) == (
            f"This database is in use by monitor run (process {holder.pid} on "
            f"{socket.gethostname()}): stop it first."
        )


def test_the_lock_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with processes.running("lock", str(path)) as holder:
        holder.kill()
        holder.wait()
    with InstanceLock(path, "monitor run") as held:
        assert held.path == tmp_path / "monitor.db.lock"


def test_the_lock_is_free_after_its_end_also_after_an_exception(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with pytest.raises(ZeroDivisionError), InstanceLock(path, "a"):
        _ = 1 / 0
    with InstanceLock(path, "b"), pytest.raises(AlreadyRunning, match="in use by b"):
        InstanceLock(path, "c").__enter__()


def test_two_names_of_one_database_are_one_lock(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").touch()
    (tmp_path / "other.db").symlink_to(tmp_path / "monitor.db")
    with InstanceLock(tmp_path / "monitor.db", "a"), pytest.raises(AlreadyRunning):
        InstanceLock(tmp_path / "other.db", "b").__enter__()


def test_a_holder_that_has_not_signed_yet_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "monitor.db"
    dead = subprocess.Popen(["true"])
    dead.wait()
    signed = {"pid": os.getpid(), "host": socket.gethostname(), "description": "new"}
    with InstanceLock(path, "x") as held:
        stale = {**signed, "pid": dead.pid, "description": "old"}
        held.path.write_text(json.dumps(stale))
        texts = iter(["", json.dumps(signed)])
        monkeypatch.setattr("storage.lock.time.sleep", lambda _: held.path.write_text(next(texts)))
        with pytest.raises(AlreadyRunning) as caught:
            InstanceLock(path, "y").__enter__()
    assert caught.value.description == "new"


def test_a_holder_that_never_signs_is_still_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.lock.time.sleep", lambda _: None)
    with InstanceLock(tmp_path / "monitor.db", "x") as held:
        held.path.write_text("not what we write")
        with pytest.raises(AlreadyRunning, match="unnamed process"):
            InstanceLock(tmp_path / "monitor.db", "y").__enter__()


def test_a_holder_on_another_machine_is_believed(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "monitor.db", "x") as held:
        held.path.write_text(json.dumps({"pid": 1, "host": "elsewhere", "description": "run"}))
        with pytest.raises(AlreadyRunning, match="process 1 on elsewhere"):
            InstanceLock(tmp_path / "monitor.db", "y").__enter__()


def test_a_lock_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        InstanceLock(tmp_path / "none" / "monitor.db", "x").__enter__()


def test_the_error_crosses_processes_whole() -> None:
    error = pickle.loads(pickle.dumps(AlreadyRunning(7, "host", "run")))  # noqa: S301 - our own
    assert (error.pid, error.host, error.description) == (7, "host", "run")
