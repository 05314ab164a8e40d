from __future__ import annotations

import pytest

from monitor.parse.named_events import identities_in

GLIDE = "EQ-2031-000045-IDN"


@pytest.mark.parametrize(
    ("link", "title", "summary", "found"),
    [
        (None, "Quake relief", f"See {GLIDE} for maps.", (("glide", GLIDE),)),
        (
            "https://www.gdacs.org/report.aspx?eventtype=TC&eventid=1001234&episodeid=3",
            "Cyclone", "", (("gdacs", "TC1001234"),),
        ),
        (
            "https://earthquake.usgs.gov/earthquakes/eventpage/us7000abcd/executive",
            "M 6.1", "", (("usgs", "us7000abcd"),),
        ),
        (
            None, "Shock felt",
            "https://www.emsc-csem.org/Earthquake_information/earthquake.php?id=1234567",
            (("emsc", "1234567"),),
        ),
        (
            "https://www.who.int/emergencies/disease-outbreak-news/item/2031-DON512",
            "Cholera", "", (("who_don", "2031-DON512"),),
        ),
        (None, "Two at once", f"{GLIDE} and EQ-2031-000046-PHL", ()),
        ("https://[broken", "No address", "", ()),
        ("https://news.example/1", "", "", ()),
    ],
)  # fmt: skip
def test_a_page_or_number_of_one_event_identifies_it(
    link: str | None, title: str, summary: str, found: tuple[tuple[str, str], ...]
) -> None:
    assert identities_in(link, title, summary) == found
