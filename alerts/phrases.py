"""Short phrases that mails and digest share: figures, changes, communications, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from alerts import clean, dates, figures, words
from alerts.context import DrillMode
from alerts.policy import Policy
from alerts.ports import WRITTEN
from alerts.safe import good_word
from storage.records import (
    CHANNEL,
    Advice,
    Change,
    Communication,
    Figure,
    Incident,
    Item,
    Level,
    Role,
    Why,
)

HEADLINE_LIMIT = 160
REASON_LIMIT = 240
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_KEY_OF_LEVEL = re.compile(r"[a-z]+(?:_[a-z]+)+(?:, [a-z]+(?:_[a-z]+)+)*")
PUBLISHER_LIMIT = 60
_WEIGHTS = (
    "withdrawn",
    "lifted",
    "level_raised",
    "warned",
    "level_lowered",
    "corrected",
    "figure",
    "nationals",
    "nationals_report",
    "advice_cluster",
    "home_silent",
    "voices",
    "advice",
    "advice_eased",
    "communication",
    "absorbed",
    "merged",
    "closed",
    "reopened",
    "expired",
    "joined",
)
_FIGURES = (
    "dead",
    "missing",
    "injured",
    "cases",
    "displaced",
    "affected",
    "magnitude",
    "aftershock",
    "depth_km",
    "category",
    "wind_kmh",
    "height_m",
)
_SIGNATURES = ("signature_verified", "signature_bad", "signed", "unsigned")
_SIGNATURE_WHY = "signature_why_"  # begins the flag that says why a signature is not confirmed
_TIERS = ("official", "un", "wire", "media", "other")


@dataclass(frozen=True, slots=True)
class Headline:
    """What one source said, cleaned, in its own language (an ISO code, "" where not known)."""

    publisher: str
    tier: str
    title: str
    link: str | None
    language: str
    at: datetime
    signature: str | None = None  # how a CAP alert's signature stands, as the item's flag
    signature_why: str | None = None  # why it is not confirmed: a key of `signature_why`


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the reader's language, its headline in its own.

    `note` says what kind of source it is and when we saw it; `href` is None where the source
    gave no address that may be clicked.
    """

    publisher: str
    note: str
    headline: str
    language: str
    href: str | None
    host: str


def title(incident: Incident, language: str) -> str:
    """The incident's title: country, what, how big, near where."""
    return clean.one_line(incident.title_th if language == "th" else incident.title_en, 180)


def level(of: Level, language: str) -> str:
    """Shape and word, so that colour is never needed: `◆ วิกฤต`."""
    return f"{words.say(f'level.{of.name}.shape', language)} {level_word(of, language)}"


def level_word(of: Level, language: str) -> str:
    """The level's word."""
    return words.say(f"level.{of.name}", language)


def figure(kind: str, value: float, language: str) -> str:
    """A figure in words: `เสียชีวิต 144 ราย`, `M7.7`."""
    key = f"figure.{kind}.count"
    if words.current().has(key):
        return words.say(key, language, value=value)
    return f"{kind} {dates.number(value)}"


def by_weight(figures: Iterable[Figure]) -> list[Figure]:
    """People before measurements, so that the toll is read first."""
    return sorted(
        figures, key=lambda each: _FIGURES.index(each.kind) if each.kind in _FIGURES else 99
    )


def figure_with_source(of: Figure, language: str, zone: tzinfo, now: datetime) -> str:
    """A figure with who gave it and when, since a number without both is a rumour."""
    said = figure(of.kind, of.value, language)
    source = clean.one_line(of.source, PUBLISHER_LIMIT) if of.source else ""
    beside = " ".join(part for part in (source, _seen(of.at, language, zone, now)) if part)
    return f"{said} ({beside})" if beside else said


