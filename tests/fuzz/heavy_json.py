"""Heavy families in JSON, and web pages and bytes that are no feed at all."""

from __future__ import annotations

from tests.fuzz.building import Builder, as_json, features, feed

JSON: dict[str, Builder] = {
    "nested lists": lambda n: b"[" * n,
    "nested lists, closed": lambda n: b"[" * (n // 2) + b"]" * (n // 2),
    "nested objects": lambda n: b'{"a":' * (n // 5),
    "signs { alone": lambda n: b"{" * n,
    "a number of digits": lambda n: b'{"items":[{"id":' + b"9" * n + b"}]}",
    "a number of digits in a feed": lambda n: (
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":'
        + b"9" * 4000
        + b"}]}"
        + b" " * n
    ),
    "numbers too large": lambda n: (
        b'{"type":"FeatureCollection","features":[{"properties":{"mag":1e999999,"ids":","}}'
        + b",1e999999" * (n // 9)
        + b"]}"
    ),
    "a string of escapes": lambda n: b'{"a":"' + b"\\u0041" * (n // 6) + b'"}',
    "a string of halves": lambda n: (
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"a","title":"'
        + b"\\ud800" * (n // 6)
        + b'"}]}'
    ),
    "a string without end": lambda n: b'{"a":"' + b"a" * n,
    "members of an object": lambda n: as_json({f"k{i}": i for i in range(n // 14)}),
    "equal members": lambda n: b"{" + b'"a":1,' * (n // 6) + b'"a":1}',
    "items of a feed": lambda n: as_json(
        {
            "version": "https://jsonfeed.org/version/1",
            "items": [{"id": str(i), "title": "t"} for i in range(n // 30)],
        }
    ),
    "equal items of a feed": lambda n: as_json(
        {"version": "https://jsonfeed.org/version/1", "items": [{"id": "a"}] * (n // 13)}
    ),
    "empty items of a feed": lambda n: as_json(
        {"version": "https://jsonfeed.org/version/1", "items": [{}] * (n // 4)}
    ),
    "tags of an item": lambda n: feed(tags=[f"t{i}" for i in range(n // 9)]),
    "authors of an item": lambda n: feed(authors=[{"name": f"a{i}"} for i in range(n // 18)]),
    "a title of letters": lambda n: feed(title="a" * n),
    "a content of markup": lambda n: feed(content_html="<p>x" * (n // 4)),
    "a link of letters": lambda n: feed(url="https://a.example/" + "a" * n),
    "a link of parameters": lambda n: feed(url="https://a.example/?" + "a=1&" * (n // 4)),
    "an id of letters": lambda n: feed(id="a" * n),
    "a language of letters": lambda n: feed(language="a-" * (n // 2)),
    "a date of letters": lambda n: feed(date_published="1" * n),
    "quakes": lambda n: features(n // 80),
    "ids of a quake": lambda n: features(
        1, properties={"mag": 5, "ids": ",".join(f"us{i}" for i in range(n // 8))}
    ),
    "a geometry of points": lambda n: features(
        1, geometry={"type": "LineString", "coordinates": [[1.5, 2.5]] * (n // 12)}
    ),
    "a geometry of empty lists": lambda n: features(
        1, geometry={"type": "Polygon", "coordinates": [[]] * (n // 4)}
    ),
    "a geometry of broken points": lambda n: features(
        1, geometry={"type": "LineString", "coordinates": [[999, 999]] * (n // 12)}
    ),
    "a geometry of geometries": lambda n: features(
        1, geometry={"geometries": [{"coordinates": [1, 2]}] * (n // 26)}
    ),
    "weather alerts": lambda n: features(
        1,
        properties={
            "msgType": "Alert",
            "parameters": {f"p{i}": ["a"] for i in range(n // 30)},
            "geocode": {"UGC": [f"X{i}" for i in range(n // 20)]},
        },
    ),
    "references of a weather alert": lambda n: features(
        1,
        properties={
            "msgType": "Update",
            "references": [{"identifier": f"i{i}"} for i in range(n // 25)],
        },
    ),
    "GDACS countries": lambda n: features(
        1,
        properties={
            "eventtype": "EQ",
            "eventid": 1,
            "affectedcountries": [{"iso3": "THA", "countryname": "Thailand"}] * (n // 45),
        },
    ),
    "GDACS text for an object": lambda n: features(
        1,
        properties={"eventtype": "EQ", "eventid": 1, "url": "{" * n, "affectedcountries": "[" * n},
    ),
    "Indonesian quakes": lambda n: as_json({"Infogempa": {"gempa": [{"Jam": "1"}] * (n // 14)}}),
    "an Indonesian coordinate": lambda n: as_json(
        {"Infogempa": {"gempa": {"Coordinates": "9" * n, "Lintang": "9" * n, "Magnitude": "9" * n}}}
    ),
    "European warnings": lambda n: as_json(
        {"warnings": [{"alert": {"identifier": str(i)}} for i in range(n // 35)]}
    ),
    "areas of a European warning": lambda n: as_json(
        {"warnings": [{"alert": {"info": [{"area": [{"areaDesc": "a"}] * (n // 20)}]}}]}
    ),
    "blocks of a European warning": lambda n: as_json(
        {
            "warnings": [
                {
                    "alert": {
                        "info": [{"event": f"e{i}", "description": f"d{i}"} for i in range(n // 45)]
                    }
                }
            ]
        }
    ),
    "Canadian countries": lambda n: as_json(
        {"data": {f"c{i}": {"advisory-state": 1} for i in range(n // 32)}}
    ),
    "German countries": lambda n: as_json(
        {"response": {str(i): {"partialWarning": True} for i in range(n // 35)}}
    ),
    "British countries": lambda n: as_json(
        {
            "schema_name": "travel_advice_index",
            "links": {
                "children": [
                    {"base_path": f"/a/{i}", "title": "Laos travel advice"} for i in range(n // 55)
                ]
            },
        }
    ),
    "American advisories": lambda n: as_json(
        [{"Title": f"T{i} - Level 1: a", "Link": f"https://a.example/{i}"} for i in range(n // 75)]
    ),
    "an American advisory": lambda n: as_json([{"Title": "Laos -" + " " * n + "x", "Link": "a"}]),
    "outbreak news": lambda n: as_json({"value": [{"DonId": str(i)} for i in range(n // 18)]}),
    "disasters": lambda n: as_json(
        {"data": [{"id": i, "fields": {"glide": "A" * 50}} for i in range(n // 90)]}
    ),
    "countries of a disaster": lambda n: as_json(
        {"data": [{"id": 1, "fields": {"country": [{"name": f"c{i}"} for i in range(n // 18)]}}]}
    ),
}

PAGES: dict[str, Builder] = {
    "a page of text": lambda n: b"<html>" + b"a " * (n // 2),
    "a page of links": lambda n: b"<html>" + b"<link " * (n // 6),
    "a page of half links": lambda n: b"<html>" + b"<link rel=alternate href=" * (n // 25),
    "a page of feed links": lambda n: (
        b"<html>" + b"<link type='application/rss+xml' href='x:'>" * (n // 43)
    ),
    "a page of titles": lambda n: b"<html>" + b"<title " * (n // 7),
    "a page of types": lambda n: b"<html>" + b"type = " * (n // 7) + b"type" + b" " * n,
    "a page after comments": lambda n: b"<!---->" * (n // 7) + b"<html>",
    "a page after a comment": lambda n: b"<!--" + b"x" * n + b"--><html>",
    "a page in old letters": lambda n: b"<html>" + b"\xa1\xd2\xe0" * (n // 3),
    "an address of a feed": lambda n: (
        b"<html><link type='application/rss+xml' href='" + b"a" * 900 + b"'>" + b" " * n
    ),
    "wide letters": lambda n: (b"<rss>" + b"a" * (n // 2)).decode().encode("utf-16-le"),
    "binary": lambda n: bytes(range(256)) * (n // 256),
    "plain text": lambda n: b"no feed at all " * (n // 15),
}
