"""The one way from a page's values to HTML: Jinja2 with escaping on for every template."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from alerts import phrases
from monitor.desk.voice import Voice

if TYPE_CHECKING:
    import jinja2

# A line must not begin with what belongs to the word or number before it.
_UNBROKEN = re.compile(r"(?<=\S) (?=น\.|ๆ)")


def html(template: str, voice: Voice, **values: object) -> str:
    """The template drawn for this reader; `say` in it speaks the reader's language."""
    drawn = (
        _environment()
        .get_template(template)
        .render(**values, say=voice.say, language=voice.language)
    )
    return _UNBROKEN.sub("\u00a0", drawn)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.desk"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = phrases.sentence
    return environment
