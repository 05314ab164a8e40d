"""RSS and Atom documents as publishers write them and in every variation, for comparing readers.

Everything is well-formed: what is not, is feedparser's alone. Most parts are ordinary, so that
most documents may be read fast; the odd ones must make no difference either.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2" xmlns:own="https://feeds.example/ns"'
)
_ATOM = "http://www.w3.org/2005/Atom"
_TEXTS = (
    "Flood warning for the lower valley", "เตือนน้ำท่วมฉับพลัน จังหวัดน่าน", "地震情報 震度5弱",
    "<p>Rivers rise.</p><p><a href='/more'>More</a></p>", "Fish &amp; chips", "AT&T", "a < b > c",
    "<b>Strong</b> wind<br/>and <i>rain</i>", "&lt;p&gt;twice&lt;/p&gt;", "caf\u00c3\u00a9", "café",
    "\u0080 euro \u0092quote\u0092", "  spaced\n\tout  ", "", " ", "M 5.1 - 10 km N of Town",
    "<div>one<div>two</div></div>three", "x" * 600, "Laos - reiseinformasjon", "zero\u200bwidth",
    "<table><tr><td>cell</td></tr></table>", "<script>no()</script>text", "&nbsp;&#8217;&copy;",
    "\u202eright to left", "TC-2026-000001-LAO", "[TEST] siren", "emoji 🌊 wave",
    "&amp;lt;b&amp;gt;",
)  # fmt: skip
_PEOPLE = (
    "Press office", "desk@office.test (Press office)", "desk@office.test", "desk@office.test ()",
    "desk@office.example (Press office)", "desk@office.example", "Office (north)",
    "Press, desk@office.example", "desk@office.example ()", "a@b.c.museum (X)", "สำนักข่าว", "",
    "<desk@office.example>", "Press office <desk@office.example>",
)  # fmt: skip
_DATES = (
    "Sat, 14 Mar 2026 06:00:00 GMT", "Sat, 14 Mar 2026 13:00:00 +0700", "14 Mar 2026 06:00 EST",
    "2026-03-14T06:00:00Z", "2026-03-14T13:00:00+07:00", "2026-03-14T06:00:00.123Z", "2026-03-14",
    "2026-03-14 06:00:00", "เสาร์, 14 มี.ค. 2569 06:00:00 +0700", "Sat, 31 Feb 2026 06:00:00 GMT",
    "soon", "", " ", "Sat, 14 Mar 2026 24:00:00 GMT", "2026-03-14T06:00:60Z",
    "Sat, 14 Mar 1826 06:00:00 GMT", "1773468000", "Mon, 14 Mar 26 06:00:00 GMT",
)  # fmt: skip
_ADDRESSES = (
    "https://news.example/story/1", "https://news.example/story/2?utm_source=rss&id=3", "/story/3",
    "http://news.example:8080/a", "https:////news.example/b", "https://news.example", "",
    "story;v=1",
    "https://news.example/a b", "//other.example/c", "#part", "mailto:desk@office.example",
    "javascript:alert(1)", "https://[::1", "https://news.example/ข่าว/1", "tag:news.example,2026:1",
    "https://travel.state.gov/laos", "?id=4", "https://www.google.com/url?q=https://a.example/",
    "https://news.example/x&y;z", "https://news.example/caf\u00c3\u00a9", "HTTPS://NEWS.EXAMPLE/D",
)  # fmt: skip
_LANGUAGES = ("en", "en-GB", "th", "pt_BR", "", "xx-long-tag", "zh-Hant", "english")
_NUMBERS = ("60", "0", "", "soon", "999999999", " 15 ", "๖๐")

texts, people, dates = map(st.sampled_from, (_TEXTS, _PEOPLE, _DATES))
addresses, languages, numbers = map(st.sampled_from, (_ADDRESSES, _LANGUAGES, _NUMBERS))
_rarely = st.integers(0, 7).map(lambda number: number == 0)


def _said(text: str, raw: bool) -> str:
    if raw and "]]>" not in text:
        return f"<![CDATA[{text}]]>"
    return escape(text)


def element(
    name: str, inside: st.SearchStrategy[str], attributes: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[str]:
    """An element around a text, escaped or as CDATA."""
    return st.builds(
        lambda text, raw, more: f"<{name}{more}>{_said(text, raw)}</{name}>",
        inside,
        st.booleans(),
        attributes if attributes is not None else st.just(""),
    )


def attribute(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An attribute, or often none."""
    return st.one_of(st.just(""), values.map(lambda value: f" {name}={quoteattr(value)}"))


