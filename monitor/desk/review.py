"""What waits for an officer's look, and one item with everything officers said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from alerts import clean, phrases, words
from monitor.desk.itemrows import ItemRow, rows
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Moment, Voice
from storage import corrections, itemreads
from storage.errors import StorageError
from storage.records import Correction, Judgement

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 200
BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Review:
    """The items whose category the classifier was not sure of."""

    waiting: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One officer's word: who, when, and what changed."""

    at: Moment | None
    by: str
    change: str
    note: str


@dataclass(frozen=True, slots=True)
class Revised:
    """What the item said at one time."""

    n: int
    at: Moment | None
    title: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item; `command` is what an officer types to correct it."""

    row: ItemRow
    said: tuple[Said, ...]
    revised: tuple[Revised, ...]
    command: str


def review(conn: Connection, ask: Ask) -> Page:
    """Items of the last days that wait for a look, the newest first."""
    voice, since = ask.voice, ask.voice.now - BACK
    count = itemreads.count_waiting(conn, since=since)
    found = itemreads.waiting(conn, limit=MOST, since=since)
    content = Review(voice.say("desk.review_waiting", count=count), rows(conn, found, voice))
    return Page("review.html", voice.say("page.review"), content)


def item(conn: Connection, ask: Ask) -> Page:
    """The page of the item with the number in the address. Raises HTTPException 404."""
    try:
        found = itemreads.get(conn, int(ask.parts["id"]))
    except (StorageError, ValueError, OverflowError) as error:
        raise HTTPException(404) from error
    voice = ask.voice
    (row,) = rows(conn, [found], voice)
    content = ItemPage(
        row=row,
        said=tuple(_said(each, voice) for each in corrections.of_item(conn, found.id)),
        revised=tuple(
            Revised(each.n, voice.moment(each.seen_at), clean.one_line(each.values.title, 300))
            for each in reversed(itemreads.revisions(conn, found.id))
        ),
        command=f"monitor items correct {found.id} --categories …",
    )
    return Page("item.html", voice.say("page.item", id=found.id), content)


def _said(of: Correction, voice: Voice) -> Said:
    before, after = (_judged(each, voice) for each in (of.before, of.after))
    return Said(
        at=voice.moment(of.at),
        by=phrases.office(of.by, voice.language, voice.policy),
        change=voice.say("desk.correction", before=before, after=after),
        note=clean.one_line(of.note, 300),
    )


def _judged(of: Judgement, voice: Voice) -> str:
    language = voice.language
    kinds = [words.category(each, language, short=True) for each in of.categories]
    kinds += [f"{words.category(each, language, short=True)}?" for each in of.unsure]
    parts = [
        ", ".join(kinds) or voice.say("category.none.short"),
        words.hazard(of.hazard, language) if of.hazard else "",
        words.countries(of.countries, language, short=True) if of.countries else "",
    ]
    return " · ".join(part for part in parts if part)
