"""Reading a YAML file that people edit: faults are told with file, line, key and a remedy."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner

from monitor.config.faults import Fault, FileFault, Said, Wrong, meant_by, said
from monitor.config.quickyaml import LinedList, LinedMap, read_quickly
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

MAX_BYTES = 2 * 1024 * 1024


class _Refused(MarkedYAMLError):
    """Valid YAML that such a file has no use for."""


class _PlainComposer(Composer):
    """Refuses aliases and tags where they stand, before anything is expanded or made."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            raise _Refused(problem="alias", problem_mark=event.start_mark)
        if getattr(event, "ctag", None) is not None:
            raise _Refused(problem="tag", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in the file, with line numbers kept. Raises ConfigError in plain words."""
    return parse_yaml(text_of(path, raw_of(path)), path)


def parse_yaml(text: str, path: Path = Path("the file")) -> dict[str, Any]:
    """The mapping in a text of the file at `path`. Raises ConfigError as `read_yaml`."""
    quick = read_quickly(text)
    return quick if quick is not None else _parsed(text, path)


def _parsed(text: str, path: Path) -> CommentedMap:
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    # Nothing is written back, so the scanner that skips comments does, and faster.
    yaml.Scanner, yaml.Parser, yaml.Composer = Scanner, Parser, _PlainComposer
    try:
        data = yaml.load(io.StringIO(text))
    except DuplicateKeyError as error:
        key = re.search(r'found duplicate key "(.*?)"', str(error.problem or ""))
        raise _at(path, error, said("twice_key", name=key.group(1) if key else "?")) from error
    except _Refused as error:
        raise _at(path, error, said(str(error.problem))) from error
    except MarkedYAMLError as error:
        raise _at(path, error, _in_words(error)) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise FileFault(Fault(path, said("no_yaml", why=error))) from error
    if data is None:
        raise FileFault(Fault(path, said("empty")))
    if not isinstance(data, CommentedMap):
        raise FileFault(Fault(path, said("no_keys"), 1))
    return data


def raw_of(path: Path) -> bytes:
    """The bytes of the file. Raises ConfigError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileFault(Fault(path, said("no_file"))) from error
    except OSError as error:
        raise FileFault(Fault(path, said("unreadable", why=error.strerror or error))) from error


def digest_of(raw: bytes) -> str:
    """What tells two versions of a file apart."""
    return hashlib.sha256(raw).hexdigest()


def text_of(path: Path, raw: bytes) -> str:
    """The text of a YAML file of those bytes, without a byte order mark. Raises ConfigError."""
    if len(raw) > MAX_BYTES:
        raise FileFault(Fault(path, said("too_large", most=MAX_BYTES // 2**20)))
    if b"\0" in raw:
        raise FileFault(Fault(path, said("nul"), raw[: raw.index(b"\0")].count(b"\n") + 1))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileFault(Fault(path, said("not_utf8"), line)) from error
    for number, line_text in enumerate(text.splitlines(), 1):
        if re.match(r" *\t", line_text):
            raise FileFault(Fault(path, said("tab"), number))
    return text


def nodes_of(text: str) -> Any:
    """The nodes of a YAML text, each with the places where it starts and ends; None if empty.

    For a text that `read_yaml` has accepted. Raises ConfigError otherwise.
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.Scanner, yaml.Parser, yaml.Composer = Scanner, Parser, _PlainComposer
    try:
        return yaml.compose(io.StringIO(text))
    except (YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"this is not readable as YAML ({error})") from error


def scalar_reads_as(written: str) -> Any:
    """What a value written inside `[…]` reads as; a ValueError where it is no single value."""
    yaml = YAML(typ="safe", pure=True)
    try:
        found = yaml.load(io.StringIO(f"[{written}]"))
    except YAMLError as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, list) or len(found) != 1:
        raise ValueError(written)
    return found[0]


def plain(node: Any) -> Any:
    """ruamel's containers and scalars as plain Python ones (pydantic is strict)."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _at(path: Path, error: MarkedYAMLError, what: Said) -> FileFault:
    """The fault where it began: an open brace or quotation mark is found far below, at the end."""
    mark = error.problem_mark or error.context_mark
    if what.key in ("brace", "quote") and error.context_mark is not None:
        mark = error.context_mark
    return FileFault(Fault(path, what, mark.line + 1 if mark is not None else 1))


def _in_words(error: MarkedYAMLError) -> Said:
    problem, context = str(error.problem or error.context or ""), str(error.context or "")
    if "quoted scalar" in context:
        return said("quote")
    if "flow" in context:
        return said("brace")
    if "mapping values are not allowed" in problem:
        return said("colon_value")
    if "could not find expected ':'" in problem:
        return said("colon_missing")
    if "did not find expected" in problem or "expected <block end>" in problem:
        return said("indentation")
    if "cannot start any token" in problem:
        return said("reserved")
    return said("no_yaml", why=problem)


def line_of(data: Any, location: Sequence[str | int]) -> int:
    """The line (from 1) where the value at `location` stands, or its nearest parent's."""
    line = 1
    if isinstance(data, LinedMap):
        line = data.line + 1
    elif hasattr(data, "lc") and data.lc.line is not None:
        line = data.lc.line + 1
    node = data
    for part in location:
        try:
            if isinstance(node, LinedMap | LinedList):
                line = node.lines[part] + 1  # type: ignore[index]
            elif isinstance(node, CommentedMap):
                line = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(part, int):
                line = node.lc.item(part)[0] + 1
            node = node[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return int(line)


def fault_at(path: Path, data: Any, location: Sequence[str | int], what: Said) -> FileFault:
    """A fault of the value at `location`, with its line, its key and the entry it stands in."""
    return FileFault(_placed(path, data, location, what))


def _placed(path: Path, data: Any, location: Sequence[str | int], what: Said) -> Fault:
    return Fault(path, what, line_of(data, location), *_named(data, location))


def faults_of(
    path: Path,
    data: Any,
    error: ValidationError,
    remedies: Mapping[str, str],
    model: type[BaseModel] | None = None,
) -> FileFault:
    """One line per fault: file:line: key: what is wrong and what to write instead.

    `remedies` gives, by the name of a key, the word of `[fault.remedy]` that says what to write;
    `model` the keys that an unknown one may be meant for.
    """
    found: list[Fault] = []
    keys = _keys_of(model) if model else ()
    for fault in error.errors(include_url=False):
        # The branches of a union are no keys of the file.
        location = tuple(part for part in fault["loc"] if part not in _NO_KEY)
        name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
        what = _words(fault, remedies.get(name), keys)
        placed = _placed(path, data, location, what)
        if placed not in found:  # each branch of a union tells the same
            found.append(placed)
    return FileFault(*found[:20])


def one_fault(error: ValidationError, remedies: Mapping[str, str]) -> tuple[str, Said]:
    """The first fault of a single entry: its key, and what is wrong and what to write instead."""
    fault = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    name = next((str(part) for part in reversed(fault["loc"]) if isinstance(part, str)), "")
    return key, _words(fault, remedies.get(name), ())


_NO_KEY = frozenset(["[key]", "int", "float", "str"])
_ENTRIES = ("feeds", "people", "teams", "rules", "digests", "missions", "departments")


def _named(data: Any, location: Sequence[str | int]) -> tuple[str, tuple[str, str] | None]:
    """The key as people say it, counted from 1, and the entry of a list that it stands in."""
    if len(location) >= 2 and location[0] in _ENTRIES and isinstance(location[1], int):
        name = _name_of(data, location[0], location[1])
        if name is not None:
            return _key(location[2:]) or str(location[0]), (str(location[0]), name[:120])
    return _key(location), None


def _key(location: Sequence[str | int]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in location)


def _name_of(data: Any, section: Any, index: int) -> str | None:
    try:
        entry = data[section][index]
        name = entry.get("name") if section == "feeds" else entry.get("id")
    except (KeyError, IndexError, AttributeError):
        return None
    return name if isinstance(name, str) else None


def _keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Every key that the file may hold, on any level."""
    from pydantic import BaseModel

    found: dict[str, None] = {}
    known, waiting = {model}, [model]
    while waiting:
        for name, field in waiting.pop().model_fields.items():
            found.setdefault(field.alias or name)
            for inner in _inside(field.annotation):
                if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in known:
                    known.add(inner)
                    waiting.append(inner)
    return tuple(found)


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _inside(part)


_REMEDIED = re.compile(r"\b(write|must)\b")  # the text says itself what to do
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]")


def _words(fault: Any, remedy: str | None, keys: Sequence[str]) -> Said:
    kind, given = fault["type"], fault.get("input")
    shown = repr(given) if isinstance(given, str | int | float | bool) else said("this")
    how = said(f"remedy.{remedy}") if remedy else None
    if kind == "extra_forbidden":
        close = meant_by(str(fault["loc"][-1]), keys)
        then = said("then", how=how) if how else said("check_spelling")
        return said("unknown_key", hint=close or then)
    if kind == "missing":
        return said("missing", how=how or said("remedy.add"))
    if isinstance(given, str) and _CURLY.search(given[:1] + given[-1:]):
        return said("curly", given=shown)
    if kind in ("value_error", "assertion_error"):
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, Wrong):
            return cause.said
        text = str(fault["msg"]).removeprefix("Value error, ")
        if how and not _REMEDIED.search(text):
            return said("told_with", what=text, how=how)
        return said("told", what=text)
    if kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']+)'|(\d+)", str(fault["ctx"]["expected"]))
        return said("choice", given=shown, known=", ".join(one or two for one, two in known))
    if kind in ("greater_than_equal", "less_than_equal", "greater_than"):
        bounds = fault["ctx"]
        if "le" in bounds:
            return said("at_most", given=shown, bound=f"{bounds['le']:g}")
        if "gt" in bounds:
            return said("more_than", given=shown, bound=f"{bounds['gt']:g}")
        return said("at_least", given=shown, bound=f"{bounds['ge']:g}")
    if kind in ("string_too_short", "too_short"):
        return said("nothing_there", how=how or said("remedy.something"))
    if kind == "string_too_long":
        return said("too_long", most=str(fault["ctx"]["max_length"]))
    if given is None:
        return said("nothing_there", how=how or said(_wanted(kind)))
    return said("no_fit", given=shown, how=how or said(_wanted(kind)))


def _wanted(kind: str) -> str:
    if kind.startswith("bool"):
        return "remedy.bool"
    if kind.startswith(("int", "float", "finite")):
        return "remedy.number"
    if kind.startswith(("list", "tuple")):
        return "remedy.list"
    if kind.startswith(("dict", "model", "mapping")):
        return "remedy.keys"
    return "remedy.text"
