"""The smaller formats: JSON Feed, BMKG, MeteoAlarm, WHO, ReliefWeb, TMD, and RSS details."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Document, Hints, Key


def read(data: object) -> Document:
    return parse(json.dumps(data).encode(), Hints())


def test_a_json_feed_of_both_versions() -> None:
    item = {
        "id": "1",
        "url": "/a",
        "content_html": "<p>x</p>",
        "date_published": "2026-01-01T00:00:00Z",
    }
    old = {
        "version": "https://jsonfeed.org/version/1",
        "title": "T",
        "home_page_url": "https://m.example/",
        "author": {"name": "Office"},
        "items": [item],
    }
    new = {
        **old,
        "version": "https://jsonfeed.org/version/1.1",
        "authors": [{"name": "Office"}],
        "language": "en-US",
    }
    for data in (old, new):
        (entry,) = read(data).entries
        assert entry.values.link == "https://m.example/a"
        assert entry.values.title == "x"
        assert entry.values.authors == ("Office",)
    assert read(new).language == "en"


@pytest.mark.parametrize("single", [True, False], ids=["object", "list"])
def test_bmkg_writes_one_quake_or_a_list(single: bool) -> None:
    quake = {
        "Tanggal": "16 Agu 2026",
        "Jam": "13:15:30 WIB",
        "DateTime": "2026-08-16T06:15:30+00:00",
        "Coordinates": "-6.89,109.67",
        "Magnitude": "5.4",
        "Kedalaman": "10 km",
        "Wilayah": "18 km Pekalongan",
        "Potensi": "Tidak berpotensi tsunami",
    }
    (entry,) = read({"Infogempa": {"gempa": quake if single else [quake]}}).entries
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.magnitude, hazard.depth_km, hazard.tsunami) == (
        5.4,
        10.0,
        "Tidak berpotensi tsunami",
    )
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (-6.89, 109.67)


def test_bmkg_without_utc_and_coordinates_is_read_from_the_local_fields() -> None:
    quake = {
        "Tanggal": "16 Agu 2026",
        "Jam": "13:15:30 WITA",
        "Lintang": "6.89 LS",
        "Bujur": "109.67 BT",
        "Magnitude": "5.4",
    }
    (entry,) = read({"Infogempa": {"gempa": quake}}).entries
    assert entry.values.published_at is None or entry.values.published_at.hour == 5
    assert entry.values.places[0].lat == -6.89


def test_meteoalarm_language_blocks_are_one_entry() -> None:
    info = {
        "event": "Flood",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Likely",
        "area": [{"areaDesc": "X"}],
    }
    alert = {
        "identifier": "2.49.0.0.276.0.X",
        "sender": "s",
        "sent": "2026-01-01T00:00:00Z",
        "status": "Test",
        "msgType": "Alert",
        "info": [
            {**info, "language": "de-DE", "headline": "Hochwasser"},
            {**info, "language": "en", "headline": "Flood"},
        ],
    }
    (entry,) = read({"warnings": [{"alert": alert, "uuid": "1"}]}).entries
    assert (entry.values.title, entry.values.status) == ("Flood", "test")
    assert entry.values.places[0].country == "DE"


def test_who_outbreak_news() -> None:
    item = {
        "Id": "u-1",
        "Title": "Cholera - Ruritania",
        "ItemDefaultUrl": "/2026-DON594",
        "Summary": "<p>Cases.</p>",
        "PublicationDateAndTime": "2026-09-25T14:00:00Z",
        "DonId": "2026-DON594",
    }
    (entry,) = read({"@odata.context": "x", "value": [item]}).entries
    assert entry.values.link is not None
    assert entry.values.link.endswith("/item/2026-DON594")
    assert entry.values.hazard is not None
    assert entry.values.hazard.type == "EP"
    assert entry.keys[0] == Key("id", "u-1")


def test_a_reliefweb_disaster_joins_by_its_glide_number() -> None:
    fields = {
        "name": "Venezuela: Earthquake - Sep 2026",
        "glide": "EQ-2026-000093-VEN",
        "url": "https://relief.example/1",
        "date": {"created": "2026-09-25T00:00:00+00:00"},
        "country": [{"name": "Venezuela", "iso3": "ven"}],
    }
    (entry,) = read({"totalCount": 1, "data": [{"id": "1", "fields": fields}]}).entries
    assert entry.events == (Key("glide", "EQ-2026-000093-VEN"),)
    assert entry.values.places[0].country == "VE"


def test_thai_earthquakes_get_an_identity_from_time_and_place() -> None:
    quake = (
        "<DailyEarthquakes><OriginThai>ประเทศเมียนมา</OriginThai>"
        "<OriginEnglish>Myanmar</OriginEnglish>"
        "<DateTimeUTC>{} 06:48:18.000</DateTimeUTC><Depth unit='km.'>10</Depth>"
        "<Magnitude>3.1</Magnitude>"
        "<Latitude>20.1</Latitude><Longitude>99.9</Longitude><TitleThai>"
        "แผ่นดินไหว</TitleThai></DailyEarthquakes>"
    )
    body = (
        "<DailySeismicEvents><header/>"
        f"{quake.format('2026-09-28')}{quake.format('2026-09-27')}</DailySeismicEvents>"
    )
    one, two = parse(body.encode(), Hints()).entries
    assert one.keys[0] != two.keys[0]
    assert one.values.flags == ()
    assert one.values.hazard is not None
    assert one.values.hazard.magnitude == 3.1


def test_a_thai_warning_with_a_buddhist_year() -> None:
    body = (
        "<WarningNews><IssueNo>3</IssueNo><AnnounceDateTime>25/09/2569 17:00</AnnounceDateTime>"
        "<TitleThai>พายุไต้ฝุ่น</TitleThai><HeadlineThai>ฉบับที่ 3</HeadlineThai></WarningNews>"
    )
    (entry,) = parse(body.encode(), Hints()).entries
    assert entry.values.published_at is not None
    assert (entry.values.published_at.year, entry.values.published_at.hour) == (2026, 10)
    assert "buddhist_year" in entry.values.flags
    assert entry.values.hazard is not None
    assert entry.values.hazard.type == "TC"


def rss(inner: str, channel: str = "") -> Document:
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    )
    return parse(
        f"<rss {spaces}><channel>{channel}<item>{inner}</item></channel></rss>".encode(), Hints()
    )


def test_the_longest_polling_hint_counts() -> None:
    both = (
        "<ttl>15</ttl><sy:updatePeriod>hourly</sy:updatePeriod>"
        "<sy:updateFrequency>2</sy:updateFrequency>"
    )
    assert rss("<title>x</title>", both).ttl == timedelta(minutes=30)
    assert rss("<title>x</title>", "<ttl>9999999</ttl>").ttl is None


def test_content_stands_in_for_an_empty_description() -> None:
    found = rss(
        "<title>x</title><description/><content:encoded>"
        "&lt;p&gt;whole text&lt;/p&gt;</content:encoded>"
    )
    assert found.entries[0].values.summary == "whole text"


def test_an_entry_without_headline_is_titled_by_its_first_words() -> None:
    assert rss("<description>only text</description>").entries[0].values.title == "only text"


def test_dc_date_of_an_rss_item_is_its_publication() -> None:
    values = rss("<title>x</title><dc:date>2026-01-01T00:00:00Z</dc:date>").entries[0].values
    assert values.published_at is not None
    assert values.updated_at is None


def test_an_atom_entry_with_only_updated_has_no_publication() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        '<title type="html">&lt;b&gt;x&lt;/b&gt;</title>'
        "<updated>2026-01-01T00:00:00Z</updated></entry></feed>"
    )
    values = parse(body.encode(), Hints()).entries[0].values
    assert values.published_at is None
    assert values.updated_at is not None
    assert values.title == "x"


def test_naive_dates_are_in_the_feeds_zone() -> None:
    body = (
        b"<rss><channel><item><title>x</title><pubDate>"
        b"2018-08-30 19:47:47</pubDate></item></channel></rss>"
    )
    values = parse(body, Hints(timezone="Australia/Perth")).entries[0].values
    assert values.published_at is not None
    assert values.published_at.hour == 11
    assert "zone_assumed" in values.flags


def test_a_flood_of_entries_is_cut_and_told() -> None:
    items = "".join(f"<item><title>News {n}</title><guid>{n}</guid></item>" for n in range(5200))
    document = parse(f"<rss><channel>{items}</channel></rss>".encode(), Hints())
    assert len(document.entries) == 5000
    assert document.partly
    assert document.notes == ("only the first 5000 of 5200 entries were read",)


def test_rdf_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="x"><title>T</title></channel>'
        '<item rdf:about="https://m.example/1"><title>A</title>'
        "<link>https://m.example/1</link></item></rdf:RDF>"
    )
    document = parse(body.encode(), Hints())
    assert document.entries[0].values.title == "A"
