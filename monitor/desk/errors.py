"""Pages for what went wrong; drawn without the database, which may be what is broken."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import HTMLResponse

from monitor.desk.page import Ask, Page, written


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, in words, and what the reader can do."""

    what: str
    hint: str


_WORDS = {
    404: ("page.not_found", "page.not_found_hint"),
    403: ("desk.from_elsewhere", "desk.from_elsewhere_hint"),
    405: ("desk.read_only", "desk.read_only_hint"),
    503: ("desk.no_database", "page.error_hint"),
}


def error_page(ask: Ask, status: int) -> HTMLResponse:
    """The page for an HTTP status; unknown ones are told as a fault of ours."""
    what, hint = _WORDS.get(status, ("page.error", "page.error_hint"))
    trouble = Trouble(ask.voice.say(what), ask.voice.say(hint))
    page = Page("error.html", trouble.what, trouble)
    headers = {"Allow": "GET, HEAD"} if status == 405 else None
    return HTMLResponse(written(page, ask, None), status, headers)
