"""The USGS list of volcanoes above normal: the newest notice of each, the whole list each time."""

from __future__ import annotations

from monitor.parse.dates import read_utc
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, stamp, text
from storage.records import Hazard, Place


def is_hans(found: list[Object]) -> bool:
    """Whether the JSON list is that of the volcano notices."""
    return bool(found) and all("volcano_name" in row and "alert_level" in row for row in found[:3])


def read_hans(found: list[Object], hints: Hints) -> Document:
    """One entry per volcano; a new notice or level is a revision of it."""
    drafts = [_volcano(row) for row in found]
    return Document("hans", finish_all(drafts, hints), "Volcano notices", "en", is_list=True)


def _volcano(row: Object) -> Draft:
    name = text(row, "volcano_name")
    level, colour = text(row, "alert_level"), text(row, "color_code")
    number = text(row, "vnum") or name
    graded = f"{level} (aviation code {colour})" if colour else level
    return Draft(
        title=f"{name}: {graded}",
        summary=text(row, "obs_fullname"),
        link=text(row, "notice_url") or None,
        native_id=number,
        language="en",
        published=read_utc(stamp(row, "sent_unixtime", "sent_utc")),
        authors=[text(row, "obs_fullname")],
        categories=[text(row, "notice_type_cd")],
        places=[Place(name or None)],
        hazard=Hazard(
            type="VO",
            event=name or None,
            event_id=text(row, "vnum") or None,
            alert_level=level or None,
            severity_text=graded or None,
        ),
        keys=[Key("id", f"volcano {number}")],
    )