def other_figures(incident: Incident, items: Iterable[Item], language: str) -> dict[str, str]:
    """What other publishers give for a figure of the incident: kind → `M8.2 (TMD)`, ….

    Differing numbers stand side by side; they are never averaged. Those of an aftershock, and
    tolls that are only older, contradict nobody.
    """
    held = {figure.kind: figure for figure in incident.figures}
    newest: dict[tuple[str, str], tuple[float, datetime]] = {}
    for item in items:
        aftershock = figures.is_another_shock(item, incident.event_at)
        told_at = figures.told_at(item)
        for kind, value in _figures_of(item).items():
            if aftershock and kind in figures.OF_THE_SHOCK:
                continue
            known = newest.get((kind, item.publisher))
            if known is None or told_at >= known[1]:  # a mail's items stand by weight, not by time
                newest[kind, item.publisher] = value, told_at
    found: dict[str, list[str]] = {}
    for (kind, publisher), (value, at) in newest.items():
        ours = held.get(kind)
        if ours is None or value == ours.value or publisher == ours.source:
            continue
        if not figures.overtaken(kind, value, at, ours.value, ours.at or at):
            who = clean.one_line(publisher, PUBLISHER_LIMIT)
            found.setdefault(kind, []).append(f"{figure(kind, value, language)} ({who})")
    return {kind: ", ".join(said[:3]) for kind, said in found.items()}


def change(
    of: Change,
    language: str,
    *,
    items: Mapping[int, Item],
    communications: Mapping[int, Communication],
    policy: Policy,
) -> str | None:
    """A change in words, None where it says nothing to a reader of mails."""
    old, new = (clean.one_line(text or "", HEADLINE_LIMIT) for text in (of.old, of.new))
    item = items.get(of.item_id) if of.item_id is not None else None
    publisher = clean.one_line(item.publisher, PUBLISHER_LIMIT) if item else new
    if of.kind == "opened":
        return None
    if of.kind == "joined":
        return words.say("mail.extra.joined", language, publisher=publisher)
    if of.kind == "communication":
        spoke = communications.get(of.item_id) if of.item_id is not None else None
        said = communication(spoke, language) if spoke else publisher
        return words.say("change.communication", language, new=said)
    if of.kind == "advice":
        return words.say("mail.extra.advice", language, publisher=publisher, old=old, new=new)
    if of.kind in ("figure", "corrected"):
        return _figure_change(of.kind, old, new, language)
    if of.kind == "nationals" and (good := good_word(item)) is not None:
        return words.say(f"change.{good}", language)
    if of.kind == "nationals" and {old, new} == {"reported", "harmed"}:
        return words.say("change.nationals_again", language, new=new)
    if of.kind in ("acknowledged", "unacknowledged"):
        by = office(of.by, language, policy)
        return words.say(f"change.{of.kind}", language, new=by)
    if of.kind == "assigned":
        return words.say("change.assigned", language, new=office(of.new, language, policy))
    return words.say(f"change.{of.kind}", language, old=old or "–", new=new or "–")


def delivery(state: str, response: str, language: str) -> str:
    """How far a notice got, in words; one that became a file has been sent to nobody."""
    if state == "sent" and response.startswith(WRITTEN):
        state = "written"
    return words.say_or(f"notice.{state}", language, state)


def collapsed(changes: Iterable[Change]) -> list[Change]:
    """`changes`, those of one figure as one: from its first number to its last.

    One that came back to where it was is left out. `changes` are oldest first.
    """
    kept: dict[object, Change] = {}
    for each in changes:
        if each.kind not in ("figure", "corrected"):
            kept[each.id, len(kept)] = each
            continue
        name = (each.kind, (each.new or "").partition(" ")[0])
        before = kept.pop(name, None)
        kept[name] = each if before is None else replace(each, old=before.old)
    return [
        each
        for each in kept.values()
        if each.kind not in ("figure", "corrected") or each.old != each.new
    ]


def dead_differ(items: Iterable[Item]) -> bool:
    """Whether the publishers' newest figures of the dead lie far apart (half as many again)."""
    newest: dict[str, tuple[float, datetime]] = {}
    for item in items:
        for each in item.reading.figures:
            if each.kind == "dead":
                newest[item.publisher] = each.value, figures.told_at(item)
    most, at = max(newest.values(), default=(0.0, None))
    return at is not None and any(
        most >= 1.5 * value and not figures.overtaken("dead", value, told, most, at)
        for value, told in newest.values()
    )


def weight(of: Change) -> tuple[int, float]:
    """Sorts changes by what a reader must know first; among equals the newest first."""
    place = _WEIGHTS.index(of.kind) if of.kind in _WEIGHTS else len(_WEIGHTS)
    return (place, -of.at.timestamp())


