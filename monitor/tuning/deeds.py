"""What an officer does to the feed list: checked, written in one step, kept with who and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.policy import Policy
from monitor.config.feedlist import Feed, FeedList, feed_key, read_feedlist
from monitor.config.settings import Settings
from monitor.config.together import check_together
from monitor.config.yamlfile import digest_of
from monitor.tuning import byhand, history, listfile
from monitor.tuning.editing import Add, Change, Edit, Remove, edited, entries_of
from monitor.tuning.exchange import Trial
from monitor.tuning.refused import NotChanged
from monitor.tuning.splice import Value
from storage import feeds
from storage.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was made: its number in the history, and the lines that changed."""

    number: int
    deed: str
    names: tuple[str, ...]
    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who edits, where, and by which rules the result is checked."""

    settings: Settings
    policy: Policy
    database: Database
    who: str
    now: datetime
    environ: Mapping[str, str]

    def current(self) -> FeedList:
        """The list as the file has it now. Raises ConfigError."""
        return read_feedlist(self.settings.feeds, self.environ)


def add(desk: Desk, values: Mapping[str, Value], *, why: str = "") -> Done:
    """Write a new entry, behind the last feed of its country, else of its kind."""
    listed = desk.current()
    edit = Add(values, _neighbour(listed, values))
    return change(desk, [edit], deed="add", names=[str(values["name"])], why=why)


def edit(desk: Desk, name: str, values: Mapping[str, Value], *, why: str = "") -> Done:
    """Give a feed other values; None takes a key away. A new name or address keeps the history."""
    feed = desk.current().named(name)
    new = _differing(desk, feed, values)
    if not new:
        raise NotChanged("values_already", name=feed.name)
    renamed = "name" in new
    if (renamed or "url" in new) and feed.id is None and "id" not in new:
        with desk.database.read() as conn:
            key = _history_key(conn, feed)
        if key is not None and (renamed or key != feed_key(feed)):
            new["id"] = key  # what was learnt under the old name stays with the feed
    deed = "rename" if renamed else "address" if "url" in new else "edit"
    return change(desk, [Change(feed.name, new)], deed=deed, names=[feed.name], why=why)


def disable(
    desk: Desk, names: Sequence[str], *, reason: str, until: datetime | None = None
) -> Done:
    """Switch feeds off, until a time or for good, with the reason in the list."""
    chosen = [desk.current().named(name) for name in names]
    values: dict[str, Value] = {
        "enabled": False,
        "until": until.isoformat(timespec="minutes") if until else None,
        "reason": reason,
    }
    edits = [Change(feed.name, values) for feed in chosen]
    return change(desk, edits, deed="disable", names=[feed.name for feed in chosen], why=reason)


def enable(desk: Desk, names: Sequence[str], *, why: str = "") -> Done:
    """Switch feeds on again."""
    chosen = [desk.current().named(name) for name in names]
    already = [feed.name for feed in chosen if feed.enabled]
    if already:
        raise NotChanged("enabled_already", names=", ".join(already))
    edits = [Change(feed.name, {"enabled": None, "until": None, "reason": None}) for feed in chosen]
    return change(desk, edits, deed="enable", names=[feed.name for feed in chosen], why=why)


def remove(desk: Desk, names: Sequence[str], *, why: str = "") -> Done:
    """Take feeds out of the list; what they brought stays."""
    chosen = [desk.current().named(name).name for name in names]
    return change(desk, [Remove(name) for name in chosen], deed="remove", names=chosen, why=why)


def take_over(desk: Desk, trial: Trial, *, enabled: bool, why: str) -> Done:
    """Do what an import's trial says; new feeds come switched off unless `enabled`."""
    edits = trial.edits
    if not enabled:
        off: dict[str, Value] = {"enabled": False, "reason": "imported, not looked at yet"}
        edits = [Add({**off, **edit.values}) if isinstance(edit, Add) else edit for edit in edits]
    names = trial.names
    shown = names if len(names) <= 10 else [*names[:10], f"… {len(names) - 10}"]
    return change(desk, edits, deed="import", names=shown, why=why)


