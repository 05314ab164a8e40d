"""An alert context to the message: subject, both bodies, and the headers that filters read."""

from __future__ import annotations

import base64
import hashlib
import re

from alerts import clean, missions, phrases, templating, words
from alerts.block import Room, alert_block, incident_url
from alerts.context import AlertContext
from alerts.message import SUBJECT_LIMIT, Enclosure, Message
from storage.records import Level

HTML_LIMIT = 25_000  # bytes after encoding: Gmail on phones cuts long mails early
# How far the lists are cut, until the mail is small enough.
_ROOMS = (Room(), Room(3), Room(2, 3), Room(1, 2), Room(0, 1))


def subject(context: AlertContext) -> str:
    """`[FLASH] Myanmar – M7.7 earthquake near Sagaing (Natural) #2025-0412`, in Thai for Thai.

    While the level stays, the subject of the thread stays, whatever became of the title; but a
    number in it that has been corrected since is not repeated.
    """
    if context.thread_subject and not context.exercise and not _is_corrected(context):
        return clean.header(context.thread_subject, SUBJECT_LIMIT)
    incident, language = context.incident, context.languages[0]
    marks = []
    if context.kind == "test":
        marks.append(_both_words("message.test"))
    elif context.marked:
        marks.append(_both_words("message.exercise"))
    marks.append(phrases.level_word(incident.level, language))
    chips = [words.category(each, language, short=True) for each in incident.categories]
    tail = f" ({', '.join(chips)})" if chips else ""
    if context.kind != "test":  # a test is about no incident
        tail += f" #{incident.number}"
    front = " ".join(f"[{mark}]" for mark in marks) + " "
    room = SUBJECT_LIMIT - len(front) - len(tail)
    return clean.header(front + clean.shorten(phrases.title(incident, language), room) + tail)


def _is_corrected(context: AlertContext) -> bool:
    """Whether the thread's subject tells a magnitude that has been corrected."""
    held = [each for each in context.changes if each.kind == "corrected" and each.old and each.new]
    if not held or not context.thread_subject:
        return False
    was, now_is = (each.rpartition(" ")[2] for each in (held[0].old or "", held[-1].new or ""))
    return was != now_is and re.search(rf"(?<![\d.]){re.escape(was)}(?![\d.]*\d)",
                                       context.thread_subject) is not None  # fmt: skip


def render_alert(context: AlertContext) -> Message:
    """The whole message. Lists are cut, and the rest counted, until the HTML is small enough."""
    line, pictures = subject(context), _pictures(context)
    for room in _ROOMS:
        message = _rendered(context, line, room, pictures)
        if encoded_size(message.html) <= HTML_LIMIT:
            break
    return message


def encoded_size(html: str) -> int:
    """How many bytes the HTML takes in the mail, in base64 with its line ends."""
    return len(base64.encodebytes(html.encode("utf-8", "replace")))


def _pictures(context: AlertContext) -> tuple[Enclosure, ...]:
    """The map, if there is something to show; its name is that of its content."""
    png = missions.incident_map(context.incident, context.policy) if context.with_map else None
    if png is None:
        return ()
    return (Enclosure(f"map.{hashlib.sha256(png).hexdigest()[:16]}@monitor", png),)


def _rendered(
    context: AlertContext, line: str, room: Room, pictures: tuple[Enclosure, ...]
) -> Message:
    shown = pictures[0].cid if pictures else ""
    blocks = tuple(
        alert_block(
            context,
            language,
            room=room,
            first=place == 0,
            map_cid=shown if place == 0 else "",
        )
        for place, language in enumerate(context.languages)
    )
    return Message(
        subject=line,
        text=templating.text("alert.txt", blocks=blocks),
        html=templating.html("alert.html", blocks=blocks, subject=line),
        headers=_headers(context),
        list_name=_list_name(context),
        languages=context.languages,
        pictures=pictures,
    )


def _headers(context: AlertContext) -> dict[str, str]:
    incident = context.incident
    headers = {
        "X-Crisis-Kind": context.kind,
        "X-Crisis-Level": incident.level.name,
        "X-Crisis-Category": ", ".join(incident.categories) or "none",
        "X-Crisis-Country": ", ".join(incident.countries) or "unknown",
        "X-Crisis-Incident": "none" if context.kind == "test" else incident.number,
        "X-Crisis-Notice": str(context.number),
        "X-Crisis-Rule": ", ".join(rule.id for rule in context.rules) or "none",
        "X-Crisis-Reason": ", ".join(dict.fromkeys(why.code for why in context.why)) or "none",
        "X-Crisis-Exercise": "yes" if context.marked else "no",
    }
    page = incident_url(context)
    if page:  # never for one click: a forwarded copy could take the desk off the list
        headers["List-Unsubscribe"] = f"<{page}>"
    if incident.level is Level.FLASH and not context.drill:
        headers["Importance"] = "high"
        headers["X-Priority"] = "1"
    return headers


def _list_name(context: AlertContext) -> str:
    first = context.incident.categories[:1]
    return f"{first[0].replace('_', '-')}.alerts" if first else "alerts"


def _both_words(key: str) -> str:
    return "/".join(words.say(key, language) for language in ("en", "th"))
