"""The last items, whatever they led to; by category and by feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts import clean, words
from classifiers.tags import CATEGORIES
from monitor.desk.choosing import Choice
from monitor.desk.itemrows import ItemRow, rows
from monitor.desk.page import Ask, Page
from storage import feeds, itemreads

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 200


@dataclass(frozen=True, slots=True)
class Items:
    """The filters and what they leave."""

    categories: tuple[Choice, ...]
    feeds: tuple[Choice, ...]
    rows: tuple[ItemRow, ...]
    filtered: bool


def latest_items(conn: Connection, ask: Ask) -> Page:
    """The last items; an unknown category or feed in the address is no filter."""
    voice = ask.voice
    category = ask.query.get("category", "")
    category = category if category in CATEGORIES else ""
    states = feeds.states(conn)
    key = ask.query.get("feed", "")
    feed = next((each for each in states if each.key == key), None)
    found = itemreads.recent(
        conn, limit=MOST, category=category or None, feed_id=feed.id if feed else None
    )
    content = Items(
        categories=tuple(
            Choice(each, words.category(each, voice.language), each == category)
            for each in CATEGORIES
        ),
        feeds=tuple(
            Choice(each.key, clean.one_line(each.name, 80), feed is not None and each.id == feed.id)
            for each in states
        ),
        rows=rows(conn, found, voice),
        filtered=bool(category or feed),
    )
    return Page("items.html", voice.say("page.items"), content)
