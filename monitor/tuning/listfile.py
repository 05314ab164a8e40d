"""The feed list as a file: read whole, replaced in one step, never over somebody else's change."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.config.faults import FileFault
from monitor.config.yamlfile import digest_of, raw_of, text_of
from monitor.errors import ConfigError
from monitor.tuning.refused import NotChanged

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Version:
    """The file as it stood at one moment; `digest` tells it from every other."""

    path: Path
    text: str
    digest: str
    bom: bool


def look(path: Path) -> Version:
    """The file as it stands now. Raises ConfigError when it is no readable text."""
    real = path.resolve()  # a link stays a link: what it leads to is replaced
    raw = raw_of(real)
    return Version(real, text_of(path, raw), digest_of(raw), raw.startswith(_BOM))


def bytes_of(text: str, version: Version) -> bytes:
    """The text as it will stand in the file."""
    return (_BOM if version.bom else b"") + text.encode("utf-8")


@contextmanager
def replacing(
    version: Version, text: str, check: Callable[[Path], object]
) -> Iterator[Callable[[], None]]:
    """Prepare `text` as the next version; calling what is given puts it in place, in one step.

    `check` is given the new file before it counts and raises ConfigError to stop it. Raises
    ConfigError when the file has changed since `version` was read, or cannot be written.
    """
    path, done = version.path, False
    with _one_at_a_time(path):
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
        try:
            _write(beside, bytes_of(text, version), path)
            try:
                check(beside)
            except FileFault as error:
                raise error.moved(beside, path) from error
            except ConfigError as error:
                raise ConfigError(str(error).replace(str(beside), str(path))) from error

            def put_in_place() -> None:
                nonlocal done
                if digest_of(raw_of(path)) != version.digest:
                    raise NotChanged("changed_meanwhile", file=path.name)
                _rename(beside, path)
                done = True

            yield put_in_place
        finally:
            if not done:
                with suppress(OSError):
                    beside.unlink(missing_ok=True)


def _write(beside: Path, raw: bytes, like: Path) -> None:
    try:
        with beside.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(like.stat().st_mode & 0o777)
    except OSError as error:
        raise _cannot(like, error) from error


def _rename(beside: Path, path: Path) -> None:
    try:
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _cannot(path, error) from error


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Two commands never edit at once; the folder itself is what they lock."""
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _cannot(path: Path, error: OSError) -> ConfigError:
    return NotChanged("cannot_write", file=path.name, why=error.strerror or error)
