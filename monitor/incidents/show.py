"""One incident with its items, communications, timeline, decisions and notices, to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alerts import dates, words
from alerts.policy import Policy
from storage import decisions, incidents, items, outbox
from storage.records import (
    Change,
    Communication,
    Decision,
    Incident,
    Item,
    Notice,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything stored about one incident, each list oldest first."""

    incident: Incident
    items: tuple[Item, ...]
    link_why: dict[int, tuple[Why, ...]]
    communications: tuple[Communication, ...]
    changes: tuple[Change, ...]
    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]


def dossier(conn: Connection, incident: Incident) -> Dossier:
    """Gather everything about `incident`."""
    members = sorted(items.of_incident(conn, incident.id), key=lambda each: each.first_seen_at)
    return Dossier(
        incident=incident,
        items=tuple(members),
        link_why=incidents.why_of(conn, incident.id),
        communications=tuple(incidents.communications(conn, incident.id)),
        changes=tuple(incidents.changes(conn, incident.id)),
        decisions=tuple(decisions.of_incident(conn, incident.id)),
        notices=tuple(outbox.of_incident(conn, incident.id)),
    )


def as_json(found: Dossier, policy: Policy) -> dict[str, Any]:
    """For `--json`; times ISO 8601 in UTC, reasons in both languages."""
    incident = found.incident

    def why(whys: tuple[Why, ...]) -> dict[str, list[str]]:
        return {language: list(words.reasons(whys, language)) for language in ("en", "th")}

    return {
        "number": incident.number,
        "title": {"en": incident.title_en, "th": incident.title_th},
        "level": incident.level.name,
        "level_why": why(incident.level_why),
        "state": incident.state,
        "exercise": incident.exercise,
        "withdrawn": incident.withdrawn,
        "lifted": incident.lifted,
        "categories": incident.categories,
        "hazard": incident.hazard,
        "countries": incident.countries,
        "place": incident.place,
        "lat": incident.lat,
        "lon": incident.lon,
        "event_at": incident.event_at.isoformat() if incident.event_at else None,
        "opened_at": incident.opened_at.isoformat(),
        "figures": [
            {"kind": each.kind, "value": each.value, "words": each.words, "source": each.source}
            for each in incident.figures
        ],
        "nationals": incident.nationals,
        "confirmation": incident.confirmation,
        "sources": incident.sources,
        "independent_sources": incident.independent_sources,
        "source_levels": incident.alert_levels,
        "acknowledged_by": incident.acknowledged_by,
        "items": [
            {
                "id": item.id,
                "feed": item.feed_name,
                "role": item.role.value,
                "title": item.values.title,
                "link": item.values.link,
                "language": item.reading.language,
                "first_seen_at": item.first_seen_at.isoformat(),
                "linked": why(found.link_why.get(item.id, ())),
                "tags": [
                    {"label": tag.label, "score": round(tag.score, 3), "words": tag.evidence}
                    for tag in item.reading.tags
                ],
                "not_alerted": why(item.disposition),
            }
            for item in found.items
        ],
        "communications": [
            {
                "country": each.speaker,
                "publisher": each.publisher,
                "kind": each.kind,
                "title": each.title,
                "at": each.at.isoformat(),
                "delay_s": each.delay_s,
                "advice": each.advice.wording if each.advice else None,
            }
            for each in found.communications
        ],
        "timeline": [
            {
                "at": each.at.isoformat(),
                "kind": each.kind,
                "old": each.old,
                "new": each.new,
                "by": each.by,
                "why": why(each.why),
            }
            for each in found.changes
        ],
        "decisions": [
            {
                "rule": each.rule or None,
                "team": each.team,
                "state": each.state,
                "shadow": each.shadow,
                "step": each.step,
                "due_at": each.due_at.isoformat() if each.due_at else None,
                "why": why(each.why),
            }
            for each in found.decisions
        ],
        "notices": [
            {
                "kind": each.kind,
                "number": each.number,
                "to": each.person,
                "state": each.state,
                "sent_at": each.sent_at.isoformat() if each.sent_at else None,
                "response": each.response,
                "subject": each.subject,
            }
            for each in found.notices
        ],
    }


def as_text(found: Dossier, policy: Policy, language: str) -> str:
    """For a person, in Thai or English."""
    incident = found.incident
    zone = ZoneInfo(policy.timezone)

    def when(at: Any) -> str:
        return dates.moment(at, language, zone=zone) if at else "-"

    title = incident.title_th if language == "th" else incident.title_en
    level = words.say(f"level.{incident.level.name}", language)
    lines = [
        f"#{incident.number}  [{level}]  {title}",
        f"  {words.say(f'confirmation.{incident.confirmation}', language)}"
        f" · {incident.independent_sources}/{incident.sources}",
        *(f"  {reason}" for reason in words.reasons(incident.level_why, language)),
        "",
    ]
    for item in found.items:
        lines.append(f"{when(item.first_seen_at)}  {item.feed_name}: {item.values.title}")
        whys = (*found.link_why.get(item.id, ()), *item.disposition)
        lines += [f"    {reason}" for reason in words.reasons(whys, language)]
    lines.append("")
    for change in found.changes:
        values = " → ".join(part for part in (change.old, change.new) if part)
        kind = words.say_or(f"change.{change.kind}", language, change.kind)
        lines.append(f"{when(change.at)}  {kind} {values}".rstrip())
    lines.append("")
    for decision in found.decisions:
        who = decision.team or "-"
        reasons = "; ".join(words.reasons(decision.why, language))
        shadow = " (shadow)" if decision.shadow else ""
        lines.append(f"{decision.rule or '-'}{shadow} → {who} [{decision.state}] {reasons}")
    for notice in found.notices:
        state = words.say_or(f"notice.{notice.state}", language, notice.state)
        lines.append(f"{when(notice.created_at)}  {notice.person}: {notice.subject} [{state}]")
    return "\n".join(lines)
