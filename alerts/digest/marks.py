"""Which incidents the digest's map marks, and the map itself where it can be drawn."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from alerts import words
from alerts.digest.content import IncidentEntry
from alerts.digest.people import is_over
from alerts.digest.voice import Voice, states
from alerts.errors import PictureError
from alerts.pictures import Picture

MOST_MARKS = 12
_DRAWS = "alerts.maps"  # draws marks on outlines; a copy of the program may be without it


def marked(voice: Voice) -> tuple[IncidentEntry, ...]:
    """The incidents with a place on the map, in the order of their numbers on it.

    Those told in full come first, so that a map of many keeps the gravest.
    """
    top = voice.top()
    rest = (each for each in voice.content.incidents if each not in top)
    found = [each for each in (*top, *rest) if _has_place(each)]
    return tuple(found[:MOST_MARKS])  # whatever the limits: each mark of the picture has its line


def draw(voice: Voice) -> Picture | None:
    """The map with its numbered marks; None without marks, or where no map can be drawn."""
    entries = marked(voice)
    if not entries or find_spec(_DRAWS) is None:
        return None
    maps = import_module(_DRAWS)
    marks = tuple(
        maps.Mark(
            each.incident.lat,
            each.incident.lon,
            each.incident.level,
            str(number),
            over=is_over(each),
        )
        for number, each in enumerate(entries, 1)
    )
    try:
        png: bytes = maps.region_map(marks, bounds=maps.bounds_around(marks))
    except (ImportError, OSError, ValueError) as error:
        raise PictureError(f"the map cannot be drawn: {error}") from error
    names = ", ".join(
        " ".join(filter(None, (str(number), _named(each, voice.language))))
        for number, each in enumerate(entries, 1)
    )
    alt = voice.phrase("map_alt", count=len(entries), places=names)
    return Picture("map", png, alt, maps.WIDTH // 2, maps.HEIGHT // 2)


def _named(of: IncidentEntry, language: str) -> str:
    where = words.countries(of.incident.countries[:1], language, short=True)
    stands = states(of, language, but=("corrected",))
    return f"{where} ({', '.join(stands)})" if stands else where


def _has_place(of: IncidentEntry) -> bool:
    return of.incident.lat is not None and of.incident.lon is not None
