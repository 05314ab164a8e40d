"""Who of a team has duty at a moment, by the team's roster in the home time zone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.policy import Both, Person, Policy, Shift, Team
from storage.records import CHANNEL

ALL = "all"
CHANNELS = "channels"
# Who steps in when a place of the chain is empty; the last resort is the whole team.
_NEXT = {
    "primary": ("primary", "backup", "head"),
    "backup": ("backup", "head", "primary"),
    "head": ("head", "backup", "primary"),
}


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The persons (ids) on duty now, and until when. All None when the roster has a gap.

    `head` is the team's head whether or not a shift runs; `shift_end` is in UTC.
    """

    primary: str | None = None
    backup: str | None = None
    head: str | None = None
    shift_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told for one place of the chain. `fallback`: the place was empty, all are told."""

    people: tuple[Person, ...]
    fallback: bool = False


def on_duty(team: Team, policy: Policy, now: datetime) -> OnDuty:
    """Who of `team` has duty at `now` (aware). Where shifts overlap, the one that began last."""
    zone = ZoneInfo(policy.timezone)
    today = now.astimezone(zone).date()
    running: list[tuple[datetime, datetime, Shift]] = []
    for shift in team.roster:
        for day in (today, today - timedelta(days=1)):
            if day.weekday() not in shift.days:
                continue
            last = day if shift.ends > shift.starts else day + timedelta(days=1)
            # Compared in UTC: on a day when the clocks change, local times cannot be subtracted.
            starts = datetime.combine(day, shift.starts, zone).astimezone(UTC)
            ends = datetime.combine(last, shift.ends, zone).astimezone(UTC)
            if starts <= now < ends:
                running.append((starts, ends, shift))
    head = team.head if team.head in policy.people else None
    found = OnDuty(head=head)
    if running:
        _, ends, shift = max(running, key=lambda found: found[0])
        found = OnDuty(
            primary=shift.primary if shift.primary in policy.people else None,
            backup=shift.backup if shift.backup in policy.people else None,
            head=head,
            shift_end=ends,
        )
    return _overridden(found, team, policy, now)


def _overridden(found: OnDuty, team: Team, policy: Policy, now: datetime) -> OnDuty:
    """The duty with the overrides of this moment laid over it, place by place."""
    for each in team.overrides:
        if each.starts <= now < each.ends:
            ends = min(found.shift_end, each.ends) if found.shift_end else each.ends
            found = OnDuty(
                primary=each.primary if each.primary in policy.people else found.primary,
                backup=each.backup if each.backup in policy.people else found.backup,
                head=found.head,
                shift_end=ends,
            )
        elif now < each.starts and found.shift_end is not None:
            found = replace(found, shift_end=min(found.shift_end, each.starts))
    return found


def told(team: Team, to: str, policy: Policy, now: datetime) -> Told:
    """The people behind `to`: primary, backup, head, all; or the second roads, as `channels`.

    A team without a roster is told as a whole. An empty place is filled by the next in line; if
    the whole line is empty, everybody in the team is told rather than nobody. Without a channel
    the primary officer is told.
    """
    if to == CHANNELS:
        roads = second_roads(team, policy, now)
        if roads:
            return Told(roads)
        to = "primary"
    members = tuple(policy.people[person] for person in team.members if person in policy.people)
    if to == ALL or not (team.roster or team.overrides):
        if to == "head" and team.head is not None and team.head in policy.people:
            return Told((policy.people[team.head],))
        return Told(members)
    duty = on_duty(team, policy, now)
    place = {"primary": duty.primary, "backup": duty.backup, "head": duty.head}
    if to == "primary" and duty.primary is None and duty.backup is None:
        # Nobody has duty by the roster: the head alone may be asleep.
        return Told(members, fallback=True)
    for name in _NEXT.get(to, ()):
        person = place[name]
        if person is not None:
            return Told((policy.people[person],))
    return Told(members, fallback=True)


def second_roads(team: Team, policy: Policy, now: datetime) -> tuple[Person, ...]:
    """The channels of the team and of its people on duty, as recipients named `channel:NAME`."""
    duty = on_duty(team, policy, now)
    ids = (duty.primary, duty.backup) if team.roster or team.overrides else team.members
    people = [policy.people[id] for id in ids if id is not None and id in policy.people]
    names = dict.fromkeys((*team.channels, *(name for each in people for name in each.channels)))
    return tuple(Person(f"{CHANNEL}{name}", Both(name, name), f"{CHANNEL}{name}") for name in names)
