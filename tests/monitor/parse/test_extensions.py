from __future__ import annotations

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Entry, Hints, Key

SPACES = (
    'xmlns:gdacs="http://www.gdacs.org" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:emsc="https://www.emsc-csem.org" xmlns:nhc="https://www.nhc.noaa.gov" '
    'xmlns:tmd="http://www.earthquake.tmd.go.th"'
)


def entries(*inner: str) -> tuple[Entry, ...]:
    items = "".join(f"<item>{part}</item>" for part in inner)
    return parse(f"<rss {SPACES}><channel>{items}</channel></rss>".encode(), Hints()).entries


def gdacs(
    level: str = "Orange", episode: str = "3", date: str = "Sun, 29 Dec 2019 12:00:00 GMT"
) -> str:
    return (
        f"<title>{level} alert</title><guid>EQ1234567</guid><pubDate>{date}</pubDate>"
        "<gdacs:eventtype>EQ</gdacs:eventtype><gdacs:eventid>1234567</gdacs:eventid>"
        f"<gdacs:episodeid>{episode}</gdacs:episodeid><gdacs:alertlevel>{level}</gdacs:alertlevel>"
        "<gdacs:episodealertlevel>Green</gdacs:episodealertlevel>"
        '<gdacs:severity unit="M" value="6.1">Magnitude 6.1M, Depth:59.95km</gdacs:severity>'
        '<gdacs:population unit="Population in 100km" value="9677">'
        "9677 in 100 km</gdacs:population>"
        "<gdacs:iso3>MMR</gdacs:iso3><gdacs:country>Myanmar, Thailand</gdacs:country>"
        "<gdacs:glide>EQ-2026-000093-MMR</gdacs:glide><gdacs:iscurrent>true</gdacs:iscurrent>"
        "<gdacs:fromdate>Sun, 29 Dec 2019 12:00:00 GMT</gdacs:fromdate>"
        "<georss:point>21.9 96.1</georss:point>"
        "<gdacs:resources><gdacs:resource><gdacs:title>Map</gdacs:title>"
        "</gdacs:resource></gdacs:resources>"
    )


def test_gdacs_fields_keep_their_text_and_their_values() -> None:
    (entry,) = entries(gdacs())
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.event_id, hazard.episode_id) == ("EQ", "EQ1234567", "3")
    assert (hazard.alert_level, hazard.episode_alert_level) == ("Orange", "Green")
    assert hazard.severity_text == "Magnitude 6.1M, Depth:59.95km"
    assert (hazard.magnitude, hazard.depth_km, hazard.population) == (6.1, 59.95, 9677)
    assert hazard.severity is None
    assert hazard.current is True
    assert [place.country for place in entry.values.places] == ["MM", "TH"]
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (21.9, 96.1)
    assert set(entry.events) == {Key("gdacs", "EQ1234567"), Key("glide", "EQ-2026-000093-MMR")}
    assert entry.values.title == "Orange alert"


def test_a_gdacs_event_twice_in_one_document_is_its_newest_version() -> None:
    later = gdacs("Red", "4", "Sun, 29 Dec 2019 13:00:00 GMT")
    (entry,) = entries(gdacs(), later)
    assert entry.values.title == "Red alert"


def test_a_rebuilt_gdacs_date_changes_no_identity() -> None:
    (before,) = entries(gdacs())
    (after,) = entries(gdacs(date="Mon, 30 Dec 2019 12:00:00 GMT"))
    assert before.keys == after.keys


def test_emsc_fields() -> None:
    (entry,) = entries(
        "<title>mb 5.2  MYANMAR</title><link>"
        "https://www.emsc-csem.org/Earthquake/earthquake.php?id=934377</link>"
        "<geo:lat>21.5</geo:lat><geo:long>96.2</geo:long><emsc:depth>13  </emsc:depth>"
        "<emsc:magnitude>mb 5.2</emsc:magnitude><emsc:time>2020-12-30 21:37:51 UTC</emsc:time>"
        "<pubDate>Wed, 30 Dec 2020 21:41:00 +0000</pubDate><status>AUTOMATIC</status>"
    )
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.magnitude, hazard.depth_km) == (5.2, 13.0)
    assert hazard.event_at is not None
    assert hazard.event_at.minute == 37
    assert entry.values.places[0].name == "MYANMAR"
    assert entry.values.flags == ("automatic",)
    assert entry.events == (Key("emsc", "934377"),)


