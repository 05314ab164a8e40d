"""The responsible mission is named with its distance, in the reader's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from alerts import missions
from alerts.policy import Both, Department, Mission, Part, Policy, Registered, Seat
from tests.alerts.policies import incident, policy

BEIJING = Mission(
    "beijing", Both("สอท. ปักกิ่ง", "Embassy, Beijing"), "CN", 39.9, 116.4, covers=("CN", "KP")
)
KUNMING = Mission(
    "kunming", Both("สกญ. คุนหมิง", "Consulate, Kunming"), "CN", 25.04, 102.71,
    kind="consulate_general", parts=(Part("CN", ("Yunnan", "Kunming")),), confirmed=False,
)  # fmt: skip
YANGON = Mission("yangon", Both("สอท. ย่างกุ้ง", "Embassy, Yangon"), "MM", 16.81, 96.16)
DEPARTMENTS = (Department("ea", Both("กรมเอเชียตะวันออก", "East Asian Affairs"), ("asean", "CN")),)


def office(**changed: object) -> Policy:
    return policy(missions=(BEIJING, KUNMING, YANGON), departments=DEPARTMENTS, **changed)


def ids(**changed: object) -> list[str]:
    return [each.mission.id for each in missions.responsible(incident(**changed), office())]


def test_the_consulate_of_the_part_that_is_named_comes_before_the_embassy() -> None:
    found = missions.responsible(
        incident(countries=("CN",), place="Zhaotong, Yunnan", lat=27.3, lon=103.7), office()
    )
    assert [(each.mission.id, each.part) for each in found] == [
        ("kunming", "Yunnan"), ("beijing", None),
    ]  # fmt: skip
    assert found[0].km == pytest.approx(270, abs=20)


def test_a_nearer_consulate_is_named_beside_the_embassy_when_no_part_is_known() -> None:
    near = {"place": None, "title_en": "China – earthquake", "title_th": "จีน"}
    assert ids(countries=("CN",), lat=26.0, lon=101.0, **near) == ["beijing", "kunming"]
    assert ids(countries=("CN",), lat=41.0, lon=117.0, **near) == ["beijing"]
    assert ids(countries=("CN",), lat=None, lon=None, **near) == ["beijing"]


def test_a_mission_abroad_may_look_after_several_countries() -> None:
    assert ids(countries=("KP",)) == ["beijing"]
    assert ids(countries=("MM", "CN"), place=None, lat=None, lon=None)[:2] == ["yangon", "beijing"]


def test_a_part_is_a_word_of_its_own() -> None:
    assert ids(countries=("CN",), place="Yunnanfu", lat=None, lon=None) == ["beijing"]


def test_distance_counts_from_where_the_mission_works_now() -> None:
    moved = Mission(
        "tehran", Both("สอท. เตหะราน", "Embassy, Tehran"), "IR", 35.69, 51.42,
        works_from=Seat("Van", "TR", 38.49, 43.38, date(2026, 3, 1)),
    )  # fmt: skip
    event = incident(countries=("IR",), lat=38.5, lon=43.4, place=None)
    (found,) = missions.responsible(event, policy(missions=(moved,)))
    assert found.km is not None
    assert found.km < 10
    assert "working from Van, Türkiye" in missions.named(found, "en")
    assert "ขณะนี้ปฏิบัติงานที่ Van, " in missions.named(found, "th")


def test_what_is_not_confirmed_says_so_and_no_contact_is_invented() -> None:
    said = missions.lines(incident(countries=("CN",), place="Kunming"), office(), "en")
    assert said[0].startswith("responsible: Consulate, Kunming (to be confirmed) · about ")
    assert not any("tel" in line for line in said)


def test_the_department_and_the_registered_are_named() -> None:
    given = office(registered={"MM": Registered(1450, date(2026, 10, 1))})
    assert missions.lines(incident(), given, "en")[1:] == (
        "geographic department: East Asian Affairs",
        "Thai nationals registered in Myanmar: 1,450 (as of 1 Oct 2026)",
    )
    assert "1,450 คน (ณ 1 ต.ค. 2569)" in missions.lines(incident(), given, "th")[2]


def test_at_home_no_mission_is_missed_and_abroad_a_missing_one_is_said() -> None:
    assert missions.lines(incident(countries=("TH",)), office(), "en") == ()
    said = missions.lines(incident(countries=("PE",)), office(), "en")
    assert said == ("no responsible mission entered in the ministry's file",)


def test_many_countries_name_a_few_missions() -> None:
    many = tuple(
        Mission(code.casefold(), Both(code, code), code)
        for code in ("MM", "LA", "KH", "MY", "VN", "PH")
    )
    event = incident(countries=("MM", "LA", "KH", "MY", "VN", "PH"))
    assert len(missions.responsible(event, policy(missions=many))) == missions.MOST


def test_the_desk_is_told_that_no_contact_is_entered_and_nobody_else() -> None:
    given = office()
    assert "no contact entered" in missions.lines(incident(), given, "en")[0]
    assert "ยังไม่ได้กำหนดช่องทางติดต่อ" in missions.lines(incident(), given, "th")[0]
    (found,) = missions.responsible(incident(), given)
    assert "contact" not in missions.named(found, "en")
    with_line = replace(YANGON, contact="Duty officer +00 000, all hours")
    said = missions.lines(incident(), policy(missions=(with_line,)), "en")[0]
    assert "no contact" not in said
    assert said.endswith("Duty officer +00 000, all hours")


def test_a_place_in_the_missions_own_city_has_no_distance_that_nobody_knows() -> None:
    here = missions.Responsible(YANGON, "MM", km=1)
    said = missions.named(here, "en")
    assert "in or near the same city (within 25 km of the point that is known)" in said
    assert "ไม่เกิน 25 กม. วัดจากจุดที่ทราบ" in missions.named(here, "th")
    assert "about 26 km away" in missions.named(replace(here, km=26), "en")
