"""Documents of our own to begin a fuzz run with, by the readers they lead to.

Where the samples of real feeds stand beside the project, `real` reads those as well.
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "feeds"
_LONGEST = 60_000  # of a real document; a fuzz run needs many short ones

_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_INFO = """<info><language>{language}</language><category>Met</category><event>Flood</event>
<responseType>Evacuate</responseType><urgency>Immediate</urgency><severity>Extreme</severity>
<certainty>Observed</certainty><onset>2026-01-02T03:04:05+07:00</onset>
<expires>2026-01-03T03:04:05+07:00</expires><senderName>Office</senderName>
<headline>Flood on the lower river</headline><description>Water rises.</description>
<instruction>Leave.</instruction><web>https://agency.example/1</web>
<parameter><valueName>VTEC</valueName>
<value>/O.NEW.KABC.FL.W.0001.260102T0304Z-260103T0304Z/</value></parameter>
<eventCode><valueName>SAME</valueName><value>FLW</value></eventCode>
<area><areaDesc>Vientiane</areaDesc><polygon>17.9,102.6 18.0,102.7 17.9,102.6</polygon>
<circle>17.9,102.6 5</circle><geocode><valueName>ISO3166-2</valueName><value>LA-VT</value>
</geocode></area></info>"""


def _alert(*languages: str, kind: str = "Update", more: str = "") -> str:
    blocks = "".join(_INFO.format(language=language) for language in languages)
    return (
        f"<alert xmlns='{_CAP}'><identifier>2.49.0.0.418.0.1</identifier>"
        "<sender>office@agency.example</sender><sent>2026-01-02T03:04:05+07:00</sent>"
        f"<status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>"
        "<references>office@agency.example,1,2026-01-01T00:00:00+07:00</references>"
        f"{blocks}{more}</alert>"
    )


FEEDS: tuple[bytes, ...] = tuple(
    text.encode()
    for text in (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>Wire</title>"
        "<link>https://wire.example/</link><language>th-TH</language><ttl>15</ttl>"
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        "<item><title>น้ำท่วม &amp;amp; <![CDATA[<b>flood</b>]]></title><guid isPermaLink='false'>a"
        "</guid><link>/a?utm_source=x&amp;id=1</link><pubDate>จันทร์ 16 ก.พ. 2569 22:50:00 +0700"
        "</pubDate><dc:creator>Office</dc:creator><category>News</category>"
        "<description>&lt;p&gt;Text&lt;/p&gt;</description><content:encoded>Long</content:encoded>"
        "</item><item><title>Second</title><link>https://wire.example/b</link>"
        "<dc:date>2026-01-02</dc:date></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en' xml:base='https://wire.example/'>"
        "<title type='html'>Wire</title><updated>2026-01-02T03:04:05Z</updated><entry>"
        "<id>tag:wire.example,2026:1</id><title type='xhtml'><div "
        "xmlns='http://www.w3.org/1999/xhtml'>A <b>b</b></div></title><link rel='alternate' "
        "href='1'/><updated>2026-01-02T03:04:05.678+07:00</updated><summary>s</summary>"
        "<author><name>Office</name></author><content type='html'>&lt;p&gt;x</content></entry>"
        "</feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/'><channel rdf:about='x'><title>t</title></channel>"
        "<item rdf:about='https://wire.example/1'><title>t</title>"
        "<link>https://wire.example/1</link></item></rdf:RDF>",
        "<rss version='2.0' xmlns:gdacs='http://www.gdacs.org' "
        "xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#'><channel><item><title>Quake</title>"
        "<guid>EQ1</guid><geo:Point><geo:lat>-6.5</geo:lat><geo:long>109</geo:long></geo:Point>"
        "<gdacs:eventtype>EQ</gdacs:eventtype><gdacs:eventid>1</gdacs:eventid>"
        "<gdacs:alertlevel>Red</gdacs:alertlevel><gdacs:severity unit='M' value='6.5'>Magnitude "
        "6.5M, Depth:10km</gdacs:severity><gdacs:population unit='x' value='1000'>1000 in 100 km"
        "</gdacs:population><gdacs:country>Laos, Viet Nam</gdacs:country>"
        "<gdacs:iso3>LAO</gdacs:iso3><gdacs:glide>EQ-2026-000001-LAO</gdacs:glide>"
        "<gdacs:fromdate>Mon, 16 Feb 2026 22:50:00 GMT</gdacs:fromdate></item></channel></rss>",
        "<rss version='2.0' xmlns:emsc='https://www.emsc-csem.org'><channel><item>"
        "<title>ML 3.2 JAVA</title><link>https://quakes.example/?id=123456</link>"
        "<emsc:magnitude>mb 4.5</emsc:magnitude><emsc:depth>10 f</emsc:depth>"
        "<emsc:time>2026-01-02 03:04:05 UTC</emsc:time></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:georss='http://www.georss.org/georss'>"
        "<entry><id>urn:earthquake-usgs-gov:us:7000abcd</id><title>M 5.1 - 10 km N of Town</title>"
        "<updated>2026-01-02T03:04:05Z</updated><georss:point>-6.1 109.2</georss:point>"
        "<georss:elev>-10000</georss:elev><summary>2026-01-02 03:04:05 UTC</summary></entry>"
        "</feed>",
        f"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:cap='{_CAP}'><entry><id>1</id>"
        "<title>Warning</title><updated>2026-01-02T03:04:05Z</updated><cap:event>Flood</cap:event>"
        "<cap:severity>Severe</cap:severity><cap:msgType>Alert</cap:msgType><cap:areaDesc>a"
        "</cap:areaDesc><cap:polygon>1,2 3,4 1,2</cap:polygon></entry></feed>",
        "<rss version='2.0' xmlns:s='http://smartraveller.gov.au/schema/rss/'><channel><item>"
        "<title>Laos</title><s:warnings><s:coverage>Laos</s:coverage><s:level>2/5</s:level>"
        "<s:description>Exercise a high degree of caution</s:description></s:warnings></item>"
        "<item><title>Laos - Level 2: Exercise Increased Caution</title>"
        "<link>https://travel.state.gov/laos</link><category>LA</category></item>"
        "<item><title>Laos - reiseinformasjon</title></item></channel></rss>",
        "<rss version='2.0' xmlns:nhc='https://www.nhc.noaa.gov'><channel><item><title>Storm"
        "</title><nhc:Cyclone><nhc:center>15.1, -40.2</nhc:center><nhc:type>HURRICANE</nhc:type>"
        "<nhc:atcf>AL012026</nhc:atcf><nhc:wind>90 mph</nhc:wind></nhc:Cyclone></item>"
        "<item><link>https://www.tsunami.gov/events/PHEB/2026/01/02/26002000/1/</link>"
        "<description>Category: Warning Magnitude: 7.1(Mwp)</description></item></channel></rss>",
    )
)

ALERTS: tuple[bytes, ...] = tuple(
    text.encode()
    for text in (
        _alert("th", "en-US"),
        _alert(kind="Cancel"),
        _alert("en", more="<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>"),
        "<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'><contentObject>"
        f"<xmlContent><embeddedXMLContent>{_alert('en')}</embeddedXMLContent></xmlContent>"
        "</contentObject></EDXLDistribution>",
        f"<alerts>{_alert('en')}{_alert('fr', kind='Ack')}</alerts>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><content type='text/xml'>"
        f"{_alert('en')}</content></entry></feed>",
        "<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Control><Title>震源・震度に関する情報</Title>"
        "<DateTime>2026-01-02T03:04:05Z</DateTime><Status>通常</Status>"
        "<PublishingOffice>気象庁</PublishingOffice></Control><Head><Title>震度速報</Title>"
        "<ReportDateTime>2026-01-02T12:04:05+09:00</ReportDateTime><EventID>20260102120405"
        "</EventID><InfoType>発表</InfoType><Serial>1</Serial><InfoKind>地震情報</InfoKind>"
        "<Headline><Text>地震がありました。</Text><Information type='x'><Item><Kind>"
        "<Name>震度5</Name></Kind><Areas><Area><Name>石川県</Name></Area></Areas></Item></Information></Headline>"
        "</Head><Body><Earthquake><OriginTime>2026-01-02T12:03:00+09:00</OriginTime><Hypocenter>"
        "<Area><Name>能登</Name><Coordinate>+37.5+137.2-10000/</Coordinate></Area></Hypocenter>"
        "<Magnitude description='M8を超える'>NaN</Magnitude></Earthquake><Comments><Text>x</Text>"
        "</Comments></Body></Report>",
        "<DailySeismicEvents><header><lastBuildDate>2026-01-02 10:00:00</lastBuildDate></header>"
        "<DailyEarthquakes><OriginThai>ลาว</OriginThai><DateTimeUTC>2026-01-02 03:04:05"
        "</DateTimeUTC><Depth>10</Depth><Magnitude>4.5</Magnitude><Latitude>17.9</Latitude><Longitude>102.6"
        "</Longitude></DailyEarthquakes></DailySeismicEvents>",
        "<WarningNews><Warning><IssueNo>3</IssueNo><AnnounceDateTime>2569-02-16 17:00:00"
        "</AnnounceDateTime><TitleThai>พายุฤดูร้อน</TitleThai><DescriptionThai>x</DescriptionThai>"
        "</Warning></WarningNews>",
        "<opendata lastModified='2026/01/02 03:04:05'><mail><keyCd>1</keyCd><title>t</title>"
        "<leaveDate>2026/01/02</leaveDate><country><cd>0856</cd><name>ラオス</name></country></mail>"
        "<country><cd>0856</cd><name>ラオス</name><riskLevel2>1</riskLevel2></country></opendata>",
    )
)

VALUES: tuple[object, ...] = (
    {
        "version": "https://jsonfeed.org/version/1.1", "title": "Wire", "language": "en",
        "home_page_url": "https://wire.example/",
        "items": [{"id": 1, "url": "/a", "title": "t", "content_html": "<p>x</p>",
                   "date_published": "2026-01-02T03:04:05+07:00", "tags": ["a"],
                   "authors": [{"name": "Office"}]}],
    },
    {
        "type": "FeatureCollection", "metadata": {"generated": 1767323045000, "title": "Quakes"},
        "features": [{"type": "Feature", "id": "us1", "properties": {
            "mag": 5.1, "place": "Laos", "time": 1767323045000, "updated": 1767323046000,
            "ids": ",us1,ak2,", "type": "earthquake", "status": "automatic", "tsunami": 1,
            "alert": "green", "url": "https://quakes.example/us1"},
            "geometry": {"type": "Point", "coordinates": [102.6, 17.9, 10]}}],
    },
    {
        "type": "FeatureCollection",
        "features": [{"id": "https://alerts.example/1", "properties": {
            "@type": "wx:Alert", "id": "urn:1", "areaDesc": "a",
            "sent": "2026-01-02T03:04:05+07:00", "status": "Actual", "messageType": "Update",
            "severity": "Severe", "event": "Flood",
            "headline": "h", "geocode": {"UGC": ["AAZ001"], "SAME": ["000001"]},
            "parameters": {"VTEC": ["/O.CON.KABC.FL.W.0001.000000T0000Z-260103T0304Z/"]},
            "references": [{"identifier": "urn:0", "sender": "s", "sent": "2026-01-01"}]},
            "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}}],
    },
    {
        "type": "FeatureCollection",
        "features": [{"properties": {
            "eventtype": "TC", "eventid": 1001, "episodeid": 2, "name": "Storm",
            "alertlevel": "Orange", "severitydata": "{'severity': 120.5, 'severityunit': 'km/h'}",
            "affectedcountries": [{"iso3": "LAO", "countryname": "Laos"}],
            "url": {"report": "https://events.example/1"}, "fromdate": "2026-01-02T03:04:05",
            "iscurrent": "true", "glide": "TC-2026-000001-LAO"},
            "geometry": {"type": "Point", "coordinates": [102.6, 17.9]}}],
    },
    {
        "type": "FeatureCollection",
        "features": [{"properties": {"capurl": "la-office-en/1.xml", "event": "Flood", "s": 4,
                                     "u": 4, "c": 4, "sent": "2026-01-02 03:04:05"}},
                     {"id": 7, "properties": {"title": "Fire", "magnitude": "2.5", "depth": -3,
                                              "country": "Laos", "link": "https://a.example/7"},
                      "geometry": {"geometries": [{"coordinates": [181, 2]}]}}],
    },
    {"Infogempa": {"gempa": [{
        "Tanggal": "16 Feb 2026", "Jam": "13:15:30 WIB", "Coordinates": "-6.1,109.2",
        "DateTime": "2026-02-16T06:15:30+00:00", "Lintang": "6.1 LS", "Bujur": "109.2 BT",
        "Magnitude": "5.1", "Kedalaman": "10 km", "Wilayah": "Java", "Potensi": "Tidak",
        "Dirasakan": "III"}]}},
    {"warnings": [{"alert": {
        "identifier": "1", "sender": "s", "sent": "2026-01-02T03:04:05+01:00", "status": "Actual",
        "msgType": "Alert", "references": "s,0,2026-01-01T00:00:00+01:00",
        "info": [{"language": "de-DE", "event": "Sturm", "severity": "Severe", "headline": "h",
                  "parameter": [{"valueName": "awareness_level", "value": "3; orange"}],
                  "area": [{"areaDesc": "a", "geocode": [{"valueName": "EMMA_ID", "value": "DE1"}],
                            "polygon": ["1,2 3,4 1,2"]}]}]}}]},
    {"data": {"LA": {"advisory-state": 2, "date-published": {"timestamp": 1767323045},
                     "has-regional-advisory": 1, "recent-updates-type": "Editorial",
                     "eng": {"name": "Laos", "advisory-text": "Caution", "url-slug": "laos"}}},
     "metadata": {"generated": {"timestamp": 1767323045}}},
    {"response": {"1": {"partialWarning": True, "countryName": "Laos", "countryCode": "LA",
                        "effective": 1767323045, "lastModified": 1767323046}}},
    {"schema_name": "travel_advice_index", "title": "t", "locale": "en", "links": {"children": [
        {"base_path": "/foreign-travel-advice/laos", "title": "Laos travel advice",
         "public_updated_at": "2026-01-02T03:04:05Z",
         "details": {"country": {"name": "Laos", "slug": "laos"}, "change_description": "c"}}]}},
    {"schema_name": "travel_advice", "base_path": "/foreign-travel-advice/laos", "details": {
        "alert_status": ["avoid_all_travel_to_parts"], "country": {"name": "Laos"}}},
    [{"Title": "Laos - Level 2: Exercise Increased Caution", "Link": "https://travel.example/la",
      "Category": ["LA"], "Summary": "<p>s</p>", "Published": "2026-01-02T03:04:05-05:00"}],
    {"value": [{"DonId": "2026-DON1", "UrlName": "2026-DON1", "Title": "Cholera",
                "PublicationDate": "2026-01-02T03:04:05Z", "Summary": "s"}]},
    {"data": [{"id": "1", "fields": {"name": "Laos: Floods", "glide": "FL-2026-000001-LAO",
                                     "date": {"created": "2026-01-02T03:04:05+00:00"},
                                     "country": [{"name": "Laos", "iso3": "lao",
                                                  "location": {"lat": 17.9, "lon": 102.6}}]}}]},
    {"vulnerabilities": [{"cveID": "CVE-2026-0001", "vulnerabilityName": "n",
                          "dateAdded": "2026-01-02", "shortDescription": "s"}],
     "catalogVersion": "1", "dateReleased": "2026-01-02T03:04:05Z"},
    {"data": [{"event_id_cnty": "LAO1", "event_date": "2026-01-02", "event_type": "Battles",
               "country": "Laos", "latitude": "17.9", "longitude": "102.6", "fatalities": "3"}]},
    [{"severity": "ALERT", "severity_color": "orange", "disaster_type": "Flood", "identifier": "1",
      "area_description": "a", "centroid": "77.2,28.6", "warning_message": "w",
      "effective_start_time": "Fri Jan 02 03:04:05 IST 2026"}],
    {"error": {"message": "no such appname"}},
)  # fmt: skip

JSONS: tuple[bytes, ...] = tuple(json.dumps(value, ensure_ascii=False).encode() for value in VALUES)

PAGES: tuple[bytes, ...] = (
    b"<!doctype html><html><head><title>News</title><link rel='alternate' "
    b"type='application/rss+xml' href='/feed?a=1&amp;b=2'></head></html>",
    b"<!-- x --><html><title>Just a moment...</title><script>",
    b"<html><form><input type='password'></form></html>",
    "<rss><channel><item><title>ข่าว</title></item></channel></rss>".encode("cp874"),
    "<?xml version='1.0' encoding='tis-620'?><rss><channel><item><title>น้ำท่วม</title>"
    "</item></channel></rss>".encode("cp874"),
    "<rss><channel><item><title>地震情報です</title></item></channel></rss>".encode("cp932"),
    "<?xml version='1.0' encoding='utf-16'?><rss><channel/></rss>".encode("utf-16"),
    b"\xef\xbb\xbf\xef\xbb\xbf<rss><channel/></rss>",
)


def real(*endings: str) -> tuple[bytes, ...]:
    """The samples of real feeds whose names end so; none where they are not at hand."""
    if not REAL.is_dir():
        return ()
    paths = sorted(path for path in REAL.iterdir() if path.name.endswith(endings))
    return tuple(path.read_bytes()[:_LONGEST] for path in paths)
