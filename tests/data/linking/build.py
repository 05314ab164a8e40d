"""Make `stream.jsonl`, the stream on which the linking is set, from the hand-written texts.

The wordings and the events are invented and stand in the `.txt` files beside this one; here
they get their times, numbers and identities. The same every time: `python build.py`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
START = datetime(2031, 9, 1, tzinfo=UTC)
Row = dict[str, Any]
LATIN = ("en", "id", "vi", "es", "fr", "pt", "de")
SCRIPTS = {"en": 0, "th": 1, "zh": 2, "ja": 3, "ar": 4, "ru": 5}
COUNTRY = {**SCRIPTS, "es": 6, "fr": 7, "pt": 8, "de": 9, "id": 10, "vi": 11}


def main() -> None:
    rows: list[Row] = []
    for part in (wire, tongues, health, ministry, networks, bulletins, warnings, later, ticker):
        rows += sorted(part(), key=lambda row: str(row["published"]))
    for number, row in enumerate(rows, 1):
        row["id"] = f"d{number:04d}"
    with (HERE / "stream.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            order = ("id", *(name for name in row if name != "id"))
            file.write(json.dumps({k: row[k] for k in order}, ensure_ascii=False) + "\n")


def at(day: float, hours: float = 0.0) -> datetime:
    return START + timedelta(days=day, hours=hours)


def row(
    part: str, incident: str | None, when: datetime, language: str, kind: str, title: str,
    **more: Any,
) -> Row:  # fmt: skip
    moment = when.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return {
        "title": title, "summary": more.pop("summary", ""), "published": moment,
        "language": language, "feed_kind": kind, "incident": incident, "slice": part, **more,
    }  # fmt: skip


def lines(name: str) -> Iterator[str]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def story(name: str, part: str, *, language: str | None, kind: str) -> Iterator[Row]:
    """Events written out line by line."""
    key, day = "", 0
    for number, line in enumerate(lines(name)):
        if line.startswith("@ "):
            key, told = line[2:].rsplit(" ", 1)
            day = int(told)
            continue
        hours, rest = line.split(" ", 1)
        said = language
        if said is None:
            said, rest = rest.split(" ", 1)
        title, _, summary = rest.partition(" // ")
        when = at(day, float(hours)) + timedelta(minutes=number * 7 % 55)
        incident = None if key == "-" else key
        yield row(part, incident, when, said, kind, title.strip(), summary=summary.strip())


def wire() -> Iterator[Row]:
    return story("wire.txt", "wire", language="en", kind="news")


def ministry() -> Iterator[Row]:
    return story("ministry.txt", "ministry", language=None, kind="ministry")


def later() -> Iterator[Row]:
    return story("later.txt", "later", language="en", kind="news")


def ticker() -> Iterator[Row]:
    return story("ticker.txt", "ticker", language=None, kind="ministry")


def tongues() -> Iterator[Row]:
    """Each event in the words of its kind, in all languages, the toll growing."""
    wordings: dict[str, list[tuple[str, str]]] = {}
    kind = ""
    for line in lines("tongues.txt"):
        if line.startswith("= "):
            kind = line[2:]
        else:
            language, text = line.split(" ", 1)
            wordings.setdefault(kind, []).append((language, text))
    for number, line in enumerate(lines("tongue_events.txt")):
        key, kind, day, dead, hurt, size, storm, place, country = (
            each.strip() for each in line.split("|")
        )
        rng = random.Random(number)  # noqa: S311 - the same every time
        said = wordings[kind][1:]
        rng.shuffle(said)
        hours = 0.0
        for index, (language, text) in enumerate([wordings[kind][0], *said]):
            share = min(1.0, 0.4 + index * 0.6 / 10)
            step = index // 4 * 4 / 10 * 0.6
            toll = max(1, round(int(dead) * (share if index < 2 else min(1.0, 0.4 + step))))
            names, lands = place.split(";"), country.split(";")
            title = text.format(
                p=names[SCRIPTS.get(language, 0)], c=lands[COUNTRY[language]], d=toll,
                h=round(int(hurt) * (0.5 + step / 2)), m=size,
                n=storm.split(";")[SCRIPTS.get(language, 0)] if storm else "",
            )  # fmt: skip
            title = title[0].upper() + title[1:]
            yield row("tongues", key, at(int(day), 3 + hours), language, "news", title)
            hours += rng.uniform(0.4, 3.5)


def health() -> Iterator[Row]:
    wordings: dict[str, list[str]] = {}
    events = False
    for index, line in enumerate(lines("health.txt")):
        if line.startswith("= "):
            events = line.startswith("= events")
        elif not events:
            language, text = line.split(" ", 1)
            wordings.setdefault(language, []).append(text)
        else:
            key, day, notices, gap, lands, names = (each.strip() for each in line.split("|"))
            rng = random.Random(index)  # noqa: S311 - the same every time
            (c, cf, cs), (x, xf, xs) = lands.split(";"), names.split(";")
            told = int(day) + 0.0
            for number in range(1, int(notices) + 1):
                language = rng.choice(("en",) * 8 + ("fr", "es"))
                title = rng.choice(wordings[language]).format(
                    x=x, xf=xf, xs=xs, c=c, cf=cf, cs=cs, u=number
                )
                yield row("health", key, at(told, rng.uniform(7, 17)), language, "health", title)
                told += int(gap) * rng.uniform(0.5, 1.6)


# key, day, hour, magnitude, depth, latitude, longitude, country, place, aftershock of
QUAKES = [
    ("q-flores", 1, 3.2, 7.3, 18, -8.1, 121.6, "ID", "Flores region", None),
    ("q-flores", 1, 4.1, 5.6, 10, -8.2, 121.9, "ID", "Flores region", "after"),
    ("q-flores", 1, 9.4, 5.1, 12, -7.9, 121.3, "ID", "Flores region", "after"),
    ("q-flores", 4, 2.0, 5.4, 15, -8.0, 122.0, "ID", "Flores Sea", "after"),
    ("q-nias", 1, 6.0, 5.5, 30, 1.2, 97.4, "ID", "Nias region", None),
    ("q-talaud", 2, 5.0, 5.8, 60, 4.3, 126.7, "ID", "Talaud Islands", None),
    ("q-talaud-2", 9, 5.5, 5.7, 44, 4.6, 127.0, "ID", "Talaud Islands", None),
    ("q-banda", 2, 14.0, 6.2, 150, -6.6, 129.9, "ID", "Banda Sea", None),
    ("q-hokkaido", 3, 1.0, 6.4, 55, 42.1, 143.2, "JP", "off Tokachi", None),
    ("q-hokkaido", 3, 8.0, 5.0, 50, 42.0, 143.3, "JP", "off Tokachi", "after"),
    ("q-noto", 3, 2.5, 5.2, 12, 37.5, 137.2, "JP", "Noto Peninsula", None),
    ("q-bonin", 8, 3.0, 6.6, 440, 27.5, 140.1, "JP", "Bonin Islands", None),
    ("q-coquimbo", 4, 4.0, 6.7, 40, -30.2, -71.6, "CL", "off Coquimbo", None),
    ("q-coquimbo", 4, 9.0, 5.2, 35, -30.3, -71.5, "CL", "off Coquimbo", "after"),
    ("q-tarapaca", 4, 8.0, 5.6, 100, -19.9, -69.3, "CL", "Tarapaca", None),
    ("q-sagaing", 5, 7.0, 6.9, 10, 22.1, 95.9, "MM", "Sagaing", None),
    ("q-sagaing", 5, 7.9, 5.9, 10, 21.7, 96.0, "MM", "Mandalay", "after"),
    ("q-sagaing", 6, 3.0, 4.9, 10, 21.3, 96.0, "MM", "Meiktila", "after"),
    ("q-yunnan", 6, 5.0, 5.4, 9, 25.6, 100.0, "CN", "Yunnan", None),
    ("q-xinjiang", 6, 6.0, 5.7, 12, 41.2, 78.6, "CN", "Xinjiang", None),
    ("q-gansu", 7, 1.0, 5.9, 10, 35.7, 102.8, "CN", "Gansu", None),
    ("q-tonga", 7, 6.0, 6.8, 210, -19.8, -176.4, "TO", "Tonga region", None),
    ("q-tonga-2", 7, 19.0, 5.6, 30, -15.9, -173.1, "TO", "Tonga region", None),
    ("q-kermadec", 8, 7.0, 6.1, 33, -30.4, -177.9, "NZ", "Kermadec Islands", None),
    ("q-zagros", 9, 2.0, 5.5, 11, 28.3, 53.1, "IR", "Fars", None),
    ("q-kerman", 9, 9.0, 5.3, 20, 30.6, 57.3, "IR", "Kerman", None),
    ("q-elazig", 10, 4.0, 5.8, 8, 38.5, 39.2, "TR", "Elazig", None),
    ("q-bodrum", 10, 8.0, 5.3, 9, 36.8, 27.6, "TR", "off Bodrum", None),
    ("q-hindu", 11, 1.0, 6.3, 190, 36.5, 70.4, "AF", "Hindu Kush", None),
    ("q-fiji", 11, 5.0, 6.0, 560, -18.0, -178.5, "FJ", "Fiji region", None),
    ("q-bougainville", 12, 2.0, 6.4, 70, -6.3, 154.6, "PG", "Bougainville", None),
    ("q-madang", 12, 6.0, 5.9, 90, -5.3, 145.8, "PG", "Madang", None),
    ("q-guerrero", 13, 3.0, 6.2, 20, 16.8, -99.6, "MX", "Guerrero", None),
    ("q-chiapas", 13, 9.0, 5.4, 80, 14.9, -92.8, "MX", "Chiapas", None),
    ("q-nepal", 14, 1.0, 5.6, 15, 29.0, 81.9, "NP", "western Nepal", None),
    ("q-luzon", 14, 6.0, 6.5, 25, 16.0, 120.3, "PH", "Pangasinan", None),
    ("q-mindanao", 14, 9.0, 5.7, 60, 6.1, 126.1, "PH", "Davao", None),
]  # fmt: skip


def networks() -> Iterator[Row]:
    """Earthquakes as seismic networks publish them: points, magnitudes and identities."""
    rng = random.Random(7)  # noqa: S311 - the same every time
    for number, (key, day, hour, size, depth, lat, lon, land, place, after) in enumerate(QUAKES):
        shock = at(day, hour)
        native = [("usgs", f"us7{number:03d}xk"), ("emsc", f"2031{number:06d}")]
        for network, delay, said in (
            ("US survey", 9, f"M {size:.1f} - {place}"),
            ("Mediterranean centre", 4, f"M {size + rng.choice((-0.1, 0.1)):.1f} {place.upper()}"),
            ("GDACS", 25, f"Green earthquake alert (Magnitude {size:.1f}M, Depth:{depth}km)"),
            ("National observatory", 3, f"Earthquake information: {place}"),
            ("German network", 14, f"{place} earthquake, magnitude {size - 0.1:.1f}"),
            ("US survey", 300, f"M {size + 0.2:.1f} - {place}"),
        ):
            if after and network not in ("US survey", "National observatory"):
                continue
            measured = size + rng.choice((-0.2, -0.1, 0.0, 0.1))
            if network == "US survey":
                measured = size + (0.2 if delay == 300 else 0.0)
            events = []
            if network == "US survey":
                events = [{"kind": "usgs", "value": native[0][1]}]
            if network == "Mediterranean centre":
                events = [{"kind": "emsc", "value": native[1][1]}]
            if network == "GDACS":
                events = [{"kind": "gdacs", "value": f"EQ14{number:05d}"}]
            spot = {
                "name": place, "country": land, "lat": round(lat + rng.uniform(-0.15, 0.15), 2),
                "lon": round(lon + rng.uniform(-0.15, 0.15), 2),
            }  # fmt: skip
            hazard = {
                "type": "EQ", "magnitude": round(measured, 1), "depth_km": depth,
                "event_at": (shock + timedelta(seconds=rng.randint(-4, 4))).isoformat(),
            }  # fmt: skip
            yield row(
                "networks", key, shock + timedelta(minutes=delay), "en", "hazard", said,
                publisher=network, tier="official", places=[spot], hazard=hazard, events=events,
            )  # fmt: skip


def bulletins() -> Iterator[Row]:
    """The same kind of notices as bare text: no fields, no identities."""
    rng = random.Random(11)  # noqa: S311 - the same every time
    lands = ["Indonesia", "Japan", "Papua New Guinea", "Chile", "Philippines", "Tonga", "China"]
    for number in range(90):
        land = lands[number % len(lands)]
        when = at(number * 0.31, rng.uniform(0, 6))
        size, depth = round(rng.uniform(5.0, 6.9), 1), rng.randint(5, 240)
        people = rng.choice(("no people", "40 thousand", "2 million", "310 thousand"))
        stamp = f"{when:%d/%m/%Y %H:%M} UTC"
        colour = "Orange" if size > 6.5 else "Green"
        title = (
            f"{colour} earthquake (magnitude {size}M, depth {depth}km) in {land} {stamp}, "
            f"{people} in strong shaking."
        )
        told = f"of magnitude {size}" if number % 3 else f"(Magnitude {size}M)"
        summary = (
            f"On {stamp} an earthquake {told} occurred in {land}, affecting "
            f"{people}. It is expected to have a {'medium' if size > 6.5 else 'low'} impact."
        )
        yield row("bulletins", f"b-{number}", when, "en", "hazard", title, summary=summary)
        if number % 9 == 0:
            later = when + timedelta(hours=2)
            yield row("bulletins", f"b-{number}", later, "en", "hazard", title, summary=summary)
        if number % 11 == 0:
            later = when + timedelta(hours=5)
            told = f"Magnitude {size} quake shakes {land}, no damage so far"
            yield row("bulletins", f"b-{number}", later, "en", "news", told)


# key, kind, day, country, areas, wordings of the chain's messages
CHAINS = [
    ("w-rhine", "FL", 2, "DE", ["Koblenz", "Cologne"], "Flood warning for the Rhine"),
    ("w-elbe", "FL", 2, "DE", ["Dresden", "Magdeburg"], "Flood warning for the Elbe"),
    ("w-alps", "SS", 2, "AT", ["Tyrol"], "Heavy snow warning"),
    ("w-galicia", "VW", 3, "ES", ["Galicia"], "Coastal gale warning"),
    ("w-sevilla-heat", "HT", 3, "ES", ["Seville"], "High temperature warning"),
    ("w-kelantan", "FL", 4, "MY", ["Kota Bharu"], "Flood warning"),
    ("w-sabah-tc", "TC", 4, "MY", ["Kota Kinabalu"], "Tropical cyclone advisory"),
    ("w-manitoba", "WF", 5, "CA", ["Winnipeg"], "Air quality and fire warning"),
    ("w-ontario", "ST", 5, "CA", ["Ottawa"], "Severe thunderstorm warning"),
    ("w-queensland", "FL", 6, "AU", ["Townsville"], "Major flood warning"),
    ("w-darwin", "TC", 6, "AU", ["Darwin"], "Cyclone watch"),
    ("w-sydney", "WF", 6, "AU", ["Sydney"], "Bushfire emergency warning"),
    ("w-nan", "FL", 7, "TH", ["Nan"], "Flash flood warning"),
    ("w-phuket", "TS", 7, "TH", ["Phuket"], "Tsunami drill"),
]


def warnings() -> Iterator[Row]:
    """Warnings in chains of messages, bulletins of storms and floods that come back each day."""
    for key, kind, day, land, areas, words in CHAINS:
        first = f"w.example,{key}-0,2031"
        for number in range(6):
            when = at(day, 2 + number * 7.5)
            last = number == 5
            area = areas[number % len(areas)]
            title = (f"{words} cancelled: {area}" if last else f"{words} for {area}").strip()
            events = [{"kind": "cap", "value": f"w.example,{key}-{number},2031"}]
            if number:
                events.append({"kind": "cap_ref", "value": first})
                events.append({"kind": "cap_ref", "value": f"w.example,{key}-{number - 1},2031"})
            yield row(
                "warnings", key, when, "en", "hazard",
                title, publisher=f"{land} weather service", tier="official", country=land,
                message_type="cancel" if last else ("update" if number else "alert"),
                status="exercise" if "drill" in words else "actual",
                places=[{"name": area, "country": land}],
                hazard={"type": kind, "severity": "Severe", "urgency": "Expected",
                        "certainty": "Likely", "event": words},
                events=events,
            )  # fmt: skip
    for key, name, day, land, spots in (
        ("s-orvak", "ORVAK", 1, "PH", [("92W", 11.0, 131.0), ("", 12.1, 128.4), ("", 13, 125)]),
        ("s-tilde", "TILDEA", 3, "MX", [("97E", 13, -99), ("", 14, -102), ("", 16, -104)]),
        ("s-brun", "BRUNO", 3, "VU", [("98P", -14.0, 166.0), ("", -16.0, 167.4), ("", -18, 169)]),
    ):  # fmt: skip
        for number, (invest, lat, lon) in enumerate(spots):
            label = (
                f"Tropical disturbance INVEST {invest}" if invest else f"Tropical cyclone {name}"
            )
            place = {"country": land, "lat": lat, "lon": lon}
            for publisher, words, kinds in (
                ("Joint centre", f"{label}, warning {number + 1}", [("atcf", f"wp{key}2031")]),
                ("GDACS", f"{label}: green alert for {land}",
                 [("gdacs", f"TC10{key}")] + ([("atcf", f"wp{key}2031")] if number == 0 else [])),
                ("Weather service", f"{name.title()} bulletin no. {number + 1}", []),
            ):  # fmt: skip
                if publisher == "Weather service" and invest:
                    continue
                yield row(
                    "warnings", key, at(day, number * 12 + 5), "en", "hazard", words,
                    publisher=publisher, tier="official", places=[place],
                    hazard={"type": "TC"},
                    events=[{"kind": kind, "value": value} for kind, value in kinds],
                )  # fmt: skip


if __name__ == "__main__":
    main()