def change(desk: Desk, edits: Sequence[Edit], *, deed: str, names: Sequence[str], why: str) -> Done:
    """Make these edits. Raises ConfigError where the result would be no good list."""
    return _replace(desk, lambda text: edited(text, edits), deed=deed, names=tuple(names), why=why)


def undo(desk: Desk, number: int | None, *, why: str = "", and_later: bool = False) -> Done:
    """Put the list back as it stood before a change, by default the newest.

    Raises MonitorError where later changes would go with it and that was not asked for.
    """
    look_at_file(desk)  # a change by hand since the last one by program counts as one
    with desk.database.read() as conn:
        last = history.newest(conn)
        if last is None and number is None:
            raise NotChanged("nothing_to_undo")
        past = last if last and number is None else history.numbered(conn, number or 0)
        later = [each.id for each in history.listing(conn, 10_000) if each.id > past.id]
    if later and not and_later:
        after = ", ".join(map(str, reversed(later)))
        raise NotChanged("followed", number=str(past.id), later=after)
    return _replace(
        desk, lambda _: past.before, deed="undo", names=past.names,
        why=why or f"#{past.id}",
    )  # fmt: skip


def look_at_file(desk: Desk) -> history.Past | None:
    """Keep what was changed by hand since the last known version, as a change of its own."""
    found = _by_hand(desk, lambda: listfile.look(desk.settings.feeds))
    if found is None:
        return None
    with desk.database.write() as conn:
        return byhand.keep(conn, found, desk.policy, desk.settings, desk.now)


def _by_hand(desk: Desk, look: Callable[[], listfile.Version]) -> byhand.ByHand | None:
    with desk.database.read() as conn:
        return byhand.found_by_hand(conn, look)


def _replace(
    desk: Desk, make: Callable[[str], str], *, deed: str, names: tuple[str, ...], why: str
) -> Done:
    version = listfile.look(desk.settings.feeds)
    after = make(version.text)
    if after == version.text:
        raise NotChanged("no_change")

    def check(beside: Path) -> None:
        found = read_feedlist(beside, desk.environ)
        check_together(found, desk.policy, desk.settings.alerts)

    found = _by_hand(desk, lambda: version)
    with (
        listfile.replacing(version, after, check) as put_in_place,
        desk.database.write() as conn,
    ):
        if found is not None:
            byhand.keep(conn, found, desk.policy, desk.settings, desk.now)
        number = history.remember(
            conn, at=desk.now, who=desk.who, deed=deed, names=names, why=why,
            before=version.text, after=after,
            digest=digest_of(listfile.bytes_of(after, version)),
        )  # fmt: skip
        put_in_place()
    return Done(number, deed, names, history.diff_of(version.text, after))


def _differing(desk: Desk, feed: Feed, values: Mapping[str, Value]) -> dict[str, Value]:
    text = listfile.look(desk.settings.feeds).text
    entry = next(each for each in entries_of(text) if str(each.get("name")) == feed.name)
    return {
        key: value
        for key, value in values.items()
        if (list(value) if isinstance(value, tuple) else value) != entry.get(key)
    }


def _history_key(conn: Connection, feed: Feed) -> str | None:
    """The key under which the database knows the feed; None when it has never seen it."""
    known = feeds.states(conn)
    keys = {state.key for state in known}
    if feed_key(feed) in keys:
        return feed_key(feed)
    return next((state.key for state in known if state.url == feed.url), None)


def _neighbour(listed: FeedList, values: Mapping[str, Value]) -> str | None:
    country, kind = values.get("country"), values.get("kind")
    same = [feed for feed in listed.feeds if country and feed.country == country]
    same = [feed for feed in same if feed.kind == kind] or same
    same = same or [feed for feed in listed.feeds if not country and feed.kind == kind]
    return same[-1].name if same else None
