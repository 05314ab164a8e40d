"""Reading a YAML file that people edit: faults are told with file, line, key and a remedy."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
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

from monitor.config.quickyaml import LinedList, LinedMap, read_quickly
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from pydantic import ValidationError

MAX_BYTES = 2 * 1024 * 1024


_NO_ALIAS = "a YAML alias (*name) is not allowed: write the value itself, or in quotation marks"
_NO_TAG = "a tag that starts with '!' is not allowed: write a plain value, or in quotation marks"


class _Refused(MarkedYAMLError):
    """Valid YAML that such a file has no use for."""


class _PlainComposer(Composer):
    """Refuses aliases and tags where they stand, before anything is expanded or made."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            raise _Refused(problem=_NO_ALIAS, problem_mark=event.start_mark)
        if getattr(event, "ctag", None) is not None:
            raise _Refused(problem=_NO_TAG, problem_mark=event.start_mark)
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
        name = f"the key {key.group(1)!r}" if key else "a key"
        raise ConfigError(
            f"{path}:{_mark(error)}: {name} stands twice: keep one of the two"
        ) from error
    except _Refused as error:
        raise ConfigError(f"{path}:{_mark(error)}: {error.problem}") from error
    except MarkedYAMLError as error:
        raise ConfigError(f"{path}:{_mark(error)}: {_in_words(error)}") from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{path}: this is not readable as YAML ({error})") from error
    if data is None:
        raise ConfigError(f"{path}: the file is empty: put back its content or a backup of it")
    if not isinstance(data, CommentedMap):
        raise ConfigError(f"{path}:1: expected keys such as 'feeds:' at the start of a line")
    return data


def raw_of(path: Path) -> bytes:
    """The bytes of the file. Raises ConfigError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: the file does not exist: create it, or name another in the environment"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror or error}): let the program's account read it"
        ) from error


def digest_of(raw: bytes) -> str:
    """What tells two versions of a file apart."""
    return hashlib.sha256(raw).hexdigest()


def text_of(path: Path, raw: bytes) -> str:
    """The text of a YAML file of those bytes, without a byte order mark. Raises ConfigError."""
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES // 2**20} MiB, which no such file is")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: a NUL byte stands here: save the file as plain UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 text: save the file as UTF-8") from error
    for number, line_text in enumerate(text.splitlines(), 1):
        if re.match(r" *\t", line_text):
            raise ConfigError(
                f"{path}:{number}: a tab stands at the start of the line: use spaces instead"
            )
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


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark is not None else 1


def _in_words(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "unreadable")
    if "mapping values are not allowed" in problem:
        return "a colon stands where none may: put the text between quotation marks"
    if "could not find expected ':'" in problem:
        return "a colon is missing after a key on this line or the one before"
    if "did not find expected" in problem or "expected <block end>" in problem:
        return "the indentation is off here: keys of one feed start in the same column"
    if "cannot start any token" in problem:
        return "a sign that YAML reserves stands here: put the text between quotation marks"
    return f"not readable as YAML: {problem}"


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


def faults_of(
    path: Path, data: Any, error: ValidationError, remedies: dict[str, str]
) -> ConfigError:
    """One line per fault: file:line: key: what is wrong and what to write instead."""
    lines: list[str] = []
    for fault in error.errors(include_url=False)[:20]:
        location = tuple(part for part in fault["loc"] if part != "[key]")
        key = ".".join(str(part) for part in location) or "the file"
        name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
        remedy = remedies.get(name, "")
        where = f"{path}:{line_of(data, location)}: {key}{whose(data, location)}"
        lines.append(f"{where}: {_words(fault, remedy)}")
    return ConfigError("\n".join(lines))


def one_fault(error: ValidationError, remedies: dict[str, str]) -> str:
    """The first fault of a single entry: its key, what is wrong, what to write instead."""
    fault = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    name = next((str(part) for part in reversed(fault["loc"]) if isinstance(part, str)), "")
    return f"{key}: {_words(fault, remedies.get(name, ''))}"


_ENTRIES = {
    "feeds": "feed", "people": "person", "teams": "team", "rules": "rule", "digests": "digest",
    "missions": "mission", "departments": "department",
}  # fmt: skip


def whose(data: Any, location: Sequence[str | int]) -> str:
    """` (feed 'GDACS')` for a fault inside that entry of a list, or nothing."""
    if len(location) < 2 or location[0] not in _ENTRIES or not isinstance(location[1], int):
        return ""
    try:
        entry = data[location[0]][location[1]]
        name = entry.get("name") if location[0] == "feeds" else entry.get("id")
    except (KeyError, IndexError, AttributeError):
        return ""
    return f" ({_ENTRIES[str(location[0])]} {name[:120]!r})" if isinstance(name, str) else ""


_REMEDIED = re.compile(r"\b(write|must)\b")  # the text says itself what to do


def _words(fault: Any, remedy: str) -> str:
    kind, given = fault["type"], fault.get("input")
    shown = repr(given) if isinstance(given, str | int | float | bool) else "this"
    if kind == "extra_forbidden":
        return f"unknown key{'; ' + remedy if remedy else ': check the spelling or remove it'}"
    if kind == "missing":
        return f"missing: {remedy or 'add this key'}"
    if kind in ("value_error", "assertion_error"):
        text = str(fault["msg"]).removeprefix("Value error, ")
        return f"{text}{': ' + remedy if remedy and not _REMEDIED.search(text) else ''}"
    if kind in ("literal_error", "enum"):
        return f"{shown} is not known here: write {fault['ctx']['expected']}"
    if kind in ("greater_than_equal", "less_than_equal"):
        least = fault["ctx"].get("ge")
        bound = f"{least:g} or more" if least is not None else f"at most {fault['ctx']['le']:g}"
        return f"{shown} is out of bounds: write {bound}"
    wanted = remedy or _wanted(kind)
    return f"{shown} does not fit: {wanted}"


def _wanted(kind: str) -> str:
    if kind.startswith(("bool",)):
        return "write true or false"
    if kind.startswith(("int", "float", "finite")):
        return "write a number"
    if kind.startswith(("list", "tuple")):
        return "write a list, for example [a, b]"
    if kind.startswith(("dict", "model", "mapping")):
        return "write keys with values, each on its own line"
    return "write a text"
