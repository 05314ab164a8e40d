"""Officers have the last word on incidents: the machine takes nothing of it back."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerts.review import is_reviewed
from monitor.communications import recorded
from monitor.correcting import Ask, correct
from monitor.errors import MonitorError
from monitor.incidents import officer
from monitor.incidents.officer import Told
from monitor.incidents.overlooked import overlooked
from monitor.incidents.rest import rest
from monitor.incidents.take import Taker
from monitor.notify import decide_due
from monitor.oncall import deeds
from monitor.refusal import NotDone
from storage import audit, decisions, incidents, outbox
from storage.database import Connection
from storage.records import Figure, Hazard, Level
from tests.monitor.deeds import NOW, Desk
from tests.monitor.desk import world

FLOOD = "Floods cut road in northern Laos, hundreds evacuated"
QUAKE = Hazard(type="EQ", magnitude=6.4, event_at=NOW)
CRASH = "Bus carrying tourists overturns on a mountain road, several dead"


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def test_an_incident_opened_by_hand_takes_the_first_report_of_it(desk: Desk) -> None:
    opened = officer.open_by_hand(
        desk.deed(),
        Told(
            title_en="Thai passengers hurt near Vang Vieng",
            hazard="road_accident",
            countries=("LA",),
        ),
        "telephone call, embassy",
    )
    assert (opened.level, opened.sources, opened.confirmation) == (Level.WATCH, 0, "reviewed")
    desk.later(minutes=40)
    first = desk.comes(CRASH, hazard="road_accident", labels=("human_made",))
    assert first.incident_id == opened.id
    whys = incidents.why_of(desk.conn, opened.id)[first.id]
    assert [why.code for why in whys] == ["link_awaited"]
    after = desk.incident(opened.id)
    assert (after.title_en, after.hazard, after.number) == (
        "Thai passengers hurt near Vang Vieng", "road_accident", opened.number,
    )  # fmt: skip


def test_it_takes_nothing_of_another_kind_country_or_much_later(desk: Desk) -> None:
    opened = officer.open_by_hand(
        desk.deed(), Told(title_en="Crash", hazard="road_accident", countries=("LA",)), "call"
    )
    flood = desk.comes(FLOOD)
    abroad = desk.comes(CRASH, country="PE", hazard="road_accident", labels=("human_made",))
    desk.later(days=4)
    late = desk.comes(CRASH + " again", hazard="road_accident", labels=("human_made",))
    assert opened.id not in (flood.incident_id, abroad.incident_id, late.incident_id)


def test_only_the_first_report_is_taken_by_kind_and_country_alone(desk: Desk) -> None:
    opened = officer.open_by_hand(
        desk.deed(), Told(title_en="Crash", hazard="road_accident", countries=("LA",)), "call"
    )
    desk.comes(CRASH, hazard="road_accident", labels=("human_made",))
    desk.later(hours=20)
    other = desk.comes(
        "Lorry hits market stalls in Savannakhet", hazard="road_accident", labels=("human_made",)
    )
    assert other.incident_id not in (None, opened.id)


def test_an_opened_incident_asks_the_rules_and_keeps_its_level(desk: Desk) -> None:
    opened = officer.open_by_hand(
        desk.deed(),
        Told(title_en="Crash", hazard="road_accident", countries=("LA",), level=Level.ALERT),
        "call",
    )
    told = {each.team for each in decisions.of_incident(desk.conn, opened.id)}
    assert "duty" in told
    desk.comes(CRASH, hazard="road_accident", labels=("human_made",))
    assert desk.incident(opened.id).level is Level.ALERT


def test_a_merged_incident_lives_on_with_its_items_and_what_comes_later(desk: Desk) -> None:
    one = desk.comes(FLOOD, events=(("gdacs", "FL1"),))
    two = desk.comes("Dam spills over near Kon Tum", country="VN", events=(("gdacs", "FL2"),))
    assert one.incident_id != two.incident_id
    lost, into = desk.incident(two.incident_id), desk.incident(one.incident_id)
    after = officer.merge(desk.deed(), lost, into)
    assert after.number == into.number
    assert desk.item(two.id).incident_id == into.id
    ended = desk.incident(lost.id)
    assert (ended.state, ended.merged_into) == ("merged", into.id)
    desk.later(hours=1)
    later = desk.comes("Update on the dam", events=(("gdacs", "FL2"),))
    assert later.incident_id == into.id
    assert "absorbed" in desk.kinds(after)


def test_who_was_told_of_a_merged_incident_hears_where_it_goes_on(
    desk: Desk, tmp_path: Path
) -> None:
    settings = world.settings(tmp_path)
    one = desk.comes("M 6.4 earthquake in northern Laos", hazard="EQ", facts=QUAKE)
    desk.later(minutes=20)
    assert decide_due(desk.conn, desk.policy, settings, now=desk.now) > 0
    other = desk.comes(FLOOD, country="PE")
    lost, into = desk.incident(one.incident_id), desk.incident(other.incident_id)
    after = officer.merge(desk.deed(), lost, into)
    desk.later(minutes=5)
    decide_due(desk.conn, desk.policy, settings, now=desk.now)
    told = outbox.of_incident(desk.conn, after.id)
    assert {notice.person for notice in told} >= {"duty-primary"}
    mail = message_from_bytes(told[0].mime, policy=email_policy.default)
    assert isinstance(mail, EmailMessage)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"รับเรื่อง {lost.number} เข้ามารวม" in text


def test_who_had_the_alert_hears_in_its_thread_what_it_is_part_of_now(
    desk: Desk, tmp_path: Path
) -> None:
    settings = world.settings(tmp_path)
    one = desk.comes("M 6.4 earthquake in northern Laos", hazard="EQ", facts=QUAKE)
    desk.later(minutes=20)
    decide_due(desk.conn, desk.policy, settings, now=desk.now)
    (alert,) = outbox.of_incident(desk.conn, one.incident_id or 0)[:1]
    other = desk.comes(FLOOD, country="PE")
    lost, into = desk.incident(one.incident_id), desk.incident(other.incident_id)
    officer.merge(desk.deed(), lost, into)
    for _ in range(2):  # once
        desk.later(minutes=5)
        decide_due(desk.conn, desk.policy, settings, now=desk.now)
    said = [each for each in outbox.of_incident(desk.conn, lost.id) if each.kind == "merged"]
    assert [each.person for each in said] == [alert.person]
    mail = message_from_bytes(said[0].mime, policy=email_policy.default)
    assert mail["In-Reply-To"] == alert.message_id
    assert mail["Subject"] == alert.subject
    assert isinstance(mail, EmailMessage)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"Now part of #{into.number}" in text
    later = outbox.of_incident(desk.conn, lost.id)
    assert [each.kind for each in later].count("reminder") == 0


def test_a_merge_that_nobody_was_told_of_tells_nobody(desk: Desk, tmp_path: Path) -> None:
    one, other = desk.comes(FLOOD), desk.comes("Dam", country="PE")
    lost, into = desk.incident(one.incident_id), desk.incident(other.incident_id)
    officer.merge(desk.deed(), lost, into)
    desk.later(hours=1)
    decide_due(desk.conn, desk.policy, world.settings(tmp_path), now=desk.now)
    assert outbox.of_incident(desk.conn, lost.id) == []


def test_who_has_both_threads_gets_one_mail_of_a_merge(desk: Desk, tmp_path: Path) -> None:
    settings = world.settings(tmp_path)
    one = desk.comes("M 6.4 earthquake in northern Laos", hazard="EQ", facts=QUAKE)
    other = desk.comes("M 6.6 earthquake in Myanmar", hazard="EQ", facts=QUAKE, country="MM")
    desk.later(minutes=20)
    decide_due(desk.conn, desk.policy, settings, now=desk.now)
    lost, into = desk.incident(one.incident_id), desk.incident(other.incident_id)
    before = len(outbox.recent(desk.conn, 100))
    officer.merge(desk.deed(), lost, into)
    desk.later(minutes=2)
    decide_due(desk.conn, desk.policy, settings, now=desk.now)
    new = outbox.recent(desk.conn, 100)[: len(outbox.recent(desk.conn, 100)) - before]
    assert {each.kind for each in new if each.incident_id == lost.id} == {"merged"}
    assert [each for each in new if each.incident_id == into.id] == []


def test_merging_in_a_circle_is_refused_in_words_and_changes_nothing(desk: Desk) -> None:
    found = [
        desk.incident(desk.comes(title, country=code).incident_id)
        for title, code in (("Flood one", "LA"), ("Water rises", "PE"), ("Rain", "KE"))
    ]
    first, second, third = found
    officer.merge(desk.deed(), second, first)
    officer.merge(desk.deed(), desk.incident(first.id), third)
    with pytest.raises(MonitorError, match="circle"):
        officer.merge(desk.deed(), desk.incident(third.id), desk.incident(second.id))
    with pytest.raises(MonitorError, match="circle"):
        officer.merge(desk.deed(), desk.incident(third.id), desk.incident(third.id))
    with pytest.raises(MonitorError, match=f"part of {third.number} already"):
        officer.merge(desk.deed(), desk.incident(second.id), desk.incident(third.id))
    assert desk.incident(third.id).state == "open"
    assert incidents.survivor(desk.conn, second.id).id == third.id


def test_items_that_are_split_off_take_their_identities_with_them(desk: Desk) -> None:
    one = desk.comes(FLOOD, events=(("gdacs", "FL1"),))
    two = desk.comes(FLOOD + " again", events=(("gdacs", "FL2"),))
    assert one.incident_id == two.incident_id
    whole = desk.incident(one.incident_id)
    part = officer.split(desk.deed(), whole, [two.id], th="น้ำท่วมอีกแห่ง")
    assert part.id != whole.id
    assert part.title_th == "น้ำท่วมอีกแห่ง"
    desk.later(hours=1)
    follows = desk.comes("Second bulletin", events=(("gdacs", "FL2"),))
    stays = desk.comes("First bulletin", events=(("gdacs", "FL1"),))
    assert (follows.incident_id, stays.incident_id) == (part.id, whole.id)


def test_a_split_names_items_that_are_there_and_leaves_some(desk: Desk) -> None:
    one = desk.comes(FLOOD)
    whole = desk.incident(one.incident_id)
    with pytest.raises(MonitorError, match="item 999 is not in"):
        officer.split(desk.deed(), whole, [999])
    with pytest.raises(MonitorError, match="all items"):
        officer.split(desk.deed(), whole, [one.id])


def test_an_item_moved_by_an_officer_stays_where_it_was_put(desk: Desk) -> None:
    one = desk.comes(FLOOD, events=(("gdacs", "FL1"),))
    other = desk.comes("Fire in a hotel", hazard="FR", labels=("human_made",), country="VN")
    target = desk.incident(other.incident_id)
    officer.move(desk.deed(), one.id, target)
    left = desk.incident(one.incident_id)
    assert left.state == "closed"
    taker = Taker(desk.conn, desk.policy, now=desk.now + timedelta(minutes=5))
    item = desk.item(one.id)
    taker.take_revised(item, item, (("gdacs", "FL1"),), hold=None)
    taker.finish()
    assert desk.item(one.id).incident_id == target.id
    with pytest.raises(MonitorError, match="already"):
        officer.move(desk.deed(), one.id, desk.incident(target.id))


def test_a_title_given_by_an_officer_is_kept(desk: Desk) -> None:
    one = desk.comes(FLOOD)
    officer.rename(desk.deed(), desk.incident(one.incident_id), en="Nam Ou flood", th=None)
    desk.later(minutes=10)
    desk.comes(FLOOD + ", 12 dead")
    assert desk.incident(one.incident_id).title_en == "Nam Ou flood"


def test_what_an_officer_closes_stays_closed_and_what_he_opens_stays_open(desk: Desk) -> None:
    one = desk.comes(FLOOD, events=(("gdacs", "FL1"),))
    of = desk.incident(one.incident_id)
    officer.close(desk.deed(), of, "over")
    with pytest.raises(MonitorError, match="closed already"):
        officer.close(desk.deed(), desk.incident(of.id), "over")
    desk.comes("Bulletin 2", events=(("gdacs", "FL1"),))
    assert desk.incident(of.id).state == "closed"
    officer.reopen(desk.deed(), desk.incident(of.id), "more rain")
    desk.later(days=90)
    rest(desk.conn, desk.now)
    assert desk.incident(of.id).state == "open"


def test_every_deed_is_audited_with_who_and_when(desk: Desk) -> None:
    one = desk.comes(FLOOD)
    of = desk.incident(one.incident_id)
    officer.note(desk.deed(), of, "called the embassy")
    officer.rename(desk.deed(), of, en="A", th="ก")
    officer.close(desk.deed(), desk.incident(of.id), "over")
    lines = audit.listing(desk.conn, limit=10, subject=f"incident {of.number}")
    assert [line.action for line in lines] == ["close incident", "rename incident", "note"]
    assert {(line.who, line.at) for line in lines} == {("duty-primary", desk.now)}
    assert {"note", "renamed", "closed"} <= set(desk.kinds(of))


def test_what_an_officer_closed_takes_no_more_by_likeness_after_a_late_bulletin(
    desk: Desk,
) -> None:
    one = desk.comes(FLOOD, events=(("gdacs", "FL1"),))
    officer.close(desk.deed(), desk.incident(one.incident_id), "over")
    desk.later(minutes=10)
    late = desk.comes("Bulletin 2", events=(("gdacs", "FL1"),))
    assert late.incident_id == one.incident_id
    desk.later(minutes=10)
    assert desk.comes(FLOOD + ", two dead").incident_id != one.incident_id


def test_a_title_that_an_officer_gave_leads_items_there_also_after_another_has_joined(
    desk: Desk,
) -> None:
    one = desk.comes(FLOOD)
    of = desk.incident(one.incident_id)
    officer.rename(desk.deed(), of, en="Nam Ou dam overtopping at Nong Khiaw", th=None)
    desk.later(minutes=10)
    desk.comes(FLOOD + ", 12 dead")
    kept = incidents.kept_sketches(desk.conn)
    assert kept is not None
    assert "Nam Ou dam overtopping at Nong Khiaw" in kept.get(of.id).titles


def test_dismissing_every_item_takes_the_floor_of_the_machine_but_not_an_officers(
    desk: Desk,
) -> None:
    first = desk.advises("GB", 2)
    desk.later(hours=1)
    desk.advises("GB", 3)
    of = desk.incident(desk.item(first.id).incident_id)
    assert (of.level, of.floor) == (Level.WATCH, Level.WATCH)
    correct(desk.conn, desk.policy, first.id, Ask(categories=()), by=desk.by, note="", now=desk.now)
    after = desk.incident(of.id)
    assert (after.level, after.floor) == (Level.INFO, None)
    assert [why.code for why in after.level_why] == ["dismissed"]

    opened = officer.open_by_hand(
        desk.deed(), Told(title_en="Crash", hazard="road_accident", countries=("LA",)), "call"
    )
    item = desk.comes(CRASH, hazard="road_accident", labels=("human_made",))
    assert item.incident_id == opened.id
    correct(desk.conn, desk.policy, item.id, Ask(categories=()), by=desk.by, note="", now=desk.now)
    held = desk.incident(opened.id)
    assert (held.level, held.hazard) == (Level.WATCH, "road_accident")


def test_a_grave_report_on_what_an_officer_closed_is_told_and_it_stays_closed(
    desk: Desk, tmp_path: Path
) -> None:
    settings, same = world.settings(tmp_path), (("glide", "FL-2026-000001-LAO"),)

    def told() -> list[str]:
        desk.later(minutes=20)
        decide_due(desk.conn, desk.policy, settings, now=desk.now)
        found = outbox.of_incident(desk.conn, of.id)
        mails = [message_from_bytes(each.mime, policy=email_policy.default) for each in found]
        return [mail.get_body(("plain",)).get_content() for mail in mails]  # type: ignore[union-attr]

    deaths = (Figure("dead", 12),)
    of = desk.incident(desk.comes(FLOOD, events=same, figures=deaths).incident_id)
    first = told()
    assert first
    officer.close(desk.deed(), desk.incident(of.id), "the water has gone")
    before = told()
    assert officer.find(desk.conn, of.number).state == "closed"

    road = desk.comes("The road in northern Laos is open again", events=same)
    assert road.incident_id == of.id
    assert told() == before, "nothing grave"
    assert overlooked(desk.conn, desk.now) == []

    desk.comes("Thai tourist among the missing in Laos", events=same, nationals="harmed")
    after = told()
    assert desk.incident(of.id).state == "closed", "the machine undoes no officer"
    assert len(after) > len(before)
    assert f"monitor incidents reopen {of.number}" in after[-1]
    assert "ปิดเรื่องแล้ว แต่มีรายงานที่ร้ายแรงเข้ามาภายหลัง" in after[-1]
    assert [each.number for each in overlooked(desk.conn, desk.now)] == [of.number]
    officer.reopen(desk.deed(), desk.incident(of.id), "a new report")
    assert overlooked(desk.conn, desk.now) == []


def test_advice_that_changes_after_its_incident_was_closed_is_another_event(desk: Desk) -> None:
    flood = desk.incident(desk.comes("Floods in Laos kill 12").incident_id)
    desk.advises("JP", 2)
    desk.later(hours=1)
    list_line = desk.advises("JP", 3)
    old = desk.incident(list_line.incident_id)
    desk.later(days=2)
    officer.close(desk.deed(), old, "over")
    desk.later(days=30)
    new = desk.incident(desk.advises("JP", 4).incident_id)
    assert new.id != old.id
    assert "advice" in desk.kinds(new)
    assert "advice-eased" not in desk.rules(new, "advice")
    spoken = incidents.communications(desk.conn, old.id)
    assert "JP" in {each.speaker for each in spoken}, "it spoke of the old one too"
    assert flood.id <= old.id


def test_mails_and_pages_say_reviewed_once_an_officer_has_corrected_an_item(
    desk: Desk, tmp_path: Path
) -> None:
    item = desk.comes(FLOOD, figures=(Figure("dead", 12),))
    of = desk.incident(item.incident_id)
    settings = world.settings(tmp_path)

    def newest() -> str:
        desk.later(minutes=20)
        decide_due(desk.conn, desk.policy, settings, now=desk.now)
        mime = outbox.of_incident(desk.conn, of.id)[-1].mime
        mail = message_from_bytes(mime, policy=email_policy.default)
        return mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    assert "ระบบตรวจพบ ยังไม่มีเจ้าหน้าที่ตรวจสอบ" in newest()
    officer.note(desk.deed(), of, "called the embassy")
    assert not is_reviewed(desk.incident(of.id), incidents.changes(desk.conn, of.id))
    ask = Ask(categories=("natural",))
    correct(desk.conn, desk.policy, item.id, ask, by=desk.by, note="", now=desk.now)
    desk.comes(FLOOD + " again", figures=(Figure("dead", 60),))
    assert "เจ้าหน้าที่ตรวจสอบแล้ว" in newest()


def test_what_cannot_be_merged_split_or_moved_is_told_in_both_languages(desk: Desk) -> None:
    one, two = desk.comes(FLOOD), desk.comes("Dam spills over near Kon Tum", country="VN")
    of, other = desk.incident(one.incident_id), desk.incident(two.incident_id)
    refused = [
        (lambda: officer.find(desk.conn, "2026-0999"), "ไม่พบเหตุการณ์ 2026-0999"),
        (lambda: officer.merge(desk.deed(), of, of), "เข้ากับตัวเองไม่ได้"),
        (lambda: officer.split(desk.deed(), of, [two.id]), "ไม่อยู่ใน"),
        (lambda: officer.split(desk.deed(), of, [one.id]), "อย่างน้อยหนึ่งรายการ"),
        (lambda: officer.move(desk.deed(), 999, of), "ไม่พบรายการ 999"),
        (lambda: officer.move(desk.deed(), one.id, of), "อยู่ใน"),
    ]
    for deed, thai in refused:
        with pytest.raises(NotDone) as told:
            deed()
        assert thai in told.value.in_("th")
    officer.merge(desk.deed(), other, of)
    gone = desk.incident(other.id)
    for deed in (
        lambda: officer.move(desk.deed(), one.id, gone),
        lambda: officer.split(desk.deed(), gone, [two.id]),
        lambda: officer.merge(desk.deed(), gone, of),
        lambda: officer.reopen(desk.deed(), gone, "why not"),
    ):
        with pytest.raises(NotDone) as told:
            deed()
        assert of.number in told.value.in_("th"), "it says where it lives on"
        assert of.number in str(told.value)


def test_what_officers_wrote_of_a_merged_incident_goes_with_it(desk: Desk) -> None:
    lost = desk.incident(desk.comes("M 6.4 earthquake in Laos", hazard="EQ").incident_id)
    into = desk.incident(desk.comes(FLOOD, country="PE").incident_id)
    recorded.set_nationals(
        desk.deed(), lost, "confirmed", {"dead": 1}, source="Embassy", note="", at=desk.now
    )
    recorded.set_nationals(
        desk.deed(), into, "none_checked", {}, source="Police", note="", at=desk.now
    )
    officer.note(desk.deed(), desk.incident(lost.id), "families are on their way")
    recorded.record(
        desk.deed(), desk.incident(lost.id), at=desk.now, country="JP", publisher="Japan",
        channel="a call", kind="statement", title="", link=None,
    )  # fmt: skip
    desk.later(minutes=5)
    after = officer.merge(desk.deed(), desk.incident(lost.id), desk.incident(into.id))
    assert (after.nationals, after.level) == ("confirmed", Level.FLASH)
    assert "nationals" in after.held
    known = incidents.nationals_of(desk.conn, after.id)
    assert {each.status for each in known} == {"confirmed", "none_checked"}
    assert [each.channel for each in recorded.entries(desk.conn, after)] == ["a call"]
    notes = [each for each in incidents.changes(desk.conn, after.id) if each.kind == "note"]
    assert [(each.new, each.at) for each in notes] == [("families are on their way", NOW)]


def test_the_newer_word_on_our_people_holds_after_a_merge(desk: Desk) -> None:
    lost = desk.incident(desk.comes("M 6.4 earthquake in Laos", hazard="EQ").incident_id)
    into = desk.incident(desk.comes(FLOOD, country="PE").incident_id)
    for of, status, hour in ((lost, "reported", 0), (into, "none_checked", 1)):
        recorded.set_nationals(
            desk.deed(), of, status, {}, source="Embassy", note="", at=NOW + timedelta(hours=hour)
        )
    after = officer.merge(desk.deed(), desk.incident(lost.id), desk.incident(into.id))
    assert after.nationals == "none_checked"


def test_the_least_level_of_an_incident_opened_by_hand_goes_with_it(desk: Desk) -> None:
    into = desk.incident(desk.comes(FLOOD, country="PE").incident_id)
    opened = officer.open_by_hand(
        desk.deed(), Told(title_en="Crash", countries=("PE",), level=Level.ALERT), "call"
    )
    after = officer.merge(desk.deed(), opened, into)
    assert after.level is Level.ALERT
    assert after.level_why[0].code == "opened_by_officer"


def test_deeds_on_a_merged_incident_name_the_one_that_it_lives_on_in(desk: Desk) -> None:
    lost = desk.incident(desk.comes("M 6.4 earthquake in Laos", hazard="EQ").incident_id)
    into = desk.incident(desk.comes(FLOOD, country="PE").incident_id)
    officer.merge(desk.deed(), lost, into)
    ended, deed = desk.incident(lost.id), desk.deed()
    kinds = desk.kinds(ended)

    def spoke() -> object:
        return recorded.record(
            deed, ended, at=desk.now, country="JP", publisher="Japan", channel="a call",
            kind="statement", title="", link=None,
        )  # fmt: skip

    for act in (
        spoke,
        lambda: officer.note(deed, ended, "a note"),
        lambda: officer.rename(deed, ended, en="Another", th=None),
        lambda: deeds.assign(deed, ended, "duty-primary"),
        lambda: deeds.snooze(deed, ended, desk.now + timedelta(hours=4)),
        lambda: recorded.set_nationals(
            deed, ended, "reported", {}, source="Embassy", note="", at=desk.now
        ),
    ):
        with pytest.raises(NotDone, match=f"lives on there.*with {into.number}") as refused:
            act()
        assert f"คำสั่งเดียวกันกับ #{into.number}" in refused.value.in_("th")
    assert desk.kinds(ended) == kinds


def test_a_real_incident_and_an_exercise_are_not_made_one(desk: Desk) -> None:
    real = desk.incident(desk.comes(FLOOD).incident_id)
    drill = officer.open_by_hand(
        desk.deed(), Told(title_en="Drill", countries=("PE",), exercise=True), "call"
    )
    for lost, into in ((real, drill), (drill, real)):
        with pytest.raises(NotDone, match=f"{drill.number} is an exercise") as refused:
            officer.merge(desk.deed(), lost, into)
        assert "การฝึกซ้อม" in refused.value.in_("th")
    assert desk.incident(real.id).state == "open"
