"""Feed lists of other programs: OPML and CSV, in with a trial first, out without loss.

Every key of an entry goes out and comes back: as an attribute `monitor-…` in OPML, whose `text`,
`title`, `xmlUrl`, `language` and folder other readers understand, and as a column in CSV. A value
that is no plain text is written as JSON.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from monitor.config.feedschema import KINDS, fault_of_entry, valid_url
from monitor.names import key_form
from monitor.tuning.editing import Add, Change, Edit
from monitor.tuning.refused import NotChanged
from monitor.tuning.splice import ORDER, Value

MAX_BYTES = 4 * 1024 * 1024
MOST = 5_000
OURS = "monitor-"
_TEXTS = frozenset(
    ["name", "id", "url", "kind", "publisher", "country", "organisation", "language", "tier",
     "category", "every", "pace", "timezone", "encoding", "format", "selector", "note", "reason",
     "until"]
)  # fmt: skip
_FLAGS = frozenset(["priority", "home", "enabled"])
_LISTS = frozenset(["alternates", "coverage", "tags", "certificates"])


@dataclass(frozen=True, slots=True)
class Bad:
    """A line of the file that cannot be taken, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One entry of the file, with the line where it stands."""

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Trial:
    """What an import would do; `same` counts entries that are here already as they are."""

    new: tuple[Incoming, ...]
    changed: tuple[tuple[str, Incoming, Mapping[str, Value]], ...]  # name here, entry, what differs
    same: int
    bad: tuple[Bad, ...]

    @property
    def edits(self) -> list[Edit]:
        """The edits that make it so."""
        return [
            *(Add(each.values) for each in self.new),
            *(Change(name, differs) for name, _, differs in self.changed),
        ]

    @property
    def names(self) -> list[str]:
        """The feeds that are new or changed."""
        return [*(str(each.values["name"]) for each in self.new), *(n for n, *_ in self.changed)]


def read_file(raw: bytes, name: str) -> tuple[list[Incoming], list[Bad]]:
    """The entries of an OPML or CSV file, by its content. Raises MonitorError if it is neither."""
    if len(raw) > MAX_BYTES:
        raise NotChanged("import_large", file=name, size=f"{len(raw) / 2**20:.0f}")
    if b"\0" in raw:
        raise NotChanged("import_nul", file=name)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_opml(raw, name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise NotChanged("import_not_utf8", file=name, line=str(line)) from error
    return _read_csv(text, name)


def tried(
    entries: Sequence[Incoming], bad: Sequence[Bad], here: Sequence[Mapping[str, Any]], *, kind: str
) -> Trial:
    """What taking these entries over would do to the list `here`.

    An entry is known by its address, else by its name. `kind` is for entries that name none.
    """
    by_url = {str(each.get("url")): each for each in here}
    by_name = {str(each.get("name")).casefold(): each for each in here}
    keys = {str(each.get("id") or key_form(str(each.get("name")))) for each in here}
    faults, new, changed, same = list(bad), [], [], 0
    seen: dict[str, int] = {}
    for each in entries:
        values = dict(each.values)
        url = str(values["url"])
        if url in seen:
            faults.append(Bad(each.line, f"the address stands in line {seen[url]} already: {url}"))
            continue
        seen[url] = each.line
        known = by_url.get(url) or by_name.get(str(values["name"]).casefold())
        if known is not None:
            differs = {
                key: value for key, value in values.items() if not _same(known.get(key), value)
            }
            if not differs:
                same += 1
            else:
                changed.append((str(known["name"]), each, differs))
            continue
        values.setdefault("kind", kind)
        values["name"] = _free_name(str(values["name"]), by_name, keys)
        by_name[str(values["name"]).casefold()] = values
        keys.add(str(values.get("id") or key_form(str(values["name"]))))
        new.append(Incoming(each.line, values))
    return Trial(tuple(new), tuple(changed), same, tuple(sorted(faults, key=lambda b: b.line)))


def to_opml(entries: Iterable[Mapping[str, Any]]) -> str:
    """The list as OPML 2.0: a folder for each kind, our own keys as attributes."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        by_kind.setdefault(str(entry.get("kind")), []).append(entry)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "<head><title>Feeds of the crisis monitor</title></head>",
        "<body>",
    ]
    for kind in (*KINDS, *(each for each in by_kind if each not in KINDS)):
        if kind not in by_kind:
            continue
        lines.append(f"<outline text={_attribute(kind)} title={_attribute(kind)}>")
        for entry in by_kind[kind]:
            name, url = str(entry["name"]), str(entry["url"])
            parts = [
                f"text={_attribute(name)}", f"title={_attribute(name)}", 'type="rss"',
                f"xmlUrl={_attribute(url)}",
            ]  # fmt: skip
            if isinstance(entry.get("language"), str):
                parts.append(f"language={_attribute(entry['language'])}")
            parts += [
                f"{OURS}{key}={_attribute(_out(entry[key]))}"
                for key in _ordered(entry)
                if key not in ("name", "url")
            ]
            lines.append(f"  <outline {' '.join(parts)}/>")
        lines.append("</outline>")
    return "\n".join([*lines, "</body>", "</opml>", ""])


