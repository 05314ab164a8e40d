"""Warnings that come late or out of order: what is over wakes nobody, what stands is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import incidents
from storage import items as stored
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
            (each.severity, len(stored.of_incident(conn, each.id)))
            for each in incidents.listing(conn, limit=10)
        ]


def dispositions(world: World) -> set[str]:
    with world.database.read() as conn:
        return {why.code for each in stored.recent(conn, limit=10) for why in each.disposition}


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
