"""The parts of one alert mail in one language, worded; templates only lay them out."""

from __future__ import annotations

from dataclasses import dataclass

from alerts import clean, dates, localtime, missions, phrases, review, standing, taking, words
from alerts.context import AlertContext
from storage.records import Level

CHANGES, REASONS = 5, 5
_EVIDENCE_WORDS, _NAMES = 6, 6
# White letters on these keep a contrast above 4.5:1, and stay readable when a mail program
# inverts colours by itself.
COLOURS = {
    Level.FLASH: "#8B1A1A",
    Level.ALERT: "#B34700",
    Level.WATCH: "#7A5C00",
    Level.INFO: "#00558C",
}
DRILL_COLOUR = "#595959"


@dataclass(frozen=True, slots=True)
class Room:
    """The most source lines, and the most lines on who has spoken."""

    sources: int = 6
    speakers: int = 5


@dataclass(frozen=True, slots=True)
class Map:
    """The picture that travels with the mail: its name, what it shows in words, and a caution."""

    cid: str
    alt: str
    note: str


@dataclass(frozen=True, slots=True)
class Labels:
    """The headings."""

    changed: str
    people: str
    spoke: str
    facts: str
    why: str
    sources: str
    actions: str
    open: str
    take: str
    dismiss: str
    next: str


@dataclass(frozen=True, slots=True)
class AlertBlock:
    """Everything the mail says in one language, in the order in which it stands."""

    language: str
    colour: str
    labels: Labels
    level: str  # shape and word
    do: str  # what the officer does
    drill: str  # "" for a real event outside of drill mode
    now: str  # toll and our people as of now, for the subject of a thread stays; "" in a first one
    status: str
    preheader: str
    title: str
    what: str
    changes: tuple[str, ...]
    people: tuple[str, ...]
    spoke: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    sources: tuple[phrases.SourceLine, ...]
    more_sources: str
    acknowledge: tuple[str, ...]
    take_url: str | None
    open_url: str | None
    escalation: str
    dismiss_url: str | None
    next: tuple[str, ...]  # when it is told again, and how long it stands
    footer: tuple[str, ...]
    map: Map | None = None


def alert_block(
    context: AlertContext, language: str, *, room: Room, first: bool = True, map_cid: str = ""
) -> AlertBlock:
    """The mail's text in `language`; what there is no `room` for is counted.

    `map_cid` names the map that travels with the mail, if one does.

    A second block names the sources and leaves their headlines, which are in the sources' own
    languages anyway, to the `first`.
    """
    incident = context.incident
    changes = _changes(context, language)
    lines, more = phrases.sources(
        context.items,
        language,
        zone=context.zone,
        now=context.now,
        limit=room.sources if first else 0,
    )
    return AlertBlock(
        language=language,
        colour=DRILL_COLOUR if context.drill else COLOURS[incident.level],
        labels=_labels(language),
        level=phrases.level(incident.level, language),
        do="" if context.drill else words.say(f"level.{incident.level.name}.do", language),
        drill=_drill(context, language),
        now=phrases.sentence(" · ".join(standing.now(context, language))),
        status=_status(context, language),
        preheader=_preheader(context, language, changes),
        title=phrases.title(incident, language),
        what=_what(context, language),
        changes=changes,
        people=_people(context, language),
        spoke=_spoke(context, language, room.speakers),
        facts=_facts(context, language),
        why=_why(context, language),
        sources=lines,
        more_sources=_more_sources(context, language, more, first=first),
        acknowledge=taking.other_ways(context, language),
        take_url=clean.link(context.ack_url) if taking.can_be_taken(context) else None,
        open_url=incident_url(context),
        escalation=taking.calls(context, language),
        dismiss_url=taking.dismiss_url(context),
        next=taking.news(context, language),
        footer=_footer(context, language),
        map=_map(context, language, map_cid) if map_cid else None,
    )


def incident_url(context: AlertContext) -> str | None:
    """The page of the incident, or of the one it is part of now; None without an address.

    A test is about no incident and has no page.
    """
    base = clean.link(context.base_url) if context.kind != "test" else None
    number = standing.merged_into(context) or context.incident.number
    return f"{base.rstrip('/')}/incidents/{number}" if base else None


def _labels(language: str) -> Labels:
    def label(key: str) -> str:
        return words.say(f"mail.{key}", language)

    return Labels(
        changed=label("changed"),
        people=label("people"),
        spoke=label("who_spoke"),
        facts=label("facts"),
        why=label("why_flagged"),
        sources=label("sources"),
        actions=label("actions"),
        open=label("open"),
        take=label("acknowledge"),
        dismiss=label("not_relevant"),
        next=label("next"),
    )


