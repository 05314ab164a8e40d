"""The sections that only a weekly report has: feeds, rules, and how we did against ledgers."""

from __future__ import annotations

from alerts import clean, phrases
from alerts.digest.parts import LedgerEvent, Week
from alerts.digest.voice import Entry, Section, Voice


def sections(voice: Voice) -> list[Section]:
    """Feeds that led, feeds that only repeat, noisy rules, missed and late events."""
    week = voice.content.week or Week()
    led = [
        Entry(voice.phrase("led_line", name=_name(each.name), first=each.first, told=each.told))
        for each in week.led
    ]
    repeats = [
        Entry(voice.phrase("repeats_line", name=_name(each.name), told=each.told))
        for each in week.repeats
    ]
    noisy = [
        Entry(
            voice.phrase(
                "noisy_line",
                name=each.name.in_(voice.language),
                count=each.count,
                lowered=each.lowered,
            )
        )
        for each in week.noisy
    ]
    limit = voice.limits.feeds
    return [
        voice.section("extra.led", led, limit),
        voice.section("extra.repeats", repeats, limit),
        voice.section("extra.noisy", noisy, limit),
        _ledger(voice, week),
    ]


def _ledger(voice: Voice, week: Week) -> Section:
    bad = [each for each in week.ledger if each.outcome != "found"]
    if not week.ledger_total:
        return voice.section("extra.ledger", [], 1)
    counted = Entry(voice.phrase("ledger_sum", found=week.ledger_found, total=week.ledger_total))
    lines = [Entry(_event(voice, each)) for each in bad]
    unsaid = week.ledger_total - week.ledger_found - len(bad[: voice.limits.unalerted])
    made = [counted, *lines[: voice.limits.unalerted]]
    if unsaid > 0:
        made.append(Entry(voice.say("more", count=unsaid)))
    return voice.section("extra.ledger", made, len(made))


def _event(voice: Voice, of: LedgerEvent) -> str:
    title = clean.one_line(of.title, phrases.HEADLINE_LIMIT)
    at = voice.at(of.at)
    if of.outcome == "late":
        length = voice.length(of.late_s or 0)
        return voice.phrase(
            "ledger_late", ledger=of.ledger, title=title, at=at, length=length, number=of.number
        )
    why = phrases.reasons(of.why[:1], voice.language, zone=voice.zone)
    said = voice.phrase("ledger_missed", ledger=of.ledger, title=title, at=at)
    return " · ".join((said, *why))


def _name(of: str) -> str:
    return clean.one_line(of, phrases.PUBLISHER_LIMIT)
