"""One bad feed never holds up a good one, and each ends in a state that has a name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.documents import Quake, quakes
from tests.feedserver import FeedServer, eventually
from tests.office import Office, free_port

DRIP_ENDS_S = 60.0
GARBAGE = bytes(range(256)) * 64


def listed(office: Office) -> dict[str, dict[str, Any]]:
    """The feeds by name, as `monitor feeds list` has them."""
    return {
        each["name"]: each for each in json.loads(office.monitor("feeds", "list", "--json").ok())
    }


def test_a_healthy_feed_is_read_on_time_beside_broken_ones(
    office: Office, feed_server: FeedServer
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=4)
    down = f"127.0.0.1:{free_port()}"
    office.environ["MONITOR_ALLOW_HOSTS"] = f"{feed_server.host} {down}"
    feed_server.put("healthy.geojson", quakes([Quake("q1", 5.1, at)]))
    office.list_feeds(
        {"name": "Healthy", "url": feed_server.url("healthy.geojson"), "every": "1s"},
        {"name": "Down", "url": f"http://{down}/feed"},
        {"name": "Dripping", "url": feed_server.put("drip.xml", b"", drips=True)},
        {"name": "Garbage", "url": feed_server.put("garbage.xml", GARBAGE)},
        {"name": "Page", "url": feed_server.put(
            "page", "<html><body>Not here</body></html>", content_type="text/html")},
        {"name": "Empty", "url": feed_server.put("empty.xml", "")},
        {"name": "Failing", "url": feed_server.put("failing.xml", "oops", status=503)},
        {"name": "Missing", "url": feed_server.url("nothing.xml")},
        {"name": "Gone", "url": feed_server.put("gone.xml", "", status=410)},
        {"name": "Forbidden", "url": "http://127.0.0.1:9/feed"},
    )  # fmt: skip
    with office.running() as running:
        eventually(lambda: feed_server.asked["drip.xml"], 40, "the drip began")
        eventually(lambda: feed_server.asked["healthy.geojson"], 40, "its own first poll came")
        asked = feed_server.asked["healthy.geojson"]
        eventually(
            lambda: feed_server.asked["healthy.geojson"] >= asked + 5, 15,
            "the healthy feed is read every one or two seconds beside the drip",
        )  # fmt: skip
        expected = {
            "Healthy": {"not_modified", "unchanged", "ok"},
            "Down": {"refused"},
            "Garbage": {"bad_encoding"},
            "Page": {"not_a_feed"},
            "Empty": {"empty"},
            "Failing": {"http_5xx"},
            "Missing": {"http_4xx"},
            "Gone": {"gone"},
            "Forbidden": {"blocked_address"},
            "Dripping": {"timed_out"},
        }
        eventually(lambda: listed(office)["Dripping"]["failures"], DRIP_ENDS_S, "the drip ends")
        assert _other(listed(office), expected) == {}
        found = listed(office)
        assert found["Healthy"]["error"] is None
        for name in expected.keys() - {"Healthy"}:
            assert found[name]["error"], name
            assert found[name]["failures"] >= 1, name
        page = running.page("/feeds")
        assert all(name in page for name in expected)
        assert running.interrupt() == 0
        assert "Traceback" not in running.text()
    assert len(json.loads(office.monitor("incidents", "list", "--json").ok())) == 1


def _other(found: dict[str, dict[str, Any]], expected: dict[str, set[str]]) -> dict[str, str]:
    """The feeds that are not in the state they should be in."""
    return {
        name: found[name]["state_key"]
        for name, states in expected.items()
        if found[name]["state_key"] not in states
    }
