"""What the form on a digest's draft shows: bottom lines, and a place for each incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from alerts import phrases
from alerts.digest.content import DigestContent
from alerts.digest.voice import states_of
from alerts.policy import DigestPlan
from monitor.desk.choosing import FORM_LIFE, Choice, officers
from monitor.desk.page import Ask
from monitor.digest.edit import mark_of
from monitor.oncall import marks
from storage import drafts, incidents
from storage.records import DigestEdits, Incident

if TYPE_CHECKING:
    from storage.database import Connection

LEVEL, OUT = "level", "out"
PLACE = "place-"  # and an incident's number: the name of its field
MOST_ROWS, FIRST_PLACES = 40, 5


@dataclass(frozen=True, slots=True)
class Row:
    """One incident, and where it may stand."""

    number: str
    title: str
    places: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that was sent and not carried out: its fields, and what was wrong."""

    given: Mapping[str, str]
    fault: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form. `day` and `seen` say which issue it changes, and what that said; `mark` that the
    form is ours; `more` counts incidents that it has no room for."""

    plan: str
    day: str
    seen: str
    mark: str
    people: tuple[Choice, ...]
    bottom_line_th: str
    bottom_line_en: str
    rows: tuple[Row, ...]
    more: int
    changed: str
    fault: str


def draft_form(
    conn: Connection, ask: Ask, plan: DigestPlan, content: DigestContent, attempt: Attempt | None
) -> Form:
    """The form for the next issue of `plan`, filled with what stands or with what was sent."""
    voice, day = ask.voice, content.local_date
    given = attempt.given if attempt else {}
    draft = drafts.get(conn, plan.id, day)
    edits = draft.edits
    titled = _titled(conn, content, edits, voice.language)
    changed = ""
    if draft.changed_at is not None:
        who = phrases.office(draft.changed_by, voice.language, voice.policy)
        at = phrases.at_short(draft.changed_at, voice.language, voice.zone, voice.now)
        changed = voice.say("digest_edit.form_changed_by", who=who, at=at)
    return Form(
        plan=plan.id,
        day=day.isoformat(),
        seen=mark_of(edits),
        mark=marks.form(
            ask.program.settings.secret(), subject_of(plan.id, day), voice.now + FORM_LIFE
        ),
        people=officers(voice, given.get("by"), team=voice.policy.teams[plan.teams[0]]),
        bottom_line_th=given.get("bottom_line_th", edits.bottom_line_th),
        bottom_line_en=given.get("bottom_line_en", edits.bottom_line_en),
        rows=tuple(
            Row(number, title, _places(ask, number, edits, given))
            for number, title in titled[:MOST_ROWS]
        ),
        more=max(0, len(titled) - MOST_ROWS),
        changed=changed,
        fault=attempt.fault if attempt else "",
    )


def subject_of(plan: str, day: date) -> str:
    """What the form's mark is for."""
    return f"digest {plan} {day.isoformat()}"


def _titled(
    conn: Connection, content: DigestContent, edits: DigestEdits, language: str
) -> list[tuple[str, str]]:
    """Numbers and titles: what an officer has set comes first, then the issue in its order."""
    found = {each.incident.number: each.incident for each in content.incidents}
    for number in (*edits.picked, *edits.hidden):
        of = found.get(number) or incidents.by_number(conn, number)
        if of is not None:
            found[number] = of
    order = dict.fromkeys((*edits.picked, *edits.hidden, *found))
    return [(number, _title(found[number], language)) for number in order if number in found]


def _title(of: Incident, language: str) -> str:
    level, title = phrases.level(of.level, language), phrases.title(of, language)
    return " · ".join((level, *states_of(of, language), title))


def _places(
    ask: Ask, number: str, edits: DigestEdits, given: Mapping[str, str]
) -> tuple[Choice, ...]:
    say = ask.voice.say
    stands = LEVEL
    if number in edits.hidden:
        stands = OUT
    elif number in edits.picked:
        stands = str(edits.picked.index(number) + 1)
    stands = given.get(PLACE + number, stands)
    firsts = [str(place) for place in range(1, max(FIRST_PLACES, len(edits.picked)) + 1)]
    return (
        Choice(LEVEL, say("digest_edit.place_level"), stands == LEVEL),
        *(
            Choice(each, say("digest_edit.place_first", place=each), stands == each)
            for each in firsts
        ),
        Choice(OUT, say("digest_edit.place_out"), stands == OUT),
    )
