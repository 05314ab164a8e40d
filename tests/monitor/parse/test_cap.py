from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, Key
from monitor.parse.show import as_json

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"


def info(language: str = "en", headline: str = "Flood in A", **more: str) -> str:
    fields = {
        "event": "Flood",
        "urgency": "Expected",
        "severity": "Moderate",
        "certainty": "Likely",
        "expires": "2026-09-25T18:00:00+07:00",
        **more,
    }
    area = fields.pop("area", "<area><areaDesc>A</areaDesc></area>")
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        f"<info><language>{language}</language><headline>{headline}</headline>{inner}{area}</info>"
    )


def alert(*infos: str, number: str = "1", **more: str) -> str:
    fields = {
        "identifier": number,
        "sender": "met@agency.example",
        "sent": "2026-09-25T12:00:00+07:00",
        "status": "Actual",
        "msgType": "Alert",
        **more,
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<alert xmlns="{NAMESPACE}">{inner}{"".join(infos)}</alert>'


def document(body: str) -> Document:
    return parse(body.encode(), Hints())


def entry(body: str) -> Entry:
    (found,) = document(body).entries
    return found


def test_language_blocks_are_one_alert_and_thai_is_preferred() -> None:
    found = entry(alert(info("en", "Flood"), info("th-TH", "น้ำท่วม"), info("fr", "Inondation")))
    assert found.values.title == "น้ำท่วม"
    assert found.values.language == "th"
    assert len(found.values.places) == 1


def test_english_is_preferred_to_others_and_a_missing_language_is_english() -> None:
    body = alert(info("fr", "Inondation"), info("", "Flood"))
    assert entry(body).values.title == "Flood"
    assert entry(body).values.language == "en"


def test_blocks_of_one_language_add_up_and_the_worst_decides() -> None:
    mild = info(headline="Mild", severity="Minor", area="<area><areaDesc>A</areaDesc></area>")
    bad = info(headline="Bad", severity="Extreme", area="<area><areaDesc>B</areaDesc></area>")
    values = entry(alert(mild, bad)).values
    assert values.title == "Bad"
    assert [place.name for place in values.places] == ["A", "B"]
    assert values.hazard is not None
    assert values.hazard.severity == "Extreme"


def test_a_cancel_without_info_block_works_from_its_references() -> None:
    found = entry(
        alert(msgType="Cancel", references="met@agency.example,0,2026-09-25T10:00:00+07:00")
    )
    assert found.values.message_type == "cancel"
    assert found.values.title == "Cancel 0"
    assert Key("cap_ref", "met@agency.example,0,2026-09-25T03:00:00Z") in found.events


def test_references_are_split_into_triples() -> None:
    found = entry(alert(info(), msgType="Update", references="a,1,t1\n  a,2,t2"))
    assert found.values.references == ("a,1,t1", "a,2,t2")
    assert found.values.message_type == "update"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Exercise", "exercise"),
        ("Test", "test"),
        ("Draft", "draft"),
        ("System", "system"),
        ("Actual", "actual"),
        ("Nonsense", "actual"),
        ("", "actual"),
    ],
)
def test_a_status_is_read_and_an_unknown_one_hides_nothing(status: str, expected: str) -> None:
    assert entry(alert(info(), status=status)).values.status == expected


def test_polygons_and_circles_are_latitude_first() -> None:
    square = "<polygon>10,100 10,102 12,102 12,100 10,100</polygon>"
    shapes = (
        f"<area><areaDesc>P</areaDesc>{square}</area><area><areaDesc>"
        "C</areaDesc><circle>-16.05,-173.27 5</circle></area>"
    )
    places = entry(alert(info(area=shapes))).values.places
    assert (places[0].lat, places[0].lon) == (11.0, 101.0)
    assert (places[1].lat, places[1].lon) == (-16.05, -173.27)


def test_a_polygon_across_the_date_line_is_not_on_the_other_side() -> None:
    shape = "<area><areaDesc>P</areaDesc><polygon>0,179 0,-179 2,-179 2,179 0,179</polygon></area>"
    place = entry(alert(info(area=shape))).values.places[0]
    assert place.lon is not None
    assert abs(place.lon) == 180


def test_the_country_comes_from_the_geocode_or_the_wmo_identifier() -> None:
    coded = (
        "<area><areaDesc>X</areaDesc><geocode><valueName>ISO "
        "3166-2</valueName><value>AU_SA</value></geocode></area>"
    )
    assert entry(alert(info(area=coded))).values.places[0].country == "AU"
    assert entry(alert(info(), number="2.49.0.1.764.1.2026")).values.places[0].country == "TH"


def test_times_are_utc() -> None:
    values = entry(alert(info(onset="2026-09-25T15:00:00+07:00"))).values
    assert values.published_at == datetime(2026, 9, 25, 5, tzinfo=UTC)
    assert values.effective_at == datetime(2026, 9, 25, 8, tzinfo=UTC)
    assert values.expires_at == datetime(2026, 9, 25, 11, tzinfo=UTC)


