"""Maps of mails: what they show, that nothing goes wrong at the edges, and what they weigh."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alerts.maps import HEIGHT, WIDTH, Bounds, Mark, bounds_around, region_map
from alerts.outlines import rings
from storage.records import Level

SAGAING = Mark(21.9, 95.9, Level.FLASH)
YANGON = Mark(16.81, 96.16, None, "Yangon")


def picture(*marks: Mark, bounds: Bounds | None = None) -> Image.Image:
    png = region_map(marks, bounds=bounds or bounds_around(marks))
    return Image.open(io.BytesIO(png)).convert("RGB")


def near(colour: tuple[int, int, int], wanted: str) -> bool:
    red, green, blue = (int(wanted[n : n + 2], 16) for n in (1, 3, 5))
    return abs(colour[0] - red) + abs(colour[1] - green) + abs(colour[2] - blue) < 30


def at(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    found = image.getpixel((round(x), round(y)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def test_the_event_stands_in_the_middle_of_a_map_of_its_own() -> None:
    image = picture(SAGAING)
    assert image.size == (WIDTH, HEIGHT)
    assert near(at(image, WIDTH / 2, HEIGHT / 2), "#8B1A1A")
    assert near(at(image, WIDTH / 2 + 60, HEIGHT / 2 + 60), "#f7f4ec")  # land around it


def test_missions_are_on_the_map_too() -> None:
    image = picture(SAGAING, YANGON)
    blue = sum(
        count
        for count, colour in image.getcolors(WIDTH * HEIGHT) or []
        if isinstance(colour, tuple) and near((colour[0], colour[1], colour[2]), "#0b5394")
    )
    assert blue > 100


def test_the_same_marks_give_the_same_bytes_and_a_small_file() -> None:
    bounds = bounds_around((SAGAING, YANGON))
    first = region_map((SAGAING, YANGON), bounds=bounds)
    region_map.cache_clear()
    assert region_map((SAGAING, YANGON), bounds=bounds) == first
    assert len(first) < 40_000


def test_land_across_the_date_line_is_one_piece_and_no_band_across_the_map() -> None:
    image = picture(Mark(-17.5, 179.5, Level.ALERT), Mark(-14.0, -171.0, Level.WATCH, "12"))
    row = [at(image, x, HEIGHT * 0.57) for x in range(WIDTH)]
    assert sum(near(colour, "#d5e1ea") for colour in row) > WIDTH * 0.7  # sea, with an island


def test_open_sea_has_a_map_without_land() -> None:
    image = picture(Mark(-40.0, -120.0, Level.INFO))
    assert near(at(image, 40, 40), "#d5e1ea")


def test_every_country_has_an_outline_that_is_drawn() -> None:
    found = rings()
    assert sum(not ring.hole for ring in found) > 1000
    assert all(ring.east - ring.west < 200 for ring in found if ring.south > -85)


@given(
    st.lists(
        st.builds(
            Mark,
            st.floats(-90, 90),
            st.floats(-180, 180),
            st.sampled_from([None, *Level]),
            st.text(max_size=30),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_places_have_bounds_that_hold_them(marks: list[Mark]) -> None:
    bounds = bounds_around(marks)
    assert bounds.north > bounds.south
    assert bounds.east > bounds.west
    middle = (bounds.west + bounds.east) / 2
    for mark in marks:
        assert bounds.south <= max(-85.0, min(85.0, mark.lat)) <= bounds.north
        if len(marks) == 1:
            assert abs((mark.lon - middle + 180) % 360 - 180) < 1e-6


@pytest.mark.parametrize(
    "marks",
    [
        (Mark(90.0, 0.0, Level.FLASH),),
        (Mark(-90.0, 180.0, Level.ALERT),),
        (Mark(0.0, -180.0, Level.WATCH, "สะกาย"), Mark(0.0, 180.0, None, "\u202e\n\x00x" * 40)),
        (Mark(-80.0, 0.0, Level.INFO), Mark(80.0, 179.0, Level.INFO)),
    ],
    ids=["north pole", "south pole", "date line", "whole world"],
)
def test_odd_places_and_labels_are_drawn(marks: tuple[Mark, ...]) -> None:
    assert picture(*marks).size == (WIDTH, HEIGHT)


def test_no_mark_is_no_map() -> None:
    with pytest.raises(ValueError, match="at least one"):
        bounds_around(())
