"""Which elements our own reader of RSS and Atom knows, and what each one is for it.

The names follow feedparser's habits: a namespace has one standard prefix whatever the document
calls it, names are compared in lower case, and an element that nobody knows is kept aside. What
stands in no table here, although feedparser treats it in a way of its own, sends the whole
document to feedparser.
"""

from __future__ import annotations

import re

from monitor.parse.bounds import PEOPLE
from monitor.parse.xmlsafe import Element, Xml

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_KNOWN = {  # in lower case, as feedparser compares them
    "http://www.w3.org/2005/atom": "",
    "http://webns.net/mvcb/": "admin",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://wellformedweb.org/commentapi/": "wfw",
}
# Namespaces that feedparser knows and this reader does not: declared is harmless, used is not.
_FOREIGN = re.compile(
    r"http://(?:backend\.userland\.com/|blogs\.law\.harvard\.edu/|cyber\.law\.harvard\.edu/|"
    r"purl\.org/(?:rss|atom|echo|pie)|my\.netscape\.com/|example\.com/|media\.tangent\.org/|"
    r"creativecommons\.org/|web\.resource\.org/|my\.theinfo\.org/|freshmeat\.net/|xmlns\.com/foaf|"
    r"postneo\.com/|madskills\.com/|prismstandard\.org/|www\.w3\.org/|schemas\.xmlsoap\.org/|"
    r"hacks\.benhammersley\.com/|schemas\.pocketsoap\.com/|podlove\.org/)|uri/of/echo"
)


def _words(text: str) -> list[str]:
    return text.split()


# Standard prefixes, and words that make one of feedparser's own names with a prefix before them.
RESERVED_PREFIXES = frozenset(
    _words(
        "admin ag annotate audio blogchannel cc co content cp creativecommons dc dcterms email ev "
        "feedburner fm foaf geo georss gml icbm image itunes l media pingback prism psc rdf rdfs "
        "ref reqv search slash soap ss str sub sy szf taxo thr ti trackback wfw wiki xhtml xlink "
        "xml title published updated created expired summary description author authors tags links"
    )
)
# Names without prefix to which feedparser gives a meaning that this reader does not.
RESERVED_NAMES = frozenset(
    _words(
        "abstract authors author_detail body channel channels date date_parsed modified_parsed "
        "created_parsed published_parsed updated_parsed issued_parsed description_detail "
        "copyright_detail tagline_detail summary_detail title_detail enclosures entries entry "
        "expirationdate expired feed fullitem geom georssgeom height image item items keywords "
        "license links newlocation publisher_detail publishers rss svg tags textinput where width "
        "content title source summary guid id description link managingeditor"
    )
)