def to_csv(entries: Iterable[Mapping[str, Any]]) -> str:
    """The list as a table, one feed a line, a column for each key that any of them has."""
    rows = list(entries)
    used = {key for entry in rows for key in entry}
    heads = [key for key in ORDER if key in used or key in ("name", "url", "kind")]
    heads += sorted(used - set(heads))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for entry in rows:
        writer.writerow([_cell(_out(entry[key])) if key in entry else "" for key in heads])
    return out.getvalue()


def _read_opml(raw: bytes, name: str) -> tuple[list[Incoming], list[Bad]]:
    from lxml import etree

    if re.search(rb"<!(?:DOCTYPE|ENTITY)", raw[:200_000]):
        raise NotChanged("import_entities", file=name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise NotChanged("import_no_opml", file=f"{name}:{line}", why=error) from error
    if etree.QName(root).localname.lower() != "opml":
        raise NotChanged("import_other_xml", file=name, root=root.tag)
    found: list[Incoming] = []
    bad: list[Bad] = []
    for element in root.iter("outline"):
        own = {key.lower(): value.strip() for key, value in element.attrib.items()}
        if "xmlurl" not in own:
            continue
        values: dict[str, str] = {
            key[len(OURS) :]: value for key, value in own.items() if key.startswith(OURS)
        }
        values["url"] = own["xmlurl"]
        values["name"] = own.get("title") or own.get("text") or ""
        folder = next((each for each in _folders(element) if each in KINDS), None)
        if folder:
            values.setdefault("kind", folder)
        if re.fullmatch("[a-z]{2,3}", own.get("language", "")):
            values.setdefault("language", own["language"])
        _take(element.sourceline or 0, values, found, bad)
    if not found and not bad:
        raise NotChanged("import_empty", file=name)
    return found, bad


def _folders(element: Any) -> list[str]:
    return [
        (each.get("text") or each.get("title") or "").strip().lower().replace(" ", "_")
        for each in element.iterancestors("outline")
    ]


def _read_csv(text: str, name: str) -> tuple[list[Incoming], list[Bad]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[Incoming] = []
    bad: list[Bad] = []
    try:
        heads = [head.strip().lower() for head in next(rows, [])]
        if "url" not in heads:
            raise NotChanged("import_heads", file=name)
        unknown = [head for head in heads if head and head not in ORDER and head != "headers"]
        if unknown:
            known = ", ".join(ORDER)
            raise NotChanged("import_column", file=name, given=repr(unknown[0]), known=known)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(heads):
                bad.append(Bad(rows.line_num, f"{len(row)} columns, but only {len(heads)} heads"))
                continue
            cells = zip(heads, (cell.strip() for cell in row), strict=False)
            values = {head: cell for head, cell in cells if head and cell}
            _take(rows.line_num, values, found, bad)
    except csv.Error as error:
        raise NotChanged("import_no_csv", file=f"{name}:{rows.line_num}", why=error) from error
    return found, bad


def _take(line: int, values: Mapping[str, str], found: list[Incoming], bad: list[Bad]) -> None:
    """One entry, or why it cannot be taken."""
    try:
        if len(found) >= MOST:
            raise ValueError(f"more than {MOST} feeds: split the file")
        read: dict[str, Value] = {
            key: _in(key, value) for key, value in values.items() if key in ORDER
        }
        url = valid_url(str(read.get("url") or ""))
        name = str(read.get("name") or "").strip() or url
        read["name"] = re.sub(r"\s+", " ", name)[:120]
        _validated(read)
    except ValueError as error:
        bad.append(Bad(line, str(error)))
        return
    ordered = {key: read[key] for key in _ordered(read)}
    found.append(Incoming(line, ordered))


def _validated(values: Mapping[str, Value]) -> None:
    """Raises ValueError with the first fault of an entry, as the list itself would tell it."""
    fault = fault_of_entry({"kind": "news", **values})
    if fault:
        key, what = fault
        raise ValueError(f"{key}: {what.in_('en')}")


def _in(key: str, text: str) -> Value:
    if key in _FLAGS:
        if text.lower() not in ("true", "false", "yes", "no", "1", "0"):
            raise ValueError(f"{key}: {text!r} is neither true nor false")
        return text.lower() in ("true", "yes", "1")
    if key in _LISTS or key == "headers":
        if text[:1] in "[{":
            try:
                found: Value = json.loads(text)
            except ValueError as error:
                raise ValueError(f"{key}: {text[:60]!r} is not readable as JSON") from error
            return found
        if key in _LISTS:
            return [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]
        raise ValueError(f"{key}: write a JSON object")
    if key in _TEXTS and text[:1] == "'" and text[1:2] in "=+-@":
        return text[1:]  # we wrote it so, against spreadsheets
    return text


def _out(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, default=str)


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _attribute(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _ordered(entry: Mapping[str, Any]) -> list[str]:
    return sorted(entry, key=lambda key: ORDER.index(key) if key in ORDER else len(ORDER))


def _same(here: Any, there: Value) -> bool:
    if here is None and there in (None, False, "", []):
        return True
    return bool(here == (list(there) if isinstance(there, tuple) else there))


def _free_name(name: str, taken: Mapping[str, Any], keys: set[str]) -> str:
    base, number = name[:110], 2
    while name.casefold() in taken or not key_form(name) or key_form(name) in keys:
        name, number = f"{base} {number}", number + 1
    return name
