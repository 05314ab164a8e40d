"""The life of CAP messages: which one is told again, corrected, ended, and how by whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Entry, Hints, Key
from monitor.parse.show import as_json
from monitor.parse.vtec import read_vtec

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"


def block(**fields: str) -> str:
    given = {"event": "Flood", "urgency": "Expected", "severity": "Severe", "headline": "Flood"}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in (given | fields).items())
    return f"<info>{inner}</info>"


def message(*blocks: str, **fields: str) -> str:
    given = {
        "identifier": "1", "sender": "met@agency.example", "sent": "2026-09-25T12:00:00+07:00",
        "status": "Actual", "msgType": "Alert",
    }  # fmt: skip
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in (given | fields).items())
    return f'<alert xmlns="{NAMESPACE}">{inner}{"".join(blocks)}</alert>'


def entries(*messages: str) -> tuple[Entry, ...]:
    return parse(f"<alerts>{''.join(messages)}</alerts>".encode(), Hints()).entries


def vtec(*codes: str) -> str:
    parameters = "".join(
        f"<parameter><valueName>VTEC</valueName><value>{code}</value></parameter>" for code in codes
    )
    return message(block().replace("</info>", f"{parameters}</info>"))


def code(action: str, mode: str = "O", ends: str = "260811T2015Z") -> str:
    return f"/{mode}.{action}.KLKN.FL.W.0018.000000T0000Z-{ends}/"


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (("NEW",), "alert"),
        (("CON",), "update"),
        (("EXT",), "update"),
        (("EXA",), "update"),
        (("EXB",), "update"),
        (("UPG",), "update"),
        (("COR",), "update"),
        (("ROU",), "update"),
        (("CAN",), "cancel"),
        (("EXP",), "cancel"),
        (("CAN", "EXP"), "cancel"),
        (("CAN", "CON"), "update"),
        (("UPG", "NEW"), "alert"),
        (("EXP", "NEW"), "alert"),
    ],
    ids="-".join,
)
def test_every_vtec_action_says_what_the_message_does(
    actions: tuple[str, ...], expected: str
) -> None:
    (entry,) = entries(vtec(*(code(action) for action in actions)))
    assert entry.values.message_type == expected
    assert [f"vtec_{action.lower()}" for action in actions] == [
        flag for flag in entry.values.flags if flag.startswith("vtec_")
    ]
    assert Key("vtec", "KLKN.FL.W.0018") in entry.events


@pytest.mark.parametrize(
    ("modes", "expected"),
    [("O", "actual"), ("X", "actual"), ("T", "test"), ("E", "test"), ("TO", "actual")],
)
def test_a_test_or_experiment_by_its_vtec_is_never_actual(modes: str, expected: str) -> None:
    (entry,) = entries(vtec(*(code("NEW", mode) for mode in modes)))
    assert entry.values.status == expected


def test_the_end_of_the_event_stands_apart_from_the_end_of_the_message() -> None:
    (entry,) = entries(
        vtec(code("CON")).replace("<event>", "<expires>2026-08-11T12:00:00Z</expires><event>")
    )
    assert entry.values.hazard is not None
    assert entry.values.hazard.ends_at == datetime(2026, 8, 11, 20, 15, tzinfo=UTC)
    assert entry.values.expires_at == datetime(2026, 8, 11, 12, tzinfo=UTC)


def test_an_event_until_further_notice_has_no_end() -> None:
    (one,) = read_vtec(code("CON", ends="000000T0000Z"))
    (broken,) = read_vtec(code("CON", ends="269999T0000Z"))
    assert (one.ends, broken.ends) == (None, None)


def test_a_reference_holds_though_its_time_is_written_in_another_zone() -> None:
    parent = "met@agency.example,1,2026-09-25T05:00:00-00:00"
    first, update = entries(
        message(block()), message(block(), identifier="2", msgType="Update", references=parent)
    )
    key = "met@agency.example,1,2026-09-25T05:00:00Z"
    assert Key("cap", key) in first.events
    assert Key("cap_ref", key) in update.events
    assert update.values.references == (parent,)  # as it was written


@pytest.mark.parametrize("kind", ["Update", "Cancel"])
def test_a_message_about_one_never_seen_is_an_entry_of_its_own(kind: str) -> None:
    (entry,) = entries(message(block(), msgType=kind, references="a,0,never b,1,2026-09-25"))
    assert entry.values.message_type == kind.lower()
    assert Key("cap_ref", "a,0,never") in entry.events
    assert Key("cap_ref", "b,1,2026-09-25") in entry.events  # a day is no time: left as it is


def test_a_number_used_again_on_another_day_is_another_message() -> None:
    first, second = entries(
        message(block()), message(block(headline="Fire"), sent="2026-10-25T12:00:00+07:00")
    )
    assert not set(first.keys) & set(second.keys)
    assert as_json(first)["id"] == as_json(second)["id"] == "met@agency.example,1"


def test_the_same_message_sent_anew_within_the_day_is_the_same() -> None:
    (first,) = entries(message(block()))
    (again,) = entries(message(block(), sent="2026-09-25T12:15:00+07:00"))
    assert set(first.keys) & set(again.keys)


def test_a_message_twice_in_a_document_is_one_and_the_newest_of_two_stays_apart() -> None:
    assert len(entries(message(block()), message(block()))) == 1


ALL_CLEAR = {
    "by its response": (block(responseType="AllClear", urgency="Past"), "Update", True),
    "by its response alone": (block(responseType="AllClear"), "Alert", True),
    "as the second response": (
        block(responseType="Monitor").replace(
            "</info>", "<responseType>AllClear</responseType></info>"), "Update", True),
    "an update that is past": (block(urgency="Past"), "Update", True),
    "a first alert that is past": (block(urgency="Past"), "Alert", False),
    "an earthquake is past at once": (block(event="Earthquake", urgency="Past"), "Update", False),
    "one part goes on": (
        block(responseType="AllClear", urgency="Past") + block(urgency="Immediate"),
        "Update", False),
}  # fmt: skip


@pytest.mark.parametrize("name", ALL_CLEAR)
def test_an_all_clear_is_one_for_every_part_or_none(name: str) -> None:
    blocks, kind, expected = ALL_CLEAR[name]
    (entry,) = entries(message(blocks, msgType=kind))
    assert ("all_clear" in entry.values.flags) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Alert", "alert"), ("update", "update"), ("CANCEL", "cancel"), ("Ack", "ack"),
     ("Error", "error"), ("", "alert"), ("Nonsense", "alert")],
)  # fmt: skip
def test_every_message_type_is_read_and_an_unknown_one_hides_nothing(
    kind: str, expected: str
) -> None:
    (entry,) = entries(message(block(), msgType=kind))
    assert entry.values.message_type == expected


def test_the_times_of_a_message_stand_apart() -> None:
    (entry,) = entries(
        message(block(effective="2026-09-25T13:00:00+07:00", onset="2026-09-25T18:00:00+07:00",
                      expires="2026-09-26T06:00:00+07:00"),
                sent="2026-09-25T05:00:00-00:00")
    )  # fmt: skip
    shown = as_json(entry)
    assert shown["published"] == "2026-09-25T05:00:00Z"
    assert shown["effective"] == "2026-09-25T11:00:00Z"
    assert shown["expires"] == "2026-09-25T23:00:00Z"
    assert shown["flags"] == ["unsigned"]  # -00:00 is UTC: nothing was assumed


@pytest.mark.parametrize("sent", ["31 Feb 2026 25:00", "2026-09-25T25:00:00+07:00", "soon"])
def test_a_time_that_is_none_is_kept_as_written(sent: str) -> None:
    (entry,) = entries(message(block(), sent=sent))
    assert entry.undated
    assert "date_unread" in entry.values.flags
    assert f"date_raw: {sent}" in entry.values.flags


def test_a_feed_entry_keeps_a_date_that_is_none() -> None:
    body = (
        "<rss><channel><item><title>t</title><pubDate>Coming  soon</pubDate></item></channel></rss>"
    )
    (entry,) = parse(body.encode(), Hints()).entries
    assert entry.values.flags == ("date_unread", "date_raw: Coming soon")


def test_an_entry_without_any_date_is_not_blamed_for_one() -> None:
    (entry,) = parse(
        b"<rss><channel><item><title>t</title></item></channel></rss>", Hints()
    ).entries
    assert entry.values.flags == ()
    assert entry.undated
