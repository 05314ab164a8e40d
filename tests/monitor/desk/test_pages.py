"""Queue, incident, items and feeds: what the desk reads there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts import words
from monitor.config.feedlist import feed_key, identity
from monitor.errors import ConfigError
from storage import feeds, incidents, itemreads
from storage.records import Level, PollResult
from tests.monitor.desk import world
from tests.monitor.desk.browsing import fetch
from tests.storage import make


@pytest.mark.asyncio
async def test_the_queue_shows_watch_and_above_and_info_on_demand(filled: world.StandIn) -> None:
    shown = (await fetch(filled, "/?lang=en")).text
    assert "Myanmar – M7.7 earthquake near Sagaing" in shown
    assert shown.index("2026-0001") < shown.index("2026-0002"), "FLASH stands before WATCH"
    assert "Fire in a warehouse" not in shown
    assert "Closed long ago" not in shown
    assert "day officer" in shown
    assert "2/3" in shown
    assert "EXERCISE" in shown
    everything = (await fetch(filled, "/?all=1&lang=en")).text
    assert "Fire in a warehouse" in everything
    assert "Closed long ago" not in everything


@pytest.mark.asyncio
async def test_the_title_counts_what_nobody_has_taken(filled: world.StandIn, now: datetime) -> None:
    assert "<title>Queue – " in (await fetch(filled, "/?lang=en")).text
    with filled.database.write() as conn:
        make.incident(conn, now, level=Level.ALERT)
        make.incident(conn, now, level=Level.FLASH, exercise=True)
    answer = await fetch(filled, "/?lang=en")
    assert "<title>(1) Queue – " in answer.text
    assert '<meta http-equiv="refresh" content="60">' in answer.text


@pytest.mark.asyncio
async def test_the_banner_names_everything_that_does_not_work(
    filled: world.StandIn, now: datetime
) -> None:
    filled.config_fault = ConfigError("alerts.yaml:3: teams: " + world.SCRIPT)
    filled.classifiers.state = "failed"
    filled.settings = world.settings(filled.settings.var, smtp_url=None)
    filled.clock.move(timedelta(hours=2))
    answer = (await fetch(filled, "/?lang=en")).text
    assert "alerts.yaml:3" in answer
    assert "The classifier is off: keyword rules are in force" in answer
    assert "2 of 5 feeds failing" in answer
    assert "Mails parked, need mending: 1" in answer
    assert "Mails waiting: 1, the longest for 2 hours 41 minutes" in answer
    assert "No mail server is set" in answer
    assert "Feeds are not being read" in answer
    assert "All systems working" not in answer


@pytest.mark.asyncio
async def test_while_the_classifier_is_built_the_banner_says_that_keyword_rules_are_in_force(
    empty: world.StandIn,
) -> None:
    assert "All systems working" in (await fetch(empty, "/?lang=en")).text
    empty.classifiers.state = "building"
    assert "The classifier is being built: keyword rules" in (await fetch(empty, "/?lang=en")).text


@pytest.mark.asyncio
async def test_who_has_said_what_has_our_own_ministry_though_its_feed_fails(
    filled: world.StandIn,
) -> None:
    shown = (await fetch(filled, "/incidents/2026-0001?lang=en")).text
    assert "Not known while the home feed fails (last read never)" in shown
    assert "4 avoid all travel (part of the country, leave)" in shown
    assert "recorded by day officer (call &lt;script&gt;" in shown
    assert "Confirmed: 2 injured" in shown
    thai = (await fetch(filled, "/incidents/2026-0001?lang=th")).text
    assert "ยังไม่ทราบ ขณะที่ฟีดของกระทรวงขัดข้อง (อ่านล่าสุด" in thai


@pytest.mark.asyncio
async def test_the_advice_page_tells_what_holds_and_what_changed(filled: world.StandIn) -> None:
    shown = (await fetch(filled, "/advice?lang=en")).text
    assert "was 2 increased caution (part of the country, leave)" in shown
    assert "<b>raised</b>" in shown
    of_one = (await fetch(filled, "/advice/MM?lang=th")).text
    assert "งดการเดินทาง (บางพื้นที่, ขอให้เดินทางออก)" in of_one


@pytest.mark.asyncio
async def test_the_delays_of_ministries_stand_on_a_page_by_name_and_not_by_rank(
    filled: world.StandIn,
) -> None:
    shown = (await fetch(filled, "/communications?lang=en")).text
    assert "no ranking" in shown
    assert "<bdi>Japan</bdi>" in shown
    assert "22 minutes" in shown
    assert "all hazards" in shown
    thai = (await fetch(filled, "/communications?days=90&lang=th")).text
    assert "ไม่ใช่การจัดอันดับ" in thai


@pytest.mark.asyncio
async def test_the_picture_of_an_incident_is_served_with_the_desks_headers(
    filled: world.StandIn,
) -> None:
    answer = await fetch(filled, "/incidents/2026-0001/timeline.svg?lang=th")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "content-security-policy" in answer.headers
    assert answer.text.startswith("<svg ")
    assert "<script" not in answer.text
    assert (await fetch(filled, "/incidents/2026-9999/timeline.svg")).status_code == 404


@pytest.mark.asyncio
async def test_an_incident_tells_what_from_whom_why_and_who_was_told(
    filled: world.StandIn,
) -> None:
    answer = (await fetch(filled, "/incidents/2026-0001?lang=en")).text
    for expected in (
        "◆",
        "act now".capitalize(),
        "Earthquake magnitude 7.7, at or above 7.0",  # why the level
        "144 dead (State media 15:25)",  # a figure with source and time
        "Thai nationals: reported, unconfirmed",
        "Embassy, Yangon",
        "22 minutes after the first report was published",
        '<bdi lang="ja">ミャンマーにおける地震に関する注意喚起</bdi>',
        "渡航は止めてください",
        "Level raised ALERT → FLASH",
        "20 → 144 dead",
        "Acknowledged: day officer",
        "The headlines agree",  # why it is linked
        "地震",  # why it is tagged
        "ALERT in a neighbouring country",  # which rule
        "No rule matches this incident",
        "accepted by the mail server",
        "250 2.0.0 queued as 4QX1",
        "GDACS: Orange",
    ):
        assert expected in answer, expected
    thai = (await fetch(filled, "/incidents/2026-0001?lang=th")).text
    assert "พ.ย. 2569" in thai
    assert "14.55\u00a0น." in thai


@pytest.mark.asyncio
async def test_a_merged_incident_leads_to_the_one_it_lives_on_in(
    filled: world.StandIn, now: datetime
) -> None:
    with filled.database.write() as conn:
        into = incidents.by_number(conn, "2026-0001")
        gone = make.incident(conn, now)
        assert into is not None
        incidents.save(conn, replace(gone, state="merged", merged_into=into.id))
    answer = (await fetch(filled, f"/incidents/{gone.number}?lang=en")).text
    assert '<a href="/incidents/2026-0001">Merged into #2026-0001</a>' in answer


@pytest.mark.asyncio
async def test_items_are_filtered_by_category_and_by_feed(filled: world.StandIn) -> None:
    natural = (await fetch(filled, "/items?category=natural")).text
    assert "16 km NNW of Sagaing" in natural
    assert "onerror" not in natural
    of_one = (await fetch(filled, "/items?feed=ministry-jp")).text
    assert "16 km NNW of Sagaing" not in of_one
    assert "ミャンマー" in of_one
    none = (await fetch(filled, "/items?feed=silent&lang=en")).text
    assert words.say("desk.no_match", "en") in none


@pytest.mark.asyncio
async def test_an_item_that_told_nobody_says_why(filled: world.StandIn) -> None:
    answer = (await fetch(filled, "/items?feed=hostile&lang=en")).text
    assert "Not alerted:</span> No rule matches this incident" in answer
    assert "Unsure" in answer


@pytest.mark.asyncio
async def test_feeds_that_fail_stand_first_with_cause_and_remedy_and_disabled_ones_last(
    filled: world.StandIn,
) -> None:
    answer = (await fetch(filled, "/feeds?lang=en")).text
    places = [answer.index(name) for name in ("Ministry-TH<", "Silent<", "Quakes<", "Unused<")]
    assert places == sorted(places)
    assert words.say("feed.tls.remedy", "en").replace("'", "&#39;") in answer
    assert "no_such_state" in answer, "a state that the catalogue lacks is shown as it is"
    assert "2 failing · 1 to look at · 2 working · 1 disabled" in answer
    assert "in 11 minutes" in answer


@pytest.mark.asyncio
async def test_a_feed_counts_the_items_of_the_last_day_only(
    filled: world.StandIn, now: datetime
) -> None:
    with filled.database.write() as conn:
        quakes = feeds.state_of(conn, "quakes")
        assert quakes is not None
        held = itemreads.count_by_feed(conn, now - timedelta(days=1))[quakes.id]
        for minutes in range(7):
            make.item_id(conn, quakes.id, now - timedelta(minutes=minutes))
    shown = f'<a href="/items?feed=quakes">{held + 7}</a>'
    filled.clock.move(timedelta(hours=23))
    assert shown in (await fetch(filled, "/feeds?lang=en")).text
    filled.clock.move(timedelta(hours=2))
    assert shown not in (await fetch(filled, "/feeds?lang=en")).text


@pytest.mark.asyncio
@pytest.mark.parametrize("state", ["flood", "partly_parsed", "stale"])
async def test_a_feed_that_was_read_but_not_as_it_should_be_is_a_warning(
    empty: world.StandIn, now: datetime, state: str
) -> None:
    (listed,) = empty.feedlist.feeds[:1]
    empty.feedlist = replace(empty.feedlist, feeds=(listed,))
    with empty.database.write() as conn:
        feeds.sync(conn, [identity(feed_key(listed), listed)], now)
        (known,) = feeds.states(conn)
        feeds.record_poll(conn, known.id, PollResult(state, now, ok=True), due_at=now)
    answer = (await fetch(empty, "/feeds?lang=en")).text
    assert "0 failing · 1 to look at · 0 working" in answer
    assert words.say(f"feed.{state}.cause", "en")[:30] in answer
    assert "feeds failing" not in answer


@pytest.mark.asyncio
async def test_what_a_flood_cost_is_told_for_a_day_whatever_later_polls_say(
    empty: world.StandIn, now: datetime
) -> None:
    (listed,) = empty.feedlist.feeds[:1]
    empty.feedlist = replace(empty.feedlist, feeds=(listed,))
    with empty.database.write() as conn:
        feeds.sync(conn, [identity(feed_key(listed), listed)], now)
        (known,) = feeds.states(conn)
        flood = PollResult("flood", now - timedelta(hours=2), ok=True, lost=1300)
        for result in (flood, PollResult("not_modified", now - timedelta(hours=1), ok=True)):
            feeds.record_poll(conn, known.id, result, due_at=now)
    answer = (await fetch(empty, "/feeds?lang=en")).text
    assert "0 failing · 1 to look at · 0 working" in answer
    assert "In the last 24 hours 1,300 entries were never read" in answer
    assert words.say("feed.lost.remedy", "en").replace("'", "&#39;") in answer
    assert "1,300" in (await fetch(empty, "/feeds?lang=th")).text
    empty.clock.move(timedelta(hours=23))
    assert "never read" not in (await fetch(empty, "/feeds?lang=en")).text


@pytest.mark.asyncio
async def test_a_parked_feed_stands_on_every_page_until_it_is_read_again(
    empty: world.StandIn, now: datetime
) -> None:
    (listed,) = empty.feedlist.feeds[:1]
    empty.feedlist = replace(empty.feedlist, feeds=(listed,))
    with empty.database.write() as conn:
        feeds.sync(conn, [identity(feed_key(listed), listed)], now)
        (known,) = feeds.states(conn)
        feeds.record_poll(conn, known.id, PollResult("gone", now), due_at=now, parked=True)
    empty.clock.move(timedelta(days=9))
    for page in ("/", "/items", "/feeds"):
        answer = (await fetch(empty, f"{page}?lang=en")).text
        assert "Feeds ended by their publisher: 1. Replace or disable:" in answer
    assert "ผู้เผยแพร่แจ้งเลิกฟีด 1 ฟีด" in (await fetch(empty, "/?lang=th")).text
    with empty.database.write() as conn:
        feeds.record_poll(conn, known.id, PollResult("ok", now, ok=True), due_at=now)
    assert "ended by their publisher" not in (await fetch(empty, "/?lang=en")).text


@pytest.mark.asyncio
async def test_an_empty_document_counts_as_failing(empty: world.StandIn, now: datetime) -> None:
    (listed,) = empty.feedlist.feeds[:1]
    empty.feedlist = replace(empty.feedlist, feeds=(listed,))
    with empty.database.write() as conn:
        feeds.sync(conn, [identity(feed_key(listed), listed)], now)
        (known,) = feeds.states(conn)
        feeds.record_poll(conn, known.id, PollResult("empty", now), due_at=now)
    assert "1 failing · 0 working" in (await fetch(empty, "/feeds?lang=en")).text
