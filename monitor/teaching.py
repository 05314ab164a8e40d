"""What the desk teaches the classifier: corrections, and items of single-purpose official feeds.

An official or UN hazard or health feed with a `category` in the feed list has one purpose. Its
item teaches that category when the source's own fields name a hazard of it, or, on a health
feed, when the classifier gave or suspected it too; drills, all-clears and looks back teach
nothing. At most 40 items of a publisher, headlines that differ only in numbers once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.lessons import Lesson
from monitor.config.feedlist import Feed, FeedList
from monitor.incidents.hazards import category_of
from storage import corrections, feeds, itemreads
from storage.records import Correction, Item

if TYPE_CHECKING:
    from storage.database import Connection

MOST_OF_A_PUBLISHER = 40
LOOKED_AT = 400  # of each feed, the newest
_KINDS = ("hazard", "health")
_TIERS = ("official", "un")
_NOT_NOW = frozenset(["exercise", "all_clear", "retrospective", "withdrawn", "drill_words"])
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Taught:
    """Lessons, and how many came from where: `officers` or a publisher."""

    lessons: tuple[Lesson, ...]
    counts: tuple[tuple[str, int], ...]

    def as_text(self) -> str:
        """One line to print."""
        if not self.counts:
            return "the desk has taught nothing yet: the model learns from the corpus alone"
        return "learns from the corpus and " + ", ".join(
            f"{count} of {name}" for name, count in self.counts
        )


def gather(conn: Connection, feedlist: FeedList) -> Taught:
    """Everything that the store has to teach, in an order that does not change."""
    made = [_of_correction(each) for each in corrections.in_force(conn)]
    counts = Counter({"officers' corrections": len(made)} if made else {})
    said = {(lesson.title, lesson.summary) for lesson in made}
    official: list[Lesson] = []
    ids = {state.name: state.id for state in feeds.states(conn)}
    seen: set[str] = set()
    for feed in feedlist.feeds:
        row = ids.get(feed.name)
        if row is None or not has_one_purpose(feed):
            continue
        for item in itemreads.recent(conn, limit=LOOKED_AT, feed_id=row):
            if counts[feed.publisher] >= MOST_OF_A_PUBLISHER:
                break
            lesson = _of_item(item, feed)
            form = _form(item)
            if lesson is None or form in seen or (lesson.title, lesson.summary) in said:
                continue
            seen.add(form)
            official.append(lesson)
            counts[feed.publisher] += 1
    return Taught((*made, *official), tuple((name, n) for name, n in counts.items() if n))


def has_one_purpose(feed: Feed) -> bool:
    """Whether everything that the feed tells of is of one category."""
    return feed.category is not None and feed.kind in _KINDS and feed.tier in _TIERS


def _of_correction(of: Correction) -> Lesson:
    return Lesson(of.after.categories, of.title, of.summary, "correction")


def _of_item(item: Item, feed: Feed) -> Lesson | None:
    values, reading = item.values, item.reading
    if "categories" in reading.corrected or not values.title:
        return None
    if values.status != "actual" or values.message_type not in ("alert", "update"):
        return None
    if _NOT_NOW & {*reading.flags, *values.flags}:
        return None
    given = category_of(values.hazard.type if values.hazard else None)
    suspected = feed.kind == "health" and feed.category in (*reading.categories, *reading.unsure)
    if given != feed.category and not (given is None and suspected):
        return None
    return Lesson((str(feed.category),), values.title, values.summary[:600], "official")


def _form(item: Item) -> str:
    """A headline without its numbers."""
    return _DIGITS.sub("0", item.values.title).casefold().strip()
