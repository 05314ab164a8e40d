"""What every page is made of: the question that was asked, the answer, and the frame around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from monitor.desk import templating
from monitor.desk.voice import Moment, Voice

if TYPE_CHECKING:
    from monitor.app import Program
    from monitor.desk.banner import Banner

MENU = (  # path, word of the menu
    ("/", "page.queue"),
    ("/items", "page.items"),
    ("/review", "page.review"),
    ("/advice", "page.advice"),
    ("/feeds", "page.feeds"),
    ("/silences", "page.silences"),
    ("/mails", "page.delivery"),
    ("/digests", "page.digest"),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: the program it is about, whom it answers, the address and what it asks for."""

    program: Program
    voice: Voice
    path: str
    query: Mapping[str, str]
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer before it is framed: `content` is the one value that `template` draws."""

    template: str
    title: str
    content: object
    refresh_s: int | None = None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the main menu."""

    href: str
    word: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the content: menu, language switch, state of the program, time."""

    language: str
    title: str
    menu: tuple[MenuEntry, ...]
    other_href: str
    other_language: str
    made: Moment | None
    banner: Banner | None
    refresh_s: int | None


def written(page: Page, ask: Ask, banner: Banner | None) -> str:
    """The whole page as HTML."""
    voice = ask.voice
    frame = Frame(
        language=voice.language,
        title=page.title,
        menu=tuple(
            MenuEntry(path, voice.say(word), _is_here(ask.path, path)) for path, word in MENU
        ),
        other_href=_in_language(ask, "en" if voice.language == "th" else "th"),
        other_language="en" if voice.language == "th" else "th",
        made=voice.full(voice.now),
        banner=banner,
        refresh_s=page.refresh_s,
    )
    return templating.html(page.template, voice, frame=frame, page=page.content)


def _is_here(path: str, entry: str) -> bool:
    if entry == "/":
        return path == "/" or path.startswith("/incidents")
    return path == entry or path.startswith(entry + "/")


def _in_language(ask: Ask, language: str) -> str:
    kept = {name: value for name, value in ask.query.items() if name != "lang"}
    # The path is ours or was routed to one of our pages; `//host` would lead elsewhere.
    return "/" + quote(ask.path.lstrip("/")) + "?" + urlencode({**kept, "lang": language})