def _drill(context: AlertContext, language: str) -> str:
    if context.kind == "test":
        return words.say("mail.test", language)
    if context.drill:
        return words.say("mail.exercise", language)
    if not context.exercise:
        return ""
    return phrases.real_in_drill(context.drill_mode, language, context.policy, context.now)


def _status(context: AlertContext, language: str) -> str:
    checked = "confirmation.reviewed" if context.reviewed else "confirmation.machine"
    parts = (
        standing.notice(context, language),
        words.say(checked, language),
        taking.taken_by(context, language),
        words.say("mail.closed_since", language) if taking.was_closed(context) else "",
    )
    return phrases.sentence(" · ".join(filter(None, parts)))


def _preheader(context: AlertContext, language: str, changes: tuple[str, ...]) -> str:
    """What a phone shows below the subject: the news, not the subject again."""
    now = [
        said
        for said in standing.now(context, language)
        if said not in (context.thread_subject or "")
    ]
    news = changes[:2] or (_when(context, language),)
    if now and not any(each.kind in ("figure", "nationals") for each in context.changes):
        news = (*now, *changes[:1])
    count = words.say(
        "label.sources_count",
        language,
        independent=context.incident.independent_sources,
        total=context.incident.sources,
    )
    parts = (standing.notice(context, language), *news, count, taking.taken_by(context, language))
    return phrases.sentence(clean.shorten(" · ".join(parts), 140))


def _when(context: AlertContext, language: str) -> str:
    at, zone = context.incident.event_at, context.zone
    if at is not None:
        local = context.event_zone or localtime.zone_of(context.incident.countries, at)
        return dates.moment_in_zones(at, language, zone, local)
    opened = dates.moment_in_zones(context.incident.opened_at, language, zone)
    return words.say("mail.extra.first_seen", language, at=opened)


def _what(context: AlertContext, language: str) -> str:
    """After the title: the figures it lacks, when, by whom, and what others say."""
    incident = context.incident
    written = phrases.title(incident, language)
    said = [
        phrases.figure(each.kind, each.value, language)
        for each in phrases.by_weight(incident.figures)
    ]
    parts = [text for text in said if text not in written]
    parts.append(_when(context, language))
    names = phrases.publishers(context.items, 2)
    if names:
        parts.append(words.say("mail.source_line", language, sources=names))
    others = phrases.other_figures(incident, context.items, language)
    if others:
        figures = ", ".join(others.values())
        parts.append(words.say("mail.extra.others_report", language, figures=figures))
    return phrases.sentence(" · ".join(parts))


def _changes(context: AlertContext, language: str) -> tuple[str, ...]:
    if context.number == 1 and not context.changes:
        return ()
    items = {item.id: item for item in context.items}
    spoken = {each.item_id: each for each in context.communications if each.item_id}
    found: dict[str, None] = {}
    told = phrases.collapsed(context.changes)
    if context.number == 1:  # levels that came and went before he was told
        told = [each for each in told if each.kind not in ("level_raised", "level_lowered")]
    for each in sorted(told, key=phrases.weight):
        said = phrases.change(
            each, language, items=items, communications=spoken, policy=context.policy
        )
        if said:
            found.setdefault(phrases.sentence(said), None)
    lines = tuple(found)
    if len(lines) > CHANGES:
        rest = len(lines) - CHANGES
        return (*lines[:CHANGES], words.say("mail.extra.changes_more", language, count=rest))
    if not lines and context.number > 1:
        return (phrases.sentence(words.say("mail.extra.no_news", language)),)
    return lines


def _people(context: AlertContext, language: str) -> tuple[str, ...]:
    """What is known of our people there, and which of our missions looks after them."""
    found = (
        missions.lines(context.incident, context.policy, language)
        if (context.policy.missions)
        else ()
    )
    return (standing.nationals(context, language), *_by_officer(context, language), *found)


def _by_officer(context: AlertContext, language: str) -> tuple[str, ...]:
    """What an officer last wrote of our people, with its source and time."""
    known = context.nationals
    if known is None:
        return ()
    at = phrases.at_short(known.at, language, context.zone, context.now)
    source = clean.one_line(known.source, 80)
    return (phrases.sentence(f"{standing.written(known, language)} ({source} {at})"),)


