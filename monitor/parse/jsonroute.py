"""Which of the JSON formats a document is, by its shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from monitor.parse.acled import is_acled, read_acled
from monitor.parse.advice.canada import is_canada, read_canada
from monitor.parse.advice.germany import is_germany, read_germany
from monitor.parse.advice.govuk import is_govuk, read_govuk
from monitor.parse.advice.korea import is_korea, read_korea
from monitor.parse.advice.us import is_us_list, read_us_list
from monitor.parse.bmkg import is_bmkg, read_bmkg
from monitor.parse.bom import is_bom, read_bom
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.eonet import is_eonet, read_eonet
from monitor.parse.geojson import is_geojson, read_geojson
from monitor.parse.hans import is_hans, read_hans
from monitor.parse.jsonfeed import is_jsonfeed, read_jsonfeed
from monitor.parse.jsonparts import MAX_OBJECTS, Json, Object, as_object, as_objects, flooded, text
from monitor.parse.kev import is_kev, read_kev
from monitor.parse.meteoalarm import is_meteoalarm, read_meteoalarm
from monitor.parse.openapis import is_reliefweb, is_who, read_reliefweb, read_who
from monitor.parse.sachet import is_sachet, read_sachet
from monitor.parse.text import tidy
from monitor.parse.tmd import is_tmd_json, read_tmd_json

# The first that fits decides, so what is told by one certain member comes first.
_OBJECTS: tuple[tuple[Callable[[Object], bool], Callable[[Object, Hints], Document]], ...] = (
    (is_jsonfeed, read_jsonfeed),
    (is_geojson, read_geojson),
    (is_bmkg, read_bmkg),
    (is_meteoalarm, read_meteoalarm),
    (is_canada, read_canada),
    (is_germany, read_germany),
    (is_govuk, read_govuk),
    (is_who, read_who),
    (is_reliefweb, read_reliefweb),
    (is_korea, read_korea),
    (is_acled, read_acled),
    (is_kev, read_kev),
    (is_tmd_json, read_tmd_json),
    (is_eonet, read_eonet),
    (is_bom, read_bom),
)
_LISTS: tuple[
    tuple[Callable[[list[Object]], bool], Callable[[list[Object], Hints], Document]], ...
] = (
    (is_us_list, read_us_list),
    (is_sachet, read_sachet),
    (is_hans, read_hans),
)


def read_json(data: Json, hints: Hints) -> Document:
    """The document of a JSON text.

    Raises NotAFeed: empty for an empty list or object, json_not_feed for a shape that we do not
    know or for the source's own error message.
    """
    if data in ({}, []):
        raise NotAFeed(
            "empty", "The answer is an empty JSON value, which some sources send when down."
        )
    if not isinstance(data, dict | list):
        raise NotAFeed("json_not_feed", "A JSON value that is neither list nor object.")
    if isinstance(data, list):
        document = _read_list(as_objects(data), hints)
    else:
        document = _read_object(data, hints)
    if not flooded(data):
        return document
    note = f"only the first {MAX_OBJECTS} of a list were read"
    return replace(document, partly=True, notes=(*document.notes, note))


def _read_list(found: list[Object], hints: Hints) -> Document:
    for fits, read in _LISTS:
        if fits(found):
            return read(found, hints)
    names = ", ".join(list(found[0])[:5]) if found else ""
    said = f" with {tidy(names)[:120]}" if names else ""
    raise NotAFeed("json_not_feed", f"A JSON list{said} of a shape we do not know.")


def _read_object(data: Object, hints: Hints) -> Document:
    for fits, read in _OBJECTS:
        if fits(data):
            return read(data, hints)
    fault = _fault(data)
    said = f': "{tidy(fault)[:120]}"' if fault else f" with {tidy(', '.join(list(data)[:5]))[:120]}"
    raise NotAFeed("json_not_feed", f"A JSON object that is no feed we know{said}.")


def _fault(data: Object) -> str:
    """The source's own error message, where the object is one."""
    header = as_object(as_object(data.get("response")).get("header"))
    holders = (as_object(data.get("error")), data, header, as_object(data.get("header")))
    names = ("message", "error", "detail", "error_description", "resultMsg", "msg", "errMsg")
    return next((said for holder in holders if (said := text(holder, *names))), "")
