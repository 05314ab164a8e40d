"""Heavy families for the readers of RSS, RDF, Atom, and of XML as such."""

from __future__ import annotations

from tests.fuzz.building import (
    CAP,
    ITEM,
    Builder,
    described,
    filled,
    item,
    many,
    rss,
    titled,
)

XML: dict[str, Builder] = {
    "nested tags": lambda n: rss(filled("<a>", n // 2) + filled("</a>", n // 2)),
    "nested tags in a title": lambda n: rss(
        item(f"<title>{filled('<b>', n // 2)}{filled('</b>', n // 2)}</title>")
    ),
    "nested tags never closed": lambda n: rss(filled("<a>", n)),
    "nested markup in a title": lambda n: titled(filled("<div>", n)),
    "nested markup in a description": lambda n: described(filled("<b><i>", n)),
    "nested items": lambda n: rss(filled("<item>", n // 2) + filled("</item>", n // 2)),
    "nested items never closed": lambda n: rss(filled("<item>", n)),
    "nested alerts": lambda n: f"<alert xmlns='{CAP}'>".encode() + b"<alert>" * (n // 8),
    "attributes of a tag": lambda n: rss("", many(" a{}='1'", n)),
    "attributes of an item": lambda n: rss("<item" + many(" a{}='1'", n) + f">{ITEM}</item>"),
    "attributes never closed": lambda n: b"<rss" + many(" a{}='1'", n).encode(),
    "one long attribute": lambda n: rss("", f" a='{filled('x', n)}'"),
    "namespaces of a tag": lambda n: rss("", many(" xmlns:n{0}='u{0}'", n)),
    "namespaces of many items": lambda n: rss(many("<item xmlns:n{0}='u{0}'/>", n)),
    "nested namespaces": lambda n: rss(many("<a xmlns:n{0}='u{0}'>", n)),
    "a title of text": lambda n: titled(filled("word ", n)),
    "a title without blanks": lambda n: titled(filled("a", n)),
    "a title of marks": lambda n: titled("a" + filled("\u0301", n)),
    "a title of joiners": lambda n: titled("a" + filled("\u200d", n)),
    "a title of Thai marks": lambda n: titled("ก" + filled("\u0e49", n)),
    "a title of flags": lambda n: titled(filled("\U0001f1e6", n)),
    "a title of opened tags": lambda n: titled(filled("<a", n)),
    "a title of opened tags, apart": lambda n: titled(filled("<a ", n)),
    "a title of signs <": lambda n: titled(filled("<", n)),
    "a title of signs &": lambda n: titled(filled("&", n)),
    "a title of references": lambda n: titled(filled("&amp;", n)),
    "a title of half references": lambda n: titled(filled("&a", n)),
    "a title of comments": lambda n: titled(filled("<!--", n)),
    "a title of blanks": lambda n: titled(f"x{filled(' ', n)}x"),
    "a title of bare &": lambda n: rss(item(f"<title>{filled('&', n)}</title>")),
    "a title of bare &#": lambda n: rss(item(f"<title>{filled('&#', n)}</title>")),
    "a title of numbers": lambda n: rss(item(f"<title>&#{filled('9', n)};</title>")),
    "a title of unknown entities": lambda n: rss(item(f"<title>{many('&e{};', n)}</title>")),
    "a title of CDATA": lambda n: rss(item(f"<title>{filled('<![CDATA[x]]>', n)}</title>")),
    "an author without end": lambda n: rss(item(f"<author>{filled('a', n)}</author>")),
    "an author of addresses": lambda n: rss(item(f"<author>{filled('a@a.a ', n)}</author>")),
    "an author of @": lambda n: rss(item(f"<author>{filled('@', n)}</author>")),
    "an author of brackets": lambda n: rss(item(f"<author>{filled('(', n)}</author>")),
    "an author of many parts": lambda n: rss(item(f"<author>{filled('aaaa<b/>', n)}</author>")),
    "an author of CDATA": lambda n: rss(item(f"<author>{filled('<![CDATA[a]]>', n)}</author>")),
    "a publisher of letters": lambda n: rss(f"<managingEditor>{filled('a.', n)}</managingEditor>"),
    "many authors": lambda n: rss(item(filled("<author>a@feeds.example (a)</author>", n))),
    "many creators": lambda n: rss(
        item(filled("<dc:creator>a</dc:creator>", n)),
        " xmlns:dc='http://purl.org/dc/elements/1.1/'",
    ),
    "many categories": lambda n: rss(item(many("<category>c{}</category>", n))),
    "many titles": lambda n: rss(item(filled("<title>t</title>", n))),
    "many links": lambda n: rss(item(many("<link>https://feeds.example/{}</link>", n))),
    "many enclosures": lambda n: rss(item(many("<enclosure url='https://a.example/{}'/>", n))),
    "many contents": lambda n: rss(item(filled("<content>c</content>", n))),
    "many channels": lambda n: rss(filled("</channel><channel>", n)),
    "many points": lambda n: rss(
        item(filled("<g:point>1 2</g:point>", n)), " xmlns:g='http://www.georss.org/georss'"
    ),
    "empty items": lambda n: rss(filled("<item/>", n)),
    "small items": lambda n: rss(many("<item><title>t{}</title></item>", n)),
    "equal items": lambda n: rss(filled(item("<title>t</title>"), n)),
    "equal ids": lambda n: rss(many("<item><guid>a</guid><title>t{}</title></item>", n)),
    "items in items": lambda n: rss(filled("<item><item/></item>", n)),
    "items never closed": lambda n: rss(filled("<item><title>t", n)),
    "a link of letters": lambda n: rss(f"<item><link>https://a.example/{'a' * n}</link></item>"),
    "a link of slashes": lambda n: rss(f"<item><link>{filled('../', n)}</link></item>"),
    "a link of blanks": lambda n: rss(f"<item><link>{filled(' x', n)}</link></item>"),
    "a date of digits": lambda n: rss(f"<item><pubDate>{'9' * n}</pubDate></item>"),
    "a date of words": lambda n: rss(f"<item><pubDate>{filled('jan ', n)}</pubDate></item>"),
    "a date of colons": lambda n: rss(f"<item><pubDate>{filled('1:', n)}</pubDate></item>"),
    "a date of blanks": lambda n: rss(f"<item><pubDate>1{' ' * n}1</pubDate></item>"),
    "a time to live of digits": lambda n: rss(f"<ttl>{'9' * n}</ttl>"),
    "a point of digits": lambda n: rss(
        item(f"<g:point>{'9' * n}</g:point>"), " xmlns:g='http://www.georss.org/georss'"
    ),
    "a polygon in an item": lambda n: rss(
        item(f"<g:polygon>{filled('1.5 2.5 ', n)}</g:polygon>"),
        " xmlns:g='http://www.georss.org/georss'",
    ),
    "a document type of entities": lambda n: (
        b"<!DOCTYPE rss ["
        + many("<!ENTITY e{} 'x'>", n).encode()
        + b"]>"
        + rss(item("<title>&e1;</title>"))
    ),
    "a document type without end": lambda n: b"<!DOCTYPE rss [" + b"<!ENTITY a 'b'>" * (n // 15),
    "a document type of brackets": lambda n: b"<!DOCTYPE rss [" + b"]" * n,
    "a document type of spaced brackets": lambda n: b"<!DOCTYPE rss [" + b"] " * (n // 2),
    "a document type of blanks": lambda n: b"<!DOCTYPE rss []" + b" " * n + b"x" + rss(""),
    "document types alone": lambda n: b"<!DOCTYPE" * (n // 9) + b"[",
    "document types, one after the other": lambda n: b"<!DOCTYPE a>" * (n // 12) + rss(""),
    "comments before the root": lambda n: b"<!-- c -->" * (n // 10) + rss(""),
    "comments never closed": lambda n: b"<rss>" + b"<!-- " * (n // 5),
    "comments inside": lambda n: rss(filled("<!-- c -->", n)),
    "instructions": lambda n: rss(filled("<?a b?>", n)),
    "instructions before the root": lambda n: b"<?xml " * (n // 6) + rss(""),
    "CDATA never closed": lambda n: b"<rss>" + b"<![CDATA[" * (n // 9),
    "signs < alone": lambda n: b"<" * n,
    "signs <! alone": lambda n: b"<!" * (n // 2),
    "signs <? alone": lambda n: b"<?" * (n // 2),
    "signs </ alone": lambda n: b"</" * (n // 2),
    "signs <a alone": lambda n: b"<a" * (n // 2),
    "signs & alone": lambda n: b"<r>" + b"&" * n,
    "signs ; alone": lambda n: b"<r>" + b"&a;" * (n // 3),
    "quotes alone": lambda n: b"<r a=" + b"'" * n,
    "closing tags alone": lambda n: b"<r>" + b"</a>" * (n // 4),
    "NUL bytes": lambda n: b"<rss>" + b"\x00" * 8 + b"a" * 5000 + b"\x00" * n,
    "forbidden characters": lambda n: rss(filled("\x01", n)),
    "blanks before the root": lambda n: b" \n" * (n // 2) + rss(""),
    "blanks alone": lambda n: b" " * n,
    "byte order marks": lambda n: b"\xef\xbb\xbf" * (n // 3) + rss(""),
    "stray bytes": lambda n: b"<rss><channel><title>" + b"\xe9\x81" * (n // 2),
    "stray letters": lambda n: b"<rss><channel><title>" + b"\xe9a" * (n // 2),
    "an atom feed of links": lambda n: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id>"
        + many("<link rel='alternate' href='/{}'/>", n)
        + "</entry></feed>"
    ).encode(),
    "an atom feed of nested bases": lambda n: (
        "<feed xmlns='http://www.w3.org/2005/Atom'>" + many("<entry xml:base='{}/'>", n)
    ).encode(),
    "an atom title of inline markup": lambda n: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'>"
        + filled("<b>x</b>", n)
        + "</div></title></entry></feed>"
    ).encode(),
    "an atom content in base64": lambda n: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='application/x'>"
        + filled("QUJD", n)
        + "</content></entry></feed>"
    ).encode(),
    "an rdf of items": lambda n: (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/'>"
        + many("<item rdf:about='{}'><title>t</title></item>", n)
        + "</rdf:RDF>"
    ).encode(),
}
