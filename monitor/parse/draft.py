"""What every format module fills in, and how that becomes an entry.

A draft holds what the source wrote; `finish` turns it into clean values and identities.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from monitor.parse import links
from monitor.parse.dates import Moment
from monitor.parse.drills import labelled
from monitor.parse.entry import Entry, Hints, Key, raw_date
from monitor.parse.text import cut, plain, tidy, title_text
from storage.records import Advice, Hazard, ItemValues, Place

_MAX_FACT = 500
_MAX_EVENT = 1000
_HAZARD_FIELDS = tuple(field_.name for field_ in fields(Hazard))
_ADVICE_FIELDS = tuple(field_.name for field_ in fields(Advice))
_Facts = TypeVar("_Facts", Hazard, Advice)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ANY_ZONE = timedelta(hours=14)
_MAX_LIST = 200  # places, categories, references: more is a flood, not information
_LANGUAGES = {"iw": "he", "in": "id", "jp": "ja", "cn": "zh", "kr": "ko", "nb": "no", "nn": "no"}


@dataclass(slots=True)
class Draft:
    """One entry in the making. Texts may be HTML; links may be relative to `base`.

    `keys` are identities better than id and link; when there are any, link and title do not
    identify. `events` hold across feeds. `merge_key` groups entries of one document that are
    versions of the same thing: only the newest stays.
    """

    title: str = ""
    summary: str = ""
    link: str | None = None
    base: str = ""
    native_id: str | None = None
    language: str | None = None
    published: Moment | None = None
    updated: Moment | None = None
    effective: Moment | None = None
    expires: Moment | None = None
    status: str = "actual"
    message_type: str = "alert"
    message_id: str | None = None
    references: list[str] = field(default_factory=list)
    event_codes: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    hazard: Hazard | None = None
    advice: Advice | None = None
    flags: list[str] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    events: list[Key] = field(default_factory=list)
    merge_key: str | None = None

    @property
    def newest(self) -> datetime | None:
        """The latest time the entry gives for itself."""
        times = [moment.at for moment in (self.published, self.updated) if moment]
        return max(times, default=None)


@lru_cache(maxsize=256)
def language_code(tag: str | None) -> str | None:
    """The primary subtag of a language tag, lower case; None when it is none."""
    if not tag:
        return None
    primary = tag.strip().replace("_", "-").partition("-")[0].lower()
    if not 2 <= len(primary) <= 3 or not primary.isascii() or not primary.isalpha():
        return None
    return _LANGUAGES.get(primary, primary)


def note_unread(draft: Draft, *written: str | None) -> None:
    """Flag a draft whose dates say something that is no date, and keep what they say."""
    said = [text for text in written if text and text.strip()]
    if said and draft.published is None and draft.updated is None:
        draft.flags.extend(("date_unread", raw_date(tidy(said[0]))))


def drop_empty_times(draft: Draft) -> None:
    """Take the very beginning of 1970 for no time: a publisher's empty field, read as zero."""
    said = []
    if draft.published and abs(draft.published.at - _EPOCH) <= _ANY_ZONE:
        said.append(draft.published.at.isoformat())
        draft.published = None
    if draft.updated and abs(draft.updated.at - _EPOCH) <= _ANY_ZONE:
        said.append(draft.updated.at.isoformat())
        draft.updated = None
    note_unread(draft, *said)


def finish(draft: Draft, hints: Hints, keys: tuple[Key, ...]) -> Entry:
    """The entry that a draft makes, under the identities chosen for it."""
    link = links.opened(draft.link, draft.base or hints.url)
    title = title_text(draft.title)
    summary = plain(draft.summary)
    if not title:  # an entry without a headline is read by its first words
        title = cut(summary, 160)
    moments = (draft.published, draft.updated, draft.effective, draft.expires)
    flags = [*draft.flags]
    for moment in moments[:2]:
        if moment:
            flags.extend(moment.flags)
    if labelled(title):
        flags.append("drill_words")
    values = ItemValues(
        title=title,
        summary=summary,
        link=link,
        language=language_code(draft.language) or language_code(hints.language),
        published_at=draft.published.at if draft.published else None,
        updated_at=draft.updated.at if draft.updated else None,
        effective_at=draft.effective.at if draft.effective else None,
        expires_at=draft.expires.at if draft.expires else None,
        status=draft.status,
        message_type=draft.message_type,
        message_id=draft.message_id[:2000] if draft.message_id else None,
        references=_distinct(draft.references),
        event_codes=_distinct(draft.event_codes),
        authors=_names(draft.authors),
        source_categories=_names(draft.categories),
        places=_places(draft.places) if draft.places else (),
        hazard=_bounded(draft.hazard) if draft.hazard else None,
        advice=_bounded(draft.advice) if draft.advice else None,
        flags=_distinct(flags),
    )
    undated = draft.published is None and draft.updated is None
    return Entry(values, keys, _events(draft.events) if draft.events else (), undated)


def _places(raw: list[Place]) -> tuple[Place, ...]:
    return tuple(_cleaned(place) for place in dict.fromkeys(raw[: 2 * _MAX_LIST]))[:_MAX_LIST]


def _events(raw: list[Key]) -> tuple[Key, ...]:
    """Each event once; names of nothing, and names longer than any, say nothing."""
    named = (key for key in raw if key.value.strip() and len(key.value) <= _MAX_EVENT)
    return tuple(dict.fromkeys(named))[:_MAX_LIST]


def _bounded(facts: _Facts) -> _Facts:
    """The same facts with every text tidied and of reasonable length."""
    texts: dict[str, Any] = {
        name: cut(tidy(value[: 4 * _MAX_FACT]), _MAX_FACT) or None
        for name in (_HAZARD_FIELDS if isinstance(facts, Hazard) else _ADVICE_FIELDS)
        if isinstance(value := getattr(facts, name), str)
    }
    return replace(facts, **texts)


def _distinct(texts: list[str]) -> tuple[str, ...]:
    if not texts:
        return ()
    return tuple(dict.fromkeys([text[:2000] for text in texts if text]))[:_MAX_LIST]


def _names(raw: list[str]) -> tuple[str, ...]:
    return _distinct([plain(text, 200) for text in raw[: 2 * _MAX_LIST]])


def _cleaned(place: Place) -> Place:
    name = cut(tidy(place.name), 300) if place.name else None
    return Place(name or None, place.country, place.lat, place.lon)