def sentence(text: str) -> str:
    """`text` with a capital letter in front; Thai has none and stays."""
    return text[:1].upper() + text[1:]


def office(who: str | None, language: str, policy: Policy) -> str:
    """Somebody by office: the role of a person of `alerts.yaml`, else the text as it stands.

    A second road (`channel:NAME`) by its name.
    """
    person = policy.people.get(who or "")
    if person is not None:
        return person.role.in_(language)
    if who is not None and who.startswith(CHANNEL):
        name = clean.one_line(who.removeprefix(CHANNEL), PUBLISHER_LIMIT)
        return words.say("oncall.channel_name", language, name=name)
    return clean.one_line(who or "", PUBLISHER_LIMIT) or words.say("label.unknown", language)


def real_in_drill(mode: DrillMode | None, language: str, policy: Policy, now: datetime) -> str:
    """That this is real although it is marked as an exercise, and whose drill mode marks it."""
    since = ""
    if mode is not None:
        at = at_short(mode.since, language, ZoneInfo(policy.timezone), now)
        by = office(mode.by, language, policy)
        since = words.say("mail.drill_since", language, at=at, by=by)
    return words.say("mail.real_in_drill", language, since=since)


def communication(of: Communication, language: str) -> str:
    """Who spoke and what kind: `ญี่ปุ่น – คำแนะนำการเดินทาง (งดการเดินทาง)`."""
    return f"{speaker(of, language)} – {kind(of, language)}"


def speaker(of: Communication, language: str) -> str:
    """Whose ministry it was."""
    if of.speaker:
        return words.country(of.speaker, language, short=True)
    return clean.one_line(of.publisher, PUBLISHER_LIMIT)


def kind(of: Communication, language: str) -> str:
    """What it was: `คำแนะนำการเดินทาง (งดการเดินทาง)`."""
    said = words.say_or(f"communication.{of.kind}", language, of.kind)
    return f"{said} ({advice(of.advice, language)})" if of.advice else said


def advice(of: Advice, language: str) -> str:
    """A ministry's advice in its own words and number, never on a common scale."""
    parts = [clean.one_line(part, 90) for part in (own_level(of), of.wording) if part]
    if of.partial:
        parts.append(words.say("advice.partial", language))
    if of.area:
        parts.append(clean.one_line(of.area, 60))
    return ", ".join(parts) or words.say("label.unknown", language)


def own_level(of: Advice) -> str:
    """The ministry's own level as a reader may see it, without keys of its interface."""
    level = of.level or ""
    if _KEY_OF_LEVEL.fullmatch(level):
        return "" if of.wording else level.replace("_", " ")
    return level


def after(delay_s: float | None, language: str) -> str:
    """How long after the first report was published, empty where not known or before it."""
    if delay_s is None or delay_s < 0:
        return ""
    length = dates.duration(timedelta(seconds=delay_s), language)
    return words.say("mail.spoke_after", language, length=length)


def sources(
    items: Iterable[Item], language: str, *, zone: tzinfo, now: datetime, limit: int
) -> tuple[tuple[SourceLine, ...], int]:
    """The best items as lines, and how many more there are.

    Signals before communications, the better tier first, then who was first; the first item of
    every publisher comes before a second one of any.
    """
    chosen = ordered(items)
    lines = tuple(source(headline(item), language, zone=zone, now=now) for item in chosen[:limit])
    return lines, len(chosen) - len(lines)


def publishers(items: Iterable[Item], limit: int) -> str:
    """The names of the best sources, each once."""
    names = dict.fromkeys(
        clean.one_line(item.publisher, PUBLISHER_LIMIT) for item in ordered(items)
    )
    return ", ".join(list(names)[:limit])


def headline(item: Item) -> Headline:
    """What is kept of an item to show it as a source."""
    spoken = item.reading.language or item.values.language or ""
    return Headline(
        publisher=clean.one_line(item.publisher, PUBLISHER_LIMIT),
        tier=item.tier,
        title=clean.one_line(item.values.title, HEADLINE_LIMIT),
        link=clean.link(item.values.link),
        language=spoken if _LANGUAGE.fullmatch(spoken) and spoken != "und" else "",
        at=item.first_seen_at,
        signature=next((flag for flag in _SIGNATURES if flag in item.values.flags), None),
        signature_why=next(
            (
                flag.removeprefix(_SIGNATURE_WHY)
                for flag in item.values.flags
                if flag.startswith(_SIGNATURE_WHY)
            ),
            None,
        ),
    )


