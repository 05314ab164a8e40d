"""Heavy families for CAP, telegrams, and the extensions that items carry."""

from __future__ import annotations

from tests.fuzz.building import CAP, Builder, alert, filled, item, many, rss

ALERTS: dict[str, Builder] = {
    "references of an alert": lambda n: alert(
        f"<references>{many('s,i{},2026-01-02T03:04:05+00:00 ', n)}</references>"
    ),
    "incidents of an alert": lambda n: alert(f"<incidents>{filled('i ', n)}</incidents>"),
    "categories of an alert": lambda n: alert("", many("<category>c{}</category>", n)),
    "events of an alert": lambda n: alert("", many("<event>e{}</event>", n)),
    "parameters of an alert": lambda n: alert(
        "", many("<parameter><valueName>v{}</valueName><value>x</value></parameter>", n)
    ),
    "VTEC parameters of an alert": lambda n: alert(
        "",
        filled(
            "<parameter><valueName>VTEC</valueName><value>"
            "/O.NEW.KABC.FL.W.0001.000000T0000Z-000000T0000Z/</value></parameter>",
            n,
        ),
    ),
    "codes of an alert": lambda n: alert(
        "", "", many("<geocode><valueName>UGC</valueName><value>X{}</value></geocode>", n)
    ),
    "one huge polygon": lambda n: alert("", "", f"<polygon>{filled('10.5,20.5 ', n)}</polygon>"),
    "polygon of digits": lambda n: alert("", "", f"<polygon>{'9' * n}</polygon>"),
    "many polygons": lambda n: alert("", "", filled("<polygon>1,2 3,4 1,2</polygon>", n)),
    "many broken polygons": lambda n: alert("", "", filled("<polygon>x</polygon>", n)),
    "many circles": lambda n: alert("", "", filled("<circle>x</circle>", n)),
    "many areas": lambda n: alert("", f"{many('<area><areaDesc>a{}</areaDesc></area>', n)}"),
    "many blocks": lambda n: alert(
        many("<info><event>e{0}</event><description>d{0}</description></info>", n)
    ),
    "many blocks of many languages": lambda n: alert(
        filled("<info><language>fr</language></info>", n)
    ),
    "an instruction of words": lambda n: alert("", f"<instruction>{'a ' * (n // 2)}</instruction>"),
    "a headline of letters": lambda n: alert("", f"<headline>{'a' * n}</headline>"),
    "an event of letters": lambda n: alert("", f"<event>{filled('flash ', n)}</event>"),
    "a severity of letters": lambda n: alert("", f"<severity>{'a' * n}</severity>"),
    "a note of references": lambda n: alert(f"<note>{filled('a,', n)}</note>"),
    "areas of coordinates": lambda n: alert(
        "", "", filled("<Point><coordinates>1,2</coordinates></Point>", n)
    ),
    "nested areas": lambda n: alert("", filled("<area>", n // 2) + filled("</area>", n // 2)),
    "alerts in an envelope": lambda n: (
        "<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'>"
        + many(f"<alert xmlns='{CAP}'><identifier>i{{}}</identifier></alert>", n)
        + "</EDXLDistribution>"
    ).encode(),
    "equal alerts in an envelope": lambda n: (
        "<alerts>"
        + filled(f"<alert xmlns='{CAP}'><identifier>i</identifier></alert>", n)
        + "</alerts>"
    ).encode(),
    "alerts as text": lambda n: (
        "<alerts>"
        + filled(f"<a>&lt;alert xmlns='{CAP}'>&lt;identifier>i&lt;/identifier>&lt;/alert></a>", n)
        + "</alerts>"
    ).encode(),
    "alerts in items": lambda n: rss(
        many(f"<item><alert xmlns='{CAP}'><identifier>i{{}}</identifier></alert></item>", n)
    ),
    "alerts outside of items": lambda n: rss(
        many(f"<alert xmlns='{CAP}'><identifier>i{{}}</identifier></alert>", n)
    ),
    "CAP fields of an entry": lambda n: rss(
        item(filled("<c:event>Flood</c:event>", n)), f" xmlns:c='{CAP}'"
    ),
    "a JMA telegram of areas": lambda n: (
        "<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Control><Title>t</Title></Control>"
        "<Head><Headline><Information>"
        + many("<Item><Kind><Name>k{0}</Name></Kind><Area><Name>n{0}</Name></Area></Item>", n)
        + "</Information></Headline></Head></Report>"
    ).encode(),
    "a JMA telegram of texts": lambda n: (
        "<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Body>" + filled("<Text>", n)
    ).encode(),
    "a JMA telegram of nested texts": lambda n: (
        "<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Body>"
        + "<Text>x" * 150
        + "a" * n
        + "</Text>" * 150
        + "</Body></Report>"
    ).encode(),
    "a JMA coordinate of digits": lambda n: (
        "<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Body><Area><Coordinate>"
        + "+"
        + "1" * n
        + "</Coordinate></Area></Body></Report>"
    ).encode(),
    "a JMA coordinate of signs": lambda n: (
        "<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Body><Area><Coordinate>"
        + "+1" * (n // 2)
        + "</Coordinate></Area></Body></Report>"
    ).encode(),
    "Thai quakes": lambda n: (
        "<DailySeismicEvents>"
        + many("<DailyEarthquakes><OriginThai>o{}</OriginThai></DailyEarthquakes>", n)
        + "</DailySeismicEvents>"
    ).encode(),
    "Thai warnings": lambda n: (
        "<WarningNews>" + many("<Warning><IssueNo>{}</IssueNo></Warning>", n) + "</WarningNews>"
    ).encode(),
    "Japanese notices": lambda n: (
        "<opendata>" + many("<mail><keyCd>{}</keyCd></mail>", n) + "</opendata>"
    ).encode(),
    "Japanese countries": lambda n: (
        "<opendata>"
        + filled("<mail>" + "<country><name>n</name></country>" * 50 + "</mail>", n)
        + "</opendata>"
    ).encode(),
    "nested Japanese notices": lambda n: ("<opendata>" + filled("<mail>", n)).encode(),
    "nested Japanese countries": lambda n: (
        "<opendata>" + filled("<country><riskLevel1>1</riskLevel1>", n)
    ).encode(),
    "a GDACS list of countries": lambda n: rss(
        item(f"<g:eventtype>EQ</g:eventtype><g:iso3>{filled('THA ', n)}</g:iso3>"),
        " xmlns:g='http://www.gdacs.org'",
    ),
    "GDACS names of countries": lambda n: rss(
        item(f"<g:eventtype>EQ</g:eventtype><g:country>{filled('Laos, ', n)}</g:country>"),
        " xmlns:g='http://www.gdacs.org'",
    ),
    "a GDACS depth of blanks": lambda n: rss(
        item(f"<g:severity>depth{' ' * n}x</g:severity>"), " xmlns:g='http://www.gdacs.org'"
    ),
    "a tsunami summary of blanks": lambda n: rss(
        "<item><link>https://www.tsunami.gov/events/</link>"
        f"<description>Category:{' ' * n}.Magnitude:{' ' * n}.</description></item>"
    ),
    "a tsunami summary of categories": lambda n: rss(
        "<item><link>https://www.tsunami.gov/events/</link>"
        f"<description><![CDATA[{filled('Category: </', n)}]]></description></item>"
    ),
    "an American title of blanks": lambda n: rss(
        f"<item><title>Level 1{'  -  ' * (n // 5)}</title>"
        "<link>https://travel.state.gov/a</link></item>"
    ),
    "an American title of no ends": lambda n: rss(
        f"<item><title>travel advis{chr(160) * (n // 2)}x</title>"
        "<link>https://travel.state.gov/a</link></item>"
    ),
    "an American title of levels": lambda n: rss(
        f"<item><title>{'Level 1 a ' * (n // 10)}1</title>"
        "<link>https://travel.state.gov/a</link></item>"
    ),
    "a Norwegian title of dashes": lambda n: rss(
        f"<item><title>a{' - reiseinformasjon x' * (n // 20)}</title></item>"
    ),
    "a Norwegian title of blanks": lambda n: rss(
        f"<item><title><![CDATA[a{' ' * n}- x]]></title></item>"
    ),
    "Australian warnings": lambda n: rss(
        item(
            "<title>Laos</title>" + many("<s:warnings><s:coverage>c{}</s:coverage></s:warnings>", n)
        ),
        " xmlns:s='http://smartraveller.gov.au/schema'",
    ),
    "a cyclone of facts": lambda n: rss(
        item(f"<n:Cyclone>{many('<n:f{0}>1</n:f{0}>', n)}</n:Cyclone>"),
        " xmlns:n='https://www.nhc.noaa.gov'",
    ),
    "an EMSC title": lambda n: rss(
        f"<item><title>M{' ' * n}5</title><e:time>2026</e:time>"
        f"<e:magnitude>{'A' * n}</e:magnitude></item>",
        " xmlns:e='https://www.emsc-csem.org'",
    ),
    "a USGS title": lambda n: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
        "<id>urn:earthquake-usgs-gov:us:1</id>"
        f"<title>M {'1' * n}</title><summary>{filled('2026-01-01 ', n)}</summary></entry></feed>"
    ).encode(),
}
