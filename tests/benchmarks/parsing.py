"""Bytes to entries."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.parse.document import parse
from monitor.parse.entry import Hints
from monitor.parse.feeds import read_feed
from monitor.parse.xmlsafe import read_xml
from tests.fakes import items, rss

AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
RSS = rss(*items([f"Flood warning number {n} for the lower valley" for n in range(100)], AT))
_ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a{n}</identifier>
<sender>warn@agency.example</sender><sent>2026-03-14T06:00:00+07:00</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope><info><language>en</language><category>Met</category>
<event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>
<certainty>Observed</certainty><headline>Flood warning {n}</headline>
<area><areaDesc>Valley {n}</areaDesc><polygon>1,1 1,2 2,2 1,1</polygon></area></info></alert>"""
CAP = f"<alerts>{''.join(_ALERT.format(n=n) for n in range(50))}</alerts>".encode()


def _read(body: bytes, rounds: int) -> int:
    """Entries read in so many rounds."""
    return sum(len(parse(body, Hints()).entries) for _ in range(rounds))


def feed() -> tuple[int, str]:
    """RSS, well-formed: by the fast reader."""
    return _read(RSS, 5), "entry"


def feed_by_feedparser() -> tuple[int, str]:
    """The same RSS when feedparser must read it."""
    read = [read_feed(read_xml(RSS.decode()), Hints(), quick=False) for _ in range(5)]
    return sum(len(document.entries) for document in read), "entry"


def cap() -> tuple[int, str]:
    """CAP 1.2, several alerts in one file."""
    return _read(CAP, 5), "alert"
