"""What an alert mail says of taking the incident on: whether anybody has it, how to take it, who is
called while nobody does, and when more is told.
"""

from __future__ import annotations

from datetime import datetime

from alerts import clean, phrases, words
from alerts.context import AlertContext
from storage.records import Level

STEPS = 3  # of the chain that are named one by one


def can_be_taken(context: AlertContext) -> bool:
    """Whether there is something to take on: an end is none, nor what is taken at this level."""
    return not is_over(context) and not is_taken(context)


def is_over(context: AlertContext) -> bool:
    """Whether the mail tells of an end, or of what came after one."""
    ended = context.kind in ("closed", "withdrawn", "merged") or (
        context.kind == "lifted" and context.incident.level is Level.INFO
    )
    return ended or was_closed(context)


def was_closed(context: AlertContext) -> bool:
    """Whether an officer has closed the incident, and this is news that came after."""
    return context.incident.state == "closed" and context.kind != "closed"


def is_taken(context: AlertContext) -> bool:
    """Whether somebody has it at the level that it has now."""
    incident, level = context.incident, context.incident.acknowledged_level
    return incident.acknowledged_at is not None and (level is None or level >= incident.level)


def taken_by(context: AlertContext, language: str) -> str:
    """Who has it and since when, or that nobody has; and whether its level has risen since."""
    incident = context.incident
    if incident.acknowledged_at is None:
        return words.say("mail.nobody_yet", language)
    who = phrases.office(incident.acknowledged_by, language, context.policy)
    at = phrases.at_short(incident.acknowledged_at, language, context.zone, context.now)
    said = words.say("mail.taken_by", language, who=who, at=at)
    if is_taken(context):
        return said
    return f"{said} · {words.say('oncall.risen_since', language)}"


def other_ways(context: AlertContext, language: str) -> tuple[str, ...]:
    """The other ways to take it: a reply, the command."""
    if not can_be_taken(context):
        return ()
    lines = [words.say("oncall.by_reply", language)] if context.answers else []
    if context.kind != "test":
        command = f"monitor ack {context.incident.number}"
        lines.append(words.say("mail.acknowledge_command", language, command=command))
    return tuple(lines)


def dismiss_url(context: AlertContext) -> str | None:
    """Where its reader says that it does not concern the desk, as long as there is a use in it."""
    page = clean.link(context.ack_url) if context.kind != "test" and not is_over(context) else None
    return f"{page}#not-relevant" if page else None


def news(context: AlertContext, language: str) -> tuple[str, ...]:
    """When the next news of it is mailed, and until when what the sources warn of stands."""
    if context.kind == "test" or is_over(context):
        return ()

    def clock(at: datetime) -> str:
        return phrases.at_short(at, language, context.zone, context.now)

    ends = [item.values.expires_at for item in context.items if item.values.status == "actual"]
    last = max((at for at in ends if at is not None), default=None)
    again = words.say(
        "mail.news_from", language, at=clock(context.now + context.policy.timing.update_gap)
    )
    if last is not None and last > context.now:
        return again, words.say("mail.in_force", language, at=clock(last))
    return again, words.say("mail.no_end", language)


def calls(context: AlertContext, language: str) -> str:
    """Who is called next while nobody takes it; how to open again what was closed."""
    if was_closed(context):
        command = f"monitor incidents reopen {context.incident.number}"
        return words.say("mail.reopen", language, command=command)
    if is_taken(context):
        return ""
    if not context.next_steps:
        called = context.kind in ("reminder", "escalation") and can_be_taken(context)
        return words.say("mail.escalation_over", language) if called else ""
    steps = [
        words.say(
            "mail.escalation_step",
            language,
            at=phrases.at_short(step.at, language, context.zone, context.now),
            whom=words.say(f"whom.{step.to}", language),
        )
        for step in context.next_steps[:STEPS]
    ]
    if len(context.next_steps) > STEPS:
        last = context.next_steps[-1].at
        at = phrases.at_short(last, language, context.zone, context.now)
        steps.append(words.say("mail.escalation_on", language, at=at))
    return words.say("mail.escalation", language, steps=" · ".join(steps))
