"""Feed documents of our own making, for the tests of the whole program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

CAP = "urn:oasis:names:tc:emergency:cap:1.2"


@dataclass(frozen=True, slots=True)
class Quake:
    """One earthquake of a GeoJSON feed; default: inland Myanmar."""

    id: str
    magnitude: float
    at: datetime
    place: str = "12 km N of Example Town, Myanmar"
    lat: float = 21.9
    lon: float = 96.0
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One entry of a news feed."""

    id: str
    title: str
    at: datetime
    summary: str = ""


def quakes(found: Iterable[Quake]) -> str:
    """A feed of earthquakes as a seismic agency publishes it."""
    features = [
        {
            "type": "Feature",
            "id": each.id,
            "properties": {
                "mag": each.magnitude,
                "place": each.place,
                "time": _millis(each.at),
                "updated": _millis(each.updated or each.at),
                "ids": f",{each.id},",
                "type": "earthquake",
                "status": "reviewed",
                "tsunami": 0,
                "title": f"M {each.magnitude} - {each.place}",
                "url": f"https://quakes.example/{each.id}",
            },
            "geometry": {"type": "Point", "coordinates": [each.lon, each.lat, 10]},
        }
        for each in found
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def news(stories: Iterable[Story], *, title: str = "Example Wire", language: str = "en") -> str:
    """An RSS feed."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(each.id)}</guid>"
        f"<title>{escape(each.title)}</title><description>{escape(each.summary)}</description>"
        f"<link>https://wire.example/{escape(each.id)}</link>"
        f"<pubDate>{format_datetime(each.at)}</pubDate></item>"
        for each in stories
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://wire.example/</link><language>{language}</language>{items}</channel></rss>"
    )


def cap(
    identifier: str,
    at: datetime,
    *,
    event: str = "Flood",
    headline: str = "Major flood on the lower river in Laos",
    status: str = "Actual",
    severity: str = "Extreme",
    area: str = "Vientiane, Laos",
    references: Sequence[str] = (),
    message: str = "",
) -> str:
    """One alert in the Common Alerting Protocol."""
    message = message or ("Update" if references else "Alert")
    sent, expires = at.isoformat(timespec="seconds"), at + timedelta(hours=12)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<alert xmlns="{CAP}"><identifier>{identifier}</identifier><sender>floods@agency.example</sender>
<sent>{sent}</sent><status>{status}</status><msgType>{message}</msgType>
<scope>Public</scope>{"<references>" + " ".join(references) + "</references>" if references else ""}
<info><language>en</language><category>Met</category><event>{event}</event>
<urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>
<expires>{expires.isoformat(timespec="seconds")}</expires><headline>{escape(headline)}</headline>
<description>{escape(headline)}. Water is rising.</description>
<area><areaDesc>{escape(area)}</areaDesc></area></info></alert>"""


def _millis(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)
