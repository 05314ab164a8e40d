from __future__ import annotations

import json
from typing import Any

from monitor.parse.document import parse
from monitor.parse.entry import Entry, Hints, Key


def read(*features: dict[str, Any]) -> tuple[Entry, ...]:
    body = json.dumps({"type": "FeatureCollection", "features": list(features)})
    return parse(body.encode(), Hints()).entries


def usgs(preferred: str = "us1", ids: str = ",at1,us1,ci1,", **more: Any) -> dict[str, Any]:
    properties = {
        "mag": 6.5,
        "place": "113 km E of Mohean",
        "time": 1395409267500,
        "updated": 1395661123139,
        "ids": ids,
        "alert": "green",
        "status": "automatic",
        "type": "earthquake",
        "tsunami": 1,
        "title": "M 6.5",
        "url": "https://quake.example/us1",
        **more,
    }
    point = {"type": "Point", "coordinates": [94.3, 7.7, 10]}
    return {"type": "Feature", "id": preferred, "properties": properties, "geometry": point}


def test_a_usgs_quake_is_known_by_every_one_of_its_ids() -> None:
    (entry,) = read(usgs())
    assert {key.value for key in entry.events} == {"us1", "at1", "ci1"}
    (later,) = read(usgs("ci1", ",at1,us1,ci1,"))
    assert set(entry.keys) & set(later.keys)
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.magnitude, hazard.depth_km, hazard.alert_level) == (
        "EQ",
        6.5,
        10.0,
        "green",
    )
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (7.7, 94.3)
    assert entry.values.flags == ("automatic",)


def test_a_deleted_quake_is_a_cancel_and_a_blast_is_no_earthquake() -> None:
    deleted, blast = read(usgs(status="deleted"), usgs("us2", ",us2,", type="quarry blast"))
    assert deleted.values.message_type == "cancel"
    assert blast.values.hazard is not None
    assert blast.values.hazard.type is None


def gdacs(**more: Any) -> dict[str, Any]:
    properties = {
        "eventtype": "TC",
        "eventid": 1001270,
        "episodeid": 4,
        "glide": "",
        "name": "Cyclone X",
        "htmldescription": "Red Cyclone X",
        "alertlevel": "Red",
        "episodealertlevel": "Orange",
        "iscurrent": "true",
        "istemporary": "true",
        "country": "Philippines",
        "iso3": "PHL",
        "fromdate": "2026-04-20T07:53:00",
        "todate": "2026-04-22T07:53:00",
        "datemodified": "2026-04-21T09:01:16",
        "url": {"report": "https://gdacs.example/r"},
        "severitydata": {
            "severity": 287.0,
            "severitytext": "wind of 287 km/h",
            "severityunit": "km/h",
        },
        "affectedcountries": [{"iso2": "PH", "iso3": "PHL", "countryname": "Philippines"}],
        **more,
    }
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [125, 12]},
    }


def test_a_gdacs_feature() -> None:
    (entry,) = read(gdacs())
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.event_id, hazard.alert_level) == ("TC", "TC1001270", "Red")
    assert (hazard.severity_value, hazard.severity_unit, hazard.current) == (287.0, "km/h", True)
    assert hazard.magnitude is None
    assert entry.values.places[0].country == "PH"
    assert entry.values.flags == ("provisional",)
    assert entry.events == (Key("gdacs", "TC1001270"),)


def test_gdacs_nested_values_may_be_text_in_single_quotes() -> None:
    text = "{'severity': 7.1, 'severitytext': 'Magnitude 7.1M, Depth:10km', 'severityunit': 'M'}"
    (entry,) = read(gdacs(eventtype="EQ", severitydata=text, affectedcountries="[{'iso3': 'MMR'}]"))
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.magnitude, hazard.depth_km) == (7.1, 10.0)
    assert "MM" in [place.country for place in entry.values.places]


def test_an_nws_feature_is_a_cap_alert() -> None:
    feature = {
        "id": "https://api.weather.example/alerts/urn:oid:1",
        "type": "Feature",
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[-120, 40], [-118, 40], [-118, 42], [-120, 42], [-120, 40]]],
        },
        "properties": {
            "@type": "wx:Alert",
            "id": "urn:oid:1",
            "areaDesc": "Humboldt",
            "sender": "s@x.example",
            "sent": "2026-01-01T00:00:00-08:00",
            "status": "Exercise",
            "messageType": "Update",
            "severity": "Extreme",
            "urgency": "Immediate",
            "certainty": "Observed",
            "event": "Flash Flood Warning",
            "headline": "Flash Flood",
            "description": "Water.",
            "geocode": {"UGC": ["NVC013"]},
            "parameters": {"VTEC": ["/O.CON.KLKN.FF.W.0018.000000T0000Z-260811T2015Z/"]},
            "references": [{"identifier": "urn:oid:0", "sender": "s@x.example", "sent": "t"}],
        },
    }
    (entry,) = read(feature)
    assert (entry.values.status, entry.values.message_type) == ("exercise", "update")
    assert entry.values.references == ("s@x.example,urn:oid:0,t",)
    assert entry.values.hazard is not None
    assert entry.values.hazard.type == "FF"
    assert (entry.values.places[0].country, entry.values.places[0].lat) == ("US", 41.0)


def test_a_feature_of_the_wmo_list_is_known_by_its_cap_address() -> None:
    def warning(number: str) -> dict[str, Any]:
        found = {
            "capurl": "th-tmd/1.xml",
            "s": 4,
            "u": 4,
            "c": 3,
            "event": "Heavy rain",
            "headline": "ฝน",
        }
        return {"type": "Feature", "id": number, "properties": found, "geometry": None}

    (one,), (two,) = read(warning("a.1")), read(warning("a.2"))
    assert one.keys == two.keys == (Key("id", "th-tmd/1.xml"),)
    assert one.values.hazard is not None
    assert one.values.hazard.severity == "Extreme"
    assert one.values.hazard.certainty == "Likely"


def test_any_other_feature_is_read_by_the_usual_names() -> None:
    (entry,) = read(
        {
            "id": "z",
            "properties": {
                "title": "Landslide in X",
                "type": "landslide",
                "date": "2026-01-01",
                "url": "https://m.example/z",
            },
            "geometry": {"type": "LineString", "coordinates": [[100, 10], [102, 12]]},
        }
    )
    assert entry.values.hazard is not None
    assert entry.values.hazard.type == "LS"
    assert (entry.values.places[0].lat, entry.values.places[0].lon) == (11.0, 101.0)
