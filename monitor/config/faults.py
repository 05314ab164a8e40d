"""What is wrong in a file that people edit: where it stands, and a sentence of the catalogue.

A check raises `Wrong` with a key of `[fault]` in words.toml and its values; whoever knows the place
makes a `Fault` of it; the file's reader raises `FileFault`, which says all of them in the reader's
language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from alerts import words
from monitor.errors import ConfigError

MOST_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or a part of one: a key of `[fault]` and its values, which may be `Said` too."""

    key: str
    values: Mapping[str, Any]

    def in_(self, language: str) -> str:
        """The words in a reader's language."""
        values = {
            name: value.in_(language) if isinstance(value, Said) else str(value)
            for name, value in self.values.items()
        }
        return words.say(f"fault.{self.key}", language, zone=None, **values)


def said(key: str, /, **values: object) -> Said:
    """The sentence of that key of `[fault]`."""
    return Said(key, values)


class Wrong(ValueError):
    """What a check of one value raises; as text, English."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.said = Said(key, values)
        super().__init__(self.said.in_("en"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `entry` is the section and the name of the entry it stands in, if it has one."""

    path: Path
    said: Said
    line: int | None = None
    key: str = ""
    entry: tuple[str, str] | None = None

    def in_(self, language: str, *, short: bool = False) -> str:
        """`file:line: key (rule 'name'): what is wrong and what to write instead`.

        `short` names the file without its folders, for readers who are not at the machine.
        """
        place = self.path.name if short else str(self.path)
        if self.line is not None:
            place = f"{place}:{self.line}"
        key = self.key
        if self.entry is not None:
            kind = words.say(f"fault.entry.{self.entry[0]}", language)
            key = f"{key} ({kind} {self.entry[1]!r})".strip()
        return ": ".join(filter(None, (place, key, self.said.in_(language))))


class FileFault(ConfigError):
    """A file is wrong, in one place or in several; as text, English."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(each.in_("en") for each in faults))

    def in_(self, language: str, *, short: bool = False) -> str:
        """All faults in a reader's language, one a line."""
        return "\n".join(each.in_(language, short=short) for each in self.faults)

    def in_both(self) -> str:
        """All faults in English and Thai, one a line."""
        lines = []
        for each in self.faults:
            thai = each.said.in_("th")
            lines.append(each.in_("en") + (f" · {thai}" if thai != each.said.in_("en") else ""))
        return "\n".join(lines)

    def moved(self, before: Path, after: Path) -> FileFault:
        """The same said of `after`, for a file that was read under another name."""
        return FileFault(
            *(replace(each, path=after) if each.path == before else each for each in self.faults)
        )


def lines_of(error: ConfigError, language: str, *, short: bool = False) -> tuple[str, ...]:
    """The faults as lines in a reader's language."""
    if isinstance(error, FileFault):
        return tuple(error.in_(language, short=short).splitlines())
    return tuple(error.in_(language).splitlines())


def joined(errors: Iterable[ConfigError]) -> ConfigError:
    """The faults of several files as one."""
    found = list(errors)
    if all(isinstance(each, FileFault) for each in found):
        return FileFault(
            *(each for one in found if isinstance(one, FileFault) for each in one.faults)
        )
    return ConfigError("\n".join(str(each) for each in found))


def hint(word: str, choice: Iterable[str], names: Mapping[str, str] | None = None) -> Said | str:
    """What was meant perhaps, else what there is to choose from.

    `names` gives what people call a choice, which may be what they wrote.
    """
    shown = [*choice]
    if (meant := meant_by(word, shown, names)) != "":
        return meant
    if not shown:
        return ""
    listed = ", ".join(_with_name(each, names) for each in shown[:MOST_CHOICES])
    if len(shown) > MOST_CHOICES:
        return said("one_of_many", words=listed, count=len(shown))
    return said("one_of", words=listed)


def meant_by(
    word: str, choice: Iterable[str], names: Mapping[str, str] | None = None
) -> Said | str:
    """`did you mean …?` with the most similar of `choice`, or nothing."""
    forms: dict[str, str] = {}
    for each in choice:
        forms.setdefault(each.casefold(), each)
        for name in (names or {}).get(each, "").split(" / "):
            forms.setdefault(name.casefold(), each)
    wanted = word.casefold().strip()
    close = get_close_matches(wanted, forms, n=3, cutoff=0.7)
    if not close and len(wanted) > 2:
        close = [form for form in forms if wanted in form][:3]
    found = dict.fromkeys(forms[each] for each in close)
    if not found:
        return ""
    return said("near", words=", ".join(_with_name(each, names) for each in found))


def _with_name(choice: str, names: Mapping[str, str] | None) -> str:
    name = (names or {}).get(choice, "")
    return f"{choice} ({name})" if name else choice
