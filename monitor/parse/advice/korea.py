"""Korea's foreign ministry (0404) through the public data portal: levels, and safety notices.

Two envelopes are in use: `data` and `response.body.items.item`, where a single row stands
without a list. A country has one row per area and level; the row of the whole country is the
country's level, and what is worse in parts of it stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.parse.advice.common import set_advice
from monitor.parse.countries import country_named, iso2
from monitor.parse.dates import read_date
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, Hints, Key
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_object, as_objects, stamp, text
from monitor.parse.text import plain
from storage.records import Place

_ZONE = "Asia/Seoul"
_SITE = "https://www.0404.go.kr"
_WORDS = {"1": "여행유의", "2": "여행자제", "3": "출국권고", "4": "여행금지"}
_SPECIAL = "특별여행주의보"
_LEVELS = {
    "여행유의": "1", "여행자제": "2", "출국권고": "3", "철수권고": "3", "여행금지": "4",
    _SPECIAL: "special",
}  # fmt: skip
_ORDER = ("", "1", "2", "special", "3", "4")  # a special notice means levels 2 to 3 in force
_NONE = "여행경보 없음"


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row, or one column of a row, says: a level for the country or for an area."""

    level: str
    wording: str
    partial: bool
    area: str


def rows_of(data: Object) -> list[Object]:
    """The rows of either envelope; empty for none."""
    body = as_object(as_object(data.get("response")).get("body"))
    items = body.get("items")
    inner = as_object(items).get("item") if isinstance(items, dict) else items
    return as_objects(data.get("data")) or as_objects(inner)


def is_korea(data: Object) -> bool:
    """Whether this is a list of the Korean ministry: levels, warnings or notices."""
    first = next(iter(rows_of(data)), None)
    if first is None:  # a country without any alarm
        response = as_object(data.get("response"))
        done = text(as_object(response.get("header")), "resultCode") in ("0", "00")
        return "currentCount" in data or (done and "body" in response)
    return any(name.startswith("country_") for name in first)


def read_korea(data: Object, hints: Hints) -> Document:
    """One entry per country of the levels and warnings; one per notice of the notices."""
    rows = rows_of(data)
    notices = [row for row in rows if text(row, "notice_id")]
    by_country: dict[str, list[Object]] = {}
    for row in rows:
        if not text(row, "notice_id"):
            code = text(row, "country_iso_alp2", "country_nm", "country_eng_nm")
            by_country.setdefault(code.strip(), []).append(row)
    drafts = [_notice(row) for row in notices]
    drafts.extend(_country(code, by_country[code]) for code in by_country)
    return Document(
        "korea",
        finish_all(drafts, hints),
        title="외교부 해외안전여행",
        language="ko",
        is_list=bool(by_country),
    )


def _country(code: str, rows: list[Object]) -> Draft:
    first = rows[0]
    name = text(first, "country_nm")
    found = [said for row in rows for said in _said(row)]
    whole = max((row for row in found if not row.partial), key=_rank, default=None)
    parts = sorted((row for row in found if row.partial), key=_rank, reverse=True)
    chosen = whole or (parts[0] if parts else _Row("0", _NONE, False, ""))
    beside = [part for part in parts if part is not chosen]
    areas = [f"{part.wording}: {part.area}" if part.area else part.wording for part in beside]
    if chosen.partial and chosen.area:
        areas.insert(0, chosen.area)
    dates = [read_date(stamp(row, "written_dt", "wrt_dt"), _ZONE) for row in rows]
    newest = max((date for date in dates if date), key=lambda date: date.at, default=None)
    draft = Draft(
        title=f"{name}: {chosen.wording}",
        summary="; ".join([text(first, "country_eng_nm"), *areas] if areas else []),
        link=_SITE,
        native_id=code,
        language="ko",
        published=newest,
        categories=list(dict.fromkeys(row.wording for row in found)),
    )
    country = (
        iso2(text(first, "country_iso_alp2"))
        or country_named(text(first, "country_eng_nm"))
        or country_named(name, "ko")
    )
    set_advice(
        draft,
        name=name,
        country=country,
        level=chosen.level,
        wording=chosen.wording,
        partial=chosen.partial,
        area=plain("; ".join(areas), 300) or None,
        key=country or code,
    )
    return draft


def _said(row: Object) -> list[_Row]:
    """The levels of a row: one by its number, or one for each column of words."""
    number = text(row, "alarm_lvl").strip()
    if number:
        kind = text(row, "region_ty", "area", "region")
        area = plain(text(row, "remark"), 300)
        partial = "일부" in kind or (bool(area) and "전체" not in kind and "전 지역" not in area)
        return [_Row(number, _WORDS.get(number, number), partial, area if partial else "")]
    found = []
    for column in row:
        words = text(row, column).strip()
        level = next((_LEVELS[word] for word in _LEVELS if words.startswith(word)), None)
        if level is None or len(words) > 30 or column.endswith("_note"):
            continue
        note = plain(text(row, f"{column.removesuffix('_partial')}_note"), 300)
        partial = "일부" in words or column.endswith("_partial")
        wording = next(word for word in _LEVELS if words.startswith(word))
        found.append(_Row(level, wording, partial, note if partial else ""))
    return found


def _rank(row: _Row) -> int:
    return _ORDER.index(row.level) if row.level in _ORDER else 0


def _notice(row: Object) -> Draft:
    number = text(row, "notice_id")
    name = text(row, "country_nm")
    code = iso2(text(row, "country_iso_alp2")) or country_named(text(row, "country_eng_nm"))
    return Draft(
        title=text(row, "title"),
        summary=text(row, "txt_origin_cn", "html_origin_cn"),
        native_id=f"notice {number}",
        language="ko",
        published=read_date(stamp(row, "wrt_dt", "written_dt"), _ZONE),
        places=[Place(name or None, code)] if name or code else [],
        keys=[Key("id", f"notice {number}")],
    )
