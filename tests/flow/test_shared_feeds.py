"""Real documents of many publishers, read by the whole program in one pass."""

from __future__ import annotations

import pytest

from tests import shared_feeds
from tests.office import Office
from tests.shared_feeds import HARMLESS, MOST_NEW

# Broken documents, and how many of their entries say nothing at all: those are not kept.
WORDLESS = {"illegally-nested.rss.xml": 10, "incomplete-cdata.rss.xml": 1}


def test_every_sample_document_is_read_and_old_news_alerts_nobody(office: Office) -> None:
    found = shared_feeds.samples()
    if not found:
        # Not a failure even where everything must be tested: they are no part of the project.
        pytest.skip(f"the sample documents are not here: {shared_feeds.FOLDER} is absent")
    outcome = shared_feeds.run(office)
    said = outcome.said
    assert "Traceback" not in outcome.stderr
    assert outcome.code == 0, outcome.stderr
    assert said["feeds"] == len(found)
    assert set(said["states"]) <= HARMLESS
    new = {poll["feed"]: poll["new"] for poll in said["polls"]}
    missing = {
        each.name: min(each.expected, MOST_NEW) - new[each.name]
        for each in found
        if each.expected is not None and new[each.name] < min(each.expected, MOST_NEW)
    }
    assert {name: count for name, count in missing.items() if count > WORDLESS.get(name, 0)} == {}
    assert said["items"] >= outcome.expected - sum(WORDLESS.values())
    assert all(said["tagged"].get(name) for name in ("natural", "health", "human_made"))
    assert outcome.alert_mails == said["notices"]
    assert said["digests"] == outcome.digest_mails > 0
    assert said["failed"] == 0
    assert "sound" in office.monitor("db", "check").ok()
