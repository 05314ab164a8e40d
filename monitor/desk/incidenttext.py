"""An incident's page as plain text, for a terminal: the same words in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from alerts import clean, phrases
from alerts.dates import zone_label
from alerts.policy import Policy
from monitor.desk.incident import IncidentPage, NumberRow, Step, Told, content
from monitor.desk.itemrows import ItemRow
from monitor.desk.outcomes import Outcome
from monitor.desk.voice import Moment, Voice
from monitor.desk.whosaid import Who
from monitor.incidents.show import Dossier

SOURCES, TOLD = 8, 6  # lines of each list, while nobody asks for all


def as_text(
    found: Dossier,
    policy: Policy,
    language: str,
    now: datetime | None = None,
    *,
    whole: bool = False,
) -> str:
    """For a person, in Thai or English, as seen at `now`; `whole` cuts no list."""
    voice = Voice(language, policy, now or found.incident.last_item_at)
    page = content(found, voice, whole=True)
    sections = [
        _head(page, voice),
        _listed(voice.say("mail.why_flagged"), page.reasons),
        _listed(voice.say("mail.facts"), _facts(page, voice)),
        _listed(voice.say("mail.people"), _people(page)),
        _listed(voice.say("mail.who_spoke"), _voices(page.who, voice) if page.who else ()),
        _timeline(page, voice, whole=whole),
        _cut(voice.say("mail.sources"), _sources(page), None if whole else SOURCES, voice),
        _listed(voice.say("show.why_told"), _outcomes(page.outcomes)),
        _cut(voice.say("desk.notices"), _told(page), None if whole else TOLD, voice),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _head(page: IncidentPage, voice: Voice) -> list[str]:
    """Number, level, title and state; how far it is known, who has it; what must not be missed."""
    head = page.head
    marks = [mark for mark in head.marks if mark != head.state]
    ended = [*marks, *([head.state] if head.state else [])]
    first = f"#{head.number}  [{head.level.word}]  {head.title}"
    lines = [f"{first}  · {' · '.join(ended)}" if ended else first]
    if page.drill:
        lines.insert(0, page.drill)
    if page.merged_into:
        told = voice.say("show.lives_in", number=page.merged_into)
        lines.append(f"  {told}: monitor incidents show {page.merged_into}")
    if page.split_from:
        lines.append(f"  {phrases.sentence(page.split_from.said)}")
    state = head.state or voice.say("incident.open")
    lines.append("  " + " · ".join((state, page.taken, *page.care)))
    count = voice.say("label.sources_count", independent=head.independent, total=head.total)
    lines.append(f"  {page.confirmation} · {count}")
    read = voice.say("show.read_at", at=_read(voice), clock=zone_label(voice.zone, voice.language))
    lines.append(f"  {read}")
    if page.home_word:
        word = page.home_word
        lines.append(f"  ! {word.text} {word.headline.text} ({_at(word.at)})")
        lines += [f"    {part}" for part in (word.headline.href, word.remedy) if part]
    return lines


def _facts(page: IncidentPage, voice: Voice) -> Iterator[str]:
    """The facts; a number of which several publishers told stands with what each of them said."""
    told = {each.label: _number(each, voice) for each in page.numbers}
    for fact in page.facts:
        yield told.pop(fact.label, "") or f"{fact.label}: {' · '.join(fact.values)}"
    yield from told.values()


def _number(of: NumberRow, voice: Voice) -> str:
    differ = f" [{voice.say('numbers.differ')}]" if of.differ else ""
    return f"{of.label}: {' · '.join(of.now)}{differ}"


def _people(page: IncidentPage) -> Iterator[str]:
    yield from page.people
    for each in (*page.known.open, *page.known.folded):
        yield f"{_at(each.at)}  {each.text} ({each.source} · {each.by})"


def _voices(of: Who, voice: Voice) -> Iterator[str]:
    """A line for each country, our own first whether it was heard or not."""
    if of.silent is not None:
        yield f"{of.ours}: {of.silent}"
    for row in of.rows:
        first = f"{voice.say('voices.first')} {_at(row.first)}"
        parts = (first, row.delay, ", ".join(row.kinds), row.count, row.step, row.given)
        yield f"{row.speaker}: {' · '.join(part for part in parts if part)}"
        if row.headline.href or row.headline.text:
            newest = (clean.isolated(row.headline.text), row.headline.href)
            told = " ".join(part for part in newest if part)
            yield f"    {voice.say('voices.newest')}: {told}"


def _timeline(page: IncidentPage, voice: Voice, *, whole: bool) -> list[str]:
    """The gravest lines, newest first; all of them where the whole is asked for."""
    rows = (page.steps.folded if whole else ()) or page.steps.open
    lines = [_step(each) for each in rows]
    if left := page.steps.total - len(rows):
        lines.append(voice.say("show.more", count=left))
    return _listed(voice.say("show.timeline"), lines)


def _step(of: Step) -> str:
    parts = (of.text, of.by, *(of.why if of.explains else ()))
    return f"{_at(of.at)}  {' · '.join(part for part in parts if part)}"


def _sources(page: IncidentPage) -> list[list[str]]:
    return [_source(row) for row in (*page.items.open, *page.items.folded)]


def _source(row: ItemRow) -> list[str]:
    """The number is what `move` and `split` ask for."""
    said = clean.isolated(row.headline.text)
    beside = (row.ended, *row.linked, *row.not_alerted)
    lines = [f"{_at(row.at)}  [{row.id}] {row.feed}: {said}"]
    told = " · ".join(part for part in beside if part)
    return [*lines, f"    {told}"] if told else lines


def _outcomes(found: Iterable[Outcome]) -> Iterator[str]:
    for each in found:
        parts = (each.state, each.times, each.span or _at(each.at))
        yield f"{each.rule} → {each.team}: {', '.join(part for part in parts if part)}"
        if each.why:
            yield f"    {'; '.join(each.why)}"


def _told(page: IncidentPage) -> list[list[str]]:
    rows = (*page.told.open, *page.told.folded)
    return [[f"{_at(each.at)}  {_notice(each)}"] for each in rows]


def _notice(of: Told) -> str:
    return f"{of.who} ({of.kind}): {of.subject} [{of.state}]"


def _listed(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return [title, *found] if found else []


def _cut(title: str, rows: list[list[str]], most: int | None, voice: Voice) -> list[str]:
    """A section of at most `most` rows; what is left is counted, with how to see it."""
    shown = rows if most is None else rows[:most]
    lines = [line for row in shown for line in row]
    left = len(rows) - len(shown)
    if left:
        lines.append(voice.say("show.more", count=left))
    return _listed(title, lines)


def _read(voice: Voice) -> str:
    moment = voice.full(voice.now)
    return moment.text if moment else "-"


def _at(of: Moment | None) -> str:
    return of.text if of else "-"
