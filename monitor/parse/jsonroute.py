"""Which of the JSON formats a document is, by its shape."""

from __future__ import annotations

from monitor.parse.advice.canada import is_canada, read_canada
from monitor.parse.advice.germany import is_germany, read_germany
from monitor.parse.advice.govuk import is_govuk, read_govuk
from monitor.parse.advice.us import is_us_list, read_us_list
from monitor.parse.bmkg import read_bmkg
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.geojson import read_geojson
from monitor.parse.jsonfeed import is_jsonfeed, read_jsonfeed
from monitor.parse.jsonparts import Json, Object, as_object, as_objects, text
from monitor.parse.meteoalarm import read_meteoalarm
from monitor.parse.openapis import is_reliefweb, is_who, read_reliefweb, read_who
from monitor.parse.text import tidy


def read_json(data: Json, hints: Hints) -> Document:
    """The document of a JSON text.

    Raises NotAFeed: empty for an empty list or object, not_a_feed for a shape we do not know.
    """
    if data in ({}, []):
        raise NotAFeed(
            "empty", "The answer is an empty JSON value, which some sources send when down."
        )
    if isinstance(data, list):
        if is_us_list(as_objects(data)):
            return read_us_list(as_objects(data), hints)
        raise NotAFeed("not_a_feed", "A JSON list of a shape we do not know.")
    if not isinstance(data, dict):
        raise NotAFeed("not_a_feed", "A JSON value that is neither list nor object.")
    return _read_object(data, hints)


def _read_object(data: Object, hints: Hints) -> Document:
    if is_jsonfeed(data):
        return read_jsonfeed(data, hints)
    if text(data, "type") in ("FeatureCollection", "Feature"):
        return read_geojson(data, hints)
    if "Infogempa" in data:
        return read_bmkg(data, hints)
    if (
        any("alert" in warning for warning in as_objects(data.get("warnings"))[:1])
        or data.get("warnings") == []
    ):
        return read_meteoalarm(data, hints)
    if is_canada(data):
        return read_canada(data, hints)
    if is_germany(data):
        return read_germany(data, hints)
    if is_govuk(data):
        return read_govuk(data, hints)
    if is_who(data):
        return read_who(data, hints)
    if is_reliefweb(data):
        return read_reliefweb(data, hints)
    fault = text(as_object(data.get("error")), "message") or text(
        data, "error", "message", "detail"
    )
    said = f': "{tidy(fault)[:120]}"' if fault else f" with {tidy(', '.join(list(data)[:5]))[:120]}"
    raise NotAFeed("not_a_feed", f"A JSON object that is no feed we know{said}.")