def _spoke(context: AlertContext, language: str, limit: int) -> tuple[str, ...]:
    if not context.communications:
        none = words.say("mail.nobody_spoke", language)
        if context.ministries_read_at is None:
            return (none,)
        at = phrases.at_short(context.ministries_read_at, language, context.zone, context.now)
        return (f"{none} ({words.say('mail.extra.last_read', language, at=at)})",)
    newest = sorted(context.communications, key=lambda each: each.at, reverse=True)
    newest.sort(key=lambda each: not each.home)  # our own ministry's words come first
    lines = []
    for each in newest[:limit]:
        at = phrases.at_short(each.at, language, context.zone, context.now)
        after = phrases.after(each.delay_s, language)
        lines.append(
            " · ".join(part for part in (phrases.communication(each, language), at, after) if part)
        )
    if len(newest) > limit:
        rest = len(newest) - limit
        lines.append(words.say("mail.more_sources", language, count=rest))
    return tuple(lines)


def _facts(context: AlertContext, language: str) -> tuple[tuple[str, str], ...]:
    incident, zone = context.incident, context.zone
    rows: list[tuple[str, str]] = []

    def row(label: str, value: str) -> None:
        rows.append((phrases.sentence(words.say(label, language)), value))

    figures = [
        phrases.figure_with_source(each, language, zone, context.now)
        for each in phrases.by_weight(incident.figures)
    ]
    if figures:
        row("fact.figures", " · ".join(figures))
    place = clean.one_line(incident.place or "", 80)
    where = words.countries(incident.countries, language)
    named = place.casefold().endswith(where.casefold())
    add = bool(place and incident.countries and not named)
    row("fact.place", f"{place}, {where}" if add else place or where)
    if incident.lat is not None and incident.lon is not None:
        row("fact.position", f"{incident.lat:.2f}, {incident.lon:.2f}")
    kinds = [words.category(each, language) for each in incident.categories]
    row("fact.hazard", " · ".join([words.hazard(incident.hazard, language), *kinds]))
    given = [
        words.source_level(clean.one_line(each, 60), language) for each in incident.alert_levels
    ]
    if given:
        row("fact.source_level", ", ".join(given))
    if incident.severity and incident.severity != "Unknown":
        said = words.say(
            "mail.extra.cap",
            language,
            severity=_axis("severity", incident.severity, language),
            urgency=_axis("urgency", incident.urgency, language),
            certainty=_axis("certainty", incident.certainty, language),
        )
        row("mail.extra.cap_label", said)
    count = words.say(
        "label.sources_count",
        language,
        independent=incident.independent_sources,
        total=incident.sources,
    )
    confirmed = review.confirmation(incident, context.items, language)
    row("fact.confirmation", f"{confirmed} · {count}")
    return tuple(rows)


def _map(context: AlertContext, language: str, cid: str) -> Map:
    said = [phrases.title(context.incident, language)]
    said += missions.distances(context.incident, context.policy, language)
    return Map(
        cid=cid,
        alt=words.say("map.alt", language, what=" · ".join(said)),
        note=words.say("map.note", language),
    )


def _axis(name: str, value: str | None, language: str) -> str:
    return words.say_or(f"{name}.{value or 'Unknown'}", language, value or "Unknown")


def _why(context: AlertContext, language: str) -> tuple[str, ...]:
    why = (*context.incident.level_why, *context.why)
    lines = list(phrases.reasons(why, language, zone=context.zone)[:REASONS])
    found = phrases.evidence(context.items)[:_EVIDENCE_WORDS]
    if found:
        said = words.say("mail.extra.evidence", language, words=", ".join(found))
        lines.append(phrases.sentence(said))
    return tuple(lines)


def _more_sources(context: AlertContext, language: str, more: int, *, first: bool) -> str:
    if not more:
        return ""
    if first:
        return words.say("mail.more_sources", language, count=more)
    said = words.say("mail.extra.headlines_above", language)
    names = phrases.publishers(context.items, _NAMES)
    return f"{names} · {said}"


def _footer(context: AlertContext, language: str) -> tuple[str, ...]:
    names = [
        words.say("mail.extra.quoted", language, name=rule.name.in_(language))
        for rule in context.rules
    ]
    because = words.say(
        "mail.extra.as_role",
        language,
        role=context.person.role.in_(language),
        team=context.team.name.in_(language),
    )
    told = next((why for why in context.why if why.code == "told_at"), None)
    if told is not None:  # what follows goes to whoever was told, not by a rule
        because = f"{because} · {phrases.reasons([told], language, zone=context.zone)[0]}"
    elif names:
        by = words.say("mail.extra.by_rules", language, rules=", ".join(names))
        because = f"{because} · {by}"
    lines = [
        because,
        f"{words.say('mail.internal', language)} · {words.say('mail.preliminary', language)}",
    ]
    if context.message_id:
        lines.append(words.say("mail.message_id", language, id=context.message_id.strip("<>")))
    return tuple(lines)
