"""The sections of a digest that stay at the desk: what was done, what is handed over, which
feeds were blind, what became of the notices, and rules on trial."""

from __future__ import annotations

from dataclasses import replace

from alerts import clean, dates, phrases, words
from alerts.digest.parts import Deed, FaultyFile, Handed, RulesChanged
from alerts.digest.voice import Entry, Section, Voice

_NOTE_LIMIT = 400


def not_alerted(voice: Voice) -> Section:
    """Near misses, each with the reason why nobody was told."""
    content, found = voice.content, []
    for each in content.not_alerted[: voice.limits.unalerted]:
        why = phrases.reasons(each.why, voice.language, zone=voice.zone)
        said = " · ".join(why) or voice.phrase("no_reason")
        number = f"#{each.number}"
        if each.number and number not in said:
            said = f"{number} · {said}"
        source = phrases.source(
            each.headline, voice.language, zone=voice.zone, now=content.issued_at
        )
        found.append(Entry("", below=(voice.phrase("not_told", why=said),), sources=(source,)))
    left = content.not_alerted_total - len(found)
    if left > 0:
        found.append(Entry(voice.say("more", count=left)))
    if content.repeats:
        found.append(Entry(voice.phrase("repeats_told", count=content.repeats)))
    return voice.section("not_alerted", found, len(found))


def record(voice: Voice) -> Section:
    """Who did what, how often somebody had to be reminded, and what was left out."""
    desk = voice.content.desk
    found = [Entry(_deed(voice, each)) for each in desk.deeds[-voice.limits.deeds :]]
    left = len(desk.deeds) - len(found)
    if left > 0:
        found.append(Entry(voice.say("more", count=left)))
    found += [Entry(_rules(voice, each)) for each in desk.rules_changed]
    if desk.escalations:
        found.append(Entry(voice.phrase("escalations", count=desk.escalations)))
    if desk.hidden:
        numbers = ", ".join(f"#{number}" for number in desk.hidden)
        found.append(Entry(voice.phrase("hidden", numbers=numbers)))
    return voice.section("desk_record", found, len(found) or 1)


def hand_over(voice: Voice) -> Section:
    """To whom the shift hands over, what nobody has taken, who has the rest, and notes."""
    content = voice.content
    found = [Entry(_handed(voice, each)) for each in content.desk.handed]
    found += [
        Entry(
            voice.phrase(
                "note",
                number=each.number,
                text=clean.one_line(each.new, _NOTE_LIMIT),
                office=phrases.office(each.by, voice.language, voice.policy),
                at=voice.at(each.at),
            )
        )
        for each in content.desk.notes
    ]
    if content.unacknowledged:
        numbers = ", ".join(f"#{number}" for number in content.unacknowledged[:8])
        count = len(content.unacknowledged)
        found.insert(0, Entry(voice.phrase("unacknowledged", count=count, numbers=numbers)))
    made = voice.section("hand_over", found, voice.limits.unalerted)
    if content.desk.shift_end is None or made.empty:
        return made
    to = [phrases.office(each, voice.language, voice.policy) for each in content.desk.next_duty]
    offices = ", ".join(dict.fromkeys(to)) or words.say("label.unknown", voice.language)
    said = voice.phrase("handed_to", at=voice.at(content.desk.shift_end), offices=offices)
    return replace(made, entries=(Entry(said), *made.entries))


def _handed(voice: Voice, of: Handed) -> str:
    """An incident that goes on, and who has it: `#2025-0001 · ▲ ALERT · … · taken by …`."""
    title = clean.one_line(of.title.in_(voice.language), phrases.HEADLINE_LIMIT)
    said = [f"#{of.number}", phrases.level(of.level, voice.language), title]
    if of.taken_by and of.taken_at is not None:
        office = phrases.office(of.taken_by, voice.language, voice.policy)
        said.append(voice.phrase("taken", office=office, at=voice.at(of.taken_at)))
    else:
        said.append(words.say("digest.unacknowledged", voice.language))
    if of.assigned_to:
        who = phrases.office(of.assigned_to, voice.language, voice.policy)
        said.append(words.say("oncall.assigned_to", voice.language, who=who))
    if of.snoozed_until is not None:
        until = of.snoozed_until
        said.append(words.say("oncall.snoozed_until", voice.language, zone=voice.zone, until=until))
    return " · ".join(said)


def _rules(voice: Voice, of: RulesChanged) -> str:
    """What changed in the rules: `13:00 · alerts.yaml · rules added: a · rules changed: b`."""
    said = [f"{voice.at(of.at)} · alerts.yaml"]
    for part in of.parts:
        name = words.say_or(f"rules_changed.part.{part.name}", voice.language, part.name)
        said += [
            words.say(f"rules_changed.{how}", voice.language, part=name, names=", ".join(ids))
            for how, ids in (
                ("added", part.added),
                ("removed", part.removed),
                ("changed", part.changed),
            )
            if ids
        ]
    return clean.one_line(" · ".join(said), _NOTE_LIMIT)


