"""Which messages still stand: what an update, a cancellation or an all-clear names, and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.incidents.facts import derive
from monitor.incidents.messages import endings, in_force, same_message, standing
from storage.records import Hazard, Item, ItemValues, Reading, Role
from tests.monitor.test_facts import EMPTY

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
TORNADO = Hazard(type="TO", severity="Extreme", urgency="Immediate", certainty="Observed")


def name(number: int, minutes: int) -> str:
    sent = NOW + timedelta(minutes=minutes)
    return f"w-nws@office.example,urn:oid:{number},{sent:%Y-%m-%dT%H:%M:%SZ}"


def message(
    number: int,
    minutes: int,
    kind: str = "alert",
    *references: str,
    publisher: str = "Weather service",
    codes: tuple[str, ...] = (),
    named: bool = True,
    expires: int | None = None,
    flags: tuple[str, ...] = (),
) -> Item:
    """A message sent `minutes` after the first; it comes a minute later."""
    sent = NOW + timedelta(minutes=minutes)
    return Item(
        id=number, feed_id=1, feed_name=publisher, feed_kind="hazard", publisher=publisher,
        tier="official", home=False, speaker=None, role=Role.SIGNAL,
        first_seen_at=sent + timedelta(minutes=1), revision=1, reading=Reading(),
        values=ItemValues(
            title=f"Message {number}", hazard=TORNADO, message_type=kind, published_at=sent,
            message_id=name(number, minutes) if named else None, references=references,
            event_codes=codes, flags=flags,
            expires_at=NOW + timedelta(minutes=expires) if expires is not None else None,
        ),
    )  # fmt: skip


def shown(*items: Item) -> dict[int, tuple[str, int | None]]:
    return {
        number: (each.state, each.by.id if each.by else None)
        for number, each in endings(items).items()
    }


def test_a_cancellation_ends_exactly_the_message_it_names() -> None:
    """Two tornado warnings of one office, of which the first is cancelled."""
    first, second = message(1, 0), message(2, 0)
    cancel = message(3, 9, "cancel", name(1, 0))
    assert shown(first, second, cancel) == {1: ("cancelled", 3)}
    assert in_force([first, second, cancel]) == [second]
    found = derive(EMPTY, [first, second, cancel])
    assert (found.severity, found.lifted) == ("Extreme", False)
    both = [first, second, cancel, message(4, 12, "cancel", name(2, 0))]
    assert derive(EMPTY, both).lifted


def test_a_warning_that_has_expired_does_not_keep_an_incident_from_being_lifted() -> None:
    first, second = message(1, 0), message(2, 0, expires=5)
    cancel = message(3, 9, "cancel", name(1, 0))
    assert derive(EMPTY, [first, second, cancel]).lifted


def test_an_update_supersedes_what_it_names_in_whatever_order_they_come() -> None:
    old, new = message(1, 0), message(2, 9, "update", name(1, 0))
    assert shown(old, new) == shown(new, old) == {1: ("superseded", 2)}


def test_a_reference_in_another_zones_time_names_the_same_message() -> None:
    reference = "w-nws@office.example,urn:oid:1,2026-03-14T13:00:00+07:00"
    assert same_message(reference) == name(1, 0)
    assert shown(message(1, 0), message(2, 9, "update", reference)) == {1: ("superseded", 2)}


@pytest.mark.parametrize("odd", ["", ",", "a,b", "a,b,yesterday", "a,b,2026-03-14T13:00:00"])
def test_a_reference_that_cannot_be_read_ends_nothing(odd: str) -> None:
    assert same_message(odd) == odd
    assert shown(message(1, 0), message(2, 9, "cancel", odd or " ")) == {}


def test_an_all_clear_ends_what_it_names() -> None:
    clear = message(3, 9, "alert", name(1, 0), flags=("all_clear",))
    assert shown(message(1, 0), message(2, 0), clear) == {1: ("lifted", 3)}


def test_no_other_publisher_can_end_a_message() -> None:
    forged = message(2, 9, "cancel", name(1, 0), publisher="Somebody else")
    assert shown(message(1, 0), forged) == {}


def test_no_message_ends_itself_or_one_that_was_sent_after_it() -> None:
    assert shown(message(1, 0, "update", name(1, 0))) == {}
    assert shown(message(1, 0, "update", name(2, 9)), message(2, 9)) == {}


def test_a_message_kept_without_its_name_is_known_by_the_moment_it_was_sent() -> None:
    cancel = message(3, 9, "cancel", name(1, 0))
    assert shown(message(1, 0, named=False), cancel) == {1: ("cancelled", 3)}
    twins = (message(1, 0, named=False), message(2, 0, named=False))
    assert shown(*twins, cancel) == {}


def test_a_cancellation_that_names_nothing_ends_all_of_its_publishers_hazard_before_it() -> None:
    cancel = message(3, 9, "cancel")
    later = message(4, 12)
    assert shown(message(1, 0), message(2, 5), cancel, later) == {
        1: ("cancelled", 3),
        2: ("cancelled", 3),
    }


EVENT, OTHER = "KTAE.TO.W.0015", "KTAE.TO.W.0016"


def test_a_cancellation_by_vtec_ends_its_own_event_only() -> None:
    first, second = message(1, 0, codes=(EVENT,)), message(2, 0, codes=(OTHER,))
    cancel = message(3, 9, "cancel", codes=(EVENT,))
    assert shown(first, second, cancel) == {1: ("cancelled", 3)}


def test_what_goes_on_in_a_part_of_the_area_stands_beside_what_is_cancelled_in_another() -> None:
    first = message(1, 0, codes=(EVENT,))
    cancel = message(2, 9, "cancel", codes=(EVENT,))
    goes_on = message(3, 9, "update", codes=(EVENT,))
    assert shown(first, cancel, goes_on) == {1: ("superseded", 3)}
    assert in_force([first, cancel, goes_on]) == [goes_on]
    assert not derive(EMPTY, [first, goes_on, cancel]).lifted


def test_a_message_of_two_events_stands_until_both_have_had_a_later_word() -> None:
    both = message(1, 0, codes=(EVENT, OTHER))
    one = message(2, 5, "cancel", codes=(EVENT,))
    assert shown(both, one) == {}
    assert shown(both, one, message(3, 9, "update", codes=(OTHER,))) == {1: ("superseded", 3)}


def test_the_references_of_a_vtec_message_decide_where_it_has_any() -> None:
    first, second = message(1, 0, codes=(EVENT,)), message(2, 1, codes=(EVENT,))
    cancel = message(3, 9, "cancel", name(1, 0), codes=(EVENT,))
    assert shown(first, second, cancel) == {1: ("cancelled", 3)}


def test_a_message_that_nobody_ended_expires() -> None:
    old = message(1, 0, expires=30)
    assert standing([old], NOW + timedelta(minutes=29)) == {}
    (ending,) = standing([old], NOW + timedelta(minutes=30)).values()
    assert (ending.state, ending.by, ending.at) == ("expired", None, NOW + timedelta(minutes=30))
    cancel = message(2, 9, "cancel", name(1, 0))
    assert standing([old, cancel], NOW + timedelta(hours=1))[1].state == "cancelled"


def test_a_cancellation_counts_for_more_than_an_update_before_it() -> None:
    update = message(2, 5, "update", name(1, 0))
    cancel = message(3, 9, "cancel", name(1, 0), name(2, 5))
    assert shown(message(1, 0), update, cancel) == {1: ("cancelled", 3), 2: ("cancelled", 3)}


def test_a_flood_of_messages_about_one_event_is_sorted_out_at_once() -> None:
    many = [message(n, n, "update", codes=(EVENT,)) for n in range(2000)]
    assert len(endings(many)) == 1999
    assert len(endings([message(n, n, "cancel") for n in range(2000)])) == 1999
