"""Strategies that build feeds, alerts and lists as sources send them, and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from xml.sax.saxutils import escape

from hypothesis import strategies as st

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
# Letters of many scripts, marks that stand on others, and all that is invisible or turns a line.
_ODD = (
    "\u200b\u200c\u200d\u200e\u202e\u2066\u2069\ufeff\u00ad\u0301\u0e33\u0e49\u0e40\u1160\u2028\x85"
    "\U0001f1e6\U0001f3fb\U000e0041\x01\x7f\x00\ufffe"
)
_LETTERS = "aZ 09.,:;-/<>&'\"()[]{}%#@\n\tกขค地震가אبé"
_WORDS = (
    "<b>bold</b>", "<script>x()</script>", "&amp;", "&lt;p&gt;", "&#x202e;", "]]>", "<![CDATA[",
    "<!-- ", "Flood", "น้ำท่วม", "Level 2: Exercise Increased Caution", "M 5.1 - 10 km N of Town",
    "Laos - reiseinformasjon", "TC-2026-000001-LAO", "Category: Warning", "1e999999", "NaN",
    "https://a.example/?utm_source=x", "javascript:alert(1)", "=1+1", "\r\nBcc: x",
)  # fmt: skip
_DATES = (
    "16 ก.พ. 2569 22:50 น.", "2569-02-16", "令和8年2月16日", "Mon, 16 Feb 2026 22:50:00 WIB",
    "Tue Apr 07 03:08:00 IST 2026", "2026-02-30", "9999-12-31T23:59:60Z", "0000-00-00", "soon", "",
    "1767323045000", "2/16/26", "26-02-16T00:00:00+99:99",
)  # fmt: skip
_LINKS = (
    "https://feeds.example/1", "http://feeds.example:8080/a b", "/relative?id=1", "../up", "#here",
    "//other.example/x", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example",
    "https://[::1", "https://feeds.example:99999/", "file:///etc/passwd", "\x00https://a.example/",
    "https://www.google.com/url?q=https://a.example/", "https://a.example/\u202egnp.exe", "",
    "https://user:pw@a.example/", "HTTPS://A.EXAMPLE", "https://travel.state.gov/laos",
    "https://www.gov.uk/foreign-travel-advice/laos", "https://www.tsunami.gov/events/x/26002000/1/",
)  # fmt: skip

texts = st.lists(st.sampled_from(_WORDS) | st.text(_LETTERS + _ODD, max_size=30), max_size=4).map(
    "".join
) | st.sampled_from(["", " ", "\u0e33" * 700, "a" * 9000, "<div>" * 900])
numbers = st.one_of(
    st.integers(-200, 200).map(str),
    st.floats(-400, 400).map("{:.3f}".format),
    st.sampled_from(["NaN", "inf", "1e999", "9" * 400, "-", "1,5", "10 km", ""]),
)
_aware = st.builds(
    lambda at, hours: at.replace(tzinfo=timezone(timedelta(hours=hours))),
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - the zone comes next
    st.integers(-12, 14),
)
dates = st.one_of(
    _aware.map(format_datetime),
    _aware.map(datetime.isoformat),
    _aware.map(lambda at: at.astimezone(UTC).strftime("%Y-%m-%d")),
    st.sampled_from(_DATES),
    st.text("0123456789-/:. TZ+กajn年月日", max_size=30),
)
links = st.sampled_from(_LINKS) | st.text("htps:/.?#[]@%a \n\u202e", max_size=20)
names = st.sampled_from(
    ["a", "b", "1", "", " ", "x" * 3000, "\u202eid", "urn:earthquake-usgs-gov:us:1"]
)


def xml_text(text: str) -> str:
    """The text as XML may carry it: escaped, without what no document can hold."""
    return escape("".join(char for char in text if char in "\t\n\r" or " " <= char != "\ufffe"))


def _element(name: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inside.map(lambda text: f"<{name}>{xml_text(text)}</{name}>")


def _some(parts: list[st.SearchStrategy[str]]) -> st.SearchStrategy[str]:
    """Some of the parts, in any order, each perhaps twice."""
    return st.lists(st.one_of(parts), max_size=9).map("".join)


_RSS_PARTS = [
    _element("title", texts), _element("description", texts), _element("link", links),
    _element("guid", names), _element("pubDate", dates), _element("dc:date", dates),
    _element("author", texts), _element("dc:creator", texts), _element("category", texts),
    _element("content:encoded", texts), _element("g:eventtype", st.sampled_from(["EQ", "tc", "?"])),
    _element("g:eventid", names), _element("g:alertlevel", texts), _element("g:country", texts),
    _element("g:population", numbers), _element("g:fromdate", dates), _element("g:glide", texts),
    _element("geo:lat", numbers), _element("geo:long", numbers), _element("georss:point", numbers),
    _element("georss:polygon", st.lists(numbers, max_size=9).map(" ".join)),
    _element("e:magnitude", numbers), _element("e:depth", numbers), _element("e:time", dates),
    _element("cap:event", texts), _element("cap:severity", texts), _element("cap:expires", dates),
]  # fmt: skip
_RSS_HEAD = (
    "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:g='http://www.gdacs.org' "
    "xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#' xmlns:e='https://www.emsc-csem.org' "
    f"xmlns:georss='http://www.georss.org/georss' xmlns:cap='{CAP}'><channel>"
)


rss_items = st.one_of(
    _some(_RSS_PARTS[:10]),
    _some(_RSS_PARTS[:5] + _RSS_PARTS[10:17] + _RSS_PARTS[17:19]),
    _some(_RSS_PARTS[:5] + _RSS_PARTS[19:24]),
    _some(_RSS_PARTS[:5] + _RSS_PARTS[24:]),
).map(lambda inside: f"<item>{inside}</item>")
rss = st.lists(rss_items, max_size=5).map(
    lambda items: (f"{_RSS_HEAD}<title>t</title>{''.join(items)}</channel></rss>", len(items))
)

_ATOM_PARTS = [
    _element("id", names), _element("title", texts), _element("summary", texts),
    _element("content", texts), _element("updated", dates), _element("published", dates),
    links.map(lambda link: f"<link rel='alternate' href='{xml_text(link).replace(chr(39), '')}'/>"),
    texts.map(lambda text: f"<author><name>{xml_text(text)}</name></author>"),
    texts.map(lambda text: f"<title type='html'>{xml_text(text)}</title>"),
    texts.map(lambda text: f"<category term='{xml_text(text).replace(chr(39), '')}'/>"),
    links.map(lambda base: f"<a xml:base='{xml_text(base).replace(chr(39), '')}'/>"),
]  # fmt: skip
atom = st.lists(_some(_ATOM_PARTS), max_size=5).map(
    lambda entries: (
        "<feed xmlns='http://www.w3.org/2005/Atom'>"
        + "".join(f"<entry>{inside}</entry>" for inside in entries)
        + "</feed>",
        len(entries),
    )
)

_pairs = st.tuples(texts, texts).map(
    lambda pair: f"<valueName>{xml_text(pair[0])}</valueName><value>{xml_text(pair[1])}</value>"
)
_polygons = st.lists(numbers, max_size=8).map(" ".join)
_areas = _some(
    [_element("areaDesc", texts), _element("polygon", _polygons), _element("circle", numbers),
     _pairs.map(lambda pair: f"<geocode>{pair}</geocode>")]
).map(lambda inside: f"<area>{inside}</area>")  # fmt: skip
_infos = _some(
    [_element("language", st.sampled_from(["th", "en-US", "fr", "", "xx-"])),
     _element("event", texts), _element("headline", texts), _element("description", texts),
     _element("severity", st.sampled_from(["Extreme", "minor", "?", ""])),
     _element("urgency", st.sampled_from(["Immediate", "past"])), _element("web", links),
     _element("onset", dates), _element("expires", dates), _element("senderName", texts),
     _pairs.map(lambda pair: f"<parameter>{pair}</parameter>"), _areas]
).map(lambda inside: f"<info>{inside}</info>")  # fmt: skip
_alerts = _some(
    [_element("identifier", names), _element("sender", names), _element("sent", dates),
     _element("status", st.sampled_from(["Actual", "Test", "drill", ""])),
     _element("msgType", st.sampled_from(["Alert", "Update", "Cancel", "Ack", "?"])),
     _element("references", texts), _element("note", texts), _infos, _infos, _infos]
).map(lambda inside: f"<alert xmlns='{CAP}'>{inside}</alert>")  # fmt: skip
caps = st.lists(_alerts, min_size=1, max_size=4).flatmap(
    lambda alerts: st.sampled_from(
        [
            (alerts[0], 1),
            (f"<alerts>{''.join(alerts)}</alerts>", len(alerts)),
            (
                "<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'>"
                + "".join(f"<contentObject>{alert}</contentObject>" for alert in alerts)
                + "</EDXLDistribution>",
                len(alerts),
            ),
            (
                "<rss version='2.0'><channel>"
                + "".join(f"<item><title>t</title>{alert}</item>" for alert in alerts)
                + "</channel></rss>",
                len(alerts),
            ),
        ]
    )
)

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**14), st.floats(), texts, dates, links
)


def members(*wanted: str) -> st.SearchStrategy[dict[str, object]]:
    """An object with some of the members `wanted`, of any plain value."""
    return st.dictionaries(st.sampled_from(wanted), leaves, max_size=len(wanted))


_positions = st.lists(st.floats(-400, 400) | st.none(), max_size=4)
_geometries = st.one_of(
    st.none(),
    st.builds(lambda at: {"type": "Point", "coordinates": at}, _positions),
    st.builds(
        lambda ring: {"type": "Polygon", "coordinates": [ring]}, st.lists(_positions, max_size=5)
    ),
)
_features = st.builds(
    lambda feature, found, geometry: feature | {"properties": found, "geometry": geometry},
    members("id", "type"),
    st.one_of(
        st.builds(
            lambda found: {"mag": 5.1, "ids": ",us1,us2,"} | found,
            members("mag", "ids", "place", "time", "updated", "status", "url", "title", "tsunami"),
        ),
        st.builds(
            lambda found: {"eventtype": "EQ", "eventid": 1} | found,
            members("eventtype", "eventid", "name", "alertlevel", "fromdate", "url", "glide",
                    "severitydata", "affectedcountries", "country", "iscurrent"),
        ),
        st.builds(
            lambda found: {"msgType": "Alert"} | found,
            members("id", "sender", "sent", "event", "severity", "headline", "areaDesc", "ends",
                    "references", "parameters", "geocode", "web"),
        ),
        st.builds(lambda found: {"capurl": "a"} | found,
                  members("capurl", "event", "s", "u", "c", "sent", "expires", "areaDesc")),
        members("title", "magnitude", "depth", "country", "updated", "link", "id", "event"),
    ),
    _geometries,
)  # fmt: skip
_geojson = st.lists(_features, max_size=4).map(
    lambda found: {"type": "FeatureCollection", "features": found}
)
_jsonfeed = st.builds(
    lambda head, items: head | {"version": "https://jsonfeed.org/version/1.1", "items": items},
    members("title", "language", "home_page_url"),
    st.lists(
        members("id", "url", "title", "summary", "content_html", "date_published", "tags",
                "date_modified", "authors", "language"),
        max_size=4,
    ),
)  # fmt: skip
_bmkg = st.lists(
    members("Tanggal", "Jam", "DateTime", "Coordinates", "Lintang", "Bujur", "Magnitude",
            "Kedalaman", "Wilayah", "Potensi"), max_size=3,
).map(lambda quakes: {"Infogempa": {"gempa": quakes}})  # fmt: skip
_meteoalarm = st.lists(
    members("identifier", "sender", "sent", "status", "msgType", "references"), max_size=3
).map(lambda alerts: {"warnings": [{"alert": alert} for alert in alerts]})
_canada = st.dictionaries(
    st.sampled_from(["LA", "TH", "US-HI", "zz", ""]),
    st.builds(
        lambda found, name: found | {"advisory-state": 1, "eng": {"name": name}},
        members("advisory-state", "date-published", "recent-updates-type"), texts,
    ), min_size=1, max_size=3,
).map(lambda found: {"data": found})  # fmt: skip
_germany = st.dictionaries(
    st.sampled_from(["1", "2", "lastModified"]),
    members("partialWarning", "warning", "countryName", "countryCode", "effective"), max_size=3,
).map(lambda found: {"response": found | {"3": {"partialWarning": True}}})  # fmt: skip
_govuk = st.lists(members("base_path", "title", "public_updated_at", "locale"), max_size=3).map(
    lambda found: {"schema_name": "travel_advice_index", "links": {"children": found}}
)
_others = st.one_of(
    st.lists(members("DonId", "Title", "UrlName", "PublicationDate"), max_size=3).map(
        lambda found: {"value": [{"DonId": "a"}, *found]}
    ),
    st.builds(
        lambda found: {"data": [{"id": 1, "fields": found}]},
        members("name", "title", "glide", "url", "description"),
    ),
    st.builds(
        lambda found: {"vulnerabilities": [{"cveID": "CVE-2026-1"} | found], "catalogVersion": "1"},
        members("vulnerabilityName", "dateAdded", "shortDescription"),
    ),
)
json_documents: st.SearchStrategy[dict[str, object]] = st.one_of(
    _geojson, _jsonfeed, _bmkg, _meteoalarm, _canada, _germany, _govuk, _others
)
xml_documents = st.one_of(rss, atom, caps)
