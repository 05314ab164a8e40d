"""Makes `places_data/countries.tsv` from the country names in CLDR, by way of Babel.

Run by hand: `python -m classifiers.tools.build_countries`. Of two countries with one name the
first in the file keeps it, so the order of languages and codes matters.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from classifiers.language import LANGUAGES
from classifiers.text import fold

FILE = Path(__file__).parents[1] / "places_data" / "countries.tsv"
_HEAD = (
    "# ISO code, tab, the country's names in one language with | between. Made by a tool: README.md"
)
_BRACKET = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AQ", "IO", "UM"})
# Names that are ordinary words in a headline.
_SKIP = frozenset({"reunion", "jersey", "mo", "le", "yu"})


def main() -> None:
    """Write the file beside the others; says how many lines it holds."""
    lines = [
        f"{code}\t{'|'.join(name for _, name in group)}"
        for code, group in groupby(_names(), key=lambda pair: pair[0])
    ]
    FILE.write_text("\n".join([_HEAD, *lines]) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} lines in {FILE.name}\n")


def _names() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for language in LANGUAGES:
        for code, full in Locale.parse(language).territories.items():
            if len(code) != 2 or not code.isalpha() or code in _NOT_COUNTRIES:
                continue
            variants = [full]
            if "(" in full or "（" in full:
                variants = [_BRACKET.sub(" ", full).strip(), *_BRACKET.findall(full)]
            for raw in variants:
                name = unicodedata.normalize("NFC", raw).replace("\u2019", "'")
                if len(name) >= (4 if name.isascii() else 2) and fold(name) not in _SKIP:
                    yield code, name


if __name__ == "__main__":
    main()
