"""How a page speaks: one reader's language, the home time zone, and the moment of reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import dates, phrases, words
from alerts.policy import Policy
from storage.records import Level, Why

_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it is shown, in full, and for machines."""

    text: str
    full: str
    iso: str


@dataclass(frozen=True, slots=True)
class LevelMark:
    """A level by key (for its colour), shape and word: never by colour alone."""

    key: str
    shape: str
    word: str
    deed: str


@dataclass(frozen=True, slots=True)
class Voice:
    """Words for a reader of `language` (th or en) at `now`."""

    language: str
    policy: Policy
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The home time zone."""
        return ZoneInfo(self.policy.timezone)

    def say(self, key: str, /, **values: object) -> str:
        """The catalogue's words. Raises UnknownWord."""
        return words.say(key, self.language, zone=self.zone, **values)

    def say_or(self, key: str, fallback: str) -> str:
        """The catalogue's words, or `fallback` for a key that comes from outside."""
        return words.say_or(key, self.language, fallback)

    def moment(self, at: datetime | None) -> Moment | None:
        """A time: short in the text, in full with UTC beside it."""
        if at is None:
            return None
        return Moment(
            text=phrases.at_short(at, self.language, self.zone, self.now),
            full=dates.moment_in_zones(at, self.language, self.zone),
            iso=at.astimezone(UTC).isoformat(timespec="seconds"),
        )

    def full(self, at: datetime | None) -> Moment | None:
        """A time, in full in the text too."""
        short = self.moment(at)
        return None if short is None else Moment(short.full, short.full, short.iso)

    def length(self, since: datetime) -> str:
        """How long it is since, or until, that time."""
        return dates.duration(self.now - since, self.language)

    def ago(self, at: datetime | None) -> str:
        """`3 hours ago`, `in 5 minutes`, "now" within a minute, or "never" for None."""
        if at is None:
            return self.say("label.never")
        if abs(at - self.now) < _A_MINUTE:
            return self.say("label.now")
        key = "label.ago" if at <= self.now else "label.in"
        return self.say(key, length=self.length(at))

    def level(self, of: Level) -> LevelMark:
        """A level's mark."""
        return LevelMark(
            key=of.name.lower(),
            shape=self.say(f"level.{of.name}.shape"),
            word=self.say(f"level.{of.name}"),
            deed=self.say(f"level.{of.name}.do"),
        )

    def reasons(self, whys: tuple[Why, ...]) -> tuple[str, ...]:
        """Reasons as sentences; whom they name by a login is told by his office."""
        return words.reasons(map(self._by_office, whys), self.language, zone=self.zone)

    def _by_office(self, why: Why) -> Why:
        person = self.policy.people.get(str(why.values.get("by")))
        if person is None:
            return why
        return Why(why.code, {**why.values, "by": person.role.in_(self.language)})