def _faulty(voice: Voice, of: FaultyFile) -> str:
    """A faulty file: since when, the first fault with its line and remedy, and how many more."""
    fault = clean.one_line(of.said.in_(voice.language), _NOTE_LIMIT)
    said = voice.phrase(f"faulty_{of.what}", at=voice.at(of.since), fault=fault)
    return f"{said} · {voice.say('more', count=of.more)}" if of.more else said


def blind_spots(voice: Voice) -> Section:
    """Faulty files, feeds that fail or are silent, and countries that we cannot hear at all."""
    found = [Entry(_faulty(voice, each)) for each in voice.content.desk.faulty]
    if voice.content.keyword_only:
        said = voice.phrase("keyword_only", count=voice.content.keyword_only)
        found.append(Entry(said))
    if voice.content.speakers_lost:
        lost = words.countries(voice.content.speakers_lost[:12], voice.language, short=True)
        found.append(Entry(voice.phrase("speakers_lost", countries=lost)))
    for missed in voice.content.missed[: voice.limits.feeds]:
        name = clean.one_line(missed.name, phrases.PUBLISHER_LIMIT)
        at = voice.at(missed.since)
        found.append(Entry(voice.phrase("entries_missed", name=name, count=missed.count, at=at)))
    late = voice.content.late_items
    if late.count:
        name = clean.one_line(late.worst_from, phrases.PUBLISHER_LIMIT)
        length = voice.length(late.worst_s)
        found.append(Entry(voice.phrase("late_items", count=late.count, length=length, name=name)))
    unsaid = len(voice.content.missed[voice.limits.feeds :])
    if unsaid:
        found.append(Entry(voice.say("more", count=unsaid)))
    more = 0
    for place, spot in enumerate(voice.content.blind_spots):
        if place >= voice.limits.feeds:
            more = len(voice.content.blind_spots) - place
            break
        state = words.say_or(f"feed.{spot.state}", voice.language, spot.state)
        since = voice.say("since", at=voice.at(spot.since)) if spot.since else ""
        blind = voice.phrase("blind_for", length=voice.length(spot.blind_s))
        name = clean.one_line(spot.name, phrases.PUBLISHER_LIMIT)
        if spot.priority:
            name = f"{name} ({words.say('label.priority', voice.language)})"
        line = voice.phrase("feed_line", name=name, state=state, since=since).strip()
        below = [
            voice.say("last_success", at=voice.at(spot.last_ok_at))
            if spot.last_ok_at
            else voice.say("never_read")
        ]
        if spot.blind_s:
            below.append(blind)
        if spot.last_news_at and spot.last_news_at != spot.since:
            below.append(voice.phrase("last_news", at=voice.at(spot.last_news_at)))
        found.append(Entry(line, below=(phrases.sentence(" · ".join(below)),)))
    if more:
        found.append(Entry(voice.say("more", count=more)))
    if not found:
        return Section(voice.say("blind_spots"), (Entry(voice.feeds()),), listed=False)
    return voice.section("blind_spots", [Entry(voice.feeds()), *found], len(found) + 1)


def delivery(voice: Voice) -> Section:
    """How the notices of the period went out."""
    sums = voice.content.deliveries
    lines = [voice.phrase("sent", count=sums.sent)]
    if sums.median_s is not None and sums.slowest_s is not None:
        took = (voice.length(sums.median_s), voice.length(sums.slowest_s))
        lines.append(voice.phrase("took", median=took[0], slowest=took[1]))
    if sums.waiting:
        lines.append(voice.phrase("waiting", count=sums.waiting))
    if sums.parked:
        to = ", ".join(
            phrases.office(each, voice.language, voice.policy) for each in sums.parked_to
        )
        lines.append(voice.phrase("parked", count=sums.parked, recipients=to or "–"))
    entries = tuple(Entry(phrases.sentence(line)) for line in lines)
    return Section(voice.say("delivery"), entries)


def shadow(voice: Voice) -> Section:
    """Rules on trial, and how often they would have told somebody."""
    found = [
        Entry(voice.phrase("shadow_line", name=rule.name.in_(voice.language), count=rule.count))
        for rule in voice.content.shadow
    ]
    return voice.section("shadow", found, voice.limits.feeds)


def _deed(voice: Voice, of: Deed) -> str:
    kind = words.say_or(f"change_kind.{of.kind}", voice.language, of.kind)
    office = phrases.office(of.by, voice.language, voice.policy)
    old, new = (clean.one_line(text, 80) for text in (of.old, of.new))
    moved = f": {old} → {new}" if old and new and of.kind.startswith("level_") else ""
    number = f"#{of.number}" if of.number else dates.clock(of.at, voice.language, voice.zone)
    return f"{voice.at(of.at)} · {number} · {kind}{moved} · {office}"