_lang = st.one_of(st.just(""), attribute("xml:lang", languages), attribute("lang", languages))
_type = st.one_of(
    st.just(""),
    attribute("type", st.sampled_from(["text", "html", "HTML", "text/html", "text/plain"])),
    attribute("type", st.sampled_from(["xhtml", "application/xml", "", "image/png"])),
    attribute("mode", st.sampled_from(["escaped", "base64"])),
)
_words = st.builds("{}{}".format, _lang, _type)
_link = st.builds(
    "<{}link{}{}{}/>".format,
    st.sampled_from(["", "atom:"]),
    attribute(
        "rel", st.sampled_from(["alternate", "self", "enclosure", "related", "Alternate", ""])
    ),
    attribute("type", st.sampled_from(["text/html", "application/xml", "TEXT/HTML", "html"])),
    attribute("href", addresses),
)
_point = st.sampled_from(["17.9 102.6", "1,2", "x y", "", "91 200"])
_extras = st.one_of(
    element("comments", addresses),
    element("slash:comments", numbers),
    element("own:level", texts, attribute("own:code", texts)),
    element("status", texts),
    element("own:title", texts),
    element("georss:point", _point),
    element("geo:lat", _point),
    element("geo:long", _point),
    element("georss:polygon", _point),
    _point.map(lambda at: f"<georss:where><gml:Point><gml:pos>{at}</gml:pos></gml:Point>"
               "</georss:where>"),
    element("media:title", texts, _words),
    element("media:description", texts, _type),
    element("media:credit", people, attribute("role", texts)),
    addresses.map(lambda url: f"<media:content url={quoteattr(url)} medium='image'/>"),
    addresses.map(lambda url: f"<media:thumbnail url={quoteattr(url)}/>"),
    addresses.map(lambda url: f"<enclosure url={quoteattr(url)} length='1' type='image/png'/>"),
    st.builds("<media:content url='/i'>{}{}</media:content>".format,
              element("media:title", texts), element("media:description", texts)),
    st.builds("<media:group>{}</media:group>".format, element("media:title", texts)),
    st.builds("<own:part>{}{}</own:part>".format, element("own:name", texts),
              element("own:value", texts, attribute("unit", texts))),
    element("itunes:summary", texts),
    element("itunes:author", people),
    element("image", addresses),
    element("source", texts, attribute("url", addresses)),
    element("cap:event", texts),
    element("cap:severity", st.sampled_from(["Severe", "severe", ""])),
    st.just("<!-- said beside -->"),
    element("rights", texts),
    element("contributor", people),
    st.builds("<contributor>{}</contributor>".format, element("name", people)),
)  # fmt: skip
_odd = st.one_of(
    element("date", dates),
    element("body", texts),
    element("abstract", texts),
    element("keywords", texts),
    element("tags", texts),
    element("title_detail", texts),
    element("published_parsed", dates),
    element("dc:title", texts),
    element("dcterms:valid", texts),
    element("media:keywords", texts),
    element("media:category", texts),
    element("itunes:keywords", texts),
    element("width", numbers),
    element("textInput", texts),
    element("link", addresses, attribute("url", addresses)),
    element("Title", texts),
    element("guid", texts, attribute("xml:base", addresses)),
    element("description", texts, attribute("base", addresses)),
    st.builds("<title>{}</title>".format, element("own:part", texts)),
    st.builds("<description><p>{}</p></description>".format, element("b", texts)),
    st.builds("<item>{}</item>".format, element("title", texts)),
    st.builds("<entry>{}</entry>".format, element("title", texts)),
    st.builds("<gml:Point>{}</gml:Point>".format, element("gml:pos", _point)),
    element("gml:pos", _point),
    element("point", _point, st.just(' xmlns="https://feeds.example/ns"')),
    element("media:late", texts, st.just(' xmlns:media="https://feeds.example/other"')),
    element("xh:div", texts, st.just(' xmlns:xh="http://www.w3.org/1999/xhtml"')),
    st.just("<title>a<!-- comment -->b</title>"),
    st.just("<author><name>Press</name><name>Desk</name></author>"),
    st.just("<author>text<own:x a='1'>y</own:x></author>"),
)
_dates = st.one_of(
    *(element(name, dates) for name in (
        "pubDate", "published", "updated", "dc:date", "issued", "modified", "created",
        "dcterms:issued", "dcterms:modified", "lastBuildDate", "expirationDate",
    ))
)  # fmt: skip
_author = st.builds(
    "<author>{}{}{}</author>".format,
    element("name", people),
    st.one_of(st.just(""), element("email", people)),
    st.one_of(st.just(""), element("uri", addresses)),
)
_common = st.one_of(
    element("title", texts, _words),
    element("description", texts, _words),
    element("summary", texts, _words),
    element("content:encoded", texts),
    element("content", texts, _words),
    element("link", addresses),
    _link,
    element("guid", addresses, attribute("isPermaLink", st.sampled_from(["true", "false", "no"]))),
    element("id", addresses),
    _dates,
    element("author", people),
    element("dc:creator", people),
    _author,
    element("category", texts, attribute("domain", addresses)),
    element("dc:subject", texts),
    st.builds("<category{}{}{}/>".format, attribute("term", texts), attribute("scheme", addresses),
              attribute("label", texts)),
    element("dc:language", languages),
    element("dc:description", texts),
)  # fmt: skip


