from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from monitor.parse.document import parse
from monitor.parse.entry import Hints
from monitor.parse.show import as_json, time_text

CONTRACT = {
    "id", "title", "summary", "link", "published", "updated", "language", "authors",
    "source_categories", "places", "hazard", "status", "message_type", "references", "expires",
}  # fmt: skip
HAZARD = {
    "type", "severity", "urgency", "certainty", "alert_level", "magnitude", "depth_km",
    "population", "event_id", "glide",
}  # fmt: skip


def test_the_promised_fields_are_there_and_are_json() -> None:
    body = (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>'
        "i</identifier><sender>s</sender>"
        "<sent>2026-01-01T07:00:00+07:00</sent><status>Actual</status><msgType>"
        "Alert</msgType><info>"
        "<event>Flood</event><severity>Severe</severity><expires>"
        "2026-01-02T07:00:00+07:00</expires>"
        "<area><areaDesc>X</areaDesc></area></info></alert>"
    )
    shown = json.loads(json.dumps(as_json(parse(body.encode(), Hints()).entries[0])))
    assert set(shown) >= CONTRACT
    assert set(shown["hazard"]) >= HAZARD
    assert shown["published"] == "2026-01-01T00:00:00Z"
    assert shown["expires"] == "2026-01-02T00:00:00Z"
    assert shown["updated"] is None
    assert shown["places"] == [{"name": "X", "country": None, "lat": None, "lon": None}]
    assert shown["advice"] is None


def test_the_id_is_the_publishers_own_where_there_is_one() -> None:
    body = b"<rss><channel><item><guid>g-1</guid><title>x</title></item></channel></rss>"
    assert as_json(parse(body, Hints()).entries[0])["id"] == "g-1"


def test_times_are_utc_to_the_second() -> None:
    local = datetime(2026, 3, 28, 13, 20, 5, 999, tzinfo=timezone(timedelta(hours=7)))
    assert time_text(local) == "2026-03-28T06:20:05Z"
    assert time_text(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"
    assert time_text(None) is None
