"""The one way from a worded block to text and HTML: Jinja2 with escaping on, styles put inline."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from alerts import clean

if TYPE_CHECKING:
    import css_inline
    import jinja2
    from markupsafe import Markup

_BLANK_LINES = re.compile(r"\n{3,}")
_STYLED = re.compile(r'(<[a-z][^<>]* style=")([^"<>]*)(")')
_STYLE_GAPS = re.compile(r"([:;,]) +")
_INDENT = re.compile(r"\n\s+")
# A line must not begin with what belongs to the word or number before it.
_NUMBER = re.compile(r"#\d{4}-\d{4,}(?![^<>]*>)")  # of an incident, not in a tag
_UNBROKEN = re.compile(r" (?=น\.|ๆ|UTC|กม\.|ราย|km )")


def html(template: str, **values: object) -> str:
    """An HTML mail, its styles in the elements: many mail programs read no style sheet.

    The rules for dark mode stay in a `<style>` element, since they cannot stand inline.
    """
    written = clean.body(_environment().get_template(template).render(values))
    inlined = _inliner().inline(_UNBROKEN.sub("\u00a0", _INDENT.sub("\n", written)))
    return _STYLED.sub(_shorter, inlined).replace("&nbsp;", "\u00a0")


def _shorter(tag: re.Match[str]) -> str:
    """The same style without blanks: a mail says it some hundred times."""
    return tag[1] + _STYLE_GAPS.sub(r"\1", tag[2]).rstrip(";") + tag[3]


def text(template: str, **values: object) -> str:
    """A plain-text mail; nothing is escaped, since nothing in it is markup."""
    written = clean.body(_environment().get_template(template).render(values))
    lines = "\n".join(line.rstrip() for line in written.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip() + "\n"


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # 40 ms that `monitor --help` need not pay

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("alerts"),
        autoescape=jinja2.select_autoescape(("html",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["isolated"] = clean.isolated
    environment.filters["numbered"] = _numbered
    return environment


def _numbered(text: str) -> Markup:
    """The text as HTML in which no incident's number is broken at its hyphen."""
    from markupsafe import Markup, escape

    return Markup(  # noqa: S704 - escaped in the same breath
        _NUMBER.sub(r'<span class="id">\g<0></span>', str(escape(text)))
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    import css_inline

    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
