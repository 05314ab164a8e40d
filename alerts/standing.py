"""Where a notice stands: the how many-th it is, and what is known of people by now."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts import clean, dates, phrases, words
from alerts.conditions import largest
from alerts.context import AlertContext
from storage.records import NationalsStatus

LATE = timedelta(minutes=15)  # what went out later than this after it fell due says so
# Beside these stands who has it, or that nobody has: it is not said twice.
_BESIDE_WHO_HAS_IT = {"reminder": "reminder", "escalation": "called", "returned": "returned"}
COUNTED = ("dead", "injured", "missing", "unreached", "held", "safe")


def shown(status: str) -> str:
    """A status of our people as it is told: what a machine read is reported, never more."""
    return "reported" if status == "harmed" else status


def notice(context: AlertContext, language: str) -> str:
    """Which notice this is: the first, the n-th, raised from, a reminder."""
    count, kind, before = _count(context, language), context.kind, context.level_before
    said = ""
    if kind in ("raised", "lowered") and before is not None:
        said = words.say(f"mail.{kind}_from", language, level=before.name)
    elif kind == "merged":
        said = words.say("mail.part_of", language, number=merged_into(context) or "–")
    elif kind in _BESIDE_WHO_HAS_IT:
        said = words.say(f"mail.{_BESIDE_WHO_HAS_IT[kind]}", language)
    elif kind not in ("alert", "update", "test", "taken"):
        said = words.say(f"message.{kind}", language)
    return " · ".join(part for part in (said, count, _late(context, language)) if part)


def merged_into(context: AlertContext) -> str | None:
    """The number of the incident that this one is part of now, where that is what is told."""
    if context.kind != "merged":
        return None
    return next((each.new for each in reversed(context.changes) if each.kind == "merged"), None)


def _late(context: AlertContext, language: str) -> str:
    """That the program stood still when this fell due; empty when it went out in time."""
    behind = context.now - context.due_at if context.due_at is not None else timedelta(0)
    if behind < LATE:
        return ""
    return words.say("mail.late", language, length=dates.duration(behind, language))


def _count(context: AlertContext, language: str) -> str:
    """The how many-th notice this is to this person; if he joins late, since when it runs."""

    def clock(at: datetime) -> str:
        return phrases.at_short(at, language, context.zone, context.now)

    if context.number > 1:
        number, at = context.number, clock(context.now)
        return words.say("mail.later_notice", language, number=number, at=at)
    if context.first_told_at is not None:
        return words.say("mail.desk_told", language, at=clock(context.first_told_at))
    if context.kind == "escalation":
        return ""
    return words.say("mail.first_notice", language, at=clock(context.now))


def now(context: AlertContext, language: str) -> list[str]:
    """The toll and the state of our people, which the standing subject may not tell."""
    if context.number == 1:
        return []
    dead = largest(context.incident, "dead")
    said = [phrases.figure("dead", dead, language)] if dead else []
    if context.incident.nationals != "unknown":
        said.append(nationals(context, language))
    return said


def nationals(context: AlertContext, language: str) -> str:
    """The state of our people in words."""
    given = context.incident.nationals
    state = words.say_or(f"nationals.{given}", language, given)
    return words.say("mail.nationals", language, state=state)


def written(of: NationalsStatus, language: str) -> str:
    """The status with its numbers: `ยืนยันแล้ว: เสียชีวิต 1 ราย บาดเจ็บ 2 ราย`."""
    said = words.say_or(f"nationals.{of.status}", language, of.status)
    counts = [
        words.say(f"nationals.{kind}", language, count=of.counts[kind])
        for kind in COUNTED
        if of.counts.get(kind)
    ]
    said = f"{said}: {', '.join(counts)}" if counts else said
    return f"{said} · {clean.one_line(of.note, 200)}" if of.note and of.by != "machine" else said