def test_a_signature_is_noted_and_not_believed() -> None:
    signed = alert(info()).replace(
        "</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>'
    )
    assert "signed" in entry(signed).values.flags


def test_several_alerts_in_one_file_are_several_entries() -> None:
    body = f"<alerts>{alert(info(), number='1')}{alert(info(), number='2')}</alerts>"
    assert len(document(body).entries) == 2


def test_the_same_alert_twice_is_one_entry() -> None:
    assert len(document(f"<alerts>{alert(info())}{alert(info())}</alerts>").entries) == 1


@pytest.mark.parametrize("quoted", [False, True], ids=["as xml", "as text"])
def test_an_alert_in_an_edxl_envelope_is_found(quoted: bool) -> None:
    inner = alert(info())
    if quoted:
        inner = inner.replace("<", "&lt;")
    body = (
        '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject>'
        f"<xmlContent><embeddedXMLContent>{inner}</embeddedXMLContent></xmlContent>"
        "</contentObject></EDXLDistribution>"
    )
    assert entry(body).values.title == "Flood in A"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<distributionStatus>Actual</distributionStatus>", "actual"),
        ("<distributionStatus>Exercise</distributionStatus>", "exercise"),
        ("<distributionStatus>Test</distributionStatus>", "test"),
        (
            "<descriptor><distributionStatus><StatusKindDefault>Exercise</StatusKindDefault>"
            "</distributionStatus></descriptor>",
            "exercise",
        ),
        ("", "actual"),
    ],
)
@pytest.mark.parametrize("root", ["EDXLDistribution", "edxlDistribution"])
def test_what_an_envelope_marks_as_exercise_is_one(root: str, marked: str, expected: str) -> None:
    body = f"<{root}>{marked}<content>{alert(info())}</content></{root}>"
    assert entry(body).values.status == expected


def atom(inner: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:cap="{NAMESPACE}"><title>t</title>{inner}</feed>'
    )


def test_an_alert_inside_and_one_outside_an_atom_entry_are_both_read() -> None:
    inside = (
        '<entry><id>x</id><title>x</title><content type="text/xml">'
        f"{alert(info(), number='in')}</content></entry>"
    )
    found = document(atom(alert(info(), number="out") + inside))
    assert {as_json(item)["id"] for item in found.entries} == {
        "met@agency.example,in",
        "met@agency.example,out",
    }


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["/O.NEW.KLKN.FL.W.0018.260709T2052Z-260811T2015Z/"], "alert"),
        (["/O.CON.KLKN.FL.W.0018.000000T0000Z-260811T2015Z/"], "update"),
        (["/O.EXT.KLKN.FL.W.0018.000000T0000Z-260811T2015Z/"], "update"),
        (["/O.CAN.KLKN.FL.W.0018.000000T0000Z-260811T2015Z/"], "cancel"),
        (["/O.EXP.KLKN.FL.W.0018.000000T0000Z-260811T2015Z/"], "cancel"),
        (
            [
                "/O.CAN.KLKN.FL.A.0018.000000T0000Z-260811T2015Z/",
                "/O.NEW.KLKN.FL.W.0018.260709T2052Z-260811T2015Z/",
            ],
            "alert",
        ),
    ],
    ids=["new", "continued", "extended", "cancelled", "expired", "upgrade"],
)
def test_vtec_says_what_msgtype_does_not(codes: list[str], message: str) -> None:
    fields = "".join(
        f"<cap:parameter><valueName>VTEC</valueName><value>{code}</value></cap:parameter>"
        for code in codes
    )
    found = entry(
        atom(
            "<entry><id>x</id><title>Flood Warning</title><cap:event>Flood Warning</cap:event>"
            "<cap:status>Actual</cap:status><cap:msgType>Alert</cap:msgType>"
            f"<cap:severity>Severe</cap:severity><cap:areaDesc>X</cap:areaDesc>{fields}</entry>"
        )
    )
    assert found.values.message_type == message
    assert found.values.hazard is not None
    assert (found.values.hazard.type, found.values.hazard.severity) == ("FL", "Severe")
    assert Key("vtec", "KLKN.FL.W.0018") in found.events or message == "alert"


def test_a_vtec_test_is_a_test_whatever_the_status_says() -> None:
    code = (
        "<parameter><valueName>VTEC</valueName><value>"
        "/T.NEW.KLKN.TO.W.0018.260709T2052Z-260811T2015Z/</value></parameter>"
    )
    assert entry(alert(info(area=code + "<area/>"))).values.status == "test"


def test_quake_parameters_are_read_with_their_units() -> None:
    parameters = "".join(
        f"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>"
        for name, value in (
            ("Magnitude", "6.3 Mw"),
            ("Depth", "10 mi."),
            ("EventTime", "2026-01-01T00:00:00Z"),
        )
    )
    hazard = entry(alert(info(event="Earthquake", area=parameters))).values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.magnitude, hazard.depth_km) == ("EQ", 6.3, 16.1)


def test_an_alert_without_headline_is_titled_by_event_and_area() -> None:
    assert entry(alert(info(headline=""))).values.title == "Flood: A"
