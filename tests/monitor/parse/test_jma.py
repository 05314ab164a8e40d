from __future__ import annotations

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Entry, Hints, Key


def telegram(
    status: str = "通常",
    info_type: str = "発表",
    body: str = "",
    headline: str = "地震がありました。",
    title: str = "震源・震度情報",
    items: str = "",
    serial: str = "1",
) -> Entry:
    document = (
        '<Report xmlns="http://xml.kishou.go.jp/jmaxml1/"><Control><Title>'
        "震源・震度に関する情報</Title>"
        f"<DateTime>2026-01-25T07:19:20Z</DateTime><Status>{status}</Status>"
        "<PublishingOffice>気象庁</PublishingOffice></Control>"
        f'<Head xmlns="http://xml.kishou.go.jp/jmaxml1/informationBasis1/"><Title>{title}</Title>'
        "<ReportDateTime>2026-01-25T16:19:00+09:00</ReportDateTime><EventID>"
        "20260125161517</EventID>"
        f"<InfoType>{info_type}</InfoType><Serial>{serial}</Serial><InfoKind>{title}</InfoKind>"
        f"<Headline><Text>{headline}</Text>{items}</Headline></Head>"
        f'<Body xmlns="http://xml.kishou.go.jp/jmaxml1/body/seismology1/">{body}</Body></Report>'
    )
    return parse(document.encode(), Hints()).entries[0]


QUAKE = (
    "<Earthquake><OriginTime>2026-01-25T16:15:00+09:00</OriginTime>"
    "<Hypocenter><Area><Name>大隅半島東方沖</Name>"
    "<Coordinate>+30.9+131.1-50000/</Coordinate></Area></Hypocenter>"
    "<Magnitude>5.3</Magnitude></Earthquake>"
    "<Intensity><Observation><MaxInt>4</MaxInt></Observation></Intensity>"
)


def test_a_quake_telegram() -> None:
    entry = telegram(body=QUAKE)
    hazard = entry.values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.magnitude, hazard.depth_km) == ("EQ", 5.3, 50.0)
    assert (entry.values.places[0].name, entry.values.places[0].lat) == ("大隅半島東方沖", 30.9)
    assert entry.events == (Key("jma", "20260125161517"),)


@pytest.mark.parametrize(
    ("status", "expected"), [("通常", "actual"), ("訓練", "exercise"), ("試験", "test")]
)
def test_drills_and_tests_are_told_from_the_real_thing(status: str, expected: str) -> None:
    assert telegram(status=status).values.status == expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("発表", "alert"), ("訂正", "update"), ("取消", "cancel")]
)
def test_a_correction_and_a_withdrawal_are_no_issue(kind: str, expected: str) -> None:
    assert telegram(info_type=kind).values.message_type == expected


def test_two_telegrams_of_one_event_are_two_entries_of_one_event() -> None:
    one, two = telegram(serial="1"), telegram(serial="2")
    assert not set(one.keys) & set(two.keys)
    assert one.events == two.events


def test_a_lifting_is_an_ordinary_issue_that_is_flagged() -> None:
    items = (
        "<Information><Item><Kind><Name>津波注意報解除</Name></Kind><Areas>"
        "<Area><Name>岩手県</Name></Area></Areas></Item></Information>"
    )
    entry = telegram(title="津波予報", items=items)
    assert entry.values.message_type == "alert"
    assert "all_clear" in entry.values.flags


def test_the_worst_warning_is_the_publishers_level() -> None:
    items = "".join(
        f"<Information><Item><Kind><Name>{name}</Name></Kind></Item></Information>"
        for name in ("大津波警報", "津波警報")
    )
    hazard = telegram(title="津波警報", items=items).values.hazard
    assert hazard is not None
    assert (hazard.type, hazard.alert_level) == ("TS", "大津波警報")


def test_degrees_and_minutes_are_told_from_degrees() -> None:
    body = (
        "<VolcanoInfo><Item><Areas><Area><Name>浅間山</Name><Coordinate>"
        "+3624.38+13831.38+2568/</Coordinate></Area></Areas></Item></VolcanoInfo>"
    )
    place = telegram(title="噴火警報", body=body).values.places[0]
    assert (place.lat, place.lon) == (36.4063, 138.523)


def test_an_unknown_magnitude_is_none() -> None:
    hazard = telegram(body=QUAKE.replace("5.3", "NaN")).values.hazard
    assert hazard is not None
    assert hazard.magnitude is None
