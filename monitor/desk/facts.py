"""What is known of an incident, each fact with its source: the table below its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts import clean, missions, phrases, words
from alerts.figures import first_published
from monitor.desk.voice import Moment, Voice
from storage.records import Incident, Item


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the table: its label and one or more values; `at` where the value is a time."""

    label: str
    values: tuple[str, ...]
    at: Moment | None = None


def facts(of: Incident, items: Sequence[Item], voice: Voice) -> tuple[Fact, ...]:
    """The facts that are known, most important first."""
    found = [*_figures(of, items, voice), *_where(of, voice), *_when(of, items, voice)]
    kinds = [words.category(each, voice.language) for each in of.categories]
    found.append(_fact("hazard", voice, words.hazard(of.hazard, voice.language)))
    if kinds:
        found.append(_fact("category", voice, *kinds))
    given = [
        words.source_level(clean.one_line(each, 80), voice.language) for each in of.alert_levels
    ]
    if given:
        found.append(_fact("source_level", voice, *given))
    for axis in ("severity", "urgency", "certainty"):
        value = getattr(of, axis)
        if value and value != "Unknown":
            found.append(_fact(axis, voice, voice.say_or(f"{axis}.{value}", value)))
    count = voice.say("label.sources_count", independent=of.independent_sources, total=of.sources)
    found.append(_fact("sources", voice, count))
    return tuple(found)


def people(of: Incident, voice: Voice) -> tuple[str, ...]:
    """What is known of our people there, and which of our missions looks after them."""
    state = voice.say_or(f"nationals.{of.nationals}", of.nationals)
    lines = [voice.say("mail.nationals", state=state)]
    return (*lines, *missions.lines(of, voice.policy, voice.language))


def _figures(of: Incident, items: Sequence[Item], voice: Voice) -> list[Fact]:
    others = phrases.other_figures(of, items, voice.language)
    found = []
    for figure in phrases.by_weight(of.figures):
        said = phrases.figure_with_source(figure, voice.language, voice.zone, voice.now)
        values = [said]
        if figure.kind in others:
            values.append(voice.say("mail.extra.others_report", figures=others[figure.kind]))
        label = voice.say_or(f"figure.{figure.kind}", figure.kind)
        found.append(Fact(phrases.sentence(label), tuple(values)))
    return found


def _where(of: Incident, voice: Voice) -> list[Fact]:
    found = [_fact("country", voice, words.countries(of.countries, voice.language))]
    if of.place:
        found.insert(0, _fact("place", voice, clean.one_line(of.place, 120)))
    if of.lat is not None and of.lon is not None:
        found.append(_fact("position", voice, f"{of.lat:.2f}, {of.lon:.2f}"))
    return found


def _when(of: Incident, items: Sequence[Item], voice: Voice) -> list[Fact]:
    times = (
        ("event_time", of.event_at),
        ("first_published", first_published(items)),
        ("first_seen", of.opened_at),
        ("last_seen", of.last_item_at),
    )
    found = []
    for label, at in times:
        moment = voice.full(at)
        if moment is not None:
            found.append(Fact(phrases.sentence(voice.say(f"fact.{label}")), (moment.text,), moment))
    return found


def _fact(label: str, voice: Voice, *values: str) -> Fact:
    return Fact(phrases.sentence(voice.say(f"fact.{label}")), values)
