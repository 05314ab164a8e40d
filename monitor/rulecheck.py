"""What is wrong with rules that can be read: hours without anybody, rules that can never hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import words
from alerts.hours import within
from alerts.policy import Condition, EscalationStep, Policy, Rule, Team
from alerts.roster import CHANNELS, on_duty

ROSTER_DAYS = 14
_SPEAKING = frozenset(["communication", "advice"])
_SHAKING = frozenset(["magnitude", "depth_km"])


def faults(policy: Policy, now: datetime) -> list[str]:
    """What could leave somebody untold, in words; empty when nothing could."""
    return [*_gaps(policy, now), *_unreachable(policy), *_quiet(policy, now)]


def notes(policy: Policy, now: datetime) -> list[str]:
    """What a supervisor should know and need not mend at once."""
    found: list[str] = []
    placeholders = [each.id for each in policy.people.values() if each.email.endswith(".example")]
    if placeholders:
        found.append(f"placeholder addresses, which no mail reaches: {', '.join(placeholders)}")
    if policy.holidays_file is not None:
        year = now.astimezone(ZoneInfo(policy.timezone)).year
        if policy.holidays.unconfirmed:
            count = policy.holidays.unconfirmed
            found.append(f"{policy.holidays_file.name}: {count} days are not confirmed yet")
        if not any(day.year == year + 1 for day in policy.holidays.dated):
            found.append(
                f"{policy.holidays_file.name}: no day that moves is entered for {year + 1} "
                "(Makha, Visakha and Asalha Bucha, days in lieu, the cabinet's special days)"
            )
    asks = [rule.id for rule in policy.rules if rule.enabled and _has_night_level(rule.when)]
    if asks and policy.day is None:
        found.append(
            f"rule {asks[0]} has a night_level, and no 'day:' says what night is: it never holds"
        )
    steps = [name for name, chain in policy.escalation.items() if _by_channels(chain)]
    without = [team.id for team in policy.teams.values() if not _has_channel(team, policy)]
    if steps and without:
        found.append(
            f"the chain of {steps[0].name} has a step 'to: channels', and no channel is named for "
            f"team {', '.join(without)}: there it reminds the primary officer by mail"
        )
    return found


def _by_channels(chain: Iterable[EscalationStep]) -> bool:
    return any(step.to == CHANNELS for step in chain)


def _has_channel(team: Team, policy: Policy) -> bool:
    members = (policy.people[id] for id in team.members if id in policy.people)
    return bool(team.channels) or any(each.channels for each in members)


def _gaps(policy: Policy, now: datetime) -> Iterator[str]:
    """Stretches of the coming days in which a team with a roster has nobody on duty."""
    zone = ZoneInfo(policy.timezone)
    start = now.replace(minute=0, second=0, microsecond=0)
    step = timedelta(minutes=15)
    steps = range(ROSTER_DAYS * 24 * 4)
    for team in policy.teams.values():
        if not team.roster:
            continue
        empty = [
            start + step * n
            for n in steps
            if on_duty(team, policy, start + step * n).primary is None
        ]
        if empty:
            first = empty[0].astimezone(zone)
            hours = len(empty) / 4
            yield (
                f"team {team.id}: nobody on duty in {hours:g} hours of the next "
                f"{ROSTER_DAYS} days, first on {first:%Y-%m-%d %H:%M} {policy.timezone}"
            )


def _quiet(policy: Policy, now: datetime) -> Iterator[str]:
    """Who has duty in his own quiet hours: an ALERT would wait, and nobody else would hear."""
    zone = ZoneInfo(policy.timezone)
    start = now.replace(minute=0, second=0, microsecond=0)
    for team in policy.teams.values():
        for hour in range(7 * 24):
            at = start + timedelta(hours=hour)
            primary = on_duty(team, policy, at).primary
            if primary is None:
                continue
            quiet = (*team.quiet, *policy.people[primary].quiet)
            if quiet and within(quiet, policy.holidays, zone, at) is not None:
                local = at.astimezone(zone)
                yield (
                    f"team {team.id}: {primary} has duty in quiet hours, first on "
                    f"{local:%Y-%m-%d %H:%M}: an ALERT would wait until they end"
                )
                break


def _unreachable(policy: Policy) -> Iterator[str]:
    """Rules that can never tell anybody anything new."""
    for rule in policy.rules:
        if rule.enabled:
            for why in _never(rule.when, policy):
                yield f"rule {rule.id}: {why}, so it can never hold"
    live = [rule for rule in policy.rules if rule.enabled and not rule.shadow]
    told = {team for rule in live for team in rule.teams}
    for team in policy.teams.values():
        if team.id not in told:
            yield f"team {team.id}: no live rule tells it"
        if not any(policy.people[each].email for each in team.members if each in policy.people):
            yield f"team {team.id}: nobody in it has an address"
    if not policy.digests:
        yield "no digest is planned: add one under 'digests:'"
    yield from _covered(live)


def _never(when: Condition, policy: Policy) -> Iterator[str]:
    if when.countries and not policy.countries_of(when.countries):
        yield "its countries are empty"
    known = words.current().hazards
    of = {each for key in when.hazards if key in known for each in known[key].categories}
    if when.categories and of and not of & set(when.categories):
        yield f"{', '.join(when.hazards)} is never {', '.join(when.categories)}"
    asked = frozenset(when.changes)
    if when.communications and asked and not asked & _SPEAKING:
        yield "a communication is no change of the kinds it asks for"
    if _SHAKING & when.figures.keys() and when.hazards and not {"EQ", "TS"} & set(when.hazards):
        yield f"{', '.join(when.hazards)} has no magnitude and no depth"
    if when.max_depth_km is not None and when.figures.get("depth_km", 0) > when.max_depth_km:
        yield "it asks for a depth above its own limit"
    if any(inner == Condition() for inner in when.none_of):
        yield "'none:' holds an empty condition, which is always true"
    for inner in when.all_of:
        yield from _never(inner, policy)
    if when.any_of and all([*_never(inner, policy)] for inner in when.any_of):
        yield "none of its 'any:' can hold"


def _covered(live: list[Rule]) -> Iterator[str]:
    """Two rules that ask the same of everything: the second adds nothing."""
    for n, rule in enumerate(live):
        for earlier in live[:n]:
            if earlier.when == rule.when and set(rule.teams) <= set(earlier.teams):
                yield f"rule {rule.id}: asks the same as {earlier.id} and tells nobody else"


def _has_night_level(when: Condition) -> bool:
    inner = (*when.any_of, *when.all_of)
    return when.night_level is not None or any(_has_night_level(each) for each in inner)
