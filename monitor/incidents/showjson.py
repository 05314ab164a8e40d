"""One incident with everything known of it, as JSON: for programs, and for `show --json`."""

from __future__ import annotations

from typing import Any

from alerts import missions, standing, words
from alerts.chain import reasons_as_it_stands
from alerts.figures import first_published
from alerts.policy import Policy
from alerts.review import confirmed_by, is_reviewed
from monitor.communications.table import WhoSaid
from monitor.incidents.messages import Ending
from monitor.incidents.numbers import Given
from monitor.incidents.show import Dossier, split_off
from storage.records import Incident, Why


def as_json(found: Dossier, policy: Policy) -> dict[str, Any]:
    """For `--json`; times ISO 8601 in UTC, reasons in both languages."""
    incident = found.incident
    published = first_published(found.items)

    def why(whys: tuple[Why, ...]) -> dict[str, list[str]]:
        return {language: list(words.reasons(whys, language)) for language in ("en", "th")}

    return {
        "number": incident.number,
        "title": {"en": incident.title_en, "th": incident.title_th},
        "level": incident.level.name,
        "level_why": why(incident.level_why),
        "state": incident.state,
        "merged_into": found.lives_in,
        "split_from": _split_json(found),
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
        "first_published_at": published.isoformat() if published else None,
        "opened_at": incident.opened_at.isoformat(),
        "figures": [
            {"kind": each.kind, "value": each.value, "words": each.words, "source": each.source}
            for each in incident.figures
        ],
        "numbers": [
            {
                "kind": each.kind,
                "differ": each.differ,
                "now": [_told_json(told) for told in each.now],
                "history": [_told_json(told) for told in each.history],
            }
            for each in found.numbers
        ],
        "nationals": standing.shown(incident.nationals),
        "confirmation": incident.confirmation,
        "reviewed": is_reviewed(incident, found.changes),
        "confirmed_by": confirmed_by(found.items),
        "sources": incident.sources,
        "independent_sources": incident.independent_sources,
        "source_levels": incident.alert_levels,
        "acknowledged_by": incident.acknowledged_by,
        "missions": [
            {
                "id": each.mission.id,
                "name": {"en": each.mission.name.en, "th": each.mission.name.th},
                "country": each.country,
                "part": each.part,
                "km": each.km,
                "nearest_only": each.nearest,
                "works_from": each.mission.works_from.city if each.mission.works_from else None,
                "contact": each.mission.contact or None,
                "confirmed": each.mission.confirmed,
            }
            for each in missions.responsible(incident, policy)
        ],
        "department": _department(incident, policy),
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
                "message": item.values.message_id,
                "ended": _ended(found.ended.get(item.id)),
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
                "channel": each.channel,
                "entry": each.entry,
                "by": each.by,
            }
            for each in found.communications
        ],
        "who_said": _who_json(found.who),
        "nationals_history": [
            {
                "at": each.at.isoformat(),
                "status": each.status,
                "counts": dict(each.counts),
                "source": each.source,
                "note": each.note,
                "by": each.by,
                "recorded_at": each.recorded_at.isoformat(),
            }
            for each in found.nationals
        ],
        "timeline": [
            {
                "at": each.at.isoformat(),
                "kind": each.kind,
                "item": each.item_id,
                "old": standing.shown(each.old) if each.old else None,
                "new": standing.shown(each.new) if each.new else None,
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
                "why": why(reasons_as_it_stands(each)),
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


def _split_json(found: Dossier) -> dict[str, Any] | None:
    off = split_off(found.changes)
    return {"number": off.old, "at": off.at.isoformat(), "by": off.by} if off else None


def _told_json(told: Given) -> dict[str, Any]:
    return {
        "value": told.value,
        "publisher": told.publisher,
        "at": told.at.isoformat(),
        "words": told.words,
        "link": told.link,
    }


def _department(incident: Incident, policy: Policy) -> dict[str, Any] | None:
    found = missions.department(incident, policy)
    return {"en": found[0].en, "th": found[0].th, "confirmed": found[1]} if found else None


def _who_json(who: WhoSaid | None) -> dict[str, Any] | None:
    if who is None:
        return None
    read = who.voice.last_read
    return {
        "home": {
            "state": who.home_state,
            "feeds": who.voice.feeds,
            "failing": who.voice.failing,
            "last_read": read.isoformat() if read else None,
        },
        "rows": [
            {
                "country": row.country,
                "publisher": row.publisher,
                "home": row.home,
                "first_at": row.first.at.isoformat(),
                "delay_s": row.first.delay_s,
                "count": row.count,
                "kinds": row.kinds,
                "advice": (
                    {"level": row.advice.level, "wording": row.advice.wording}
                    if row.advice
                    else None
                ),
                "step": row.step,
                "flags": row.flags,
                "link": row.newest.link,
            }
            for row in who.rows
        ],
    }


def _ended(of: Ending | None) -> dict[str, Any] | None:
    if of is None:
        return None
    return {"state": of.state, "at": of.at.isoformat(), "by": of.by.id if of.by else None}