INERT, LEAF, PERSON, UNKNOWN = "inert", "leaf", "person", "unknown"
_BOTH = {
    **dict.fromkeys(
        _words("copyright rights subtitle tagline info generator comments cloud"), LEAF
    ),
    **dict.fromkeys(_words("uri url homepage"), LEAF),
    **dict.fromkeys(_words("name email webmaster"), PERSON),
    "contributor": INERT,
    "dc:contributor": LEAF,
    "dc:publisher": PERSON,
    "dc:rights": LEAF,
    **dict.fromkeys(_words("georss:point georss:line georss:polygon georss:box"), LEAF),
    "georss:where": INERT,
    "gml:point": INERT,
    "gml:pos": "position",
    **dict.fromkeys(_words("media:content media:group"), INERT),
    **dict.fromkeys(_words("media:thumbnail media:credit media:rating media:player"), LEAF),
    **dict.fromkeys(_words("itunes:image itunes:explicit itunes:block itunes:subtitle"), LEAF),
    "published": "published",
    "issued": "published",
    "pubdate": "published",
    "dcterms:issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc:date": "updated",
    "dcterms:modified": "updated",
    "created": "created",
    "dcterms:created": "created",
    "link": "link",
    "guid": "guid",
    "id": "guid",
    "language": "language",
    "dc:language": "language",
}
ENTRY = {
    **_BOTH,
    "title": "title",
    "media:title": "media_title",
    "description": "words",
    "summary": "words",
    "dc:description": "words",
    "itunes:summary": "words",
    "media:description": "media_words",
    "content": "content",
    "content:encoded": "content",
    "author": "author",
    "dc:creator": "author",
    "dc:author": "author",
    "itunes:author": "author",
    "category": "category",
    "dc:subject": "category",
    "source": "no_more_title",
    "image": "no_more_title",
    "enclosure": LEAF,
}
FEED = {
    **_BOTH,
    "title": "title",
    "description": LEAF,
    "author": INERT,
    "managingeditor": PERSON,
    "dc:creator": PERSON,
    "itunes:author": PERSON,
    "category": LEAF,
    "dc:subject": LEAF,
    "ttl": "ttl",
    "sy:updateperiod": "period",
    "sy:updatefrequency": "frequency",
    "image": "picture",
    "item": "entry",
    "entry": "entry",
}
# What stands in no table under these prefixes has no meaning of its own.
OPEN = frozenset(_words("admin dcterms dc feedburner geo georss itunes media slash sy thr wfw"))
CLOSED = frozenset(
    _words(
        "dc:title dcterms:valid feedburner:browserfriendly media:category media:keywords "
        "media:license media:restriction itunes:category itunes:keywords itunes:owner itunes:name "
        "itunes:email itunes:link itunes:summary dc:description dc:author media:title "
        "media:description georss:where"
    )
)
_DECLARED = re.compile(r"""xmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def known_namespace(uri: str) -> str | None:
    """feedparser's prefix of a namespace that this reader knows, None of any other."""
    return _KNOWN.get(uri.lower())


def foreign_namespace(uri: str) -> bool:
    """Whether feedparser may know the namespace, and this reader does not."""
    lowered = uri.lower()
    return lowered not in _KNOWN and bool(_FOREIGN.match(lowered) or "userland" in lowered)


def names_are_plain(xml: Xml) -> bool:
    """Whether every prefix means one namespace throughout, and no standard one another."""
    declared = _DECLARED.findall(xml.text)
    if len(declared) != xml.text.count("xmlns"):
        return False
    meanings: dict[str, str] = {}
    at_root = xml.root.nsmap
    for prefix, double, single in declared:
        uri = double or single
        if not uri or not prefix.isascii() or meanings.setdefault(prefix, uri) != uri:
            return False
        if at_root.get(prefix or None) != uri and (not prefix or uri.endswith("/xlink")):
            return False
    lowered = [prefix.lower() for prefix in meanings]
    if len(set(lowered)) != len(lowered):
        return False
    return all(
        prefix.lower() not in RESERVED_PREFIXES
        or known_namespace(uri) == prefix
        or (foreign_namespace(uri) and not _used(xml, prefix))
        for prefix, uri in meanings.items()
    )


def _used(xml: Xml, prefix: str) -> bool:
    return f"<{prefix}:" in xml.text


def purpose(element: Element, table: dict[str, str]) -> str | None:
    """What the element is in `table` (ENTRY or FEED); None sends the document to feedparser."""
    tag = element.tag
    if not isinstance(tag, str):
        return None
    space, _, name = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    if not _NAME.fullmatch(name):
        return None
    standard = known_namespace(space) if space else ""
    lowered = name.lower()
    if standard is None:
        prefix = element.prefix
        if prefix is None or prefix.lower() in RESERVED_PREFIXES or foreign_namespace(space):
            return None
        return PERSON if name in PEOPLE else UNKNOWN
    if not standard:
        found = table.get(lowered)
        if found is None and lowered not in RESERVED_NAMES:
            return PERSON if name in PEOPLE else UNKNOWN
        return found
    full = f"{standard}:{lowered}"
    found = table.get(full)
    if found is None and standard in OPEN and full not in CLOSED:
        return PERSON if name in PEOPLE else UNKNOWN
    return found