def _inside(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(
        st.one_of(parts, parts, parts, _extras, _rarely.flatmap(
            lambda rare: _odd if rare else parts)),
        max_size=most,
    ).map("".join)  # fmt: skip


_entries = st.lists(st.tuples(_lang, _inside(_common, 9)), max_size=4)
_of_feed = st.lists(
    st.one_of(
        element("title", texts, _words),
        element("description", texts),
        element("link", addresses),
        _link,
        element("language", languages),
        element("dc:language", languages),
        element("ttl", numbers),
        element("sy:updatePeriod", st.sampled_from(["hourly", "Daily", "", "often"])),
        element("sy:updateFrequency", numbers),
        _dates,
        element("id", addresses),
        element("generator", texts, attribute("uri", addresses)),
        element("managingEditor", people),
        _author,
        element("category", texts),
        st.builds("<image>{}{}</image>".format, element("title", texts),
                  element("link", addresses)),
        element("copyright", texts),
        element("itunes:image", texts, attribute("href", addresses)),
    ),
    max_size=6,
)  # fmt: skip


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """A well-formed RSS or Atom document."""
    before, after = draw(_of_feed), draw(st.one_of(st.just([]), _of_feed))
    atom = draw(st.booleans())
    name = "entry" if atom else "item"
    entries = [f"<{name}{lang}>{inside}</{name}>" for lang, inside in draw(_entries)]
    parts = "".join([*before, *entries, *after])
    lang = draw(_lang)
    head = draw(st.sampled_from(["", '<?xml version="1.0" encoding="UTF-8"?>\n', "<!-- a -->"]))
    if atom:
        spaces = f'xmlns="{_ATOM}" xmlns:atom="{_ATOM}" {SPACES}'
        return f"{head}<feed {spaces}{lang}>{parts}</feed>".encode()
    spaces = f'xmlns:atom="{_ATOM}" {SPACES}'
    return f'{head}<rss version="2.0" {spaces}{lang}><channel>{parts}</channel></rss>'.encode()
