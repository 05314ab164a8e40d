"""The window of incidents as storage left it: read anew after a start, or when others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.incidents.window import TITLES, Window, with_traces
from storage import incidents, itemreads
from storage.records import Sketch

if TYPE_CHECKING:
    from storage.database import Connection

AT_ONCE = 500  # incidents whose items are in memory together


def restored(conn: Connection, since: datetime) -> Window:
    """The incidents with an item from `since` on that may take more, as linking knew them."""
    found = sorted(_traced(conn, since), key=lambda each: (each.last_item_at, each.id))
    return Window(found)


def _traced(conn: Connection, since: datetime) -> Iterator[Sketch]:
    """Piece by piece: of the items only what the sketches keep stays in memory."""
    found = incidents.sketches(conn, since, titles=0)
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        told = itemreads.told_by(conn, [each.id for each in some], TITLES)
        for sketch in some:
            held = told.get(sketch.id, ())
            yield with_traces(replace(sketch, awaits=sketch.awaits and not held), held)
