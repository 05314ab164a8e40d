"""Lines of JSON to items on their way to incidents, as `monitor link` reads them.

A line has what `monitor parse` prints (every field but the title may be missing) and may say of
what feed it is: `feed_kind`, `publisher`, `tier`, `country` (the speaker's) and `home`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from classifiers.tags import Classifier, Text
from monitor.incidents.stream import Identity, Placed, Stream
from monitor.ingest.reading import reading_of, settled
from monitor.parse.named_events import identities_in
from storage.records import Advice, Hazard, Item, ItemValues, Place, Role, Scalar

COMMUNICATING = frozenset(["ministry", "advice"])
# Whose ministry it is that writes so, where a line does not tell.
SPOKEN_IN = {"th": "TH", "ja": "JP", "ko": "KR", "vi": "VN", "id": "ID", "he": "IL", "lo": "LA"}
AT_ONCE = 1000
T = TypeVar("T")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_OLDEST, _NEWEST = 1900, 2100  # years


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its own id, what it says, its identities of events, and of which feed it is."""

    id: Scalar
    values: ItemValues
    events: tuple[Identity, ...]
    feed_kind: str
    publisher: str
    tier: str
    speaker: str | None
    home: bool
    category: str | None


def linked(
    lines: Iterable[Line], classifier: Classifier, stream: Stream
) -> Iterator[tuple[Line, Placed]]:
    """Each line with where it went, in order. A line without a time comes with the one before."""
    now = LONG_AGO
    feeds: dict[tuple[str, str], int] = {}
    number = 0
    rest = iter(lines)
    while batch := list(islice(rest, AT_ONCE)):
        read = classifier.classify([_text(line) for line in batch])
        for line, tags in zip(batch, read, strict=True):
            now = line.values.published_at or line.values.updated_at or now
            number += 1
            feed = (line.feed_kind, line.publisher)
            item = Item(
                id=number,
                feed_id=feeds.setdefault(feed, len(feeds) + 1),
                feed_name=line.publisher,
                feed_kind=line.feed_kind,
                publisher=line.publisher,
                tier=line.tier,
                home=line.home,
                speaker=line.speaker,
                role=Role.COMMUNICATION if line.feed_kind in COMMUNICATING else Role.SIGNAL,
                first_seen_at=now,
                revision=1,
                values=line.values,
                reading=settled(reading_of(tags), line.values, line.category, line.feed_kind),
            )
            yield line, stream.take(item, line.events)


def read_lines(lines: Iterable[str], wrong: Callable[[str], None]) -> Iterator[Line]:
    """The lines that hold anything; `wrong` is told of each that is no item, by its number."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            said = json.loads(text, parse_constant=_no_number)
            if not isinstance(said, dict):
                raise TypeError("no object")
            line = _line(said, number)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError):
            wrong(
                f'line {number} is no item: write one JSON object with {{"id": …, "title": …, '
                '"published": "2026-03-28T06:20:00Z"} a line'
            )
            continue
        yield line


def _line(said: Mapping[str, Any], number: int) -> Line:
    kind = _word(said, "feed_kind") or "news"
    hazard, advice = said.get("hazard"), said.get("advice")
    values = ItemValues(
        title=_word(said, "title") or "",
        summary=_word(said, "summary") or "",
        link=_word(said, "link"),
        language=_word(said, "language"),
        published_at=_time(said.get("published")),
        updated_at=_time(said.get("updated")),
        effective_at=_time(said.get("effective")),
        expires_at=_time(said.get("expires")),
        status=_word(said, "status") or "actual",
        message_type=_word(said, "message_type") or "alert",
        references=tuple(map(str, said.get("references") or ())),
        places=tuple(_made(Place, each) for each in said.get("places") or ()),
        hazard=_made(Hazard, hazard) if isinstance(hazard, dict) else None,
        advice=_made(Advice, advice) if isinstance(advice, dict) else None,
        flags=tuple(map(str, said.get("flags") or ())),
    )
    own = said.get("id")
    return Line(
        id=own if isinstance(own, str | int | float) else number,
        values=values,
        events=tuple(
            dict.fromkeys(
                (
                    *_events(said.get("events") or ()),
                    *identities_in(values.link, values.title, values.summary),
                )
            )
        ),
        feed_kind=kind,
        publisher=_word(said, "publisher") or kind,
        tier=_word(said, "tier") or "other",
        speaker=_word(said, "country") or _speaker(kind, values.language),
        home=bool(said.get("home")),
        category=_word(said, "category"),
    )


def _speaker(kind: str, language: str | None) -> str | None:
    return SPOKEN_IN.get(language or "") if kind in COMMUNICATING else None


def _events(said: Sequence[Mapping[str, Any]]) -> tuple[Identity, ...]:
    """As the pipeline has them: a message that is referred to is one of the event's own."""
    kinds = {"cap_ref": "cap"}
    pairs = ((str(each["kind"]), str(each["value"])) for each in said)
    return tuple(dict.fromkeys((kinds.get(kind, kind), value) for kind, value in pairs))


def _made(kind: Callable[..., T], said: Mapping[str, Any]) -> T:
    known = {part.name for part in fields(kind)}  # type: ignore[arg-type]
    given = {name: value for name, value in said.items() if name in known and value is not None}
    for name in ("event_at", "ends_at"):
        if name in given:
            given[name] = _time(given[name])
    return kind(**given)


def _text(line: Line) -> Text:
    return Text(line.values.title, line.values.summary, line.values.language, line.feed_kind)


def _word(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    return None if value is None or value == "" else str(value)


def _no_number(said: str) -> float:
    """NaN and Infinity are no JSON, and nobody could read the answer."""
    raise ValueError(said)


def _time(value: object) -> datetime | None:
    """Seconds since 1970 or a time in writing, without a zone in UTC; None for what is none.

    Nor is a year that no source means: 0001 stands where a program had no date.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = datetime.fromtimestamp(value, UTC)
    elif isinstance(value, str) and value.strip():
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    else:
        return None
    if not _OLDEST <= found.year <= _NEWEST:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