@pytest.mark.parametrize(
    "shape",
    [
        "<georss:point>10 100</georss:point>",
        "<georss:polygon>9 99 9 101 11 101 11 99 9 99</georss:polygon>",
        "<georss:where><gml:Point><gml:pos>10 100</gml:pos></gml:Point></georss:where>",
        "<geo:Point><geo:lat>10</geo:lat><geo:long>100</geo:long></geo:Point>",
        "<geo:lat>10</geo:lat><geo:long>100</geo:long>",
        "<georss:circle>10 100 5</georss:circle>",
    ],
    ids=["point", "polygon", "gml", "nested geo", "geo", "circle"],
)
def test_every_way_to_write_a_point(shape: str) -> None:
    (entry,) = entries(f"<title>x</title>{shape}")
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (10.0, 100.0)


@pytest.mark.parametrize(
    "shape", ["<georss:point>95 400</georss:point>", "<geo:lat>x</geo:lat><geo:long>1</geo:long>"]
)
def test_a_point_off_the_globe_is_no_place(shape: str) -> None:
    (entry,) = entries(f"<title>x</title>{shape}")
    assert entry.values.places == ()


def test_a_storms_number_is_its_identity() -> None:
    def advisory(stamp: str) -> Entry:
        return entries(
            f"<title>Summary</title><guid>summary-al092026-{stamp}</guid><nhc:Cyclone>"
            "<nhc:center>25.4, -86.3</nhc:center><nhc:type>HURRICANE</nhc:type>"
            "<nhc:name>Ida</nhc:name>"
            "<nhc:atcf>AL092026</nhc:atcf><nhc:wind>110 mph</nhc:wind></nhc:Cyclone>"
        )[0]

    before, after = advisory("202610070852"), advisory("202610071452")
    assert Key("atcf", "AL092026") in set(before.keys) & set(after.keys)
    hazard = after.values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.event, hazard.severity_value) == ("TC", "HURRICANE Ida", 110.0)


def test_thai_earthquake_fields() -> None:
    (entry,) = entries(
        "<title>ประเทศเมียนมา (Myanmar)</title><link>"
        "https://earthquake.tmd.example/x?earthquake=9001</link>"
        "<geo:lat>21.1</geo:lat><geo:long>96.0</geo:long><tmd:time>"
        "2026-07-22 11:55:00 UTC</tmd:time>"
        "<tmd:magnitude>4.5</tmd:magnitude><tmd:depth>10</tmd:depth>"
    )
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.magnitude, hazard.depth_km, hazard.event_id) == (4.5, 10.0, "9001")
    assert entry.values.published_at == hazard.event_at


def tsunami(category: str) -> Entry:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#">'
        "<title>BULLETIN</title><entry><title>NEAR RURITANIA</title><id>urn:uuid:1</id>"
        "<updated>2026-08-12T03:51:02Z</updated><geo:lat>18.7</geo:lat><geo:long>-155.1</geo:long>"
        '<link rel="alternate" type="application/xml" '
        'href="https://www.tsunami.gov/events/PHEB/2026/08/12/26224050/1/WEHW42/WEHW42.txt"/>'
        '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"<strong>Category:</strong> {category}<br/><strong>"
        "Preliminary Magnitude: </strong>7.9(Mw)<br/>"
        "</div></summary></entry></feed>"
    )
    return parse(body.encode(), Hints()).entries[0]


@pytest.mark.parametrize("category", ["Information", "Warning", "Zweifelhaft"])
def test_the_tsunami_level_is_the_word_after_category(category: str) -> None:
    hazard = tsunami(category).values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.alert_level, hazard.magnitude) == ("TS", category, 7.9)
    assert hazard.event_id == "26224050"


def test_a_glide_number_in_the_link_joins_other_sources() -> None:
    (entry,) = entries(
        "<title>Flood</title><link>https://relief.example/disaster/fl-2026-000093-ven</link>"
    )
    assert entry.events == (Key("glide", "FL-2026-000093-VEN"),)
    assert entry.values.hazard is not None
    assert entry.values.hazard.type == "FL"
