"""Warnings that come late or out of order: what is over wakes nobody, what stands is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.desk.incidenttext import as_text
from monitor.desk.itemrows import rows
from monitor.desk.voice import Voice
from monitor.incidents.show import dossier
from monitor.incidents.showjson import as_json
from monitor.ingest.hashes import content_hash
from storage import incidents, itemreads
from tests.alerts import policies
from tests.documents import cap
from tests.monitor.ingest.test_polling import NEWS, World, world

__all__ = ["world"]


def reference(identifier: str, at: datetime) -> str:
    return f"floods@agency.example,{identifier},{at.isoformat(timespec='seconds')}"


def publish(world: World, document: str) -> None:
    world.network.documents[NEWS] = document.encode()
    world.poll("News")


def severities(world: World) -> list[tuple[str | None, int]]:
    """Severity and number of items of each incident."""
    with world.database.read() as conn:
        return [
            (each.severity, len(itemreads.of_incident(conn, each.id)))
            for each in incidents.listing(conn, limit=10)
        ]


def dispositions(world: World) -> set[str]:
    with world.database.read() as conn:
        return {why.code for each in itemreads.recent(conn, limit=10) for why in each.disposition}


def test_a_warning_that_was_cancelled_before_it_reached_us_opens_nothing(world: World) -> None:
    world.known()
    at = world.clock.now()
    publish(world, cap("c1", at, message="Cancel", references=[reference("w1", at)]))
    world.clock.move(timedelta(minutes=10))
    publish(world, cap("w1", at))
    assert severities(world) == []
    assert dispositions(world) == {"nothing_to_lift", "cancelled_before"}


def test_an_update_lowers_what_it_replaces(world: World) -> None:
    world.known()
    at = world.clock.now()
    publish(world, cap("w1", at))
    world.clock.move(timedelta(minutes=10))
    later = at + timedelta(minutes=9)
    publish(world, cap("w2", later, severity="Minor", references=[reference("w1", at)]))
    assert severities(world) == [("Minor", 2)]


def test_a_cancellation_of_one_warning_leaves_the_other_in_force_and_both_say_how_they_stand(
    world: World,
) -> None:
    world.known()
    at = world.clock.now()
    first, second = cap("w1", at, headline="Flood one"), cap("w2", at, headline="Flood two")
    publish(world, f"<feed>{first.split('?>')[1]}{second.split('?>')[1]}</feed>")
    world.clock.move(timedelta(minutes=10))
    later = at + timedelta(minutes=9)
    publish(
        world,
        cap("c1", later, headline="No flood", message="Cancel", references=[reference("w1", at)]),
    )
    now = world.clock.now()
    with world.database.read() as conn:
        incident = incidents.listing(conn, limit=10)[0]
        assert (incident.severity, incident.lifted) == ("Extreme", False)
        found = dossier(conn, incident, policies.policy(), now=now)
        listed = {
            language: {
                each.headline.text: each.ended
                for each in rows(
                    conn, itemreads.recent(conn, limit=10), Voice(language, policies.policy(), now)
                )
            }
            for language in ("en", "th")
        }
    kept = {item.values.title: item.values.message_id for item in found.items}
    assert kept["Flood one"] == f"floods@agency.example,w1,{at:%Y-%m-%dT%H:%M:%SZ}"
    assert listed["en"]["Flood two"] is listed["en"]["No flood"] is None
    assert (listed["en"]["Flood one"] or "").startswith("Cancelled by “")
    assert "No flood" in (listed["en"]["Flood one"] or "")
    assert "ยกเลิกแล้วโดย" in (listed["th"]["Flood one"] or "")
    assert "Cancelled by" in as_text(found, policies.policy(), "en")
    told = {each["title"]: each["ended"] for each in as_json(found, policies.policy())["items"]}
    assert told["Flood one"]["state"] == "cancelled"
    assert told["Flood two"] is None


def test_a_known_message_is_no_revision_because_its_name_is_now_kept(world: World) -> None:
    world.known()
    at = world.clock.now()
    publish(world, cap("w1", at))
    with world.database.read() as conn:
        values = itemreads.recent(conn, limit=1)[0].values
    assert values.message_id is not None
    before = replace(values, message_id=None, event_codes=())
    assert content_hash(before) == content_hash(values)


def test_an_update_that_came_before_what_it_replaces_still_counts(world: World) -> None:
    world.known()
    at = world.clock.now()
    later = at + timedelta(minutes=5)
    publish(world, cap("w2", later, severity="Minor", references=[reference("w1", at)]))
    world.clock.move(timedelta(minutes=10))
    publish(world, cap("w1", at))
    assert severities(world) == [("Minor", 2)]


def test_an_update_takes_no_other_warning_of_the_same_second_out_of_force(world: World) -> None:
    world.known()
    at = world.clock.now()
    first, second = cap("w1", at), cap("w2", at)
    publish(world, f"<feed>{first.split('?>')[1]}{second.split('?>')[1]}</feed>")
    world.clock.move(timedelta(minutes=10))
    later = at + timedelta(minutes=9)
    publish(world, cap("w3", later, severity="Minor", references=[reference("w1", at)]))
    assert severities(world) == [("Extreme", 3)]


def test_a_warning_that_is_neither_fresh_nor_in_force_opens_nothing(world: World) -> None:
    world.known()
    publish(world, cap("w1", world.clock.now() - timedelta(hours=13)))
    assert severities(world) == []
    assert dispositions(world) == {"expired"}


def test_a_warning_that_expired_while_we_were_down_is_told_while_it_is_fresh(world: World) -> None:
    world.known()
    at = world.clock.now() - timedelta(hours=3)
    written, earlier = (
        (at + timedelta(hours=hours)).isoformat(timespec="seconds") for hours in (12, 1)
    )
    assert written in cap("w1", at)
    publish(world, cap("w1", at).replace(written, earlier))
    assert severities(world) == [("Extreme", 1)]
