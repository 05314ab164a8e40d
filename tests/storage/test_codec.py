"""Codec: records to JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codec import decode, decode_list, dump_json, encode, encode_list, storable
from storage.records import (
    Advice,
    Figure,
    Hazard,
    ItemValues,
    Place,
    Reading,
    Tag,
    Why,
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
words = st.lists(texts, max_size=3).map(tuple)
numbers = st.floats(allow_nan=False)
times = st.datetimes(timezones=st.just(UTC))
maybe_text, maybe_time, maybe_number = (st.none() | kind for kind in (texts, times, numbers))
whys = st.builds(
    Why,
    texts,
    st.dictionaries(
        texts,
        texts
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.booleans()
        | st.none(),
        max_size=3,
    ),
)
places = st.builds(Place, maybe_text, maybe_text, maybe_number, maybe_number)
figures = st.builds(Figure, texts, numbers, texts, maybe_text, maybe_time)
hazards = st.builds(
    Hazard,
    type=maybe_text,
    magnitude=maybe_number,
    population=st.none() | st.integers(),
    event_at=maybe_time,
    ends_at=maybe_time,
    current=st.none() | st.booleans(),
)
values = st.builds(
    ItemValues,
    title=texts,
    summary=texts,
    published_at=maybe_time,
    status=texts,
    references=words,
    places=st.lists(places, max_size=2).map(tuple),
    hazard=st.none() | hazards,
    advice=st.none() | st.builds(Advice, maybe_text, maybe_text, maybe_text, st.booleans()),
)
readings = st.builds(
    Reading,
    tags=st.lists(st.builds(Tag, texts, numbers, words, st.booleans()), max_size=2).map(tuple),
    figures=st.lists(figures, max_size=2).map(tuple),
    nationals=texts,
    classifier=texts,
)


@given(st.one_of(whys, places, figures, hazards, values, readings))
def test_every_record_comes_back_from_json_text_exactly(record: object) -> None:
    back = decode(type(record), json.loads(dump_json(encode(record))))
    assert back == record


@given(st.lists(figures, max_size=3))
def test_a_list_of_records_comes_back_as_a_tuple(several: list[Figure]) -> None:
    assert decode_list(Figure, json.loads(dump_json(encode_list(several)))) == tuple(several)


def test_an_absent_list_is_empty() -> None:
    assert decode_list(Why, None) == ()


def test_a_field_at_its_default_is_not_stored() -> None:
    assert encode(ItemValues("Flood")) == {"title": "Flood"}


def test_a_value_other_than_its_default_is_stored_also_when_it_is_empty() -> None:
    stored = encode(ItemValues("", status="", summary=""))
    assert stored == {"title": "", "status": ""}
    assert decode(ItemValues, stored).status == ""


def test_a_stored_row_may_lack_new_fields_and_have_dropped_ones() -> None:
    assert decode(Place, {"name": "Chiang Mai", "altitude": 300}) == Place("Chiang Mai")


def test_a_time_of_another_zone_comes_back_in_utc() -> None:
    bangkok = timezone(timedelta(hours=7))
    hazard = Hazard(event_at=datetime(2026, 11, 22, 15, 30, tzinfo=bangkok))
    back = decode(Hazard, encode(hazard))
    assert back.event_at == hazard.event_at
    assert back.event_at is not None
    assert back.event_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        encode(Hazard(event_at=datetime(2026, 11, 22)))  # noqa: DTZ001 - the fault to find


def test_infinite_numbers_survive_in_numeric_fields() -> None:
    back = decode(Place, json.loads(dump_json(encode(Place(lat=float("inf"), lon=1.0)))))
    assert back == Place(lat=float("inf"), lon=1.0)


def test_letters_that_no_database_holds_are_replaced_everywhere() -> None:
    reading = Reading(hazard_evidence=("a\x00b",), flags=("\ud800",))
    assert decode(Reading, encode(reading)) == Reading(
        hazard_evidence=("a\ufffdb",), flags=("\ufffd",)
    )
    assert storable("น้ำท่วม 🌊") == "น้ำท่วม 🌊"


def test_a_plain_date_is_stored_as_a_date() -> None:
    assert encode(date(2026, 11, 22)) == "2026-11-22"


def test_a_foreign_type_is_refused() -> None:
    with pytest.raises(TypeError, match="complex cannot be stored"):
        encode(1j)


def test_a_record_is_not_read_from_a_list() -> None:
    with pytest.raises(TypeError, match="stored Place"):
        decode(Place, [])
