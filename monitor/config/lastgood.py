"""The version of `alerts.yaml` that was last in force, kept with the files that it names.

The running program keeps it whenever it takes a good version over; commands and the next start
use it while the file itself is faulty, and say so. One file in the var folder holds all of it, so
that it is replaced in one step.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alerts.policy import Policy
from monitor.config.faults import Fault, FileFault, said
from monitor.config.feedlist import FeedList, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.together import check_together, read_together
from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Kept:
    """The version that was last in force, and when it was taken over; `text` is alerts.yaml's."""

    policy: Policy
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules in force. `fault` is what is wrong with the file, if `since` they are older."""

    policy: Policy
    fault: ConfigError | None = None
    since: datetime | None = None


def policy_in_force(alerts: Path, var: Path) -> InForce:
    """What the file says, or what was last in force while it is faulty.

    Raises ConfigError where there is neither.
    """
    try:
        return InForce(read_policy(alerts))
    except ConfigError as error:
        kept = recall(alerts, var)
        if kept is None:
            raise _and_nothing_kept(error, alerts) from error
        return InForce(kept.policy, error, kept.at)


def together_in_force(
    feeds: Path, alerts: Path, environ: Mapping[str, str], var: Path
) -> tuple[FeedList, InForce]:
    """Both files as one, with the rules last in force while `alerts.yaml` is faulty.

    Raises ConfigError where the feed list is faulty, or there are no rules that could be used.
    """
    try:
        feedlist, policy = read_together(feeds, alerts, environ)
        return feedlist, InForce(policy)
    except ConfigError as error:
        try:
            feedlist = read_feedlist(feeds, environ)
        except ConfigError:
            raise error from None  # which names the faults of both
        kept = recall(alerts, var)
        if kept is None:
            raise _and_nothing_kept(error, alerts) from error
        try:
            check_together(feedlist, kept.policy, alerts)
        except ConfigError:
            raise error from None
        return feedlist, InForce(kept.policy, error, kept.at)


def keep(alerts: Path, var: Path, policy: Policy, now: datetime) -> None:
    """Keep the version that `policy` was just read from. A folder that cannot be written is let be.

    A file that has changed since is not kept: it is read again soon.
    """
    named = (policy.missions_file, policy.holidays_file, *policy.calendars)
    beside = [path for path in named if path is not None and path.parent == alerts.parent]
    try:
        files = {path.name: path.read_bytes() for path in (alerts, *dict.fromkeys(beside))}
        changed = {path.name: path.stat().st_mtime for path in beside}
    except OSError:
        return
    place, digest = _place(alerts, var), _digest(files)
    if _read(place).get("digest") == digest or not _same(files, changed, alerts, policy):
        return
    document = {
        "alerts": alerts.name,
        "kept_at": now.isoformat(),
        "digest": digest,
        "changed": changed,
        "files": {name: base64.b64encode(raw).decode("ascii") for name, raw in files.items()},
    }
    with suppress(OSError):
        _replace(place, json.dumps(document))


def recall(alerts: Path, var: Path) -> Kept | None:
    """The version last in force; None where none was kept, or it cannot be read any more."""
    document = _read(_place(alerts, var))
    try:
        files = {str(k): base64.b64decode(v) for k, v in document["files"].items()}
        policy = _policy_of(files, document["changed"], alerts)
        at = datetime.fromisoformat(document["kept_at"]).astimezone(UTC)
        return Kept(policy, at, files[alerts.name].decode("utf-8-sig"))
    except (KeyError, TypeError, ValueError, AttributeError, OSError, ConfigError):
        return None


def _policy_of(files: Mapping[str, bytes], changed: Mapping[str, float], alerts: Path) -> Policy:
    """The policy of these files, as if they stood where `alerts` does. Raises ConfigError."""
    with tempfile.TemporaryDirectory(prefix="monitor-rules-") as name:
        folder = Path(name)
        for file, raw in files.items():
            copy = folder / Path(file).name
            copy.write_bytes(raw)
            if file in changed:
                os.utime(copy, (changed[file], changed[file]))
        found = read_policy(folder / alerts.name)

        def back(path: Path | None) -> Path | None:
            return alerts.parent / path.name if path and path.parent == folder else path

        return replace(
            found,
            missions_file=back(found.missions_file),
            holidays_file=back(found.holidays_file),
            calendars=tuple(path for each in found.calendars if (path := back(each))),
        )


def _same(
    files: Mapping[str, bytes], changed: Mapping[str, float], alerts: Path, policy: Policy
) -> bool:
    try:
        return _policy_of(files, changed, alerts) == policy
    except (ConfigError, OSError):
        return False


def _digest(files: Mapping[str, bytes]) -> str:
    whole = "".join(f"{name}\0{hashlib.sha256(raw).hexdigest()}\0" for name, raw in files.items())
    return hashlib.sha256(whole.encode()).hexdigest()


def _place(alerts: Path, var: Path) -> Path:
    """One for each file that may be in force: a trial under another name does not replace it."""
    where = hashlib.sha256(str(alerts.resolve()).encode()).hexdigest()[:8]
    return var / f"last-good-{alerts.stem}-{where}.json"


def _read(place: Path) -> dict[str, Any]:
    try:
        found = json.loads(place.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _replace(place: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _and_nothing_kept(error: ConfigError, alerts: Path) -> ConfigError:
    """The fault, and that there is no older version to go on with."""
    if not isinstance(error, FileFault) or not alerts.exists():
        return error
    return FileFault(*error.faults, Fault(alerts, said("nothing_kept")))