def signature(of: Headline, language: str) -> str:
    """How the source's signature stands and, if badly, why; empty where it signs nothing."""
    if not of.signature:
        return ""
    said = words.say(f"signature.{of.signature}", language)
    why = (
        words.say_or(f"signature_why.{of.signature_why}", language, "") if of.signature_why else ""
    )
    return f"{said} ({why})" if why else said


def source(of: Headline, language: str, *, zone: tzinfo, now: datetime) -> SourceLine:
    """A source as a line, its headline in its own words and language."""
    tier = words.say_or(f"tier.{of.tier}", language, of.tier)
    seen = _seen(of.at, language, zone, now)
    return SourceLine(
        publisher=of.publisher,
        note=" · ".join(filter(None, (tier, signature(of, language), seen))),
        headline=of.title,
        language=of.language,
        href=clean.outward(of.link),
        host=clean.host(of.link),
    )


def at_short(at: datetime, language: str, zone: tzinfo, now: datetime) -> str:
    """A time as short as it may be: the clock today, day and clock otherwise."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = dates.clock(at, language, zone)
    if here.date() == today:
        return clock
    # A day without its year only within this one: "28 Mar" a year later would mislead.
    day = dates.day(here, language, weekday=False, era=here.year != today.year)
    return f"{day} {clock}"


def reasons(whys: Iterable[Why], language: str, *, zone: tzinfo) -> tuple[str, ...]:
    """The sentences of reasons, each once and on one line, since they may quote a source."""
    return tuple(
        clean.one_line(said, REASON_LIMIT) for said in words.reasons(whys, language, zone=zone)
    )


def evidence(items: Iterable[Item]) -> tuple[str, ...]:
    """The words that decided, in their own language, without repeats."""
    found: dict[str, str] = {}
    for item in items:
        reading = item.reading
        tagged = (word for tag in reading.tags if tag.sure for word in tag.evidence)
        for word in (*reading.hazard_evidence, *tagged, *reading.nationals_evidence):
            plain = clean.one_line(word, 40)
            if plain:
                found.setdefault(plain.casefold(), plain)
    return tuple(found.values())


def _figure_change(kind: str, old: str, new: str, language: str) -> str:
    """`dead 20` → `dead 144`, as a change keeps them, as `เสียชีวิต 20 → 144 ราย`."""
    was, now_is = _number(old), _number(new)
    name = new.partition(" ")[0]
    if now_is is None or not words.current().has(f"figure.{name}.count"):
        said = f"{old} → {new}" if old else new
    elif was is None:
        said = words.say("mail.extra.first_figure", language, new=figure(name, now_is, language))
    else:
        both = f"{dates.number(was)} → {dates.number(now_is)}"
        said = words.say(f"figure.{name}.count", language, value=both)
    if kind == "corrected":
        return f"{words.say('message.corrected', language)}: {said}"
    return said


def _number(coded: str) -> float | None:
    try:
        return float(coded.partition(" ")[2])
    except ValueError:
        return None


def _figures_of(item: Item) -> dict[str, float]:
    found = {figure.kind: figure.value for figure in item.reading.figures}
    if item.values.hazard is not None and item.values.hazard.magnitude is not None:
        found["magnitude"] = item.values.hazard.magnitude
    return found


def _seen(at: datetime | None, language: str, zone: tzinfo, now: datetime) -> str:
    return at_short(at, language, zone, now) if at is not None else ""


def ordered(items: Iterable[Item]) -> list[Item]:
    """The best source first; one item of every publisher before a second of any."""
    firsts: list[Item] = []
    rest: list[Item] = []
    seen: set[str] = set()
    for item in sorted(items, key=_worth):
        (rest if item.publisher in seen else firsts).append(item)
        seen.add(item.publisher)
    return firsts + rest


def _worth(item: Item) -> tuple[bool, int, datetime, int]:
    tier = _TIERS.index(item.tier) if item.tier in _TIERS else len(_TIERS)
    return (item.role is Role.COMMUNICATION, tier, item.first_seen_at, item.id)
