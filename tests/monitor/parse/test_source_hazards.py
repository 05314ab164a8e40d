"""Hazards and health, source by source: samples made up in the shape that each one serves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, Key, NotAFeed
from storage.records import Hazard


def read(data: object, **hints: Any) -> Document:
    return parse(json.dumps(data, ensure_ascii=False).encode(), Hints(**hints))


def xml(body: str, **hints: Any) -> Document:
    return parse(body.encode(), Hints(**hints))


def item(inner: str, **hints: Any) -> Entry:
    (entry,) = xml(f"<rss><channel><item>{inner}</item></channel></rss>", **hints).entries
    return entry


def hazard(entry: Entry) -> Hazard:
    found = entry.values.hazard
    assert found is not None
    return found


def countries(entry: Entry) -> list[str | None]:
    return [place.country for place in entry.values.places]


# --- India: SACHET -------------------------------------------------------------------------------


def warning(**more: Any) -> dict[str, Any]:
    return {
        "severity": "WARNING", "identifier": 1788465350602010,
        "effective_start_time": "Tue Apr 07 03:08:00 IST 2026",
        "effective_end_time": "Tue Apr 07 06:08:00 IST 2026", "disaster_type": "Flood",
        "area_description": "4 districts of Assam", "warning_message": "Water is rising.",
        "severity_color": "red", "centroid": "95.05,27.06", "alert_source": "Assam SDMA",
        "actual_lang": "en", **more,
    }  # fmt: skip


def test_sachet_keeps_its_own_scale_and_reads_ist_as_indian_time() -> None:
    (entry,) = read([warning()]).entries
    assert entry.values.published_at == datetime(2026, 4, 6, 21, 38, tzinfo=UTC)
    assert entry.values.expires_at == datetime(2026, 4, 7, 0, 38, tzinfo=UTC)
    assert (hazard(entry).type, hazard(entry).alert_level) == ("FL", "WARNING")
    assert hazard(entry).severity is None
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (27.06, 95.05)
    assert countries(entry) == ["IN"]
    assert entry.keys[0] == Key("id", "1788465350602010")
    assert entry.values.title == "WARNING Flood: 4 districts of Assam"


def test_sachet_with_least_fields_and_latitude_first_is_still_read() -> None:
    row = {"severity": "WATCH", "severity_color": "yellow", "centroid": "27.06,95.05"}
    (entry,) = read([row]).entries
    assert entry.values.title == "WATCH"
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (27.06, 95.05)


def test_an_indian_cap_feed_is_read_item_by_item() -> None:
    entry = item(
        "<title>Heavy rain over Assam</title><link>https://cap.example/1.xml</link>"
        '<guid isPermaLink="false">1788465350602010</guid><category>Met</category>'
        "<pubDate>Tue, 07 Apr 2026 03:08:00 +0530</pubDate><author>IMD</author>"
    )
    assert entry.values.published_at == datetime(2026, 4, 6, 21, 38, tzinfo=UTC)
    assert entry.keys[0] == Key("id", "1788465350602010")


# --- WMO, Thailand, Indonesia --------------------------------------------------------------------


def test_a_warning_of_the_wmo_list_has_its_country_link_and_words() -> None:
    feature = {
        "type": "Feature", "id": "effective_warning_view.fid--7463f54d_1a01", "geometry": None,
        "properties": {"capurl": "th-tmd/2026/09/25/x.xml", "sent": "2026-09-25T10:00:00Z",
                       "event": "Flash flood", "s": 3, "u": 4, "c": 2, "mem": "089",
                       "areadesc": "Chiang Mai", "rlink": ""},
    }  # fmt: skip
    document = read({"type": "FeatureCollection", "features": [feature], "totalFeatures": 4100})
    (entry,) = document.entries
    assert entry.values.title == "Flash flood: Chiang Mai"
    assert entry.values.link == (
        "https://severeweather.wmo.int/v2/cap-alerts/th-tmd/2026/09/25/x.xml"
    )
    assert countries(entry) == ["TH"]
    found = hazard(entry)
    assert (found.type, found.severity, found.urgency, found.certainty) == (
        "FF", "Severe", "Immediate", "Possible",
    )  # fmt: skip
    assert document.partly
    assert document.notes == ("the server sent 1 of 4100 entries",)


THAI_QUAKE = {
    "OriginThai": "ประเทศเมียนมา", "OriginEnglish": "Myanmar",
    "DateTimeUTC": "2026-09-28 06:48:18.000", "DateTimeThai": "2026-09-28 13:48:18.000",
    "Depth": "10", "Magnitude": "3.1", "Latitude": "20.12", "Longitude": "99.93",
    "TitleThai": "แผ่นดินไหว ประเทศเมียนมา", "TitleEnglish": "Earthquake in Myanmar",
}  # fmt: skip


def test_thai_quakes_are_the_same_in_xml_and_json() -> None:
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in THAI_QUAKE.items())
    references = fields.replace("แผ่นดินไหว", "".join(f"&#{ord(c)};" for c in "แผ่นดินไหว"))
    header = "<header><lastBuildDate>2026-09-28 14:00:00</lastBuildDate></header>"
    document = xml(
        f"<DailySeismicEvents>{header}<DailyEarthquakes>{references}</DailyEarthquakes>"
        "</DailySeismicEvents>"
    )
    for data in (
        {"header": {"status": "200 OK"}, "DailyEarthquakes": [THAI_QUAKE]},
        {"DailySeismicEvents": {"header": {}, "DailyEarthquakes": [THAI_QUAKE]}},
    ):
        assert read(data).entries == document.entries
    (entry,) = document.entries
    assert entry.values.title == "แผ่นดินไหว ประเทศเมียนมา"
    assert entry.values.published_at == datetime(2026, 9, 28, 6, 48, 18, tzinfo=UTC)
    assert entry.keys[0] == Key("id", "2026-09-28T06:48:18+00:00 20.1,99.9")
    assert document.updated == datetime(2026, 9, 28, 7, tzinfo=UTC)


def test_a_thai_warning_is_read_in_both_versions_and_in_json() -> None:
    first = xml(
        "<WeatherWarning><header><status>200 OK</status></header><WarningNews>"
        "<IssueNo>3</IssueNo><AnnounceDateTime>25/09/2569 17:00</AnnounceDateTime>"
        "<TitleThai>พายุไต้ฝุ่น</TitleThai></WarningNews></WeatherWarning>"
    )
    second = xml(
        "<WarningNewsList><Warning><IssueNo>3</IssueNo><TitleThai>พายุไต้ฝุ่น</TitleThai>"
        "<HeadlineThai>ฉบับที่ 3</HeadlineThai><AnnounceDate>2026-09-25 17:00:00</AnnounceDate>"
        "<EffectStartDate>2026-09-25 17:00:00</EffectStartDate>"
        "<EffectEndDate>2026-09-27 17:00:00</EffectEndDate>"
        "<WebUrlThai>https://tmd.example/3</WebUrlThai></Warning></WarningNewsList>"
    )
    third = read(
        {
            "header": {"status": "200 OK"},
            "WarningNews": {"IssueNo": 3, "AnnounceDateTime": "25/09/2569 17:00",
                            "TitleThai": "พายุไต้ฝุ่น"},
        }
    )  # fmt: skip
    assert third.entries == first.entries
    for document in (first, second):
        (entry,) = document.entries
        assert entry.values.published_at == datetime(2026, 9, 25, 10, tzinfo=UTC)
        assert hazard(entry).type == "TC"
        assert countries(entry) == ["TH"]
    assert second.entries[0].values.expires_at == datetime(2026, 9, 27, 10, tzinfo=UTC)


def test_a_thai_earthquake_item_without_date_takes_the_quakes_time() -> None:
    body = (
        '<rss xmlns:geo="http://www.w3.org/2003/01/geo/" '
        'xmlns:tmd="http://www.earthquake.tmd.go.th"><channel><item>'
        "<title>ประเทศเมียนมา (Myanmar)</title>"
        "<link>https://earthquake.tmd.go.th/inside-info.html?earthquake=9001</link>"
        "<comments>12 กม.</comments><geo:lat>21.1</geo:lat><geo:long>96.0</geo:long>"
        "<tmd:time>2026-07-22 11:55:00 UTC</tmd:time><tmd:magnitude>4.5</tmd:magnitude>"
        "<tmd:depth>10</tmd:depth></item></channel></rss>"
    )
    (entry,) = xml(body, timezone="Asia/Bangkok").entries
    assert entry.values.published_at == datetime(2026, 7, 22, 11, 55, tzinfo=UTC)
    assert (entry.values.places[0].lat, hazard(entry).magnitude) == (21.1, 4.5)
    assert entry.keys[0].value.endswith("earthquake=9001")


# --- earthquakes and tsunami ---------------------------------------------------------------------


def test_an_emsc_quake_is_the_same_event_in_the_service_and_in_the_rss() -> None:
    feature = {
        "type": "Feature", "id": "20260813_0000321",
        "geometry": {"type": "Point", "coordinates": [96.2, 21.5, -10.0]},
        "properties": {"source_id": "934377", "source_catalog": "EMSC-RTS", "unid":
                       "20260813_0000321", "time": "2026-08-13T22:28:04.0Z", "lastupdate":
                       "2026-08-13T22:41:00.0Z", "flynn_region": "MYANMAR", "lat": 21.5,
                       "lon": 96.2, "depth": 10.0, "mag": 5.2, "magtype": "mb", "auth": "EMSC",
                       "evtype": "ke"},
    }  # fmt: skip
    (service,) = read({"type": "FeatureCollection", "features": [feature]}).entries
    (rss,) = xml(
        '<rss xmlns:emsc="https://www.emsc-csem.org"><channel><item><title>mb 5.2  MYANMAR</title>'
        "<link>https://www.emsc-csem.org/Earthquake/earthquake.php?id=934377</link>"
        "<emsc:magnitude>mb 5.2</emsc:magnitude><emsc:time>2026-08-13 22:28:04 UTC</emsc:time>"
        "</item></channel></rss>"
    ).entries
    assert service.events == rss.events == (Key("emsc", "934377"),)
    assert hazard(service).event_at == hazard(rss).event_at
    assert service.values.title == "mb 5.2 - MYANMAR"
    assert (hazard(service).magnitude, hazard(service).depth_km) == (5.2, 10.0)
    assert (service.values.places[0].lat, service.values.places[0].lon) == (21.5, 96.2)


def test_a_spanish_quake_without_any_date_field_is_dated_by_its_title() -> None:
    entry = item(
        "<title>-Info.terremoto: 12/03/2026 10:23:45</title><link>https://www.ign.es/x?evid=es1"
        "</link><description>Se ha producido un terremoto de magnitud 3.6 en RURITANIA en la fecha "
        "12/03/2026 10:23:45 en la siguiente localizacion: 38.1,-6.6</description>"
    )
    assert entry.values.published_at == datetime(2026, 3, 12, 10, 23, 45, tzinfo=UTC)
    assert "zone_assumed" in entry.values.flags
    assert (hazard(entry).type, hazard(entry).magnitude) == ("EQ", 3.6)


def test_a_tsunami_bulletin_is_titled_by_its_category_and_dated_by_its_issue() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:geo="http://www.w3.org/2003/01/geo/'
        'wgs84_pos#"><title>   TSUNAMI ADVISORY NUMBER 2   </title><entry><title>  NEAR RURITANIA '
        "</title><id>urn:uuid:2</id><updated>2026-08-12T03:51:02Z</updated>"
        "<geo:lat>18.753</geo:lat><geo:long>-155.189</geo:long>"
        '<link rel="related" type="application/cap+xml" href="https://www.tsunami.gov/x.cap"/>'
        '<link rel="alternate" href="https://www.tsunami.gov/events/PHEB/2026/26224050/2/x.txt"/>'
        '<summary type="xhtml"><ns:div xmlns:ns="http://www.w3.org/1999/xhtml"><ns:strong>'
        "Category:</ns:strong> Advisory<ns:br/><ns:strong>Bulletin Issue Time: </ns:strong>"
        "2026.08.12 03:51:02 UTC<ns:br/><ns:strong>Preliminary Magnitude: </ns:strong>7.1(Mw)"
        "</ns:div></summary></entry></feed>"
    )
    (entry,) = xml(body).entries
    assert entry.values.title == "Tsunami Advisory: NEAR RURITANIA"
    assert entry.values.places[0].name == "NEAR RURITANIA"
    assert entry.values.published_at == datetime(2026, 8, 12, 3, 51, 2, tzinfo=UTC)
    assert (hazard(entry).alert_level, hazard(entry).magnitude) == ("Advisory", 7.1)
    assert (hazard(entry).event_id, hazard(entry).episode_id) == ("26224050", "2")


def test_a_gdacs_answer_with_an_apostrophe_in_a_quoted_text_is_read() -> None:
    feature = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [-5.5, 7.5]},
        "properties": {"eventtype": "FL", "eventid": 1103000, "episodeid": 2, "alertlevel":
                       "Green", "name": "Flood", "fromdate": "2026-04-20T07:53:00", "severitydata":
                       "{'severity': 0, 'severitytext': 'Magnitude 0', 'severityunit': None}",
                       "affectedcountries": "[{'iso3': 'CIV', 'countryname': \"Cote d'Ivoire\"}]"},
    }  # fmt: skip
    (entry,) = read({"type": "FeatureCollection", "features": [feature]}).entries
    assert countries(entry) == ["CI"]
    assert hazard(entry).severity_text == "Magnitude 0"
    assert hazard(entry).current is None
    assert entry.values.published_at == datetime(2026, 4, 20, 7, 53, tzinfo=UTC)


def test_only_the_summary_of_a_storm_is_the_storm_and_quiet_days_have_none() -> None:
    body = (
        '<rss xmlns:nhc="https://www.nhc.noaa.gov"><channel><item>'
        "<title>Summary - Hurricane Ida (AL09/AL092026)</title><guid isPermaLink='false'>"
        "summary-al092026-202610070852</guid><pubDate>Wed, 07 Oct 2026 08:52:00 GMT</pubDate>"
        "<nhc:Cyclone><nhc:center>25.4, -86.3</nhc:center><nhc:type>HURRICANE</nhc:type>"
        "<nhc:name>Ida</nhc:name><nhc:wallet>AT4</nhc:wallet><nhc:atcf>AL092026</nhc:atcf>"
        "<nhc:datetime>4:00 AM CDT Wed Oct 7</nhc:datetime><nhc:movement>NW at 15 mph"
        "</nhc:movement><nhc:pressure>968 mb</nhc:pressure><nhc:wind>110 mph</nhc:wind>"
        "<nhc:headline>IDA STRENGTHENS</nhc:headline></nhc:Cyclone></item><item>"
        "<title>Hurricane Ida Public Advisory Number 12</title><guid>"
        "https://www.nhc.noaa.gov/text/refresh/12.shtml</guid></item><item>"
        "<title>No current storm in Central Pacific</title><guid>quiet</guid></item><item>"
        "<title>Summary</title><guid>summary-x</guid><nhc:Cyclone><nhc:name>X</nhc:name>"
        "</nhc:Cyclone></item></channel></rss>"
    )
    storm, advisory, quiet, drifted = xml(body).entries
    assert hazard(storm).event == "HURRICANE Ida"
    assert storm.events == (Key("atcf", "AL092026"),)
    assert (storm.values.places[0].lat, storm.values.places[0].lon) == (25.4, -86.3)
    assert advisory.values.hazard is None
    assert quiet.values.hazard is None
    assert "cyclone_without_number" in drifted.values.flags


def test_a_feature_of_no_known_source_has_its_country() -> None:
    feature = {
        "type": "Feature",
        "id": "1",
        "geometry": None,
        "properties": {
            "title": "Landslide",
            "country": "Chad",
            "type": "landslide",
            "date": "2026-01-01",
        },
    }
    (entry,) = read(feature).entries
    assert countries(entry) == ["TD"]
    assert hazard(entry).type == "LS"


# --- volcanoes -----------------------------------------------------------------------------------


def test_the_weekly_volcano_report_gives_volcano_country_and_state() -> None:
    entry = item(
        "<title>Semeru (Indonesia) - Report for 16 September-22 September 2026 - Continuing "
        "Activity</title><link>https://volcano.si.edu/showreport.cfm?wvar=GVP.WVAR20260923-263300"
        "</link><guid>https://volcano.si.edu/showreport.cfm?wvar=GVP.WVAR20260923-263300</guid>"
        "<pubDate>Thu, 24 Sep 2026 04:00:00 +0000</pubDate>"
    )
    found = hazard(entry)
    assert (found.type, found.event, found.event_id) == ("VO", "Semeru", "263300")
    assert found.alert_level == "Continuing Activity"
    assert countries(entry) == ["ID"]


def test_a_new_zealand_volcano_has_its_level_and_the_aviation_code() -> None:
    feature = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [175.563, -39.281]},
        "properties": {"volcanoID": "ruapehu", "volcanoTitle": "Ruapehu", "level": 2,
                       "acc": "Yellow", "activity": "Moderate unrest.", "hazards": "Ash."},
    }  # fmt: skip
    (entry,) = read({"type": "FeatureCollection", "features": [feature]}).entries
    assert entry.values.title == "Ruapehu: Volcanic Alert Level 2, aviation code Yellow"
    assert (hazard(entry).type, hazard(entry).alert_level) == ("VO", "2")
    assert entry.keys[0] == Key("id", "ruapehu")


# --- health --------------------------------------------------------------------------------------


def outbreak(**more: Any) -> dict[str, Any]:
    return {
        "Id": "0d6c", "Title": "Cholera \u2013 Chad", "TitleSuffix": "", "OverrideTitle": "",
        "UseOverrideTitle": False, "UrlName": "2026-DON594", "ItemDefaultUrl": "/2026-DON594",
        "DonId": "2026-DON594", "PublicationDate": "2026-09-25T00:00:00Z",
        "PublicationDateAndTime": "2026-09-25T14:00:00Z", "Summary": "", "Overview":
        "<p>Cases rise.</p>", "Epidemiology": "", "Assessment": "<p>Cases are seen in camps. The "
        "risk is assessed as high at national level. It spreads.</p>", "Advice": "", **more,
    }  # fmt: skip


def test_an_outbreak_of_who_has_disease_country_and_the_risk_in_its_words() -> None:
    (entry,) = read({"@odata.context": "x", "value": [outbreak()]}).entries
    found = hazard(entry)
    assert (found.event, found.event_id) == ("Cholera", "2026-DON594")
    assert found.severity_text == "The risk is assessed as high at national level."
    assert countries(entry) == ["TD"]
    assert entry.values.summary == "Cases rise."
    assert entry.values.published_at == datetime(2026, 9, 25, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "event", "codes"),
    [
        ("Mpox - Global update", "Mpox", [None]),
        ("Hantavirus pulmonary syndrome\u2014Chile and Argentina",
         "Hantavirus pulmonary syndrome\u2014Chile and Argentina", []),
        ("Avian Influenza A(H5N1) - Viet Nam", "Avian Influenza A(H5N1)", ["VN"]),
        ("Situation update", "Situation update", []),
    ],
)  # fmt: skip
def test_titles_of_who_are_split_only_at_a_dash_with_space(
    title: str, event: str, codes: list[str | None]
) -> None:
    (entry,) = read({"value": [outbreak(Title=title)]}).entries
    assert hazard(entry).event == event
    assert countries(entry) == codes


def test_an_overriding_title_of_who_is_used_when_it_is_said_to_be() -> None:
    (entry,) = read({"value": [outbreak(OverrideTitle="Plague", UseOverrideTitle=True)]}).entries
    assert entry.values.title == "Plague"


@pytest.mark.parametrize(
    ("title", "level", "event", "codes"),
    [
        ("Level 2 - Cholera in Chad", "Level 2", "Cholera", ["TD"]),
        ("Level 1 - Dengue in the Americas", "Level 1", "Dengue", [None]),
        ("Warning - Ebola in Guinea", "Warning", "Ebola", ["GN"]),
        ("Global Measles", None, "Global Measles", []),
    ],
)
def test_a_travel_health_notice_has_level_disease_and_place(
    title: str, level: str | None, event: str, codes: list[str | None]
) -> None:
    entry = item(
        f"<title>{title}</title><link>https://wwwnc.cdc.gov/travel/notices/level2/cholera-chad"
        "</link><guid>https://wwwnc.cdc.gov/travel/notices/level2/cholera-chad</guid>"
        "<pubDate>Thu, 25 Jun 2026 04:00:00 GMT</pubDate>"
    )
    found = hazard(entry)
    assert (found.type, found.alert_level, found.event) == ("EP", level, event)
    assert countries(entry) == codes
    assert entry.keys == (Key("id", "cdc-notice/cholera-chad"),)


def test_a_travel_health_notice_keeps_its_identity_when_its_level_changes() -> None:
    def notice(step: int) -> Entry:
        page = f"https://wwwnc.cdc.gov/travel/notices/level{step}/cholera-chad"
        return item(
            f"<title>Level {step} - Cholera in Chad</title><link>{page}</link><guid>{page}</guid>"
        )

    assert notice(1).keys == notice(2).keys
    assert hazard(notice(2)).severity_text == "Practice Enhanced Precautions"


# --- ReliefWeb -----------------------------------------------------------------------------------


def test_a_reliefweb_item_has_country_kind_and_glide_number() -> None:
    entry = item(
        "<title>Philippines: Tropical Cyclone - Sep 2026</title>"
        "<link>https://reliefweb.int/disaster/tc-2026-000093-phl</link>"
        '<guid isPermaLink="true">https://reliefweb.int/disaster/tc-2026-000093-phl</guid>'
        "<pubDate>Fri, 25 Sep 2026 00:00:00 +0000</pubDate><description>"
        "&lt;div class=&quot;tag country&quot;&gt;Affected countries: Philippines, Viet Nam&lt;"
        "/div&gt;&lt;div class=&quot;tag glide&quot;&gt;Glide: TC-2026-000093-PHL&lt;/div&gt;"
        "&lt;p&gt;Winds.&lt;/p&gt;</description>"
    )
    found = hazard(entry)
    assert (found.type, found.event, found.glide) == (
        "TC", "Tropical Cyclone", "TC-2026-000093-PHL",
    )  # fmt: skip
    assert countries(entry) == ["PH", "VN"]
    assert entry.events == (Key("glide", "TC-2026-000093-PHL"),)


def test_a_reliefweb_disaster_of_the_service_has_its_state() -> None:
    fields = {
        "name": "Chad: Floods - Sep 2026", "status": "ongoing", "glide": "FL-2026-000120-TCD",
        "primary_type": {"name": "Flood"}, "type": [{"name": "Flood"}], "url":
        "https://reliefweb.int/taxonomy/term/1", "date": {"created": "2026-09-25T00:00:00+00:00",
        "changed": "2026-09-26T10:00:00+00:00"}, "country": [{"name": "Chad", "iso3": "tcd",
        "location": {"lat": 15.4, "lon": 18.7}}],
    }  # fmt: skip
    (entry,) = read({"totalCount": 1, "count": 1, "data": [{"id": "1", "fields": fields}]}).entries
    found = hazard(entry)
    assert (found.alert_level, found.current, found.event) == ("ongoing", True, "Flood")
    assert entry.values.updated_at == datetime(2026, 9, 26, 10, tzinfo=UTC)
    assert entry.values.places[0].lat == 15.4


@pytest.mark.parametrize(
    "body",
    [
        '{"totalCount":0,"count":0,"data":[]}',
        '{"@odata.context":"https://www.who.int/api/$metadata#diseaseoutbreaknews","value":[]}',
        '{"type":"FeatureCollection","features":[]}',
        '{"warnings":[]}',
        '{"Infogempa":{"gempa":[]}}',
        '{"header":{"status":"200 OK"},"DailyEarthquakes":[]}',
        "<DailySeismicEvents><header/></DailySeismicEvents>",
        '{"catalogVersion":"2026.09.11","vulnerabilities":[]}',
        '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[]}',
        '{"title":"EONET Events","events":[]}',
        '{"currentCount":0,"data":[],"matchCount":0}',
        '{"response":{"header":{"resultCode":"0"},"body":{"items":"","totalCount":0}}}',
        '{"metadata":{"response_timestamp":"x"},"data":[]}',
    ],
)
def test_a_known_source_with_nothing_to_tell_is_a_document_without_entries(body: str) -> None:
    assert parse(body.encode(), Hints()).entries == ()


# --- human-made ----------------------------------------------------------------------------------


def test_a_row_of_the_catalogue_of_exploited_weaknesses() -> None:
    row = {
        "cveID": "CVE-2026-0001", "vendorProject": "Acme", "product": "Router",
        "vulnerabilityName": "Acme Router Command Injection", "dateAdded": "2026-09-01",
        "shortDescription": "Commands can be run.", "requiredAction": "Apply the update.",
        "dueDate": "2026-09-22", "knownRansomwareCampaignUse": "Known", "notes": "",
    }  # fmt: skip
    catalogue = {"title": "CISA Catalog", "catalogVersion": "2026.09.11", "count": 1,
                 "dateReleased": "2026-09-11T15:00:00.0000Z", "vulnerabilities": [row]}  # fmt: skip
    document = read(catalogue)
    (entry,) = document.entries
    assert document.is_list
    assert document.updated == datetime(2026, 9, 11, 15, tzinfo=UTC)
    assert entry.keys[0] == Key("id", "CVE-2026-0001")
    assert entry.values.title == "CVE-2026-0001: Acme Router Command Injection"
    assert "Due date: 2026-09-22." in entry.values.summary
    assert (hazard(entry).type, hazard(entry).severity_text) == ("cyber", "Known")
    assert "date_only" in entry.values.flags


def test_a_conflict_event_keeps_its_number_when_its_row_is_revised() -> None:
    row = {
        "event_id_cnty": "TCD1234", "event_date": "2026-09-20", "event_type": "Battles",
        "sub_event_type": "Armed clash", "country": "Chad", "admin1": "Lac", "location": "Bol",
        "latitude": "13.46", "longitude": "14.71", "fatalities": "7", "notes": "A clash.",
        "source": "Radio", "timestamp": "1758700000",
    }  # fmt: skip
    first, second = (
        read({"status": 200, "success": True, "count": 1, "data": [{**row, "fatalities": dead}]})
        for dead in ("7", 9)
    )
    assert first.entries[0].keys == second.entries[0].keys
    assert second.entries[0].values.summary == "A clash. Fatalities: 9."
    assert first.entries[0].values.title == "Armed clash: Bol, Lac, Chad"
    assert countries(first.entries[0]) == ["TD"]
    assert not first.is_list


def test_the_iaeas_date_of_two_digits_is_vienna_time() -> None:
    entry = item(
        "<title>x</title><link>https://www.iaea.org/newscenter/x</link>"
        "<pubDate>26-09-25  14:30</pubDate>",
        timezone="Europe/Vienna",
    )
    assert entry.values.published_at == datetime(2026, 9, 25, 12, 30, tzinfo=UTC)


def test_un_news_is_known_by_the_page_and_not_by_the_link() -> None:
    entry = item(
        "<title>x</title><link>https://news.un.org/feed/view/en/story/2026/09/1168419</link>"
        '<guid isPermaLink="false">https://news.un.org/en/story/2026/09/1168419</guid>'
        '<pubDate>Fri, 25 Sep 2026 12:00:00 +0000</pubDate><enclosure url="https://x.example/i.jpg"'
        ' type="image/jpeg" length="1"/>'
    )
    assert entry.keys[0] == Key("id", "https://news.un.org/en/story/2026/09/1168419")


@pytest.mark.parametrize("link", ["http://[oops", "//", "http://x.example:99999/", ""])
def test_a_link_that_is_no_address_spoils_no_document(link: str) -> None:
    assert item(f"<title>x</title><link>{link}</link><guid>1</guid>").values.title == "x"


def test_marks_that_never_end_cost_no_time() -> None:
    hostile = "&lt;div class='" + "tag country " * 4000
    body = (
        "<title>x</title><link>https://reliefweb.int/disaster/x</link>"
        f"<description>{hostile * 3}</description>"
    )
    started = process_time()
    item(body)
    assert process_time() - started < 2


# --- what is none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"entries":[{"state":"x","level":"y"}]}', "entries"),
        ('[{"foo":1,"bar":2}]', "foo, bar"),
        ("[1,2,3]", "list"),
        ('{"status":403,"error":{"type":"AccessDenied","message":"appname not approved"}}',
         "appname not approved"),
        ('{"message":"Forbidden"}', "Forbidden"),
        ('{"features_missing":true}', "features_missing"),
        ('"a text"', "cannot"),
    ],
)  # fmt: skip
def test_json_that_is_no_feed_says_what_it_holds(body: str, said: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body.encode(), Hints())
    if said != "cannot":
        assert caught.value.state == "json_not_feed"
        assert said in caught.value.detail
    else:
        assert caught.value.state == "not_a_feed"


@pytest.mark.parametrize("body", ["Err", "[]", "{}"])
def test_what_servers_send_when_they_are_down_is_no_document(body: str) -> None:
    with pytest.raises(NotAFeed):
        parse(body.encode(), Hints())


# --- three services whose shapes several public programs agree on --------------------------------


def test_an_event_that_satellites_follow_is_at_its_newest_place() -> None:
    def at(day: int, lon: float) -> dict[str, Any]:
        return {"magnitudeValue": 40.0 + day, "magnitudeUnit": "kts", "type": "Point",
                "date": f"2026-09-0{day}T06:00:00Z", "coordinates": [lon, 14.1]}  # fmt: skip

    event = {
        "id": "EONET_23800", "title": "Tropical Storm Marie", "description": None,
        "link": "https://eonet.example/EONET_23800", "closed": None,
        "categories": [{"id": "severeStorms", "title": "Severe Storms"}],
        "sources": [{"id": "GDACS", "url":
                     "https://www.gdacs.org/report.aspx?eventid=1001270&eventtype=TC"}],
        "geometry": [at(1, -108.1), at(2, -111.3)],
    }  # fmt: skip
    (entry,) = read({"title": "EONET Events", "events": [event]}).entries
    found = hazard(entry)
    assert (found.type, found.severity_value, found.severity_unit) == ("TC", 42.0, "kts")
    assert found.current is True
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (14.1, -111.3)
    assert entry.values.published_at == datetime(2026, 9, 1, 6, tzinfo=UTC)
    assert entry.values.updated_at == datetime(2026, 9, 2, 6, tzinfo=UTC)
    assert entry.events == (Key("gdacs", "TC1001270"),)


def test_a_volcano_above_normal_keeps_its_identity_over_its_notices() -> None:
    def notice(level: str, sent: int) -> Document:
        return read(
            [{"obs_fullname": "Alaska Volcano Observatory", "obs_abbr": "avo", "volcano_name":
              "Great Sitkin", "vnum": "311120", "notice_type_cd": "DU", "notice_identifier":
              f"n{sent}", "sent_utc": "2026-06-16 19:01:27", "sent_unixtime": sent, "color_code":
              "ORANGE", "alert_level": level, "notice_url": "https://volcano.example/n"}]
        )  # fmt: skip

    first, second = notice("WATCH", 1781636487), notice("WARNING", 1781722887)
    assert first.is_list
    assert first.entries[0].keys == second.entries[0].keys
    assert hazard(second.entries[0]).alert_level == "WARNING"
    assert first.entries[0].values.title == "Great Sitkin: WATCH (aviation code ORANGE)"
    assert first.entries[0].values.published_at == datetime(2026, 6, 16, 19, 1, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phase", "message"), [("new", "alert"), ("renewal", "update"), ("cancelled", "cancel")]
)
def test_an_australian_weather_warning_has_its_phase(phase: str, message: str) -> None:
    row = {
        "id": "NSW_FL049_IDN36503", "area_id": "NSW_FL049", "type": "flood_watch", "title":
        "Flood Watch for Queanbeyan", "short_title": "Flood Watch", "state": "NSW",
        "warning_group_type": "major", "issue_time": "2026-10-07T00:18:46Z", "expiry_time":
        "2026-10-08T06:18:46Z", "phase": phase,
    }  # fmt: skip
    (entry,) = read({"metadata": {"response_timestamp": "x"}, "data": [row]}).entries
    assert entry.values.message_type == message
    assert (hazard(entry).type, hazard(entry).alert_level) == ("FL", "major")
    assert countries(entry) == ["AU"]
    assert entry.values.expires_at == datetime(2026, 10, 8, 6, 18, 46, tzinfo=UTC)
